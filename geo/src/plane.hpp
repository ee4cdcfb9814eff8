#pragma once
/// Arithmetic on points and boxes of the plane.

#include "corebelt/geo/coord.hpp"

#include <algorithm>
#include <cmath>

namespace corebelt::geo {

[[nodiscard]] inline XY operator+(XY p, XY q) {
    return {p.x + q.x, p.y + q.y};
}
[[nodiscard]] inline XY operator-(XY p, XY q) {
    return {p.x - q.x, p.y - q.y};
}
[[nodiscard]] inline XY operator*(double t, XY p) {
    return {t * p.x, t * p.y};
}
[[nodiscard]] inline double cross(XY p, XY q) {
    return p.x * q.y - p.y * q.x;
}
[[nodiscard]] inline double dot(XY p, XY q) {
    return p.x * q.x + p.y * q.y;
}
[[nodiscard]] inline double length_of(XY d) {
    return std::sqrt(dot(d, d));
}

/// The closed box that two boxes share; empty where they are apart.
[[nodiscard]] inline Box common(const Box& a, const Box& b) {
    return {std::max(a.min_x, b.min_x), std::max(a.min_y, b.min_y), std::min(a.max_x, b.max_x),
            std::min(a.max_y, b.max_y)};
}
[[nodiscard]] inline bool contains(const Box& box, XY p) {
    return box.min_x <= p.x && p.x <= box.max_x && box.min_y <= p.y && p.y <= box.max_y;
}
[[nodiscard]] inline XY low_corner(const Box& box) {
    return {box.min_x, box.min_y};
}
[[nodiscard]] inline double diameter(const Box& box) {
    return length_of({box.max_x - box.min_x, box.max_y - box.min_y});
}

} // namespace corebelt::geo
