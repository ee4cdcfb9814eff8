/// Reading style documents. This file and default_style.cpp are the ones that know the JSON library.

#include "corebelt/geo/error.hpp"
#include "corebelt/styles/style.hpp"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <set>

namespace corebelt::styles {

namespace {

using Json = nlohmann::json;
using Node = Expression::Node;
using Op = Expression::Op;

/// Where in the document one stands: "landuse.json: layers[3] (parcels-fill): paint.fill-color".
struct Place {
    std::string text;

    [[nodiscard]] Place at(const std::string& key) const { return {text + (text.ends_with(": ") ? "" : ".") + key}; }
    [[nodiscard]] Place at(std::size_t index) const { return {text + "[" + std::to_string(index) + "]"}; }
};

[[noreturn]] void fail(const char* code, const Place& place, const std::string& en, const std::string& zh) {
    throw Error(ErrorKind::usage, code, {"style " + place.text + ": " + en, "样式文档 " + place.text + "：" + zh});
}

[[noreturn]] void wrong_structure(const Place& place, const std::string& wanted_en, const std::string& wanted_zh) {
    fail("bad-style", place, wanted_en + " is needed here", "此处应为" + wanted_zh);
}

[[noreturn]] void wrong_value(const Place& place, const Json& found, const std::string& wanted_en,
                              const std::string& wanted_zh) {
    fail("style-value", place, found.dump() + " is not " + wanted_en, found.dump() + " 不是" + wanted_zh);
}

std::string joined(const std::vector<std::string>& words) {
    std::string out;
    for (const std::string& word : words)
        out += (out.empty() ? "" : ", ") + word;
    return out;
}

// --- expressions ---------------------------------------------------------------------------------------------------

StyleValue plain_value(const Json& json, PropertyKind wanted, const Place& place) {
    if (json.is_boolean())
        return json.get<bool>();
    if (json.is_number())
        return json.get<double>();
    if (json.is_null())
        return std::monostate{};
    if (json.is_string()) {
        auto text = json.get<std::string>();
        if (wanted != PropertyKind::colour)
            return text;
        if (const auto colour = parse_colour(text))
            return *colour;
        wrong_value(place, json, "a colour", "颜色");
    }
    if (json.is_array() && std::all_of(json.begin(), json.end(), [](const Json& j) { return j.is_number(); }))
        return json.get<std::vector<double>>();
    wrong_value(place, json, "a value", "可用的取值");
}

class ExpressionReader {
public:
    explicit ExpressionReader(PropertyKind wanted) : wanted_(wanted) {}

    /// `outer`: the value of the property itself or an output of it, where text that names a colour is a colour.
    [[nodiscard]] Node read(const Json& json, const Place& place, bool outer) const {
        if (!json.is_array())
            return literal(json, place, outer);
        if (json.empty() || !json.front().is_string()) {
            if (wanted_ == PropertyKind::numbers)
                return literal(json, place, outer);
            wrong_structure(place, "an expression [operator, …]", "表达式 [运算符, …]");
        }
        const auto name = json.front().get<std::string>();
        const auto found = operators().find(name);
        if (found == operators().end()) {
            std::vector<std::string> names;
            for (const auto& [word, op] : operators())
                names.push_back(word);
            fail("unknown-style-operator", place,
                 "operator " + name + " is not supported; supported are " + joined(names),
                 "不支持运算符 " + name + "；支持的运算符：" + joined(names));
        }
        Node node;
        node.op = found->second;
        switch (node.op) {
        case Op::literal:
            need(json.size() == 2, place, "[\"literal\", value]");
            return literal(json[1], place.at(1), outer);
        case Op::get:
        case Op::has:
            need(json.size() == 2 && json[1].is_string(), place, "[\"" + name + "\", field]");
            node.field = json[1].get<std::string>();
            return node;
        case Op::zoom:
            need(json.size() == 1, place, "[\"zoom\"]");
            return node;
        case Op::match:
            return read_match(json, place, outer);
        case Op::interpolate:
        case Op::step:
            return read_over_zoom(json, place, outer);
        case Op::case_:
            need(json.size() >= 4 && json.size() % 2 == 0, place, "[\"case\", condition, output, …, fallback]");
            for (std::size_t i = 1; i < json.size(); ++i)
                node.arguments.push_back(read(json[i], place.at(i), outer && (i % 2 == 0 || i + 1 == json.size())));
            return node;
        case Op::equal:
        case Op::not_equal:
        case Op::less:
        case Op::less_equal:
        case Op::greater:
        case Op::greater_equal:
            need(json.size() == 3, place, "[\"" + name + "\", a, b]");
            break;
        case Op::not_:
        case Op::to_string:
            need(json.size() == 2, place, "[\"" + name + "\", value]");
            break;
        case Op::all:
        case Op::any:
        case Op::coalesce:
        case Op::concat:
            need(json.size() >= 2, place, "[\"" + name + "\", value, …]");
            break;
        }
        for (std::size_t i = 1; i < json.size(); ++i)
            node.arguments.push_back(read(json[i], place.at(i), outer && node.op == Op::coalesce));
        return node;
    }

private:
    static void need(bool holds, const Place& place, const std::string& form) {
        if (!holds)
            wrong_structure(place, form, form);
    }
    [[nodiscard]] Node literal(const Json& json, const Place& place, bool outer) const {
        Node node;
        node.literal = plain_value(json, outer ? wanted_ : PropertyKind::text, place);
        return node;
    }
    [[nodiscard]] Node read_match(const Json& json, const Place& place, bool outer) const {
        need(json.size() >= 5 && json.size() % 2 == 1, place, "[\"match\", input, label, output, …, fallback]");
        Node node;
        node.op = Op::match;
        node.arguments.push_back(read(json[1], place.at(1), false));
        const auto add_label = [&](const Json& label, const Place& where) {
            const std::size_t output = node.arguments.size();
            bool fresh = false;
            if (label.is_string())
                fresh = node.text_labels.emplace(label.get<std::string>(), output).second;
            else if (label.is_number())
                fresh = node.number_labels.emplace(label.get<double>(), output).second;
            else
                wrong_value(where, label, "a label (text or number)", "标签（文本或数值）");
            if (!fresh)
                fail("style-value", where, "label " + label.dump() + " stands twice", "标签 " + label.dump() + " 重复");
        };
        for (std::size_t i = 2; i + 1 < json.size(); i += 2) {
            if (json[i].is_array())
                for (const Json& label : json[i])
                    add_label(label, place.at(i));
            else
                add_label(json[i], place.at(i));
            node.arguments.push_back(read(json[i + 1], place.at(i + 1), outer));
        }
        node.arguments.push_back(read(json.back(), place.at(json.size() - 1), outer));
        return node;
    }
    /// ["step", ["zoom"], below, stop, value, …] and ["interpolate", ["linear"], ["zoom"], stop, value, …].
    [[nodiscard]] Node read_over_zoom(const Json& json, const Place& place, bool outer) const {
        const bool step = json.front() == "step";
        const Json zoom = Json::array({"zoom"});
        if (step)
            need(json.size() >= 5 && json.size() % 2 == 1 && json[1] == zoom, place,
                 R"(["step", ["zoom"], value, stop, value, …])");
        else
            need(json.size() >= 5 && json.size() % 2 == 1 && json[1] == Json::array({"linear"}) && json[2] == zoom,
                 place, R"(["interpolate", ["linear"], ["zoom"], stop, value, …])");
        Node node;
        node.op = step ? Op::step : Op::interpolate;
        if (step)
            node.arguments.push_back(read(json[2], place.at(2), outer));
        for (std::size_t i = 3; i < json.size(); i += 2) {
            if (!json[i].is_number())
                wrong_value(place.at(i), json[i], "a zoom", "缩放级别");
            const double stop = json[i].get<double>();
            if (!node.stops.empty() && stop <= node.stops.back())
                fail("style-value", place.at(i), "zoom stops must rise", "缩放级别断点须递增");
            node.stops.push_back(stop);
            node.arguments.push_back(read(json[i + 1], place.at(i + 1), outer));
        }
        return node;
    }

    PropertyKind wanted_;
};

/// A value of the right kind at once, where the expression is a literal.
void check_literal(const KnownProperty& property, const Node& node, const Json& json, const Place& place) {
    if (node.op != Op::literal)
        return;
    const StyleValue& value = node.literal;
    switch (property.kind) {
    case PropertyKind::number:
        if (!std::holds_alternative<double>(value))
            wrong_value(place, json, "a number", "数值");
        return;
    case PropertyKind::colour:
        if (!std::holds_alternative<Colour>(value))
            wrong_value(place, json, "a colour", "颜色");
        return;
    case PropertyKind::numbers:
        if (!std::holds_alternative<std::vector<double>>(value))
            wrong_value(place, json, "a list of numbers", "数值列表");
        return;
    case PropertyKind::text:
        if (!std::holds_alternative<std::string>(value))
            wrong_value(place, json, "a text", "文本");
        return;
    case PropertyKind::choice: {
        const auto* text = std::get_if<std::string>(&value);
        if (text == nullptr ||
            std::find(property.choices.begin(), property.choices.end(), *text) == property.choices.end()) {
            std::vector<std::string> words(property.choices.begin(), property.choices.end());
            wrong_value(place, json, "one of " + joined(words), "下列取值之一：" + joined(words));
        }
        return;
    }
    }
}

// --- layers --------------------------------------------------------------------------------------------------------

const std::map<std::string, StyleLayerType, std::less<>> layer_types = {{"background", StyleLayerType::background},
                                                                        {"fill", StyleLayerType::fill},
                                                                        {"line", StyleLayerType::line},
                                                                        {"circle", StyleLayerType::circle},
                                                                        {"symbol", StyleLayerType::symbol}};

void check_keys(const Json& object, const std::set<std::string>& allowed, const Place& place) {
    for (const auto& [key, value] : object.items())
        if (!allowed.contains(key))
            fail("unknown-style-key", place.at(key), "this key is not supported", "不支持该键");
}

void read_properties(const Json& object, bool paint, StyleLayer& layer, const Place& place) {
    if (!object.is_object())
        wrong_structure(place, "an object", "对象");
    for (const auto& [key, value] : object.items()) {
        if (!paint && key == "visibility") {
            if (value != "visible" && value != "none")
                wrong_value(place.at(key), value, "visible or none", "visible 或 none");
            if (value == "none")
                layer.max_zoom = layer.min_zoom;
            continue;
        }
        const auto table = known_properties();
        const std::string& name = key;
        const auto known = std::find_if(table.begin(), table.end(), [&](const KnownProperty& p) {
            return p.name == name && p.type == layer.type && p.paint == paint;
        });
        if (known == table.end()) {
            std::vector<std::string> names;
            for (const KnownProperty& p : table)
                if (p.type == layer.type && p.paint == paint)
                    names.emplace_back(p.name);
            fail("unknown-style-property", place.at(key),
                 "this property is not supported; supported are " + joined(names),
                 "不支持该属性；支持的属性：" + joined(names));
        }
        // text-font is a list of names in the specification; one is taken here.
        const bool font_list = key == "text-font" && value.is_array() && value.size() == 1 && value.front().is_string();
        const Json& taken = font_list ? value.front() : value;
        const Node node = ExpressionReader(known->kind).read(taken, place.at(key), true);
        check_literal(*known, node, taken, place.at(key));
        layer.properties.emplace(key, Expression(node));
    }
}

double number_at(const Json& object, const char* key, double fallback, const Place& place) {
    if (!object.contains(key))
        return fallback;
    if (!object[key].is_number())
        wrong_value(place.at(key), object[key], "a number", "数值");
    return object[key].get<double>();
}

void read_layer_metadata(const Json& metadata, StyleLayer& layer, const Place& place) {
    static const std::map<std::string, LegendGroup> groups = {
        {"land-use", LegendGroup::land_use}, {"line", LegendGroup::line}, {"point", LegendGroup::point}};
    if (!metadata.is_object())
        wrong_structure(place, "an object", "对象");
    const auto flag = [&](const char* key) {
        if (!metadata.contains(key))
            return false;
        if (!metadata[key].is_boolean())
            wrong_value(place.at(key), metadata[key], "true or false", "true 或 false");
        return metadata[key].get<bool>();
    };
    layer.coverage = flag("corebelt:coverage");
    layer.fit_inside = flag("corebelt:fit-inside");
    if (metadata.contains("corebelt:legend-group")) {
        const Json& group = metadata["corebelt:legend-group"];
        if (!group.is_string() || !groups.contains(group.get<std::string>()))
            wrong_value(place.at("corebelt:legend-group"), group, "land-use, line or point", "land-use、line 或 point");
        layer.legend_group = groups.at(group.get<std::string>());
    }
    if (metadata.contains("corebelt:legend")) {
        const Json& legend = metadata["corebelt:legend"];
        if (!legend.is_object() || !legend.contains("en") || !legend.contains("zh") || !legend["en"].is_string() ||
            !legend["zh"].is_string())
            wrong_structure(place.at("corebelt:legend"), "{\"en\": …, \"zh\": …}", " {\"en\": …, \"zh\": …}");
        layer.legend = {legend["en"].get<std::string>(), legend["zh"].get<std::string>()};
    }
}

StyleLayer read_layer(const Json& json, const Place& numbered) {
    if (!json.is_object())
        wrong_structure(numbered, "a layer object", "图层对象");
    if (!json.contains("id") || !json["id"].is_string())
        wrong_structure(numbered.at("id"), "a layer id", "图层标识");
    StyleLayer layer;
    layer.id = json["id"].get<std::string>();
    const Place place{numbered.text + " (" + layer.id + "): "};
    check_keys(json,
               {"id", "type", "source", "source-layer", "minzoom", "maxzoom", "filter", "layout", "paint", "metadata"},
               place);
    const auto type = json.contains("type") && json["type"].is_string()
                          ? layer_types.find(json["type"].get<std::string>())
                          : layer_types.end();
    if (type == layer_types.end()) {
        std::vector<std::string> names;
        names.reserve(layer_types.size());
        for (const auto& [name, value] : layer_types)
            names.push_back(name);
        fail("bad-style", place.at("type"), "the layer type must be one of " + joined(names),
             "图层类型须为下列之一：" + joined(names));
    }
    layer.type = type->second;
    if (layer.type != StyleLayerType::background) {
        if (!json.contains("source") || !json["source"].is_string())
            wrong_structure(place.at("source"), "the key of a project layer", "项目图层的键");
        layer.source = json["source"].get<std::string>();
    }
    layer.min_zoom = number_at(json, "minzoom", 0, place);
    layer.max_zoom = number_at(json, "maxzoom", 24, place);
    if (json.contains("filter"))
        layer.filter = Expression(ExpressionReader(PropertyKind::text).read(json["filter"], place.at("filter"), true));
    if (json.contains("layout"))
        read_properties(json["layout"], false, layer, place.at("layout"));
    if (json.contains("paint"))
        read_properties(json["paint"], true, layer, place.at("paint"));
    if (json.contains("metadata"))
        read_layer_metadata(json["metadata"], layer, place.at("metadata"));
    if (layer.coverage && (layer.type != StyleLayerType::fill || layer.has("fill-pattern")))
        fail("style-value", place.at("metadata"), "only a plain fill can be a coverage",
             "仅纯色填充图层可标记为 coverage");
    return layer;
}

Hatch read_hatch(const Json& json, const Place& place) {
    if (!json.is_object())
        wrong_structure(place, "an object", "对象");
    check_keys(json, {"angle", "spacing", "width", "crossed", "dash", "color"}, place);
    Hatch hatch;
    hatch.angle_deg = number_at(json, "angle", 45, place);
    hatch.spacing = number_at(json, "spacing", 8, place);
    hatch.width = number_at(json, "width", 1, place);
    hatch.crossed = json.contains("crossed") && json["crossed"] == true;
    if (hatch.spacing < 1 || hatch.width <= 0)
        fail("style-value", place, "spacing must be at least 1 and width above 0",
             "spacing 须不小于 1，width 须大于 0");
    if (json.contains("dash"))
        if (const auto value = plain_value(json["dash"], PropertyKind::numbers, place.at("dash"));
            const auto* numbers = std::get_if<std::vector<double>>(&value))
            hatch.dash = *numbers;
    if (json.contains("color")) {
        const StyleValue value = plain_value(json["color"], PropertyKind::colour, place.at("color"));
        if (const auto* colour = std::get_if<Colour>(&value))
            hatch.colour = *colour;
    }
    return hatch;
}

} // namespace

Style parse_style(std::string_view json, const std::string& name) {
    const Place place{name + ": "};
    Json document;
    try {
        document = Json::parse(json);
    } catch (const Json::parse_error& e) {
        fail("bad-style", {name}, std::string("not valid JSON: ") + e.what(),
             std::string("不是有效的 JSON：") + e.what());
    }
    if (!document.is_object())
        wrong_structure({name}, "an object", "对象");
    check_keys(document, {"version", "name", "metadata", "center", "zoom", "sources", "sprite", "glyphs", "layers"},
               place);
    if (!document.contains("version") || document["version"] != 8)
        fail("bad-style", place.at("version"), "version must be 8", "version 须为 8");
    if (!document.contains("layers") || !document["layers"].is_array())
        wrong_structure(place.at("layers"), "a list of layers", "图层列表");

    Style style;
    style.name = document.value("name", name);
    if (document.contains("metadata") && document["metadata"].is_object() &&
        document["metadata"].contains("corebelt:patterns")) {
        const Place patterns = place.at("metadata").at("corebelt:patterns");
        for (const auto& [key, value] : document["metadata"]["corebelt:patterns"].items())
            style.hatches.emplace(key, read_hatch(value, patterns.at(key)));
    }
    std::set<std::string> ids;
    for (std::size_t i = 0; i < document["layers"].size(); ++i) {
        const Place layer_place = place.at("layers").at(i);
        style.layers.push_back(read_layer(document["layers"][i], layer_place));
        if (!ids.insert(style.layers.back().id).second)
            fail("bad-style", layer_place, "layer id " + style.layers.back().id + " stands twice",
                 "图层标识 " + style.layers.back().id + " 重复");
    }
    return style;
}

} // namespace corebelt::styles
