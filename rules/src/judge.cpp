#include "judge.hpp"

#include "corebelt/geo/error.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <tuple>
#include <utility>

namespace corebelt::rules {

double Limits::margin(double measured) const {
    double margin = std::numeric_limits<double>::infinity();
    if (min)
        margin = std::min(margin, measured - *min);
    if (max)
        margin = std::min(margin, *max - measured);
    return margin;
}

Outcome against(const Limits& limits, double measured, double bound) {
    Outcome outcome = Outcome::holds;
    for (const auto& [limit, side] : {std::pair{limits.min, 1.0}, std::pair{limits.max, -1.0}}) {
        if (!limit || measured == *limit)
            continue;
        if (std::abs(measured - *limit) <= bound)
            outcome = outcome == Outcome::broken ? outcome : Outcome::undecided;
        else if ((measured - *limit) * side < 0)
            outcome = Outcome::broken;
    }
    return outcome;
}

bool is_near(const Limits& limits, double measured, double sensitivity) {
    return (limits.min && std::abs(measured - *limits.min) <= sensitivity) ||
           (limits.max && std::abs(measured - *limits.max) <= sensitivity);
}

Verdict verdict_if_broken(const project::Rule& rule) {
    return rule.binding && rule.verified ? Verdict::fail : Verdict::warn;
}

RuleResult begin_result(const project::Rule& rule) {
    RuleResult result;
    result.id = rule.id;
    result.title = rule.title;
    result.clause = rule.clause;
    result.source = rule.source;
    result.edition = rule.edition;
    result.kind = rule.kind;
    result.origin = rule.origin;
    result.binding = rule.binding;
    result.verified = rule.verified;
    return result;
}

void state_limits(RuleResult& result, const Limits& limits, const std::string& unit) {
    if (limits.min)
        result.threshold = Threshold{">=", *limits.min, unit};
    if (limits.max)
        (limits.min ? result.threshold_max : result.threshold) = Threshold{"<=", *limits.max, unit};
}

void add_note(Text& note, const Text& sentence) {
    if (sentence.en.empty() || note.en.find(sentence.en) != std::string::npos)
        return;
    note.en += (note.en.empty() ? "" : "; ") + sentence.en;
    note.zh += (note.zh.empty() ? "" : "；") + sentence.zh;
}

Text no_geometry_note() {
    return {"the feature has no geometry", "要素无几何图形"};
}

Text not_areal_note() {
    return {"only polygons can be judged here; the feature is a point or a line", "仅可判定面要素，该要素为点或线"};
}

Text doubtful_note() {
    return {"rests on a feature whose geometry was invalid and changed noticeably when repaired; correct the data",
            "所依据的要素几何无效，修复后面积明显改变，请更正数据"};
}

double stated_m2(const geo::Amount& amount) {
    return static_cast<double>(amount.ten_thousandths()) / 1e4;
}

std::string fixed(double value, int decimals) {
    return fmt::format("{:.{}f}", value, decimals);
}

namespace {

/// The rule is not in force on the project's date: past valid_to, or before valid_from.
struct Standing {
    bool expired = false;
    bool not_yet = false;
    [[nodiscard]] bool in_force() const { return !expired && !not_yet; }
};

Standing standing_of(const project::Project& project, const project::Rule& rule) {
    if (rule.valid_from.empty() && rule.valid_to.empty())
        return {};
    if (project.as_of.empty())
        throw Error(ErrorKind::usage, "missing-key",
                    {project.path + ": rule " + rule.id + " is dated, so [project] needs as_of, the date of judgement",
                     project.path + "：规则 " + rule.id + " 有时效，请在 [project] 中给出判定日期 as_of"});
    return {!rule.valid_to.empty() && rule.valid_to < project.as_of,
            !rule.valid_from.empty() && project.as_of < rule.valid_from};
}

const project::Waiver* waiver_for(const project::Project& project, const project::Rule& rule, const SubjectResult& s) {
    for (const auto& waiver : project.waivers)
        if (waiver.rule == rule.id && (waiver.subject.empty() || waiver.subject == s.subject.id))
            return &waiver;
    return nullptr;
}

bool is_valid(const project::Waiver& waiver, const std::string& as_of, const std::string& path) {
    if (waiver.until.empty())
        return true;
    if (as_of.empty())
        throw Error(ErrorKind::usage, "missing-key",
                    {path + ": a waiver ends on " + waiver.until + ", so [project] needs as_of, the date of judgement",
                     path + "：豁免有效期至 " + waiver.until + "，请在 [project] 中给出判定日期 as_of"});
    return as_of <= waiver.until;
}

void report_expired_waiver(const project::Waiver& waiver, layers::IssueLog& issues) {
    layers::Issue issue{"waiver-expired", {}, waiver.subject, {}, {}};
    issue.text = {"the waiver of rule " + waiver.rule + " for " + waiver.subject + " ended on " + waiver.until +
                      " and was not applied",
                  "规则 " + waiver.rule + " 对 " + waiver.subject + " 的豁免已于 " + waiver.until + " 到期，未予采用"};
    issues.add(std::move(issue));
}

std::uint64_t rejected_features(const LayerSet& layers) {
    std::uint64_t rejected = 0;
    for (const auto* layer : layers)
        rejected += layer->counts.rejected;
    return rejected;
}

bool finding_less(const Finding& a, const Finding& b) {
    const SubjectName none; // must outlive the keys, which refer to it
    const auto key = [&none](const Finding& f) {
        const SubjectName& object = f.object ? *f.object : none;
        return std::tie(f.subject.name, object.layer, object.id, object.name, f.bbox.min_x, f.bbox.min_y, f.bbox.max_x,
                        f.bbox.max_y, f.measured);
    };
    return key(a) < key(b);
}

void count(RuleResult::Counts& counts, Verdict verdict, bool waived) {
    ++counts.subjects;
    if (waived)
        ++counts.waived;
    else if (verdict == Verdict::pass)
        ++counts.pass;
    else if (verdict == Verdict::fail)
        ++counts.fail;
    else if (verdict == Verdict::warn)
        ++counts.warn;
    else if (verdict == Verdict::undecided)
        ++counts.undecided;
}

/// Findings in the order of their subjects: by layer, then id by value.
void sort_findings(std::vector<Finding>& findings, const std::vector<Judged>& subjects) {
    std::map<std::pair<std::string, std::string>, std::size_t> rank;
    for (std::size_t i = 0; i < subjects.size(); ++i)
        rank.try_emplace({subjects[i].result.subject.layer, subjects[i].result.subject.id}, i);
    const auto rank_of = [&](const Finding& f) {
        const auto at = rank.find({f.subject.layer, f.subject.id});
        return at == rank.end() ? subjects.size() : at->second;
    };
    std::sort(findings.begin(), findings.end(), [&](const Finding& a, const Finding& b) {
        if (rank_of(a) != rank_of(b))
            return rank_of(a) < rank_of(b);
        if (a.subject.layer != b.subject.layer || a.subject.id != b.subject.id)
            return std::tie(a.subject.layer, a.subject.id) < std::tie(b.subject.layer, b.subject.id);
        return finding_less(a, b);
    });
}

} // namespace

LayerSet layers_of(const Chosen& subjects, const Chosen& objects) {
    LayerSet layers(subjects.layers.begin(), subjects.layers.end());
    layers.insert(objects.layers.begin(), objects.layers.end());
    return layers;
}

RuleOutcome conclude(const Context& context, const project::Rule& rule, RuleResult result, std::vector<Judged> subjects,
                     const LayerSet& rests_on, layers::IssueLog& issues) {
    const Standing standing = standing_of(context.project, rule);
    std::sort(subjects.begin(), subjects.end(), [](const Judged& a, const Judged& b) { return a.key < b.key; });
    result.expired = standing.expired;
    result.verdict = Verdict::not_applicable;
    Verdict counted = Verdict::not_applicable;
    const Judged* worst = nullptr;
    for (auto& subject : subjects) {
        SubjectResult& s = subject.result;
        s.subject = subject.key.names();
        if (subject.broken)
            s.verdict = verdict_if_broken(rule);
        if (!standing.in_force() && s.verdict != Verdict::pass && s.verdict != Verdict::not_applicable)
            s.verdict = Verdict::info;
        bool waived = false;
        if (const auto* waiver = s.verdict == Verdict::fail ? waiver_for(context.project, rule, s) : nullptr) {
            waived = is_valid(*waiver, context.project.as_of, context.project.path);
            if (waived)
                result.waivers.push_back({s.subject.id, waiver->reason, waiver->by, waiver->until});
            else
                report_expired_waiver(*waiver, issues);
        }
        count(result.counts, s.verdict, waived);
        result.verdict = worse(result.verdict, s.verdict);
        if (!waived)
            counted = worse(counted, s.verdict);
        if (s.measured && (worst == nullptr || subject.margin < worst->margin))
            worst = &subject;
    }
    if (worst != nullptr) {
        result.measured = worst->result.measured;
        result.error_bound = worst->result.error_bound;
    }
    if (subjects.empty())
        add_note(result.note, {"no feature is subject to this rule", "没有要素适用本规则"});
    if (const auto rejected = rejected_features(rests_on);
        rejected > 0 && (result.verdict == Verdict::pass || subjects.empty())) {
        const std::string n = std::to_string(rejected);
        add_note(result.note, {n + " features could not be read and were set aside, so nothing is proven",
                               "有 " + n + " 个要素无法读取而被剔除，不能据此认定符合"});
        result.verdict = Verdict::undecided;
        counted = Verdict::undecided;
    }
    if (!standing.in_force() && result.verdict != Verdict::not_applicable) {
        result.verdict = Verdict::info;
        add_note(result.note, standing.expired
                                  ? Text{"the rule expired on " + rule.valid_to + "; shown for information",
                                         "该规则已于 " + rule.valid_to + " 失效，仅供参考"}
                                  : Text{"the rule is in force from " + rule.valid_from + "; shown for information",
                                         "该规则自 " + rule.valid_from + " 起生效，仅供参考"});
    }
    if (!standing.in_force()) {
        counted = Verdict::not_applicable;
        for (auto& reading : result.readings)
            if (reading.verdict != Verdict::pass && reading.verdict != Verdict::not_applicable)
                reading.verdict = Verdict::info;
    }
    sort_findings(result.findings, subjects);
    for (auto& subject : subjects)
        result.subjects.push_back(std::move(subject.result));
    return {std::move(result), counted};
}

RuleOutcome without_subjects(const project::Rule& rule, Verdict verdict, Text note) {
    RuleOutcome outcome{begin_result(rule), verdict};
    outcome.result.verdict = verdict;
    outcome.result.note = std::move(note);
    return outcome;
}

} // namespace corebelt::rules
