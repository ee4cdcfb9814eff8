#include "part_measure.hpp"

#include "corebelt/geo/error.hpp"

#include <algorithm>
#include <cmath>

namespace corebelt::rules {

void require_metres(const geo::Crs& crs) {
    if (crs.is_projected())
        return;
    throw Error(ErrorKind::usage, "planar-on-degrees",
                {"planar measures need a projected CRS, but " + crs.label() +
                     " is in degrees; use cn2008 or geodesic areas, or convert the data to a projected CRS first",
                 "平面量算需要投影坐标系，而 " + crs.label() +
                     " 为经纬度坐标；请改用 cn2008 或 geodesic 面积，或先将数据转换到投影坐标系"});
}

PartMeasure::PartMeasure(const geo::Crs& crs, geo::AreaMethod method)
    : crs_(crs), method_(method), planar_(geo::AreaForm::planar(crs)) {
    if (method == geo::AreaMethod::planar)
        require_metres(crs);
    else
        ground_ = geo::AreaForm::ground(crs);
}

double PartMeasure::whole_m2(const geo::ShapeView& shape) const {
    return geo::whole_area_m2(shape, crs_, method_);
}

PartMeasure::Whole PartMeasure::whole(const geo::ShapeView& shape) const {
    Whole whole;
    whole.m2 = whole_m2(shape);
    whole.additive = ground_ ? geo::ground_m2(shape, *ground_) : whole.m2;
    return whole;
}

bool PartMeasure::is_whole(const Whole& whole, const geo::Overlap& overlap) const {
    // An uncut feature lies inside as a whole, or encloses the other, or holds one of its holes: only in the
    // first case are both integrals of the same region, equal up to rounding.
    constexpr double rounding = 1e-12;
    return !overlap.cut() && std::abs(additive(overlap) - whole.additive) <= rounding * whole.additive;
}

double PartMeasure::part_m2(const Whole& whole, const geo::Overlap& overlap) const {
    const double part = additive(overlap);
    if (part <= 0 || whole.additive <= 0)
        return 0;
    if (is_whole(whole, overlap))
        return whole.m2;
    if (!ground_)
        return part;
    return whole.m2 * std::min(1.0, part / whole.additive);
}

} // namespace corebelt::rules
