#pragma once
/// What lies round a park: growth boundary, ecological red line on the slopes, fields on the flats. All of it
/// follows an invented terrain.

#include "lattice.hpp"

#include <cstdint>
#include <vector>

namespace corebelt::samples {

struct Terrain {
    std::vector<Polygon> growth_boundary; ///< encloses every outline by 30 m and more
    std::vector<Polygon> red_line;        ///< keeps off the growth boundary
    std::vector<Polygon> fields;          ///< 0.3–3 ha each, off both
};

/// `outlines` and results in one frame, whose origin is any point within 30 km.
[[nodiscard]] Terrain make_terrain(const std::vector<Ring>& outlines, std::uint64_t seed);

} // namespace corebelt::samples
