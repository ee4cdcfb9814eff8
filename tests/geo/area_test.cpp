#include "support/catch.hpp"
#include "support/temp_dir.hpp"

#include "corebelt/geo/area.hpp"
#include "corebelt/geo/error.hpp"
#include "corebelt/geo/transform.hpp"

#include <nlohmann/json.hpp>
#include <proj.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <fstream>
#include <initializer_list>
#include <random>
#include <string>
#include <vector>

using corebelt::Error;
using corebelt::geo::AreaForm;
using corebelt::geo::AreaMethod;
using corebelt::geo::Crs;
using corebelt::geo::Dimension;
using corebelt::geo::official_cn2008_m2;
using corebelt::geo::planar_m2;
using corebelt::geo::Shapes;
using corebelt::geo::Transform;
using corebelt::geo::XY;

namespace {

using Ring = std::vector<XY>;

Shapes polygon(const std::vector<Ring>& rings) {
    Shapes shapes;
    for (const Ring& ring : rings) {
        for (const XY p : ring)
            shapes.add(p);
        shapes.end_ring();
    }
    shapes.end_part();
    shapes.end_shape(Dimension::area);
    return shapes;
}

Ring square(XY corner, double width, double height) {
    return {corner,
            {corner.x + width, corner.y},
            {corner.x + width, corner.y + height},
            {corner.x, corner.y + height},
            corner};
}

double within_m2(double area_m2) {
    return std::max(1e-4, 1e-12 * area_m2);
}

struct Vector {
    std::string crs;
    Shapes shapes;
    double planar_m2 = std::nan("");
    double official_m2 = 0;
};

Vector read_case(const std::string& name) {
    std::ifstream in(std::string(COREBELT_SOURCE_DIR) + "/tests/cases/cn2008/" + name + ".geojson");
    REQUIRE(in);
    const auto document = nlohmann::json::parse(in);
    const std::string urn = document["crs"]["properties"]["name"]; // urn:ogc:def:crs:EPSG::4522
    const auto& feature = document["features"][0];
    Vector vector;
    vector.crs = "EPSG:" + urn.substr(urn.rfind(':') + 1);
    std::vector<Ring> rings;
    for (const auto& ring : feature["geometry"]["coordinates"]) {
        rings.emplace_back();
        for (const auto& p : ring)
            rings.back().push_back({p[0], p[1]});
    }
    vector.shapes = polygon(rings);
    vector.official_m2 = feature["properties"]["official_cn2008_m2"];
    if (!feature["properties"]["planar_m2"].is_null())
        vector.planar_m2 = feature["properties"]["planar_m2"];
    return vector;
}

/// The notice's own formula, edge by edge as printed (sines of the half differences), in long double.
long double notice_m2(const Ring& ring_deg, long double a, long double rf) {
    const long double radian = std::acos(-1.0L) / 180;
    const long double b = a * (1 - 1 / rf);
    const long double e2 = (a * a - b * b) / (a * a);
    const long double k_a = 1 + e2 * (3 / 6.0L + e2 * (30 / 80.0L + e2 * (35 / 112.0L + e2 * 630 / 2304.0L)));
    const long double k_b = e2 * (1 / 6.0L + e2 * (15 / 80.0L + e2 * (21 / 112.0L + e2 * 420 / 2304.0L)));
    const long double k_c = e2 * e2 * (3 / 80.0L + e2 * (7 / 112.0L + e2 * 180 / 2304.0L));
    const long double k_d = e2 * e2 * e2 * (1 / 112.0L + e2 * 45 / 2304.0L);
    const long double k_e = e2 * e2 * e2 * e2 * 5 / 2304.0L;
    const long double reference = ring_deg[0].x;
    long double sum = 0;
    for (std::size_t i = 0; i + 1 < ring_deg.size(); ++i) {
        const long double width =
            ((ring_deg[i].x + static_cast<long double>(ring_deg[i + 1].x)) / 2 - reference) * radian;
        const long double d = (static_cast<long double>(ring_deg[i + 1].y) - ring_deg[i].y) * radian;
        const long double m = (static_cast<long double>(ring_deg[i + 1].y) + ring_deg[i].y) / 2 * radian;
        sum += 2 * b * b * width *
               (k_a * std::sin(d / 2) * std::cos(m) - k_b * std::sin(3 * d / 2) * std::cos(3 * m) +
                k_c * std::sin(5 * d / 2) * std::cos(5 * m) - k_d * std::sin(7 * d / 2) * std::cos(7 * m) +
                k_e * std::sin(9 * d / 2) * std::cos(9 * m));
    }
    return sum;
}

/// The pieces of a polygon with one vertical cut, in the order left, right. The cut runs from the middle of the
/// bottom edge to that of the top edge of a four-cornered ring.
std::pair<Shapes, Shapes> cut(const Ring& ring, double bottom, double top) {
    const auto between = [](XY a, XY b, double t) { return XY{a.x + t * (b.x - a.x), a.y + t * (b.y - a.y)}; };
    const XY low = between(ring[0], ring[1], bottom);
    const XY high = between(ring[3], ring[2], top);
    return {polygon({{ring[0], low, high, ring[3], ring[0]}}), polygon({{low, ring[1], ring[2], high, low}})};
}

} // namespace

TEST_CASE("the vectors of the 2008 notice are met", "[area]") {
    const std::string name = GENERATE("t1", "t2", "t3", "t4", "t5", "t6", "t7", "t8");
    CAPTURE(name);
    const Vector vector = read_case(name);
    const Crs crs = Crs::parse(vector.crs);
    CHECK(official_cn2008_m2(vector.shapes[0], crs) ==
          Approx(vector.official_m2).epsilon(0).margin(within_m2(vector.official_m2)));
    CHECK(whole_area_m2(vector.shapes[0], crs, AreaMethod::cn2008) == official_cn2008_m2(vector.shapes[0], crs));
    if (!std::isnan(vector.planar_m2))
        CHECK(planar_m2(vector.shapes[0], crs) ==
              Approx(vector.planar_m2).epsilon(0).margin(within_m2(vector.planar_m2)));
    // The notice holds on the map as well as in degrees.
    if (crs.is_projected()) {
        Shapes degrees = vector.shapes;
        const Crs geographic = Crs::parse("EPSG:4490");
        Transform(crs, geographic).apply(degrees);
        CHECK(official_cn2008_m2(degrees[0], geographic) ==
              Approx(vector.official_m2).epsilon(0).margin(within_m2(vector.official_m2)));
    }
}

TEST_CASE("the same land in two strips has one official area and two planar ones", "[area]") {
    const Crs here = Crs::parse("EPSG:4522");
    const Crs there = Crs::parse("EPSG:4523");
    const Shapes in_34 = polygon({square({34650000, 2694000}, 1000, 1000)});
    Shapes in_35 = in_34;
    Transform(here, there).apply(in_35);
    CHECK(official_cn2008_m2(in_35[0], there) == Approx(999440.9475).epsilon(0).margin(1e-4));
    CHECK(planar_m2(in_35[0], there) == Approx(1000025.96).epsilon(0).margin(0.01)); // 585 ppm more
    // Ground: the map's straight edges are not the same lines on the ground, so compare with the edges kept.
    Shapes followed = in_34;
    Transform(here, there).apply(followed, 1e-6);
    const double ground_34 = ground_m2(in_34[0], AreaForm::ground(here));
    const double ground_35 = ground_m2(followed[0], AreaForm::ground(there));
    CHECK(std::abs(ground_35 / ground_34 - 1) < 1e-8);
}

TEST_CASE("prefixed and unprefixed copies have identical areas", "[area]") {
    const Crs prefixed = Crs::parse("EPSG:4522");
    const Crs unprefixed = Crs::parse("EPSG:4543");
    const unsigned seed = 4522;
    CAPTURE(seed);
    std::mt19937_64 random(seed);
    std::uniform_real_distribution<double> radius(200, 3000);
    for (int n = 0; n < 200; ++n) {
        Ring ring;
        for (int k = 0; k < 17; ++k) { // star-shaped, rounded to 2⁻²⁷ m
            const double angle = 2 * std::acos(-1.0) * k / 17;
            const double r = radius(random);
            ring.push_back({std::nearbyint((34646000 + r * std::cos(angle)) * 0x1p27) * 0x1p-27,
                            std::nearbyint((2694000 + r * std::sin(angle)) * 0x1p27) * 0x1p-27});
        }
        ring.push_back(ring.front());
        const Shapes shapes = polygon({ring});
        Shapes copy = shapes;
        Transform(prefixed, unprefixed).apply(copy);
        CHECK(planar_m2(shapes[0], prefixed) == planar_m2(copy[0], unprefixed));
        CHECK(ground_m2(shapes[0], AreaForm::ground(prefixed)) == ground_m2(copy[0], AreaForm::ground(unprefixed)));
        CHECK(official_cn2008_m2(shapes[0], prefixed) == official_cn2008_m2(copy[0], unprefixed));
    }
}

TEST_CASE("parts of a split parcel add up to its official area by their ground areas", "[area]") {
    const Crs crs = Crs::parse("EPSG:4522");
    const AreaForm ground = AreaForm::ground(crs);
    const double side = GENERATE(1000.0, 20000.0); // at the strip's rim
    CAPTURE(side);
    const Ring whole = {{34630000, 2694000},
                        {34630000 + side, 2694000 + 0.11 * side},
                        {34630000 + 0.9 * side, 2694000 + side},
                        {34630000 + 0.07 * side, 2694000 + 0.93 * side},
                        {34630000, 2694000}};
    const Shapes parcel = polygon({whole});
    const double official = official_cn2008_m2(parcel[0], crs);
    const double ground_whole = ground_m2(parcel[0], ground);
    const auto [left, right] = cut(whole, 0.37, 0.61);
    const double parts = official * (ground_m2(left[0], ground) + ground_m2(right[0], ground)) / ground_whole;
    CHECK(parts == Approx(official).epsilon(0).margin(within_m2(official)));
    // The notice itself does not add up: 20 km edges lose whole hectares.
    const double by_notice = official_cn2008_m2(left[0], crs) + official_cn2008_m2(right[0], crs);
    CHECK(std::abs(by_notice - official) > (side > 10000 ? 1000 : 0.1));
    CHECK(std::abs(ground_whole / official - 1) < (side > 10000 ? 2e-4 : 1e-5));
}

TEST_CASE("small and large features take the same surface", "[area]") {
    // A feature below the limit of the series about its middle, and the same ring as one part of a feature far
    // above it, which is taken vertex by vertex.
    const auto* definition = GENERATE("EPSG:4522", "EPSG:2358", "EPSG:21416", "EPSG:32632", "EPSG:27700");
    const Crs crs = Crs::parse(definition);
    const double size = GENERATE(40.0, 900.0, 7000.0);
    const double north = GENERATE(1200000.0, 2694000.0, 5300000.0);
    CAPTURE(definition, size, north);
    const double meridian = crs.gauss_krueger()->false_easting_m;
    for (const double off : {-180000.0, 0.0, 152000.0, 330000.0}) {
        CAPTURE(off);
        const Ring ring = {{meridian + off, north},
                           {meridian + off + 1.1 * size, north + 0.2 * size},
                           {meridian + off + 0.8 * size, north + size},
                           {meridian + off - 0.1 * size, north + 0.7 * size},
                           {meridian + off, north}};
        const Ring far = square({meridian + off + 30000, north + 30000}, 100, 100);
        Shapes both;
        for (const Ring& r : {ring, far}) {
            for (const XY p : r)
                both.add(p);
            both.end_ring();
            both.end_part();
        }
        both.end_shape(Dimension::area);
        const double small = official_cn2008_m2(polygon({ring})[0], crs);
        const double large = official_cn2008_m2(both[0], crs) - official_cn2008_m2(polygon({far})[0], crs);
        CHECK(small == Approx(large).epsilon(0).margin(0.3 * within_m2(large)));
    }
}

TEST_CASE("official areas follow the printed formula on PROJ's coordinates", "[area]") {
    struct System {
        const char* projected;
        const char* geographic;
        long double a;
        long double rf;
    };
    const auto system = GENERATE(
        System{"EPSG:4522", "EPSG:4490", 6378137, 298.257222101L}, System{"EPSG:2358", "EPSG:4610", 6378140, 298.257L},
        System{"EPSG:2410", "EPSG:4214", 6378245, 298.3L}, System{"EPSG:32632", "EPSG:4326", 6378137, 298.257223563L},
        System{"EPSG:2056", "EPSG:4150", 6377397.155L, 299.1528128L},
        System{"EPSG:3857", "EPSG:4326", 6378137, 298.257223563L});
    const Crs projected = Crs::parse(system.projected);
    const Transform to_degrees(projected, Crs::parse(system.geographic));
    const Transform to_map(Crs::parse(system.geographic), projected);
    const auto box = projected.area_of_use_deg();
    REQUIRE(box);
    const XY middle_deg{0.6 * box->min_x + 0.4 * box->max_x,
                        std::string(system.projected) == "EPSG:2056" ? 46.9 : 25.1};
    std::array middle = {middle_deg};
    to_map.apply(middle);
    const double size = GENERATE(300.0, 1500.0, 60000.0);
    CAPTURE(system.projected, size);
    Ring ring = {middle[0],
                 {middle[0].x + size, middle[0].y + 0.1 * size},
                 {middle[0].x + 1.2 * size, middle[0].y + 0.9 * size},
                 {middle[0].x + 0.3 * size, middle[0].y + 0.7 * size},
                 middle[0]};
    const Shapes shapes = polygon({ring});
    to_degrees.apply(ring);
    const auto expected = static_cast<double>(notice_m2(ring, system.a, system.rf));
    // PROJ's degrees carry 1e-14° of rounding: 1e-9 m along the perimeter.
    CHECK(official_cn2008_m2(shapes[0], projected) ==
          Approx(expected).epsilon(0).margin(within_m2(expected) + 1e-8 * size));
}

TEST_CASE("ground and geodesic areas agree with the official one to a few parts in a million", "[area]") {
    const auto* name = GENERATE("t1", "t2", "t4", "t5", "t7");
    CAPTURE(name);
    const Vector vector = read_case(name);
    const Crs crs = Crs::parse(vector.crs);
    CHECK(std::abs(ground_m2(vector.shapes[0], AreaForm::ground(crs)) / vector.official_m2 - 1) < 3e-6);
    CHECK(std::abs(geodesic_m2(vector.shapes[0], crs) / vector.official_m2 - 1) < 3e-6);
    CHECK(whole_area_m2(vector.shapes[0], crs, AreaMethod::geodesic) == geodesic_m2(vector.shapes[0], crs));
}

TEST_CASE("geodesic area is Karney's", "[area]") {
    // GeographicLib's test set: the area between a geodesic and the equator, closed by two meridians.
    const auto folder = corebelt::test::shared_folder();
    if (!folder) {
        WARN("skipped: GeodTest-nano.dat is not here");
        return;
    }
    std::ifstream in(*folder / "data" / "conformance" / "GeodTest-nano.dat");
    REQUIRE(in);
    const Crs crs = Crs::parse("EPSG:4326");
    double lat1 = 0;
    double lon1 = 0;
    double azi1 = 0;
    double lat2 = 0;
    double lon2 = 0;
    double azi2 = 0;
    double s12 = 0;
    double a12 = 0;
    double m12 = 0;
    double area_m2 = 0;
    int compared = 0;
    while (in >> lat1 >> lon1 >> azi1 >> lat2 >> lon2 >> azi2 >> s12 >> a12 >> m12 >> area_m2) {
        if (std::abs(lon2 - lon1) > 170 || lat1 < 1 || lat2 < 1)
            continue; // the equator is the shortest way only for less; keep clear of it
        const Ring ring = {{lon1, 0}, {lon2, 0}, {lon2, lat2}, {lon1, lat1}, {lon1, 0}};
        CAPTURE(lat1, lon1, lat2, lon2);
        CHECK(std::abs(geodesic_m2(polygon({ring})[0], crs)) == Approx(area_m2).epsilon(0).margin(1));
        ++compared;
    }
    CHECK(compared > 5);
}

TEST_CASE("planar area of degrees is refused", "[area][error]") {
    const Crs crs = Crs::parse("EPSG:4490");
    const Shapes shapes = polygon({square({102.5, 24.3}, 0.1, 0.1)});
    try {
        (void)whole_area_m2(shapes[0], crs, AreaMethod::planar);
        FAIL("no error");
    } catch (const Error& error) {
        CHECK(error.code() == "planar-on-degrees");
        CHECK(error.kind() == corebelt::ErrorKind::usage);
    }
    const Shapes on_map = polygon({square({34554000, 2694000}, 100, 50)});
    CHECK(whole_area_m2(on_map[0], Crs::parse("EPSG:4522"), AreaMethod::planar) == 5000);
}

TEST_CASE("swapped axes are an error, not an area", "[area][error]") {
    const Crs crs = Crs::parse("EPSG:4490");
    const Shapes swapped = polygon({square({24.3, 131.5}, 0.1, 0.1)});
    for (const AreaMethod method : {AreaMethod::cn2008, AreaMethod::geodesic}) {
        try {
            (void)whole_area_m2(swapped[0], crs, method);
            FAIL("no error");
        } catch (const Error& error) {
            CHECK(error.code() == "latitude-out-of-range");
            CHECK(error.text().en.find("swapped") != std::string::npos);
        }
    }
}

TEST_CASE("degenerate features have no area", "[area]") {
    const Crs crs = Crs::parse(GENERATE("EPSG:4522", "EPSG:4490", "EPSG:3857"));
    const double unit = crs.is_geographic() ? 1e-5 : 1;
    const XY at = crs.is_geographic() ? XY{102.5, 24.25} : XY{34554000, 2694000};
    const AreaForm ground = AreaForm::ground(crs);
    Shapes nothing;
    nothing.end_shape(Dimension::area);
    const XY along_x{at.x + 64 * unit, at.y};
    const Shapes there_and_back = polygon({{at, along_x, at}});
    const Shapes flat = polygon({{at, along_x, {at.x + 128 * unit, at.y}, along_x, at}});
    const Shapes same_point = polygon({{at, at, at, at}});
    for (const Shapes* shapes : std::initializer_list<const Shapes*>{&nothing, &there_and_back, &flat, &same_point}) {
        CHECK(planar_m2((*shapes)[0], crs) == 0);
        CHECK(official_cn2008_m2((*shapes)[0], crs) == Approx(0).margin(1e-9));
        CHECK(ground_m2((*shapes)[0], ground) == 0);
        CHECK(geodesic_m2((*shapes)[0], crs) == Approx(0).margin(1e-6));
    }
}

TEST_CASE("names of the methods are those of the options", "[area]") {
    CHECK(name_of(AreaMethod::cn2008) == "cn2008");
    CHECK(name_of(AreaMethod::geodesic) == "geodesic");
    CHECK(name_of(AreaMethod::planar) == "planar");
}
