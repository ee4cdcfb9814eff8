// init: a folder becomes a project file that runs.
#include "json_document.hpp"
#include "made_layers.hpp"
#include "support/catch.hpp"
#include "support/process.hpp"
#include "support/temp_dir.hpp"

#include <algorithm>
#include <cmath>
#include <filesystem>

using namespace corebelt;
using namespace corebelt::test;

namespace {

namespace fs = std::filesystem;

void convert(const std::string& from, const std::string& to, const std::vector<std::string>& more = {}) {
    std::vector<std::string> arguments{"convert", from, to};
    arguments.insert(arguments.end(), more.begin(), more.end());
    const Outcome r = run_corebelt(arguments);
    CAPTURE(r.err);
    REQUIRE(r.exit_code == 0);
}

bool holds(const std::string& text, const std::string& part) {
    return text.find(part) != std::string::npos;
}

} // namespace

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
    CHECK(holds(r.err, "warning[not-placed]: what.geojson"));
    for (const char* said : {"a.geojson: zone (field KFYQMC)", "b.geojson: landuse-planned (field YDYHFLDM)",
                             "c.geojson: permanent-farmland (field YJJBNTTBMJ)", "STBHHX.geojson: eco-redline",
                             "d.geojson: growth-boundary (field GHFQMC)", "e.geojson: landuse-current (field DLBM)",
                             "f.geojson: growth-boundary (field GHFQMC); commented out"}) {
        CAPTURE(said);
        CHECK(holds(r.err, said));
    }
    const std::string text = read_text(dir / "corebelt.toml");
    CAPTURE(text);
    CHECK(holds(text, "\nextends = [\"control-lines\"]"));
    CHECK(holds(text, "#   what.geojson"));
    // Nobody has said where the red line is complete: nothing overlaps, and that decides nothing.
    const Outcome check = run_corebelt({"check", dir / "corebelt.toml"});
    CAPTURE(check.err, check.out);
    CHECK(check.exit_code == 4);

    const Outcome again = run_corebelt({"init", dir.path().string()});
    CHECK(again.exit_code == 5);
    CHECK(read_text(dir / "corebelt.toml") == text);
}

TEST_CASE("init makes a file of the demo park that finds what is planted in it", "[e2e][init]") {
    const TempDir dir;
    const fs::path folder = dir.path() / "报批成果 2026" / "矢量";
    fs::create_directories(folder.parent_path());
    const fs::path sample = fs::path(COREBELT_SOURCE_DIR) / "data/demo-park";
    fs::create_directories(folder / "三线");
    for (const char* name : {"redline", "farmland", "growth"})
        convert((sample / name).string() + ".geojson", (folder / "三线" / name).string() + ".geojson");
    convert((sample / "parcels.geojson").string(), (folder / "规划地块.shp").string(), {"--encoding", "gbk"});
    fs::remove(folder / "规划地块.cpg");
    convert((sample / "zones.geojson").string(), (folder / "片区.gpkg").string());
    convert((sample / "roads.geojson").string(), (folder / "道路.fgb").string());

    const Outcome r = run_corebelt({"init", folder.parent_path().string()});
    CAPTURE(r.err);
    REQUIRE(r.exit_code == 0);
    CHECK_FALSE(holds(r.err, "warning["));
    std::string text = read_text(folder.parent_path() / "corebelt.toml");
    CAPTURE(text);
    CHECK(holds(text, "\ntitle   = \"报批成果 2026\""));
    CHECK(holds(text, "\nsource      = \"矢量/规划地块.shp\""));
    CHECK(holds(text, "\nsource      = \"矢量/三线/redline.geojson\""));
    CHECK(holds(text, "\nscheme      = \"YDYH2023\""));
    CHECK(holds(text, "\nid          = \"DKBH\""));

    // The red line fails what the sample says it fails, by the same amounts.
    const JsonDocument expected(read_text(sample / "planted.expected.json"));
    const Outcome check =
        run_corebelt({"check", (folder.parent_path() / "corebelt.toml").string(), "--format", "json", "--quiet"});
    REQUIRE(check.exit_code == 1);
    const JsonDocument report(check.out);
    CHECK(report.number("/inputs/0/features") > 0);
    const auto measured = [&](const std::string& rule, const std::string& subject) {
        for (std::size_t i = 0; i < report.size("/rules"); ++i) {
            const std::string at = "/rules/" + std::to_string(i);
            for (std::size_t s = 0; report.text(at + "/id") == rule && s < report.size(at + "/subjects"); ++s)
                if (report.text(at + "/subjects/" + std::to_string(s) + "/id") == subject)
                    return report.number(at + "/subjects/" + std::to_string(s) + "/measured");
        }
        return -1.0;
    };
    std::size_t compared = 0;
    for (std::size_t i = 0; i < expected.size("/violations"); ++i) {
        const std::string at = "/violations/" + std::to_string(i);
        if (expected.text(at + "/rule") != "red-line")
            continue; // the catalogue's C02 asks the same: zones keep off the red line
        CAPTURE(expected.text(at + "/subject"));
        const double amount = expected.number(at + "/cn2008");
        CHECK(std::abs(measured("C02", expected.text(at + "/subject")) - amount) <= std::max(0.01, 1e-6 * amount));
        ++compared;
    }
    CHECK(compared == 2);
}

TEST_CASE("init passes over what cannot be read and asks for what is missing", "[e2e][init]") {
    const TempDir dir;
    // Two layers in one file, in degrees: 102.5 °E lies in the strip of 102 °E.
    const auto placemark = [](const char* name) {
        return std::string("<Placemark><name>") + name +
               "</name><Polygon><outerBoundaryIs><LinearRing><coordinates>102.5,24.3 102.6,24.3 102.6,24.4 102.5,24.4 "
               "102.5,24.3</coordinates></LinearRing></outerBoundaryIs></Polygon></Placemark>";
    };
    write_text(dir / "成果.kml",
               "<?xml version=\"1.0\" encoding=\"UTF-8\"?><kml xmlns=\"http://www.opengis.net/kml/2.2\">"
               "<Document><Folder><name>KFYQ</name>" +
                   placemark("高新区") + "</Folder><Folder><name>生态保护红线</name>" + placemark("红线") +
                   "</Folder></Document></kml>");
    write_text(dir / "plan.dwg", "AC1032");
    write_text(dir / "broken.gpkg", "SQLite format 3 it is not");
    write_text(dir / "notes.txt", "no boundary points");
    write_text(dir / "parcels.geojson",
               feature_collection(4543, {{rectangle(500000, 2700000, 500100, 2700100), R"({"YDYHFLDM":"1001"})"}}));
    convert(dir / "parcels.geojson", dir / "whole.shp");
    fs::remove(dir / "whole.prj");
    convert(dir / "parcels.geojson", dir / "cut.gpkg");
    const std::string bytes = read_text(dir / "cut.gpkg");
    write_text(dir / "cut.gpkg", bytes.substr(0, bytes.size() / 2));
    write_text(dir / "DLTB.geojson",
               feature_collection(4543, {{rectangle(500000, 2700000, 500100, 2700100), R"({"DLBM":"耕地"})"}}));

    const Outcome r = run_corebelt({"init", dir.path().string()});
    CAPTURE(r.err);
    REQUIRE(r.exit_code == 0);
    CHECK(holds(r.err, "warning[not-placed]: plan.dwg: "));
    CHECK(holds(r.err, "DXF"));
    CHECK(holds(r.err, "warning[not-placed]: broken.gpkg: "));
    CHECK(holds(r.err, "warning[not-placed]: cut.gpkg"));
    CHECK(holds(r.err, "warning[not-placed]: DLTB.geojson: the codes in DLBM"));
    CHECK(holds(r.err, "whole.shp: landuse-planned (field YDYHFLDM); commented out: it has no coordinate system"));
    CHECK_FALSE(holds(r.err, "notes.txt"));
    const std::string text = read_text(dir / "corebelt.toml");
    CAPTURE(text);
    CHECK(holds(text, "\ncrs     = \"EPSG:4543\""));
    CHECK(holds(text, "\nsource      = \"成果.kml|layer=KFYQ\""));
    CHECK(holds(text, "\nsource      = \"成果.kml|layer=生态保护红线\""));
    CHECK(holds(text, "\n# crs         = \"EPSG:…\""));
    const Outcome check = run_corebelt({"check", dir / "corebelt.toml"});
    CAPTURE(check.err, check.out);
    CHECK(check.exit_code == 1); // the park lies on the red line
}

TEST_CASE("init places hazards, facilities and buildings, and leaves what could be two of them", "[e2e][init]") {
    const TempDir dir;
    const std::string area = rectangle(500000, 2700000, 500100, 2700100);
    const std::string point = R"({"type":"Point","coordinates":[500050,2700050]})";
    write_text(dir / "KFYQ.geojson", feature_collection(4543, {{area, R"({"KFYQMC":"高新区"})"}}));
    write_text(dir / "重大危险源.geojson",
               feature_collection(4543, {{point, R"({"WXYBH":"1","WXYMC":"储罐"})"}, {area, R"({"WXYBH":"2"})"}}));
    write_text(dir / "公共服务设施.geojson", feature_collection(4543, {{point, R"({"SSMC":"消防站"})"}}));
    write_text(dir / "厂房.geojson", feature_collection(4543, {{area, R"({"JZWMC":"一号厂房"})"}}));
    write_text(dir / "危化品设施.geojson", feature_collection(4543, {{point, R"({"n":1})"}}));
    write_text(dir / "房屋.geojson",
               feature_collection(4543, {{area, R"({"n":1})"}, {point, R"({"n":2})"}})); // buildings are areas
    const Outcome r = run_corebelt({"init", dir.path().string()});
    CAPTURE(r.err);
    REQUIRE(r.exit_code == 0);
    CHECK(holds(r.err, "重大危险源.geojson: hazard ("));
    CHECK(holds(r.err, "公共服务设施.geojson: facility ("));
    CHECK(holds(r.err, "厂房.geojson: building ("));
    CHECK(holds(r.err, "warning[not-placed]: 危化品设施.geojson: "));
    CHECK(holds(r.err, "speaks for facility and for hazard"));
    CHECK(holds(r.err, "warning[not-placed]: 房屋.geojson: "));
    const std::string text = read_text(dir / "corebelt.toml");
    CAPTURE(text);
    CHECK(holds(text, "[layers.hazards]\nsource      = \"重大危险源.geojson\"\ntheme       = \"hazard\"\n"
                      "id          = \"WXYBH\"\nname        = \"WXYMC\"\n"));
    CHECK(holds(text, "[layers.facilities]"));
    CHECK(holds(text, "[layers.buildings]"));
    CHECK(holds(text, "危化品设施.geojson："));
    const Outcome check = run_corebelt({"check", dir / "corebelt.toml"});
    CAPTURE(check.err, check.out);
    CHECK(check.exit_code == 0); // no rule speaks of them yet
}

TEST_CASE("init of a folder without vector data, or of none, writes nothing", "[e2e][init]") {
    const TempDir dir;
    const Outcome empty = run_corebelt({"init", dir.path().string()});
    CHECK(empty.exit_code == 3);
    CHECK(holds(empty.err, "error[nothing-recognised]"));
    write_text(dir / "x.geojson", feature_collection(4543, {{rectangle(0, 0, 1, 1), "{}"}}));
    CHECK(run_corebelt({"init", dir.path().string()}).exit_code == 3);
    CHECK_FALSE(fs::exists(dir / "corebelt.toml"));
    const Outcome none = run_corebelt({"init", dir / "nowhere"});
    CHECK(none.exit_code == 3);
    CHECK(holds(none.err, "error[not-found]"));
}
