#include "metre_form.hpp"
#include "polygons.hpp"
#include "random_areas.hpp"
#include "support/catch.hpp"

#include "corebelt/geo/control_set.hpp"
#include "corebelt/geo/overlap.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <vector>

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

TEST_CASE("what lies over the middle of several areas is counted once in their union", "[overlap]") {
    const Shapes a = square(0, 0, 10);
    const PreparedArea left(square(-5, 2, 8)[0]);  // covers 3 × 8 of A
    const PreparedArea right(square(1, 2, 8)[0]);  // covers 8 × 8, 2 × 8 of it again
    const PreparedArea beside(square(9, 2, 8)[0]); // touches `right` along x = 9, covers 1 × 8
    OverlapKernel kernel(metre_form(), nullptr);
    const std::array all{&left, &right, &beside};
    CHECK(kernel.overlap_union(a[0], all).planar_m2 == Approx(80).epsilon(0).margin(1e-12));
    CHECK(kernel.overlap_union(a[0], all).length == Approx(36).epsilon(0).margin(1e-12)); // 10 × 8, no seams
    const std::array two{&left, &right};
    CHECK(kernel.overlap_union(a[0], two).planar_m2 == Approx(72).epsilon(0).margin(1e-12));
    const std::array twice{&right, &right};
    CHECK(kernel.overlap_union(a[0], twice).planar_m2 == Approx(64).epsilon(0).margin(1e-12));
    CHECK(kernel.overlap_union(a[0], {}).planar_m2 == 0);
    const PreparedArea everything(square(-100, -100, 300)[0]);
    const std::array covered{&left, &everything};
    CHECK(kernel.overlap_union(a[0], covered).planar_m2 == 100);
    CHECK_FALSE(kernel.overlap_union(a[0], covered).cut());
}

TEST_CASE("ground areas of the pieces add up to the ground area of the whole", "[overlap]") {
    const AreaForm ground = AreaForm::ground(corebelt::geo::Crs::parse("EPSG:4543"));
    OverlapKernel kernel(metre_form(), &ground);
    const Shapes a = polygon({{{600000.125, 2800000}, {601000, 2800100.5}, {600900, 2801000}, {599900, 2800800}}});
    const Shapes left = polygon({{{590000, 2790000}, {600400, 2790000}, {600500, 2810000}, {590000, 2810000}}});
    const Shapes right = polygon({{{600400, 2790000}, {610000, 2790000}, {610000, 2810000}, {600500, 2810000}}});
    const Overlap whole = kernel.overlap(a[0], PreparedArea(a[0]));
    const Overlap in_left = kernel.overlap(a[0], PreparedArea(left[0]));
    const Overlap in_right = kernel.overlap(a[0], PreparedArea(right[0]));
    CHECK(in_left.planar_m2 > 1e5);
    CHECK(in_right.planar_m2 > 1e5);
    CHECK(in_left.ground_m2 + in_right.ground_m2 == Approx(whole.ground_m2).epsilon(0).margin(1e-6)); // m²
    // 100 km from the meridian the ground is 1/k² = 1 − (100/6371)² of the map.
    CHECK(whole.ground_m2 / whole.planar_m2 == Approx(1 - 2.4636e-4).epsilon(0).margin(5e-6));
    const PreparedArea prepared_left(left[0]);
    const PreparedArea prepared_right(right[0]);
    const std::array both{&prepared_left, &prepared_right};
    CHECK(kernel.overlap_union(a[0], both).ground_m2 == Approx(whole.ground_m2).epsilon(0).margin(1e-6));
}

TEST_CASE("two rings of many vertices that cross everywhere are cut into what fits together", "[overlap]") {
    // B and its complement in a box share A between them.
    const int vertices = 40000;
    const auto ring = [&](double phase) {
        corebelt::test::Ring r;
        for (int i = 0; i < vertices; ++i) {
            const double turn = 8 * std::atan(1.0) * i / vertices;
            const double radius = 5000 + 3 * std::sin(phase + 12345.6 * turn);
            const auto rounded_up = [](double v) { return std::nearbyint(v * 0x1p27) * 0x1p-27; };
            r.push_back(
                {rounded_up(34554000 + radius * std::cos(turn)), rounded_up(3456000 + radius * std::sin(turn))});
        }
        return r;
    };
    const Shapes a = polygon({ring(0)});
    const Shapes b = polygon({ring(1)});
    corebelt::test::Ring reversed = ring(1);
    std::reverse(reversed.begin(), reversed.end());
    const Shapes outside =
        polygon({{{34540000, 3440000}, {34570000, 3440000}, {34570000, 3470000}, {34540000, 3470000}}, reversed});
    OverlapKernel kernel(metre_form(), nullptr);
    const PreparedArea pa(a[0]);
    const Overlap whole = kernel.overlap(a[0], pa);
    const Overlap in = kernel.overlap(pa, PreparedArea(b[0]));
    const Overlap out = kernel.overlap(pa, PreparedArea(outside[0]));
    CHECK(in.crossings > 10000);
    CHECK(in.parity_violations + out.parity_violations + whole.parity_violations == 0);
    CHECK(std::abs(in.planar_m2 + out.planar_m2 - whole.planar_m2) <= in.bound_m2 + out.bound_m2 + whole.bound_m2);
    CHECK(std::abs(in.planar_m2 + out.planar_m2 - whole.planar_m2) < 1e-4); // m² of 78 million
    CHECK(kernel.overlap(a[0], PreparedArea(b[0])).planar_m2 == in.planar_m2);
}

TEST_CASE("a control set finds by box, in an order that does not depend on the file", "[overlap]") {
    corebelt::test::Dice dice(7);
    Shapes forward;
    std::vector<Shapes> singles;
    for (int i = 0; i < 300; ++i)
        singles.push_back(square(dice.below(100), dice.below(100), dice.between(1, 9)));
    for (const Shapes& s : singles)
        forward.append(s[0]);
    forward.end_shape(corebelt::geo::Dimension::area); // one without geometry
    Shapes backward;
    for (auto s = singles.rbegin(); s != singles.rend(); ++s)
        backward.append((*s)[0]);
    const ControlSet one(forward);
    const ControlSet other = ControlSet::prepared_when_asked(backward);
    CHECK(one.size() == 301);
    CHECK_FALSE(one.has(300));
    CHECK(one.box() == other.box());
    std::vector<std::uint32_t> found;
    std::vector<std::uint32_t> found_other;
    for (int i = 0; i < 200; ++i) {
        const double x = dice.below(110);
        const double y = dice.below(110);
        const Box box{x, y, x + dice.below(20), y + dice.below(20)};
        one.find(box, found);
        other.find(box, found_other);
        REQUIRE(found.size() == found_other.size());
        std::size_t touching = 0;
        for (const Shapes& s : singles)
            touching += s.box[0].touches(box) ? 1 : 0;
        CHECK(found.size() == touching);
        for (std::size_t k = 0; k < found.size(); ++k)
            CHECK(one[found[k]].box() == other[found_other[k]].box());
    }
}
