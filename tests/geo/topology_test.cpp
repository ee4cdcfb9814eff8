#include "exact_oracle.hpp"
#include "geos_opinion.hpp"
#include "polygons.hpp"
#include "random_areas.hpp"
#include "support/catch.hpp"

#include "corebelt/geo/area.hpp"
#include "corebelt/geo/area_form.hpp"
#include "corebelt/geo/control_set.hpp"
#include "corebelt/geo/crs.hpp"
#include "corebelt/geo/error.hpp"
#include "corebelt/geo/evidence.hpp"
#include "corebelt/geo/overlap.hpp"
#include "corebelt/geo/stop.hpp"
#include "corebelt/geo/topology.hpp"
#include "corebelt/geo/validity.hpp"

#include <algorithm>
#include <bit>
#include <cmath>
#include <numeric>
#include <string>
#include <vector>

using namespace corebelt;
using namespace corebelt::geo;
using namespace corebelt::test;

namespace {

const Crs& metres() {
    static const Crs crs = Crs::parse("EPSG:4543");
    return crs;
}

std::vector<std::int64_t> counted_ids(const Shapes& shapes) {
    std::vector<std::int64_t> ids(shapes.size());
    std::iota(ids.begin(), ids.end(), 1);
    return ids;
}

Topology look(const Shapes& shapes, double tolerance_m = 0.01) {
    TopologyOptions options;
    options.tolerance_m = tolerance_m;
    return find_topology(shapes, counted_ids(shapes), metres(), options);
}

void add_rectangle(Shapes& shapes, double x0, double y0, double x1, double y1) {
    add_areas(shapes, {{{{x0, y0}, {x1, y0}, {x1, y1}, {x0, y1}}}});
}

using Features = std::vector<std::uint32_t>;

/// Everything a layer's fit says, with ids for features, so that layers in different orders can be compared.
std::string told(const Topology& t, const std::vector<std::int64_t>& ids) {
    std::string out;
    const auto add = [&](double v) { out += std::to_string(std::bit_cast<std::uint64_t>(v)) + " "; };
    for (std::size_t i = 0; i < t.misfits.size(); ++i) {
        out += "depth " + std::to_string(t.misfits[i].depth) + " ";
        add(t.misfits[i].m2);
        add(t.misfits[i].perimeter_m);
        for (const std::uint32_t f : t.misfits[i].features)
            out += "#" + std::to_string(ids[f]) + " ";
        out += wkt(t.areas[i], 9) + "\n";
    }
    for (std::size_t i = 0; i < t.stretches.size(); ++i) {
        out += "beside " + std::to_string(ids[t.stretches[i].feature]) + " " +
               std::to_string(ids[t.stretches[i].other]) + " ";
        add(t.stretches[i].length_m);
        add(t.stretches[i].distance_m);
        add(t.stretches[i].place.x);
        out += wkt(t.lines[i], 9) + "\n";
    }
    return out + std::to_string(t.features) + " " + std::to_string(t.edges) + " " + std::to_string(t.unshared);
}

double sum_m2(const Topology& t, bool gaps) {
    double sum = 0;
    for (const Misfit& m : t.misfits)
        sum += m.is_gap() == gaps ? m.m2 : 0;
    return sum;
}

/// The areas given are those of the shapes, and the shapes are valid, disjoint from what they should not touch.
void check_shapes(const Topology& t) {
    REQUIRE(t.areas.size() == t.misfits.size());
    REQUIRE(t.lines.size() == t.stretches.size());
    for (std::size_t i = 0; i < t.areas.size(); ++i) {
        CAPTURE(i, wkt(t.areas[i], 6));
        CHECK_FALSE(find_fault(t.areas[i]));
        CHECK(t.misfits[i].m2 > 0);
        CHECK(t.misfits[i].m2 == Approx(planar_m2(t.areas[i], metres())).epsilon(1e-9).margin(1e-12));
        CHECK_FALSE(t.misfits[i].features.empty());
    }
}

} // namespace

TEST_CASE("neighbours that share their edges fit", "[topology]") {
    Shapes shapes;
    add_rectangle(shapes, 0, 0, 10, 10);
    add_rectangle(shapes, 10, 0, 20, 10);
    const Topology t = look(shapes);
    CHECK(t.misfits.empty());
    CHECK(t.stretches.empty());
    CHECK(t.features == 2);
    CHECK(t.edges == 8);
    CHECK(t.unshared == 6);
    CHECK(t.position_error_m == 0);
}

TEST_CASE("a layer of nothing, of one feature, of lines and points has no misfits", "[topology]") {
    CHECK(look(Shapes{}).misfits.empty());
    Shapes shapes;
    add_rectangle(shapes, 0, 0, 10, 10);
    CHECK(look(shapes).misfits.empty());
    shapes.end_shape(Dimension::area); // an area without geometry
    shapes.add({5, 5});
    shapes.end_ring();
    shapes.end_part();
    shapes.end_shape(Dimension::point);
    shapes.add({-5, 5});
    shapes.add({15, 5});
    shapes.end_ring();
    shapes.end_part();
    shapes.end_shape(Dimension::line);
    const Topology t = look(shapes);
    CHECK(t.misfits.empty());
    CHECK(t.stretches.empty());
    CHECK(t.features == 1);
}

TEST_CASE("an overlap has its area, width and features", "[topology]") {
    Shapes shapes;
    add_rectangle(shapes, 0, 0, 10, 10);
    add_rectangle(shapes, 8, 0, 18, 10);
    const Topology t = look(shapes);
    check_shapes(t);
    REQUIRE(t.misfits.size() == 1);
    CHECK(t.misfits[0].depth == 2);
    CHECK(t.misfits[0].m2 == 20);
    CHECK(t.misfits[0].perimeter_m == 24);
    CHECK(t.misfits[0].width_m() == 40.0 / 24);
    CHECK(t.misfits[0].features == Features{0, 1});
    CHECK(wkt(t.areas[0], 0) == "POLYGON ((8 0, 10 0, 10 10, 8 10, 8 0))");
}

TEST_CASE("a missing parcel is a gap between those along it", "[topology]") {
    Shapes shapes;
    for (int x = 0; x < 3; ++x)
        for (int y = 0; y < 3; ++y)
            if (x != 1 || y != 1)
                add_rectangle(shapes, 10 * x, 10 * y, 10 * x + 10, 10 * y + 10);
    const Topology t = look(shapes);
    check_shapes(t);
    REQUIRE(t.misfits.size() == 1);
    CHECK(t.misfits[0].is_gap());
    CHECK(t.misfits[0].m2 == 100);
    CHECK(t.misfits[0].features == Features{1, 3, 4, 6}); // corners touch in a point only
}

TEST_CASE("vertices in the middle of a neighbour's straight edge are no misfit", "[topology]") {
    Shapes shapes;
    add_rectangle(shapes, 0, 10, 20, 20);
    add_rectangle(shapes, 0, 0, 7, 10);
    add_rectangle(shapes, 7, 0, 20, 10);
    add_areas(shapes, {{{{20, 0}, {30, 0}, {30, 20}, {20, 20}, {20, 13}, {20, 4}}}}); // on both sides of (20, 10)
    const Topology t = look(shapes);
    CHECK(t.misfits.empty());
    CHECK(t.stretches.empty());
}

TEST_CASE("parcels that touch in their corners enclose a gap", "[topology]") {
    Shapes shapes;
    add_rectangle(shapes, 10, 0, 20, 10);
    add_rectangle(shapes, 0, 10, 10, 20);
    add_rectangle(shapes, 20, 10, 30, 20);
    add_rectangle(shapes, 10, 20, 20, 30);
    const Topology t = look(shapes);
    REQUIRE(t.misfits.size() == 1);
    CHECK(t.misfits[0].is_gap());
    CHECK(t.misfits[0].m2 == 100);
    CHECK(t.misfits[0].features == Features{0, 1, 2, 3});
    Shapes three; // open to the north
    for (std::size_t i = 0; i < 3; ++i)
        three.append(shapes[i]);
    CHECK(look(three).misfits.empty());
}

TEST_CASE("a hole is a gap of one feature unless another fills it", "[topology]") {
    const std::vector<Ring> court = {{{0, 0}, {30, 0}, {30, 30}, {0, 30}}, {{10, 10}, {10, 20}, {20, 20}, {20, 10}}};
    Shapes shapes = polygon(court);
    const Topology open = look(shapes);
    REQUIRE(open.misfits.size() == 1);
    CHECK(open.misfits[0].m2 == 100);
    CHECK(open.misfits[0].features == Features{0});

    add_rectangle(shapes, 10, 10, 20, 20);
    CHECK(look(shapes).misfits.empty());

    Shapes island = polygon(court);
    add_rectangle(island, 14, 14, 16, 16);
    const Topology ring = look(island);
    check_shapes(ring);
    REQUIRE(ring.misfits.size() == 1);
    CHECK(ring.misfits[0].m2 == 96);
    CHECK(ring.misfits[0].perimeter_m == 48);
    CHECK(ring.misfits[0].features == Features{0, 1});

    Shapes pinched = polygon(court); // touches the hole from within at (10, 15)
    add_areas(pinched, {{{{10, 15}, {14, 14}, {14, 16}}}});
    const Topology touched = look(pinched);
    check_shapes(touched);
    REQUIRE(touched.misfits.size() == 1);
    CHECK(touched.misfits[0].m2 == 96);
}

TEST_CASE("rings within rings have the number of features that lie over them", "[topology]") {
    Shapes shapes;
    add_areas(shapes, {{{{0, 0}, {70, 0}, {70, 70}, {0, 70}}, {{10, 10}, {10, 60}, {60, 60}, {60, 10}}}});
    add_areas(shapes, {{{{20, 20}, {50, 20}, {50, 50}, {20, 50}}, {{30, 30}, {30, 40}, {40, 40}, {40, 30}}}});
    const Topology t = look(shapes); // gap between the rings, gap in the middle
    check_shapes(t);
    REQUIRE(t.misfits.size() == 2);
    CHECK(t.misfits[0].m2 == 50 * 50 - 30 * 30);
    CHECK(t.misfits[0].features == Features{0, 1});
    CHECK(t.misfits[1].m2 == 100);
    CHECK(t.misfits[1].features == Features{1});

    add_rectangle(shapes, -10, -10, 80, 80); // over everything: gaps are covered, rings doubled
    const Topology covered = look(shapes);
    check_shapes(covered);
    REQUIRE(covered.misfits.size() == 2);
    CHECK(covered.misfits[0].m2 == 70 * 70 - 50 * 50);
    CHECK(covered.misfits[0].features == Features{0, 2});
    CHECK(covered.misfits[1].m2 == 30 * 30 - 10 * 10);
    CHECK(covered.misfits[1].features == Features{1, 2});
}

TEST_CASE("a feature given twice or three times lies on itself", "[topology]") {
    Shapes shapes;
    add_rectangle(shapes, 0, 0, 10, 10);
    add_rectangle(shapes, 0, 0, 10, 10);
    add_rectangle(shapes, 10, 0, 20, 10);
    const Topology twice = look(shapes);
    REQUIRE(twice.misfits.size() == 1);
    CHECK(twice.misfits[0].depth == 2);
    CHECK(twice.misfits[0].m2 == 100);
    CHECK(twice.misfits[0].features == Features{0, 1});
    CHECK(twice.stretches.empty());
    add_rectangle(shapes, 0, 0, 10, 10);
    const Topology thrice = look(shapes);
    REQUIRE(thrice.misfits.size() == 1);
    CHECK(thrice.misfits[0].depth == 3);
    CHECK(thrice.misfits[0].m2 == 100);
    CHECK(thrice.misfits[0].features == Features{0, 1, 3});
}

TEST_CASE("three features over one place are told from two", "[topology]") {
    Shapes shapes;
    add_rectangle(shapes, 0, 0, 10, 10);
    add_rectangle(shapes, 6, 0, 16, 10);
    add_rectangle(shapes, 6, 6, 16, 16);
    // A∩B is 4·10, A∩C 4·4, B∩C 10·4, all three 4·4.
    const Topology t = look(shapes);
    check_shapes(t);
    REQUIRE(t.misfits.size() == 3);
    CHECK(t.misfits[0].m2 == 24);
    CHECK(t.misfits[0].depth == 2);
    CHECK(t.misfits[1].m2 == 24);
    CHECK(t.misfits[1].depth == 2);
    CHECK(t.misfits[2].m2 == 16);
    CHECK(t.misfits[2].depth == 3);
    CHECK(t.misfits[2].features == Features{0, 1, 2});
}

TEST_CASE("a feature laid over parcels names those whose borders are all shared too", "[topology]") {
    Shapes shapes;
    for (int x = 0; x < 5; ++x)
        for (int y = 0; y < 5; ++y)
            add_rectangle(shapes, 10 * x, 10 * y, 10 * x + 10, 10 * y + 10);
    add_rectangle(shapes, 15, 15, 35, 35); // over nine parcels, the middle one whole
    const Topology t = look(shapes);
    REQUIRE(t.misfits.size() == 1);
    CHECK(t.misfits[0].m2 == 400);
    CHECK(t.misfits[0].features == Features{6, 7, 8, 11, 12, 13, 16, 17, 18, 25});
}

TEST_CASE("a sliver between two parcels is a gap with its width, and an unmatched edge", "[topology]") {
    Shapes shapes;
    add_rectangle(shapes, 0, 0, 20, 10); // below and above, so that the strip is enclosed
    add_rectangle(shapes, 0, 30, 20, 40);
    add_rectangle(shapes, 0, 10, 10, 30);
    add_rectangle(shapes, 10.0078125, 10, 20, 30); // 2⁻⁷ m
    const Topology t = look(shapes);
    check_shapes(t);
    REQUIRE(t.misfits.size() == 1);
    CHECK(t.misfits[0].is_gap());
    CHECK(t.misfits[0].m2 == 20 * 0.0078125);
    CHECK(t.misfits[0].width_m() == Approx(0.0078125).epsilon(0).margin(1e-5));
    CHECK(t.misfits[0].features == Features{0, 1, 2, 3});
    REQUIRE(t.stretches.size() == 1);
    CHECK(t.stretches[0].feature == 2);
    CHECK(t.stretches[0].other == 3);
    CHECK(t.stretches[0].length_m == Approx(20).epsilon(0).margin(1e-9));
    CHECK(t.stretches[0].distance_m == Approx(0.0078125).epsilon(0).margin(1e-12));
    CHECK(t.stretches[0].place == XY{10, 20});
    CHECK(look(shapes, 0.005).stretches.empty()); // farther apart than the tolerance
    CHECK(look(shapes, 0).stretches.empty());
}

TEST_CASE("borders that nearly meet are unmatched where nothing is enclosed", "[topology]") {
    Shapes shapes;
    add_rectangle(shapes, 0, 0, 10, 10);
    add_areas(shapes, {{{{10.004, -5}, {20, -5}, {20, 20}, {10.002, 20}, {10.003, 4}}}}); // open at both ends
    const Topology t = look(shapes);
    CHECK(t.misfits.empty());
    CAPTURE(told(t, counted_ids(shapes)));
    REQUIRE(t.stretches.size() == 1);
    CHECK(t.stretches[0].length_m == Approx(10).epsilon(0).margin(1e-9));
    // x = 10.003 + 0.001 · 4/9 at y = 0
    CHECK(t.stretches[0].distance_m == Approx(0.003 + 0.001 * 4 / 9).epsilon(0).margin(1e-6));
    REQUIRE(t.lines.size() == 1);
    CHECK(t.lines[0].vertices().size() == 2);
}

TEST_CASE("corners, crossings and borders in line are no unmatched edges", "[topology]") {
    Shapes shapes;
    add_rectangle(shapes, 0, 0, 10, 10);
    add_rectangle(shapes, 10, 0, 20, 10);                      // outer borders go on in line
    add_areas(shapes, {{{{20, 10}, {40, 12}, {30, 20}}}});     // touches in a corner
    add_areas(shapes, {{{{0, 0}, {0, -10}, {10, -5}}}});       // 26° below the first one's border
    add_areas(shapes, {{{{5, 5}, {15, 6}, {15, 9}, {5, 8}}}}); // across the shared border
    CHECK(look(shapes).stretches.empty());
}

TEST_CASE("a border with more bends beside a straight one is one stretch", "[topology]") {
    Shapes shapes;
    add_areas(shapes, {{{{0, 0}, {0, -20}, {100, -20}, {100, 0}}}});
    Ring bent{{100, 0}, {100, 20}, {0, 20}, {0, 0}};
    for (int k = 1; k < 50; ++k)
        bent.push_back({2.0 * k, k % 2 == 0 ? 0.004 : -0.004});
    add_areas(shapes, {{bent}});
    const Topology t = look(shapes);
    check_shapes(t);
    REQUIRE(t.stretches.size() == 1);
    CHECK(t.stretches[0].length_m == Approx(100).epsilon(0).margin(1e-6));
    CHECK(t.stretches[0].distance_m == Approx(0.004).epsilon(0).margin(1e-6));
    // Triangles on both sides of the line: 25 overlaps below it, 24 gaps above; half a triangle at each end is 2/3
    // of one. Their areas by hand: each whole one has a base of 2 m and a height of 4 mm.
    std::size_t gaps = 0;
    for (const Misfit& m : t.misfits)
        gaps += m.is_gap() ? 1 : 0;
    CHECK(gaps == 24);
    CHECK(t.misfits.size() == 49);
    CHECK(sum_m2(t, true) == Approx(24 * 0.004).epsilon(0).margin(1e-6));
    // The first and the last reach from the corner to (2, −0.004) and to the axis at 3: base 3, height 0.004.
    CHECK(sum_m2(t, false) == Approx(23 * 0.004 + 2 * 0.006).epsilon(0).margin(1e-6));
}

TEST_CASE("what rounding to the lattice makes is left out", "[topology]") {
    // (1/3, 1/3·…) does not lie exactly on the slanted line; rounded to the lattice it is nanometres off.
    Shapes shapes;
    const XY a{34500000, 2700000};
    const XY b{34500070, 2700030};
    const XY m = rounded({a.x + 70.0 / 3, a.y + 30.0 / 3 + 1e-9}, false);
    add_areas(shapes, {{{a, {34500070, 2699990}, b}}});
    add_areas(shapes, {{{a, m, {34500000, 2700030}}}});
    add_areas(shapes, {{{m, b, {34500000, 2700030}}}});
    const Topology t = look(shapes);
    CAPTURE(told(t, counted_ids(shapes)));
    CHECK(t.unshared > 6); // the long edge and its two pieces did not cancel
    CHECK(t.misfits.empty());
    CHECK(t.stretches.empty());

    // Two lattice steps off: too far to be taken up, too narrow to be told from rounding. Sixteen are a misfit.
    for (const double steps : {2.0, 16.0}) {
        Shapes level;
        const XY off{34500023, 2700000 + steps * 0x1p-27};
        add_areas(level, {{{a, {34500070, 2699990}, {34500070, 2700000}}}});
        add_areas(level, {{{a, off, {34500000, 2700030}}}});
        add_areas(level, {{{off, {34500070, 2700000}, {34500000, 2700030}}}});
        const Topology near = look(level);
        CAPTURE(steps);
        CHECK(near.misfits.size() == (steps > 2 ? 1 : 0));
        CHECK(near.stretches.size() == (steps > 2 ? 2 : 0)); // beside both pieces
    }
}

TEST_CASE("an unmatched edge ends where the borders part", "[topology]") {
    // 4 mm apart for 100 m; then one border turns away by 20°, the other goes on.
    Shapes shapes;
    add_rectangle(shapes, 0, -10, 100, 0);
    add_areas(shapes, {{{{0, 0.004}, {100, 0.004}, {130, 11}, {0, 11}}}});
    add_areas(shapes, {{{{100, -10}, {130, -10}, {130, 0}, {100, 0}}}}); // its border meets the turning one at 20°
    const Topology t = look(shapes);
    REQUIRE(t.stretches.size() == 1);
    CHECK(t.stretches[0].feature == 0);
    CHECK(t.stretches[0].length_m == Approx(100).epsilon(0).margin(1e-9));
    CHECK(t.stretches[0].distance_m == Approx(0.004).epsilon(0).margin(1e-9));
    // The same where the straight border goes on, with a vertex at the corner and without.
    for (const bool vertex : {true, false}) {
        CAPTURE(vertex);
        Ring straight{{0, -10}, {200, -10}, {200, 0}, {0, 0}};
        if (vertex)
            straight.insert(straight.begin() + 3, {100, 0});
        Shapes longer = polygon({straight});
        longer.append(shapes[1]);
        const Topology u = look(longer);
        REQUIRE(u.stretches.size() == 1);
        CHECK(u.stretches[0].length_m == Approx(100).epsilon(0).margin(1e-9));
        CHECK(u.stretches[0].distance_m == Approx(0.004).epsilon(0).margin(1e-9));
    }
}

TEST_CASE("a fit does not depend on the origin, the order of features or the number of threads", "[topology]") {
    const std::uint64_t seed = 20261122;
    CAPTURE(seed);
    Dice dice(seed);
    Shapes shapes;
    constexpr int side = 30;
    // A grid of quadrilaterals with common, moved corners; some parcels are left out, some are moved alone.
    std::vector<XY> corner;
    for (int y = 0; y <= side; ++y)
        for (int x = 0; x <= side; ++x)
            corner.push_back({std::round((100 * x + 25 * dice.signed_unit()) * 1000) / 1000,
                              std::round((100 * y + 25 * dice.signed_unit()) * 1000) / 1000});
    const auto at = [&](int x, int y) { return corner[static_cast<std::size_t>(y * (side + 1) + x)]; };
    const auto shoelace = [](const Ring& ring) {
        double twice = 0;
        for (std::size_t i = 0; i < ring.size(); ++i) {
            const XY p = ring[i];
            const XY q = ring[(i + 1) % ring.size()];
            twice += p.x * q.y - q.x * p.y;
        }
        return std::abs(twice) / 2;
    };
    double gap_m2 = 0;
    double overlap_m2 = 0;
    std::size_t gaps = 0;
    std::size_t overlaps = 0;
    for (int y = 0; y < side; ++y)
        for (int x = 0; x < side; ++x) {
            Ring ring{at(x, y), at(x + 1, y), at(x + 1, y + 1), at(x, y + 1)};
            const bool inner = x > 0 && y > 0 && x + 1 < side && y + 1 < side && x % 2 == 0 && y % 2 == 0;
            if (inner && dice.one_in(6)) { // no two of these touch
                gap_m2 += shoelace(ring);
                ++gaps;
                continue;
            }
            if (inner && dice.one_in(4)) { // its north-east corner moved outwards, or inwards
                const bool outwards = dice.one_in(2);
                const double by = (outwards ? 0.25 : -0.25) + 0.125 * dice.signed_unit();
                const XY moved{ring[2].x + by, ring[2].y + by};
                const double m2 = shoelace({ring[1], ring[2], ring[3], moved});
                (outwards ? overlap_m2 : gap_m2) += m2;
                ++(outwards ? overlaps : gaps);
                ring[2] = rounded(moved, false);
            }
            add_areas(shapes, {{ring}});
        }
    const auto ids = counted_ids(shapes);
    const Topology t = look(shapes);
    check_shapes(t);
    CAPTURE(gaps, overlaps);
    CHECK(gaps > 20);
    CHECK(overlaps > 5);
    CHECK(t.misfits.size() == gaps + overlaps);
    const double margin_m2 = 1e-5; // corners were rounded to 7.5 nm after their areas were taken, on edges of 100 m
    CHECK(sum_m2(t, true) == Approx(gap_m2).epsilon(0).margin(margin_m2));
    CHECK(sum_m2(t, false) == Approx(overlap_m2).epsilon(0).margin(margin_m2));

    std::vector<std::size_t> order(shapes.size());
    std::iota(order.begin(), order.end(), std::size_t{0});
    for (std::size_t i = order.size(); i > 1; --i)
        std::swap(order[i - 1], order[static_cast<std::size_t>(dice.below(static_cast<int>(i)))]);
    Shapes shuffled;
    std::vector<std::int64_t> shuffled_ids;
    for (const std::size_t i : order) {
        shuffled.append(shapes[i]);
        shuffled_ids.push_back(ids[i]);
    }
    TopologyOptions options;
    options.tolerance_m = 0.5;
    const std::string once = told(find_topology(shapes, ids, metres(), options), ids);
    CHECK(once.find("beside") != std::string::npos);
    for (const unsigned jobs : {1U, 2U, 5U}) {
        options.jobs = jobs;
        CHECK(told(find_topology(shapes, ids, metres(), options), ids) == once);
        CHECK(told(find_topology(shuffled, shuffled_ids, metres(), options), shuffled_ids) == once);
    }

    Shapes moved;
    for (std::size_t i = 0; i < shapes.size(); ++i)
        moved.append(shapes[i]);
    for (XY& p : moved.xy)
        p = rounded({p.x + 34500000, p.y + 2700000}, false);
    for (Box& box : moved.box)
        box = {box.min_x + 34500000, box.min_y + 2700000, box.max_x + 34500000, box.max_y + 2700000};
    const Topology far = look(moved);
    CHECK(far.misfits.size() == t.misfits.size());
    CHECK(sum_m2(far, true) == Approx(gap_m2).epsilon(0).margin(margin_m2));
    CHECK(sum_m2(far, false) == Approx(overlap_m2).epsilon(0).margin(margin_m2));
}

TEST_CASE("overlaps agree with the exact oracle, gaps with GEOS", "[topology]") {
    const std::uint64_t seed = 7;
    Dice dice(seed);
    const GeosOpinion geos;
    std::size_t with_gap = 0;
    std::size_t named_with = 0;
    std::size_t named_without = 0;
    for (int round = 0; round < 60; ++round) {
        CAPTURE(seed, round);
        Shapes shapes;
        const int count = dice.between(2, 7);
        const GridMap map = random_map(dice);
        const int side = dice.between(3, 12);
        // Small grids: coincident vertices, collinear edges and exact touches everywhere.
        for (int i = 0; i < count; ++i) {
            const XY to{static_cast<double>(dice.below(side)), static_cast<double>(dice.below(side))};
            shapes.append(placed(dice, random_star(dice, side), map, to)[0]);
        }
        const Topology t = look(shapes, 1e-4);
        check_shapes(t);
        CHECK(t.position_error_m < 1e-7);

        double exact = 0;
        double whole = 0;
        OverlapKernel kernel(AreaForm::planar(metres()), nullptr);
        double by_kernel = 0;
        for (std::size_t i = 0; i < shapes.size(); ++i) {
            whole += exact_overlap(shapes[i], shapes[i], Arithmetic::quad).nearest;
            const PreparedArea prepared(shapes[i]);
            for (std::size_t j = 0; j < i; ++j) {
                exact += exact_overlap(shapes[i], shapes[j], Arithmetic::quad).nearest;
                by_kernel += kernel.overlap(shapes[j], prepared).planar_m2;
            }
        }
        double pairs = 0;
        double doubled = 0;
        double error_m2 = 1e-9;
        for (const Misfit& m : t.misfits) {
            if (m.is_gap())
                continue;
            pairs += m.m2 * m.depth * (m.depth - 1) / 2;
            doubled += m.m2 * (m.depth - 1);
            error_m2 += m.perimeter_m * t.position_error_m * m.depth * m.depth;
            CHECK(m.features.size() >= m.depth);
        }
        for (std::size_t i = 0; i < t.misfits.size(); ++i) // those named have land in common with it, others have not
            if (!t.misfits[i].is_gap() && t.misfits[i].m2 > 1e-3)
                for (std::uint32_t f = 0; f < shapes.size(); ++f) {
                    const auto& named = t.misfits[i].features;
                    const double common = exact_overlap(t.areas[i], shapes[f], Arithmetic::quad).nearest;
                    CAPTURE(i, f, common);
                    if (common > 1e-5 || common < 1e-8)
                        CHECK((std::find(named.begin(), named.end(), f) != named.end()) == (common > 1e-5));
                    ++(common > 1e-5 ? named_with : named_without);
                }
        CAPTURE(exact, by_kernel, pairs, error_m2);
        CHECK(std::abs(pairs - exact) <= error_m2);
        CHECK(std::abs(pairs - by_kernel) <= error_m2);

        GeosOpinion::Geometry united = geos.from_shape(shapes[0]);
        for (std::size_t i = 1; i < shapes.size(); ++i)
            united = geos.union_of(*united, *geos.from_shape(shapes[i]));
        CHECK(whole - doubled == Approx(geos.area(*united)).epsilon(0).margin(1e-6));
        const auto parts = geos.areas(*united, false);
        REQUIRE(parts);
        std::vector<double> holes;
        for (std::size_t p = 0; p < (*parts)[0].part_count(); ++p) {
            const auto [first, last] = (*parts)[0].rings_of_part(p);
            for (std::size_t r = first + 1; r < last; ++r) {
                const auto ring = (*parts)[0].ring(r);
                double twice = 0;
                for (std::size_t k = 1; k < ring.size(); ++k)
                    twice += ring[k - 1].x * ring[k].y - ring[k].x * ring[k - 1].y;
                if (std::abs(twice) > 1e-6)
                    holes.push_back(std::abs(twice) / 2);
            }
        }
        std::vector<double> gaps;
        for (std::size_t i = 0; i < t.misfits.size(); ++i)
            if (t.misfits[i].is_gap()) {
                double twice = 0;
                const auto ring = t.areas[i].ring(0);
                for (std::size_t k = 1; k < ring.size(); ++k)
                    twice += ring[k - 1].x * ring[k].y - ring[k].x * ring[k - 1].y;
                gaps.push_back(twice / 2);
            }
        with_gap += gaps.empty() ? 0 : 1;
        std::sort(holes.begin(), holes.end());
        std::sort(gaps.begin(), gaps.end());
        REQUIRE(gaps.size() == holes.size());
        for (std::size_t i = 0; i < gaps.size(); ++i)
            CHECK(gaps[i] == Approx(holes[i]).epsilon(0).margin(1e-6));
    }
    CHECK(with_gap > 5);
    CHECK(named_with > 100);
    CHECK(named_without > 100);
}

TEST_CASE("many crossings at flat angles come to an end with the right total", "[topology]") {
    const std::uint64_t seed = 31;
    CAPTURE(seed);
    Dice dice(seed);
    // Long thin triangles through one strip at zone-prefixed eastings: crossings nearly parallel, close together.
    Shapes shapes;
    for (int i = 0; i < 60; ++i) {
        const double y0 = 2700000 + dice.signed_unit() * 0.5;
        const double y1 = 2700000 + dice.signed_unit() * 0.5;
        const Ring ring{rounded({34500000 + dice.signed_unit(), y0}, false),
                        rounded({34501000 + dice.signed_unit(), y1}, false),
                        rounded({34500500, std::max(y0, y1) + 0.01}, false)};
        add_areas(shapes, {{ring}});
    }
    for (std::size_t i = 0; i < shapes.size(); ++i)
        orient(shapes, i);
    const Topology t = look(shapes);
    check_shapes(t);
    double exact = 0;
    for (std::size_t i = 0; i < shapes.size(); ++i)
        for (std::size_t j = 0; j < i; ++j)
            exact += exact_overlap(shapes[i], shapes[j], Arithmetic::quad).nearest;
    double pairs = 0;
    double error_m2 = 0;
    for (const Misfit& m : t.misfits)
        if (!m.is_gap()) {
            pairs += m.m2 * m.depth * (m.depth - 1) / 2;
            error_m2 += m.perimeter_m * (t.position_error_m + t.resolution_m) * m.depth;
        }
    CAPTURE(exact, pairs, error_m2, t.position_error_m);
    CHECK(t.misfits.size() > 100);
    CHECK(std::abs(pairs - exact) <= error_m2);
}

TEST_CASE("borders that differ by a few lattice steps come to an end too", "[topology]") {
    const std::uint64_t seed = 91;
    CAPTURE(seed);
    Dice dice(seed);
    // Cells with bent borders, each cell moved by up to eight steps: bundles of lines narrower than their own rounding.
    constexpr int side = 9;
    constexpr int bends = 6;
    const auto bent = [&](int x, int y, bool level) { // from the corner (x, y) eastwards, or northwards
        Ring line;
        for (int k = 0; k < bends; ++k) {
            const double along = 100.0 * k / bends;
            const double across =
                k == 0 ? 0 : std::round(1000 * 3 * std::sin(7.0 * x + 5 * y + k + (level ? 0 : 2))) / 1000;
            line.push_back(
                {34500000 + 100.0 * x + (level ? along : across), 2700000 + 100.0 * y + (level ? across : along)});
        }
        return line;
    };
    Shapes shapes;
    for (int y = 0; y < side; ++y)
        for (int x = 0; x < side; ++x) {
            Ring ring = bent(x, y, true);
            const auto add = [&](const Ring& line) { ring.insert(ring.end(), line.begin(), line.end()); };
            add(bent(x + 1, y, false));
            Ring north = bent(x, y + 1, true);
            north.push_back({34500000 + 100.0 * (x + 1), 2700000 + 100.0 * (y + 1)});
            add({north.rbegin(), north.rend() - 1});
            Ring west = bent(x, y, false);
            west.push_back({34500000 + 100.0 * x, 2700000 + 100.0 * (y + 1)});
            add({west.rbegin(), west.rend() - 1});
            const XY by{dice.between(-8, 8) * 0x1p-27, dice.between(-8, 8) * 0x1p-27};
            for (XY& p : ring)
                p = rounded({p.x + by.x, p.y + by.y}, false);
            add_areas(shapes, {{ring}});
        }
    const Topology t = look(shapes);
    CHECK(t.unshared > 1000);
    CHECK(t.position_error_m < 1e-7);
    double exact = 0;
    for (std::size_t i = 0; i < shapes.size(); ++i)
        for (std::size_t j = 0; j < i; ++j)
            if (shapes.box[i].touches(shapes.box[j]))
                exact += exact_overlap(shapes[i], shapes[j], Arithmetic::quad).nearest;
    double pairs = 0;
    for (const Misfit& m : t.misfits)
        if (!m.is_gap())
            pairs += m.m2 * m.depth * (m.depth - 1) / 2;
    // What is narrower than the resolution is left out: at most that width along every border.
    const double borders_m = 2.0 * side * (side + 1) * 110;
    CAPTURE(exact, pairs);
    CHECK(exact > 1e-5);
    CHECK(std::abs(pairs - exact) < borders_m * (t.resolution_m + t.position_error_m));
}

TEST_CASE("a bundle of borders along one slanted line comes to an end", "[topology]") {
    const std::uint64_t seed = 17;
    CAPTURE(seed);
    Dice dice(seed);
    // Triangles whose longest sides begin and end anywhere on one line, up to three lattice steps beside it.
    Shapes shapes;
    const auto on_line = [&](int t) {
        return rounded(
            {34500000 + 1.0 * t + dice.between(-3, 3) * 0x1p-27, 2700000 + 0.37 * t + dice.between(-3, 3) * 0x1p-27},
            false);
    };
    for (int i = 0; i < 150; ++i) {
        const int from = dice.below(900);
        const int to = from + dice.between(20, 100);
        const double side = dice.one_in(2) ? 10 : -10;
        add_areas(shapes, {{{on_line(from), on_line(to), {34500000.0 + from, 2700000 + 0.37 * to + side}}}});
        orient(shapes, shapes.size() - 1);
    }
    const Topology t = look(shapes);
    check_shapes(t);
    CHECK(t.position_error_m < 1e-6);
    double exact = 0;
    for (std::size_t i = 0; i < shapes.size(); ++i)
        for (std::size_t j = 0; j < i; ++j)
            if (shapes.box[i].touches(shapes.box[j]))
                exact += exact_overlap(shapes[i], shapes[j], Arithmetic::quad).nearest;
    double pairs = 0;
    double error_m2 = 0;
    for (const Misfit& m : t.misfits)
        if (!m.is_gap()) {
            pairs += m.m2 * m.depth * (m.depth - 1) / 2;
            error_m2 += m.perimeter_m * t.resolution_m * m.depth;
        }
    CAPTURE(exact, pairs, error_m2);
    CHECK(exact > 1000);
    CHECK(std::abs(pairs - exact) < error_m2);
}

TEST_CASE("in degrees areas are ground areas and lengths are metres", "[topology]") {
    const Crs degrees = Crs::parse("EPSG:4490");
    Shapes shapes;
    add_rectangle(shapes, 102, 24, 102.01, 24.01);
    add_rectangle(shapes, 102.009, 24, 102.02, 24.01); // 0.001° over each other
    Shapes strip;
    add_rectangle(strip, 102.009, 24, 102.01, 24.01);
    TopologyOptions options;
    const Topology t = find_topology(shapes, counted_ids(shapes), degrees, options);
    REQUIRE(t.misfits.size() == 1);
    const double ground = ground_m2(strip[0], AreaForm::ground(degrees));
    CHECK(t.misfits[0].m2 == Approx(ground).epsilon(0).margin(1e-6));
    // Sides of the strip by the radii of curvature of the ellipsoid at 24.005° N: 101.748 m and 1107.583 m.
    CHECK(t.misfits[0].perimeter_m == Approx(2 * (101.748 + 1107.583)).epsilon(0).margin(0.01));

    Shapes apart;
    add_rectangle(apart, 102, 24, 102.01, 24.01);
    add_rectangle(apart, 102.01 + 5e-8, 24, 102.02, 24.01); // 5.1 mm
    const Topology beside = find_topology(apart, counted_ids(apart), degrees, options);
    REQUIRE(beside.stretches.size() == 1);
    CHECK(beside.stretches[0].length_m == Approx(1107.583).epsilon(0).margin(0.01));
    CHECK(beside.stretches[0].distance_m == Approx(0.00509).epsilon(0).margin(2e-5));
}

TEST_CASE("looking at a layer stops when asked", "[topology]") {
    Shapes shapes;
    add_rectangle(shapes, 0, 0, 10, 10);
    stop_requested = true;
    bool stopped = false;
    try {
        static_cast<void>(look(shapes));
    } catch (const Error& error) {
        stopped = error.kind() == ErrorKind::stopped;
    }
    stop_requested = false;
    CHECK(stopped);
}
