// info --topology with the real program: text, JSON and layers say the same.
#include "json_document.hpp"
#include "made_layers.hpp"
#include "support/catch.hpp"
#include "support/process.hpp"
#include "support/temp_dir.hpp"

#include "corebelt/layers/dataset.hpp"

#include <algorithm>
#include <filesystem>
#include <string>
#include <vector>

using namespace corebelt;
using namespace corebelt::test;

namespace {

/// Nine blocks of 100 m without the middle one; one reaches 2 m into its neighbour, one keeps 20 mm and one 5 mm from
/// its neighbour.
std::string blocks() {
    const double x = 500000;
    const double y = 2700000;
    return feature_collection(4543, {{rectangle(x, y, x + 100, y + 100), "{}"},
                                     {rectangle(x + 98, y, x + 200, y + 100), "{}"},
                                     {rectangle(x + 200, y, x + 300, y + 100), "{}"},
                                     {rectangle(x, y + 100, x + 100, y + 200), "{}"},
                                     {rectangle(x + 200, y + 100, x + 300, y + 200), "{}"},
                                     {rectangle(x, y + 200, x + 99.98, y + 300), "{}"},
                                     {rectangle(x + 100, y + 200, x + 200, y + 300), "{}"},
                                     {rectangle(x + 200.005, y + 200, x + 300, y + 300), "{}"},
                                     {rectangle(x, y + 300, x + 300, y + 310), "{}"}});
}

/// The text as if the terminal had no end.
std::string unwrapped(const std::string& text) {
    std::string out;
    for (const char c : text) {
        const bool space = c == ' ' || c == '\n';
        if (!space || (!out.empty() && out.back() != ' '))
            out += space ? ' ' : c;
    }
    return out;
}

layers::Table read(const std::string& source) {
    layers::OpenOptions options;
    options.all_fields = true;
    options.require_crs = false;
    return layers::read_all(*layers::open_layer(source, options));
}

} // namespace

TEST_CASE("info --topology says what does not fit, by hand derivable", "[e2e][topology]") {
    const TempDir dir;
    write_text(dir / "blocks.geojson", blocks());
    const std::string json_path = dir / "t.json";
    const Outcome r = run_corebelt({"info", dir / "blocks.geojson", "--topology", "-o", json_path, "-o",
                                    dir / "misfits.gpkg", "--format", "text", "--lang", "en"});
    CAPTURE(r.out, r.err);
    REQUIRE(r.exit_code == 0);
    // The middle and the two strips above it touch in points only: three gaps.
    const std::string said = unwrapped(r.out);
    CHECK(said.find("overlaps 1, 200.00 m²: 1 wider than 0.05 m (200.00 m²)") != std::string::npos);
    CHECK(said.find("greatest 200.00 m², width 1.961 m, FID 0, 1, at (500099.00, 2700050.00)") != std::string::npos);
    CHECK(said.find("gaps 3, 10,002.50 m²: 1 wider than 0.05 m (10,000.00 m²), 1 sliver") != std::string::npos);
    CHECK(said.find("greatest sliver 2.00 m², width 0.020 m, FID 3, 5, 6, 8") != std::string::npos);
    CHECK(said.find("1 stretch, 100.00 m, up to 0.0050 m apart") != std::string::npos);

    const JsonDocument json(read_text(json_path));
    CHECK(json.number("/datasets/0/layers/0/topology/overlaps/m2") == 200);
    CHECK(json.number("/datasets/0/layers/0/topology/gaps/count") == 3);
    CHECK(json.number("/datasets/0/layers/0/topology/gaps/slivers/count") == 1);
    CHECK(json.number("/datasets/0/layers/0/topology/gaps/hairlines/count") == 1);
    CHECK(json.number("/datasets/0/layers/0/topology/gaps/hairlines/m2") == 0.5);
    CHECK(json.number("/datasets/0/layers/0/topology/unmatched/longest/0/feature") == 6);
    CHECK(json.number("/datasets/0/layers/0/topology/unmatched/longest/0/other") == 7);

    const layers::Table areas = read(dir / "misfits.gpkg" + std::string("|layer=misfits"));
    REQUIRE(areas.rows.size() == 4);
    CHECK(areas.info.crs->label() == "EPSG:4543");
    CHECK(layers::to_string(areas.rows.find("kind")->value(0)) == "gap");
    CHECK(areas.rows.find("m2")->reals[0] == Approx(10000).epsilon(0).margin(1e-3));
    CHECK(layers::to_string(areas.rows.find("kind")->value(1)) == "overlap");
    CHECK(layers::to_string(areas.rows.find("features")->value(1)) == "0,1");
    CHECK(areas.rows.find("depth")->integers[1] == 2);
    CHECK(layers::to_string(areas.rows.find("size")->value(2)) == "sliver");
    CHECK(layers::to_string(areas.rows.find("size")->value(3)) == "hairline");
    const layers::Table lines = read(dir / "misfits.gpkg" + std::string("|layer=misfits_lines"));
    REQUIRE(lines.rows.size() == 1);
    CHECK(lines.rows.find("length_m")->reals[0] == Approx(100).epsilon(0).margin(1e-3));

    // Narrower than asked for, the sliver is wide; nothing is unmatched within a millimetre.
    const Outcome fine = run_corebelt({"info", dir / "blocks.geojson", "--topology", "--sliver-width", "0.01",
                                       "--topology-tolerance", "0.001", "--lang", "zh"});
    CAPTURE(fine.out);
    CHECK(fine.exit_code == 0);
    CHECK(unwrapped(fine.out).find("宽于 0.01 m 2 处") != std::string::npos);
    CHECK(unwrapped(fine.out).find("边不吻合 无") != std::string::npos);
}

TEST_CASE("info --topology gives the same bytes on one thread and on several", "[e2e][topology]") {
    const TempDir dir;
    write_text(dir / "blocks.geojson", blocks());
    for (const char* jobs : {"1", "3"}) {
        const Outcome r =
            run_corebelt({"info", dir / "blocks.geojson", "--topology", "--jobs", jobs, "-o",
                          dir / (std::string(jobs) + ".json"), "-o", dir / (std::string(jobs) + ".gpkg")});
        REQUIRE(r.exit_code == 0);
    }
    CHECK(read_text(dir / "1.json") == read_text(dir / "3.json"));
    CHECK(read_text(dir / "1.gpkg") == read_text(dir / "3.gpkg"));
}

TEST_CASE("info --topology says where it does not measure", "[e2e][topology]") {
    const TempDir dir;
    write_text(dir / "points.geojson",
               feature_collection(4543, {{R"({"type":"Point","coordinates":[500000,2700000]})", "{}"}}));
    write_text(dir / "bare.csv", "WKT,id\n\"POLYGON ((0 0,10 0,10 10,0 0))\",1\n");
    const Outcome r = run_corebelt({"info", dir / "points.geojson", dir / "bare.csv", "--topology", "--lang", "en",
                                    "-o", dir / "none.gpkg", "--format", "text"});
    CAPTURE(r.out, r.err);
    CHECK(r.exit_code == 0);
    CHECK(unwrapped(r.out).find("not measured: the layer has no areas") != std::string::npos);
    CHECK(unwrapped(r.out).find("not measured: without a CRS the unit is unknown") != std::string::npos);
    CHECK(read(dir / "none.gpkg").rows.size() == 0);
}

TEST_CASE("info --topology refuses what it cannot do", "[e2e][topology]") {
    const TempDir dir;
    write_text(dir / "blocks.geojson", blocks());
    write_text(dir / "degrees.geojson", feature_collection(0, {{rectangle(102, 24, 102.01, 24.01), "{}"}}));
    const std::string blocks_path = dir / "blocks.geojson";
    struct Row {
        std::vector<std::string> arguments;
        const char* error;
    };
    const std::vector<Row> rows = {
        {{"info", blocks_path, "--sliver-width", "1"}, "error[usage]"},
        {{"info", blocks_path, "-o", dir / "m.gpkg"}, "error[bad-format]"},
        {{"info", blocks_path, "--topology", "--topology-tolerance", "-1"}, "error[usage]"},
        {{"info", blocks_path, "--topology", "-o", blocks_path}, "error[output-is-input]"},
        {{"info", blocks_path, dir / "degrees.geojson", "--topology", "-o", dir / "m.gpkg"}, "error[several-crs]"},
    };
    for (const Row& row : rows) {
        const Outcome r = run_corebelt(row.arguments);
        CAPTURE(row.arguments, r.err);
        CHECK(r.exit_code == 2);
        CHECK(r.err.find(row.error) != std::string::npos);
        CHECK_FALSE(std::filesystem::exists(dir / "m.gpkg"));
    }
    CHECK(read_text(blocks_path) == blocks());
}

TEST_CASE("info --topology agrees with GEOS on real land use", "[e2e][topology]") {
    const auto shared = shared_folder();
    if (!shared) {
        WARN("skipped: no shared test data");
        return;
    }
    const TempDir dir;
    const std::string land_use = (*shared / "data/thiene/thiene_belt.gpkg|layer=landuse").string();
    const Outcome r = run_corebelt({"info", land_use, "--topology", "-o", dir / "m.gpkg", "-o", dir / "m.json"});
    CAPTURE(r.err);
    REQUIRE(r.exit_code == 0);
    // Of the same features after repair: sum of the areas less the area of ST_Union, and the holes of that union larger
    // than 1e-6 m² (SpatiaLite on GEOS 3.11).
    const JsonDocument json(read_text(dir / "m.json"));
    CHECK(json.number("/datasets/0/layers/0/topology/gaps/count") == 30);
    CHECK(json.number("/datasets/0/layers/0/topology/gaps/m2") == Approx(373336.8714).epsilon(0).margin(0.001));
    const layers::Table areas = read(dir / "m.gpkg" + std::string("|layer=misfits"));
    double doubled = 0;
    for (std::size_t i = 0; i < areas.rows.size(); ++i)
        if (areas.rows.find("depth")->integers[i] > 1)
            doubled += areas.rows.find("m2")->reals[i] * static_cast<double>(areas.rows.find("depth")->integers[i] - 1);
    CHECK(doubled == Approx(3722.8213).epsilon(0).margin(0.001));

    // Counties that GEOS finds without gap and overlap.
    const Outcome counties = run_corebelt(
        {"info", (*shared / "data/yunnan/yunnan_counties_hires.geojson").string(), "--topology", "-o", dir / "c.json"});
    REQUIRE(counties.exit_code == 0);
    const JsonDocument fits(read_text(dir / "c.json"));
    CHECK(fits.number("/datasets/0/layers/0/topology/gaps/count") == 0);
    CHECK(fits.number("/datasets/0/layers/0/topology/overlaps/count") == 0);
}
