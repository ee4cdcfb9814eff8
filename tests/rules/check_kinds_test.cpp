/// share, area-match, count, adjacent, distance, structure on figures that anyone can work out.

#include "rules/plan.hpp"
#include "support/catch.hpp"

#include "corebelt/geo/area.hpp"
#include "corebelt/geo/error.hpp"

using namespace corebelt;
using layers::FieldType;
using layers::Value;
using project::Per;
using rules::Verdict;
using test::Plan;
using test::Plot;
using test::Rect;
using test::select;
using test::TableMaker;
using test::verdicts;

namespace {

TableMaker zone_maker() {
    return TableMaker("zones", {{"code", FieldType::text}, {"part", FieldType::text}, {"declared", FieldType::real}});
}

TableMaker parcel_maker() {
    return TableMaker("parcels", {{"code", FieldType::integer}, {"use", FieldType::text}});
}

/// One zone of 100 × 100 m, `industrial` metres of its width industrial and the rest homes.
Plan share_plan(double industrial, project::ShareRule share) {
    Plan plan;
    plan.layer("zones", "zone", zone_maker().add(Rect{0, 0, 100, 100}, {std::string("Z1"), Value{}, Value{}}).table());
    auto parcels = parcel_maker();
    parcels.add(Rect{0, 0, industrial, 50}, {std::int64_t{1}, std::string("100101")});
    parcels.add(Rect{0, 50, industrial, 100}, {std::int64_t{2}, std::string("1001")});
    parcels.add(Rect{industrial, 0, 100, 100}, {std::int64_t{3}, std::string("0701")});
    parcels.add(Rect{100, 0, 200, 100}, {std::int64_t{4}, std::string("1001")}); // beside the zone
    plan.layer("parcels", "landuse-planned", parcels.table());
    plan.rule("industrial-share", "share", std::move(share));
    return plan;
}

project::ShareRule at_least(double min) {
    project::ShareRule share;
    share.of = select("parcels", "", {"1001"});
    share.min = min;
    return share;
}

} // namespace

TEST_CASE("a share that equals its limit passes; a metre less fails", "[check][share]") {
    const auto at = share_plan(70, at_least(0.70)).check_one();
    CHECK(verdicts(at) == "pass");
    CHECK(at.subjects[0].measured == 0.7);
    CHECK(at.subjects[0].unit == "ratio");
    CHECK(at.subjects[0].near_limit);
    CHECK(at.subjects[0].subject.id == "all"); // the default of share
    const auto below = share_plan(69, at_least(0.70)).check_one();
    CHECK(verdicts(below) == "fail");
    CHECK(below.subjects[0].measured == 0.69);
    CHECK_FALSE(below.subjects[0].near_limit);
    REQUIRE(below.findings.size() == 1);
    CHECK(below.findings[0].expected == 0.70);
    CHECK(below.findings[0].bbox == geo::Box{500000, 2700000, 500100, 2700100});
}

TEST_CASE("a share nearer to its limit than the numerical bound is undecided", "[check][share][limit]") {
    // a third of the zone cut along a slope: the exact share is 1/3, the limit is the next double above it
    Plan plan;
    TableMaker zones = zone_maker();
    zones.add_ring({{0.1, 0.1}, {90.3, 0.7}, {90.9, 60.1}, {0.3, 60.7}}, {std::string("Z1"), Value{}, Value{}});
    plan.layer("zones", "zone", zones.table());
    auto parcels = parcel_maker();
    parcels.add_ring({{-5, -5}, {40.7, -5.3}, {33.1, 70}, {-5, 70}}, {std::int64_t{1}, std::string("1001")});
    plan.layer("parcels", "landuse-planned", parcels.table());
    plan.rule("industrial-share", "share", at_least(0.1));
    const auto first = plan.check_one();
    REQUIRE(verdicts(first) == "pass");
    REQUIRE(first.subjects[0].error_bound > 0);
    REQUIRE(first.subjects[0].error_bound < 1e-9);
    auto& share = std::get<project::ShareRule>(plan.project.rules[0].what);
    share.min = *first.subjects[0].measured + 0.5 * first.subjects[0].error_bound;
    CHECK(verdicts(plan.check_one()) == "undecided");
    share.min = *first.subjects[0].measured - 0.5 * first.subjects[0].error_bound;
    CHECK(verdicts(plan.check_one()) == "undecided");
    share.min = *first.subjects[0].measured + 2 * first.subjects[0].error_bound;
    CHECK(verdicts(plan.check_one()) == "fail");
    share.min = *first.subjects[0].measured;
    CHECK(verdicts(plan.check_one()) == "pass");
}

TEST_CASE("a share has an upper limit, too, and may be taken of some land only", "[check][share]") {
    project::ShareRule share;
    share.of = select("parcels", "", {"0701"});
    share.in = select("parcels", "code < 10");
    share.max = 0.30;
    CHECK(verdicts(share_plan(70, share).check_one()) == "pass");
    CHECK(verdicts(share_plan(69, share).check_one()) == "fail");
    share.in = select("parcels", "", {"11"}); // there is none
    const auto none = share_plan(70, share).check();
    CHECK(none.rules[0].verdict == Verdict::not_applicable);
    CHECK(none.verdict == Verdict::not_applicable);
}

TEST_CASE("classes without a scheme are refused", "[check][share][error]") {
    auto plan = share_plan(70, at_least(0.7));
    plan.project.layers[1].scheme.clear();
    try {
        (void)plan.check();
        FAIL("no error");
    } catch (const Error& error) {
        CHECK(error.code() == "no-scheme");
    }
}

TEST_CASE("land that the layer covers twice turns a passed share into a warning", "[check][share][coverage]") {
    auto plan = share_plan(70, at_least(0.70));
    auto parcels = parcel_maker();
    parcels.add(Rect{0, 0, 70, 100}, {std::int64_t{1}, std::string("1001")});
    parcels.add(Rect{68, 0, 100, 90}, {std::int64_t{2}, std::string("0701")}); // 180 m² twice, 300 m² uncovered
    plan.tables["/parcels.gpkg"] = parcels.table();
    const auto result = plan.check();
    CHECK(verdicts(result.rules[0]) == "warn");
    CHECK(result.rules[0].subjects[0].measured == 0.7);
    REQUIRE(result.issues.size() == 1);
    CHECK(result.issues[0].code == "layer-overlap");
    CHECK(result.issues[0].text.en.find("180.00 m²") != std::string::npos);
    CHECK(result.rules[0].subjects[0].note.en.find("300.00 m² are not covered") != std::string::npos);

    std::get<project::ShareRule>(plan.project.rules[0].what).min = 0.9; // a failure stays one
    CHECK(plan.check().verdict == Verdict::fail);
}

TEST_CASE("readings: all pass, all fail, or it depends", "[check][share][readings]") {
    project::ShareRule share;
    share.min = 0.70;
    share.readings.push_back({"R1", "工业用地", select("parcels", "", {"1001"}), std::nullopt});
    share.readings.push_back({"R2", "工业和居住", select("parcels", "", {"1001", "07"}), std::nullopt});
    const auto mixed = share_plan(60, share).check();
    CHECK(mixed.verdict == Verdict::warn);
    const auto& rule = mixed.rules[0];
    CHECK(verdicts(rule) == "warn");
    CHECK(rule.subjects[0].note.zh.find("取决于口径") == 0);
    CHECK(rule.subjects[0].measured == 0.6); // the reading that is furthest below
    REQUIRE(rule.readings.size() == 2);
    CHECK(rule.readings[0].verdict == Verdict::fail);
    CHECK(rule.readings[0].measured == 0.6);
    CHECK(rule.readings[1].verdict == Verdict::pass);
    CHECK(rule.readings[1].measured == 1.0);

    CHECK(verdicts(share_plan(80, share).check_one()) == "pass");
    share.readings[1].of = select("parcels", "", {"100101"});
    CHECK(verdicts(share_plan(60, share).check_one()) == "fail");
}

TEST_CASE("a share of each feature, each group, and of all", "[check][share][per]") {
    Plan plan;
    TableMaker zones = zone_maker();
    zones.add(Rect{0, 0, 100, 100}, {std::string("Z1"), std::string("core"), Value{}});
    zones.add(Rect{100, 0, 200, 100}, {std::string("Z2"), std::string("core"), Value{}});
    zones.add(Rect{200, 0, 300, 100}, {std::string("Z3"), std::string("east"), Value{}});
    plan.layer("zones", "zone", zones.table());
    auto parcels = parcel_maker();
    parcels.add(Rect{20, 0, 140, 100}, {std::int64_t{1}, std::string("1001")}); // 0.8 of Z1, 0.4 of Z2, none of Z3
    plan.layer("parcels", "landuse-planned", parcels.table());
    plan.rule("industrial-share", "share", at_least(0.60)).per = Per::feature;
    plan.project.structure = project::Structure{"one-core-three-zones", "zones", "part", {}};
    const auto features = plan.check_one();
    CHECK(verdicts(features) == "pass fail fail");
    CHECK(features.measured == 0.0); // the worst
    plan.project.rules[0].per = Per::group;
    const auto groups = plan.check_one();
    CHECK(verdicts(groups) == "pass fail");
    CHECK(groups.subjects[0].subject.id == "core");
    CHECK(groups.subjects[0].measured == 0.6);
    plan.project.rules[0].per = Per::all;
    CHECK(plan.check_one().subjects.at(0).measured == 0.4);
}

TEST_CASE("a declared area agrees with the map, with the ellipsoid, or with neither", "[check][area-match]") {
    Plan plan;
    // 1 km², 60 to 61 km from the central meridian: the map shows it 90 m² too large
    TableMaker zones("zones", {{"code", FieldType::text}, {"part", FieldType::text}, {"declared", FieldType::real}},
                     "EPSG:4543", {560000, 2700000});
    zones.add(Rect{0, 0, 1000, 1000}, {std::string("Z1"), Value{}, 100.0});
    const double ellipsoidal = geo::official_cn2008_m2(zones.table().rows.shapes[0], geo::Crs::parse("EPSG:4543"));
    // 1 − 1/k² with k = 1 + 60.5²/(2·M·N), M = 6346 km and N = 6382 km at 24.4°
    REQUIRE(std::abs(1e6 - ellipsoidal - 90.4) < 0.5);
    plan.layer("zones", "zone", zones.table());
    project::AreaMatchRule match;
    match.declared_field = "declared";
    match.unit = "ha";
    match.max_abs_m2 = 10;
    plan.rule("declared", "area-match", match);
    const auto planar = plan.check_one();
    CHECK(verdicts(planar) == "pass");
    CHECK(planar.subjects[0].measured == 1e6);
    CHECK(planar.subjects[0].note.en.find("agrees with the planar area") != std::string::npos);

    plan.project.area = geo::AreaMethod::cn2008;
    const auto other = plan.check_one(); // the planar area still is what was declared
    CHECK(verdicts(other) == "pass");
    CHECK(*other.subjects[0].measured == Approx(ellipsoidal).epsilon(0).margin(1e-4));
    CHECK(other.subjects[0].note.zh.find("与平面面积相符") != std::string::npos);

    auto& rule = std::get<project::AreaMatchRule>(plan.project.rules[0].what);
    rule.declared_field.clear();
    rule.declared = {{"Z1", ellipsoidal / 1e4 + 0.0005}};
    CHECK(plan.check_one().subjects[0].note.en.find("agrees with the ellipsoidal area") != std::string::npos);
    rule.max_abs_m2 = 100;
    CHECK(plan.check_one().subjects[0].note.en.find("agrees with both") != std::string::npos);
    rule.declared = {{"Z1", 102}};
    const auto neither = plan.check_one();
    CHECK(verdicts(neither) == "fail");
    REQUIRE(neither.findings.size() == 1);
    CHECK(neither.findings[0].expected == 1.02e6);
    rule.max_abs_m2.reset();
    rule.max_rel = 0.02;
    CHECK(verdicts(plan.check_one()) == "pass"); // 2 % of 102 ha is 2.04 ha
    rule.declared = {{"Z2", 102}};
    CHECK(verdicts(plan.check_one()) == "undecided"); // nothing is declared for Z1
}

TEST_CASE("declared areas by group are compared with the sum, in 亩 where the plan says so", "[check][area-match]") {
    Plan plan;
    TableMaker zones = zone_maker();
    zones.add(Rect{0, 0, 100, 100}, {std::string("S"), std::string("core"), Value{}});
    zones.add(Rect{500, 0, 600, 50}, {std::string("N"), std::string("core"), Value{}});
    plan.layer("zones", "zone", zones.table());
    plan.project.structure = project::Structure{"one-core-three-zones", "zones", "part", {}};
    project::AreaMatchRule match;
    match.declared = {{"core", 22.5}}; // 15,000 m²
    match.unit = "mu";
    match.max_abs_m2 = 0;
    plan.rule("declared", "area-match", match).per = Per::group;
    CHECK(verdicts(plan.check_one()) == "pass");
    std::get<project::AreaMatchRule>(plan.project.rules[0].what).declared = {{"core", 22.6}};
    CHECK(verdicts(plan.check_one()) == "fail");
}

TEST_CASE("count: points inside and on the rim, parcels that share land, lines that pass through", "[check][count]") {
    Plan plan;
    TableMaker zones = zone_maker();
    zones.add(Rect{0, 0, 100, 100}, {std::string("Z1"), std::string("a"), Value{}});
    zones.add(Rect{100, 0, 200, 100}, {std::string("Z2"), std::string("a"), Value{}});
    zones.add(Rect{200, 0, 300, 100}, {std::string("Z3"), std::string("b"), Value{}});
    plan.layer("zones", "zone", zones.table());
    TableMaker plants("plants", {{"code", FieldType::text}});
    plants.add_point(50, 50, {std::string("in Z1")});
    plants.add_point(100, 50, {std::string("on the rim of Z1 and Z2")});
    plants.add_point(350, 50, {std::string("outside")});
    plants.add(Rect{90, 10, 95, 15}, {std::string("wholly in Z1")});
    plants.add(Rect{195, 10, 205, 15}, {std::string("half in Z2, half in Z3")});
    plants.add(Rect{300, 10, 310, 15}, {std::string("beside Z3")});
    plants.add(Rect{299.98, 20, 310, 30}, {std::string("a sliver of Z3")});
    plants.add_line({{250, -50}, {250, 150}}, {std::string("through Z3")});
    plants.add(Plot(), {std::string("nowhere")});
    plan.layer("plants", "plant", plants.table());
    project::CountRule count;
    count.of = select("plants");
    count.min = 3;
    plan.rule("plants", "count", count).per = Per::feature;
    const auto features = plan.check_one();
    CHECK(verdicts(features) == "pass fail fail");
    CHECK(features.subjects[0].measured == 3.0);
    CHECK(features.subjects[1].measured == 2.0);
    CHECK(features.subjects[2].measured == 2.0);
    CHECK(features.findings.size() == 2);
    CHECK(features.findings[0].expected == 3.0);
    plan.project.rules[0].per.reset(); // all: each feature once
    CHECK(plan.check_one().subjects.at(0).measured == 5.0);
    plan.project.structure = project::Structure{"one-core-three-zones", "zones", "part", {}};
    plan.project.rules[0].per = Per::group;
    CHECK(plan.check_one().subjects.at(0).measured == 4.0);
    std::get<project::CountRule>(plan.project.rules[0].what).max = 3;
    CHECK(verdicts(plan.check_one()) == "fail fail");
}

TEST_CASE("adjacent: length of boundary in common, also where the vertices differ", "[check][adjacent]") {
    Plan plan;
    auto homes = parcel_maker();
    homes.add(Rect{0, 0, 50, 50}, {std::int64_t{1}, std::string("0701")});    // 20 m along the road
    homes.add(Rect{50, 50, 80, 80}, {std::int64_t{2}, std::string("0701")});  // meets the road at a corner only
    homes.add(Rect{0, -60, 50, -30}, {std::int64_t{3}, std::string("0701")}); // 20 m from it
    plan.layer("parcels", "landuse-planned", homes.table());
    TableMaker roads("roads", {{"code", FieldType::text}});
    roads.add(Rect{-20, -10, 20, 0}, {std::string("R1")}).add(Rect{80, 80, 90, 90}, {std::string("R2")});
    plan.layer("roads", "road", roads.table());
    plan.rule("on-road", "adjacent", project::AdjacentRule{select("roads"), 0, 0, true}, "parcels");
    const auto touching = plan.check_one();
    CHECK(verdicts(touching) == "pass fail fail");
    CHECK(touching.subjects[0].measured == 20.0);
    CHECK(touching.subjects[1].measured == 0.0);
    CHECK(touching.unit == "m");
    auto& rule = std::get<project::AdjacentRule>(plan.project.rules[0].what);
    rule.min_shared_m = 20;
    CHECK(verdicts(plan.check_one()) == "pass fail fail");
    rule.min_shared_m = 20.5;
    const auto longer = plan.check_one();
    CHECK(verdicts(longer) == "fail fail fail");
    REQUIRE(longer.findings.size() == 3);
    CHECK(longer.findings[0].measured == 20.0);
    CHECK(longer.findings[0].expected == 20.5);
    CHECK_FALSE(longer.findings[0].object.has_value());
    rule = project::AdjacentRule{select("roads"), 0, 0, false};
    plan.project.rules[0].kind = "not-adjacent";
    const auto apart = plan.check_one();
    CHECK(verdicts(apart) == "fail pass pass");
    REQUIRE(apart.findings.size() == 1);
    CHECK(apart.findings[0].object->id == "R1");
    rule = project::AdjacentRule{select("roads"), 0, 20, false};
    CHECK(verdicts(plan.check_one()) == "pass pass pass");
}

TEST_CASE("parcels of one layer are not neighbours of themselves", "[check][adjacent]") {
    Plan plan;
    auto parcels = parcel_maker();
    parcels.add(Rect{0, 0, 50, 50}, {std::int64_t{1}, std::string("0701")});
    parcels.add(Rect{50, 0, 90, 50}, {std::int64_t{2}, std::string("100103")});
    parcels.add(Rect{200, 0, 250, 50}, {std::int64_t{3}, std::string("0701")});
    plan.layer("parcels", "landuse-planned", parcels.table());
    plan.rule("apart", "not-adjacent", project::AdjacentRule{select("parcels"), 0, 0, false}, "parcels");
    CHECK(verdicts(plan.check_one()) == "fail fail pass");
    plan.project.rules.clear();
    plan.rule("far", "distance", project::DistanceRule{select("parcels"), 100.0, std::nullopt, ""}, "parcels");
    const auto far = plan.check_one();
    CHECK(verdicts(far) == "fail fail pass");
    CHECK(far.subjects[2].measured == 110.0);
}

TEST_CASE("distance: edge to edge, the limit itself is far enough", "[check][distance]") {
    Plan plan;
    TableMaker stores("stores", {{"code", FieldType::text}, {"required", FieldType::real}});
    stores.add(Rect{0, 0, 10, 10}, {std::string("A"), 30.0});
    stores.add_point(200, 5, {std::string("B"), Value{}});
    plan.layer("stores", "facility", stores.table());
    TableMaker homes("homes", {{"code", FieldType::text}});
    homes.add(Rect{40, 50, 60, 60}, {std::string("H1")});  // 30 m east and 40 m north of A: 50 m
    homes.add(Rect{150, 0, 170, 10}, {std::string("H2")}); // 30 m from B
    plan.layer("homes", "sensitive", homes.table());
    plan.rule("far", "distance", project::DistanceRule{select("homes"), 50.0, std::nullopt, ""}, "stores");
    const auto rule = plan.check_one();
    CHECK(verdicts(rule) == "pass fail");
    CHECK(rule.subjects[0].measured == 50.0);
    CHECK(rule.subjects[0].near_limit);
    CHECK(rule.subjects[1].measured == 30.0);
    CHECK(rule.method == "planar");
    REQUIRE(rule.findings.size() == 1);
    CHECK(rule.findings[0].object->id == "H2");
    REQUIRE(rule.findings[0].geometry.size() == 1);
    CHECK(rule.findings[0].geometry.dimension[0] == geo::Dimension::line);

    auto& distance = std::get<project::DistanceRule>(plan.project.rules[0].what);
    distance.min_m.reset();
    distance.min_field = "required";
    const auto by_field = plan.check_one();
    CHECK(verdicts(by_field) == "pass undecided"); // 50 ≥ 30; nothing is required of B
    distance = project::DistanceRule{select("homes"), std::nullopt, 40.0, ""};
    CHECK(verdicts(plan.check_one()) == "fail pass");
    distance = project::DistanceRule{select("homes", "code = 'none'"), std::nullopt, 40.0, ""};
    CHECK(verdicts(plan.check_one()) == "fail fail"); // there is none within 40 m
    distance = project::DistanceRule{select("homes", "code = 'none'"), 40.0, std::nullopt, ""};
    CHECK(verdicts(plan.check_one()) == "pass pass");
}

TEST_CASE("distance from control lines: far away counts only where the layer is complete",
          "[check][distance][coverage]") {
    Plan plan;
    TableMaker homes("homes", {{"code", FieldType::text}});
    homes.add(Rect{0, 0, 10, 10}, {std::string("near")}).add(Rect{500, 0, 510, 10}, {std::string("far")});
    plan.layer("homes", "sensitive", homes.table());
    TableMaker hazards("hazards", {{"code", FieldType::text}});
    hazards.add_point(30, 5, {std::string("tank")});
    auto& layer = plan.layer("hazards", "hazard", hazards.table());
    plan.rule("far", "distance", project::DistanceRule{select("hazard"), 100.0, std::nullopt, ""}, "homes");
    CHECK(verdicts(plan.check_one()) == "undecided fail"); // "far" sorts before "near"
    layer.coverage = "declared";
    CHECK(verdicts(plan.check_one()) == "pass fail");
}

namespace {

TableMaker part_maker() {
    TableMaker zones("zones", {{"code", FieldType::text}, {"part", FieldType::text}});
    zones.add(Rect{0, 0, 100, 100}, {std::string("C1"), std::string("核心区")});
    zones.add(Rect{300, 0, 400, 100}, {std::string("C2"), std::string("核心区")}); // a detached piece
    zones.add(Rect{0, 200, 100, 300}, {std::string("N"), std::string("北片区")});
    zones.add(Rect{100, 200, 200, 300}, {std::string("E"), std::string("东片区")}); // touches 北片区
    return zones;
}

Plan structure_plan(const layers::Table& zones) {
    Plan plan;
    plan.layer("zones", "zone", zones);
    plan.project.structure =
        project::Structure{"one-core-three-zones",
                           "zones",
                           "part",
                           {{"核心区", "core"}, {"北片区", "zone"}, {"东片区", "zone"}, {"南片区", "zone"}}};
    plan.rule("structure", "structure", project::StructureRule{});
    return plan;
}

const rules::SubjectResult& subject(const rules::RuleResult& rule, const std::string& id) {
    for (const auto& s : rule.subjects)
        if (s.subject.id == id)
            return s;
    throw std::logic_error("no subject " + id);
}

} // namespace

TEST_CASE("a structure that keeps its pattern passes; detached pieces are allowed and listed", "[check][structure]") {
    auto zones = part_maker();
    zones.add(Rect{600, 0, 700, 100}, {std::string("S"), std::string("南片区")});
    auto plan = structure_plan(zones.table());
    const auto rule = plan.check_one();
    CHECK(rule.verdict == Verdict::pass);
    CHECK(rule.measured == 4.0);
    CHECK(subject(rule, "core").measured == 1.0);
    CHECK(subject(rule, "zone").measured == 3.0);
    CHECK(subject(rule, "核心区").measured == 2.0);
    CHECK(subject(rule, "核心区").note.zh == "核心，2 片");
    CHECK(subject(rule, "核心区").planar_m2 == 20000.0);
    CHECK(subject(rule, "北片区").measured == 1.0);
    CHECK(rule.findings.empty());

    std::get<project::StructureRule>(plan.project.rules[0].what).max_part_gap_m = 200;
    CHECK(plan.check_one().verdict == Verdict::pass); // the gap is 200 m
    std::get<project::StructureRule>(plan.project.rules[0].what).max_part_gap_m = 199;
    const auto apart = plan.check_one();
    CHECK(apart.verdict == Verdict::fail);
    REQUIRE(apart.findings.size() == 1);
    CHECK(apart.findings[0].subject.id == "核心区");
    CHECK(apart.findings[0].measured == 200.0);
}

TEST_CASE("a missing zone breaks the pattern: the role and the part are named", "[check][structure]") {
    const auto rule = structure_plan(part_maker().table()).check_one();
    CHECK(rule.verdict == Verdict::fail);
    CHECK(subject(rule, "zone").verdict == Verdict::fail);
    CHECK(subject(rule, "zone").measured == 2.0);
    CHECK(subject(rule, "南片区").verdict == Verdict::fail);
    CHECK(subject(rule, "core").verdict == Verdict::pass);
    REQUIRE(rule.findings.size() == 2);
    CHECK(rule.findings[0].subject.id == "zone");
    CHECK(rule.findings[0].expected == 3.0);
}

TEST_CASE("parts that share land, unassigned features and strange roles break a structure", "[check][structure]") {
    auto zones = part_maker();
    SECTION("shared land") {
        zones.add(Rect{150, 250, 250, 260}, {std::string("S"), std::string("南片区")}); // 50 m × 10 m of 东片区
        const auto rule = structure_plan(zones.table()).check_one();
        CHECK(rule.verdict == Verdict::fail);
        REQUIRE(rule.findings.size() == 1);
        CHECK(rule.findings[0].measured == 500.0);
        CHECK(rule.findings[0].subject.id == "东片区");
        CHECK(rule.findings[0].object->id == "南片区");
        CHECK(rule.findings[0].bbox == geo::Box{500150, 2700250, 500200, 2700260});
    }
    SECTION("unassigned") {
        zones.add(Rect{600, 0, 700, 100}, {std::string("S"), std::string("南片区")});
        zones.add(Rect{800, 0, 900, 100}, {std::string("X"), Value{}});
        const auto rule = structure_plan(zones.table()).check_one();
        CHECK(rule.verdict == Verdict::fail);
        CHECK(subject(rule, "unassigned").measured == 1.0);
    }
    SECTION("a part without a role") {
        zones.add(Rect{600, 0, 700, 100}, {std::string("S"), std::string("南片区")});
        zones.add(Rect{800, 0, 900, 100}, {std::string("X"), std::string("西片区")});
        const auto rule = structure_plan(zones.table()).check_one();
        CHECK(subject(rule, "西片区").verdict == Verdict::fail);
    }
    SECTION("a role that the pattern lacks") {
        zones.add(Rect{600, 0, 700, 100}, {std::string("S"), std::string("南片区")});
        auto plan = structure_plan(zones.table());
        plan.project.structure->parts[3].second = "belt";
        const auto rule = plan.check_one();
        CHECK(subject(rule, "belt").verdict == Verdict::fail);
        CHECK(subject(rule, "zone").verdict == Verdict::fail);
    }
}

TEST_CASE("one core, one belt, many points: points may be points", "[check][structure]") {
    TableMaker zones("zones", {{"code", FieldType::text}, {"part", FieldType::text}});
    zones.add(Rect{0, 0, 100, 100}, {std::string("1"), std::string("核")});
    zones.add(Rect{0, -50, 300, -20}, {std::string("2"), std::string("带")});
    zones.add_point(500, 500, {std::string("3"), std::string("甲")});
    auto plan = structure_plan(zones.table());
    plan.project.structure->pattern = "one-core-one-belt-many-points";
    plan.project.structure->parts = {{"核", "core"}, {"带", "belt"}, {"甲", "point"}};
    const auto one_point = plan.check_one();
    CHECK(subject(one_point, "point").verdict == Verdict::fail); // many are two at least
    plan.tables["/zones.gpkg"] = zones.add_point(900, 900, {std::string("4"), std::string("乙")}).table();
    plan.project.structure->parts.emplace_back("乙", "point");
    const auto rule = plan.check_one();
    CHECK(rule.verdict == Verdict::pass);
    CHECK(subject(rule, "point").measured == 2.0);
    CHECK(subject(rule, "甲").measured == 1.0);
}

TEST_CASE("jobs, batch size and feature order do not change a check", "[check][order]") {
    Plan plan;
    auto zones = zone_maker();
    zones.add_ring({{0, 0}, {500.3, 10.1}, {490.7, 400.9}, {-3.1, 390}}, {std::string("Z1"), std::string("a"), 19.2});
    zones.add_ring({{495.3, 0}, {900.3, 10.1}, {890.7, 400.9}, {496.1, 390}},
                   {std::string("Z2"), std::string("b"), 15.6});
    zones.add(Plot{{{{1000, 0, 1100, 300}, {{1020, 20, 1030, 30}}}, {{1150, 0, 1200, 100}, {}}}},
              {std::string("Z3"), std::string("b"), Value{}});
    plan.layer("zones", "zone", zones.table());
    auto parcels = parcel_maker();
    const char* uses[] = {"1001", "0701", "100103", "1402"};
    for (int i = 0; i < 30; ++i)
        for (int j = 0; j < 10; ++j)
            parcels.add_ring({{i * 40.1, j * 40.3},
                              {i * 40.1 + 40.7, j * 40.3 + 0.7},
                              {i * 40.1 + 39.9, j * 40.3 + 40.5},
                              {i * 40.1 - 0.3, j * 40.3 + 39.9}},
                             {std::int64_t{i * 100 + j}, std::string(uses[(i * 7 + j) % 4])});
    plan.layer("parcels", "landuse-planned", parcels.table());
    TableMaker redline("redline", {{"code", FieldType::text}});
    for (int i = 0; i < 12; ++i)
        redline.add_ring({{i * 97.3, 300.1}, {i * 97.3 + 61.7, 290.3}, {i * 97.3 + 80.9, 380.7}},
                         {std::string("R") + std::to_string(i)});
    plan.layer("redline", "eco-redline", redline.table());
    plan.project.area = geo::AreaMethod::cn2008;
    plan.project.structure =
        project::Structure{"one-core-three-zones", "zones", "part", {{"a", "core"}, {"b", "zone"}}};
    plan.rule("share", "share", at_least(0.3)).per = Per::feature;
    plan.rule("red-line", "no-overlap", project::NoOverlapRule{select("redline"), 0, {}});
    plan.rule("each", "no-overlap", project::NoOverlapRule{select("redline"), 10, project::Counting::each}, "parcels");
    plan.rule("within", "within", project::WithinRule{select("parcels"), 0});
    project::AreaMatchRule match;
    match.declared_field = "declared";
    match.unit = "ha";
    match.max_rel = 0.01;
    plan.rule("declared", "area-match", match).per = Per::group;
    project::CountRule count;
    count.of = select("parcels", "", {"14"});
    count.min = 20;
    plan.rule("count", "count", count).per = Per::group;
    plan.rule("beside", "not-adjacent", project::AdjacentRule{select("parcels", "", {"100103"}), 1.5, 5, false})
        .subject = select("parcels", "", {"07"});
    plan.rule("far", "distance", project::DistanceRule{select("redline"), 10.0, std::nullopt, ""}, "parcels");
    plan.rule("structure", "structure", project::StructureRule{});

    const std::string expected = test::dump(plan.check());
    CHECK(expected.find(" fail") != std::string::npos);
    for (const unsigned jobs : {1U, 2U, 7U})
        for (const std::uint32_t batch : {1U, 17U, 4096U})
            for (const std::uint32_t seed : {0U, 9U}) {
                CAPTURE(jobs, batch, seed);
                CHECK(test::dump(plan.check(jobs, batch, seed)) == expected);
            }
}
