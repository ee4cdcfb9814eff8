#include "printed.hpp"

#include "corebelt/layers/value.hpp"

#include <fmt/format.h>

#include <cmath>
#include <map>

namespace corebelt::reports {

namespace {

__extension__ typedef __int128 Wide;

/// count · numerator / denominator, rounded half away from zero.
std::int64_t scaled(std::int64_t count, std::int64_t numerator, std::int64_t denominator) {
    const Wide product = Wide{count} * numerator;
    const Wide twice = 2 * product + (product >= 0 ? denominator : -denominator);
    return static_cast<std::int64_t>(twice / (2 * Wide{denominator}));
}

std::string with_decimals(std::int64_t scaled_value, int decimals) {
    const bool negative = scaled_value < 0;
    std::string digits = std::to_string(negative ? -scaled_value : scaled_value);
    const auto places = static_cast<std::size_t>(decimals);
    if (digits.size() <= places)
        digits.insert(0, places + 1 - digits.size(), '0');
    std::string whole = digits.substr(0, digits.size() - places);
    for (std::size_t at = whole.size(); at > 3; at -= 3)
        whole.insert(at - 3, ",");
    return (negative ? "-" : "") + whole + (places > 0 ? "." + digits.substr(digits.size() - places) : "");
}

} // namespace

std::string grouped(double value, int decimals) {
    const std::string text = fmt::format("{:.{}f}", std::abs(value), decimals);
    const std::size_t dot = std::min(text.find('.'), text.size());
    std::string whole = text.substr(0, dot);
    for (std::size_t at = whole.size(); at > 3; at -= 3)
        whole.insert(at - 3, ",");
    const bool shows_zero = text.find_first_not_of("0.") == std::string::npos;
    return (value < 0 && !shows_zero ? "-" : "") + whole + text.substr(dot);
}

std::string printed_value(double value, std::string_view unit) {
    if (unit == "ratio")
        return grouped(value * 100, 2) + " %";
    if (unit == "count")
        return grouped(value, 0);
    if (unit == "m2")
        return grouped(value, 2) + " m²";
    if (unit == "km2")
        return grouped(value, 4) + " km²";
    if (unit == "ha")
        return grouped(value, 4) + " ha";
    if (unit == "m")
        return grouped(value, 3) + " m";
    return fmt::format("{} {}", value, unit);
}

std::string printed_threshold(const rules::Threshold& threshold) {
    const std::string op = threshold.op == ">=" ? "≥" : threshold.op == "<=" ? "≤" : threshold.op;
    std::string value = printed_value(threshold.value, threshold.unit);
    // A limit is written by people: no padding zeros.
    if (const auto dot = value.find('.'); dot != std::string::npos) {
        const auto end = value.find(' ') == std::string::npos ? value.size() : value.find(' ');
        const auto last = value.find_last_not_of('0', end - 1);
        value.erase(last == dot ? dot : last + 1, end - (last == dot ? dot : last + 1));
    }
    return fmt::format("{} {}", op, value);
}

std::string verdict_word(rules::Verdict verdict, Lang lang) {
    using rules::Verdict;
    if (lang == Lang::en)
        return std::string(verdict == Verdict::not_applicable ? "n/a" : rules::name_of(verdict));
    switch (verdict) {
    case Verdict::pass:
        return "通过";
    case Verdict::warn:
        return "提示";
    case Verdict::fail:
        return "不通过";
    case Verdict::undecided:
        return "无法判定";
    case Verdict::not_applicable:
        return "不适用";
    case Verdict::info:
        return "参考";
    }
    return {};
}

Ink verdict_ink(rules::Verdict verdict) {
    using rules::Verdict;
    switch (verdict) {
    case Verdict::pass:
        return Ink::good;
    case Verdict::fail:
        return Ink::bad;
    case Verdict::warn:
    case Verdict::undecided:
        return Ink::caution;
    case Verdict::not_applicable:
    case Verdict::info:
        break;
    }
    return Ink::dim;
}

std::string method_name(geo::AreaMethod method, Lang lang) {
    switch (method) {
    case geo::AreaMethod::cn2008:
        return lang == Lang::zh ? "图斑椭球面积（国土调查办发〔2008〕32号公式，CGCS2000参数）"
                                : "ellipsoidal parcel area (notice 2008 No. 32, CGCS2000 constants)";
    case geo::AreaMethod::geodesic:
        return lang == Lang::zh ? "测地线椭球面积" : "geodesic area on the ellipsoid";
    case geo::AreaMethod::planar:
        break;
    }
    return lang == Lang::zh ? "平面面积" : "planar area";
}

std::string printed_key(const layers::Value& key, Lang lang) {
    if (layers::is_null(key))
        return lang == Lang::zh ? "(空值)" : "(null)";
    return layers::to_string(key);
}

std::string printed_key(const std::vector<layers::Value>& key, Lang lang) {
    std::string text;
    for (const layers::Value& part : key)
        text += (text.empty() ? "" : " / ") + printed_key(part, lang);
    return text;
}

std::string wrapped(std::string_view text, std::size_t width, std::size_t indent) {
    std::string out;
    std::size_t column = 0;
    std::string word;
    std::size_t word_width = 0;
    bool wide_before = false;
    const auto flush = [&] {
        if (column > indent && column + word_width > width) {
            out.erase(out.find_last_not_of(' ') + 1);
            out += "\n" + std::string(indent, ' ');
            column = indent;
            word.erase(0, std::min(word.find_first_not_of(' '), word.size()));
            word_width = display_width(word);
        }
        out += word;
        column += word_width;
        word.clear();
        word_width = 0;
    };
    for (std::size_t at = 0; at < text.size();) {
        std::size_t next = at + 1;
        while (next < text.size() && (static_cast<unsigned char>(text[next]) & 0xC0U) == 0x80U)
            ++next;
        const std::string_view letter = text.substr(at, next - at);
        const std::size_t w = display_width(letter);
        at = next;
        // Lines may break at a blank and around a wide character, but no line begins with a closing mark.
        constexpr std::string_view closing = "，。、；：！？）】》”…%,.;:!?)]";
        const bool closes = closing.find(letter) != std::string_view::npos && letter != " ";
        if ((letter == " " || wide_before || w == 2) && !closes)
            flush();
        word += letter;
        word_width += w;
        wide_before = w == 2;
    }
    flush();
    return out;
}

std::string csv_field(std::string_view text) {
    if (text.find_first_of(",\"\r\n") == std::string_view::npos)
        return std::string(text);
    std::string out = "\"";
    for (const char c : text) {
        if (c == '"')
            out += '"';
        out += c;
    }
    return out + "\"";
}

std::string issues_text(const std::vector<layers::Issue>& issues, const TextStyle& style) {
    if (issues.empty())
        return {};
    const bool zh = style.lang == Lang::zh;
    struct Group {
        std::uint64_t count = 0;
        const layers::Issue* first = nullptr;
    };
    std::map<std::pair<std::string, std::string>, Group> groups;
    for (const layers::Issue& issue : issues) {
        Group& g = groups[{issue.layer, issue.code}];
        if (g.count++ == 0)
            g.first = &issue;
    }
    std::string out = fmt::format(fmt::runtime(zh ? "数据问题 {} 条：\n" : "{} data issues:\n"), issues.size());
    for (const auto& [key, group] : groups) {
        std::string line = fmt::format("  {} [{}]", key.first, key.second);
        if (group.count > 1)
            line += fmt::format(" × {}", group.count);
        const std::string feature =
            group.first->feature.empty() ? "" : fmt::format(" ({}{})", zh ? "例：" : "e.g. ", group.first->feature);
        out += wrapped(line + feature + (zh ? "：" : ": ") + group.first->text.in(style.lang), style.width, 4) + "\n";
    }
    return out;
}

std::string printed_area(std::int64_t ten_thousandths_m2, AreaUnit unit) {
    switch (unit) {
    case AreaUnit::m2:
        return with_decimals(scaled(ten_thousandths_m2, 1, 100), 2);
    case AreaUnit::ha:
        return with_decimals(scaled(ten_thousandths_m2, 1, 10'000), 4);
    case AreaUnit::km2:
        return with_decimals(scaled(ten_thousandths_m2, 1, 100'000'000), 2);
    case AreaUnit::mu: // 1 亩 = 2000/3 m²
        return with_decimals(scaled(ten_thousandths_m2, 3, 200'000), 2);
    }
    return {};
}

std::string unit_name(AreaUnit unit, Lang lang) {
    switch (unit) {
    case AreaUnit::m2:
        return lang == Lang::zh ? "平方米" : "m²";
    case AreaUnit::ha:
        return lang == Lang::zh ? "公顷" : "ha";
    case AreaUnit::km2:
        return lang == Lang::zh ? "平方公里" : "km²";
    case AreaUnit::mu:
        return lang == Lang::zh ? "亩" : "mu";
    }
    return {};
}

} // namespace corebelt::reports
