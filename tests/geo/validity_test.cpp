#include "support/catch.hpp"

#include "corebelt/geo/evidence.hpp"
#include "corebelt/geo/validity.hpp"

#include <geos_c.h>

#include <array>
#include <cmath>
#include <limits>
#include <memory>
#include <random>
#include <string>
#include <vector>

using corebelt::geo::code_of;
using corebelt::geo::Dimension;
using corebelt::geo::Fault;
using corebelt::geo::find_fault;
using corebelt::geo::orient;
using corebelt::geo::repair;
using corebelt::geo::rounded;
using corebelt::geo::Shapes;
using corebelt::geo::shapes_from_wkt;
using corebelt::geo::wkt;
using corebelt::geo::XY;

namespace {

/// "valid" or the code of the fault.
std::string verdict(const std::string& text) {
    const Shapes shapes = shapes_from_wkt(text);
    const auto found = find_fault(shapes[0]);
    return found ? std::string(code_of(found->fault)) : "valid";
}

/// GEOS' own word, as a second opinion that shares no code with ours.
class GeosValidity {
public:
    GeosValidity() : context_(GEOS_init_r()), reader_(GEOSWKTReader_create_r(context_)) {}
    ~GeosValidity() {
        GEOSWKTReader_destroy_r(context_, reader_);
        GEOS_finish_r(context_);
    }
    GeosValidity(const GeosValidity&) = delete;
    GeosValidity& operator=(const GeosValidity&) = delete;

    bool is_valid(const std::string& text) {
        GEOSGeometry* geometry = GEOSWKTReader_read_r(context_, reader_, text.c_str());
        if (geometry == nullptr)
            return false; // too few points for a ring
        const char answer = GEOSisValid_r(context_, geometry);
        GEOSGeom_destroy_r(context_, geometry);
        REQUIRE((answer == 0 || answer == 1));
        return answer == 1;
    }

private:
    GEOSContextHandle_t context_;
    GEOSWKTReader* reader_;
};

using Random = std::mt19937;

int pick(Random& random, int from, int to) {
    return from + static_cast<int>(random() % static_cast<unsigned>(to - from + 1));
}

void add_ring(Shapes& shapes, const std::vector<XY>& vertices, Random& random) {
    const std::size_t first = shapes.xy.size();
    for (const XY p : vertices) {
        shapes.add(p);
        if (pick(random, 0, 9) == 0)
            shapes.add(p); // repeated vertices are no fault
    }
    shapes.add(XY(shapes.xy[first]));
    shapes.end_ring();
}

std::vector<XY> any_ring(Random& random, XY low, int size, int most_vertices) {
    std::vector<XY> ring;
    const int n = pick(random, 3, most_vertices);
    for (int i = 0; i < n; ++i)
        ring.push_back({low.x + pick(random, 0, size), low.y + pick(random, 0, size)});
    return ring;
}

std::vector<XY> square(XY low, int size) {
    return {low, {low.x + size, low.y}, {low.x + size, low.y + size}, {low.x, low.y + size}};
}

/// Polygons on a small grid: most things touch, and about one in six is valid.
Shapes grid_case(Random& random, XY corner) {
    Shapes shapes;
    const auto at = [&](int x, int y) { return XY{corner.x + x, corner.y + y}; };
    switch (pick(random, 0, 4)) {
    case 0: // one ring
        add_ring(shapes, any_ring(random, corner, 4, 6), random);
        shapes.end_part();
        break;
    case 1: // a square with small holes
        add_ring(shapes, square(corner, 6), random);
        for (int h = pick(random, 1, 4); h > 0; --h)
            add_ring(shapes, any_ring(random, at(pick(random, 0, 4), pick(random, 0, 4)), 2, 4), random);
        shapes.end_part();
        break;
    case 2: // several small parts
        for (int part = pick(random, 2, 4); part > 0; --part) {
            add_ring(shapes, any_ring(random, at(pick(random, 0, 4), pick(random, 0, 4)), 3, 4), random);
            shapes.end_part();
        }
        break;
    case 3: // a frame and something that may lie in its hole
        add_ring(shapes, square(corner, 8), random);
        add_ring(shapes, square(at(pick(random, 0, 2), pick(random, 0, 2)), 5), random);
        shapes.end_part();
        for (int part = pick(random, 1, 2); part > 0; --part) {
            add_ring(shapes, any_ring(random, at(pick(random, 0, 5), pick(random, 0, 5)), 3, 4), random);
            if (pick(random, 0, 1) == 0)
                add_ring(shapes, any_ring(random, at(pick(random, 0, 5), pick(random, 0, 5)), 3, 3), random);
            shapes.end_part();
        }
        break;
    default: // diamonds in a diamond: chains of touching holes
        add_ring(shapes, {at(4, 0), at(8, 4), at(4, 8), at(0, 4)}, random);
        for (int h = pick(random, 1, 4); h > 0; --h) {
            const int x = pick(random, 1, 7);
            const int y = pick(random, 1, 7);
            add_ring(shapes, {at(x, y - 1), at(x + 1, y), at(x, y + 1), at(x - 1, y)}, random);
        }
        shapes.end_part();
    }
    shapes.end_shape(Dimension::area);
    return shapes;
}

} // namespace

TEST_CASE("every kind of fault has its code and is found", "[validity]") {
    CHECK(verdict("POLYGON ((0 0, 4 0, 4 4, 0 4, 0 0))") == "valid");
    CHECK(verdict("POLYGON EMPTY") == "valid");
    CHECK(verdict("POLYGON ((0 0, 4 4, 4 0, 0 4, 0 0))") == "self-crossing");
    CHECK(verdict("POLYGON ((0 0, nan 0, 4 4, 0 4, 0 0))") == "not-finite");
    CHECK(verdict("POLYGON ((0 0, 4 0, 4 inf, 0 4, 0 0))") == "not-finite");
    CHECK(verdict("POLYGON ((0 0, 4 0, 0 0))") == "too-few-points");
    CHECK(verdict("POLYGON ((1 1, 1 1, 1 1, 1 1))") == "too-few-points");
    CHECK(verdict("POLYGON ((0 0, 4 0, 4 4, 0 4, 0 0), (3 1, 5 1, 5 3, 3 3, 3 1))") == "rings-cross");
    CHECK(verdict("POLYGON ((0 0, 4 0, 4 4, 0 4, 0 0), (6 1, 7 1, 7 3, 6 3, 6 1))") == "hole-outside");
    CHECK(verdict("POLYGON ((0 0, 9 0, 9 9, 0 9, 0 0), (1 1, 1 8, 8 8, 8 1, 1 1), (3 3, 3 4, 4 4, 4 3, 3 3))") ==
          "nested-rings");
    CHECK(verdict("MULTIPOLYGON (((0 0, 9 0, 9 9, 0 9, 0 0)), ((3 3, 4 3, 4 4, 3 4, 3 3)))") == "nested-rings");
    CHECK(verdict("POLYGON ((0 0, 4 0, 4 4, 0 4, 0 0), (2 0, 1 2, 2 4, 3 2, 2 0))") == "disconnected-interior");
}

TEST_CASE("a fault names a place on it", "[validity]") {
    const Shapes bow_tie = shapes_from_wkt("POLYGON ((0 0, 4 4, 4 0, 0 4, 0 0))");
    const auto found = find_fault(bow_tie[0]);
    REQUIRE(found);
    CHECK(found->place.x == Approx(2).margin(1e-12));
    CHECK(found->place.y == Approx(2).margin(1e-12));
}

TEST_CASE("touching is judged as Simple Features has it", "[validity]") {
    // Holes and outer ring
    CHECK(verdict("POLYGON ((0 0, 4 0, 4 4, 0 4, 0 0), (2 0, 1 2, 3 2, 2 0))") == "valid");
    CHECK(verdict("POLYGON ((0 0, 4 0, 4 4, 0 4, 0 0), (0 0, 1 2, 2 1, 0 0))") == "valid");
    CHECK(verdict("POLYGON ((0 0, 4 0, 4 4, 0 4, 0 0), (0 1, 0 3, 1 2, 0 1))") == "rings-cross"); // along an edge
    CHECK(verdict("POLYGON ((0 0, 4 0, 4 4, 0 4, 0 0), (0 0, 0 4, 4 4, 4 0, 0 0))") == "rings-cross");
    // Three holes in a circle leave an island; three at one point do not
    CHECK(verdict("POLYGON ((0 0, 9 0, 9 9, 0 9, 0 0), (2 2, 2 3, 4 2, 2 2), (4 2, 6 4, 6 2, 4 2), "
                  "(6 4, 2 3, 4 6, 6 4))") == "disconnected-interior");
    CHECK(verdict("POLYGON ((0 0, 9 0, 9 9, 0 9, 0 0), (4 4, 3 6, 5 6, 4 4), (4 4, 5 2, 3 2, 4 4), "
                  "(4 4, 6 5, 6 3, 4 4))") == "valid");
    // A ring that touches itself, as a vertex on a vertex and as a vertex on an edge
    CHECK(verdict("POLYGON ((0 0, 4 0, 4 4, 2 2, 0 4, 2 2, 0 0))") == "self-crossing");
    CHECK(verdict("POLYGON ((0 0, 4 0, 4 4, 2 0, 0 4, 0 0))") == "self-crossing");
    CHECK(verdict("POLYGON ((0 0, 6 0, 6 6, 0 6, 0 0, 3 2, 3 4, 0 0))") == "self-crossing"); // inverted
    // Parts
    CHECK(verdict("MULTIPOLYGON (((0 0, 2 0, 2 2, 0 2, 0 0)), ((2 2, 4 2, 4 4, 2 4, 2 2)))") == "valid");
    CHECK(verdict("MULTIPOLYGON (((0 0, 2 0, 2 2, 0 2, 0 0)), ((2 1, 4 0, 4 4, 2 1)))") == "valid");
    CHECK(verdict("MULTIPOLYGON (((0 0, 2 0, 2 2, 0 2, 0 0)), ((2 0, 4 0, 4 2, 2 2, 2 0)))") == "rings-cross");
    CHECK(verdict("MULTIPOLYGON (((0 0, 9 0, 9 9, 0 9, 0 0), (1 1, 1 8, 8 8, 8 1, 1 1)), "
                  "((1 1, 8 4, 4 8, 1 1)))") == "valid"); // an island that touches the shore three times
    CHECK(verdict("MULTIPOLYGON (((0 0, 9 0, 9 9, 0 9, 0 0)), ((0 0, 9 4, 4 9, 0 0)))") == "nested-rings");
    // The outer ring inside its own hole
    CHECK(verdict("POLYGON ((2 2, 3 2, 3 3, 2 3, 2 2), (0 0, 9 0, 9 9, 0 9, 0 0))") == "hole-outside");
}

TEST_CASE("spikes, folds and collinear rings are faults, repeated vertices are not", "[validity]") {
    CHECK(verdict("POLYGON ((0 0, 4 0, 4 4, 4 8, 4 4, 0 4, 0 0))") == "self-crossing");
    CHECK(verdict("POLYGON ((0 0, 4 0, 4 4, 2 4, 3 4, 0 4, 0 0))") == "self-crossing");
    CHECK(verdict("POLYGON ((0 0, 4 0, 4 4, 0 4, 0 -2, 0 0))") == "self-crossing"); // across the ring's start
    CHECK(verdict("POLYGON ((0 0, 1 1, 2 2, 0 0))") == "self-crossing");
    CHECK(verdict("POLYGON ((0 0, 0 0, 4 0, 4 4, 4 4, 4 4, 0 4, 0 0, 0 0))") == "valid");
    CHECK(verdict("POLYGON ((0 0, 2 0, 4 0, 4 4, 0 4, 0 0))") == "valid"); // a vertex in the middle of an edge
}

TEST_CASE("signs are exact where a vertex misses an edge by one step of the lattice", "[validity]") {
    // A hole's tip on the outer ring's slanted edge, and one lattice step to either side of it.
    const double step = std::ldexp(1.0, -27);
    const double e = GENERATE(0.0, 500000.0, 34554000.0);
    const auto with_tip = [&](XY tip) {
        Shapes s;
        for (const XY p : {XY{e, 0}, {e + 3000, 1000}, {e, 1000}, {e, 0}})
            s.add(p);
        s.end_ring();
        for (const XY p : {tip, {e + 500, 900}, {e + 900, 900}, tip})
            s.add(p);
        s.end_ring();
        s.end_part();
        s.end_shape(Dimension::area);
        return s;
    };
    CHECK_FALSE(find_fault(with_tip({e + 1500, 500})[0]));
    CHECK_FALSE(find_fault(with_tip({e + 1500 - step, 500})[0]));
    const auto crossing = find_fault(with_tip({e + 1500 + step, 500})[0]);
    REQUIRE(crossing);
    CHECK(crossing->fault == Fault::rings_cross);
    // The same two tips on two sides of the outer ring: two touches cut the interior, one touch does not.
    const auto bridge = [&](XY tip) {
        Shapes s;
        for (const XY p : {XY{e, 0}, {e + 3000, 1000}, {e, 1000}, {e, 0}})
            s.add(p);
        s.end_ring();
        for (const XY p : {tip, {e + 1500, 1000}, {e + 1600, 900}, tip})
            s.add(p);
        s.end_ring();
        s.end_part();
        s.end_shape(Dimension::area);
        return s;
    };
    CHECK_FALSE(find_fault(bridge({e + 1500 - step, 500})[0]));
    const auto cut = find_fault(bridge({e + 1500, 500})[0]);
    REQUIRE(cut);
    CHECK(cut->fault == Fault::disconnected);
}

TEST_CASE("coordinates off the lattice are judged exactly too", "[validity]") {
    // 0.1, 0.2, 0.3 are not collinear with themselves doubled in binary: the ring encloses a sliver, and both
    // opinions must agree on which side each vertex lies.
    GeosValidity geos;
    const std::uint32_t seed = 4543;
    CAPTURE(seed);
    Random random(seed);
    int valid = 0;
    for (int n = 0; n < 3000; ++n) {
        Shapes s;
        XY first;
        for (int i = 0; i < 4; ++i) {
            const double t = pick(random, 0, 10) / 10.0;
            const XY p{0.1 + t * 0.7, 1e6 + t * 0.3 + pick(random, -1, 1) * 1e-10};
            if (i == 0)
                first = p;
            s.add(p);
        }
        s.add(first);
        s.end_ring();
        s.end_part();
        s.end_shape(Dimension::area);
        const std::string text = wkt(s[0], 20);
        const bool expected = geos.is_valid(text);
        CAPTURE(text);
        REQUIRE(!find_fault(s[0]) == expected);
        valid += expected ? 1 : 0;
    }
    CHECK(valid > 300);
}

TEST_CASE("valid or not agrees with GEOS on degenerate polygons of a small grid", "[validity]") {
    GeosValidity geos;
    const std::uint32_t seed = 20261122;
    CAPTURE(seed);
    Random random(seed);
    int valid = 0;
    constexpr int cases = 30000;
    for (int n = 0; n < cases; ++n) {
        const XY corner = n % 3 == 0 ? XY{34554000, 2690000} : XY{0, 0};
        Shapes shapes = grid_case(random, corner);
        if (n % 2 == 0)
            orient(shapes, 0); // the verdict does not hang on the rings' direction
        const std::string text = wkt(shapes[0], 0);
        const bool expected = geos.is_valid(text);
        const bool ours = !find_fault(shapes[0]);
        if (ours != expected) {
            CAPTURE(n, text);
            REQUIRE(ours == expected);
        }
        valid += expected ? 1 : 0;
    }
    CHECK(valid > cases / 8);
    CHECK(valid < cases / 2);
}

TEST_CASE("repair returns valid polygons of the area that make-valid keeps", "[validity]") {
    const Shapes bow_tie = shapes_from_wkt("POLYGON ((0 0, 4 4, 4 0, 0 4, 0 0))");
    const auto mended = repair(bow_tie[0]);
    CHECK(mended.area_before_m2 == Approx(0).margin(1e-12)); // the two triangles cancel
    CHECK(mended.area_after_m2 == Approx(8).margin(1e-12));
    CHECK(mended.shape.size() == 1);
    CHECK(mended.shape[0].part_count() == 2);
    CHECK_FALSE(find_fault(mended.shape[0]));

    const Shapes spike = shapes_from_wkt("POLYGON ((0 0, 4 0, 4 4, 4 8, 4 4, 0 4, 0 0))");
    const auto blunt = repair(spike[0]);
    CHECK(blunt.area_before_m2 == Approx(16).margin(1e-12));
    CHECK(blunt.area_after_m2 == Approx(16).margin(1e-12));

    const Shapes line = shapes_from_wkt("POLYGON ((0 0, 4 0, 0 0))");
    const auto nothing = repair(line[0]);
    CHECK(nothing.shape.size() == 1);
    CHECK(nothing.shape[0].empty());
    CHECK(nothing.area_after_m2 == 0);
}

TEST_CASE("repair at a zone-prefixed easting keeps the area to the lattice", "[validity]") {
    // An hourglass of two triangles with base 100 m and height 50 m each, crossing at no lattice point.
    const Shapes s = shapes_from_wkt("POLYGON ((34554000 2690000, 34554100 2690000, 34554000.3 2690100, "
                                     "34554100.3 2690100, 34554000 2690000))");
    const auto mended = repair(s[0]);
    CHECK(mended.area_after_m2 == Approx(2 * 0.5 * 100 * 50).margin(1e-5)); // 7.5 nm × perimeter, generously
    CHECK_FALSE(find_fault(mended.shape[0]));
    for (const XY p : mended.shape.xy)
        CHECK(rounded(p, false) == p);
}

TEST_CASE("whatever repair returns has no fault, at the origin and far from it", "[validity]") {
    const std::uint32_t seed = 77;
    CAPTURE(seed);
    Random random(seed);
    int repaired = 0;
    for (int n = 0; n < 1500; ++n) {
        const XY corner = n % 2 == 0 ? XY{34554000, 2690000} : XY{0, 0};
        Shapes shapes = grid_case(random, corner);
        orient(shapes, 0);
        if (!find_fault(shapes[0]))
            continue;
        ++repaired;
        const auto mended = repair(shapes[0]);
        const auto left = find_fault(mended.shape[0]);
        CAPTURE(n, wkt(shapes[0], 0), wkt(mended.shape[0], 17));
        REQUIRE_FALSE(left);
    }
    CHECK(repaired > 300);
}

TEST_CASE("rounding puts coordinates on the lattice, ties to even", "[validity]") {
    const double m = std::ldexp(1.0, -27);
    const double d = std::ldexp(1.0, -45);
    CHECK(rounded({0.4 * m, 0.6 * m}, false) == XY{0, m});
    CHECK(rounded({0.5 * m, 1.5 * m}, false) == XY{0, 2 * m});
    CHECK(rounded({-0.5 * m, -1.5 * m}, false) == XY{0, -2 * m});
    CHECK(rounded({0.5 * d, 1.5 * d}, true) == XY{0, 2 * d});
    CHECK(rounded({102.25, 24.125}, true) == XY{102.25, 24.125});
    CHECK(rounded({34554000.25, 1e300}, false) == XY{34554000.25, 1e300});
    CHECK(std::isnan(rounded({std::nan(""), 0}, false).x));
    CHECK(std::isinf(rounded({std::numeric_limits<double>::infinity(), 0}, true).x));

    const std::uint32_t seed = 27;
    CAPTURE(seed);
    Random random(seed);
    std::uniform_real_distribution<double> anywhere(-4e7, 4e7);
    for (int n = 0; n < 2000; ++n) {
        const double x = anywhere(random) * std::ldexp(1.0, -pick(random, 0, 20));
        CAPTURE(x);
        REQUIRE(rounded({x, 0}, false).x == std::nearbyint(x / m) * m); // both scalings are exact
        const double degrees = x * 4e-6;
        REQUIRE(rounded({degrees, 0}, true).x == std::nearbyint(degrees / d) * d);
    }
}

TEST_CASE("orient closes rings, turns them, and leaves the features behind alone", "[validity]") {
    Shapes shapes;
    for (const XY p : {XY{0, 0}, {0, 4}, {4, 4}, {4, 0}}) // clockwise, not closed
        shapes.add(p);
    shapes.end_ring();
    for (const XY p : {XY{1, 1}, {2, 1}, {2, 2}, {1, 1}}) // counter-clockwise hole
        shapes.add(p);
    shapes.end_ring();
    shapes.end_part();
    shapes.end_shape(Dimension::area);
    shapes.append(shapes_from_wkt("POLYGON ((10 0, 12 0, 12 2, 10 0))")[0]);

    CHECK(orient(shapes, 0) == 2);
    CHECK(wkt(shapes[0], 0) == "POLYGON ((0 0, 4 0, 4 4, 0 4, 0 0), (1 1, 2 2, 2 1, 1 1))");
    CHECK(wkt(shapes[1], 0) == "POLYGON ((10 0, 12 0, 12 2, 10 0))");
    CHECK(orient(shapes, 0) == 0);
    CHECK(orient(shapes, 1) == 0);
}

TEST_CASE("orient sees the direction of triangles of half a squared lattice step", "[validity]") {
    // Neighbouring Fibonacci numbers: F(n+1)² − F(n)·F(n+2) = (−1)ⁿ (Cassini), in lattice steps of 2⁻²⁷ m. The longest
    // triangle is 4 km long and encloses 2.8e-17 m², far below the rounding of any product of its coordinates.
    const double step = 0x1p-27;
    const XY corner{34554000, 2690000};
    double f = 1; // F(1)
    double next = 1;
    for (int n = 1; n < 56; ++n) {
        const double after = f + next;
        const XY p{corner.x + next * step, corner.y + f * step};
        const XY q{corner.x + after * step, corner.y + next * step};
        for (const bool hole : {false, true}) {
            Shapes shapes;
            for (const XY v : hole ? std::vector<XY>{{0, 0}, {9e7, 0}, {0, 9e7}, {0, 0}} : std::vector<XY>{})
                shapes.add(v);
            if (hole)
                shapes.end_ring();
            for (const XY v : {corner, p, q, corner})
                shapes.add(v);
            shapes.end_ring();
            shapes.end_part();
            shapes.end_shape(Dimension::area);
            const bool counter_clockwise = n % 2 == 0;
            CAPTURE(n, hole);
            REQUIRE(orient(shapes, 0) == (counter_clockwise == hole ? 1U : 0U));
            REQUIRE(orient(shapes, 0) == 0);
        }
        f = next;
        next = after;
    }
}

TEST_CASE("orient agrees with integer arithmetic on rings of next to no area", "[validity]") {
    const std::uint32_t seed = 271;
    CAPTURE(seed);
    Random random(seed);
    std::uniform_int_distribution<std::int64_t> far(-(std::int64_t{1} << 44), std::int64_t{1} << 44);
    int counter_clockwise = 0;
    int clockwise = 0;
    for (int n = 0; n < 3000; ++n) {
        // Out along a direction and back beside it, a lattice step or two off.
        const std::int64_t dx = far(random) / 64;
        const std::int64_t dy = far(random) / 64;
        std::vector<std::array<std::int64_t, 2>> ring{{0, 0}};
        const int corners = pick(random, 2, 12);
        for (int i = 0; i < corners; ++i) {
            const int along = pick(random, 0, 60);
            ring.push_back({along * dx + pick(random, -1, 1), along * dy + pick(random, -1, 1)});
        }
        __extension__ __int128 twice = 0;
        for (std::size_t i = 2; i < ring.size(); ++i) {
            __extension__ const __int128 left = static_cast<__int128>(ring[i - 1][0]) * ring[i][1];
            __extension__ const __int128 right = static_cast<__int128>(ring[i - 1][1]) * ring[i][0];
            twice += left - right;
        }
        Shapes shapes;
        for (const auto& p : ring)
            shapes.add({static_cast<double>(p[0]), static_cast<double>(p[1])});
        shapes.end_ring();
        shapes.end_part();
        shapes.end_shape(Dimension::area);
        CAPTURE(n);
        REQUIRE(orient(shapes, 0) == (twice < 0 ? 1U : 0U));
        counter_clockwise += twice > 0 ? 1 : 0;
        clockwise += twice < 0 ? 1 : 0;
    }
    CHECK(counter_clockwise > 1000);
    CHECK(clockwise > 1000);
}

TEST_CASE("orient leaves rings without area or with coordinates that are not finite as they are", "[validity]") {
    for (const char* text : {"POLYGON ((0 0, 3 1, 6 2, 0 0))", "POLYGON ((0 0, 4 4, 4 0, 0 4, 0 0))"}) {
        Shapes shapes = shapes_from_wkt(text);
        CHECK(orient(shapes, 0) == 0);
        CHECK(wkt(shapes[0], 0) == text);
    }
    constexpr double infinite = std::numeric_limits<double>::infinity();
    for (const double odd : {infinite, std::numeric_limits<double>::quiet_NaN()}) {
        Shapes shapes;
        for (const XY p : {XY{0, 0}, {odd, 1}, {3, 2}, {0, 0}})
            shapes.add(p);
        shapes.end_ring();
        shapes.end_part();
        shapes.end_shape(Dimension::area);
        CHECK(orient(shapes, 0) == 0);
    }
}
