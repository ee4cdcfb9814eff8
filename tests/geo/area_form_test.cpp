#include "support/catch.hpp"

#include "corebelt/geo/area_form.hpp"
#include "corebelt/geo/crs.hpp"

#include <proj.h>

#include <array>
#include <cmath>
#include <memory>
#include <random>
#include <string>
#include <vector>

using corebelt::geo::AreaForm;
using corebelt::geo::Crs;
using corebelt::geo::LocalAreaForm;
using corebelt::geo::XY;

namespace {

/// Independent oracle: 1/areal scale by PROJ, integrated over a parallelogram by 8 × 8 Gauss–Legendre nodes.
class ProjScale {
public:
    explicit ProjScale(const std::string& definition) : context_(proj_context_create()) {
        proj_context_set_enable_network(context_, 0);
        PJ* crs = proj_create(context_, definition.c_str());
        PJ* geodetic = proj_crs_get_geodetic_crs(context_, crs);
        PJ* raw = proj_create_crs_to_crs_from_pj(context_, geodetic, crs, nullptr, nullptr);
        to_map_ = proj_normalize_for_visualization(context_, raw);
        projected_ = proj_normalize_for_visualization(context_, crs);
        proj_destroy(crs);
        proj_destroy(raw);
        proj_destroy(geodetic);
    }
    ~ProjScale() {
        proj_destroy(to_map_);
        proj_destroy(projected_);
        proj_context_destroy(context_);
    }
    ProjScale(const ProjScale&) = delete;
    ProjScale& operator=(const ProjScale&) = delete;

    double inverse_areal_scale(XY p) const {
        const PJ_COORD at = proj_trans(to_map_, PJ_INV, proj_coord(p.x, p.y, 0, 0));
        const double radian = std::acos(-1.0) / 180;
        return 1 / proj_factors(projected_, proj_coord(at.xy.x * radian, at.xy.y * radian, 0, 0)).areal_scale;
    }

    double parallelogram_m2(XY corner, XY u, XY v) const {
        constexpr std::array nodes = {0.1834346424956498, 0.5255324099163290, 0.7966664774136267, 0.9602898564975363};
        constexpr std::array weights = {0.3626837833783620, 0.3137066458778873, 0.2223810344533745, 0.1012285362903763};
        double sum = 0;
        for (int i = -4; i <= 4; ++i)
            for (int j = -4; j <= 4; ++j) {
                if (i == 0 || j == 0)
                    continue;
                const auto a = static_cast<std::size_t>(std::abs(i) - 1);
                const auto b = static_cast<std::size_t>(std::abs(j) - 1);
                const double s = 0.5 * (1 + (i < 0 ? -nodes[a] : nodes[a]));
                const double t = 0.5 * (1 + (j < 0 ? -nodes[b] : nodes[b]));
                sum += 0.25 * weights[a] * weights[b] *
                       inverse_areal_scale({corner.x + s * u.x + t * v.x, corner.y + s * u.y + t * v.y});
            }
        return sum * std::abs(u.x * v.y - v.x * u.y);
    }

private:
    PJ_CONTEXT* context_;
    PJ* projected_ = nullptr;
    PJ* to_map_ = nullptr;
};

double closed_ring_m2(const LocalAreaForm& form, XY origin, const std::vector<XY>& ring) {
    double sum = 0;
    for (std::size_t i = 0; i < ring.size(); ++i) {
        const XY p = ring[i];
        const XY q = ring[(i + 1) % ring.size()];
        sum += form.segment_m2({p.x - origin.x, p.y - origin.y}, {q.x - origin.x, q.y - origin.y});
    }
    return sum;
}

double parallelogram_m2(const AreaForm& form, XY corner, XY u, XY v) {
    const XY origin{corner.x + 0.3 * u.x, corner.y + 0.4 * v.y};
    return closed_ring_m2(form.local(origin), origin,
                          {corner,
                           {corner.x + u.x, corner.y + u.y},
                           {corner.x + u.x + v.x, corner.y + u.y + v.y},
                           {corner.x + v.x, corner.y + v.y}});
}

} // namespace

TEST_CASE("planar form is the shoelace in square metres", "[area_form]") {
    const Crs metres = Crs::parse("EPSG:4522");
    CHECK(closed_ring_m2(AreaForm::planar(metres).local({34554000, 2694000}), {34554000, 2694000},
                         {{34554000, 2694000}, {34555000, 2694000}, {34555000, 2695000}, {34554000, 2695000}}) == 1e6);
    const Crs feet = Crs::parse("EPSG:2225"); // US survey feet, 1200/3937 m
    const double foot_m = 1200.0 / 3937.0;
    CHECK(closed_ring_m2(AreaForm::planar(feet).local({0, 0}), {0, 0}, {{0, 0}, {1000, 0}, {1000, 1000}, {0, 1000}}) ==
          Approx(1e6 * foot_m * foot_m).epsilon(0).margin(1e-6));
}

TEST_CASE("ground of transverse Mercator systems agrees with PROJ's areal factor", "[area_form]") {
    // zone-prefixed, unprefixed, UTM (k0 = 0.9996), UTM south, Italian and British grids, feet
    struct Place {
        const char* crs;
        XY corner;
    };
    const auto place = GENERATE(Place{"EPSG:4522", {34554000, 2694000}}, Place{"EPSG:4522", {34650000, 2320000}},
                                Place{"EPSG:4543", {140000, 3250000}}, Place{"EPSG:4543", {860000, 2500000}},
                                Place{"EPSG:4534", {500000, 6000000}}, Place{"EPSG:32632", {700000, 5060000}},
                                Place{"EPSG:32733", {300000, 6200000}}, Place{"EPSG:27700", {530000, 180000}},
                                Place{"EPSG:2358", {34640000, 2500000}}, Place{"EPSG:21416", {16800000, 2800000}});
    const double side = GENERATE(800.0, 20000.0, 50000.0);
    CAPTURE(place.crs, place.corner.x, place.corner.y, side);
    const AreaForm ground = AreaForm::ground(Crs::parse(place.crs));
    const XY u{side, 0.2 * side};
    const XY v{-0.3 * side, 0.9 * side};
    const double expected = ProjScale(place.crs).parallelogram_m2(place.corner, u, v);
    // PROJ differentiates numerically: its own error is about 1e-10.
    CHECK(std::abs(parallelogram_m2(ground, place.corner, u, v) / expected - 1) < 2e-10);
}

TEST_CASE("ground of other projections agrees with PROJ's areal factor", "[area_form]") {
    struct Place {
        const char* crs;
        XY corner;
        double metres_per_unit;
    };
    const auto place =
        GENERATE(Place{"EPSG:2056", {2760000, 1220000}, 1},             // Swiss oblique Mercator
                 Place{"EPSG:3035", {4321000, 3210000}, 1},             // equal-area
                 Place{"EPSG:2154", {700000, 6600000}, 1},              // Lambert conformal conic
                 Place{"EPSG:2263", {980000, 200000}, 1200.0 / 3937.0}, // Lambert conformal conic, US survey feet
                 Place{"EPSG:3395", {11400000, 2800000}, 1});
    const double side = GENERATE(800.0, 50000.0);
    CAPTURE(place.crs, side);
    const AreaForm ground = AreaForm::ground(Crs::parse(place.crs));
    const XY u{side, 0.2 * side};
    const XY v{-0.3 * side, 0.9 * side};
    const double expected =
        ProjScale(place.crs).parallelogram_m2(place.corner, u, v) * place.metres_per_unit * place.metres_per_unit;
    CHECK(std::abs(parallelogram_m2(ground, place.corner, u, v) / expected - 1) < 1e-9);
}

TEST_CASE("ground of degrees and of web Mercator is the closed form of a graticule cell", "[area_form]") {
    // Area between parallels, per radian of longitude: b²/2·[s/(1−e²s²) + atanh(e·s)/e], s = sinB.
    const double degree = std::acos(-1.0) / 180;
    const auto cell_m2 = [&](double a, double rf, double south, double north, double width_deg) {
        const double e2 = (2 - 1 / rf) / rf;
        const double e = std::sqrt(e2);
        const auto zone = [&](double lat) {
            const double s = std::sin(lat * degree);
            return 0.5 * a * a * (1 - e2) * (s / (1 - e2 * s * s) + std::atanh(e * s) / e);
        };
        return (zone(north) - zone(south)) * width_deg * degree;
    };
    const double south = GENERATE(-41.3, 0.0, 24.3, 67.9);
    const double size = GENERATE(0.1, 0.5);
    CAPTURE(south, size);
    {
        const AreaForm ground = AreaForm::ground(Crs::parse("EPSG:4490"));
        const double expected = cell_m2(6378137, 298.257222101, south, south + size, size);
        CHECK(std::abs(parallelogram_m2(ground, {102.5, south}, {size, 0}, {0, size}) / expected - 1) < 1e-11);
    }
    {
        const AreaForm ground = AreaForm::ground(Crs::parse("EPSG:3857"));
        const auto y = [&](double lat) { return 6378137 * std::asinh(std::tan(lat * degree)); };
        const double expected = cell_m2(6378137, 298.257223563, south, south + size, size);
        CHECK(std::abs(parallelogram_m2(ground, {102.5 * degree * 6378137, y(south)}, {size * degree * 6378137, 0},
                                        {0, y(south + size) - y(south)}) /
                           expected -
                       1) < 1e-10);
    }
}

TEST_CASE("splitting an edge and reversing it leave the ground area alone", "[area_form]") {
    const auto* definition = GENERATE("EPSG:4522", "EPSG:4490", "EPSG:3857", "EPSG:2056");
    const Crs crs = Crs::parse(definition);
    const XY origin = std::string(definition) == "EPSG:4522"   ? XY{34650000, 2694000}
                      : std::string(definition) == "EPSG:4490" ? XY{102.54, 24.354}
                      : std::string(definition) == "EPSG:3857" ? XY{11414000, 2800000}
                                                               : XY{2760000, 1220000};
    const LocalAreaForm form = AreaForm::ground(crs).local(origin);
    const double unit = crs.is_geographic() ? 1e-5 : 1; // about a metre
    const unsigned seed = 20240817;
    CAPTURE(definition, seed);
    std::mt19937 random(seed);
    std::uniform_real_distribution<double> place(-20000 * unit, 20000 * unit);
    std::uniform_real_distribution<double> part(0, 1);
    for (int n = 0; n < 2000; ++n) {
        const double size = n % 2 == 0 ? 1.0 : 0.01; // 20 km edges, 200 m edges
        const XY p{size * place(random), size * place(random)};
        const XY q{size * place(random), size * place(random)};
        const double t = part(random);
        const XY m{p.x + t * (q.x - p.x), p.y + t * (q.y - p.y)};
        const double whole = form.segment_m2(p, q);
        const double scale = std::abs(form.segment_m2({0, 0}, {20000 * unit * size, 0})) +
                             2e4 * 2e4 * size * size; // m², product of reach and length
        CHECK(form.segment_m2(q, p) == -whole);
        CHECK(std::abs(form.segment_m2(p, m) + form.segment_m2(m, q) - whole) < 4e-15 * scale);
    }
}

TEST_CASE("the origin of a form does not matter", "[area_form]") {
    const AreaForm ground = AreaForm::ground(Crs::parse("EPSG:4522"));
    const XY corner{34646000, 2694000};
    const std::vector<XY> ring = {corner, {34666000, 2694000}, {34666000, 2714000}, {34646000, 2714000}};
    const double here = closed_ring_m2(ground.local(corner), corner, ring);
    for (const XY away : {XY{34656000, 2704000}, XY{34596000, 2694000}, XY{34646000, 2644000}, XY{34700000, 2750000}}) {
        CAPTURE(away.x, away.y);
        CHECK(std::abs(closed_ring_m2(ground.local(away), away, ring) / here - 1) < 3e-12);
    }
}
