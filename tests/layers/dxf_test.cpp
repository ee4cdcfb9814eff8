// DXF as planners send it: parcels are closed polylines, corners are rounded by bulges.
#include "support/catch.hpp"
#include "support/temp_dir.hpp"

#include "corebelt/geo/area.hpp"
#include "corebelt/layers/dataset.hpp"

#include <cmath>
#include <numbers>
#include <string>
#include <vector>

namespace corebelt::layers {
namespace {

struct Vertex {
    double x, y, bulge = 0; ///< bulge: tan of a quarter of the arc's angle to the next vertex
};

std::string pair_of(int code, const std::string& value) {
    return std::to_string(code) + "\n" + value + "\n";
}

std::string begin_entity(const char* type, const char* layer) {
    return pair_of(0, type) + pair_of(8, layer);
}

std::string lwpolyline(const char* layer, bool closed, const std::vector<Vertex>& vertices) {
    std::string text = begin_entity("LWPOLYLINE", layer) + pair_of(90, std::to_string(vertices.size())) +
                       pair_of(70, closed ? "1" : "0");
    for (const Vertex& v : vertices)
        text +=
            pair_of(10, std::to_string(v.x)) + pair_of(20, std::to_string(v.y)) + pair_of(42, std::to_string(v.bulge));
    return text;
}

std::string polyline(const char* layer, bool closed, const std::vector<Vertex>& vertices) {
    std::string text = begin_entity("POLYLINE", layer) + pair_of(66, "1") + pair_of(70, closed ? "9" : "8"); // 8: 3D
    for (const Vertex& v : vertices)
        text += begin_entity("VERTEX", layer) + pair_of(10, std::to_string(v.x)) + pair_of(20, std::to_string(v.y)) +
                pair_of(30, "12.5") + pair_of(70, "32");
    return text + pair_of(0, "SEQEND");
}

std::string drawing(const std::string& entities) {
    return pair_of(0, "SECTION") + pair_of(2, "ENTITIES") + entities + pair_of(0, "ENDSEC") + pair_of(0, "EOF");
}

Table read(const std::string& entities) {
    const test::TempDir dir;
    test::write_text(dir / "a.dxf", drawing(entities));
    OpenOptions options;
    options.declared_crs = geo::Crs::parse("EPSG:4543");
    options.all_fields = true;
    return read_all(*open_layer(dir / "a.dxf", options));
}

double area_m2(const Table& table, std::size_t row) {
    return geo::planar_m2(table.rows.shapes[row], *table.info.crs);
}

const std::vector<Vertex> square{{500000, 2700000}, {500100, 2700000}, {500100, 2700100}, {500000, 2700100}};

std::vector<Vertex> closed_by_hand() {
    auto vertices = square;
    vertices.push_back(vertices.front());
    return vertices;
}

TEST_CASE("closed polylines of a DXF are areas, open ones stay lines", "[dxf]") {
    const Table table = read(lwpolyline("parcels", true, square) + polyline("parcels", true, square) +
                             lwpolyline("parcels", false, closed_by_hand()) + lwpolyline("roads", false, square) +
                             lwpolyline("there and back", true, {{500000, 2700000}, {500100, 2700000}}));
    REQUIRE(table.rows.size() == 5);
    for (std::size_t row = 0; row < 3; ++row) {
        CAPTURE(row);
        CHECK(table.rows.shapes.dimension[row] == geo::Dimension::area);
        CHECK(area_m2(table, row) == 10000);
        CHECK(to_string(table.rows.find("Layer")->value(row)) == "parcels");
    }
    CHECK(table.rows.shapes.dimension[3] == geo::Dimension::line);
    CHECK(table.rows.shapes.dimension[4] == geo::Dimension::line);
    CHECK(table.counts.repaired + table.counts.rejected == 0);
}

TEST_CASE("arcs of a DXF are drawn with chords of 0.1°", "[dxf]") {
    // A square of 100 m whose east side is a half circle outwards (bulge 1), a circle and an ellipse.
    auto bulged = square;
    bulged[1].bulge = 1;
    const std::string circle = begin_entity("CIRCLE", "c") + pair_of(10, "500000") + pair_of(20, "2700000") +
                               pair_of(30, "0") + pair_of(40, "50");
    const std::string ellipse = begin_entity("ELLIPSE", "e") + pair_of(10, "500000") + pair_of(20, "2700000") +
                                pair_of(30, "0") + pair_of(11, "100") + pair_of(21, "0") + pair_of(31, "0") +
                                pair_of(40, "0.5") + pair_of(41, "0") + pair_of(42, "6.283185307179586");
    const Table table = read(lwpolyline("b", true, bulged) + circle + ellipse);
    REQUIRE(table.rows.size() == 3);
    constexpr double pi = std::numbers::pi;
    // The chord's error: 50 m · (1 − cos 0.05°) = 0.02 mm; the area of a 3600-gon is less than the disc's by 5.1e-7.
    CHECK(area_m2(table, 0) == Approx(10000 + pi * 1250).epsilon(0).margin(pi * 2500 * 6e-7));
    CHECK(area_m2(table, 1) == Approx(pi * 2500).epsilon(0).margin(pi * 2500 * 6e-7));
    CHECK(area_m2(table, 2) == Approx(pi * 5000).epsilon(0).margin(pi * 5000 * 6e-7));
    for (const geo::XY p : table.rows.shapes[1].vertices())
        CHECK(std::abs(std::hypot(p.x - 500000, p.y - 2700000) - 50) < 1e-7);
}

} // namespace
} // namespace corebelt::layers
