#pragma once
/// Is an area's boundary one that encloses it? And if not, what and where.

#include "corebelt/geo/shapes.hpp"

#include <cmath>
#include <cstddef>
#include <optional>
#include <string_view>

namespace corebelt::geo {

enum class Fault {
    not_finite,     ///< a coordinate is nan, infinite or beyond ±1e100
    too_few_points, ///< a ring encloses nothing
    self_crossing,  ///< a ring crosses itself (bow-tie)
    rings_cross,    ///< two rings of the feature cross or overlap along an edge
    hole_outside,   ///< a hole lies outside its part's outer ring
    nested,         ///< an outer ring lies inside another part, or a hole inside a hole
    disconnected,   ///< interior is cut in two by touching rings
};

/// "self-crossing" and so on: the issue code.
[[nodiscard]] std::string_view code_of(Fault fault);

struct FaultPlace {
    Fault fault;
    XY place;
};

/// First fault of an areal feature, none where it is valid in the sense of OGC Simple Features.
/// Own test on the edge index; agrees with GEOS on valid against invalid. Repeated vertices are no fault.
[[nodiscard]] std::optional<FaultPlace> find_fault(const ShapeView& shape);

struct Repair {
    Shapes shape;              ///< one feature: the polygonal part of GEOS make-valid (linework); may be empty
    double area_before_m2 = 0; ///< |Σ signed ring areas| in squared units of the CRS
    double area_after_m2 = 0;
};

/// Repairs an invalid areal feature with finite coordinates. @throws Error{internal} with GEOS' reason.
[[nodiscard]] Repair repair(const ShapeView& shape);

/// Rounds to the lattice on which coordinate differences are exact: 2⁻²⁷ m for projected systems, 2⁻⁴⁵ for
/// degrees. Rounding to nearest, ties to even.
[[nodiscard]] inline XY rounded(XY p, bool geographic) {
    // Adding a power of two whose last bit is the lattice's lets the addition do the rounding. Beyond it every
    // double lies on the lattice; nan and infinities stay what they are, −0 becomes 0.
    const double reach = geographic ? 0x1p7 : 0x1p25;
    const auto one = [reach](double value) {
        if (!(std::abs(value) < reach))
            return value;
        const double magic = std::copysign(reach, value);
        return (value + magic) - magic;
    };
    return {one(p.x), one(p.y)};
}

/// Closes rings, turns outer rings (the first of each part) counter-clockwise and holes clockwise by the exact sign
/// of their area; a ring of area 0 or with coordinates that are not finite stays. Returns the number of rings turned.
std::size_t orient(Shapes& shapes, std::size_t index);

} // namespace corebelt::geo
