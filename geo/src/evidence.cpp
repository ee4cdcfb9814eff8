#include "corebelt/geo/evidence.hpp"

#include "box_lanes.hpp"
#include "geos_handles.hpp"
#include "point_in_area.hpp"
#include "ring_measures.hpp"

#include "corebelt/geo/error.hpp"
#include "corebelt/geo/expects.hpp"
#include "corebelt/geo/validity.hpp"

#include <algorithm>
#include <cmath>
#include <tuple>
#include <utility>

namespace corebelt::geo {

namespace {

using geos::Geometry;

/// One operation in GEOS' two forms: the first tries floating, snapped and rounded noding by itself, the second
/// rounds to a grid of our choice.
struct Overlay {
    std::string_view name;
    GEOSGeometry* (*plain)(GEOSContextHandle_t, const GEOSGeometry*, const GEOSGeometry*);
    GEOSGeometry* (*on_grid)(GEOSContextHandle_t, const GEOSGeometry*, const GEOSGeometry*, double);
};

/// A grid 2⁻⁴⁰ of the coordinates' size: 1e-8 m for features of 10 km.
double tiny_grid(const Box& box, XY origin) {
    const double reach = std::max({std::abs(box.min_x - origin.x), std::abs(box.max_x - origin.x),
                                   std::abs(box.min_y - origin.y), std::abs(box.max_y - origin.y), 1e-30});
    return std::ldexp(1.0, std::ilogb(reach) - 40);
}

Geometry united(const Geometry& parts, double grid) {
    geos::forget_message();
    if (GEOSGeometry* made = GEOSUnaryUnion_r(geos::context(), parts.get()); made != nullptr)
        return Geometry(made);
    const Geometry rounded = geos::checked(GEOSGeom_setPrecision_r(geos::context(), parts.get(), grid, 0), "round");
    return geos::checked(GEOSUnaryUnion_r(geos::context(), rounded.get()), "union");
}

bool smaller(XY a, XY b) {
    return a.x != b.x ? a.x < b.x : a.y < b.y;
}

/// Largest first; equal ones by box, then by vertices, so that nothing hangs on GEOS' order.
bool comes_before(const Piece& a, const Piece& b) {
    if (a.planar_m2 != b.planar_m2)
        return a.planar_m2 > b.planar_m2;
    const Box& p = a.shape.box[0];
    const Box& q = b.shape.box[0];
    const auto key = [](const Box& box) { return std::make_tuple(box.min_x, box.min_y, box.max_x, box.max_y); };
    if (key(p) != key(q))
        return key(p) < key(q);
    return std::lexicographical_compare(a.shape.xy.begin(), a.shape.xy.end(), b.shape.xy.begin(), b.shape.xy.end(),
                                        smaller);
}

std::vector<Piece> pieces_of(const GEOSGeometry& geometry, XY origin) {
    std::vector<Piece> pieces;
    geos::for_each_polygon(geometry, [&](const GEOSGeometry& polygon) {
        Piece piece;
        geos::append_part(polygon, origin, piece.shape);
        if (piece.shape.part_first.size() == 1)
            return;
        piece.shape.end_shape(Dimension::area);
        const ShapeView view = piece.shape[0];
        for (std::size_t r = 0; r < view.ring_count(); ++r) {
            piece.planar_m2 += signed_area(view.ring(r));
            piece.perimeter += path_length(view.ring(r));
        }
        pieces.push_back(std::move(piece));
    });
    std::sort(pieces.begin(), pieces.end(), comes_before);
    return pieces;
}

/// The rings of features that come into a box: parts beside it, and holes beside it, change nothing within. A red line
/// of a whole province has thousands of parts.
Shapes rings_near(std::span<const ShapeView> shapes, const Box& box) {
    Shapes near;
    for (const ShapeView& shape : shapes) {
        COREBELT_EXPECTS(shape.dimension() == Dimension::area);
        if (!shape.box().touches(box))
            continue;
        for (std::size_t part = 0; part < shape.part_count(); ++part) {
            const auto [first, last] = shape.rings_of_part(part);
            for (std::size_t r = first; r < last; ++r) {
                const auto ring = shape.ring(r);
                if (box_of(ring).touches(box)) {
                    near.xy.insert(near.xy.end(), ring.begin(), ring.end());
                    near.end_ring();
                } else if (r == first) {
                    break;
                }
            }
            if (near.ring_first.size() - 1 > near.part_first.back())
                near.end_part();
        }
        near.end_shape(Dimension::area);
    }
    return near;
}

std::vector<Piece> overlay_pieces(const ShapeView& a, std::span<const ShapeView> bs, const Overlay& overlay) {
    COREBELT_EXPECTS(a.dimension() == Dimension::area);
    if (a.empty())
        return {};
    const Shapes objects = rings_near(bs, a.box());
    std::vector<ShapeView> near;
    Box box = a.box();
    for (std::size_t i = 0; i < objects.size(); ++i) {
        if (!objects[i].empty()) {
            near.push_back(objects[i]);
            box.add(objects.box[i]);
        }
    }
    const XY origin = geos::local_origin(a.box());
    const double grid = tiny_grid(box, origin);
    const Geometry subject = geos::multi_polygon({&a, 1}, origin);
    Geometry object = geos::multi_polygon(near, origin);
    if (near.size() > 1)
        object = united(object, grid);
    geos::forget_message();
    Geometry result(overlay.plain(geos::context(), subject.get(), object.get()));
    if (result == nullptr)
        result = geos::checked(overlay.on_grid(geos::context(), subject.get(), object.get(), grid), overlay.name);
    return pieces_of(*result, origin);
}

} // namespace

std::vector<Piece> overlap_pieces(const ShapeView& a, std::span<const ShapeView> bs) {
    return overlay_pieces(a, bs, {"intersection", GEOSIntersection_r, GEOSIntersectionPrec_r});
}

std::vector<Piece> outside_pieces(const ShapeView& a, std::span<const ShapeView> bs) {
    return overlay_pieces(a, bs, {"difference", GEOSDifference_r, GEOSDifferencePrec_r});
}

Shapes dissolve(std::span<const ShapeView> shapes) {
    Box box;
    for (const ShapeView& shape : shapes) {
        COREBELT_EXPECTS(shape.dimension() == Dimension::area);
        box.add(shape.box());
    }
    if (box.empty()) {
        Shapes nothing;
        nothing.end_shape(Dimension::area);
        return nothing;
    }
    const XY origin = geos::local_origin(box);
    const Geometry whole = united(geos::multi_polygon(shapes, origin), tiny_grid(box, origin));
    Shapes dissolved;
    for (const Piece& piece : pieces_of(*whole, origin)) {
        for (std::size_t r = 0; r + 1 < piece.shape.ring_first.size(); ++r) {
            const auto ring = piece.shape[0].ring(r);
            dissolved.xy.insert(dissolved.xy.end(), ring.begin(), ring.end());
            dissolved.end_ring();
        }
        dissolved.end_part();
    }
    dissolved.end_shape(Dimension::area);
    return dissolved;
}

bool covers(const ShapeView& area, XY point) {
    COREBELT_EXPECTS(area.dimension() == Dimension::area);
    const Box& box = area.box();
    if (!(point.x >= box.min_x && point.x <= box.max_x && point.y >= box.min_y && point.y <= box.max_y))
        return false;
    return side_of(area, point) != Side::outside;
}

} // namespace corebelt::geo
