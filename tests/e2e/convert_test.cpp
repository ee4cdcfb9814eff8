// convert: any layer in, any format out, nothing overwritten unasked.
#include "json_document.hpp"
#include "made_layers.hpp"
#include "support/catch.hpp"
#include "support/process.hpp"
#include "support/temp_dir.hpp"

#include <filesystem>

using namespace corebelt;
using namespace corebelt::test;

TEST_CASE("convert filters, transforms, renames and says so on stderr", "[e2e][convert]") {
    const TempDir dir;
    const std::string bow_tie = polygon({{500000, 2700000}, {500100, 2700100}, {500100, 2700000}, {500000, 2700100}});
    write_text(dir / "地块.geojson",
               feature_collection(
                   4543, {{rectangle(500000, 2700000, 500100, 2700100), R"({"规划用地性质名称":"工业用地","n":1})"},
                          {bow_tie, R"({"规划用地性质名称":"绿地","n":2})"},
                          {rectangle(500200, 2700000, 500300, 2700100), R"({"规划用地性质名称":"道路","n":3})"}}));
    const std::vector<std::string> convert{"convert",  dir / "地块.geojson", dir / "out.shp", "--where",
                                           "n < 3",    "--encoding",         "gbk",           "--crs",
                                           "EPSG:4490"};
    const Outcome r = run_corebelt(convert);
    CAPTURE(r.err);
    CHECK(r.exit_code == 0);
    CHECK(r.out.empty());
    CHECK(r.err.find("warning[self-crossing]") != std::string::npos);
    CHECK(r.err.find("warning[fields-renamed]") != std::string::npos);
    CHECK(r.err.find("规划用地性质名称 → 规划用地性") != std::string::npos);

    const Outcome info = run_corebelt({"info", dir / "out.shp", "--format", "json"});
    REQUIRE(info.exit_code == 0);
    const JsonDocument j(info.out);
    CHECK(j.number("/datasets/0/layers/0/features") == 2);
    CHECK(j.number("/datasets/0/layers/0/repaired") == 0); // repaired once, valid ever after
    CHECK(info.out.find("EPSG:4490") != std::string::npos);
    CHECK(info.out.find("GB18030") != std::string::npos);

    const Outcome again = run_corebelt(convert);
    CHECK(again.exit_code == 5);
    CHECK(again.err.find("error[already-exists]") != std::string::npos);
    auto overwrite = convert;
    overwrite.emplace_back("--overwrite");
    CHECK(run_corebelt(overwrite).exit_code == 0);
}

TEST_CASE("convert answers what it cannot do with code and advice", "[e2e][convert][error]") {
    const TempDir dir;
    const std::string in = dir / "in.geojson";
    write_text(in, feature_collection(4543, {{rectangle(500000, 2700000, 500100, 2700100), R"({"code":"a"})"}}));
    for (const char* closed : {"plan.dwg", "plan.MDB", "plan.vct"})
        write_text(dir / closed, "bytes");
    struct Case {
        std::vector<std::string> arguments;
        int exit_code;
        const char* says;
    };
    for (const Case& c :
         {Case{{"convert", in, dir / "out.docx"}, 2, ".gpkg"},
          Case{{"convert", in, dir / "no/out.gpkg"}, 5, "error[no-folder]"},
          Case{{"convert", in, dir / "out.gpkg", "--encoding", "gbk"}, 2, "error[bad-option]"},
          Case{{"convert", in, dir / "out.gpkg", "--crs", "EPSG:1"}, 2, "error[bad-crs]"},
          Case{{"convert", in, dir / "out.txt", "--crs", "EPSG:4490"}, 2, "error[not-gauss-krueger]"},
          Case{{"convert", dir / "plan.dwg", dir / "out.gpkg"}, 3, "DXF"}, Case{{"info", dir / "plan.MDB"}, 3, ".gdb"},
          Case{{"info", dir / "plan.vct"}, 3, "error[needs-export]"}}) {
        const Outcome r = run_corebelt(c.arguments);
        CAPTURE(c.arguments, r.err);
        CHECK(r.exit_code == c.exit_code);
        CHECK(r.err.find(c.says) != std::string::npos);
    }
    std::size_t entries = 0;
    for ([[maybe_unused]] const auto& entry : std::filesystem::directory_iterator(dir.path()))
        ++entries;
    CHECK(entries == 4);
}
