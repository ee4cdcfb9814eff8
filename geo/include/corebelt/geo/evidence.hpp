#pragma once
/// Geometry built to illustrate an amount: pieces of an overlap, of what lies outside, and their slivers. The
/// amount itself comes from the kernel.

#include "corebelt/geo/shapes.hpp"

#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace corebelt::geo {

struct Piece {
    Shapes shape;         ///< one feature, one part
    double planar_m2 = 0; ///< squared units of the CRS
    double perimeter = 0; ///< units of the CRS
    [[nodiscard]] double width() const { return perimeter > 0 ? 2 * planar_m2 / perimeter : 0; }
};

/// Connected pieces of A ∩ (∪ B), largest first, ties by box. @throws Error{internal} with GEOS' reason.
[[nodiscard]] std::vector<Piece> overlap_pieces(const ShapeView& a, std::span<const ShapeView> bs);

/// Connected pieces of A \ (∪ B), ordered as above.
[[nodiscard]] std::vector<Piece> outside_pieces(const ShapeView& a, std::span<const ShapeView> bs);

/// The union of features as one (coverage edges dissolved); used for drawing and for parts of a park. Parts largest
/// first; on the coordinate lattice. May be empty.
[[nodiscard]] Shapes dissolve(std::span<const ShapeView> shapes);

/// WKT with `decimals` digits, easting first.
[[nodiscard]] std::string wkt(const ShapeView& shape, int decimals);

/// Reads one feature from WKT (POLYGON, MULTIPOLYGON, LINESTRING, POINT and their multi forms); for tests and
/// messages. Areal rings come out closed and oriented, valid or not; heights and measures are left out.
/// @throws Error{input, "bad-wkt"} naming the character.
[[nodiscard]] Shapes shapes_from_wkt(std::string_view text);

/// True where the point lies inside or on the boundary of the areal feature (exact).
[[nodiscard]] bool covers(const ShapeView& area, XY point);

/// A point well inside the largest part of an areal feature, for labels: about where the largest circle fits (to 1 %
/// of the shorter side for ordinary shapes). Depends on the geometry only. @pre not empty.
[[nodiscard]] XY label_point(const ShapeView& area);

} // namespace corebelt::geo
