#include "postgres_filter.hpp"

#include "filter_sql_writer.hpp"

#include "corebelt/geo/utf8.hpp"

#include <fmt/format.h>

#include <cmath>
#include <cstdlib>
#include <variant>

namespace corebelt::layers {

namespace {

constexpr double two_to_53 = 9007199254740992.0;

/// A real literal whose text every reader turns into the same double.
std::optional<std::string> real_literal(const Literal& literal) {
    constexpr double smallest = 1e-300;
    constexpr double largest = 1e300;
    double value = 0;
    if (const auto* integer = std::get_if<std::int64_t>(&literal)) {
        value = static_cast<double>(*integer);
        if (std::abs(value) > two_to_53)
            return std::nullopt; // the server would round it
    } else {
        value = std::get<double>(literal);
    }
    if (value != 0 && !(std::abs(value) >= smallest && std::abs(value) <= largest))
        return std::nullopt;
    return fmt::format("'{}'::float8", value);
}

/// An integer column against a number with a fraction: the same as against a whole number beside it.
std::optional<std::string> integer_condition(const std::string& field, Comparison comparison, const Literal& literal) {
    if (const auto* integer = std::get_if<std::int64_t>(&literal))
        return fmt::format("{} {} '{}'::int8", field, symbol_of(comparison), *integer);
    const double value = std::get<double>(literal);
    if (!(std::abs(value) <= two_to_53))
        return std::nullopt;
    const bool whole = value == std::trunc(value);
    if (!whole && (comparison == Comparison::equal || comparison == Comparison::not_equal))
        return std::nullopt;
    const bool from_above = comparison == Comparison::less || comparison == Comparison::at_least;
    const auto beside = static_cast<std::int64_t>(from_above ? std::ceil(value) : std::floor(value));
    return fmt::format("{} {} '{}'::int8", field, symbol_of(comparison), beside);
}

bool sendable(const std::string& text) {
    return geo::is_utf8(text) && text.find('\0') == std::string::npos;
}

/// Rows that come are filtered again, so a part of an AND may be left to that.
class Writer final : public FilterSqlWriter {
public:
    explicit Writer(const PostgresTable& table) : FilterSqlWriter(Unsaid::left_out), table_(table) {}

private:
    [[nodiscard]] std::optional<PostgresKind> kind_of(const std::string& field) const {
        const auto found = table_.columns.find(field);
        return found == table_.columns.end() ? std::nullopt : std::optional(found->second);
    }

    [[nodiscard]] std::optional<std::string> field(const std::string& name) const override {
        return kind_of(name) ? std::optional(postgres_name(name)) : std::nullopt;
    }

    [[nodiscard]] std::optional<std::string> like(const Filter::Node& node, bool negative) const override {
        const auto kind = kind_of(node.field);
        const auto& pattern = std::get<std::string>(node.literals.front());
        const bool is_text = kind == PostgresKind::text || kind == PostgresKind::collated_text;
        if (!is_text || node.type != FieldType::text || !sendable(pattern))
            return std::nullopt;
        return fmt::format("{} COLLATE \"C\" {}LIKE {} ESCAPE {}", postgres_name(node.field), negative ? "NOT " : "",
                           postgres_literal(pattern), postgres_literal("\\"));
    }

    [[nodiscard]] std::optional<std::string> one(const Filter::Node& node, Comparison comparison,
                                                 const Literal& literal) const override {
        const auto kind = kind_of(node.field);
        if (!kind)
            return std::nullopt;
        const std::string name = postgres_name(node.field);
        const FieldType expected =
            *kind == PostgresKind::integer || *kind == PostgresKind::boolean
                ? FieldType::integer
                : (*kind == PostgresKind::text || *kind == PostgresKind::collated_text ? FieldType::text
                                                                                       : FieldType::real);
        if (node.type != expected)
            return std::nullopt;
        switch (*kind) {
        case PostgresKind::integer:
            return integer_condition(name, comparison, literal);
        case PostgresKind::boolean:
            return integer_condition(name + "::int4", comparison, literal);
        case PostgresKind::real:
            return real_condition(name, comparison, literal);
        case PostgresKind::decimal:
            return real_condition(name + "::float8", comparison, literal);
        case PostgresKind::text:
        case PostgresKind::collated_text:
            break;
        }
        const auto& text = std::get<std::string>(literal);
        if (!sendable(text))
            return std::nullopt;
        const bool equality = comparison == Comparison::equal || comparison == Comparison::not_equal;
        const bool as_it_is = equality && *kind == PostgresKind::text; // an index of the column can serve
        return fmt::format("{}{} {} {}", name, as_it_is ? "" : " COLLATE \"C\"", symbol_of(comparison),
                           postgres_literal(text));
    }

    static std::optional<std::string> real_condition(const std::string& field, Comparison comparison,
                                                     const Literal& literal) {
        const auto value = real_literal(literal);
        return value ? std::optional(fmt::format("{} {} {}", field, symbol_of(comparison), *value)) : std::nullopt;
    }

    const PostgresTable& table_;
};

} // namespace

std::optional<std::string> postgres_condition(const Filter::Node& node, const PostgresTable& table) {
    return Writer(table).write(node);
}

} // namespace corebelt::layers
