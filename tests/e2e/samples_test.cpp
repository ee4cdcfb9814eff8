// The two sample plans through the real program: what they promise is what comes out, and nothing else.
#include "json_document.hpp"
#include "support/catch.hpp"
#include "support/process.hpp"
#include "support/temp_dir.hpp"

#include <algorithm>
#include <cmath>
#include <filesystem>
#include <map>
#include <regex>
#include <set>
#include <sstream>

using namespace corebelt::test;

namespace {

const std::string source_root = COREBELT_SOURCE_DIR;

struct Found {
    std::string rule, subject, verdict, unit;
    double measured;
};

/// Every subject of every rule.
std::vector<Found> subjects_of(const JsonDocument& report) {
    std::vector<Found> found;
    for (std::size_t r = 0; r < report.size("/rules"); ++r) {
        const std::string rule = "/rules/" + std::to_string(r);
        for (std::size_t s = 0; s < report.size(rule + "/subjects"); ++s) {
            const std::string subject = rule + "/subjects/" + std::to_string(s);
            found.push_back(
                {report.text(rule + "/id"), report.text(subject + "/id"), report.text(subject + "/verdict"),
                 report.text(subject + "/unit"),
                 report.is_null(subject + "/measured") ? std::nan("") : report.number(subject + "/measured")});
        }
    }
    return found;
}

std::string checked(const std::string& plan, int expected_code, const std::vector<std::string>& more = {}) {
    std::vector<std::string> arguments = {"check", plan, "--format", "json", "--quiet"};
    arguments.insert(arguments.end(), more.begin(), more.end());
    const Outcome r = run_corebelt(arguments);
    CAPTURE(plan, r.err);
    REQUIRE(r.exit_code == expected_code);
    return r.out;
}

/// CONTRACT: |Δ| ≤ max(0.01 m², 1e-6 · value); lengths 0.001 m; ratios as areas of the whole.
double tolerance(const std::string& unit, double value) {
    if (unit == "m")
        return 0.001;
    if (unit == "ratio")
        return 1e-6;
    if (unit == "count")
        return 0;
    return std::max(0.01, 1e-6 * std::abs(value));
}

double in_square_metres(double value, const std::string& unit) {
    return unit == "km2" ? value * 1e6 : value;
}

std::filesystem::path copy_of_demo_park(const TempDir& dir) {
    const auto target = dir.path() / "demo-park";
    std::filesystem::copy(source_root + "/data/demo-park", target, std::filesystem::copy_options::recursive);
    return target;
}

/// Replaces exactly one occurrence.
void edit(const std::filesystem::path& file, const std::string& from, const std::string& to) {
    std::string text = read_text(file);
    const std::size_t at = text.find(from);
    REQUIRE(at != std::string::npos);
    REQUIRE(text.find(from, at + 1) == std::string::npos);
    write_text(file, text.replace(at, from.size(), to));
}

std::string without_digests(const std::string& report) {
    return std::regex_replace(report, std::regex("\"sha256\": \"[0-9a-f]*\""), "\"sha256\": \"\"");
}

/// Feature lines of a GeoJSON of the samples in another order.
void reverse_features(const std::filesystem::path& file) {
    std::istringstream in(read_text(file));
    std::vector<std::string> before;
    std::vector<std::string> features;
    std::vector<std::string> after;
    for (std::string line; std::getline(in, line);) {
        if (line.starts_with("{\"type\":\"Feature\"")) {
            if (line.ends_with(","))
                line.pop_back();
            features.push_back(line);
        } else {
            (features.empty() ? before : after).push_back(line);
        }
    }
    REQUIRE_FALSE(features.empty());
    std::reverse(features.begin(), features.end());
    std::string out;
    for (const std::string& line : before)
        out += line + "\n";
    for (std::size_t i = 0; i < features.size(); ++i)
        out += features[i] + (i + 1 < features.size() ? ",\n" : "\n");
    for (const std::string& line : after)
        out += line + "\n";
    write_text(file, out);
}

} // namespace

TEST_CASE("the Yuxi plan passes every rule", "[e2e][samples]") {
    const JsonDocument report(checked(source_root + "/data/yuxi/plan.toml", 0));
    CHECK(report.text("/verdict") == "pass");
    CHECK(report.size("/rules") >= 6);
    for (const Found& f : subjects_of(report)) {
        CAPTURE(f.rule, f.subject);
        CHECK(f.verdict == "pass");
    }
    CHECK(report.size("/issues") == 0);
    CHECK(report.number("/summary/kernel/parity_violations") == 0);
    // 核心区 10.29, 红塔 12.60, 研和 20.42, 江川 12.53 km², met to 0.005 km².
    std::map<std::string, double> declared = {
        {"核心区", 10.29}, {"红塔片区", 12.60}, {"研和片区", 20.42}, {"江川片区", 12.53}};
    for (const Found& f : subjects_of(report))
        if (f.rule == "declared-area") {
            REQUIRE(declared.count(f.subject) == 1);
            CHECK(std::abs(in_square_metres(f.measured, f.unit) - declared[f.subject] * 1e6) <= 5000);
            declared.erase(f.subject);
        }
    CHECK(declared.empty());
}

TEST_CASE("the planted plan shows every violation with its amount, and nothing else", "[e2e][samples]") {
    const JsonDocument expected(read_text(source_root + "/data/demo-park/planted.expected.json"));
    const JsonDocument report(checked(source_root + "/data/demo-park/planted.toml", 1));
    CHECK(report.text("/verdict") == "fail");
    CHECK(report.size("/issues") == 0);
    CHECK(report.number("/summary/kernel/parity_violations") == 0);
    std::vector<Found> found = subjects_of(report);
    std::set<std::pair<std::string, std::string>> planted;
    for (std::size_t i = 0; i < expected.size("/violations"); ++i) {
        const std::string v = "/violations/" + std::to_string(i);
        const std::string rule = expected.text(v + "/rule");
        const std::string subject = expected.text(v + "/subject");
        CAPTURE(rule, subject);
        planted.insert({rule, subject});
        const auto f = std::find_if(found.begin(), found.end(),
                                    [&](const Found& x) { return x.rule == rule && x.subject == subject; });
        REQUIRE(f != found.end());
        CHECK(f->verdict == "fail");
        const double amount = expected.number(v + "/cn2008");
        const std::string unit = expected.text(v + "/unit");
        CHECK(std::abs(in_square_metres(f->measured, f->unit) - amount) <= tolerance(unit, amount));
    }
    for (const Found& f : found) {
        CAPTURE(f.rule, f.subject, f.measured);
        CHECK((f.verdict == "fail") == (planted.count({f.rule, f.subject}) == 1));
        CHECK((f.verdict == "fail" || f.verdict == "pass"));
    }
    // Every kind of rule that there is fails somewhere.
    std::set<std::string> kinds;
    for (std::size_t r = 0; r < report.size("/rules"); ++r)
        if (report.text("/rules/" + std::to_string(r) + "/verdict") == "fail")
            kinds.insert(report.text("/rules/" + std::to_string(r) + "/kind"));
    CHECK(kinds == std::set<std::string>{"adjacent", "area-match", "count", "distance", "no-overlap", "not-adjacent",
                                         "share", "structure", "within"});
}

TEST_CASE("the same report bytes for any threads, batch size and feature order", "[e2e][samples]") {
    const TempDir dir;
    const auto park = copy_of_demo_park(dir);
    const std::string plan = (park / "planted.toml").string();
    const std::string first = checked(plan, 1, {"--jobs", "1"});
    for (const char* jobs : {"2", "7"})
        CHECK(checked(plan, 1, {"--jobs", jobs}) == first);
    for (const char* batch : {"1", "7", "1000"})
        CHECK(checked(plan, 1, {"--batch", batch, "--jobs", "2"}) == first);
    for (const char* layer : {"zones", "parcels", "redline", "farmland", "growth", "facilities", "roads"})
        reverse_features(park / (std::string(layer) + ".geojson"));
    CHECK(without_digests(checked(plan, 1)) == without_digests(first));
}

TEST_CASE("moving an edge by a metre changes exactly the amounts that rest on it", "[e2e][samples]") {
    const TempDir dir;
    const auto park = copy_of_demo_park(dir);
    const std::string plan = (park / "planted.toml").string();
    const std::vector<Found> before = subjects_of(JsonDocument(checked(plan, 1)));
    // The store of dangerous goods goes one metre further from the homes: 35 m become 36 m.
    edit(park / "facilities.geojson", "34475187,2739990", "34475188,2739990");
    // The red line's western edge, 60 m long, goes one metre west into the zone: 60 m² on the plane, and the same
    // land on the ellipsoid by the ratio of the two amounts before.
    edit(park / "redline.geojson", "[[34475250,2740040]", "[[34475249,2740040]");
    edit(park / "redline.geojson", "[34475250,2740100],[34475250,2740040]]]",
         "[34475249,2740100],[34475249,2740040]]]");
    const std::vector<Found> after = subjects_of(JsonDocument(checked(plan, 1)));
    REQUIRE(before.size() == after.size());
    std::set<std::pair<std::string, std::string>> changed;
    for (std::size_t i = 0; i < before.size(); ++i) {
        REQUIRE(before[i].subject == after[i].subject);
        if (before[i].measured == after[i].measured)
            continue;
        changed.insert({after[i].rule, after[i].subject});
        CAPTURE(after[i].rule, after[i].subject, before[i].measured, after[i].measured);
        if (after[i].rule == "hazard-distance")
            CHECK(std::abs(after[i].measured - 36) <= 0.001);
        if (after[i].rule == "red-line")
            CHECK(std::abs(after[i].measured - before[i].measured * 3060 / 3000) <= 0.01);
        CHECK(before[i].verdict == after[i].verdict);
    }
    CHECK(changed == std::set<std::pair<std::string, std::string>>{{"hazard-distance", "WX-FD"}, {"red-line", "FD"}});
}

TEST_CASE("re-coding a parcel moves its area from one share to the other and frees its neighbours", "[e2e][samples]") {
    const TempDir dir;
    const auto park = copy_of_demo_park(dir);
    const std::string plan = (park / "planted.toml").string();
    const std::vector<Found> before = subjects_of(JsonDocument(checked(plan, 1)));
    // The homes of 80 m × 80 m become light industry.
    edit(park / "parcels.geojson", R"("DKBH":"FD-003-03","PQMC":"东片区","YDYHFLDM":"070102")",
         R"("DKBH":"FD-003-03","PQMC":"东片区","YDYHFLDM":"100101")");
    const std::vector<Found> after = subjects_of(JsonDocument(checked(plan, 1)));
    const auto find = [](const std::vector<Found>& list, const std::string& rule, const std::string& subject) {
        return std::find_if(list.begin(), list.end(),
                            [&](const Found& f) { return f.rule == rule && f.subject == subject; });
    };
    // It is no home any more: not a subject of the rule on homes, and no longer what the store must keep away from.
    CHECK(find(before, "homes-beside-heavy-industry", "FD-003-03") != before.end());
    CHECK(find(after, "homes-beside-heavy-industry", "FD-003-03") == after.end());
    CHECK(find(after, "hazard-distance", "WX-FD")->measured > 35.5);
    // The industrial share of the eastern part grows by the parcel's area over the part's.
    const auto share_before = find(before, "industrial-share", "东片区");
    const auto share_after = find(after, "industrial-share", "东片区");
    const Outcome zones =
        run_corebelt({"tabulate", (park / "zones.geojson").string(), (park / "parcels.geojson").string(), "--zone",
                      "PQMC", "--by", "DKBH", "--where", "DKBH = 'FD-003-03'", "--format", "json"});
    REQUIRE(zones.exit_code == 0);
    const JsonDocument table(zones.out);
    for (std::size_t z = 0; z < table.size("/zones"); ++z) {
        const std::string zone = "/zones/" + std::to_string(z);
        if (table.text(zone + "/zone") != "东片区")
            continue;
        REQUIRE(table.size(zone + "/classes") == 1);
        CHECK(table.number(zone + "/classes/0/area") ==
              Approx(6400).epsilon(0).margin(6)); // 80 m × 80 m, cn2008 within 1e-3
        const double gained = table.number(zone + "/classes/0/area") / table.number(zone + "/area");
        CHECK(share_after->measured - share_before->measured == Approx(gained).epsilon(0).margin(1e-9));
    }
    for (const Found& f : before) {
        const auto same = find(after, f.rule, f.subject);
        const bool rests_on_it = f.rule == "homes-beside-heavy-industry" || f.rule == "hazard-distance" ||
                                 (f.rule == "industrial-share" && f.subject == "东片区");
        CAPTURE(f.rule, f.subject);
        if (!rests_on_it) {
            REQUIRE(same != after.end());
            CHECK(same->measured == f.measured);
        }
    }
}
