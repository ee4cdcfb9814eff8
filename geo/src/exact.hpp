#pragma once
/// Exact signs of cross products of coordinate differences and of their sums, and cross products that are accurate
/// however nearly parallel their factors are. Coordinates must be finite, and 0 or of magnitude 1e-100 to 1e100.

#include "corebelt/geo/coord.hpp"

#include <cmath>
#include <span>

namespace corebelt::geo::exact {

/// Sign of (b−a)×(p−a) where the rounded value is too small to tell.
[[nodiscard]] int orientation_of_near_collinear(XY a, XY b, XY p);

/// Sign of (b−a)×(p−a): +1 where p lies left of a→b, −1 right, 0 exactly on the line.
[[nodiscard]] inline int orientation(XY a, XY b, XY p) {
    // Shewchuk's first bound: it holds whether or not the differences are exact.
    constexpr double relative_error = 3.3306690738754716e-16;
    const double left = (b.x - a.x) * (p.y - a.y);
    const double right = (b.y - a.y) * (p.x - a.x);
    const double value = left - right;
    const double error = relative_error * (std::abs(left) + std::abs(right));
    if (value > error)
        return 1;
    if (value < -error)
        return -1;
    return orientation_of_near_collinear(a, b, p);
}

/// Sign of the ring's area: +1 counter-clockwise, −1 clockwise, 0 where the area is exactly 0. Closed and unclosed
/// rings give the same.
[[nodiscard]] int sense_of(std::span<const XY> ring);

/// (b−a)×(d−c) with a relative error below 4·2⁻⁵³.
[[nodiscard]] double cross_of_differences(XY a, XY b, XY c, XY d);

} // namespace corebelt::geo::exact
