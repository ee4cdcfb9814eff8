#include "corebelt/geo/area.hpp"

#include "krueger.hpp"
#include "portable_math.hpp"
#include "proj_handles.hpp"

#include "corebelt/geo/error.hpp"
#include "corebelt/geo/expects.hpp"

#include <fmt/format.h>
#include <geodesic.h>

#include <algorithm>
#include <cmath>
#include <optional>
#include <span>
#include <string>
#include <vector>

namespace corebelt::geo {

namespace {

/// Geographic coordinates of one vertex, enough for every measure.
struct OnEllipsoid {
    double longitude_rad = 0; ///< from any one meridian
    double sin_latitude = 0;
    double cos_latitude = 1;
};

[[noreturn]] void throw_latitude(XY at, const Crs& crs) {
    throw Error(
        ErrorKind::input, "latitude-out-of-range",
        {fmt::format("vertex {:.10g} {:.10g} has latitude {:.10g} in \"{}\"; beyond 90° the axes are most often "
                     "swapped or the CRS is not the declared one",
                     at.x, at.y, at.y, crs.label()),
         fmt::format("顶点 {:.10g} {:.10g} 在“{}”中的纬度为 {:.10g}；纬度超过 90° 通常是经纬度颠倒或坐标系声明有误",
                     at.x, at.y, crs.label(), at.y)});
}

/// PROJ's way from a projected CRS back to longitude and latitude on the same datum. Making it takes
/// milliseconds, so each thread keeps the last.
PJ* inverse_projection(const Crs& crs) {
    thread_local std::string wkt;
    thread_local ProjObject operation;
    if (operation && wkt == crs.wkt())
        return operation.get();
    PJ_CONTEXT* context = proj_context();
    const ProjObject whole(proj_create(context, crs.wkt().c_str()));
    const ProjObject projected = horizontal_part(context, whole.get());
    const ProjObject geodetic(projected ? proj_crs_get_geodetic_crs(context, projected.get()) : nullptr);
    const ProjObject raw(
        geodetic ? proj_create_crs_to_crs_from_pj(context, projected.get(), geodetic.get(), nullptr, nullptr)
                 : nullptr);
    operation.reset(raw ? proj_normalize_for_visualization(context, raw.get()) : nullptr);
    if (!operation)
        throw Error(
            ErrorKind::input, "no-transform",
            {fmt::format("no way from \"{}\" back to longitude and latitude: {}", crs.label(), proj_reason(context)),
             fmt::format("“{}”无法反算为经纬度：{}", crs.label(), proj_reason(context))});
    wkt = crs.wkt();
    return operation.get();
}

/// Vertices of a CRS on its ellipsoid, one by one.
class ToEllipsoid {
public:
    explicit ToEllipsoid(const Crs& crs) : crs_(crs) {
        if (const auto& gk = crs.gauss_krueger())
            krueger_.emplace(*gk, crs.ellipsoid(), crs.metres_per_unit());
        else if (crs.is_projected())
            projection_ = inverse_projection(crs);
    }

    [[nodiscard]] OnEllipsoid at(XY p) const {
        if (krueger_) {
            const KruegerInverse::Place place = krueger_->at(p);
            return {place.longitude_rad, place.sin_latitude, place.cos_latitude};
        }
        XY degrees = p;
        if (projection_ != nullptr) {
            const PJ_COORD c = proj_trans(projection_, PJ_FWD, proj_coord(p.x, p.y, 0, 0));
            degrees = {c.xy.x, c.xy.y};
            if (!std::isfinite(degrees.x) || !std::isfinite(degrees.y))
                throw Error(
                    ErrorKind::input, "transform-failed",
                    {fmt::format("vertex {:.10g} {:.10g} cannot be taken from \"{}\" to longitude and latitude; "
                                 "check the declared CRS",
                                 p.x, p.y, crs_.label()),
                     fmt::format("顶点 {:.10g} {:.10g} 无法由“{}”反算为经纬度，请核对声明的坐标系", p.x, p.y,
                                 crs_.label())});
        }
        if (!(std::abs(degrees.y) <= 90))
            throw_latitude(p, crs_);
        const portable::SinCos latitude = portable::sin_cos(degrees.y * portable::radians_per_degree);
        return {degrees.x * portable::radians_per_degree, latitude.sin, latitude.cos};
    }

    [[nodiscard]] const std::optional<KruegerInverse>& krueger() const { return krueger_; }

private:
    const Crs& crs_;
    std::optional<KruegerInverse> krueger_;
    PJ* projection_ = nullptr;
};

/// F(B) of the notice as a polynomial: F = sinB·(c₀ + c₁ sin²B + … + c₄ sin⁸B), m² a radian of longitude.
class NoticeSurface {
public:
    explicit NoticeSurface(const Ellipsoid& figure) {
        const double f = flattening(figure);
        const double b = figure.semi_major_m * (1 - f);
        const double e2 = f * (2 - f);
        e2_ = e2;
        const double e4 = e2 * e2;
        const double e6 = e4 * e2;
        const double e8 = e4 * e4;
        const double notice_a = 1 + 3.0 / 6 * e2 + 30.0 / 80 * e4 + 35.0 / 112 * e6 + 630.0 / 2304 * e8;
        const double notice_b = 1.0 / 6 * e2 + 15.0 / 80 * e4 + 21.0 / 112 * e6 + 420.0 / 2304 * e8;
        const double notice_c = 3.0 / 80 * e4 + 7.0 / 112 * e6 + 180.0 / 2304 * e8;
        const double notice_d = 1.0 / 112 * e6 + 45.0 / 2304 * e8;
        const double notice_e = 5.0 / 2304 * e8;
        // sin 3B = 3s − 4s³ and so on.
        const double b2 = b * b;
        c_[0] = b2 * (notice_a - 3 * notice_b + 5 * notice_c - 7 * notice_d + 9 * notice_e);
        c_[1] = b2 * (4 * notice_b - 20 * notice_c + 56 * notice_d - 120 * notice_e);
        c_[2] = b2 * (16 * notice_c - 112 * notice_d + 432 * notice_e);
        c_[3] = b2 * (64 * notice_d - 576 * notice_e);
        c_[4] = b2 * 256 * notice_e;
    }

    [[nodiscard]] double at(double s) const {
        const double z = s * s;
        return s * (c_[0] + z * (c_[1] + z * (c_[2] + z * (c_[3] + z * c_[4]))));
    }

    /// F − F(origin) by rising power of the isometric latitude from the origin's, from the first power.
    [[nodiscard]] std::array<double, KruegerInverse::max_order> by_isometric_latitude(double sin_latitude,
                                                                                      std::size_t order) const {
        using Series = std::array<double, KruegerInverse::max_order>;
        const auto product_term = [](const Series& a, const Series& b, std::size_t k) {
            double sum = 0;
            for (std::size_t i = 0; i <= k; ++i)
                sum += a[i] * b[k - i];
            return sum;
        };
        // s = sinB grows by ds/dψ = (1 − s²)(1 − e²s²)/(1 − e²), and dF/dψ = dF/ds · ds/dψ.
        Series s{sin_latitude};
        Series z{};
        Series growth{};
        std::array<Series, 4> horner{}; // of dF/ds = c₀ + 3c₁z + 5c₂z² + 7c₃z³ + 9c₄z⁴
        Series out{};
        for (std::size_t k = 0; k < order; ++k) {
            if (k > 0)
                s[k] = growth[k - 1] / static_cast<double>(k);
            z[k] = product_term(s, s, k);
            growth[k] = ((k == 0 ? 1.0 : 0.0) - (1 + e2_) * z[k] + e2_ * product_term(z, z, k)) / (1 - e2_);
            horner[3][k] = 9 * c_[4] * z[k] + (k == 0 ? 7 * c_[3] : 0);
            horner[2][k] = product_term(horner[3], z, k) + (k == 0 ? 5 * c_[2] : 0);
            horner[1][k] = product_term(horner[2], z, k) + (k == 0 ? 3 * c_[1] : 0);
            horner[0][k] = product_term(horner[1], z, k) + (k == 0 ? c_[0] : 0);
            out[k] = product_term(horner[0], growth, k) / static_cast<double>(k + 1);
        }
        return out;
    }

private:
    std::array<double, 5> c_{};
    double e2_ = 0;
};

/// Σ over the rings of the shoelace in the plane (L, F), each about its first vertex.
template <typename Project>
double shoelace_m2(const ShapeView& shape, const Project& project) {
    double sum = 0;
    for (std::size_t r = 0; r < shape.ring_count(); ++r) {
        const std::span<const XY> ring = shape.ring(r);
        if (ring.size() < 4)
            continue;
        const XY first = project(ring[0]);
        XY before{0, 0};
        double twice = 0;
        for (std::size_t i = 1; i + 1 < ring.size(); ++i) {
            const XY at = project(ring[i]);
            const XY now{at.x - first.x, at.y - first.y};
            twice += before.x * now.y - now.x * before.y;
            before = now;
        }
        sum += 0.5 * twice;
    }
    return sum;
}

/// The notice for a small feature on a transverse Mercator map: longitude and F as Taylor series about the
/// middle of its box, without a transcendental function a vertex.
double small_official_m2(const ShapeView& shape, const KruegerInverse& krueger, const NoticeSurface& surface, XY middle,
                         std::size_t order) {
    const KruegerInverse::IsometricSeries w = krueger.isometric_series(middle, order);
    const auto f = surface.by_isometric_latitude(krueger.at(middle).sin_latitude, order);
    return shoelace_m2(shape, [&](XY p) {
        const Complex d{p.y - middle.y, p.x - middle.x};
        Complex sum = w[order - 1];
        for (std::size_t k = order - 1; k-- > 0;)
            sum = sum * d + w[k];
        sum = sum * d;
        double height = f[order - 1];
        for (std::size_t k = order - 1; k-- > 0;)
            height = height * sum.re + f[k];
        return XY{sum.im, height * sum.re};
    });
}

} // namespace

std::string_view name_of(AreaMethod method) {
    switch (method) {
    case AreaMethod::cn2008:
        return "cn2008";
    case AreaMethod::geodesic:
        return "geodesic";
    case AreaMethod::planar:
        return "planar";
    }
    return "";
}

double planar_m2(const ShapeView& shape, const Crs& crs) {
    // About each ring's first vertex: prefixed and unprefixed copies have the same differences, bit for bit.
    return shoelace_m2(shape, [](XY p) { return p; }) * (crs.metres_per_unit() * crs.metres_per_unit());
}

double official_cn2008_m2(const ShapeView& shape, const Crs& crs) {
    if (shape.empty())
        return 0;
    const NoticeSurface surface(crs.ellipsoid());
    const ToEllipsoid ellipsoid(crs);
    if (ellipsoid.krueger()) {
        // Terms of order k weigh (half the box / Earth's radius)ᵏ⁻¹, doubled towards the pole.
        const Box& box = shape.box();
        const double reach_m = 0.5 * ((box.max_x - box.min_x) + (box.max_y - box.min_y)) * crs.metres_per_unit();
        // Whole units from the corner, so that copies with and without a zone prefix get the same bits.
        const XY middle{box.min_x + std::floor(0.5 * (box.max_x - box.min_x)),
                        box.min_y + std::floor(0.5 * (box.max_y - box.min_y))};
        const std::size_t order = reach_m < 1000 ? 4 : reach_m < 15000 ? 6 : 0;
        if (order != 0 && std::abs(ellipsoid.krueger()->at(middle).sin_latitude) < 0.9)
            return small_official_m2(shape, *ellipsoid.krueger(), surface, middle, order);
    }
    return shoelace_m2(shape, [&](XY p) {
        const OnEllipsoid place = ellipsoid.at(p);
        return XY{place.longitude_rad, surface.at(place.sin_latitude)};
    });
}

double ground_m2(const ShapeView& shape, const AreaForm& ground) {
    if (shape.empty())
        return 0;
    const XY origin = shape.vertices().front();
    const LocalAreaForm form = ground.local(origin);
    double sum = 0;
    for (std::size_t r = 0; r < shape.ring_count(); ++r) {
        const std::span<const XY> ring = shape.ring(r);
        for (std::size_t i = 0; i + 1 < ring.size(); ++i)
            sum += form.segment_m2({ring[i].x - origin.x, ring[i].y - origin.y},
                                   {ring[i + 1].x - origin.x, ring[i + 1].y - origin.y});
    }
    return sum;
}

double geodesic_m2(const ShapeView& shape, const Crs& crs) {
    if (shape.empty())
        return 0;
    const ToEllipsoid ellipsoid(crs);
    geod_geodesic figure;
    geod_init(&figure, crs.ellipsoid().semi_major_m, flattening(crs.ellipsoid()));
    double sum = 0;
    for (std::size_t r = 0; r < shape.ring_count(); ++r) {
        const std::span<const XY> ring = shape.ring(r);
        geod_polygon polygon;
        geod_polygon_init(&polygon, 0);
        for (std::size_t i = 0; i + 1 < ring.size(); ++i) {
            const OnEllipsoid place = ellipsoid.at(ring[i]);
            geod_polygon_addpoint(&figure, &polygon,
                                  portable::atan2(place.sin_latitude, place.cos_latitude) /
                                      portable::radians_per_degree,
                                  place.longitude_rad / portable::radians_per_degree);
        }
        double area_m2 = 0;
        geod_polygon_compute(&figure, &polygon, 0, 1, &area_m2, nullptr);
        sum += area_m2;
    }
    return sum;
}

double whole_area_m2(const ShapeView& shape, const Crs& crs, AreaMethod method) {
    switch (method) {
    case AreaMethod::cn2008:
        return official_cn2008_m2(shape, crs);
    case AreaMethod::geodesic:
        return geodesic_m2(shape, crs);
    case AreaMethod::planar:
        break;
    }
    if (crs.is_geographic())
        throw Error(ErrorKind::usage, "planar-on-degrees",
                    {fmt::format("planar area needs a projected CRS, but \"{}\" is in degrees; use --area cn2008 or "
                                 "geodesic, or transform the layer to a Gauss-Krüger strip",
                                 crs.label()),
                     fmt::format("平面面积需要投影坐标系，而“{}”以度为单位；请改用 --area cn2008 或 "
                                 "geodesic，或将图层转换到高斯-克吕格投影带",
                                 crs.label())});
    return planar_m2(shape, crs);
}

} // namespace corebelt::geo
