#include "metre_form.hpp"
#include "polygons.hpp"
#include "support/catch.hpp"

#include "corebelt/geo/overlap.hpp"

#include <cmath>

using namespace corebelt::geo;
using corebelt::test::metre_form;
using corebelt::test::polygon;
using corebelt::test::square;

namespace {

Overlap overlap_of(const Shapes& a, const Shapes& b) {
    OverlapKernel kernel(metre_form(), nullptr);
    return kernel.overlap(a[0], PreparedArea(b[0]));
}

} // namespace

TEST_CASE("two squares that cross overlap in their common rectangle", "[overlap]") {
    const Overlap r = overlap_of(square(0, 0, 10), square(4, 7, 10));
    CHECK(r.planar_m2 == 6 * 3);
    CHECK(r.length == Approx(18).epsilon(0).margin(1e-12)); // metres
    CHECK(r.crossings == 2);
    CHECK(r.parity_violations == 0);
    CHECK(r.bound_m2 < 1e-11);
    CHECK(r.ground_m2 == 0);
}

TEST_CASE("squares that touch, nest or agree overlap exactly, in both orders", "[overlap]") {
    struct Case {
        const char* what;
        Shapes a, b;
        double area_m2, length_m;
    };
    const Case cases[] = {
        {"apart", square(0, 0, 10), square(20, 0, 10), 0, 0},
        {"touch along an edge", square(0, 0, 10), square(10, 0, 10), 0, 0},
        {"touch along an edge, above", square(0, 0, 10), square(0, 10, 10), 0, 0},
        {"touch along part of an edge", square(0, 0, 10), square(10, 3, 4), 0, 0},
        {"touch at a corner", square(0, 0, 10), square(10, 10, 5), 0, 0},
        {"identical", square(0, 0, 10), square(0, 0, 10), 100, 40},
        {"nested", square(0, 0, 10), square(3, 3, 4), 16, 16},
        {"nested, sharing a corner", square(0, 0, 10), square(0, 0, 4), 16, 16},
        {"nested, sharing the far corner", square(0, 0, 10), square(6, 6, 4), 16, 16},
        {"nested, touching an edge", square(0, 0, 10), square(3, 0, 4), 16, 16},
        {"cross through two corners", square(0, 0, 10), polygon({{{0, 0}, {10, 10}, {0, 10}}}), 50,
         20 + std::sqrt(200.0)},
        {"edges on one line, side by side beyond it", square(0, 0, 10), square(5, 0, 10), 50, 30},
    };
    for (const Case& c : cases) {
        CAPTURE(c.what);
        for (const Overlap& r : {overlap_of(c.a, c.b), overlap_of(c.b, c.a)}) {
            CHECK(r.planar_m2 == Approx(c.area_m2).epsilon(0).margin(1e-12));
            CHECK(r.length == Approx(c.length_m).epsilon(0).margin(1e-12));
            CHECK(r.parity_violations == 0);
        }
    }
}

TEST_CASE("a hole takes its area away, and what lies in the hole is apart", "[overlap]") {
    const Shapes ring = polygon({{{0, 0}, {10, 0}, {10, 10}, {0, 10}}, {{3, 3}, {3, 7}, {7, 7}, {7, 3}}});
    CHECK(overlap_of(ring, square(0, 0, 10)).planar_m2 == 84);
    CHECK(overlap_of(ring, ring).planar_m2 == 84);
    CHECK(overlap_of(ring, ring).length == Approx(56).epsilon(0).margin(1e-12));
    const Overlap in_hole = overlap_of(ring, square(4, 4, 2));
    CHECK(in_hole.planar_m2 == 0);
    CHECK_FALSE(in_hole.cut());
    CHECK(std::abs(overlap_of(ring, square(3, 3, 4)).planar_m2) < 1e-12); // fills the hole to its edge
    CHECK(overlap_of(square(3, 3, 4), ring).length == Approx(0).margin(1e-12));
    CHECK(overlap_of(ring, square(-5, 4, 20)).planar_m2 == Approx(60 - 12).epsilon(0).margin(1e-12));
}

TEST_CASE("coordinates far from the origin lose nothing", "[overlap]") {
    const double east = 34554000;
    const double north = 3456000;
    const Overlap r = overlap_of(square(east, north, 100.5), square(east + 50.25, north + 0x1p-27, 100.5));
    CHECK(r.planar_m2 == Approx(50.25 * (100.5 - 0x1p-27)).epsilon(0).margin(1e-11));
    CHECK(r.bound_m2 < 1e-9);
}

TEST_CASE("an unprepared and a prepared first feature give the same bits", "[overlap]") {
    const Shapes a = polygon({{{0.1, 0.2}, {7.3, 1.9}, {6.1, 8.8}, {-1.2, 5.5}}});
    const Shapes b = polygon({{{2.2, -3.1}, {9.7, 4.4}, {3.3, 6.7}}});
    OverlapKernel kernel(metre_form(), nullptr);
    const PreparedArea pa(a[0]);
    const PreparedArea pb(b[0]);
    CHECK(kernel.overlap(pa, pb).planar_m2 == kernel.overlap(a[0], pb).planar_m2);
    CHECK(kernel.overlap(pa, pb).bound_m2 == kernel.overlap(a[0], pb).bound_m2);
}
