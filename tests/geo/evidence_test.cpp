#include "support/catch.hpp"

#include "corebelt/geo/error.hpp"
#include "corebelt/geo/evidence.hpp"
#include "corebelt/geo/validity.hpp"

#include <cmath>
#include <limits>
#include <random>
#include <string>
#include <vector>

using corebelt::Error;
using corebelt::geo::covers;
using corebelt::geo::Dimension;
using corebelt::geo::dissolve;
using corebelt::geo::label_point;
using corebelt::geo::outside_pieces;
using corebelt::geo::overlap_pieces;
using corebelt::geo::Piece;
using corebelt::geo::rounded;
using corebelt::geo::Shapes;
using corebelt::geo::shapes_from_wkt;
using corebelt::geo::ShapeView;
using corebelt::geo::wkt;
using corebelt::geo::XY;

namespace {

std::string reason_of(const std::string& text) {
    try {
        (void)shapes_from_wkt(text);
    } catch (const Error& e) {
        CHECK(e.code() == "bad-wkt");
        return e.text().en;
    }
    return "";
}

} // namespace

TEST_CASE("WKT is read and written back", "[evidence]") {
    const std::string text =
        GENERATE("POLYGON ((0 0, 4 0, 4 4, 0 0))", "POLYGON EMPTY", "POINT (1 2)",
                 "POLYGON ((0 0, 9 0, 9 9, 0 0), (5 1, 8 4, 8 1, 5 1))",
                 "MULTIPOLYGON (((0 0, 1 0, 1 1, 0 0)), ((2 0, 3 0, 3 1, 2 0)))", "LINESTRING (0 0, -4 0, 7 7)",
                 "MULTILINESTRING ((0 0, 1 1), (2 2, 3 3, 4 5))", "MULTIPOINT ((1 2), (3 4))");
    const Shapes shapes = shapes_from_wkt(text);
    REQUIRE(shapes.size() == 1);
    CHECK(wkt(shapes[0], 0) == text);
}

TEST_CASE("WKT may be lower case, loosely spaced, with heights, and turned the wrong way", "[evidence]") {
    CHECK(wkt(shapes_from_wkt(" polygon z((0 0 5,0 4 5,4 4 5,0 0 5) )\n")[0], 0) == "POLYGON ((0 0, 4 4, 0 4, 0 0))");
    CHECK(wkt(shapes_from_wkt("MULTIPOINT (1 2, 3 4)")[0], 0) == "MULTIPOINT ((1 2), (3 4))");
    CHECK(wkt(shapes_from_wkt("POLYGON ((0 0, 4 0, 4 4))")[0], 0) == "POLYGON ((0 0, 4 0, 4 4, 0 0))");
    CHECK(wkt(shapes_from_wkt("POINT (-0.0004 34554000.12345)")[0], 3) == "POINT (0.000 34554000.123)");
}

TEST_CASE("WKT that cannot be read says where", "[evidence][error]") {
    CHECK(reason_of("") == "WKT: character 1: expected a geometry type such as POLYGON");
    CHECK(reason_of("CIRCLE (0 0)") == "WKT: character 7: expected a geometry type such as POLYGON");
    CHECK(reason_of("POLYGON ((0 0, 4 0, 4 x, 0 0))") == "WKT: character 23: expected a number");
    CHECK(reason_of("POLYGON ((0 0, 4 0, 4 4, 0 0)") == "WKT: character 30: expected ')'");
    CHECK(reason_of("POINT (1 2) 3") == "WKT: character 13: expected the end of the text");
    CHECK(reason_of("POINT (1 2 3 4 5)") == "WKT: character 16: expected ')'");
    CHECK(reason_of("POLYGON MANY") == "WKT: character 13: expected '('");
}

TEST_CASE("pieces of an overlap are single parts with area, perimeter and width, largest first", "[evidence]") {
    // A bar through two squares; the left bite is 2 × 1, the right one 3 × 1.
    const Shapes bar = shapes_from_wkt("POLYGON ((0 1, 20 1, 20 2, 0 2, 0 1))");
    const Shapes left = shapes_from_wkt("POLYGON ((3 0, 5 0, 5 4, 3 4, 3 0))");
    const Shapes right = shapes_from_wkt("POLYGON ((10 0, 13 0, 13 4, 10 4, 10 0))");
    const Shapes far = shapes_from_wkt("POLYGON ((100 0, 130 0, 130 4, 100 0))");
    const std::vector<ShapeView> bs = {left[0], far[0], right[0]};
    const std::vector<Piece> pieces = overlap_pieces(bar[0], bs);
    REQUIRE(pieces.size() == 2);
    CHECK(wkt(pieces[0].shape[0], 0) == "POLYGON ((10 1, 13 1, 13 2, 10 2, 10 1))");
    CHECK(pieces[0].planar_m2 == 3);
    CHECK(pieces[0].perimeter == 8);
    CHECK(pieces[0].width() == 0.75);
    CHECK(wkt(pieces[1].shape[0], 0) == "POLYGON ((3 1, 5 1, 5 2, 3 2, 3 1))");

    const std::vector<Piece> rest = outside_pieces(bar[0], bs);
    REQUIRE(rest.size() == 3);
    CHECK(rest[0].planar_m2 == 7); // 13…20
    CHECK(rest[1].planar_m2 == 5); // 5…10
    CHECK(rest[2].planar_m2 == 3); // 0…3
}

TEST_CASE("land under two overlapping control areas is one piece", "[evidence]") {
    const Shapes a = shapes_from_wkt("POLYGON ((0 0, 10 0, 10 10, 0 10, 0 0))");
    const Shapes b = shapes_from_wkt("POLYGON ((2 2, 6 2, 6 6, 2 6, 2 2))");
    const Shapes c = shapes_from_wkt("POLYGON ((4 4, 8 4, 8 8, 4 8, 4 4))");
    const std::vector<ShapeView> bs = {b[0], c[0]};
    const std::vector<ShapeView> other_order = {c[0], b[0]};
    const auto pieces = overlap_pieces(a[0], bs);
    REQUIRE(pieces.size() == 1);
    CHECK(pieces[0].planar_m2 == 28); // 16 + 16 − 4
    CHECK(wkt(overlap_pieces(a[0], other_order)[0].shape[0], 3) == wkt(pieces[0].shape[0], 3));
    const auto rest = outside_pieces(a[0], bs);
    REQUIRE(rest.size() == 1);
    CHECK(rest[0].planar_m2 == 72);
    CHECK(rest[0].shape[0].ring_count() == 2);
}

TEST_CASE("nothing overlaps nothing, touching is not overlapping", "[evidence]") {
    const Shapes a = shapes_from_wkt("POLYGON ((0 0, 4 0, 4 4, 0 4, 0 0))");
    const Shapes beside = shapes_from_wkt("POLYGON ((4 0, 8 0, 8 4, 4 4, 4 0))");
    const Shapes empty = shapes_from_wkt("POLYGON EMPTY");
    const std::vector<ShapeView> bs = {beside[0], empty[0]};
    CHECK(overlap_pieces(a[0], bs).empty());
    CHECK(overlap_pieces(a[0], {}).empty());
    CHECK(overlap_pieces(empty[0], bs).empty());
    CHECK(outside_pieces(empty[0], bs).empty());
    const auto whole = outside_pieces(a[0], bs);
    REQUIRE(whole.size() == 1);
    CHECK(whole[0].planar_m2 == 16);
    const std::vector<ShapeView> itself = {a[0]};
    CHECK(outside_pieces(a[0], itself).empty());
}

TEST_CASE("parts and holes of a control far from the subject change no piece", "[evidence]") {
    const Shapes subject = shapes_from_wkt("POLYGON ((0 0, 10 0, 10 10, 0 10, 0 0))");
    // Over the subject: a slab with a hole in it (2 × 2). Beside it: a hole of the slab, a part, and an island in that
    // hole.
    const Shapes control = shapes_from_wkt("MULTIPOLYGON (((-50 5, 90 5, 90 60, -50 60, -50 5), (4 7, 4 9, 6 9, 6 7, 4 "
                                           "7), (30 20, 30 40, 50 40, 50 20, 30 "
                                           "20)), ((200 0, 210 0, 210 10, 200 0)), ((35 25, 45 25, 45 35, 35 25)))");
    const auto inside = overlap_pieces(subject[0], std::vector{control[0]});
    REQUIRE(inside.size() == 1);
    CHECK(inside[0].planar_m2 == 46); // 10 × 5 less the hole
    CHECK(inside[0].perimeter == 38);
    const auto outside = outside_pieces(subject[0], std::vector{control[0]});
    REQUIRE(outside.size() == 2);
    CHECK(outside[0].planar_m2 == 50);
    CHECK(outside[1].planar_m2 == 4);
    const Shapes in_hole = shapes_from_wkt("POLYGON ((31 21, 33 21, 33 23, 31 23, 31 21))");
    CHECK(overlap_pieces(in_hole[0], std::vector{control[0]}).empty());
    CHECK(outside_pieces(in_hole[0], std::vector{control[0]}).size() == 1);
    const Shapes on_island = shapes_from_wkt("POLYGON ((40 26, 42 26, 42 28, 40 28, 40 26))");
    REQUIRE(overlap_pieces(on_island[0], std::vector{control[0]}).size() == 1);
    CHECK(overlap_pieces(on_island[0], std::vector{control[0]})[0].planar_m2 == 4);
    CHECK(outside_pieces(on_island[0], std::vector{control[0]}).empty());
}

TEST_CASE("evidence at a zone-prefixed easting is as good as at the origin", "[evidence]") {
    // Random quadrilaterals of about 2 ha and exact copies of them far away: the copies' pieces differ by what
    // putting corners on the lattice moves, 7.5 nm along some 600 m.
    const std::uint32_t seed = 34;
    CAPTURE(seed);
    std::mt19937 random(seed);
    const auto any = [&](double low, double high) { return std::uniform_real_distribution<double>(low, high)(random); };
    int pairs = 0;
    for (int n = 0; n < 300; ++n) {
        Shapes near;
        Shapes far;
        for (int shape = 0; shape < 2; ++shape) {
            const double turn = any(0, 6);
            for (int i = 0; i <= 4; ++i) {
                const double radius = i < 4 ? any(80, 130) : 0;
                XY p = rounded({150 + radius * std::cos(turn + 1.57 * i), 150 + radius * std::sin(turn + 1.57 * i)},
                               false);
                if (i == 4)
                    p = near.xy[near.xy.size() - 4];
                near.add(p);
                far.add({p.x + 34554000, p.y + 2690000});
            }
            for (Shapes* s : {&near, &far}) {
                s->end_ring();
                s->end_part();
                s->end_shape(Dimension::area);
            }
        }
        const std::vector<ShapeView> near_b = {near[1]};
        const std::vector<ShapeView> far_b = {far[1]};
        const auto expected = overlap_pieces(near[0], near_b);
        const auto pieces = overlap_pieces(far[0], far_b);
        REQUIRE(pieces.size() == expected.size());
        for (std::size_t i = 0; i < pieces.size(); ++i)
            REQUIRE(pieces[i].planar_m2 == Approx(expected[i].planar_m2).epsilon(0).margin(1e-5));
        pairs += pieces.empty() ? 0 : 1;
    }
    CHECK(pairs == 300);
}

TEST_CASE("dissolving a coverage removes inner edges and keeps holes and islands", "[evidence]") {
    const Shapes west = shapes_from_wkt("POLYGON ((0 0, 2 0, 2 1, 1 1, 1 2, 2 2, 2 3, 0 3, 0 0))");
    const Shapes east = shapes_from_wkt("POLYGON ((2 0, 4 0, 4 3, 2 3, 2 2, 3 2, 3 1, 2 1, 2 0))");
    const Shapes island = shapes_from_wkt("POLYGON ((9 0, 10 0, 10 1, 9 1, 9 0))");
    const std::vector<ShapeView> parts = {island[0], east[0], west[0]};
    const Shapes whole = dissolve(parts);
    REQUIRE(whole.size() == 1);
    CHECK(whole[0].part_count() == 2);
    CHECK(whole[0].ring_count() == 3);
    CHECK(whole.box[0] == corebelt::geo::Box{0, 0, 10, 3});
    CHECK(dissolve({}).size() == 1);
    CHECK(dissolve({})[0].empty());
}

TEST_CASE("covers is exact on edges, vertices and in holes", "[evidence]") {
    const Shapes s = shapes_from_wkt("POLYGON ((0 0, 9 3, 9 9, 0 9, 0 0), (4 4, 4 6, 6 6, 6 4, 4 4))");
    CHECK(covers(s[0], {0, 0}));
    CHECK(covers(s[0], {3, 1}));
    CHECK(covers(s[0], {1, 8}));
    CHECK(covers(s[0], {4, 5}));
    CHECK(covers(s[0], {4, 4}));
    CHECK(covers(s[0], {5, 9}));
    CHECK(covers(s[0], {2, 4})); // the ray runs along the hole's edge
    CHECK_FALSE(covers(s[0], {5, 5}));
    CHECK_FALSE(covers(s[0], {3, 1 - 1e-15}));
    CHECK_FALSE(covers(s[0], {-1, 9}));
    CHECK_FALSE(covers(s[0], {10, 3}));
    CHECK_FALSE(covers(s[0], {std::numeric_limits<double>::quiet_NaN(), 3}));
}

TEST_CASE("a label stands well inside the largest part", "[evidence]") {
    const XY middle = label_point(shapes_from_wkt("POLYGON ((0 0, 10 0, 10 10, 0 10, 0 0))")[0]);
    CHECK(middle.x == Approx(5).margin(0.2));
    CHECK(middle.y == Approx(5).margin(0.2));

    // A U whose middle lies outside; its base is the widest place.
    const Shapes u = shapes_from_wkt("POLYGON ((0 0, 20 0, 20 20, 17 20, 17 6, 3 6, 3 20, 0 20, 0 0))");
    const XY base = label_point(u[0]);
    CHECK(covers(u[0], base));
    CHECK(base.y < 6);
    CHECK(base.y > 2);

    const Shapes two = shapes_from_wkt("MULTIPOLYGON (((0 0, 1 0, 1 1, 0 0)), ((100 0, 110 0, 110 8, 100 8, 100 0)))");
    CHECK(label_point(two[0]).x > 100);

    const Shapes needle = shapes_from_wkt("POLYGON ((0 0, 1000 0.001, 1000 0.002, 0 0))");
    CHECK(covers(needle[0], label_point(needle[0])));
}
