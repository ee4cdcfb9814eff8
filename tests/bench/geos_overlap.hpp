#pragma once
/// The same question put to GEOS as a careful programmer would: prepared controls, an STR tree, covers before
/// intersection.

#include "corebelt/geo/shapes.hpp"

#include <cstdint>
#include <memory>
#include <vector>

namespace corebelt::bench {

struct GeosSum {
    double cpu_seconds = 0; ///< index query, predicates, overlay, area; building geometries is not counted
    double area_m2 = 0;
    std::uint64_t pairs = 0;    ///< boxes touch
    std::uint64_t overlays = 0; ///< pairs that needed an intersection
};

/// Area of each parcel in each control, summed. Every `stride`-th parcel, beginning with parcel `first`.
/// @throws std::runtime_error with GEOS' reason.
[[nodiscard]] GeosSum geos_overlap(const geo::Shapes& parcels, const geo::Shapes& controls, std::size_t first,
                                   std::size_t stride);

} // namespace corebelt::bench
