#pragma once
/// Rings cut by lines.

#include "lattice.hpp"

#include <utility>
#include <vector>

namespace corebelt::samples {

/// Where the line through a point runs inside a ring; `along` is a unit vector.
[[nodiscard]] std::vector<std::pair<Vec, Vec>> spans(const Ring& ring, Vec through, Vec along);

/// The side of a line that lies left of it. Parts of a ring that is not convex stay joined along the line.
[[nodiscard]] Ring half_of(const Ring& ring, Vec through, Vec along);

/// A box about a ring, its sides along given directions.
struct OrientedBox {
    Vec middle;
    Vec longer; ///< unit vector of the longer side
    double length_m = 0, width_m = 0;
};
[[nodiscard]] OrientedBox box_along(const Ring& ring, Vec along);

/// The parts of a line that lie inside a ring, in order.
[[nodiscard]] std::vector<std::vector<Vec>> runs_inside(const Ring& ring, const std::vector<Vec>& line);

} // namespace corebelt::samples
