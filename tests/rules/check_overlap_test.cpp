/// no-overlap and within, and with them what all kinds share: standing, waivers, coverage, doubt.

#include "rules/plan.hpp"
#include "support/catch.hpp"

#include "corebelt/geo/error.hpp"

using namespace corebelt;
using layers::FieldType;
using layers::Value;
using rules::Verdict;
using test::Plan;
using test::Plot;
using test::Rect;
using test::select;
using test::TableMaker;
using test::verdicts;

namespace {

/// Z1 and Z2: two squares of 100 m side by side with a street between.
TableMaker zones() {
    TableMaker maker("zones", {{"code", FieldType::text}, {"name", FieldType::text}});
    maker.add(Rect{0, 0, 100, 100}, {std::string("Z1"), std::string("一")});
    maker.add(Rect{200, 0, 300, 100}, {std::string("Z2"), std::string("二")});
    return maker;
}

TableMaker lines() {
    return TableMaker("redline", {{"code", FieldType::text}});
}

/// Zones against a red line that says it is complete.
Plan red_line_plan(const layers::Table& redline, double max_m2 = 0) {
    Plan plan;
    plan.layer("zones", "zone", zones().table());
    plan.layer("redline", "eco-redline", redline).coverage = "declared";
    plan.rule("red-line", "no-overlap", project::NoOverlapRule{select("redline"), max_m2, project::Counting::union_});
    return plan;
}

} // namespace

TEST_CASE("an overlap fails with its amount and its geometry, and the other zone passes", "[check][no-overlap]") {
    const auto plan = red_line_plan(lines().add(Rect{90, 10, 150, 60}, {std::string("R1")}).table());
    const auto result = plan.check();
    const auto& rule = result.rules.at(0);
    CHECK(result.verdict == Verdict::fail);
    CHECK(rule.verdict == Verdict::fail);
    CHECK(verdicts(rule) == "fail pass");
    CHECK(rule.subjects[0].subject.id == "Z1");
    CHECK(rule.subjects[0].subject.name == "一");
    CHECK(rule.subjects[0].measured == 500.0); // 10 m × 50 m
    CHECK(rule.subjects[0].planar_m2 == 500.0);
    CHECK(std::abs(*rule.subjects[0].ellipsoidal_m2 - 500.0) < 0.5);                    // the strip's own distortion
    CHECK(rule.subjects[0].sensitivity == Approx(0.001 * 120).epsilon(0).margin(1e-9)); // 1 mm along 120 m
    CHECK(rule.subjects[1].measured == 0.0);
    CHECK(rule.measured == 500.0);
    CHECK(rule.threshold->op == "<=");
    CHECK(rule.counts.subjects == 2);
    CHECK(rule.counts.fail == 1);
    CHECK(rule.counts.pass == 1);
    REQUIRE(rule.findings.size() == 1);
    const auto& finding = rule.findings[0];
    CHECK(finding.subject.id == "Z1");
    CHECK(finding.object->id == "R1");
    CHECK(finding.measured == 500.0);
    CHECK(finding.bbox == geo::Box{500090, 2700010, 500100, 2700060});
    REQUIRE(finding.geometry.size() == 1);
    CHECK(finding.geometry.box[0] == finding.bbox);
    CHECK(result.inputs.at(1).sha256 == "sha of /redline.gpkg");
    CHECK(result.inputs.at(0).features == 2);
    CHECK(result.issues.empty());
    CHECK(result.parity_violations == 0);
}

TEST_CASE("a rule that is not binding, or whose clause is not verified, warns at most", "[check][verdict]") {
    auto plan = red_line_plan(lines().add(Rect{90, 10, 150, 60}, {std::string("R1")}).table());
    const bool binding = GENERATE(true, false);
    plan.project.rules[0].binding = binding;
    plan.project.rules[0].verified = !binding;
    const auto result = plan.check();
    CHECK(result.verdict == Verdict::warn);
    CHECK(verdicts(result.rules[0]) == "warn pass");
    CHECK(result.rules[0].counts.warn == 1);
}

TEST_CASE("a boundary that only touches is no overlap", "[check][no-overlap]") {
    auto redline = lines();
    redline.add(Rect{100, 0, 200, 100}, {std::string("between")});   // shares an edge with both
    redline.add(Rect{-50, 100, 0, 150}, {std::string("at corner")}); // one point
    const auto rule = red_line_plan(redline.table()).check_one();
    CHECK(verdicts(rule) == "pass pass");
    CHECK(rule.findings.empty());
    CHECK(rule.subjects[0].sliver_count == 0);
}

TEST_CASE("without a coverage an empty red line proves nothing, while an overlap may still fail", "[check][coverage]") {
    auto plan = red_line_plan(lines().add(Rect{90, 10, 150, 60}, {std::string("R1")}).table());
    plan.project.layers[1].coverage.clear();
    const auto result = plan.check();
    CHECK(verdicts(result.rules[0]) == "fail undecided");
    CHECK(result.rules[0].subjects[1].note.en.find("coverage") != std::string::npos);
    CHECK(result.verdict == Verdict::fail);
    plan.project.layers[1].theme = "plant"; // a layer that draws no control line
    CHECK(verdicts(plan.check_one()) == "fail pass");
}

TEST_CASE("a coverage layer decides where the red line is complete", "[check][coverage]") {
    auto plan = red_line_plan(lines().add(Rect{1000, 1000, 1010, 1010}, {std::string("far")}).table());
    plan.project.layers[1].coverage = "/mapped.gpkg";
    TableMaker mapped("mapped", {});
    mapped.add(Rect{-10, -10, 60, 110}, {}).add(Rect{60, -10, 250, 110}, {}); // all of Z1 by two sheets, half of Z2
    plan.dataset("/mapped.gpkg", mapped.table());
    const auto result = plan.check();
    CHECK(verdicts(result.rules[0]) == "pass undecided");
    CHECK(result.verdict == Verdict::undecided);
    CHECK(result.inputs.at(2).name == "redline.coverage");
}

TEST_CASE("a layer that the project does not have leaves the rule undecided", "[check][coverage]") {
    Plan plan;
    plan.layer("zones", "zone", zones().table());
    plan.rule("farmland", "no-overlap", project::NoOverlapRule{select("permanent-farmland"), 0, {}});
    const auto result = plan.check();
    CHECK(result.verdict == Verdict::undecided);
    CHECK(result.rules[0].verdict == Verdict::undecided);
    CHECK(result.rules[0].note.en == "the project has no layer \"permanent-farmland\"");
    CHECK(result.rules[0].subjects.empty());
}

TEST_CASE("slivers do not fail; only their sum may warn", "[check][sliver]") {
    auto redline = lines();
    redline.add(Rect{99.96, 0, 120, 20}, {std::string("small")});  // 0.8 m² of Z1: below 1 m²
    redline.add(Rect{299.96, 0, 320, 100}, {std::string("thin")}); // 4 m² of Z2, 0.04 m wide, > 1e-4 of it
    const auto rule = red_line_plan(redline.table()).check_one();
    CHECK(verdicts(rule) == "pass warn");
    CHECK(rule.subjects[0].sliver_count == 1);
    CHECK(rule.subjects[0].sliver_area_m2 == Approx(0.8).epsilon(0).margin(1e-4));
    CHECK(rule.subjects[0].measured == Approx(0.8).epsilon(0).margin(1e-4));
    CHECK(rule.subjects[1].sliver_area_m2 == Approx(4).epsilon(0).margin(1e-4));
    CHECK(rule.findings.empty());
}

TEST_CASE("pieces are judged one by one: many slivers are slivers, one real piece is a finding", "[check][sliver]") {
    auto redline = lines();
    for (int i = 0; i < 5; ++i) // five pieces of 0.5 m² in Z1: together 2.5 m²
        redline.add(Rect{10.0 + 10 * i, 99.9, 15.0 + 10 * i, 120}, {std::string("R") + std::to_string(i)});
    redline.add(Rect{210, 99.9, 215, 120}, {std::string("S1")}); // a sliver of Z2 …
    redline.add(Rect{250, 95, 255, 120}, {std::string("S2")});   // … and 25 m² of it
    const auto rule = red_line_plan(redline.table()).check_one();
    CHECK(verdicts(rule) == "warn fail"); // 2.5 m² of 10,000 is more than 1e-4
    CHECK(rule.subjects[0].sliver_count == 5);
    CHECK(rule.subjects[1].sliver_count == 1);
    CHECK(rule.subjects[1].measured == Approx(25.5).epsilon(0).margin(1e-4));
    REQUIRE(rule.findings.size() == 1);
    CHECK(rule.findings[0].bbox == geo::Box{500250, 2700095, 500255, 2700100});
}

TEST_CASE("a rule's own tolerance goes before the project's", "[check][sliver]") {
    auto plan = red_line_plan(lines().add(Rect{99.96, 0, 120, 20}, {std::string("small")}).table()); // 0.8 m²
    CHECK(verdicts(plan.check_one()) == "pass pass");
    plan.project.rules[0].tolerance_area_m2 = 0.5;
    plan.project.rules[0].tolerance_length_m = 0.01;
    CHECK(verdicts(plan.check_one()) == "fail pass");
}

TEST_CASE("an overlap that equals its limit passes, the next millimetre does not", "[check][limit]") {
    const auto at = red_line_plan(lines().add(Rect{90, 0, 150, 10}, {std::string("R1")}).table(), 100).check_one();
    CHECK(verdicts(at) == "pass pass");
    CHECK(at.subjects[0].measured == 100.0);
    CHECK(at.subjects[0].near_limit);
    CHECK(at.findings.empty());
    const auto over =
        red_line_plan(lines().add(Rect{89.999, 0, 150, 10}, {std::string("R1")}).table(), 100).check_one();
    CHECK(verdicts(over) == "fail pass");
    CHECK(over.subjects[0].near_limit);
    CHECK_FALSE(over.subjects[1].near_limit);
}

TEST_CASE("land under two red lines counts once, or with each where the rule says so", "[check][no-overlap]") {
    auto redline = lines();
    redline.add(Rect{50, 0, 60, 10}, {std::string("R1")}).add(Rect{55, 0, 65, 10}, {std::string("R2")});
    auto plan = red_line_plan(redline.table());
    const auto once = plan.check_one();
    CHECK(once.subjects[0].measured == 150.0);
    REQUIRE(once.findings.size() == 1);
    CHECK_FALSE(once.findings[0].object.has_value());
    std::get<project::NoOverlapRule>(plan.project.rules[0].what).counting = project::Counting::each;
    const auto each = plan.check_one();
    CHECK(each.subjects[0].measured == 200.0);
    CHECK(each.subjects[0].each_m2 == 200.0);
    CHECK(each.subjects[0].union_m2 == 150.0);
    CHECK(once.subjects[0].union_m2 == 150.0);
    CHECK(once.subjects[0].each_m2 == 200.0);
    REQUIRE(each.findings.size() == 2);
    CHECK(each.findings[0].object->id == "R1");
    CHECK(each.findings[1].object->id == "R2");
}

TEST_CASE("the features of one layer may be asked not to overlap each other", "[check][no-overlap]") {
    Plan plan;
    TableMaker parcels("parcels", {{"code", FieldType::integer}});
    parcels.add(Rect{0, 0, 10, 10}, {std::int64_t{10}});
    parcels.add(Rect{9, 0, 20, 10}, {std::int64_t{9}});
    parcels.add(Rect{20, 0, 30, 10}, {std::int64_t{2}});
    plan.layer("parcels", "landuse-planned", parcels.table());
    plan.rule("apart", "no-overlap", project::NoOverlapRule{select("parcels"), 0, project::Counting::each}, "parcels");
    const auto rule = plan.check_one();
    CHECK(rule.subjects[0].subject.id == "2"); // ids that are numbers sort by value
    CHECK(verdicts(rule) == "pass fail fail");
    CHECK(rule.findings.size() == 2);
}

TEST_CASE("within: what lies outside the union fails, touching its rim does not", "[check][within]") {
    Plan plan;
    plan.layer("zones", "zone", zones().table());
    TableMaker growth("growth", {{"code", FieldType::text}});
    growth.add(Rect{0, 0, 60, 100}, {std::string("G1")}).add(Rect{60, 0, 100, 100}, {std::string("G2")}); // Z1 exactly
    growth.add(Rect{203, 0, 400, 100}, {std::string("G3")}); // 3 m of Z2 remain outside
    plan.layer("growth", "growth-boundary", growth.table());
    plan.rule("growth", "within", project::WithinRule{select("growth"), 0});
    const auto rule = plan.check_one(); // the boundary is there, so no coverage is needed to say that it is left
    CHECK(verdicts(rule) == "pass fail");
    CHECK(rule.subjects[0].measured == 0.0);
    CHECK(rule.subjects[1].measured == 300.0);
    REQUIRE(rule.findings.size() == 1);
    CHECK(rule.findings[0].bbox == geo::Box{500200, 2700000, 500203, 2700100});
}

TEST_CASE("within: a subject that meets no boundary at all is undecided unless the layer is complete there",
          "[check][within][coverage]") {
    Plan plan;
    plan.layer("zones", "zone", zones().table());
    TableMaker growth("growth", {{"code", FieldType::text}});
    growth.add(Rect{0, 0, 150, 100}, {std::string("G1")});
    auto& layer = plan.layer("growth", "growth-boundary", growth.table());
    plan.rule("growth", "within", project::WithinRule{select("growth"), 0});
    CHECK(verdicts(plan.check_one()) == "pass undecided");
    layer.coverage = "declared";
    const auto declared = plan.check_one();
    CHECK(verdicts(declared) == "pass fail");
    CHECK(declared.subjects[1].measured == 10000.0);
}

TEST_CASE("within: a hole in the boundary is outside", "[check][within]") {
    Plan plan;
    plan.layer("zones", "zone", zones().table());
    TableMaker growth("growth", {{"code", FieldType::text}});
    growth.add(Plot(Rect{-10, -10, 400, 200}, {Rect{40, 40, 60, 50}}), {std::string("G1")});
    plan.layer("growth", "growth-boundary", growth.table()).coverage = "declared";
    plan.rule("growth", "within", project::WithinRule{select("growth"), 0});
    const auto rule = plan.check_one();
    CHECK(verdicts(rule) == "fail pass");
    CHECK(rule.subjects[0].measured == 200.0);
}

TEST_CASE("a waived failure stays a failure, carries its waiver and does not count", "[check][waiver]") {
    auto plan = red_line_plan(lines().add(Rect{90, 10, 150, 60}, {std::string("R1")}).table());
    plan.project.waivers.push_back({"red-line", "Z1", "已批准", "自然资源局", "2027-06-30"});
    const auto waived = plan.check();
    CHECK(waived.verdict == Verdict::pass);
    CHECK(waived.rules[0].verdict == Verdict::fail);
    CHECK(verdicts(waived.rules[0]) == "fail pass");
    REQUIRE(waived.rules[0].waivers.size() == 1);
    CHECK(waived.rules[0].waivers[0].subject == "Z1");
    CHECK(waived.rules[0].counts.waived == 1);
    CHECK(waived.rules[0].counts.fail == 0);

    plan.project.waivers[0].until = "2026-11-22"; // the last day
    CHECK(plan.check().verdict == Verdict::pass);
    plan.project.waivers[0].until = "2026-11-21";
    const auto expired = plan.check();
    CHECK(expired.verdict == Verdict::fail);
    REQUIRE(expired.issues.size() == 1);
    CHECK(expired.issues[0].code == "waiver-expired");

    plan.project.waivers[0] = {"red-line", "Z2", "", "", ""};
    CHECK(plan.check().verdict == Verdict::fail);
}

TEST_CASE("a plan whose only failures are waived and that has nothing else is not applicable as a whole",
          "[check][waiver]") {
    auto plan = red_line_plan(
        lines().add(Rect{90, 10, 110, 60}, {std::string("R1")}).add(Rect{290, 0, 310, 9}, {std::string("R2")}).table());
    plan.project.waivers = {{"red-line", "Z1", "", "", ""}, {"red-line", "Z2", "", "", ""}};
    CHECK(plan.check().verdict == Verdict::not_applicable);
}

TEST_CASE("a rule past its date informs at most", "[check][verdict]") {
    auto plan = red_line_plan(lines().add(Rect{90, 10, 150, 60}, {std::string("R1")}).table());
    plan.project.rules[0].valid_to = "2025-12-31";
    const auto result = plan.check();
    CHECK(result.verdict == Verdict::not_applicable);
    CHECK(result.rules[0].verdict == Verdict::info);
    CHECK(result.rules[0].expired);
    CHECK(verdicts(result.rules[0]) == "info pass");
    plan.project.rules[0].valid_to = "2026-11-22"; // the last day
    CHECK(plan.check().verdict == Verdict::fail);
    plan.project.as_of.clear();
    CHECK_THROWS_AS(plan.check(), Error);
}

TEST_CASE("a rule that is switched off is listed and not evaluated", "[check][verdict]") {
    auto plan = red_line_plan(lines().add(Rect{90, 10, 150, 60}, {std::string("R1")}).table());
    plan.project.rules[0].off_reason = "另案处理";
    const auto result = plan.check();
    CHECK(result.verdict == Verdict::not_applicable);
    CHECK(result.rules[0].verdict == Verdict::not_applicable);
    CHECK(result.rules[0].note.zh == "已停用：另案处理");
}

TEST_CASE("verdicts on features that repair changed noticeably are undecided", "[check][doubt]") {
    auto redline = lines().add(Rect{90, 10, 150, 60}, {std::string("R1")}).table();
    auto plan = red_line_plan(redline);
    SECTION("the subject") {
        plan.tables["/zones.gpkg"].counts.doubtful_fids = {1};
    }
    SECTION("the object") {
        plan.tables["/redline.gpkg"].counts.doubtful_fids = {1};
    }
    const auto result = plan.check();
    CHECK(verdicts(result.rules[0]) == "undecided pass");
    CHECK(result.verdict == Verdict::undecided);
}

TEST_CASE("features that were set aside keep a rule from passing", "[check][doubt]") {
    auto plan = red_line_plan(lines().add(Rect{1000, 0, 1001, 1}, {std::string("R1")}).table());
    plan.tables["/redline.gpkg"].counts.features = 2;
    plan.tables["/redline.gpkg"].counts.rejected = 1;
    const auto result = plan.check();
    CHECK(result.verdict == Verdict::undecided);
    CHECK(verdicts(result.rules[0]) == "pass pass");
    CHECK(result.rules[0].note.en.find("1 features could not be read") == 0);
}

TEST_CASE("features set aside count once where a layer is both subject and object", "[check][doubt]") {
    Plan plan;
    plan.layer("zones", "zone", zones().table()).coverage = "declared";
    plan.rule("apart", "no-overlap", project::NoOverlapRule{select("zones"), 0, {}});
    plan.tables["/zones.gpkg"].counts.features += 2;
    plan.tables["/zones.gpkg"].counts.rejected = 2;
    const auto result = plan.check();
    CHECK(result.verdict == Verdict::undecided);
    CHECK(result.rules[0].note.en.find("2 features could not be read") == 0);
}

TEST_CASE("a subject without geometry, and a point, are undecided where land is asked for", "[check][doubt]") {
    Plan plan;
    TableMaker subjects("zones", {{"code", FieldType::text}});
    subjects.add(Plot(), {std::string("nothing")}).add_point(5, 5, {std::string("point")});
    plan.layer("zones", "zone", subjects.table());
    plan.layer("redline", "eco-redline", lines().add(Rect{0, 0, 10, 10}, {std::string("R1")}).table()).coverage =
        "declared";
    plan.rule("red-line", "no-overlap", project::NoOverlapRule{select("redline"), 0, {}});
    const auto rule = plan.check_one();
    CHECK(verdicts(rule) == "undecided undecided");
    CHECK(rule.subjects[0].note.en == "the feature has no geometry");
}

TEST_CASE("no subject, no verdict", "[check][verdict]") {
    auto plan = red_line_plan(lines().add(Rect{90, 10, 150, 60}, {std::string("R1")}).table());
    plan.project.rules[0].subject.where = "code = 'Z9'";
    const auto result = plan.check();
    CHECK(result.rules[0].verdict == Verdict::not_applicable);
    CHECK(result.verdict == Verdict::not_applicable);
}

TEST_CASE("filters name fields as rules call them", "[check][selection]") {
    auto plan = red_line_plan(lines().add(Rect{90, 10, 250, 60}, {std::string("R1")}).table());
    plan.project.layers[0].fields = {{"zone_code", "code"}, {"Z1", "name"}};
    plan.project.rules[0].subject.where = "zone_code = 'Z1' OR \"zone_code\" = 'none'"; // the text 'Z1' is no field
    const auto rule = plan.check_one();
    REQUIRE(rule.subjects.size() == 1);
    CHECK(rule.subjects[0].subject.id == "Z1");
    plan.project.rules[0].subject.where = "zone = 'Z1'";
    CHECK_THROWS_AS(plan.check(), Error);
}

TEST_CASE("only the asked rules are evaluated, and an unknown one is named with its neighbour", "[check][selection]") {
    auto plan = red_line_plan(lines().add(Rect{90, 10, 150, 60}, {std::string("R1")}).table());
    plan.rule("other", "no-overlap", project::NoOverlapRule{select("redline"), 0, {}});
    plan.options.only_rules = {"other"};
    const auto result = plan.check();
    REQUIRE(result.rules.size() == 1);
    CHECK(result.rules[0].id == "other");
    plan.options.only_rules = {"red-lime"};
    try {
        (void)plan.check();
        FAIL("no error");
    } catch (const Error& error) {
        CHECK(error.code() == "unknown-rule");
        CHECK(error.text().en == "plan.toml has no rule \"red-lime\"; did you mean \"red-line\"?");
    }
}

TEST_CASE("groups and all together are subjects, too", "[check][per]") {
    auto plan = red_line_plan(
        lines().add(Rect{90, 0, 110, 10}, {std::string("R1")}).add(Rect{290, 0, 310, 10}, {std::string("R2")}).table());
    plan.project.rules[0].per = project::Per::all;
    const auto all = plan.check_one();
    REQUIRE(all.subjects.size() == 1);
    CHECK(all.subjects[0].subject.id == "all");
    CHECK(all.subjects[0].measured == 200.0);
    CHECK(all.findings.size() == 2);

    plan.project.rules[0].per = project::Per::group;
    CHECK_THROWS_AS(plan.check(), Error); // there is no structure
    plan.project.structure = project::Structure{"one-core-three-zones", "zones", "name", {}};
    const auto groups = plan.check_one();
    REQUIRE(groups.subjects.size() == 2);
    CHECK(groups.subjects[0].subject.id == "一");
    CHECK(groups.subjects[0].measured == 100.0);
}
