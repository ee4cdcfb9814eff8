/// The sample plans that ship with corebelt: one keeps every rule, the other breaks each of them by a known amount.

#include "support/catch.hpp"
#include "support/temp_dir.hpp"

#include "corebelt/rules/check.hpp"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <map>
#include <set>
#include <string>
#include <tuple>

using namespace corebelt;

namespace {

rules::CheckResult check_sample(const std::string& path) {
    rules::CheckOptions options;
    options.jobs = 2;
    return rules::check(project::load_project(std::string(COREBELT_SOURCE_DIR) + "/data/" + path), options);
}

/// Rule, layer, subject, object.
using Violation = std::tuple<std::string, std::string, std::string, std::string>;

} // namespace

TEST_CASE("the sample plan keeps every rule", "[check][sample]") {
    const auto result = check_sample("yuxi/plan.toml");
    CHECK(result.verdict == rules::Verdict::pass);
    for (const auto& rule : result.rules) {
        CAPTURE(rule.id);
        CHECK(rule.verdict == rules::Verdict::pass);
        CHECK(rule.findings.empty());
        CHECK_FALSE(rule.subjects.empty());
    }
    CHECK(result.issues.empty());
    CHECK(result.parity_violations == 0);
}

TEST_CASE("the planted plan breaks its rules by exactly the planted amounts, and nothing else", "[check][sample]") {
    const auto planted = nlohmann::json::parse(
        test::read_text(std::string(COREBELT_SOURCE_DIR) + "/data/demo-park/planted.expected.json"));
    const auto result = check_sample("demo-park/planted.toml");
    CHECK(rules::name_of(result.verdict) == planted.at("verdict").get<std::string>());
    CHECK(result.issues.empty());
    std::map<Violation, rules::Finding> found;
    std::set<std::string> broken;
    for (const auto& rule : result.rules) {
        for (const auto& finding : rule.findings)
            found[{rule.id, finding.subject.layer, finding.subject.id, finding.object ? finding.object->id : ""}] =
                finding;
        for (const auto& subject : rule.subjects)
            if (subject.verdict != rules::Verdict::pass)
                broken.insert(rule.id + ' ' + subject.subject.id);
    }
    CHECK(broken.size() == planted.at("violations").size());
    for (const auto& violation : planted.at("violations")) {
        const auto text = [&](const char* key) {
            return violation.at(key).is_null() ? std::string() : violation.at(key).get<std::string>();
        };
        CAPTURE(text("rule"), text("subject"));
        CHECK(broken.count(text("rule") + ' ' + text("subject")) == 1);
        const auto at = found.find({text("rule"), text("layer"), text("subject"), text("object")});
        REQUIRE(at != found.end());
        CHECK(at->second.unit == text("unit"));
        const double amount = violation.at("cn2008").get<double>();
        const double tolerance = text("unit") == "m2"  ? std::max(0.01, 1e-6 * amount)
                                 : text("unit") == "m" ? 0.001
                                                       : 1e-6;
        CHECK(std::abs(at->second.measured - amount) <= tolerance);
        CHECK(at->second.expected == violation.at("expected").get<double>());
        found.erase(at);
    }
    CHECK(found.empty());
}
