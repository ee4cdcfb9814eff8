#pragma once
/// How the land that a sheet shows is put on its map frame: whole, or, where its parts lie far apart, in panels of
/// one scale.

#include "pen.hpp"

#include "corebelt/geo/coord.hpp"

#include <optional>
#include <vector>

namespace corebelt::styles {

struct Panel {
    Rect rect;      ///< on paper
    geo::XY centre; ///< in the CRS of the map: what stands in the middle of `rect`
    geo::Box land;  ///< what it has to show
};

struct PanelPlan {
    std::vector<Panel> panels; ///< from the upper left
    double denominator = 0;    ///< of the scale, from the series 1, 2, 2.5, 5 × 10ⁿ unless it was asked for
};

/// @param parts          boxes of the parts (zones, parks), CRS of the map; not empty.
/// @param ground_m       ground metres per unit of the CRS.
/// @param asked          scale denominator asked for by the sheet.
/// Parts are put in panels of their own only where that makes the scale at least twice as large.
/// @throws Error{usage, "scale-does-not-fit"} naming the scale that would fit.
[[nodiscard]] PanelPlan plan_panels(const std::vector<geo::Box>& parts, const Rect& frame, double ground_m,
                                    const std::optional<double>& asked);

} // namespace corebelt::styles
