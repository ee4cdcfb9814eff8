// init: a folder becomes a project file that runs.
#include "made_layers.hpp"
#include "support/catch.hpp"
#include "support/process.hpp"
#include "support/temp_dir.hpp"

using namespace corebelt;
using namespace corebelt::test;

TEST_CASE("init recognises standard layers, says what it could not place, and the file runs", "[e2e][init]") {
    const TempDir dir;
    const std::string near = rectangle(500000, 2700000, 500100, 2700100);
    const std::string far = rectangle(501000, 2700000, 501100, 2700100);
    write_text(dir / "a.geojson", feature_collection(4543, {{near, R"({"KFYQMC":"高新区","BSM":"1"})"}}));
    write_text(dir / "b.geojson", feature_collection(4543, {{near, R"({"YDYHFLDM":"1001","BSM":"1"})"}}));
    write_text(dir / "c.geojson", feature_collection(4543, {{far, R"({"YJJBNTTBMJ":1.5,"DLBM":"0101"})"}}));
    write_text(dir / "STBHHX.geojson", feature_collection(4543, {{far, R"({"MJ":1.5})"}}));
    write_text(dir / "d.geojson", feature_collection(4543, {{near, R"({"GHFQMC":"城镇集中建设区"})"}}));
    write_text(dir / "e.geojson", feature_collection(4543, {{far, R"({"DLBM":"0101"})"}}));
    write_text(dir / "f.geojson", feature_collection(4543, {{far, R"({"GHFQMC":"城镇弹性发展区"})"}}));
    write_text(dir / "what.geojson", feature_collection(4543, {{far, R"({"x":1})"}}));
    const Outcome r = run_corebelt({"init", dir.path().string()});
    CAPTURE(r.err);
    REQUIRE(r.exit_code == 0);
    CHECK(r.out.empty());
    CHECK(r.err.find("warning[not-placed]: what.geojson") != std::string::npos);
    for (const char* said : {"a.geojson: zone (field KFYQMC)", "b.geojson: landuse-planned (field YDYHFLDM)",
                             "c.geojson: permanent-farmland (field YJJBNTTBMJ)", "STBHHX.geojson: eco-redline",
                             "d.geojson: growth-boundary (field GHFQMC)", "e.geojson: landuse-current (field DLBM)",
                             "f.geojson: growth-boundary (field GHFQMC), commented out"}) {
        CAPTURE(said);
        CHECK(r.err.find(said) != std::string::npos);
    }
    const std::string text = read_text(dir / "corebelt.toml");
    CAPTURE(text);
    CHECK(text.find("extends = [\"control-lines\"]") != std::string::npos);
    // Nobody has said where the red line is complete: nothing overlaps, and that decides nothing.
    const Outcome check = run_corebelt({"check", dir / "corebelt.toml"});
    CAPTURE(check.err, check.out);
    CHECK(check.exit_code == 4);

    const Outcome again = run_corebelt({"init", dir.path().string()});
    CHECK(again.exit_code == 5);
    CHECK(read_text(dir / "corebelt.toml") == text);
}
