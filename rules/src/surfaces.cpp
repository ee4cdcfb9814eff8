#include "surfaces.hpp"

#include <algorithm>
#include <cmath>

namespace corebelt::rules {

double perimeter(const geo::ShapeView& shape) {
    double length = 0;
    for (std::size_t r = 0; r < shape.ring_count(); ++r) {
        const auto ring = shape.ring(r);
        for (std::size_t i = 1; i < ring.size(); ++i)
            length += std::hypot(ring[i].x - ring[i - 1].x, ring[i].y - ring[i - 1].y);
    }
    return length;
}

Surfaces::Surfaces(const geo::Crs& crs, geo::AreaMethod method)
    : crs_(crs),
      method_(method),
      planar_(geo::AreaForm::planar(crs)),
      ellipsoidal_(crs, method == geo::AreaMethod::planar ? geo::AreaMethod::cn2008 : method) {
    if (method == geo::AreaMethod::planar)
        require_metres(crs);
}

Surfaces::Whole Surfaces::whole(const geo::ShapeView& shape) const {
    Whole whole;
    whole.ellipsoidal = ellipsoidal_.whole(shape);
    whole.m2.ellipsoidal = whole.ellipsoidal.m2;
    // m², or squared degrees in a geographic system, where only the ratio to the ellipsoidal area has a use
    const double on_map = geo::ground_m2(shape, planar_);
    if (crs_.is_projected()) {
        whole.m2.planar = on_map;
        whole.m_per_unit = crs_.metres_per_unit();
        whole.m2_per_square_unit = whole.m_per_unit * whole.m_per_unit;
    } else if (on_map > 0) {
        whole.m2_per_square_unit = whole.ellipsoidal.m2 / on_map;
        whole.m_per_unit = std::sqrt(whole.m2_per_square_unit);
    }
    whole.perimeter_m = perimeter(shape) * whole.m_per_unit;
    // Sums of cross products taken inside the feature's box: (n + 2)·u·D·P. The notice's own sum, and Karney's, are
    // held to max(1e-4 m², 1e-12 of the area).
    const double diameter_m =
        std::hypot(shape.box().max_x - shape.box().min_x, shape.box().max_y - shape.box().min_y) * whole.m_per_unit;
    const double terms = static_cast<double>(shape.vertices().size()) + 2;
    whole.bound_m2 = std::ldexp(terms * diameter_m * whole.perimeter_m, -53);
    if (method_ != geo::AreaMethod::planar)
        whole.bound_m2 = std::max({whole.bound_m2, 1e-4, 1e-12 * whole.m2.ellipsoidal});
    return whole;
}

AreaPair Surfaces::part(const Whole& whole, const geo::Overlap& overlap) const {
    AreaPair pair;
    pair.ellipsoidal = ellipsoidal_.part_m2(whole.ellipsoidal, overlap);
    if (crs_.is_projected())
        pair.planar = std::max(0.0, overlap.planar_m2);
    return pair;
}

} // namespace corebelt::rules
