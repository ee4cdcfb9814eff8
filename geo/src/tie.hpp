#pragma once
/// Sides that are never "on the line". Of two features one is thought shifted by (ε, ε²) for an infinitesimal
/// ε > 0; that decides every tie, for good and in the same way everywhere, and changes no area.

#include "exact.hpp"

namespace corebelt::geo::tie {

/// Side of a shifted point on the edge a→b that stays, where the point was on the line. 0 only where a = b.
[[nodiscard]] inline int tie_of_shifted_point(XY a, XY b) {
    if (b.y != a.y)
        return b.y > a.y ? -1 : 1;
    return (b.x > a.x ? 1 : 0) - (b.x < a.x ? 1 : 0);
}

/// Side of a point that stays on the shifted edge u→v, where the point was on the line. 0 only where u = v.
[[nodiscard]] inline int tie_of_shifted_edge(XY u, XY v) {
    return -tie_of_shifted_point(u, v);
}

/// Side of the shifted point p on the edge a→b: +1 left, −1 right. 0 only where a = b.
[[nodiscard]] inline int side_of_shifted_point(XY a, XY b, XY p) {
    const int side = exact::orientation(a, b, p);
    return side != 0 ? side : tie_of_shifted_point(a, b);
}

/// Side of the point p on the shifted edge u→v: +1 left, −1 right. 0 only where u = v.
[[nodiscard]] inline int side_of_shifted_edge(XY u, XY v, XY p) {
    const int side = exact::orientation(u, v, p);
    return side != 0 ? side : tie_of_shifted_edge(u, v);
}

} // namespace corebelt::geo::tie
