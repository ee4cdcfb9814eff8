#include "rules/plan_tables.hpp"
#include "support/catch.hpp"

#include "corebelt/geo/amount.hpp"
#include "corebelt/geo/error.hpp"
#include "corebelt/rules/measure.hpp"

#include <sstream>

using namespace corebelt;
using layers::FieldType;
using layers::Value;
using rules::Amounts;
using test::Plot;
using test::Rect;
using test::shuffled;
using test::TableMaker;

namespace {

TableMaker maker(const std::string& name) {
    return TableMaker(name, {{"code", FieldType::text}});
}

rules::MeasureOptions asking(Amounts what) {
    rules::MeasureOptions options;
    options.what = what;
    options.id_field = "code";
    options.other_id_field = "code";
    options.area = geo::AreaMethod::planar;
    return options;
}

/// "A B 12.5; …" for all rows.
std::string run(const layers::Table& a, const layers::Table& b, const rules::MeasureOptions& options,
                std::size_t batch = 4096) {
    const auto source = layers::source_over(a, batch);
    std::ostringstream out;
    for (const auto& row : rules::measure(*source, b, options).rows)
        out << layers::to_string(row.a) << ' ' << (layers::is_null(row.b) ? "-" : layers::to_string(row.b)) << ' '
            << static_cast<double>(row.value) / 1e4 << "; ";
    return out.str();
}

struct Two {
    layers::Table a, b;
};

Two squares() {
    auto a = maker("a");
    a.add(Rect{0, 0, 10, 10}, {std::string("A2")}).add(Rect{20, 0, 30, 10}, {std::string("A1")});
    a.add(Plot(), {std::string("A0")});
    auto b = maker("b");
    b.add(Rect{5, 0, 15, 10}, {std::string("B2")}).add(Rect{5, 5, 25, 15}, {std::string("B1")});
    b.add(Rect{30, 0, 40, 10}, {std::string("B3")}); // shares an edge with A1
    return {a.table(), b.table()};
}

} // namespace

TEST_CASE("measure overlap: each pair, or the union counted once", "[measure]") {
    const auto [a, b] = squares();
    auto options = asking(Amounts::overlap);
    CHECK(run(a, b, options) == "A1 B1 25; A2 B1 25; A2 B2 50; ");
    options.each = false;
    CHECK(run(a, b, options) == "A1 - 25; A2 - 50; "); // B1 ∩ A2 lies in B2
}

TEST_CASE("measure outside: what the union leaves, all of it where nothing is near", "[measure]") {
    const auto [a, b] = squares();
    CHECK(run(a, b, asking(Amounts::outside)) == "A1 - 75; A2 - 50; ");
    auto far = maker("far");
    far.add(Rect{500, 0, 510, 10}, {std::string("F")});
    CHECK(run(a, far.table(), asking(Amounts::outside)) == "A1 - 100; A2 - 100; ");
    auto all = maker("all");
    all.add(Rect{-5, -5, 12, 50}, {std::string("W")}).add(Rect{12, -5, 50, 50}, {std::string("E")});
    CHECK(run(a, all.table(), asking(Amounts::outside)).empty());
}

TEST_CASE("measure outside by cn2008 is the official area where nothing is taken from it", "[measure]") {
    auto a = TableMaker("a", {{"code", FieldType::text}}, "EPSG:4543", {560000, 2700000});
    a.add(Rect{0, 0, 2000, 2000}, {std::string("A")});
    auto far = maker("far");
    far.add(Rect{0, 0, 10, 10}, {std::string("F")});
    auto options = asking(Amounts::outside);
    options.area = geo::AreaMethod::cn2008;
    const auto source = layers::source_over(a.table());
    const auto result = rules::measure(*source, far.table(), options);
    REQUIRE(result.rows.size() == 1);
    const double official = geo::official_cn2008_m2(a.table().rows.shapes[0], *a.table().info.crs);
    CHECK(result.rows[0].value == geo::Amount(official).ten_thousandths());
}

TEST_CASE("measure distance: all pairs edge to edge, or the nearest of each", "[measure]") {
    const auto [a, b] = squares();
    auto options = asking(Amounts::distance);
    CHECK(run(a, b, options) == "A1 B1 0; A1 B2 5; A1 B3 0; A2 B1 0; A2 B2 0; A2 B3 20; ");
    options.nearest = true;
    auto c = maker("c");
    c.add_point(34, 13, {std::string("P")}).add_line({{-5, -20}, {15, -20}}, {std::string("L")});
    CHECK(run(a, c.table(), options) == "A1 P 5; A2 L 20; ");
}

TEST_CASE("measure shared boundary: edges in common, none at corners", "[measure]") {
    const auto [a, b] = squares();
    const auto options = asking(Amounts::shared_boundary);
    // A1 and B3 share 10 m; A2 and B2 run together 5 m along the top and 5 m along the bottom
    CHECK(run(a, b, options) == "A1 B3 10; A2 B2 10; ");
}

TEST_CASE("features that share an id are one row: areas add up, the least distance stays", "[measure]") {
    auto a = maker("a");
    a.add(Rect{0, 0, 10, 10}, {std::string("A")}).add(Rect{20, 0, 30, 10}, {std::string("A")});
    auto b = maker("b");
    b.add(Rect{5, 0, 25, 10}, {std::string("B")}).add(Rect{33, 0, 40, 10}, {std::string("C")});
    CHECK(run(a.table(), b.table(), asking(Amounts::overlap)) == "A B 100; ");
    CHECK(run(a.table(), b.table(), asking(Amounts::outside)) == "A - 100; ");
    CHECK(run(a.table(), b.table(), asking(Amounts::distance)) == "A B 0; A C 3; ");
}

TEST_CASE("ids default to the FID and sort by value", "[measure]") {
    const auto [a, b] = squares();
    auto options = asking(Amounts::overlap);
    options.id_field.clear();
    options.other_id_field.clear();
    CHECK(run(a, b, options) == "1 1 50; 1 2 25; 2 2 25; ");
}

TEST_CASE("measure refuses lengths in degrees", "[measure][error]") {
    TableMaker a("a", {{"code", FieldType::text}}, "EPSG:4490", {102, 24});
    a.add(Rect{0, 0, 0.01, 0.01}, {std::string("A")});
    for (const auto what : {Amounts::distance, Amounts::shared_boundary}) {
        try {
            (void)run(a.table(), a.table(), asking(what));
            FAIL("no error");
        } catch (const Error& error) {
            CHECK(error.code() == "planar-on-degrees");
        }
    }
}

TEST_CASE("jobs, batch size and feature order do not change the result of measure", "[measure][order]") {
    auto a = maker("a");
    auto b = maker("b");
    for (int i = 0; i < 60; ++i) {
        a.add_ring({{i * 7.1, 0.3}, {i * 7.1 + 9.7, 1.1}, {i * 7.1 + 5.3, 40.9}},
                   {std::string("A") + std::to_string(i)});
        b.add_ring({{i * 9.3, 10.7}, {i * 9.3 + 13.1, 9.1}, {i * 9.3 + 2.9, 33.3}},
                   {std::string("B") + std::to_string(i % 20)});
    }
    for (const auto what : {Amounts::overlap, Amounts::outside, Amounts::distance, Amounts::shared_boundary})
        for (const bool variant : {false, true}) {
            auto options = asking(what);
            options.each = variant;
            options.nearest = variant;
            options.gap_m = variant ? 2 : 0;
            const std::string expected = run(a.table(), b.table(), options);
            for (const unsigned jobs : {2U, 7U})
                for (const std::size_t batch : {1U, 11U, 4096U}) {
                    CAPTURE(static_cast<int>(what), variant, jobs, batch);
                    options.jobs = jobs;
                    CHECK(run(shuffled(a.table(), 3), shuffled(b.table(), 4), options, batch) == expected);
                }
        }
}
