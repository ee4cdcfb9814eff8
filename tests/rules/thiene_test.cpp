/// Real land use of twenty municipalities against answers that GEOS gave independently.

#include "support/catch.hpp"
#include "support/temp_dir.hpp"

#include "corebelt/layers/dataset.hpp"
#include "corebelt/rules/measure.hpp"
#include "corebelt/rules/tabulate.hpp"

#include <algorithm>
#include <map>
#include <sstream>
#include <string>

using namespace corebelt;

namespace {

/// Rows of the answers by park, then by column.
std::map<std::string, std::map<std::string, std::string>> expected_rows(const std::string& csv) {
    std::istringstream lines(csv);
    std::string line;
    const auto cells = [](const std::string& text) {
        std::vector<std::string> out;
        std::istringstream in(text);
        std::string cell;
        while (std::getline(in, cell, ',')) {
            std::erase(cell, '\r');
            out.push_back(cell);
        }
        return out;
    };
    std::getline(lines, line);
    const auto header = cells(line);
    std::map<std::string, std::map<std::string, std::string>> rows;
    while (std::getline(lines, line)) {
        const auto row = cells(line);
        for (std::size_t i = 0; i < row.size() && i < header.size(); ++i)
            rows[row.at(0)][header[i]] = row[i];
    }
    return rows;
}

std::unique_ptr<layers::BatchSource> open(const std::string& dataset, const std::string& layer,
                                          const std::vector<std::string>& fields) {
    layers::OpenOptions options;
    options.fields = fields;
    return layers::open_layer(dataset + "|layer=" + layer, options);
}

double area_tolerance_m2(double value) {
    return std::max(0.01, 1e-6 * value);
}

std::map<std::string, double> by_first(const rules::MeasureResult& result) {
    std::map<std::string, double> values;
    for (const auto& row : result.rows)
        values[layers::to_string(row.a)] += static_cast<double>(row.value) / 1e4;
    return values;
}

} // namespace

TEST_CASE("parks of Thiene: land use, red line, farmland and nearest red line as computed independently",
          "[tabulate][measure][real]") {
    const auto shared = test::shared_folder();
    if (!shared) {
        WARN("skipped: no folder of real inputs beside the checkout");
        return;
    }
    const std::string dataset = (*shared / "data/thiene/thiene_belt.gpkg").string();
    const auto expected = expected_rows(test::read_text(*shared / "data/thiene/thiene_belt_expected.csv"));
    REQUIRE(expected.size() == 51);

    const auto parks_source = open(dataset, "derived_industrial_parks", {"code"});
    const auto parks = layers::read_all(*parks_source);
    rules::TabulateOptions tabulate;
    tabulate.zone_field = "code";
    tabulate.by = {"dlbm2"};
    tabulate.area = geo::AreaMethod::planar;
    tabulate.jobs = 2;
    const auto landuse = open(dataset, "landuse", {"dlbm2"});
    const auto table = rules::tabulate(parks, *landuse, tabulate);
    REQUIRE(table.zones.size() == 51);
    CHECK(table.kernel.parity_violations == 0);
    CHECK(table.kernel.cut > 0);
    for (const auto& zone : table.zones) {
        const std::string park = layers::to_string(zone.zone);
        const auto& row = expected.at(park);
        CAPTURE(park);
        const auto agrees = [&](const std::string& column, std::int64_t amount) {
            CAPTURE(column, amount);
            const double value = std::stod(row.at(column));
            CHECK(std::abs(static_cast<double>(amount) / 1e4 - value) <= area_tolerance_m2(value));
        };
        agrees("park_area_m2", zone.area);
        agrees("landuse_cover_m2", zone.covered);
        std::map<std::string, std::int64_t> classes;
        for (const auto& c : zone.classes)
            classes["area_" + layers::to_string(c.key.at(0))] = c.area;
        for (const auto& [column, value] : row)
            if (column.rfind("area_", 0) == 0)
                agrees(column, classes.count(column) > 0 ? classes[column] : 0);
        for (const auto& [column, area] : classes)
            CHECK(row.count(column) == 1);
    }

    rules::MeasureOptions measure;
    measure.id_field = "code";
    measure.other_id_field = "code";
    measure.area = geo::AreaMethod::planar;
    measure.each = false;
    const auto amounts_to = [&](const char* layer) {
        const auto other_source = open(dataset, layer, {"code"});
        const auto other = layers::read_all(*other_source);
        const auto source = layers::source_over(parks);
        return by_first(rules::measure(*source, other, measure));
    };
    auto redline = amounts_to("derived_eco_redline");
    auto farmland = amounts_to("derived_permanent_farmland");
    measure.what = rules::Amounts::distance;
    measure.nearest = true;
    auto nearest = amounts_to("derived_eco_redline");
    CHECK(nearest.size() == 51);
    for (const auto& [park, row] : expected) {
        CAPTURE(park);
        const double redline_m2 = std::stod(row.at("redline_overlap_m2"));
        CHECK(std::abs(redline[park] - redline_m2) <= area_tolerance_m2(redline_m2));
        const double farmland_m2 = std::stod(row.at("farmland_overlap_m2"));
        CHECK(std::abs(farmland[park] - farmland_m2) <= area_tolerance_m2(farmland_m2));
        CHECK(std::abs(nearest[park] - std::stod(row.at("dist_to_nearest_redline_m"))) <= 0.001);
    }
}
