#include "corebelt/layers/filter.hpp"

#include "filter_node.hpp"
#include "number_order.hpp"

#include "corebelt/geo/expects.hpp"

#include <algorithm>
#include <compare>
#include <cstddef>
#include <string_view>

namespace corebelt::layers {

Comparison mirrored(Comparison comparison) {
    switch (comparison) {
    case Comparison::less:
        return Comparison::greater;
    case Comparison::at_most:
        return Comparison::at_least;
    case Comparison::greater:
        return Comparison::less;
    case Comparison::at_least:
        return Comparison::at_most;
    case Comparison::equal:
    case Comparison::not_equal:
        break;
    }
    return comparison;
}

Comparison negated(Comparison comparison) {
    switch (comparison) {
    case Comparison::equal:
        return Comparison::not_equal;
    case Comparison::not_equal:
        return Comparison::equal;
    case Comparison::less:
        return Comparison::at_least;
    case Comparison::at_most:
        return Comparison::greater;
    case Comparison::greater:
        return Comparison::at_most;
    case Comparison::at_least:
        break;
    }
    return Comparison::less;
}

const char* symbol_of(Comparison comparison) {
    switch (comparison) {
    case Comparison::equal:
        return "=";
    case Comparison::not_equal:
        return "<>";
    case Comparison::less:
        return "<";
    case Comparison::at_most:
        return "<=";
    case Comparison::greater:
        return ">";
    case Comparison::at_least:
        break;
    }
    return ">=";
}

namespace {

/// Ordered so that AND is the minimum, OR the maximum and NOT two minus it.
using Truth = std::uint8_t;
constexpr Truth is_false = 0;
constexpr Truth is_unknown = 1;
constexpr Truth is_true = 2;

Truth known(bool value) {
    return value ? is_true : is_false;
}

Truth truth_of(Comparison comparison, std::partial_ordering order) {
    if (order == std::partial_ordering::unordered)
        return is_unknown;
    switch (comparison) {
    case Comparison::equal:
        return known(std::is_eq(order));
    case Comparison::not_equal:
        return known(std::is_neq(order));
    case Comparison::less:
        return known(std::is_lt(order));
    case Comparison::at_most:
        return known(std::is_lteq(order));
    case Comparison::greater:
        return known(std::is_gt(order));
    case Comparison::at_least:
        break;
    }
    return known(std::is_gteq(order));
}

std::partial_ordering compare(double a, double b) {
    return a <=> b;
}
std::partial_ordering compare(std::int64_t a, std::int64_t b) {
    return a <=> b;
}
std::partial_ordering compare(std::int64_t a, double b) {
    return number_order(a, b);
}
std::partial_ordering compare(double a, std::int64_t b) {
    const std::partial_ordering order = number_order(b, a);
    if (std::is_lt(order))
        return std::partial_ordering::greater;
    return std::is_gt(order) ? std::partial_ordering::less : order;
}
std::partial_ordering compare(std::string_view a, std::string_view b) {
    return a <=> b;
}

/// Length of the character that begins here.
std::size_t character_at(std::string_view text, std::size_t i) {
    std::size_t length = 1;
    while (i + length < text.size() && (static_cast<unsigned char>(text[i + length]) & 0xC0U) == 0x80U)
        ++length;
    return length;
}

/// % any run, _ one character, \ before a literal %, _ or \. Time is at most length × length.
bool matches(std::string_view text, std::string_view pattern) {
    std::size_t t = 0;
    std::size_t p = 0;
    std::size_t retry_pattern = std::string_view::npos; // after the last %
    std::size_t retry_text = 0;
    while (t < text.size()) {
        const bool escaped = p + 1 < pattern.size() && pattern[p] == '\\';
        if (p < pattern.size() && pattern[p] == '%') {
            retry_pattern = ++p;
            retry_text = t;
        } else if (p < pattern.size() && !escaped && pattern[p] == '_') {
            t += character_at(text, t);
            ++p;
        } else if (p < pattern.size() && text[t] == pattern[escaped ? p + 1 : p]) {
            ++t;
            p += escaped ? 2 : 1;
        } else if (retry_pattern != std::string_view::npos) {
            p = retry_pattern;
            retry_text += character_at(text, retry_text);
            t = retry_text;
        } else {
            return false;
        }
    }
    while (p < pattern.size() && pattern[p] == '%')
        ++p;
    return p == pattern.size();
}

const Column& column_of(const Batch& batch, const std::string& field, FieldType type) {
    const Column* column = batch.find(field);
    COREBELT_EXPECTS(column != nullptr && column->field.type == type);
    return *column;
}

/// A text or date column: each dictionary entry that a row uses is asked once.
template <typename Ask>
void ask_dictionary(const Column& column, std::vector<Truth>& out, Ask ask) {
    constexpr Truth not_asked = 3;
    std::vector<Truth> answers(column.dictionary.size(), not_asked);
    for (std::size_t row = 0; row < out.size(); ++row) {
        if (column.valid[row] == 0) {
            out[row] = is_unknown;
            continue;
        }
        Truth& answer = answers[column.code[row]];
        if (answer == not_asked)
            answer = ask(column.dictionary[column.code[row]]);
        out[row] = answer;
    }
}

template <typename T, typename Ask>
void ask_rows(const std::vector<T>& values, const Column& column, std::vector<Truth>& out, Ask ask) {
    for (std::size_t row = 0; row < out.size(); ++row)
        out[row] = column.valid[row] == 0 ? is_unknown : ask(values[row]);
}

/// Calls `ask` with the values of any kind of column.
template <typename Ask>
void ask_column(const Column& column, std::vector<Truth>& out, Ask ask) {
    if (column.field.type == FieldType::integer)
        ask_rows(column.integers, column, out, ask);
    else if (column.field.type == FieldType::real)
        ask_rows(column.reals, column, out, ask);
    else
        ask_dictionary(column, out, ask);
}

/// Literal against a value of the same kind; parse() let no other pair through.
template <typename T>
std::partial_ordering compare_with(const T& value, const Literal& literal) {
    if constexpr (std::is_same_v<T, std::string>) {
        return compare(std::string_view(value), std::string_view(std::get<std::string>(literal)));
    } else {
        if (const auto* integer = std::get_if<std::int64_t>(&literal))
            return compare(value, *integer);
        return compare(value, std::get<double>(literal));
    }
}

void evaluate_compare(const Filter::Node& node, const Batch& batch, std::vector<Truth>& out) {
    const Literal& literal = node.literals.front();
    ask_column(column_of(batch, node.field, node.type), out,
               [&](const auto& value) { return truth_of(node.comparison, compare_with(value, literal)); });
}

void evaluate_in(const Filter::Node& node, const Batch& batch, std::vector<Truth>& out) {
    ask_column(column_of(batch, node.field, node.type), out, [&](const auto& value) {
        Truth any = is_false;
        for (const Literal& literal : node.literals)
            any = std::max(any, truth_of(Comparison::equal, compare_with(value, literal)));
        return any;
    });
}

void evaluate_like(const Filter::Node& node, const Batch& batch, std::vector<Truth>& out) {
    const auto& pattern = std::get<std::string>(node.literals.front());
    ask_dictionary(column_of(batch, node.field, node.type), out,
                   [&](const std::string& value) { return known(matches(value, pattern)); });
}

void evaluate_is_null(const Filter::Node& node, const Batch& batch, std::vector<Truth>& out) {
    const Column& column = column_of(batch, node.field, node.type);
    for (std::size_t row = 0; row < out.size(); ++row)
        out[row] = known(column.valid[row] == 0);
}

void evaluate_fields(const Filter::Node& node, const Batch& batch, std::vector<Truth>& out) {
    const Column* const left = batch.find(node.field);
    const Column* const right = batch.find(node.other_field);
    COREBELT_EXPECTS(left != nullptr && right != nullptr);
    const auto order_of = [](const Value& a, const Value& b) {
        return std::visit(
            [](const auto& x, const auto& y) -> std::partial_ordering {
                using X = std::decay_t<decltype(x)>;
                using Y = std::decay_t<decltype(y)>;
                if constexpr (std::is_arithmetic_v<X> && std::is_arithmetic_v<Y>)
                    return compare(x, y);
                else if constexpr (std::is_same_v<X, std::string> && std::is_same_v<Y, std::string>)
                    return compare(std::string_view(x), std::string_view(y));
                else if constexpr (std::is_same_v<X, IsoDate> && std::is_same_v<Y, IsoDate>)
                    return compare(std::string_view(x.text), std::string_view(y.text));
                else
                    return std::partial_ordering::unordered;
            },
            a, b);
    };
    for (std::size_t row = 0; row < out.size(); ++row)
        out[row] = truth_of(node.comparison, order_of(left->value(row), right->value(row)));
}

void evaluate(const Filter::Node& node, const Batch& batch, std::vector<Truth>& out);

void evaluate_joined(const Filter::Node& node, const Batch& batch, std::vector<Truth>& out) {
    const bool conjunction = node.kind == Filter::Node::Kind::and_;
    evaluate(*node.children.front(), batch, out);
    std::vector<Truth> next(out.size());
    for (std::size_t i = 1; i < node.children.size(); ++i) {
        evaluate(*node.children[i], batch, next);
        for (std::size_t row = 0; row < out.size(); ++row)
            out[row] = conjunction ? std::min(out[row], next[row]) : std::max(out[row], next[row]);
    }
}

void evaluate(const Filter::Node& node, const Batch& batch, std::vector<Truth>& out) {
    using Kind = Filter::Node::Kind;
    switch (node.kind) {
    case Kind::and_:
    case Kind::or_:
        return evaluate_joined(node, batch, out);
    case Kind::not_:
        evaluate(*node.children.front(), batch, out);
        for (Truth& truth : out)
            truth = static_cast<Truth>(is_true - truth);
        return;
    case Kind::compare:
        return evaluate_compare(node, batch, out);
    case Kind::compare_fields:
        return evaluate_fields(node, batch, out);
    case Kind::in_list:
        return evaluate_in(node, batch, out);
    case Kind::like:
        return evaluate_like(node, batch, out);
    case Kind::is_null:
        return evaluate_is_null(node, batch, out);
    }
}

} // namespace

void Filter::select(const Batch& batch, std::vector<std::uint8_t>& pass) const {
    pass.resize(batch.size());
    evaluate(*root_, batch, pass);
    for (std::uint8_t& truth : pass)
        truth = truth == is_true ? 1 : 0;
}

} // namespace corebelt::layers
