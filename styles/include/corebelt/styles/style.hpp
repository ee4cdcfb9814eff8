#pragma once
/// A map style: a MapLibre Style Specification document, of which corebelt reads a stated part.
///
/// Read are: version 8; `sources` (not interpreted: a layer's `source` is the key of a project layer); layers of type
/// background, fill, line, circle and symbol with id, source, source-layer (not interpreted), minzoom, maxzoom,
/// filter, layout, paint; the properties of known_properties(); the operators of expression.hpp. Anything else is an
/// Error that names it and where it stands. Lengths are CSS pixels: on paper 25.4/96 mm.
///
/// Under `metadata` of the document, `corebelt:patterns` gives the hatches that `fill-pattern` names; under `metadata`
/// of a layer stand `corebelt:coverage` (a fill without overlaps, rasterised by exact area), `corebelt:fit-inside` (a
/// label is drawn only where it fits into its area), `corebelt:legend` and `corebelt:legend-group`.

#include "corebelt/geo/text.hpp"
#include "corebelt/project/project.hpp"
#include "corebelt/styles/expression.hpp"

#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace corebelt::styles {

/// Parallel lines, anchored to the picture plane so that neighbouring tiles continue each other. Lengths in CSS pixels.
struct Hatch {
    double angle_deg = 45; ///< counter-clockwise from east
    double spacing = 8;    ///< between lines, across them
    double width = 1;
    bool crossed = false; ///< a second set at right angles
    std::vector<double> dash;
    Colour colour;
};

enum class StyleLayerType { background, fill, line, circle, symbol };

/// Where an entry stands in the legend.
enum class LegendGroup { none, land_use, line, point };

struct StyleLayer {
    std::string id;
    StyleLayerType type = StyleLayerType::fill;
    std::string source;                 ///< key of the project layer; empty for background
    double min_zoom = 0, max_zoom = 24; ///< drawn where min_zoom <= zoom < max_zoom
    std::optional<Expression> filter;
    std::map<std::string, Expression> properties; ///< layout and paint together
    bool coverage = false;
    bool fit_inside = false;
    LegendGroup legend_group = LegendGroup::none;
    Text legend;

    [[nodiscard]] bool shown_at(double zoom) const;
    /// Value of a property, the specification's default where the layer does not give it.
    /// @throws Error{usage, "style-value"} naming layer and property where the value is of another kind.
    [[nodiscard]] double number(std::string_view property, const StyleContext& context) const;
    [[nodiscard]] Colour colour(std::string_view property, const StyleContext& context) const;
    [[nodiscard]] std::string text(std::string_view property, const StyleContext& context) const;
    [[nodiscard]] std::vector<double> numbers(std::string_view property, const StyleContext& context) const;
    [[nodiscard]] bool has(std::string_view property) const;
};

struct Style {
    std::string name;
    std::vector<StyleLayer> layers; ///< drawn in this order
    std::map<std::string, Hatch> hatches;
};

enum class PropertyKind { number, colour, text, numbers, choice };

struct KnownProperty {
    std::string_view name;
    StyleLayerType type;
    bool paint; ///< else layout
    PropertyKind kind;
    StyleValue fallback;
    std::vector<std::string_view> choices;
};

/// The properties that corebelt reads.
[[nodiscard]] std::span<const KnownProperty> known_properties();

/// Reads a style document. `name` is used in messages.
/// @throws Error{usage}: "bad-style" (not JSON, wrong structure), "unknown-style-property",
///         "unknown-style-operator", "unknown-style-key", "style-value"; each names the layer and the place.
[[nodiscard]] Style parse_style(std::string_view json, const std::string& name);

/// The style document that a project gets: symbols by theme, land use by the colours of its code table.
[[nodiscard]] std::string default_style_json(const project::Project& project);

} // namespace corebelt::styles
