#include "support/catch.hpp"

#include "corebelt/styles/boundary_lines.hpp"

#include <cmath>
#include <vector>

using corebelt::geo::Dimension;
using corebelt::geo::Shapes;
using corebelt::geo::XY;
using corebelt::styles::boundary_lines;

namespace {

void add(Shapes& shapes, const std::vector<XY>& ring) {
    for (const XY p : ring)
        shapes.add(p);
    shapes.end_ring();
    shapes.end_part();
    shapes.end_shape(Dimension::area);
}

double length(const Shapes& lines) {
    double sum = 0;
    for (std::size_t i = 0; i < lines.size(); ++i) {
        const auto points = lines[i].ring(0);
        for (std::size_t v = 1; v < points.size(); ++v)
            sum += std::hypot(points[v].x - points[v - 1].x, points[v].y - points[v - 1].y);
    }
    return sum;
}

const std::vector<XY> west{{0, 0}, {10, 0}, {10, 10}, {0, 10}, {0, 0}};
const std::vector<XY> east{{10, 0}, {20, 0}, {20, 10}, {10, 10}, {10, 0}};
const std::vector<XY> east_turned{{20, 10}, {10, 10}, {10, 0}, {20, 0}, {20, 10}};

} // namespace

TEST_CASE("a boundary that two parcels share comes once", "[lines]") {
    Shapes shapes;
    add(shapes, west);
    add(shapes, east);
    const Shapes lines = boundary_lines(shapes);
    CHECK(lines.size() == 3); // west's outside, the shared stretch, east's outside
    CHECK(length(lines) == Approx(70).margin(1e-12));
}

TEST_CASE("lines do not depend on the order of features or on where rings begin", "[lines]") {
    Shapes one, other;
    add(one, west);
    add(one, east);
    add(other, east_turned);
    add(other, west);
    const Shapes a = boundary_lines(one), b = boundary_lines(other);
    CHECK(a.xy == b.xy);
    CHECK(a.ring_first == b.ring_first);
}

TEST_CASE("a boundary without junction is one closed line", "[lines]") {
    Shapes shapes;
    add(shapes, west);
    const Shapes lines = boundary_lines(shapes);
    REQUIRE(lines.size() == 1);
    CHECK(lines[0].ring(0).size() == 5);
    CHECK(lines[0].ring(0).front() == lines[0].ring(0).back());
}

TEST_CASE("rings that touch in a point, repeated vertices, lines and empty features are taken as they are", "[lines]") {
    Shapes shapes;
    add(shapes, {{0, 0}, {1, 0}, {1, 0}, {1, 1}, {0, 0}});
    add(shapes, {{1, 1}, {2, 1}, {2, 2}, {1, 1}});
    shapes.end_shape(Dimension::area); // no geometry
    shapes.add({5, 5});
    shapes.add({6, 6});
    shapes.end_ring();
    shapes.end_part();
    shapes.end_shape(Dimension::line);
    const Shapes lines = boundary_lines(shapes);
    CHECK(lines.size() == 2);
    CHECK(length(lines) == Approx(4 + 2 * std::sqrt(2.0)).margin(1e-12));
    CHECK(boundary_lines(Shapes{}).size() == 0);
}
