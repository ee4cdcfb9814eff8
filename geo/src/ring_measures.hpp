#pragma once
/// Planar measures of one ring, about its first vertex so that large coordinates cost no accuracy.

#include "corebelt/geo/coord.hpp"

#include <cmath>
#include <cstddef>
#include <span>

namespace corebelt::geo {

/// Counter-clockwise positive; the ring's last edge is implied, so closed and unclosed rings give the same.
[[nodiscard]] inline double signed_area(std::span<const XY> ring) {
    double twice = 0;
    for (std::size_t i = 2; i < ring.size(); ++i) {
        const XY o = ring[0];
        const XY a = ring[i - 1];
        const XY b = ring[i];
        twice += (a.x - o.x) * (b.y - o.y) - (b.x - o.x) * (a.y - o.y);
    }
    return 0.5 * twice;
}

/// Sum of the edge lengths of a closed ring, or of a line.
[[nodiscard]] inline double path_length(std::span<const XY> path) {
    double sum = 0;
    for (std::size_t i = 1; i < path.size(); ++i)
        sum += std::hypot(path[i].x - path[i - 1].x, path[i].y - path[i - 1].y);
    return sum;
}

} // namespace corebelt::geo
