#include "support/catch.hpp"
#include "support/temp_dir.hpp"

#include "corebelt/geo/error.hpp"
#include "corebelt/project/project.hpp"

#include <filesystem>
#include <string>
#include <variant>
#include <vector>

using corebelt::Error;
using corebelt::Lang;
using namespace corebelt::project;

namespace {

/// Every key of the reference, once.
const std::string full = R"(
[project]
title = "玉溪高新区“一核三片区”"
crs   = "EPSG:4543"
area  = "geodesic"
lang  = "zh"
as_of = 2026-11-22
extends = ["control-lines"]
note  = "虚构示例，非真实边界"
tolerance = { length_m = 0.1, area_m2 = 2 }

[layers.zones]
source = "zones.gpkg|layer=zones"
theme  = "zone"
id     = "code"
name   = "name"
fields = { part = "PQMC", declared_km2 = "GHMJ" }

[layers.parcels]
source = "../plan/plan.gpkg|layer=parcels"
theme  = "landuse-planned"
scheme = "YDYH2023"
class_field = "YDYHFLDM"
encoding = "GB18030"
crs = "EPSG:4543"
where = "\"状态\" <> '删除'"

[layers.redline]
source   = "PG:dbname=lines"
theme    = "eco-redline"
coverage = "declared"
coverage_source = "三区三线划定成果 2022"

[layers.farmland_a]
source   = "/data/a.shp"
theme    = "permanent-farmland"
coverage = "cover.gpkg|layer=all"
union    = true

[layers.farmland_b]
source   = "b.shp"
theme    = "permanent-farmland"
union    = true

[tables.stats]
source = "stats.csv"
key    = "park"

[facts]
environment_ok_2y = { value = true, source = "环评报告" }
pieces = { value = 3, source = "批复" }
index = { value = 0.5, source = "批复" }
approved = { value = 2024-01-31, source = "批复" }

[structure]
pattern = "one-core-three-zones"
layer   = "zones"
group   = "part"
parts   = { "核心区" = "core", "红塔片区" = "zone", "研和片区" = "zone", "江川片区" = "zone" }

[[rules]]
id       = "red-line"
kind     = "no-overlap"
title    = "不占红线"
subject  = "zones"
object   = "redline"
max_m2   = 5
counting = "each"
binding  = true
verified = true
clause   = "禁止开发性、生产性建设活动"
source   = "自然资发〔2022〕142号 一"
edition  = "2022"
valid_from = 2022-08-16
valid_to = 2030-12-31
tolerance = { area_m2 = 0.5, length_m = 0.01 }

[[rules]]
id      = "industrial-share"
kind    = "share"
subject = "zones"
per     = "all"
of      = { layer = "parcels", class = ["1001"], scheme = "YDYH2023" }
in      = { layer = "landuse-planned", where = "RJL > 0" }
min     = 0.70
max     = 1

[[rules]]
id      = "readings"
kind    = "share"
subject = { layer = "zones", where = "name <> 'x'" }
readings = [ { id = "a", title = "甲", of = "parcels" }, { id = "b", of = { layer = "parcels", class = ["10", "11"] }, in = "parcels" } ]
min     = 0.7

[[rules]]
id      = "inside"
kind    = "within"
subject = "zones"
where   = "part = '核心区'"
object  = "growth-boundary"
max_outside_m2 = 10

[[rules]]
id       = "areas"
kind     = "area-match"
subject  = "zones"
per      = "group"
declared = { "核心区" = 10.29, "红塔片区" = 12 }
unit     = "km2"
max_abs_m2 = 5000
max_rel  = 0.01

[[rules]]
id       = "areas-by-field"
kind     = "area-match"
subject  = "zones"
declared = "declared_km2"
max_rel  = 0.01

[[rules]]
id      = "plants"
kind    = "count"
subject = "zones"
per     = "feature"
of      = { layer = "parcels", class = ["1302"] }
min     = 1
max     = 9

[[rules]]
id      = "on-road"
kind    = "adjacent"
subject = "parcels"
object  = "road"
gap_m   = 0.5
min_shared_m = 20

[[rules]]
id      = "apart"
kind    = "not-adjacent"
subject = "parcels"
object  = "hazard"

[[rules]]
id      = "far"
kind    = "distance"
subject = "hazard"
object  = "parcels"
min_field = "distance_m"

[[rules]]
id      = "near"
kind    = "distance"
subject = "parcels"
object  = "road"
max_m   = 500.5

[[rules]]
id      = "layout"
kind    = "structure"
max_part_gap_m = 3000

[[rules]]
id = "C03"
override_reason = "地方规定更宽"
max_outside_m2 = 100
object = "industrial-line"

[profile]
off = [ { rule = "C04-boundary-redline", reason = "边界数据未取得" } ]

[[waivers]]
rule = "red-line"
subject = "Z3"
reason = "国家重大项目"
by = "省自然资源厅"
until = 2027-06-30

[[sheets]]
id = "landuse"
title = "用地布局规划图"
layers = ["zones", "parcels"]
paper = "A2"
landscape = false
scale = 10000
notes = ["示意图"]

[[sheets]]
id = "第二张"
title = "控制线图"
)";

Project good() {
    return parse_project(full, "/plans/yuxi/plan.toml");
}

const Rule& rule(const Project& project, const std::string& id) {
    for (const Rule& r : project.rules)
        if (r.id == id)
            return r;
    FAIL("no rule " + id);
    return project.rules.front();
}

} // namespace

TEST_CASE("the heading of a project file is read as written", "[project]") {
    const Project p = good();
    CHECK(p.title == "玉溪高新区“一核三片区”");
    CHECK(p.path == "/plans/yuxi/plan.toml");
    CHECK(p.folder == "/plans/yuxi");
    CHECK(p.crs_text == "EPSG:4543");
    REQUIRE(p.crs.has_value());
    CHECK(p.crs->is_projected());
    CHECK(p.area == corebelt::geo::AreaMethod::geodesic);
    CHECK(p.lang == Lang::zh);
    CHECK(p.as_of == "2026-11-22");
    CHECK(p.note == "虚构示例，非真实边界");
    CHECK(p.extends == std::vector<std::string>{"control-lines"});
    CHECK(p.tolerance.length_m == 0.1);
    CHECK(p.tolerance.area_m2 == 2);
}

TEST_CASE("layers keep the order of the file, and sources lie beside it", "[project]") {
    const Project p = good();
    REQUIRE(p.layers.size() == 5);
    CHECK(p.layers[0].key == "zones");
    CHECK(p.layers[0].source == "zones.gpkg|layer=zones");
    CHECK(p.layers[0].path == "/plans/yuxi/zones.gpkg|layer=zones");
    CHECK(p.layers[0].id_field == "code");
    CHECK(p.layers[0].name_field == "name");
    CHECK(p.layers[0].file_field("part") == "PQMC");
    CHECK(p.layers[0].file_field("code") == "code");
    CHECK(p.layers[1].key == "parcels");
    CHECK(p.layers[1].path == "/plans/plan/plan.gpkg|layer=parcels");
    CHECK(p.layers[1].scheme == "YDYH2023");
    CHECK(p.layers[1].class_field == "YDYHFLDM");
    CHECK(p.layers[1].encoding == "GB18030");
    CHECK(p.layers[1].crs == "EPSG:4543");
    CHECK(p.layers[1].where == "\"状态\" <> '删除'");
    CHECK(p.layers[2].path == "PG:dbname=lines");
    CHECK(p.layers[2].coverage == "declared");
    CHECK(p.layers[2].coverage_source == "三区三线划定成果 2022");
    CHECK(p.layers[3].path == "/data/a.shp");
    CHECK(p.layers[3].coverage == "/plans/yuxi/cover.gpkg|layer=all");
    CHECK(p.layers[4].union_with_theme);
}

TEST_CASE("a project file in the working folder has sources as written", "[project]") {
    const Project p = parse_project("[project]\ntitle = 'x'\n[layers.a]\nsource = 'a.gpkg'\n", "plan.toml");
    CHECK(p.folder.empty());
    CHECK(p.layers[0].path == "a.gpkg");
}

TEST_CASE("a name means a layer first, then the layers of a theme", "[project]") {
    const Project p = good();
    CHECK(p.resolve("zones") == std::vector<const Layer*>{&p.layers[0]});
    CHECK(p.resolve("zone") == std::vector<const Layer*>{&p.layers[0]});
    CHECK(p.resolve("permanent-farmland") == std::vector<const Layer*>{&p.layers[3], &p.layers[4]});
    CHECK(p.resolve("hazard").empty());
    CHECK(p.resolve("").empty());
}

TEST_CASE("tables, facts, structure, waivers and sheets are read as written", "[project]") {
    const Project p = good();
    REQUIRE(p.tables.size() == 1);
    CHECK(p.tables[0].path == "/plans/yuxi/stats.csv");
    CHECK(p.tables[0].key_field == "park");
    CHECK(std::get<bool>(p.facts.at("environment_ok_2y").value));
    CHECK(p.facts.at("environment_ok_2y").source == "环评报告");
    CHECK(std::get<std::int64_t>(p.facts.at("pieces").value) == 3);
    CHECK(std::get<double>(p.facts.at("index").value) == 0.5);
    CHECK(std::get<std::string>(p.facts.at("approved").value) == "2024-01-31");
    REQUIRE(p.structure.has_value());
    CHECK(p.structure->pattern == "one-core-three-zones");
    CHECK(p.structure->layer == "zones");
    CHECK(p.structure->group == "part");
    CHECK(p.structure->parts ==
          std::vector<std::pair<std::string, std::string>>{
              {"核心区", "core"}, {"红塔片区", "zone"}, {"研和片区", "zone"}, {"江川片区", "zone"}});
    REQUIRE(p.waivers.size() == 1);
    CHECK(p.waivers[0].rule == "red-line");
    CHECK(p.waivers[0].subject == "Z3");
    CHECK(p.waivers[0].by == "省自然资源厅");
    CHECK(p.waivers[0].until == "2027-06-30");
    REQUIRE(p.sheets.size() == 2);
    CHECK(p.sheets[0].id == "landuse");
    CHECK(p.sheets[0].layers == std::vector<std::string>{"zones", "parcels"});
    CHECK(p.sheets[0].paper == "A2");
    CHECK_FALSE(p.sheets[0].landscape);
    CHECK(p.sheets[0].scale == 10000.0);
    CHECK(p.sheets[0].notes == std::vector<std::string>{"示意图"});
    CHECK(p.sheets[1].paper == "A3");
    CHECK(p.sheets[1].landscape);
}

TEST_CASE("each kind of rule keeps its own keys", "[project]") {
    const Project p = good();
    const Rule& red_line = rule(p, "red-line");
    CHECK(red_line.kind == "no-overlap");
    CHECK(red_line.title == "不占红线");
    CHECK(red_line.binding);
    CHECK(red_line.verified);
    CHECK(red_line.edition == "2022");
    CHECK(red_line.valid_from == "2022-08-16");
    CHECK(red_line.valid_to == "2030-12-31");
    CHECK(red_line.tolerance_area_m2 == 0.5);
    CHECK(red_line.tolerance_length_m == 0.01);
    CHECK(red_line.origin == "/plans/yuxi/plan.toml:61");
    CHECK_FALSE(red_line.per.has_value());
    CHECK(std::get<NoOverlapRule>(red_line.what).object.layer == "redline");
    CHECK(std::get<NoOverlapRule>(red_line.what).max_m2 == 5);
    CHECK(std::get<NoOverlapRule>(red_line.what).counting == Counting::each);

    const Rule& share_rule = rule(p, "industrial-share");
    const auto& share = std::get<ShareRule>(share_rule.what);
    CHECK_FALSE(share_rule.binding);
    CHECK(share_rule.per == Per::all);
    CHECK(share.of->layer == "parcels");
    CHECK(share.of->classes == std::vector<std::string>{"1001"});
    CHECK(share.in->where == "RJL > 0");
    CHECK(share.min == 0.70);
    CHECK(share.max == 1.0);

    const auto& readings = std::get<ShareRule>(rule(p, "readings").what);
    CHECK(rule(p, "readings").subject.where == "name <> 'x'");
    CHECK_FALSE(readings.of.has_value());
    REQUIRE(readings.readings.size() == 2);
    CHECK(readings.readings[0].title == "甲");
    CHECK_FALSE(readings.readings[0].in.has_value());
    CHECK(readings.readings[1].of.classes == std::vector<std::string>{"10", "11"});
    CHECK(readings.readings[1].in->layer == "parcels");

    CHECK(rule(p, "inside").subject.where == "part = '核心区'");
    CHECK(std::get<WithinRule>(rule(p, "inside").what).max_outside_m2 == 10);

    const auto& areas = std::get<AreaMatchRule>(rule(p, "areas").what);
    CHECK(rule(p, "areas").per == Per::group);
    CHECK(areas.declared == std::vector<std::pair<std::string, double>>{{"核心区", 10.29}, {"红塔片区", 12}});
    CHECK(areas.unit == "km2");
    CHECK(areas.max_abs_m2 == 5000.0);
    CHECK(areas.max_rel == 0.01);
    CHECK(std::get<AreaMatchRule>(rule(p, "areas-by-field").what).declared_field == "declared_km2");
    CHECK(std::get<AreaMatchRule>(rule(p, "areas-by-field").what).unit == "m2");

    CHECK(std::get<CountRule>(rule(p, "plants").what).min == 1);
    CHECK(std::get<CountRule>(rule(p, "plants").what).max == 9);
    CHECK(std::get<AdjacentRule>(rule(p, "on-road").what).wanted);
    CHECK(std::get<AdjacentRule>(rule(p, "on-road").what).gap_m == 0.5);
    CHECK(std::get<AdjacentRule>(rule(p, "on-road").what).min_shared_m == 20);
    CHECK_FALSE(std::get<AdjacentRule>(rule(p, "apart").what).wanted);
    CHECK(std::get<DistanceRule>(rule(p, "far").what).min_field == "distance_m");
    CHECK(std::get<DistanceRule>(rule(p, "near").what).max_m == 500.5);
    CHECK(rule(p, "layout").subject.layer == "zones");
    CHECK(std::get<StructureRule>(rule(p, "layout").what).max_part_gap_m == 3000.0);
}

TEST_CASE("catalogue rules come first, changed where the file says so, off where the profile says so", "[project]") {
    const Project p = good();
    CHECK(p.rules[0].id == "C01");
    CHECK(p.rules[0].origin == "control-lines");
    CHECK(p.rules[6].id == "red-line");
    CHECK(p.rules.size() == 6 + 12);
    const Rule& changed = rule(p, "C03");
    CHECK(changed.override_reason == "地方规定更宽");
    CHECK(changed.origin == "control-lines, /plans/yuxi/plan.toml:162");
    CHECK(std::get<WithinRule>(changed.what).max_outside_m2 == 100);
    CHECK(std::get<WithinRule>(changed.what).object.layer == "industrial-line");
    CHECK(changed.subject.classes.size() == 10); // keys that the file does not name stay
    CHECK(rule(p, "C04-boundary-redline").off_reason == "边界数据未取得");
    CHECK(rule(p, "C04-boundary-farmland").off_reason.empty());
}

TEST_CASE("a rule that is off is not asked what it means in this project", "[project]") {
    const std::string text = R"([project]
title = "x"
extends = ["control-lines"]
[layers.parcels]
source = "p.gpkg"
theme = "landuse-planned"
scheme = "GB50137-2011"
class_field = "code"
)";
    CHECK_THROWS_AS(parse_project(text, "p.toml"), Error); // codes of another scheme
    const std::string off = "[profile]\noff = [{ rule = 'C01', reason = 'r' }, { rule = 'C03', reason = 'r' }]\n";
    CHECK(parse_project(text + off, "p.toml").rules.size() == 6);
}

TEST_CASE("defaults are those of the reference", "[project]") {
    const Project p = parse_project("[project]\ntitle = 'x'\n", "p.toml");
    CHECK_FALSE(p.crs.has_value());
    CHECK(p.area == corebelt::geo::AreaMethod::cn2008);
    CHECK_FALSE(p.lang.has_value());
    CHECK(p.as_of.empty());
    CHECK(p.tolerance.length_m == 0.05);
    CHECK(p.tolerance.area_m2 == 1.0);
    CHECK(p.rules.empty());
}

TEST_CASE("a byte order mark and Windows line ends are read over", "[project]") {
    const Project p = parse_project("\xEF\xBB\xBF[project]\r\ntitle = \"工业园\"\r\n", "p.toml");
    CHECK(p.title == "工业园");
}

TEST_CASE("a project file is loaded from disk, and a missing one is an input error", "[project][error]") {
    const corebelt::test::TempDir dir;
    corebelt::test::write_text(dir / "plan.toml", "[project]\ntitle = 'x'\n[layers.a]\nsource = 'a.gpkg'\n");
    CHECK(load_project(dir / "plan.toml").layers[0].path == dir / "a.gpkg");
    const auto error_of = [](const std::string& path) {
        try {
            static_cast<void>(load_project(path));
        } catch (const Error& error) {
            return error;
        }
        throw std::logic_error("accepted " + path);
    };
    CHECK(error_of(dir / "none.toml").code() == "not-found");
    CHECK(error_of(dir / "none.toml").kind() == corebelt::ErrorKind::input);
    CHECK(error_of(dir / "none.toml").text().zh.find("文件不存在") != std::string::npos);
    CHECK(error_of(dir.path().string()).code() == "cannot-open");
}

TEST_CASE("the sample projects of the data folder load", "[project]") {
    const auto data = std::filesystem::path(COREBELT_SOURCE_DIR) / "data";
    int loaded = 0;
    for (const auto& entry : std::filesystem::recursive_directory_iterator(data)) {
        if (entry.path().extension() != ".toml" || entry.path().parent_path().filename() == "catalogues")
            continue;
        CAPTURE(entry.path().string());
        CHECK_NOTHROW(load_project(entry.path().string()));
        ++loaded;
    }
    CHECK(loaded > 0);
}

TEST_CASE("the reference page names every theme and catalogue, and its example loads", "[project][docs]") {
    const auto page = std::filesystem::path(COREBELT_SOURCE_DIR) / "docs" / "project-file.md";
    const std::string text = corebelt::test::read_text(page);
    for (const std::string& theme : themes())
        CHECK(text.find("`" + theme + "`") != std::string::npos);
    for (const std::string& catalogue : catalogue_names())
        for (const Rule& rule : parse_project("[project]\ntitle = 'x'\nextends = ['" + catalogue + "']\n", "p").rules)
            CHECK(text.find("`" + rule.id + "`") != std::string::npos);
    const std::size_t begin = text.find("```toml\n") + 8;
    const Project example = parse_project(text.substr(begin, text.find("```", begin) - begin), "plan.toml");
    CHECK(example.layers.size() == 2);
    CHECK(rule(example, "red-line").kind == "no-overlap");
}
