// What is wrong is said: where, what, and what to do; the exit code is right; no half file stays.
#include "json_document.hpp"
#include "made_layers.hpp"
#include "support/catch.hpp"
#include "support/process.hpp"
#include "support/temp_dir.hpp"

#include "corebelt/layers/vector_file.hpp"

#include <cstring>
#include <filesystem>
#include <limits>

using namespace corebelt;
using namespace corebelt::test;

namespace {

/// Two squares of 100 m in EPSG:4543, field `code`.
std::string two_squares(int epsg = 4543) {
    return feature_collection(epsg, {{rectangle(500000, 2700000, 500100, 2700100), R"({"code":"a","n":1})"},
                                     {rectangle(500100, 2700000, 500200, 2700100), R"({"code":"b","n":2})"}});
}

std::string plan(const std::string& rules = "", const std::string& extra = "") {
    return "[project]\ntitle = \"t\"\ncrs = \"EPSG:4543\"\narea = \"planar\"\n" + extra +
           "\n[layers.zones]\nsource = \"zones.geojson\"\ntheme = \"zone\"\nid = \"code\"\n" + rules;
}

struct Case {
    const char* name;
    std::vector<std::string> arguments;
    int exit_code;
    std::vector<const char*> says; ///< all of these on stderr
};

} // namespace

TEST_CASE("every bad input of the table is answered with its code, its words and its exit code", "[e2e][error]") {
    const TempDir dir;
    write_text(dir / "zones.geojson", two_squares());
    write_text(dir / "parcels.geojson", two_squares());
    write_text(dir / "also_zones.json", two_squares());
    write_text(dir / "degrees.geojson",
               feature_collection(4490, {{rectangle(102.5, 24.3, 102.6, 24.4), R"({"code":"a"})"}}));
    write_text(dir / "good.toml", plan());
    write_text(dir / "typo.toml",
               plan("[[rules]]\nid = \"r\"\nkind = \"no-overlap\"\nsubjekt = \"zones\"\nobject = \"zones\"\n"));
    write_text(dir / "type.toml", "[project]\ntitle = 5\n");
    write_text(dir / "broken.toml", "[project\ntitle = \"t\"\n");
    write_text(dir / "field.toml", plan("[[rules]]\nid = \"r\"\nkind = \"area-match\"\nsubject = \"zones\"\ndeclared = "
                                        "\"GHMJ\"\nunit = \"km2\"\nmax_abs_m2 = 1.0\n"));
    write_text(dir / "nofile.toml", "[project]\ntitle = \"t\"\ncrs = \"EPSG:4543\"\n[layers.zones]\nsource = "
                                    "\"zonez.geojson\"\ntheme = \"zone\"\n");
    layers::Table square;
    square.info.layer = "parks";
    square.info.crs = geo::Crs::parse("EPSG:4543");
    square.rows.fid = {1};
    for (const geo::XY p : {geo::XY{0, 0}, geo::XY{1, 0}, geo::XY{1, 1}, geo::XY{0, 0}})
        square.rows.shapes.add(p);
    square.rows.shapes.end_ring();
    square.rows.shapes.end_part();
    square.rows.shapes.end_shape(geo::Dimension::area);
    layers::write_vector_layers(dir / "two.gpkg",
                                std::vector<layers::VectorLayer>{{"", &square}, {"_redline", &square}}, {});
    const std::string whole = read_text(dir / "two.gpkg");
    write_text(dir / "cut.gpkg", whole.substr(0, whole.size() / 3));
    write_text(dir / "text.gpkg", "this is not a database\n");
    const std::string z = dir / "zones.geojson";
    const std::string p = dir / "parcels.geojson";

    const std::vector<Case> table = {
        {"missing file",
         {"tabulate", dir / "zonse.geojson", p},
         3,
         {"error[not-found]", "zonse.geojson", "zones.geojson"}},
        {"missing layer",
         {"tabulate", (dir / "two.gpkg") + "|layer=park", p},
         3,
         {"error[no-such-layer]", "two.gpkg", "parks"}},
        {"several layers",
         {"tabulate", dir / "two.gpkg", p},
         2,
         {"error[several-layers]", "parks", "redline", "|layer="}},
        {"missing zone field", {"tabulate", z, p, "--zone", "coed"}, 2, {"error[unknown-field]", "coed", "code"}},
        {"missing class field", {"tabulate", z, p, "--by", "nn"}, 2, {"error[unknown-field]", "nn"}},
        {"filter that does not parse", {"tabulate", z, p, "--where", "code ="}, 2, {"error[bad-filter]"}},
        {"planar on degrees",
         {"tabulate", dir / "degrees.geojson", dir / "degrees.geojson", "--area", "planar"},
         2,
         {"error[planar-on-degrees]"}},
        {"truncated GeoPackage", {"info", dir / "cut.gpkg"}, 3, {"cut.gpkg"}},
        {"text under the name of a GeoPackage", {"info", dir / "text.gpkg"}, 3, {"error[cannot-open]", "text.gpkg"}},
        {"unknown verb", {"tabluate", z, p}, 2, {"error[usage]", "tabulate"}},
        {"unknown option", {"tabulate", z, p, "--zon", "code"}, 2, {"error[usage]", "--zone"}},
        {"bad unit", {"tabulate", z, p, "--unit", "acre"}, 2, {"error[usage]", "acre"}},
        {"bad memory", {"tabulate", z, p, "--memory", "much"}, 2, {"error[usage]", "--memory"}},
        {"unknown output format", {"tabulate", z, p, "-o", dir / "x.docx"}, 2, {"error[bad-format]", "json"}},
        {"output over an input",
         {"tabulate", dir / "also_zones.json", dir / "parcels.geojson", "-o", dir / "also_zones.json"},
         2,
         {"error[output-is-input]", "also_zones.json"}},
        {"binary format on stdout", {"check", dir / "good.toml", "--format", "gpkg"}, 2, {"error[bad-format]", "-o"}},
        {"output folder that is not there", {"tabulate", z, p, "-o", dir / "no/where.json"}, 5, {"error[no-folder]"}},
        {"missing project file", {"check", dir / "plan.toml"}, 3, {"error[not-found]", "plan.toml"}},
        {"unknown key", {"check", dir / "typo.toml"}, 2, {"error[unknown-key]", "typo.toml:", "subjekt", "subject"}},
        {"wrong type", {"check", dir / "type.toml"}, 2, {"error[wrong-type]", "type.toml:2", "title"}},
        {"broken TOML", {"check", dir / "broken.toml"}, 2, {"error[bad-toml]", "broken.toml:1"}},
        {"declared field that the layer lacks", {"check", dir / "field.toml"}, 2, {"error[unknown-field]", "GHMJ"}},
        {"layer of the project that is not there",
         {"check", dir / "nofile.toml"},
         3,
         {"error[not-found]", "zonez.geojson", "zones.geojson"}},
        {"unknown rule asked for", {"check", dir / "good.toml", "--rule", "red-line"}, 2, {"red-line"}},
        {"unknown sheet",
         {"map", dir / "good.toml", "lnaduse", "-o", dir / "maps"},
         2,
         {"error[unknown-sheet]", "lnaduse"}},
    };
    for (const Case& c : table) {
        CAPTURE(c.name);
        const Outcome r = run_corebelt(c.arguments);
        CAPTURE(r.err);
        CHECK(r.exit_code == c.exit_code);
        CHECK(r.out.empty());
        for (const char* words : c.says) {
            CAPTURE(words);
            CHECK(r.err.find(words) != std::string::npos);
        }
        // The same in Chinese: same code, Chinese words.
        const Outcome zh = run_corebelt(c.arguments, {{{"LANG", "zh_CN.UTF-8"}}, 0, "", false});
        CAPTURE(zh.err);
        CHECK(zh.exit_code == c.exit_code);
        CHECK(
            std::any_of(zh.err.begin(), zh.err.end(), [](char ch) { return static_cast<unsigned char>(ch) >= 0xE4; }));
    }
    for (const auto& entry : std::filesystem::directory_iterator(dir.path()))
        CHECK(entry.path().filename().string().find("tmp") == std::string::npos);
}

TEST_CASE("features that are wrong are counted and named, and the run goes on", "[e2e][issue]") {
    const TempDir dir;
    const std::string bow_tie = polygon({{500000, 2700000}, {500100, 2700100}, {500100, 2700000}, {500000, 2700100}});
    write_text(dir / "mixed.geojson",
               feature_collection(4543, {{rectangle(500000, 2700000, 500100, 2700100), R"({"id":"good"})"},
                                         {bow_tie, R"({"id":"bow"})"},
                                         {"null", R"({"id":"nothing"})"},
                                         {R"({"type":"Point","coordinates":[500010,2700010]})", R"({"id":"point"})"}}));
    const Outcome r = run_corebelt({"info", dir / "mixed.geojson", "--format", "json"});
    CAPTURE(r.err);
    REQUIRE(r.exit_code == 0);
    const JsonDocument j(r.out);
    CHECK(j.number("/datasets/0/layers/0/features") == 4);
    CHECK(j.number("/datasets/0/layers/0/empty") == 1);
    CHECK(j.number("/datasets/0/layers/0/repaired") == 1);
    CHECK(j.number("/datasets/0/layers/0/issue_counts/self-crossing") == 1);
    CHECK(j.number("/datasets/0/layers/0/issue_counts/empty-geometry") == 1);

    // Two triangles of 50 m × 100 m / 2 remain of the bow-tie: each 2500 m².
    const Outcome t = run_corebelt({"tabulate", dir / "mixed.geojson", dir / "mixed.geojson", "--zone", "id", "--by",
                                    "id", "--area", "planar", "--format", "json"});
    CAPTURE(t.err);
    REQUIRE(t.exit_code == 0);
    const JsonDocument a(t.out);
    REQUIRE(a.size("/zones") == 4);
    CHECK(a.text("/zones/0/zone") == "bow");
    CHECK(a.number("/zones/0/area") == Approx(5000).margin(1e-4));
    CHECK(a.text("/zones/1/zone") == "good");
    CHECK(a.number("/zones/1/area") == Approx(10000).margin(1e-4));
    CHECK(a.text("/zones/2/zone") == "nothing");
    CHECK(a.number("/zones/2/area") == 0);
}

TEST_CASE("coordinates that are not finite are set aside", "[e2e][issue]") {
    const TempDir dir;
    constexpr double marked_m = 500050.123; // an easting that stands nowhere else in the file
    layers::Table table;
    table.info.layer = "t";
    table.info.crs = geo::Crs::parse("EPSG:4543");
    layers::Batch& rows = table.rows;
    for (const double x : {500000.0, marked_m}) {
        rows.fid.push_back(static_cast<std::int64_t>(rows.fid.size()) + 1);
        for (const geo::XY p :
             {geo::XY{500000, 2700000}, geo::XY{500100, 2700000}, geo::XY{x, 2700100}, geo::XY{500000, 2700000}})
            rows.shapes.add(p);
        rows.shapes.end_ring();
        rows.shapes.end_part();
        rows.shapes.end_shape(geo::Dimension::area);
    }
    layers::write_vector_file(dir / "nan.gpkg", table, {});
    // No library writes such a file on purpose: the eight bytes of the coordinate are overwritten in place.
    std::string bytes = read_text(dir / "nan.gpkg");
    const auto bytes_of = [](double value) {
        std::string text(sizeof value, '\0');
        std::memcpy(text.data(), &value, sizeof value);
        return text;
    };
    const std::size_t at = bytes.find(bytes_of(marked_m));
    REQUIRE(at != std::string::npos);
    bytes.replace(at, sizeof marked_m, bytes_of(std::numeric_limits<double>::quiet_NaN()));
    write_text(dir / "nan.gpkg", bytes);
    const Outcome r = run_corebelt({"info", dir / "nan.gpkg", "--format", "json"});
    CAPTURE(r.err);
    REQUIRE(r.exit_code == 0);
    const JsonDocument j(r.out);
    CHECK(j.number("/datasets/0/layers/0/rejected") == 1);
    CHECK(j.number("/datasets/0/layers/0/issue_counts/not-finite") == 1);
}

TEST_CASE("a coordinate system that contradicts its coordinates has an issue of its own", "[e2e][issue]") {
    const TempDir dir;
    struct Row {
        const char* name;
        int epsg;
        double x, y;
        const char* code;
    };
    const std::vector<Row> rows = {
        {"prefixed coordinates under an unprefixed CRS", 4543, 34500000, 2700000, "crs-prefix-unexpected"},
        {"unprefixed coordinates under a prefixed CRS", 4522, 500000, 2700000, "crs-prefix-missing"},
        {"axes swapped", 4543, 2700000, 500000, "axes-swapped"},
    };
    for (const Row& row : rows) {
        CAPTURE(row.name);
        write_text(dir / "l.geojson",
                   feature_collection(row.epsg, {{rectangle(row.x, row.y, row.x + 100, row.y + 100), "{}"}}));
        const Outcome r = run_corebelt({"info", dir / "l.geojson", "--format", "json"});
        CAPTURE(r.err, r.out);
        REQUIRE(r.exit_code == 0);
        CHECK(JsonDocument(r.out).has(std::string("/datasets/0/layers/0/issue_counts/") + row.code));
    }
}

TEST_CASE("an empty layer and points where areas are needed do not stop a tabulation", "[e2e]") {
    const TempDir dir;
    write_text(dir / "zones.geojson", two_squares());
    write_text(dir / "empty.geojson", feature_collection(4543, {}));
    write_text(dir / "points.geojson",
               feature_collection(4543, {{R"({"type":"Point","coordinates":[500010,2700010]})", R"({"code":"p"})"}}));
    for (const char* layer : {"empty.geojson", "points.geojson"}) {
        CAPTURE(layer);
        const Outcome r =
            run_corebelt({"tabulate", dir / "zones.geojson", dir / layer, "--area", "planar", "--format", "json"});
        CAPTURE(r.err);
        REQUIRE(r.exit_code == 0);
        const JsonDocument j(r.out);
        CHECK(j.size("/zones") == 2);
        CHECK(j.number("/zones/0/covered") == 0);
    }
    const Outcome points =
        run_corebelt({"tabulate", dir / "zones.geojson", dir / "points.geojson", "--format", "json"});
    CHECK(points.out.find("\"not-areal\"") != std::string::npos);
}

TEST_CASE("an output that cannot be written is exit 5 and leaves nothing", "[e2e][error]") {
    const TempDir dir;
    write_text(dir / "zones.geojson", two_squares());
    std::filesystem::create_directory(dir / "taken.json"); // a folder stands where the file should go
    const Outcome r =
        run_corebelt({"tabulate", dir / "zones.geojson", dir / "zones.geojson", "-o", dir / "taken.json"});
    CAPTURE(r.err);
    CHECK(r.exit_code == 5);
    CHECK(r.err.find("error[cannot-write]") != std::string::npos);
    std::size_t entries = 0;
    for (const auto& entry : std::filesystem::directory_iterator(dir.path()))
        entries += entry.exists() ? 1 : 0;
    CHECK(entries == 2);
    // /dev/full takes no byte.
    const Outcome full = run_process(
        {"/bin/sh", "-c", "\"$COREBELT_PROGRAM\" tabulate \"$0\" \"$0\" > /dev/full", dir / "zones.geojson"});
    CHECK(full.exit_code == 5);
    CHECK(full.err.find("error[cannot-write]") != std::string::npos);
}
