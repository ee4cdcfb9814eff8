#include "support/catch.hpp"

#include "corebelt/geo/distance.hpp"
#include "corebelt/geo/evidence.hpp"
#include "corebelt/geo/validity.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <random>
#include <string>
#include <vector>

using corebelt::geo::Box;
using corebelt::geo::covers;
using corebelt::geo::Dimension;
using corebelt::geo::EdgeSet;
using corebelt::geo::orient;
using corebelt::geo::rounded;
using corebelt::geo::Shapes;
using corebelt::geo::shapes_from_wkt;
using corebelt::geo::ShapeView;
using corebelt::geo::XY;

namespace {

constexpr double anywhere = std::numeric_limits<double>::infinity();

Shapes layer(const std::vector<std::string>& texts) {
    Shapes all;
    for (const std::string& text : texts)
        all.append(shapes_from_wkt(text)[0]);
    return all;
}

double distance_between(const std::string& a, const std::string& b) {
    const Shapes asked = shapes_from_wkt(a);
    const EdgeSet set(shapes_from_wkt(b));
    const EdgeSet other_way(asked);
    const double d = set.distance(asked[0], 0);
    CHECK(other_way.distance(shapes_from_wkt(b)[0], 0) == Approx(d).epsilon(1e-12));
    return d;
}

double shared(const std::string& of, const std::string& with, double gap) {
    const EdgeSet set(shapes_from_wkt(with));
    return set.shared_boundary_length(shapes_from_wkt(of)[0], 0, gap);
}

// The oracle: all pairs of edges in long double, by the definition.

long double point_to_segment(XY p, XY a, XY b) {
    const long double ex = static_cast<long double>(b.x) - a.x;
    const long double ey = static_cast<long double>(b.y) - a.y;
    const long double wx = static_cast<long double>(p.x) - a.x;
    const long double wy = static_cast<long double>(p.y) - a.y;
    const long double l2 = ex * ex + ey * ey;
    const long double t = l2 > 0 ? std::clamp((wx * ex + wy * ey) / l2, 0.0L, 1.0L) : 0.0L;
    return std::hypot(wx - t * ex, wy - t * ey);
}

bool cross_properly(XY a, XY b, XY c, XY d) {
    const auto turn = [](XY o, XY p, XY q) {
        const long double v = (static_cast<long double>(p.x) - o.x) * (static_cast<long double>(q.y) - o.y) -
                              (static_cast<long double>(p.y) - o.y) * (static_cast<long double>(q.x) - o.x);
        return (v > 0) - (v < 0);
    };
    return turn(a, b, c) * turn(a, b, d) < 0 && turn(c, d, a) * turn(c, d, b) < 0;
}

std::vector<std::pair<XY, XY>> edges_of(const ShapeView& shape) {
    std::vector<std::pair<XY, XY>> edges;
    for (std::size_t r = 0; r < shape.ring_count(); ++r) {
        const auto ring = shape.ring(r);
        if (ring.size() == 1)
            edges.emplace_back(ring[0], ring[0]);
        for (std::size_t i = 1; i < ring.size(); ++i)
            edges.emplace_back(ring[i - 1], ring[i]);
    }
    return edges;
}

long double slow_distance(const ShapeView& a, const ShapeView& b) {
    const auto inside = [](const ShapeView& outer, const ShapeView& inner) {
        return outer.dimension() == Dimension::area &&
               std::any_of(inner.vertices().begin(), inner.vertices().end(), [&](XY p) { return covers(outer, p); });
    };
    if (inside(a, b) || inside(b, a))
        return 0;
    long double least = anywhere;
    for (const auto& [p, q] : edges_of(a)) {
        for (const auto& [u, v] : edges_of(b)) {
            if (cross_properly(p, q, u, v))
                return 0;
            least = std::min({least, point_to_segment(p, u, v), point_to_segment(q, u, v), point_to_segment(u, p, q),
                              point_to_segment(v, p, q)});
        }
    }
    return least;
}

using Random = std::mt19937;

double any(Random& random, double low, double high) {
    return std::uniform_real_distribution<double>(low, high)(random);
}

/// A star-shaped polygon, a line, or some points, of up to 60 vertices.
Shapes any_feature(Random& random, XY corner, double spread, double size) {
    Shapes s;
    const XY centre{corner.x + any(random, 0, spread), corner.y + any(random, 0, spread)};
    const int n = 3 + static_cast<int>(random() % 58);
    const auto kind = static_cast<Dimension>(random() % 4 == 0 ? random() % 3 : 2);
    for (int i = 0; i < n; ++i) {
        const double angle = 6.283185307179586 * i / n;
        const double radius = size * any(random, 0.3, 1);
        s.add(rounded({centre.x + radius * std::cos(angle), centre.y + radius * std::sin(angle)}, false));
        if (kind == Dimension::point) {
            s.end_ring();
            s.end_part();
        }
    }
    if (kind != Dimension::point) {
        s.end_ring();
        s.end_part();
    }
    s.end_shape(kind);
    if (kind == Dimension::area)
        orient(s, 0);
    return s;
}

} // namespace

TEST_CASE("distance is from edge to edge, and 0 where features touch, cross or nest", "[distance]") {
    const std::string square = "POLYGON ((0 0, 4 0, 4 4, 0 4, 0 0))";
    CHECK(distance_between(square, "POLYGON ((7 0, 9 0, 9 4, 7 4, 7 0))") == 3);
    CHECK(distance_between(square, "POLYGON ((7 8, 9 8, 9 9, 7 8))") == 5); // corner to corner, 3-4-5
    CHECK(distance_between(square, "POLYGON ((6 2, 9 0, 9 4, 6 2))") == 2); // corner to edge
    CHECK(distance_between(square, "POLYGON ((4 0, 8 0, 8 4, 4 4, 4 0))") == 0);
    CHECK(distance_between(square, "POLYGON ((4 4, 8 4, 8 8, 4 4))") == 0);
    CHECK(distance_between(square, "POLYGON ((1 1, 2 1, 2 2, 1 1))") == 0);
    CHECK(distance_between(square, "POLYGON ((-1 1, 5 1, 5 2, -1 2, -1 1))") == 0); // through, no vertex inside
    CHECK(distance_between(square, square) == 0);
    CHECK(distance_between(square, "POINT (2 2)") == 0);
    CHECK(distance_between(square, "POINT (4 2)") == 0);
    CHECK(distance_between(square, "POINT (7 8)") == 5);
    CHECK(distance_between(square, "MULTIPOINT ((9 9), (5 2))") == 1);
    CHECK(distance_between(square, "LINESTRING (6 -5, 6 9)") == 2);
    CHECK(distance_between(square, "LINESTRING (1 1, 3 3)") == 0);
    CHECK(distance_between("LINESTRING (0 0, 4 4)", "LINESTRING (0 4, 4 0)") == 0);
    CHECK(distance_between("POINT (0 0)", "POINT (3 4)") == 5);
}

TEST_CASE("what lies in a hole is apart, what lies in one part of several is not", "[distance]") {
    const std::string frame = "POLYGON ((0 0, 20 0, 20 20, 0 20, 0 0), (2 2, 2 18, 18 18, 18 2, 2 2))";
    CHECK(distance_between(frame, "POLYGON ((5 8, 8 8, 8 11, 5 8))") == 3);
    CHECK(distance_between(frame, "POINT (10 10)") == 8);
    CHECK(distance_between("MULTIPOLYGON (((90 0, 91 0, 91 1, 90 0)), ((0 0, 20 0, 20 20, 0 20, 0 0)))",
                           "MULTIPOLYGON (((50 0, 51 0, 51 1, 50 0)), ((5 8, 8 8, 8 11, 5 8)))") == 0);
}

TEST_CASE("distance to nothing is infinite and nothing is never near", "[distance]") {
    const Shapes square = shapes_from_wkt("POLYGON ((0 0, 4 0, 4 4, 0 4, 0 0))");
    const Shapes empty = shapes_from_wkt("POLYGON EMPTY");
    const EdgeSet set(layer({"POLYGON EMPTY", "POLYGON ((9 0, 10 0, 10 1, 9 0))"}));
    CHECK(std::isinf(set.distance(square[0], 0)));
    CHECK(std::isinf(set.distance(empty[0], 1)));
    CHECK_FALSE(set.nearest(empty[0], anywhere));
    REQUIRE(set.nearest(square[0], anywhere));
    CHECK(set.nearest(square[0], anywhere)->index == 1);
    CHECK_FALSE(EdgeSet(empty).nearest(square[0], anywhere));
    CHECK_FALSE(EdgeSet(Shapes{}).nearest(square[0], anywhere));
    CHECK(set.shared_boundary_length(square[0], 0, 1) == 0);
    CHECK(set.shared_boundary_length(empty[0], 1, 1) == 0);
}

TEST_CASE("small distances at large coordinates keep nine digits", "[distance]") {
    // Points a few lattice steps beside kilometre edges, judged in whole lattice steps: |cross| / length, where the
    // cross product of integers below 2⁴⁰ is exact in 128 bits.
    __extension__ typedef __int128 Wide;
    const double step = std::ldexp(1.0, -27);
    const std::uint32_t seed = 27;
    CAPTURE(seed);
    Random random(seed);
    for (int n = 0; n < 200; ++n) {
        const auto steps = [&](double metres) { return std::llround(metres / step); };
        const long long ex = steps(any(random, 500, 1500));
        const long long ey = steps(any(random, -1500, 1500));
        const long long wx = steps(any(random, 0.2, 0.8) * static_cast<double>(ex) * step);
        const auto wy =
            static_cast<long long>(static_cast<double>(wx) * static_cast<double>(ey) / static_cast<double>(ex)) +
            static_cast<long long>(random() % 2000) - 1000;
        const XY a{34554000, 2690000};
        Shapes line;
        line.add(a);
        line.add({a.x + static_cast<double>(ex) * step, a.y + static_cast<double>(ey) * step});
        line.end_ring();
        line.end_part();
        line.end_shape(Dimension::line);
        Shapes point;
        point.add({a.x + static_cast<double>(wx) * step, a.y + static_cast<double>(wy) * step});
        point.end_ring();
        point.end_part();
        point.end_shape(Dimension::point);
        const Wide cross = static_cast<Wide>(ex) * wy - static_cast<Wide>(ey) * wx;
        const double expected =
            std::abs(static_cast<double>(cross)) / std::hypot(static_cast<double>(ex), static_cast<double>(ey)) * step;
        CAPTURE(n, ex, ey, wx, wy);
        REQUIRE(EdgeSet(line).distance(point[0], 0) == Approx(expected).epsilon(1e-12));
    }
}

TEST_CASE("the nearest feature within a limit, the limit included", "[distance]") {
    const Shapes asked = shapes_from_wkt("POLYGON ((0 0, 4 0, 4 4, 0 4, 0 0))");
    const EdgeSet set(layer({"POINT (40 2)", "POLYGON ((9 0, 10 0, 10 4, 9 4, 9 0))", "POINT (2 30)"}));
    const auto found = set.nearest(asked[0], anywhere);
    REQUIRE(found);
    CHECK(found->index == 1);
    CHECK(found->distance == 5);
    CHECK(found->at_other.x == 4);
    CHECK(found->at_this.x == 9);
    CHECK(found->at_other.y == found->at_this.y);
    CHECK(set.nearest(asked[0], 5));
    CHECK_FALSE(set.nearest(asked[0], 4.999999));
}

TEST_CASE("equal distances go to the smaller coordinates, whatever the file order", "[distance]") {
    const Shapes asked = shapes_from_wkt("POINT (0 0)");
    std::vector<std::string> around = {"POINT (5 0)",   "POINT (-5 0)", "POINT (0 5)",
                                       "POINT (-3 -4)", "POINT (-4 3)", "LINESTRING (-5 0, -5 1)"};
    const std::uint32_t seed = 5;
    CAPTURE(seed);
    Random random(seed);
    for (int n = 0; n < 50; ++n) {
        std::shuffle(around.begin(), around.end(), random);
        const EdgeSet set(layer(around));
        const auto found = set.nearest(asked[0], anywhere);
        REQUIRE(found);
        CHECK(found->distance == 5);
        CHECK(around[found->index] == "POINT (-5 0)"); // box (-5 0 -5 0) before (-5 0 -5 1)
    }
}

TEST_CASE("nearest and distance agree with all pairs", "[distance]") {
    const std::uint32_t seed = GENERATE(1U, 2U, 3U, 4U);
    CAPTURE(seed);
    Random random(seed);
    const XY corner = seed % 2 == 0 ? XY{34554000, 2690000} : XY{0, 0};
    Shapes features;
    for (int n = 0; n < 80; ++n)
        features.append(any_feature(random, corner, 1000, any(random, 1, 60))[0]);
    const EdgeSet set(features);
    int touching = 0;
    for (int n = 0; n < 25; ++n) {
        const Shapes asked = any_feature(random, corner, 1400, any(random, 1, 60));
        long double least = anywhere;
        for (std::uint32_t i = 0; i < features.size(); ++i) {
            const long double slow = slow_distance(asked[0], features[i]);
            CAPTURE(n, i);
            REQUIRE(set.distance(asked[0], i) == Approx(static_cast<double>(slow)).epsilon(1e-9).margin(1e-12));
            least = std::min(least, slow);
        }
        const auto found = set.nearest(asked[0], anywhere);
        REQUIRE(found);
        REQUIRE(found->distance == Approx(static_cast<double>(least)).epsilon(1e-9).margin(1e-12));
        // The two points really are that far apart; nested features name one point.
        const double apart = std::hypot(found->at_other.x - found->at_this.x, found->at_other.y - found->at_this.y);
        CHECK(apart == Approx(found->distance).epsilon(0).margin(3e-8)); // coordinates have steps of 7.5 nm
        touching += found->distance == 0 ? 1 : 0;
        const auto within = set.nearest(asked[0], found->distance / 2);
        CHECK(within.has_value() == (found->distance == 0));
    }
    CHECK(touching > 2);
    CHECK(touching < 20);
}

TEST_CASE("features found by box are all those whose boxes come within the gap", "[distance]") {
    const std::uint32_t seed = 11;
    CAPTURE(seed);
    Random random(seed);
    Shapes features;
    for (int n = 0; n < 300; ++n)
        features.append(any_feature(random, {0, 0}, 1000, any(random, 1, 40))[0]);
    const EdgeSet set(features);
    std::vector<std::uint32_t> found = {7, 7};
    for (int n = 0; n < 100; ++n) {
        Box box;
        box.add(XY{any(random, 0, 1000), any(random, 0, 1000)});
        box.add(XY{any(random, 0, 1000), any(random, 0, 1000)});
        const double gap = any(random, 0, 20);
        std::vector<std::uint32_t> expected;
        for (std::uint32_t i = 0; i < features.size(); ++i)
            if (box.grown(gap).touches(features.box[i]))
                expected.push_back(i);
        set.find(box, gap, found);
        REQUIRE(found == expected);
    }
}

TEST_CASE("neighbours share the boundary that runs along both, also where vertices differ", "[distance]") {
    const std::string square = "POLYGON ((0 0, 10 0, 10 10, 0 10, 0 0))";
    CHECK(shared(square, "POLYGON ((10 0, 20 0, 20 10, 10 10, 10 0))", 0) == 10);
    CHECK(shared(square, "POLYGON ((10 2, 20 2, 20 5, 10 5, 10 2))", 0) == 3);
    CHECK(shared(square, "POLYGON ((10 -5, 20 -5, 20 25, 10 25, 10 7, 10 3, 10 -5))", 0) == 10); // T-junctions
    CHECK(shared(square, "MULTIPOLYGON (((10 1, 20 1, 20 2, 10 2, 10 1)), ((10 4, 20 4, 20 6, 10 6, 10 4)))", 0) == 3);
    CHECK(shared(square, square, 0) == 40);
    CHECK(shared(square, "POLYGON ((3 3, 6 3, 6 6, 3 3))", 0) == 0);
    // Slanted and split at a point exactly on it: the long side of a 3-4-5 triangle
    CHECK(shared("POLYGON ((0 0, 8 6, 0 6, 0 0))", "POLYGON ((0 0, 4 3, 8 6, 8 0, 0 0))", 0) ==
          Approx(10).margin(1e-12));
    CHECK(shared("POLYGON ((0 0, 4 3, 8 6, 0 6, 0 0))", "POLYGON ((-4 -3, 12 9, 12 -3, -4 -3))", 0) ==
          Approx(10).margin(1e-12));
    // Lines
    CHECK(shared("LINESTRING (0 0, 10 0)", "LINESTRING (4 0, 14 0)", 0) == 6);
    CHECK(shared("LINESTRING (0 0, 10 0)", "POINT (4 0)", 1) == 0);
}

TEST_CASE("a gap bridges lines that were digitised apart, and its edge is included", "[distance]") {
    const std::string square = "POLYGON ((0 0, 10 0, 10 10, 0 10, 0 0))";
    const std::string beside = "POLYGON ((10.25 2, 20 2, 20 8, 10.25 8, 10.25 2))";
    CHECK(shared(square, beside, 0) == 0);
    CHECK(shared(square, beside, 0.24) == 0);
    CHECK(shared(square, beside, 0.25) == 6);
    CHECK(shared(square, beside, 0.5) == 6); // no overhang of the gap at the ends
    CHECK(shared(beside, square, 0.5) == 6);
    // Overlapping by as much is as near
    CHECK(shared(square, "POLYGON ((9.75 2, 20 2, 20 8, 9.75 8, 9.75 2))", 0.5) == 6);
    // A boundary that runs off at 1 in 10: within 0.5 for 5 m
    CHECK(shared("LINESTRING (0 0, 20 0)", "LINESTRING (0 0, 20 2)", 0.5) ==
          Approx(0.5 * std::sqrt(101.0)).margin(1e-9)); // 0.5 / sin φ, tan φ = 1/10
    // A road of 4 m between: not within 1 m
    CHECK(shared(square, "POLYGON ((14 0, 20 0, 20 10, 14 10, 14 0))", 1) == 0);
}

TEST_CASE("corners that touch and boundaries that end on another share nothing", "[distance]") {
    const std::string square = "POLYGON ((0 0, 10 0, 10 10, 0 10, 0 0))";
    const double gap = GENERATE(0.0, 0.001, 0.5);
    CAPTURE(gap);
    CHECK(shared(square, "POLYGON ((10 10, 20 10, 20 20, 10 20, 10 10))", gap) == 0);
    CHECK(shared(square, "POLYGON ((10 10, 20 15, 15 20, 10 10))", gap) == 0);
    CHECK(shared(square, "LINESTRING (10 5, 30 5)", gap) == 0);
    CHECK(shared(square, "LINESTRING (5 5, 30 5)", gap) == 0);
    CHECK(shared(square, "LINESTRING (5 -5, 5 15)", gap) == 0);
}

TEST_CASE("a bend in the other boundary leaves no hole in the shared length", "[distance]") {
    // The neighbour bulges towards the straight edge and away again; all of it lies within the gap.
    const std::string straight = "LINESTRING (0 0, 30 0)";
    CHECK(shared(straight, "LINESTRING (0 0.4, 10 0.2, 20 0.4, 30 0.2)", 0.5) == Approx(30).margin(0.02));
    CHECK(shared(straight, "LINESTRING (0 0.4, 10 0.2, 10 0.2, 20 0.4, 30 0.4)", 0.5) == Approx(30).margin(0.02));
    // A stair of 0.2 m steps along a slanted line counts as the line
    const double stair = shared("LINESTRING (0 0, 1 1)",
                                "LINESTRING (0 0, 0.2 0, 0.2 0.2, 0.4 0.2, 0.4 0.4, 0.6 0.4, 0.6 0.6, 0.8 0.6, "
                                "0.8 0.8, 1 0.8, 1 1)",
                                0.25);
    CHECK(stair == Approx(std::sqrt(2.0)).margin(1e-9));
}

TEST_CASE("shared length agrees with points sampled along the boundary", "[distance]") {
    // A ring against its own copy moved by 1 in a random direction and with every edge split: every point of the
    // ring lies within 1 of the copy, and the copy's edges run along.
    const std::uint32_t seed = GENERATE(21U, 22U, 23U);
    CAPTURE(seed);
    Random random(seed);
    Shapes ring;
    Shapes moved;
    const double angle = any(random, 0, 6.28);
    const XY by{0.9 * std::cos(angle), 0.9 * std::sin(angle)};
    const int n = 90;
    std::vector<XY> vertices;
    for (int i = 0; i <= n; ++i) {
        const double t = 6.283185307179586 * (i % n) / n;
        const double radius = 500 + 100 * std::cos(3 * t);
        vertices.push_back(rounded({34554000 + radius * std::cos(t), 2690000 + radius * std::sin(t)}, false));
    }
    double perimeter = 0;
    for (int i = 0; i <= n; ++i) {
        const XY p = vertices[static_cast<std::size_t>(i)];
        ring.add(p);
        if (i > 0) {
            const XY q = vertices[static_cast<std::size_t>(i - 1)];
            perimeter += std::hypot(p.x - q.x, p.y - q.y);
            moved.add(rounded({0.3 * p.x + 0.7 * q.x + by.x, 0.3 * p.y + 0.7 * q.y + by.y}, false));
        }
        moved.add(rounded({p.x + by.x, p.y + by.y}, false));
    }
    for (Shapes* s : {&ring, &moved}) {
        s->end_ring();
        s->end_part();
        s->end_shape(Dimension::area);
    }
    const EdgeSet set(moved);
    CHECK(set.shared_boundary_length(ring[0], 0, 1.0) == Approx(perimeter).margin(1e-6));
    // Within 0.45: sampled about twice a metre. All edges near a point here run along it, so that the sampled
    // distance decides; half a gap at each end of a stretch is the sampling's own error.
    double sampled = 0;
    for (const auto& [p, q] : edges_of(ring[0])) {
        const int steps = 60;
        const double step = std::hypot(q.x - p.x, q.y - p.y) / steps;
        for (int k = 0; k < steps; ++k) {
            const double t = (k + 0.5) / steps;
            const XY at{p.x + t * (q.x - p.x), p.y + t * (q.y - p.y)};
            long double least = anywhere;
            for (const auto& [u, v] : edges_of(moved[0]))
                least = std::min(least, point_to_segment(at, u, v));
            sampled += least <= 0.45L ? step : 0;
        }
    }
    CHECK(sampled > 100);
    CHECK(set.shared_boundary_length(ring[0], 0, 0.45) == Approx(sampled).epsilon(0).margin(0.5));
}
