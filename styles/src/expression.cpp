#include "corebelt/styles/expression.hpp"

#include <algorithm>
#include <cmath>

namespace corebelt::styles {

namespace {

using Node = Expression::Node;
using Op = Expression::Op;

StyleValue from_attribute(const layers::Value& value) {
    if (const auto* integer = std::get_if<std::int64_t>(&value))
        return static_cast<double>(*integer);
    if (const auto* real = std::get_if<double>(&value))
        return *real;
    if (const auto* text = std::get_if<std::string>(&value))
        return *text;
    if (const auto* date = std::get_if<layers::IsoDate>(&value))
        return date->text;
    return std::monostate{};
}

StyleValue attribute(const StyleContext& context, const std::string& field) {
    if (context.features == nullptr || context.row >= context.features->size())
        return std::monostate{};
    const layers::Column* column = context.features->find(field);
    return column != nullptr ? from_attribute(column->value(context.row)) : StyleValue{};
}

std::string text_of(const StyleValue& value) {
    if (const auto* boolean = std::get_if<bool>(&value))
        return *boolean ? "true" : "false";
    if (const auto* number = std::get_if<double>(&value))
        return layers::to_string(layers::Value{*number});
    if (const auto* text = std::get_if<std::string>(&value))
        return *text;
    if (const auto* colour = std::get_if<Colour>(&value))
        return to_string(*colour);
    return {};
}

bool truth(const StyleValue& value) {
    const auto* boolean = std::get_if<bool>(&value);
    return boolean != nullptr && *boolean;
}

/// Below zero, zero, above zero; none where the two cannot be compared.
std::optional<int> compare(const StyleValue& a, const StyleValue& b) {
    if (const auto* x = std::get_if<double>(&a), *y = std::get_if<double>(&b); x != nullptr && y != nullptr)
        return *x < *y ? -1 : static_cast<int>(*x > *y);
    if (const auto* s = std::get_if<std::string>(&a), *t = std::get_if<std::string>(&b); s != nullptr && t != nullptr)
        return s->compare(*t);
    return std::nullopt;
}

StyleValue mixed(const StyleValue& low, const StyleValue& high, double share) {
    if (const auto* a = std::get_if<double>(&low), *b = std::get_if<double>(&high); a != nullptr && b != nullptr)
        return *a + (*b - *a) * share;
    if (const auto* a = std::get_if<Colour>(&low), *b = std::get_if<Colour>(&high); a != nullptr && b != nullptr) {
        const auto channel = [&](std::uint8_t x, std::uint8_t y) {
            return static_cast<std::uint8_t>(std::lround(x + (y - x) * share));
        };
        return Colour{channel(a->r, b->r), channel(a->g, b->g), channel(a->b, b->b), channel(a->a, b->a)};
    }
    return low;
}

StyleValue evaluated(const Node& node, const StyleContext& context);

StyleValue matched(const Node& node, const StyleContext& context) {
    const StyleValue input = evaluated(node.arguments.front(), context);
    std::size_t output = node.arguments.size() - 1;
    if (const auto* text = std::get_if<std::string>(&input)) {
        if (const auto found = node.text_labels.find(*text); found != node.text_labels.end())
            output = found->second;
    } else if (const auto* number = std::get_if<double>(&input)) {
        if (const auto found = node.number_labels.find(*number); found != node.number_labels.end())
            output = found->second;
    }
    return evaluated(node.arguments[output], context);
}

StyleValue over_zoom(const Node& node, const StyleContext& context) {
    const auto above = std::upper_bound(node.stops.begin(), node.stops.end(), context.zoom);
    const auto passed = static_cast<std::size_t>(above - node.stops.begin());
    if (node.op == Op::step) // arguments: value below the first stop, value from each stop on
        return evaluated(node.arguments[passed], context);
    if (passed == 0)
        return evaluated(node.arguments.front(), context);
    if (passed == node.stops.size())
        return evaluated(node.arguments.back(), context);
    const double low = node.stops[passed - 1], high = node.stops[passed];
    return mixed(evaluated(node.arguments[passed - 1], context), evaluated(node.arguments[passed], context),
                 (context.zoom - low) / (high - low));
}

StyleValue evaluated(const Node& node, const StyleContext& context) {
    const auto argument = [&](std::size_t i) { return evaluated(node.arguments[i], context); };
    const auto holds = [&](const Node& n) { return truth(evaluated(n, context)); };
    const auto order = [&](auto test) {
        const auto result = compare(argument(0), argument(1));
        return result && test(*result);
    };
    switch (node.op) {
    case Op::literal:
        return node.literal;
    case Op::get:
        return attribute(context, node.field);
    case Op::has:
        return !std::holds_alternative<std::monostate>(attribute(context, node.field));
    case Op::match:
        return matched(node, context);
    case Op::case_:
        for (std::size_t i = 0; i + 1 < node.arguments.size(); i += 2)
            if (holds(node.arguments[i]))
                return argument(i + 1);
        return evaluated(node.arguments.back(), context);
    case Op::equal:
        return argument(0) == argument(1);
    case Op::not_equal:
        return argument(0) != argument(1);
    case Op::less:
        return order([](int c) { return c < 0; });
    case Op::less_equal:
        return order([](int c) { return c <= 0; });
    case Op::greater:
        return order([](int c) { return c > 0; });
    case Op::greater_equal:
        return order([](int c) { return c >= 0; });
    case Op::not_:
        return !truth(argument(0));
    case Op::all:
        return std::all_of(node.arguments.begin(), node.arguments.end(), holds);
    case Op::any:
        return std::any_of(node.arguments.begin(), node.arguments.end(), holds);
    case Op::coalesce:
        for (const Node& n : node.arguments)
            if (StyleValue value = evaluated(n, context); !std::holds_alternative<std::monostate>(value))
                return value;
        return std::monostate{};
    case Op::to_string:
        return text_of(argument(0));
    case Op::concat: {
        std::string text;
        for (const Node& n : node.arguments)
            text += text_of(evaluated(n, context));
        return text;
    }
    case Op::zoom:
        return context.zoom;
    case Op::interpolate:
    case Op::step:
        return over_zoom(node, context);
    }
    return std::monostate{};
}

bool reads(const Node& node) {
    return node.op == Op::get || node.op == Op::has || std::any_of(node.arguments.begin(), node.arguments.end(), reads);
}

} // namespace

Expression::Expression(StyleValue value) {
    Node node;
    node.literal = std::move(value);
    root_ = std::make_shared<const Node>(std::move(node));
}

StyleValue Expression::evaluate(const StyleContext& context) const {
    return evaluated(*root_, context);
}

bool Expression::reads_feature() const {
    return reads(*root_);
}

const std::map<std::string, Expression::Op, std::less<>>& operators() {
    static const std::map<std::string, Op, std::less<>> table = {{"literal", Op::literal},
                                                                 {"get", Op::get},
                                                                 {"has", Op::has},
                                                                 {"match", Op::match},
                                                                 {"case", Op::case_},
                                                                 {"==", Op::equal},
                                                                 {"!=", Op::not_equal},
                                                                 {"<", Op::less},
                                                                 {"<=", Op::less_equal},
                                                                 {">", Op::greater},
                                                                 {">=", Op::greater_equal},
                                                                 {"!", Op::not_},
                                                                 {"all", Op::all},
                                                                 {"any", Op::any},
                                                                 {"coalesce", Op::coalesce},
                                                                 {"to-string", Op::to_string},
                                                                 {"concat", Op::concat},
                                                                 {"zoom", Op::zoom},
                                                                 {"interpolate", Op::interpolate},
                                                                 {"step", Op::step}};
    return table;
}

} // namespace corebelt::styles
