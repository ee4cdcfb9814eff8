#pragma once
/// The legend of a sheet: land-use classes present with their areas, lines, points. Samples are drawn by the style
/// itself, so a sample looks like the map.

#include "pen.hpp"

#include "corebelt/geo/text.hpp"
#include "corebelt/styles/land_balance.hpp"
#include "corebelt/styles/sheet.hpp"

#include <string>
#include <vector>

namespace corebelt::styles {

/// An entry beside the land-use classes: a project layer with the style layers that draw it.
struct LegendMark {
    LegendGroup group = LegendGroup::line;
    const DrawnLayer* drawn = nullptr;
    Text label;
};

struct Legend {
    const DrawnLayer* parcels = nullptr; ///< none: no land use is shown
    const StyleLayer* fill = nullptr;
    Balance balance;
    std::vector<LegendMark> marks; ///< style order; only of layers that show in `shown`
};

/// @param shown  boxes of what the sheet shows, CRS of the map.
[[nodiscard]] Legend make_legend(const Scene& scene, const DrawnMap& map, const Style& style, double zoom,
                                 std::span<const geo::Box> shown);

/// Class and name as the legend prints them; colour as the map fills it.
[[nodiscard]] std::vector<LegendClass> legend_classes(const Legend& legend, double zoom, Lang lang);

/// Draws the legend from the top of `rect`; returns the height used.
/// @throws Error{output, "legend-too-long"} where it does not fit at a legible size.
double draw_legend(const Pen& pen, const Rect& rect, const Legend& legend, const Style& style, double zoom, Lang lang);

} // namespace corebelt::styles
