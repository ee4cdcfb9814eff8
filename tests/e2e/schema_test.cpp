// Every JSON output obeys the schema that is published for it.
#include "made_layers.hpp"
#include "support/catch.hpp"
#include "support/process.hpp"
#include "support/temp_dir.hpp"

#include <filesystem>

using namespace corebelt::test;

namespace {

/// Debian's Python first: it is the one that has python3-jsonschema.
std::string python() {
    return std::filesystem::exists("/usr/bin/python3") ? "/usr/bin/python3" : "/usr/local/bin/python3";
}

/// "" where valid; the errors where not; "no python3-jsonschema" where it cannot be judged.
std::string schema_errors(const std::string& json_path, const std::string& schema) {
    const std::string root = COREBELT_SOURCE_DIR;
    const Outcome r =
        run_process({"/bin/sh", "-c", "exec \"$0\" \"$1\" \"$2\" < \"$3\"", python(),
                     root + "/tests/support/validate_json.py", root + "/docs/schema/" + schema, json_path});
    return r.exit_code == 0 ? std::string() : r.out + r.err;
}

} // namespace

TEST_CASE("each JSON output is valid against its schema", "[e2e][schema]") {
    const TempDir dir;
    const std::string bow_tie = polygon({{500000, 2700000}, {500100, 2700100}, {500100, 2700000}, {500000, 2700100}});
    write_text(dir / "l.geojson",
               feature_collection(4543, {{rectangle(500000, 2700000, 500100, 2700100), R"({"id":"a","n":1.5})"},
                                         {bow_tie, R"({"id":null,"n":null})"}}));
    write_text(dir / "o.geojson", feature_collection(4543, {{rectangle(500000, 2700000, 500100, 2700100), "{}"},
                                                            {rectangle(500090, 2700000, 500200, 2700100), "{}"},
                                                            {rectangle(500200.005, 2700000, 500300, 2700100), "{}"}}));
    write_text(dir / "points.geojson",
               feature_collection(4543, {{R"({"type":"Point","coordinates":[500000,2700000]})", "{}"}}));
    write_text(dir / "p.toml", R"(
[project]
title = "示例"
crs = "EPSG:4543"
[layers.zones]
source = "l.geojson"
theme = "zone"
id = "id"
[layers.redline]
source = "l.geojson"
theme = "eco-redline"
coverage = "declared"
coverage_source = "示例"
[[rules]]
id = "red-line"
kind = "no-overlap"
subject = "zones"
object = "redline"
binding = true
verified = true
)");
    struct Row {
        const char* schema;
        std::vector<std::string> arguments;
    };
    const std::string l = dir / "l.geojson";
    const std::vector<Row> rows = {
        {"info-1.json", {"info", l}},
        {"info-1.json", {"info", dir / "o.geojson", dir / "points.geojson", "--topology"}},
        {"tabulate-1.json", {"tabulate", l, l, "--zone", "id", "--by", "n,id", "--coverage"}},
        {"measure-1.json", {"measure", l, l, "--id", "id", "--other-id", "n"}},
        {"measure-1.json", {"measure", l, l, "--what", "distance", "--nearest"}},
        {"report-1.json", {"check", dir / "p.toml"}},
    };
    for (const Row& row : rows) {
        auto arguments = row.arguments;
        arguments.insert(arguments.end(), {"-o", dir / "out.json"});
        const Outcome r = run_corebelt(arguments);
        CAPTURE(row.arguments, r.err);
        REQUIRE((r.exit_code == 0 || r.exit_code == 1 || r.exit_code == 4));
        const std::string errors = schema_errors(dir / "out.json", row.schema);
        if (errors.find("no python3-jsonschema") != std::string::npos) {
            WARN("skipped: python3-jsonschema is not installed");
            return;
        }
        CHECK(errors == "");
    }
    // The validator itself refuses what is wrong.
    write_text(dir / "wrong.json", R"({"schema":"corebelt.report/1","verdict":"maybe"})");
    CHECK(schema_errors(dir / "wrong.json", "report-1.json") != "");
}
