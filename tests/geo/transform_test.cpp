#include "support/catch.hpp"

#include "corebelt/geo/area.hpp"
#include "corebelt/geo/error.hpp"
#include "corebelt/geo/transform.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <random>
#include <string>
#include <vector>

using corebelt::Error;
using corebelt::geo::Crs;
using corebelt::geo::Dimension;
using corebelt::geo::Shapes;
using corebelt::geo::Transform;
using corebelt::geo::XY;

namespace {

XY transformed(const char* from, const char* to, XY point) {
    std::array points = {point};
    Transform(Crs::parse(from), Crs::parse(to)).apply(points);
    return points[0];
}

std::string code_of(const char* from, const char* to) {
    try {
        const Transform transform(Crs::parse(from), Crs::parse(to));
        return "";
    } catch (const Error& error) {
        CHECK(error.kind() == corebelt::ErrorKind::input);
        CHECK(error.text().en.find(Crs::parse(from).label()) != std::string::npos);
        CHECK(error.text().en.find(Crs::parse(to).label()) != std::string::npos);
        return error.code();
    }
}

Shapes one_ring(const std::vector<XY>& ring) {
    Shapes shapes;
    for (const XY p : ring)
        shapes.add(p);
    shapes.end_ring();
    shapes.end_part();
    shapes.end_shape(Dimension::area);
    return shapes;
}

} // namespace

TEST_CASE("coordinates are easting and longitude first, whatever the authority says", "[transform]") {
    const XY p = transformed("EPSG:4490", "EPSG:4522", {102.540, 24.354});
    CHECK(p.x == Approx(34554795.1505).epsilon(0).margin(1e-4));
    CHECK(p.y == Approx(2694604.4551).epsilon(0).margin(1e-4));
    const XY q = transformed("EPSG:4522", "EPSG:4490", {34554000, 2694000});
    CHECK(q.x == Approx(102.5321413365).epsilon(0).margin(1e-10));
    CHECK(q.y == Approx(24.3485707567).epsilon(0).margin(1e-10));
    const XY r = transformed("EPSG:4522", "EPSG:4523", {34650000, 2694000});
    CHECK(r.x == Approx(35345534.3878).epsilon(0).margin(1e-4));
    CHECK(r.y == Approx(2694048.1997).epsilon(0).margin(1e-4));
    CHECK(transformed("EPSG:4326", "EPSG:3857", {180, 0}).x == Approx(20037508.342789244).epsilon(0).margin(1e-6));
}

TEST_CASE("prefixed and unprefixed copies of a strip differ by exactly 34 million metres", "[transform]") {
    const Transform away(Crs::parse("EPSG:4522"), Crs::parse("EPSG:4543"));
    const Transform back(Crs::parse("EPSG:4543"), Crs::parse("EPSG:4522"));
    CHECK_FALSE(away.is_identity());
    const unsigned seed = 7;
    CAPTURE(seed);
    std::mt19937_64 random(seed);
    std::uniform_real_distribution<double> east(34340000, 34660000);
    std::uniform_real_distribution<double> north(2300000, 3300000);
    const auto at_the_door = [](double v) { return std::nearbyint(v * 0x1p27) * 0x1p-27; };
    for (int n = 0; n < 1000; ++n) {
        const XY p{at_the_door(east(random)), at_the_door(north(random))};
        std::array points = {p};
        away.apply(points);
        CHECK(points[0] == XY{p.x - 34000000, p.y});
        back.apply(points);
        CHECK(points[0] == p);
    }
}

TEST_CASE("equal systems need no transformation", "[transform]") {
    const Transform same(Crs::parse("EPSG:4522"), Crs::parse(Crs::parse("EPSG:4522").wkt()));
    CHECK(same.is_identity());
    std::array points = {XY{1, 2}};
    same.apply(points);
    CHECK(points[0] == XY{1, 2});
    CHECK(Transform(Crs::parse("EPSG:4326"), Crs::parse("OGC:CRS84")).is_identity());
}

TEST_CASE("a change of datum without parameters is refused", "[transform][error]") {
    CHECK(code_of("EPSG:4610", "EPSG:4490") == "ballpark-transform");
    CHECK(code_of("EPSG:2358", "EPSG:4522") == "ballpark-transform");
    CHECK(code_of("EPSG:2410", "EPSG:4522") == "ballpark-transform");
    CHECK(code_of("EPSG:4522", "EPSG:2358") == "ballpark-transform");
    CHECK(code_of("EPSG:4214", "EPSG:4326") == "ballpark-transform"); // EPSG's are for offshore blocks
    CHECK(code_of("EPSG:4555", "EPSG:4490") == "ballpark-transform"); // New Beijing
    CHECK(code_of("EPSG:2358", "EPSG:2379").empty());                 // Xian 1980 both
    CHECK(code_of("EPSG:2358", "EPSG:4610").empty());
    CHECK(code_of("EPSG:25832", "EPSG:32632").empty());
    CHECK(code_of("EPSG:21781", "EPSG:2056").empty());
    try {
        const Transform transform(Crs::parse("EPSG:2358"), Crs::parse("EPSG:4522"));
        FAIL("no error");
    } catch (const Error& error) {
        CHECK(error.text().en.find("7-parameter") != std::string::npos);
        CHECK(error.text().zh.find("七参数") != std::string::npos);
    }
}

TEST_CASE("CGCS2000 and WGS 84 are taken as one", "[transform]") {
    const XY p = transformed("EPSG:4490", "EPSG:4326", {102.54, 24.354});
    CHECK(p.x == Approx(102.54).epsilon(0).margin(1e-12));
    CHECK(p.y == Approx(24.354).epsilon(0).margin(1e-12));
    CHECK(code_of("EPSG:4522", "EPSG:3857").empty());
}

TEST_CASE("a survey bureau's seven parameters are used where they are given", "[transform]") {
    // Geocentric translation by 100 m along x, seen at longitude 90°: 100 m to the west.
    const std::string bound = "+proj=longlat +a=6378140 +rf=298.257 +towgs84=100,0,0,0,0,0,0 +no_defs +type=crs";
    std::array points = {XY{90, 0}};
    Transform(Crs::parse(bound), Crs::parse("EPSG:4490")).apply(points);
    CHECK(points[0].x == Approx(90 - std::atan(100 / 6378140.0) * 180 / std::acos(-1.0)).epsilon(0).margin(1e-9));
}

TEST_CASE("what cannot be transformed is an error that names the coordinate", "[transform][error]") {
    const Transform transform(Crs::parse("EPSG:4490"), Crs::parse("EPSG:4522"));
    std::vector<XY> points(3000, XY{102.54, 24.354});
    points[2500] = {24.354, 131}; // latitude 131°: the axes are swapped
    try {
        transform.apply(points);
        FAIL("no error");
    } catch (const Error& error) {
        CHECK(error.code() == "transform-failed");
        CHECK(error.text().en.find("24.354 131") != std::string::npos);
        CHECK(error.text().en.find("swapped") != std::string::npos);
        CHECK(error.text().zh.find("颠倒") != std::string::npos);
    }
    std::array nan = {XY{std::nan(""), 24}};
    CHECK_THROWS_AS(transform.apply(nan), Error);
    std::array infinite = {XY{HUGE_VAL, 24}};
    CHECK_THROWS_AS(transform.apply(infinite), Error);
    // Prefixed coordinates under an unprefixed system: 34 million metres from the meridian.
    std::array far = {XY{34554000, 2694000}};
    CHECK_THROWS_AS(Transform(Crs::parse("EPSG:4543"), Crs::parse("EPSG:4490")).apply(far), Error);
}

TEST_CASE("a transformed edge keeps within the chord error", "[transform]") {
    const Crs from = Crs::parse("EPSG:4522");
    const Crs to = Crs::parse(GENERATE("EPSG:4523", "EPSG:4490"));
    const Transform transform(from, to);
    const std::vector<XY> ring = {
        {34630000, 2694000}, {34650000, 2694500}, {34650050, 2714000}, {34630000, 2714000}, {34630000, 2694000}};
    Shapes dense = one_ring(ring);
    transform.apply(dense, 0.001);
    REQUIRE(dense.size() == 1);
    const std::vector<XY> vertices(dense[0].vertices().begin(), dense[0].vertices().end());
    CHECK(vertices.size() > 50);
    CHECK(vertices.front() == vertices.back());
    CHECK(dense[0].ring(0).size() == vertices.size());
    Shapes sparse = one_ring(ring);
    transform.apply(sparse);
    CHECK(sparse.xy.size() == 5);
    CHECK(dense.box[0].contains(sparse.box[0]));
    // Every point of the true curve lies within 1.2 mm of the polyline.
    const double unit_m = to.is_geographic() ? 111319.49 : 1;
    double worst_m = 0;
    for (std::size_t e = 0; e + 1 < ring.size(); ++e)
        for (int k = 0; k <= 1000; ++k) {
            const double t = k / 1000.0;
            std::array curve = {
                XY{ring[e].x + t * (ring[e + 1].x - ring[e].x), ring[e].y + t * (ring[e + 1].y - ring[e].y)}};
            transform.apply(curve);
            double nearest = HUGE_VAL;
            for (std::size_t i = 0; i + 1 < vertices.size(); ++i) {
                const XY a = vertices[i];
                const XY d{vertices[i + 1].x - a.x, vertices[i + 1].y - a.y};
                const double s = std::clamp(
                    ((curve[0].x - a.x) * d.x + (curve[0].y - a.y) * d.y) / (d.x * d.x + d.y * d.y), 0.0, 1.0);
                nearest = std::min(nearest, std::hypot(a.x + s * d.x - curve[0].x, a.y + s * d.y - curve[0].y));
            }
            worst_m = std::max(worst_m, nearest * unit_m);
        }
    CHECK(worst_m < 0.0012);
    CHECK(worst_m > 0.0002); // not denser than asked for
}

TEST_CASE("neighbours share the vertices that are put into their common edge", "[transform]") {
    const Transform transform(Crs::parse("EPSG:4522"), Crs::parse("EPSG:4490"));
    const XY a{34630000.125, 2694000.5};
    const XY b{34641234.75, 2706789.375};
    Shapes left = one_ring({a, b, {34620000, 2706000}, a});
    Shapes right = one_ring({b, a, {34650000, 2694000}, b});
    transform.apply(left, 0.001);
    transform.apply(right, 0.001);
    const auto end_of_shared = [](const Shapes& s, XY last) {
        return std::find(s.xy.begin() + 1, s.xy.end(), last) + 1;
    };
    std::vector<XY> forth(left.xy.cbegin(), end_of_shared(left, right.xy.front()));
    std::vector<XY> back(right.xy.cbegin(), end_of_shared(right, left.xy.front()));
    std::reverse(back.begin(), back.end());
    CHECK(forth.size() > 10);
    CHECK(forth == back);
}

TEST_CASE("a feature without geometry survives a transformation", "[transform]") {
    Shapes shapes;
    shapes.end_shape(Dimension::area);
    Transform(Crs::parse("EPSG:4522"), Crs::parse("EPSG:4490")).apply(shapes, 0.001);
    CHECK(shapes[0].empty());
    CHECK(shapes.box[0].empty());
}
