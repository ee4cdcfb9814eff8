#pragma once
/// Geometry on the millimetre lattice: whole numbers, so that neighbours share their vertices exactly and every
/// area is a number that can be checked by hand.

#include <compare>
#include <cstdint>
#include <vector>

namespace corebelt::samples {

/// Metres from the origin of a site, easting first. For design; rounded to a Point before anything is written.
struct Vec {
    double x = 0, y = 0;
    friend Vec operator+(Vec a, Vec b) { return {a.x + b.x, a.y + b.y}; }
    friend Vec operator-(Vec a, Vec b) { return {a.x - b.x, a.y - b.y}; }
    friend Vec operator*(double k, Vec a) { return {k * a.x, k * a.y}; }
};
[[nodiscard]] double dot(Vec a, Vec b);
[[nodiscard]] double cross(Vec a, Vec b);
[[nodiscard]] double length(Vec a);
[[nodiscard]] Vec unit(Vec a); ///< @pre a is not the null vector
[[nodiscard]] inline Vec left_of(Vec a) {
    return {-a.y, a.x};
}

/// Millimetres from the origin of a site, easting first; |x|, |y| < 2²⁵ so that products fit 64 bits.
struct Point {
    std::int64_t x = 0, y = 0;
    friend auto operator<=>(const Point&, const Point&) = default;
};
[[nodiscard]] Point rounded(Vec metres);
[[nodiscard]] Vec metres(Point p);

/// Closed: the last vertex joins the first, which is not repeated.
using Ring = std::vector<Point>;

struct Polygon {
    Ring outer;              ///< counter-clockwise
    std::vector<Ring> holes; ///< clockwise
};

/// > 0 where c lies left of a→b, in mm².
[[nodiscard]] std::int64_t turn(Point a, Point b, Point c);
/// Twice the signed area, mm²; exact.
[[nodiscard]] std::int64_t twice_area_mm2(const Ring& ring);
[[nodiscard]] std::int64_t twice_area_mm2(const Polygon& polygon);
/// Area on the map, m²; one rounding.
[[nodiscard]] double planar_m2(const Polygon& polygon);
[[nodiscard]] double perimeter_m(const Polygon& polygon);
/// Ground area, m², of a polygon whose origin lies `from_meridian_m` east of the central meridian: the integral of
/// 1/k² with k² = 1 + t + t²/3, t = (y/R)², R the mean radius at 24.3° N. Good to 1e-9 of the area within 100 km
/// of the meridian; shares no code with the measures it is used to check.
[[nodiscard]] double ground_m2(const Polygon& polygon, double from_meridian_m);
/// Crossing test; undefined on the boundary.
[[nodiscard]] bool inside(const Ring& ring, Vec p);
/// Distance from a point to the nearest edge, m.
[[nodiscard]] double distance_m(const Ring& ring, Vec p);
/// A point well inside: the middle of the widest of several cuts from west to east.
[[nodiscard]] Vec inner_point(const std::vector<Ring>& rings);

} // namespace corebelt::samples
