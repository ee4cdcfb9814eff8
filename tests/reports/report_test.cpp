#include "support/catch.hpp"

#include "corebelt/reports/report.hpp"

using namespace corebelt;

namespace {

rules::TabulateResult two_zones() {
    rules::TabulateResult r;
    r.method = geo::AreaMethod::planar;
    r.crs_label = "EPSG:4543";
    r.by = {"dlbm"};
    rules::ZoneArea a;
    a.zone = std::int64_t{7};
    a.area = 1'000'000; // 100 m²
    a.covered = 900'000;
    a.union_covered = 850'000;
    a.classes = {{{std::string("1001")}, 700'000, 3}, {{layers::Value()}, 200'000, 1}};
    rules::ZoneArea b;
    b.zone = std::string("空");
    b.area = 0;
    r.zones = {a, b};
    return r;
}

} // namespace

TEST_CASE("tabulate JSON keeps types, nulls and shortest numbers", "[reports]") {
    const std::string json = reports::tabulate_json(two_zones(), reports::AreaUnit::ha, Lang::en);
    CHECK(json.find("\"zone\": 7,") != std::string::npos);
    CHECK(json.find("\"area\": 0.01,") != std::string::npos);
    CHECK(json.find("\"doubled\": 0.0005,") != std::string::npos); // 90 − 85 = 5 m²
    CHECK(json.find("\"uncovered\": 0.0015") != std::string::npos);
    CHECK(json.find("\"class\": \"1001\"") != std::string::npos);
    CHECK(json.find("\"class\": null") != std::string::npos);
    CHECK(json.find("\"share\": 0.7,") != std::string::npos);
    CHECK(json.find("\"union_covered\": null") != std::string::npos);
    CHECK(json.find("\"fallbacks\": 0") != std::string::npos);
}

TEST_CASE("tabulate text names null, unit and method in both languages", "[reports]") {
    const std::string zh = reports::tabulate_text(two_zones(), reports::AreaUnit::m2, {Lang::zh, 80, false});
    CHECK(zh.find("(空值)") != std::string::npos);
    CHECK(zh.find("面积（平方米）") != std::string::npos);
    CHECK(zh.find("平面面积") != std::string::npos);
    const std::string en = reports::tabulate_text(two_zones(), reports::AreaUnit::m2, {Lang::en, 80, false});
    CHECK(en.find("(null)") != std::string::npos);
    CHECK(en.find("70.00 %") != std::string::npos);
}

TEST_CASE("tabulate CSV quotes what needs it and never groups digits", "[reports]") {
    auto r = two_zones();
    r.zones[0].zone = std::string("a,\"b\"");
    r.zones[0].classes[0].area = 12'345'678'900;
    const std::string csv = reports::tabulate_csv(r, reports::AreaUnit::m2, Lang::en);
    CHECK(csv.find("\"a,\"\"b\"\"\",1001,1234567.89,") != std::string::npos);
    CHECK(csv.rfind("zone,dlbm,area_m2,share,features\r\n", 0) == 0);
}

TEST_CASE("a check report says verdict, clause and amount, and marks rules that may only warn", "[reports]") {
    rules::CheckResult r;
    r.verdict = rules::Verdict::fail;
    r.project_title = "示例市示范园区";
    r.note = "虚构示例，非真实边界";
    r.crs_label = "EPSG:4543";
    rules::RuleResult rule;
    rule.id = "red-line";
    rule.title = "不占生态保护红线";
    rule.kind = "no-overlap";
    rule.clause = "禁止开发性、生产性建设活动";
    rule.binding = rule.verified = true;
    rule.verdict = rules::Verdict::fail;
    rule.threshold = {"<=", 0, "m2"};
    rule.measured = 12345.5;
    rule.unit = "m2";
    rule.counts.subjects = 2;
    rule.counts.fail = 1;
    rules::SubjectResult s;
    s.subject = {"zones", "Z1", "东片"};
    s.verdict = rules::Verdict::fail;
    s.measured = 12345.5;
    s.unit = "m2";
    rule.subjects = {s};
    r.rules = {rule};
    const std::string text = reports::check_text(r, {Lang::zh, 80, false});
    CHECK(text.find("虚构示例，非真实边界") != std::string::npos);
    CHECK(text.find("12,345.50 m²") != std::string::npos);
    CHECK(text.find("≤ 0 m²") != std::string::npos);
    CHECK(text.find("禁止开发性、生产性建设活动") != std::string::npos);
    CHECK(text.find("结论：不通过") != std::string::npos);
    CHECK(text.find("最多提示") == std::string::npos);
    r.rules[0].verified = false;
    CHECK(reports::check_text(r, {Lang::zh, 80, false}).find("最多提示") != std::string::npos);
}
