// check -o: what was found, as layers in every format that maps are made from.
#include "made_layers.hpp"
#include "support/catch.hpp"
#include "support/process.hpp"
#include "support/temp_dir.hpp"

#include "corebelt/geo/coord.hpp"
#include "corebelt/layers/dataset.hpp"

#include <filesystem>
#include <utility>

using namespace corebelt;
using namespace corebelt::test;

namespace {

/// 30 m × 20 m of the zone are red line; the plant lies 50 m beside it.
void write_plan(const TempDir& dir, const std::string& clause) {
    write_text(dir / "zones.geojson",
               feature_collection(4543, {{rectangle(500000, 2700000, 500100, 2700100), R"({"code":"A"})"}}));
    write_text(dir / "redline.geojson",
               feature_collection(4543, {{rectangle(500050, 2700000, 500080, 2700020), R"({"code":"R1"})"}}));
    write_text(dir / "plants.geojson",
               feature_collection(4543, {{rectangle(500150, 2700000, 500160, 2700010), R"({"code":"P1"})"}}));
    write_text(dir / "plan.toml", R"(
[project]
title = "示例"
crs = "EPSG:4543"
area = "planar"
lang = "en"
[layers.zones]
source = "zones.geojson"
theme = "zone"
id = "code"
[layers.redline]
source = "redline.geojson"
theme = "eco-redline"
id = "code"
coverage = "declared"
coverage_source = "示例"
[layers.plants]
source = "plants.geojson"
theme = "hazard"
id = "code"
[[rules]]
id = "red-line"
kind = "no-overlap"
subject = "zones"
object = "redline"
binding = true
verified = true
clause = ")" + clause + R"("
source = "示例"
[[rules]]
id = "away"
kind = "distance"
subject = "zones"
object = "plants"
min_m = 100
binding = true
verified = true
clause = "x"
source = "示例"
)");
}

struct Found {
    std::string rule, object;
    double measured = 0;
    geo::Dimension dimension = geo::Dimension::area;
    double width_m = 0, height_m = 0; ///< of the box
};

std::vector<Found> found_in(const std::string& dataset) {
    layers::OpenOptions options;
    options.all_fields = true;
    options.require_crs = false;
    const layers::Table table = read_all(*layers::open_layer(dataset, options));
    std::vector<Found> list;
    for (std::size_t row = 0; row < table.rows.size(); ++row) {
        const geo::Box& box = table.rows.shapes.box[row];
        Found f;
        f.dimension = table.rows.shapes[row].dimension();
        f.width_m = box.max_x - box.min_x;
        f.height_m = box.max_y - box.min_y;
        if (const layers::Column* rule = table.rows.find("rule")) {
            f.rule = to_string(rule->value(row));
            f.object = to_string(table.rows.find("object")->value(row));
            f.measured = table.rows.find("measured")->reals[row];
        }
        list.push_back(f);
    }
    return list;
}

void append(std::vector<Found>& to, const std::vector<Found>& more) {
    to.insert(to.end(), more.begin(), more.end());
}

} // namespace

TEST_CASE("check writes its findings in every format that convert writes", "[e2e][findings]") {
    const TempDir dir;
    write_plan(dir, "禁止开发性、生产性建设活动");
    for (const char* name : {"f.gpkg", "f.shp", "f.geojson", "f.fgb", "f.kml", "f.dxf", "f.gdb"}) {
        const std::string file = dir / name;
        const std::string format = std::filesystem::path(file).extension().string();
        const Outcome r = run_corebelt({"check", dir / "plan.toml", "-o", file});
        CAPTURE(name, r.err);
        CHECK(r.exit_code == 1);
        CHECK((r.err.find("fields-renamed") == std::string::npos)); // ten bytes are enough
        CHECK((r.err.find("warning[fields-left-out]") != std::string::npos) == (format == ".dxf"));
        std::vector<Found> found;
        if (format == ".gpkg" || format == ".gdb" || format == ".kml") {
            append(found, found_in(file + "|layer=findings"));
            append(found, found_in(file + "|layer=findings_lines"));
        } else {
            append(found, found_in(file));
            if (format == ".shp")
                append(found, found_in(dir / "f_lines.shp"));
        }
        REQUIRE(found.size() == 2);
        if (format == ".fgb") // in the order of its spatial index
            std::swap(found[0], found[1]);
        CHECK(found[0].dimension == geo::Dimension::area);
        CHECK(found[1].dimension == geo::Dimension::line);
        if (format != ".kml") { // that one is in degrees
            CHECK(found[0].width_m == Approx(30).margin(1e-6));
            CHECK(found[0].height_m == Approx(20).margin(1e-6));
            CHECK(found[1].width_m == Approx(50).margin(1e-6));
        }
        if (format != ".dxf") { // which has no fields
            CHECK(found[0].rule == "red-line");
            CHECK(found[0].object == "R1");
            CHECK(found[0].measured == Approx(600).margin(1e-6));
            CHECK(found[1].rule == "away");
            CHECK(found[1].measured == Approx(50).margin(1e-6));
        }
    }
    CHECK(found_in(dir / "f_points.shp").empty());
}

TEST_CASE("a file of findings is replaced by the next run, what is more than a file only where that is asked for",
          "[e2e][findings]") {
    const TempDir dir;
    write_plan(dir, "x");
    const std::vector<std::string> check{"check", dir / "plan.toml", "-o"};
    const auto run = [&](const char* name, bool overwrite) {
        auto words = check;
        words.push_back(dir / name);
        if (overwrite)
            words.emplace_back("--overwrite");
        return run_corebelt(words);
    };
    for (const char* name : {"f.gpkg", "f.geojson", "f.fgb", "f.kml", "f.dxf"}) {
        CAPTURE(name);
        CHECK(run(name, false).exit_code == 1);
        CHECK(run(name, false).exit_code == 1);
    }
    for (const char* name : {"f.shp", "f.gdb"}) {
        CAPTURE(name);
        CHECK(run(name, false).exit_code == 1);
        const Outcome again = run(name, false);
        CHECK(again.exit_code == 5);
        CHECK(again.err.find("error[already-exists]") != std::string::npos);
        CHECK(again.out.empty()); // before the work
        CHECK(run(name, true).exit_code == 1);
    }
    const std::string before = read_text(dir / "redline.geojson");
    const Outcome own = run("redline.geojson", true);
    CHECK(own.exit_code == 2);
    CHECK(own.err.find("error[output-is-input]") != std::string::npos);
    CHECK((read_text(dir / "redline.geojson") == before));
    CHECK(run("no/f.shp", false).exit_code == 5);
    CHECK(run("f.docx", false).err.find("postgis") != std::string::npos);
}

TEST_CASE("a clause that dBASE cannot hold is cut at a character, and that is said", "[e2e][findings]") {
    const TempDir dir;
    std::string clause;
    for (int i = 0; i < 100; ++i)
        clause += "禁"; // 300 bytes; 84 characters are 252
    write_plan(dir, clause);
    const Outcome r = run_corebelt({"check", dir / "plan.toml", "-o", dir / "f.shp"});
    CHECK(r.exit_code == 1);
    CHECK(r.err.find("warning[texts-shortened]") != std::string::npos);
    layers::OpenOptions options;
    options.all_fields = true;
    const layers::Table table = read_all(*layers::open_layer(dir / "f.shp", options));
    REQUIRE(table.rows.size() == 1);
    CHECK(to_string(table.rows.find("clause")->value(0)) == clause.substr(0, 252));
}
