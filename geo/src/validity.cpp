#include "corebelt/geo/validity.hpp"

#include "exact.hpp"
#include "geos_handles.hpp"
#include "ring_measures.hpp"

#include "corebelt/geo/error.hpp"
#include "corebelt/geo/expects.hpp"

#include <algorithm>
#include <cmath>
#include <vector>

namespace corebelt::geo {

std::string_view code_of(Fault fault) {
    switch (fault) {
    case Fault::not_finite:
        return "not-finite";
    case Fault::too_few_points:
        return "too-few-points";
    case Fault::self_crossing:
        return "self-crossing";
    case Fault::rings_cross:
        return "rings-cross";
    case Fault::hole_outside:
        return "hole-outside";
    case Fault::nested:
        return "nested-rings";
    case Fault::disconnected:
        return "disconnected-interior";
    }
    return "invalid";
}

namespace {

Shapes polygonal_part(const GEOSGeometry& geometry, XY origin) {
    Shapes kept;
    geos::for_each_polygon(geometry, [&](const GEOSGeometry& polygon) { geos::append_part(polygon, origin, kept); });
    kept.end_shape(Dimension::area);
    return kept;
}

double enclosed(const ShapeView& shape) {
    double sum = 0;
    for (std::size_t r = 0; r < shape.ring_count(); ++r)
        sum += signed_area(shape.ring(r));
    return std::abs(sum);
}

} // namespace

Repair repair(const ShapeView& shape) {
    COREBELT_EXPECTS(shape.dimension() == Dimension::area);
    const XY origin = geos::local_origin(shape.box());
    COREBELT_EXPECTS(shape.empty() || (std::isfinite(origin.x) && std::isfinite(origin.y)));
    Repair result;
    result.area_before_m2 = enclosed(shape);
    geos::Geometry made =
        geos::checked(GEOSMakeValid_r(geos::context(), geos::multi_polygon({&shape, 1}, origin).get()), "make valid");
    result.shape = polygonal_part(*made, origin);
    // Corners that make-valid computed lie off the lattice, and moving them onto it can let hairlines touch.
    // Noding on the lattice itself is the way out that always ends.
    if (find_fault(result.shape[0])) {
        const bool geographic = std::abs(origin.x) <= 360 && std::abs(origin.y) <= 360;
        made = geos::checked(
            GEOSGeom_setPrecision_r(geos::context(), made.get(), std::ldexp(1.0, geographic ? -45 : -27), 0), "round");
        result.shape = polygonal_part(*made, origin);
    }
    result.area_after_m2 = enclosed(result.shape[0]);
    return result;
}

std::size_t orient(Shapes& shapes, std::size_t index) {
    COREBELT_EXPECTS(shapes.dimension[index] == Dimension::area);
    std::size_t turned = 0;
    for (std::size_t part = shapes.shape_first[index]; part < shapes.shape_first[index + 1]; ++part) {
        for (std::size_t r = shapes.part_first[part]; r < shapes.part_first[part + 1]; ++r) {
            const std::size_t first = shapes.ring_first[r];
            std::size_t last = shapes.ring_first[r + 1];
            if (first == last)
                continue;
            if (shapes.xy[first] != shapes.xy[last - 1]) {
                const XY again = shapes.xy[first];
                shapes.xy.insert(shapes.xy.begin() + static_cast<std::ptrdiff_t>(last), again);
                for (std::size_t later = r + 1; later < shapes.ring_first.size(); ++later)
                    ++shapes.ring_first[later];
                ++last;
            }
            const int wanted = r == shapes.part_first[part] ? 1 : -1;
            if (exact::sense_of({shapes.xy.data() + first, shapes.xy.data() + last}) == -wanted) {
                std::reverse(shapes.xy.begin() + static_cast<std::ptrdiff_t>(first),
                             shapes.xy.begin() + static_cast<std::ptrdiff_t>(last));
                ++turned;
            }
        }
    }
    return turned;
}

} // namespace corebelt::geo
