#include "corebelt/styles/style.hpp"

#include "corebelt/geo/error.hpp"
#include "corebelt/geo/expects.hpp"

#include <algorithm>

namespace corebelt::styles {

namespace {

const KnownProperty& known(StyleLayerType type, std::string_view name) {
    const auto table = known_properties();
    const auto found = std::find_if(table.begin(), table.end(),
                                    [&](const KnownProperty& p) { return p.type == type && p.name == name; });
    COREBELT_EXPECTS(found != table.end());
    return *found;
}

StyleValue value_of(const StyleLayer& layer, std::string_view property, const StyleContext& context) {
    const auto found = layer.properties.find(std::string(property));
    if (found == layer.properties.end())
        return known(layer.type, property).fallback;
    return found->second.evaluate(context);
}

[[noreturn]] void wrong_kind(const StyleLayer& layer, std::string_view property, const char* wanted_en,
                             const char* wanted_zh) {
    const std::string p(property);
    throw Error(ErrorKind::usage, "style-value",
                {"style layer " + layer.id + ": " + p + " does not evaluate to " + wanted_en,
                 "样式图层 " + layer.id + "：" + p + " 的取值不是" + wanted_zh});
}

template <class T>
T typed(const StyleLayer& layer, std::string_view property, const StyleContext& context, const char* wanted_en,
        const char* wanted_zh) {
    StyleValue value = value_of(layer, property, context);
    if (auto* held = std::get_if<T>(&value))
        return std::move(*held);
    wrong_kind(layer, property, wanted_en, wanted_zh);
}

} // namespace

bool StyleLayer::shown_at(double zoom) const {
    return min_zoom <= zoom && zoom < max_zoom;
}

bool StyleLayer::has(std::string_view property) const {
    return properties.contains(std::string(property));
}

double StyleLayer::number(std::string_view property, const StyleContext& context) const {
    return typed<double>(*this, property, context, "a number", "数值");
}

Colour StyleLayer::colour(std::string_view property, const StyleContext& context) const {
    StyleValue value = value_of(*this, property, context);
    if (const auto* colour = std::get_if<Colour>(&value))
        return *colour;
    if (const auto* text = std::get_if<std::string>(&value)) // a field may hold a colour
        if (const auto parsed = parse_colour(*text))
            return *parsed;
    wrong_kind(*this, property, "a colour", "颜色");
}

std::string StyleLayer::text(std::string_view property, const StyleContext& context) const {
    StyleValue value = value_of(*this, property, context);
    if (auto* text = std::get_if<std::string>(&value))
        return std::move(*text);
    if (const auto* number = std::get_if<double>(&value))
        return layers::to_string(layers::Value{*number});
    if (std::holds_alternative<std::monostate>(value))
        return {};
    wrong_kind(*this, property, "a text", "文本");
}

std::vector<double> StyleLayer::numbers(std::string_view property, const StyleContext& context) const {
    return typed<std::vector<double>>(*this, property, context, "a list of numbers", "数值列表");
}

std::span<const KnownProperty> known_properties() {
    using enum StyleLayerType;
    using enum PropertyKind;
    const std::vector<double> no_dash;
    constexpr Colour black{0, 0, 0};
    static const std::vector<KnownProperty> table = {
        {"background-color", background, true, colour, black, {}},
        {"background-opacity", background, true, number, 1.0, {}},
        {"fill-color", fill, true, colour, black, {}},
        {"fill-opacity", fill, true, number, 1.0, {}},
        {"fill-outline-color", fill, true, colour, black, {}},
        {"fill-pattern", fill, true, text, std::string(), {}},
        {"line-color", line, true, colour, black, {}},
        {"line-opacity", line, true, number, 1.0, {}},
        {"line-width", line, true, number, 1.0, {}},
        {"line-dasharray", line, true, numbers, no_dash, {}},
        {"line-cap", line, false, choice, std::string("butt"), {"butt", "round", "square"}},
        {"line-join", line, false, choice, std::string("miter"), {"bevel", "round", "miter"}},
        {"circle-color", circle, true, colour, black, {}},
        {"circle-radius", circle, true, number, 5.0, {}},
        {"circle-opacity", circle, true, number, 1.0, {}},
        {"circle-stroke-color", circle, true, colour, black, {}},
        {"circle-stroke-width", circle, true, number, 0.0, {}},
        {"text-field", symbol, false, text, std::string(), {}},
        {"text-size", symbol, false, number, 16.0, {}},
        {"text-font",
         symbol,
         false,
         choice,
         std::string("Noto Sans CJK SC Regular"),
         {"Noto Sans CJK SC Regular", "Noto Sans CJK SC Bold"}},
        {"text-color", symbol, true, colour, black, {}},
        {"text-halo-color", symbol, true, colour, Colour{0, 0, 0, 0}, {}},
        {"text-halo-width", symbol, true, number, 0.0, {}},
    };
    return table;
}

} // namespace corebelt::styles
