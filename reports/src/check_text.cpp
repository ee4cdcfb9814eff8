#include "printed.hpp"

#include "corebelt/reports/report.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <string_view>

namespace corebelt::reports {

namespace {

constexpr std::size_t most_subjects_shown = 12;

std::string subject_label(const rules::SubjectName& s) {
    if (s.name.empty() || s.name == s.id)
        return s.id;
    if (s.id.empty())
        return s.name;
    return fmt::format("{} {}", s.id, s.name);
}

std::string limits_of(const rules::RuleResult& rule) {
    std::string text;
    if (rule.threshold && rule.kind == "area-match") // a limit of the difference, not of the measured area
        text = "±" + printed_threshold(*rule.threshold).substr(std::string_view("≤ ").size());
    else if (rule.threshold)
        text = printed_threshold(*rule.threshold);
    if (rule.threshold_max)
        text += (text.empty() ? "" : ", ") + printed_threshold(*rule.threshold_max);
    return text;
}

std::string verdict_line(const rules::CheckResult& result, bool zh) {
    std::uint64_t failed = 0;
    std::uint64_t undecided = 0;
    std::uint64_t warned = 0;
    for (const rules::RuleResult& r : result.rules) {
        failed += r.verdict == rules::Verdict::fail ? 1 : 0;
        undecided += r.verdict == rules::Verdict::undecided ? 1 : 0;
        warned += r.verdict == rules::Verdict::warn ? 1 : 0;
    }
    return fmt::format(fmt::runtime(zh ? "（共 {} 条规则：不通过 {}，无法判定 {}，提示 {}）"
                                       : " ({} rules: {} failed, {} undecided, {} with warnings)"),
                       result.rules.size(), failed, undecided, warned);
}

void describe_subjects(const rules::RuleResult& rule, const TextStyle& style, std::string& out) {
    const bool zh = style.lang == Lang::zh;
    std::size_t shown = 0;
    std::size_t left = 0;
    for (const rules::SubjectResult& s : rule.subjects) {
        if (s.verdict == rules::Verdict::pass && s.note.en.empty() && s.sliver_count == 0)
            continue;
        if (shown == most_subjects_shown) {
            ++left;
            continue;
        }
        ++shown;
        std::string line = fmt::format("   · {}  {}", subject_label(s.subject), verdict_word(s.verdict, style.lang));
        if (s.measured)
            line += (zh ? "：" : ": ") + printed_value(*s.measured, s.unit);
        if (s.near_limit)
            line += zh ? "（临界，坐标精度一步即可改变结论）"
                       : " (near the limit: one step of coordinate precision decides)";
        if (s.sliver_count > 0)
            line += fmt::format(fmt::runtime(zh ? "（碎屑 {} 处 {}）" : " ({} slivers, {})"), s.sliver_count,
                                printed_value(s.sliver_area_m2, "m2"));
        if (!s.note.in(style.lang).empty())
            line += (zh ? "，" : "; ") + s.note.in(style.lang);
        out += wrapped(line, style.width, 5) + "\n";
    }
    if (left > 0)
        out += fmt::format(
            fmt::runtime(zh ? "   · 另有 {} 个对象，见 JSON 报告\n" : "   · and {} more, see the JSON report\n"), left);
}

void describe_findings(const rules::RuleResult& rule, const TextStyle& style, std::string& out) {
    const bool zh = style.lang == Lang::zh;
    std::size_t shown = 0;
    for (const rules::Finding& f : rule.findings) {
        if (shown++ == most_subjects_shown) {
            out += fmt::format(fmt::runtime(zh ? "   → 另有 {} 处，见 JSON 报告或 GeoPackage\n"
                                               : "   → and {} more, see the JSON report or GeoPackage\n"),
                               rule.findings.size() - most_subjects_shown);
            break;
        }
        std::string line = fmt::format("   → {}", subject_label(f.subject));
        if (f.object)
            line += fmt::format(" × {}", subject_label(*f.object));
        line += (zh ? "：" : ": ") + printed_value(f.measured, f.unit);
        if (f.expected)
            line +=
                fmt::format(fmt::runtime(zh ? "（应为 {}）" : " (expected {})"), printed_value(*f.expected, f.unit));
        if (!f.bbox.empty())
            line += fmt::format(fmt::runtime(zh ? "，位于 ({:.1f}, {:.1f})" : ", at ({:.1f}, {:.1f})"),
                                (f.bbox.min_x + f.bbox.max_x) / 2, (f.bbox.min_y + f.bbox.max_y) / 2);
        out += wrapped(line, style.width, 5) + "\n";
    }
}

} // namespace

std::string check_text(const rules::CheckResult& result, const TextStyle& style) {
    const bool zh = style.lang == Lang::zh;
    std::string out = wrapped(result.project_title, style.width, 0) + "\n";
    if (!result.note.empty())
        out += wrapped(result.note, style.width, 0) + "\n";
    out +=
        wrapped(fmt::format(fmt::runtime(zh ? "坐标系：{}（{}）" : "CRS: {} ({})"), result.crs_label, result.crs_name),
                style.width, 2) +
        "\n";
    out += wrapped((zh ? "面积口径：" : "Areas: ") + method_name(result.area, style.lang), style.width, 2) + "\n";
    if (!result.as_of.empty())
        out += (zh ? "基准日期：" : "As of: ") + result.as_of + "\n";
    out += "\n";

    TextTable table({{zh ? "规则" : "rule", Align::left, true},
                     {zh ? "结论" : "verdict"},
                     {zh ? "实测" : "measured", Align::right},
                     {zh ? "限值" : "limit", Align::left, true},
                     {zh ? "对象" : "subjects", Align::right}});
    for (const rules::RuleResult& r : result.rules) {
        const std::string measured = r.measured ? printed_value(*r.measured, r.unit) : "–";
        const std::uint64_t bad = r.counts.fail + r.counts.warn + r.counts.undecided;
        const std::string subjects =
            bad > 0 ? fmt::format("{}/{}", bad, r.counts.subjects) : std::to_string(r.counts.subjects);
        std::string word = verdict_word(r.verdict, style.lang);
        if (r.counts.waived > 0)
            word += zh ? "（豁免）" : " (waived)";
        table.row({r.title.empty() ? r.id : r.title, word, measured, limits_of(r), subjects},
                  {Ink::plain, verdict_ink(r.verdict)});
    }
    out += table.to_string(style.width, style.colour);

    for (const rules::RuleResult& r : result.rules) {
        const bool worth = r.verdict != rules::Verdict::pass || !r.findings.empty() || !r.note.en.empty() ||
                           std::any_of(r.subjects.begin(), r.subjects.end(), [](const rules::SubjectResult& s) {
                               return s.verdict != rules::Verdict::pass || s.sliver_count > 0;
                           });
        if (!worth)
            continue;
        out += "\n" +
               wrapped(fmt::format("{} [{}] {}", verdict_word(r.verdict, style.lang), r.id, r.title), style.width, 3) +
               "\n";
        if (!r.clause.empty())
            out += wrapped(fmt::format(fmt::runtime(zh ? "   条款：{}" : "   clause: {}"), r.clause), style.width, 3) +
                   "\n";
        if (!r.source.empty())
            out += wrapped(fmt::format(fmt::runtime(zh ? "   依据：{}" : "   source: {}"), r.source), style.width, 3) +
                   "\n";
        if (!r.binding || !r.verified)
            out += wrapped(zh ? "   （非强制或条文未核实：最多提示，不判不通过）"
                              : "   (not binding or not verified: warns at most)",
                           style.width, 3) +
                   "\n";
        if (!r.note.in(style.lang).empty())
            out += wrapped("   " + r.note.in(style.lang), style.width, 3) + "\n";
        for (const rules::ReadingResult& reading : r.readings)
            out += wrapped(fmt::format("   {} {}{} {}", reading.id, reading.title, zh ? "：" : ":",
                                       (reading.measured ? printed_value(*reading.measured, r.unit) : "–") + "  " +
                                           verdict_word(reading.verdict, style.lang)),
                           style.width, 5) +
                   "\n";
        describe_subjects(r, style, out);
        describe_findings(r, style, out);
        for (const rules::WaiverRecord& w : r.waivers)
            out += wrapped(fmt::format(
                               fmt::runtime(zh ? "   豁免：{}，{}（{}，至 {}）" : "   waived: {}, {} ({}, until {})"),
                               w.subject, w.reason, w.by, w.until),
                           style.width, 5) +
                   "\n";
    }
    if (!result.issues.empty())
        out += "\n" + issues_text(result.issues, style);
    if (result.parity_violations > 0)
        out += fmt::format(fmt::runtime(zh ? "\n内部错误：绕数不闭合 {} 处，请勿采用本结果\n"
                                           : "\ninternal error: {} windings did not close; do not use this result\n"),
                           result.parity_violations);
    const std::string word = verdict_word(result.verdict, style.lang);
    const std::string shown = style.colour ? fmt::format("\x1b[{}m{}\x1b[0m",
                                                         result.verdict == rules::Verdict::pass   ? "32;1"
                                                         : result.verdict == rules::Verdict::fail ? "31;1"
                                                                                                  : "33;1",
                                                         word)
                                           : word;
    out += "\n" + (zh ? "结论：" : std::string("Verdict: ")) + shown + verdict_line(result, zh) + "\n";
    return out;
}

std::string check_csv(const rules::CheckResult& result, Lang lang) {
    std::string out = "rule,kind,layer,id,name,verdict,measured,unit,error_bound,sliver_area_m2,sliver_count,planar_m2,"
                      "ellipsoidal_m2,note\r\n";
    const auto number = [](const std::optional<double>& v) { return v ? fmt::format("{}", *v) : std::string(); };
    for (const rules::RuleResult& r : result.rules)
        for (const rules::SubjectResult& s : r.subjects)
            out +=
                fmt::format("{},{},{},{},{},{},{},{},{},{},{},{},{},{}\r\n", csv_field(r.id), r.kind,
                            csv_field(s.subject.layer), csv_field(s.subject.id), csv_field(s.subject.name),
                            rules::name_of(s.verdict), number(s.measured), s.unit, s.error_bound, s.sliver_area_m2,
                            s.sliver_count, number(s.planar_m2), number(s.ellipsoidal_m2), csv_field(s.note.in(lang)));
    return out;
}

} // namespace corebelt::reports
