#include "rules/listing.hpp"
#include "rules/plan_tables.hpp"
#include "support/catch.hpp"

#include "corebelt/geo/amount.hpp"
#include "corebelt/geo/error.hpp"
#include "corebelt/geo/stop.hpp"
#include "corebelt/rules/tabulate.hpp"

using namespace corebelt;
using layers::FieldType;
using layers::Value;
using test::Plot;
using test::Rect;
using test::shuffled;
using test::TableMaker;

namespace {

constexpr std::int64_t m2 = 10000; // counts of 1e-4 m²

TableMaker zone_maker() {
    return TableMaker("zones", {{"code", FieldType::text}});
}
TableMaker parcel_maker() {
    return TableMaker("parcels", {{"use", FieldType::text}, {"level", FieldType::integer}});
}

rules::TabulateOptions planar_by_use() {
    rules::TabulateOptions options;
    options.zone_field = "code";
    options.by = {"use"};
    options.area = geo::AreaMethod::planar;
    return options;
}

rules::TabulateResult run(const layers::Table& zones, const layers::Table& parcels,
                          const rules::TabulateOptions& options, std::size_t batch = 4096) {
    const auto source = layers::source_over(parcels, batch);
    return rules::tabulate(zones, *source, options);
}

} // namespace

TEST_CASE("tabulate sums the parts of parcels by class and lists zones in order", "[tabulate]") {
    auto zones = zone_maker();
    zones.add(Rect{100, 0, 200, 100}, {std::string("Z2")}).add(Rect{0, 0, 100, 100}, {std::string("Z1")});
    zones.add(Plot(), {std::string("Z3")});
    auto parcels = parcel_maker();
    parcels.add(Rect{0, 0, 60, 100}, {std::string("1001"), std::int64_t{1}});    // 6000 in Z1, on its rim
    parcels.add(Rect{60, 10, 140, 90}, {std::string("0701"), std::int64_t{1}});  // 3200 in each
    parcels.add(Rect{150, 20, 160, 30}, {std::string("1001"), std::int64_t{2}}); // 100 wholly inside Z2
    parcels.add(Rect{200, 0, 300, 100}, {std::string("14"), std::int64_t{1}});   // touches Z2, shares no land
    parcels.add(Plot(), {std::string("14"), std::int64_t{1}});

    const auto result = run(zones.table(), parcels.table(), planar_by_use());
    REQUIRE(result.zones.size() == 3);
    const auto& z1 = result.zones[0];
    CHECK(layers::to_string(z1.zone) == "Z1");
    CHECK(z1.area == 10000 * m2);
    CHECK(z1.covered == 9200 * m2);
    CHECK_FALSE(z1.union_covered.has_value());
    REQUIRE(z1.classes.size() == 2);
    CHECK(layers::to_string(z1.classes[0].key.at(0)) == "0701");
    CHECK(z1.classes[0].area == 3200 * m2);
    CHECK(z1.classes[1].area == 6000 * m2);
    CHECK(z1.classes[1].features == 1);
    const auto& z2 = result.zones[1];
    REQUIRE(z2.classes.size() == 2);
    CHECK(z2.classes[0].area == 3200 * m2);
    CHECK(z2.classes[1].area == 100 * m2);
    CHECK(layers::to_string(result.zones[2].zone) == "Z3");
    CHECK(result.zones[2].area == 0);
    CHECK(result.zones[2].classes.empty());
    CHECK(result.kernel.parity_violations == 0);
    CHECK(result.issues.empty());
}

TEST_CASE("a feature whose part rounds to no area is not counted", "[tabulate]") {
    auto zones = zone_maker();
    zones.add(Rect{0, 0, 100, 100}, {std::string("Z1")});
    auto parcels = parcel_maker();
    parcels.add(Rect{0, 0, 50, 100}, {std::string("1001"), std::int64_t{1}});
    parcels.add(Rect{100 - 1e-6, 0, 200, 10}, {std::string("1001"), std::int64_t{1}}); // 1e-5 m² of the zone
    parcels.add(Rect{100 - 1e-6, 20, 200, 30}, {std::string("14"), std::int64_t{1}});
    const auto result = run(zones.table(), parcels.table(), planar_by_use());
    REQUIRE(result.zones[0].classes.size() == 1);
    CHECK(result.zones[0].classes[0].area == 5000 * m2);
    CHECK(result.zones[0].classes[0].features == 1);
}

TEST_CASE("zone features of one value are one row, and a parcel in both counts once", "[tabulate]") {
    auto zones = zone_maker();
    zones.add(Rect{0, 0, 10, 10}, {std::string("A")}).add(Rect{10, 0, 20, 10}, {std::string("A")});
    auto parcels = parcel_maker();
    parcels.add(Rect{5, 0, 15, 10}, {std::string("1001"), std::int64_t{1}});
    const auto result = run(zones.table(), parcels.table(), planar_by_use());
    REQUIRE(result.zones.size() == 1);
    CHECK(result.zones[0].area == 200 * m2);
    REQUIRE(result.zones[0].classes.size() == 1);
    CHECK(result.zones[0].classes[0].area == 100 * m2);
    CHECK(result.zones[0].classes[0].features == 1);
}

TEST_CASE("coverage tells land covered once, twice and not at all", "[tabulate]") {
    auto zones = zone_maker();
    zones.add(Rect{0, 0, 100, 100}, {std::string("A")});
    auto parcels = parcel_maker();
    parcels.add(Rect{0, 0, 60, 100}, {std::string("1001"), std::int64_t{1}});
    parcels.add(Rect{50, 0, 90, 100}, {std::string("0701"), std::int64_t{1}}); // 1000 m² of it twice
    parcels.add(Rect{50, 0, 60, 100}, {std::string("0701"), std::int64_t{1}}); // the same land a third time
    auto options = planar_by_use();
    options.coverage = true;
    const auto result = run(zones.table(), parcels.table(), options);
    REQUIRE(result.zones.size() == 1);
    CHECK(result.zones[0].covered == 11000 * m2);
    CHECK(result.zones[0].union_covered == 9000 * m2);
}

TEST_CASE("zones that overlap beyond tolerance are an issue, those that touch are not", "[tabulate]") {
    auto zones = zone_maker();
    zones.add(Rect{0, 0, 10, 10}, {std::string("A")});
    zones.add(Rect{8, 0, 20, 10}, {std::string("B")});
    zones.add(Rect{20, 0, 30, 10}, {std::string("C")});
    zones.add(Rect{29.95, 0, 40, 10}, {std::string("D")}); // 0.5 m² of C, below the tolerance of 1 m²
    auto parcels = parcel_maker();
    parcels.add(Rect{9, 1, 10, 2}, {std::string("1001"), std::int64_t{1}});
    const auto result = run(zones.table(), parcels.table(), planar_by_use());
    REQUIRE(result.issues.size() == 1);
    CHECK(result.issues[0].code == "zones-overlap");
    CHECK(result.issues[0].text.en == "zones A and B overlap by 20.00 m²; land in both counts in both");
    CHECK(result.zones[0].covered == 1 * m2);
    CHECK(result.zones[1].covered == 1 * m2);
}

TEST_CASE("class keys keep their type; null and the empty text are different classes, null last", "[tabulate]") {
    auto zones = zone_maker();
    zones.add(Rect{0, 0, 100, 10}, {std::string("A")});
    auto parcels = parcel_maker();
    parcels.add(Rect{0, 0, 10, 10}, {Value{}, std::int64_t{10}});
    parcels.add(Rect{10, 0, 20, 10}, {std::string(), std::int64_t{9}});
    parcels.add(Rect{20, 0, 30, 10}, {std::string("b"), Value{}});
    auto options = planar_by_use();
    const auto by_use = run(zones.table(), parcels.table(), options);
    REQUIRE(by_use.zones[0].classes.size() == 3);
    CHECK(by_use.zones[0].classes[0].key[0] == Value{std::string()});
    CHECK(by_use.zones[0].classes[1].key[0] == Value{std::string("b")});
    CHECK(layers::is_null(by_use.zones[0].classes[2].key[0]));

    options.by = {"level"};
    const auto by_level = run(zones.table(), parcels.table(), options);
    REQUIRE(by_level.zones[0].classes.size() == 3);
    CHECK(by_level.zones[0].classes[0].key[0] == Value{std::int64_t{9}}); // by value, not by text
    CHECK(by_level.zones[0].classes[1].key[0] == Value{std::int64_t{10}});

    options.by = {"use", "level"};
    const auto by_both = run(zones.table(), parcels.table(), options);
    CHECK(by_both.zones[0].classes[0].key.size() == 2);
}

TEST_CASE("a hole in a zone is not part of it, and a parcel around a zone gives only the zone", "[tabulate]") {
    auto zones = zone_maker();
    zones.add(Plot(Rect{0, 0, 100, 100}, {Rect{40, 40, 60, 60}}), {std::string("A")}); // 9600
    auto parcels = parcel_maker();
    parcels.add(Rect{-10, -10, 110, 110}, {std::string("around"), std::int64_t{1}});
    parcels.add(Rect{45, 45, 55, 55}, {std::string("in the hole"), std::int64_t{1}});
    parcels.add(Rect{30, 30, 70, 70}, {std::string("over the hole"), std::int64_t{1}}); // 1600 − 400
    const auto result = run(zones.table(), parcels.table(), planar_by_use());
    REQUIRE(result.zones[0].classes.size() == 2);
    CHECK(layers::to_string(result.zones[0].classes[0].key[0]) == "around");
    CHECK(result.zones[0].classes[0].area == 9600 * m2);
    CHECK(result.zones[0].classes[1].area == 1200 * m2);
}

TEST_CASE("the parts of a parcel add up to its official area", "[tabulate]") {
    // 30 km from the central meridian, where map and ground differ by 10 ppm and the notice by more.
    auto zones = zone_maker();
    zones.add(Rect{30000, 0, 30300, 1000}, {std::string("west")});
    zones.add(Rect{30300, 0, 31000, 1000}, {std::string("east")});
    auto parcels = parcel_maker();
    parcels.add(Rect{30000, 0, 31000, 1000}, {std::string("1001"), std::int64_t{1}});
    const auto method = GENERATE(geo::AreaMethod::cn2008, geo::AreaMethod::geodesic);
    auto options = planar_by_use();
    options.area = method;
    const auto result = run(zones.table(), parcels.table(), options);
    const auto whole =
        geo::Amount(geo::whole_area_m2(parcels.table().rows.shapes[0], *parcels.table().info.crs, method));
    REQUIRE(result.zones.size() == 2);
    CHECK(std::abs(result.zones[0].covered + result.zones[1].covered - whole.ten_thousandths()) <= 1);
    CHECK(std::abs(result.zones[0].covered - 700000 * m2) < 100 * m2); // "east" sorts first
}

TEST_CASE("a parcel wholly inside a zone counts with exactly its official area", "[tabulate]") {
    auto zones = zone_maker();
    zones.add(Rect{0, 0, 1000, 1000}, {std::string("A")});
    auto parcels = parcel_maker();
    parcels.add_ring({{100.1, 100.7}, {900.3, 140.9}, {500.77, 877.1}}, {std::string("1001"), std::int64_t{1}});
    auto options = planar_by_use();
    options.area = geo::AreaMethod::cn2008;
    const auto result = run(zones.table(), parcels.table(), options);
    const auto& shape = parcels.table().rows.shapes;
    CHECK(result.zones[0].covered ==
          geo::Amount(geo::official_cn2008_m2(shape[0], *parcels.table().info.crs)).ten_thousandths());
    CHECK(result.kernel.cut == 0);
}

TEST_CASE("jobs, batch size and feature order do not change the result of tabulate", "[tabulate][order]") {
    auto zones = zone_maker();
    zones.add(Rect{0, 0, 333.333, 500}, {std::string("A")}).add(Rect{300.1, 0, 700.7, 500}, {std::string("B")});
    zones.add(Rect{650, 100, 1000, 480.48}, {Value{}}).add(Rect{0, 500, 100, 600}, {std::string("A")});
    auto parcels = parcel_maker();
    const char* uses[] = {"1001", "0701", "1207", ""};
    for (int i = 0; i < 40; ++i)
        for (int j = 0; j < 20; ++j) // overlapping quadrilaterals, so that sums have no round value
            parcels.add_ring({{i * 25.1, j * 25.3},
                              {i * 25.1 + 26.7, j * 25.3 + 0.7},
                              {i * 25.1 + 25.9, j * 25.3 + 25.5},
                              {i * 25.1 - 0.3, j * 25.3 + 24.9}},
                             {std::string(uses[(i * 7 + j) % 4]), std::int64_t{j}});
    auto options = planar_by_use();
    options.coverage = true;
    options.area = GENERATE(geo::AreaMethod::planar, geo::AreaMethod::cn2008);
    const std::string expected = test::dump(run(zones.table(), parcels.table(), options));
    for (const unsigned jobs : {1U, 2U, 7U})
        for (const std::size_t batch : {1U, 3U, 100U, 4096U})
            for (const std::uint32_t seed : {0U, 5U}) {
                CAPTURE(jobs, batch, seed);
                options.jobs = jobs;
                const auto z = seed == 0 ? zones.table() : shuffled(zones.table(), seed);
                const auto p = seed == 0 ? parcels.table() : shuffled(parcels.table(), seed);
                CHECK(test::dump(run(z, p, options, batch)) == expected);
            }
}

TEST_CASE("tabulate refuses planar areas in degrees and fields that do not exist", "[tabulate][error]") {
    TableMaker zones("zones", {{"code", FieldType::text}}, "EPSG:4490", {102, 24});
    zones.add(Rect{0, 0, 0.01, 0.01}, {std::string("A")});
    TableMaker parcels("parcels", {{"use", FieldType::text}}, "EPSG:4490", {102, 24});
    parcels.add(Rect{0, 0, 0.005, 0.01}, {std::string("1001")});
    auto options = planar_by_use();
    CHECK_THROWS_AS(run(zones.table(), parcels.table(), options), Error);
    options.area = geo::AreaMethod::cn2008;
    const auto result = run(zones.table(), parcels.table(), options);
    // half of the zone, whose sides run along meridians and parallels
    CHECK(std::abs(2 * result.zones[0].covered - result.zones[0].area) <= 2);

    options.by = {"usage"};
    try {
        (void)run(zones.table(), parcels.table(), options);
        FAIL("no error");
    } catch (const Error& error) {
        CHECK(error.code() == "unknown-field");
        CHECK(error.text().en.find("parcels has no field \"usage\"") != std::string::npos);
        CHECK(error.text().en.find("did you mean \"use\"") != std::string::npos);
    }
}

TEST_CASE("points in the layer are counted as an issue and left out", "[tabulate]") {
    auto zones = zone_maker();
    zones.add(Rect{0, 0, 10, 10}, {std::string("A")});
    auto parcels = parcel_maker();
    parcels.add_point(5, 5, {std::string("1001"), std::int64_t{1}});
    parcels.add_line({{0, 0}, {10, 10}}, {std::string("1001"), std::int64_t{1}});
    const auto result = run(zones.table(), parcels.table(), planar_by_use());
    CHECK(result.zones[0].covered == 0);
    REQUIRE(result.issues.size() == 1);
    CHECK(result.issues[0].code == "not-areal");
    CHECK(result.issues[0].text.en.substr(0, 2) == "2 ");
}

TEST_CASE("a requested stop ends tabulate in every thread", "[tabulate][error]") {
    auto zones = zone_maker();
    zones.add(Rect{0, 0, 10, 10}, {std::string("A")});
    auto parcels = parcel_maker();
    for (int i = 0; i < 100; ++i)
        parcels.add(Rect{0.1 * i, 0, 0.1 * i + 0.1, 10}, {std::string("1001"), std::int64_t{i}});
    auto options = planar_by_use();
    options.jobs = GENERATE(1U, 3U);
    options.progress = [](std::uint64_t done, std::uint64_t total) {
        CHECK(total == 100);
        if (done >= 20)
            stop_requested = true;
    };
    try {
        (void)run(zones.table(), parcels.table(), options, 10);
        stop_requested = false;
        FAIL("not stopped");
    } catch (const Error& error) {
        stop_requested = false;
        CHECK(error.kind() == ErrorKind::stopped);
    }
}
