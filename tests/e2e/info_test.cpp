// info: the planner's first look.
#include "json_document.hpp"
#include "made_layers.hpp"
#include "support/catch.hpp"
#include "support/process.hpp"
#include "support/temp_dir.hpp"

#include <filesystem>

using namespace corebelt::test;

TEST_CASE("info recognises the layer and draws it", "[e2e][info]") {
    const TempDir dir;
    const std::string bow_tie = polygon({{500000, 2700000}, {500100, 2700100}, {500100, 2700000}, {500000, 2700100}});
    write_text(dir / "地块.geojson",
               feature_collection(4543, {{rectangle(500000, 2700000, 500100, 2700100), R"({"YDYHFLDM":"1001"})"},
                                         {bow_tie, R"({"YDYHFLDM":"1401"})"}}));
    const Outcome r = run_corebelt({"info", dir / "地块.geojson", "--format", "json", "--preview", dir / "预览.png"});
    CAPTURE(r.err);
    REQUIRE(r.exit_code == 0);
    const JsonDocument j(r.out);
    const std::string layer = "/datasets/0/layers/0";
    CHECK(j.text(layer + "/recognised/theme") == "landuse-planned");
    CHECK(j.text(layer + "/recognised/scheme") == "YDYH2023");
    CHECK(j.number(layer + "/recognised/scheme_known") == 2);
    CHECK(j.number(layer + "/crs/zone") == 34);
    CHECK(j.number(layer + "/issue_counts/self-crossing") == 1);
    CHECK(read_text(dir / "预览.png").starts_with("\x89PNG"));

    const Outcome bad = run_corebelt({"info", dir / "地块.geojson", "--preview", dir / "x.jpg"});
    CHECK(bad.exit_code == 2);
    const Outcome no_room = run_corebelt({"info", dir / "地块.geojson", "--preview", dir / "no/x.png"});
    CHECK(no_room.exit_code == 5);
}
