/// The style document of a project: symbols by theme from data/styles/themes.json, with the project's layer keys and
/// field names put in. This file and style_document.cpp are the ones that know the JSON library.

#include "corebelt/geo/error.hpp"
#include "corebelt/layers/land_use.hpp"
#include "corebelt/styles/style.hpp"

#include <nlohmann/json.hpp>

#include <charconv>
#include <cmath>
#include <optional>
#include <span>
#include <utility>

namespace corebelt::styles {

std::span<const std::pair<std::string_view, std::string_view>> style_documents();

namespace {

using Json = nlohmann::ordered_json;

constexpr double pixels_per_mm = 96 / 25.4;
constexpr double full_width_zoom = 12; ///< lines have their width on paper from here on, thinner before
constexpr double thin_zoom = 8;
constexpr double thin_share = 0.35;

double two_decimals(double value) {
    return std::round(value * 100) / 100;
}

/// Colours that the code table has, as a match on the class. Classes of one colour that plans tell apart by degree of
/// disturbance (一类, 二类, 三类 of industry and of warehousing) differ by 15 % of lightness.
Json land_use_colours(const project::Layer& layer) {
    Json match = Json::array({"match", Json::array({"to-string", Json::array({"get", layer.class_field})})});
    const auto& scheme = layers::LandUseScheme::get(layer.scheme);
    for (const layers::LandUseClass& c : scheme.classes()) {
        if (!c.colour)
            continue;
        Colour colour{(*c.colour)[0], (*c.colour)[1], (*c.colour)[2]};
        const bool graded =
            !c.colour_explicit && (c.parent == "1001" || c.parent == "1101") && layer.scheme.starts_with("YDYH");
        if (graded && c.name_zh.starts_with("一类"))
            colour = with_lightness(colour, 1.15);
        else if (graded && c.name_zh.starts_with("三类"))
            colour = with_lightness(colour, 0.85);
        match.push_back(c.code);
        match.push_back(to_string(colour));
    }
    if (match.size() == 2)
        return "#dddddd";
    match.push_back("#dddddd");
    return match;
}

/// The number after a marker such as "@mm 0.8".
std::optional<double> millimetres(const std::string& text, std::string_view marker) {
    if (!text.starts_with(marker))
        return std::nullopt;
    double number = 0;
    const char* end = text.data() + text.size();
    const auto [stopped, error] = std::from_chars(text.data() + marker.size(), end, number);
    if (error != std::errc{} || stopped != end)
        throw Error(ErrorKind::internal, "style-marker",
                    {"the built-in style has the marker " + text, "内置样式含有无法识别的标记 " + text});
    return number;
}

/// Puts values in for the markers of the built-in style. False where the layer has no field for one of them.
bool fill_in(Json& json, const project::Layer* layer) {
    if (json.is_structured()) {
        bool complete = true;
        for (Json& part : json)
            complete = fill_in(part, layer) && complete;
        return complete;
    }
    if (!json.is_string() || !json.get_ref<const std::string&>().starts_with('@'))
        return true;
    const std::string marker = json.get<std::string>();
    if (const auto mm = millimetres(marker, "@mm ")) {
        json = two_decimals(*mm * pixels_per_mm);
    } else if (const auto width_mm = millimetres(marker, "@line ")) {
        const double width = *width_mm * pixels_per_mm;
        json = Json::array({"interpolate", Json::array({"linear"}), Json::array({"zoom"}), thin_zoom,
                            two_decimals(width * thin_share), full_width_zoom, two_decimals(width)});
    } else if (layer != nullptr && marker == "@name") {
        json = layer->name_field;
        return !layer->name_field.empty();
    } else if (layer != nullptr && marker == "@class") {
        json = layer->class_field;
        return !layer->class_field.empty();
    } else if (layer != nullptr && marker == "@land-use-colours") {
        const bool classed = !layer->scheme.empty() && !layer->class_field.empty();
        json = classed ? land_use_colours(*layer) : Json("#dddddd");
    } else {
        throw Error(ErrorKind::internal, "style-marker",
                    {"the built-in style has the marker " + marker, "内置样式含有无法识别的标记 " + marker});
    }
    return true;
}

} // namespace

std::string default_style_json(const project::Project& project) {
    Json themes = Json::parse(style_documents().front().second);
    fill_in(themes["patterns"], nullptr);

    Json document;
    document["version"] = 8;
    document["name"] = project.title.empty() ? themes["name"] : Json(project.title);
    document["metadata"]["corebelt:patterns"] = themes["patterns"];
    document["sources"] = Json::object();
    for (const project::Layer& layer : project.layers)
        document["sources"][layer.key] = {{"type", "vector"}};
    document["layers"] = Json::array();
    for (const Json& entry : themes["layers"]) {
        if (!entry.contains("theme")) {
            document["layers"].push_back(entry);
            continue;
        }
        for (const project::Layer& layer : project.layers) {
            if (entry["theme"] != layer.theme)
                continue;
            Json made = Json::object();
            made["id"] = layer.key + "-" + entry["id"].get<std::string>();
            made["type"] = entry["type"];
            made["source"] = layer.key;
            for (const auto& [key, value] : entry.items())
                if (!made.contains(key) && key != "theme")
                    made[key] = value;
            if (fill_in(made, &layer))
                document["layers"].push_back(std::move(made));
        }
    }
    return document.dump(2) + "\n";
}

} // namespace corebelt::styles
