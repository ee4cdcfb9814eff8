#include "corebelt/layers/land_use.hpp"

#include "land_use_tables.hpp"

#include "corebelt/geo/error.hpp"
#include "corebelt/geo/expects.hpp"
#include "corebelt/geo/nearest_name.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <map>
#include <utility>

namespace corebelt::layers {

namespace {

/// Fields of one CSV line; a quoted field may hold commas, and "" for a quote.
std::vector<std::string> csv_fields(std::string_view line) {
    std::vector<std::string> fields(1);
    bool quoted = false;
    for (std::size_t i = 0; i < line.size(); ++i) {
        const bool doubled = quoted && line[i] == '"' && i + 1 < line.size() && line[i + 1] == '"';
        if (doubled)
            fields.back() += line[++i];
        else if (line[i] == '"')
            quoted = !quoted;
        else if (line[i] == ',' && !quoted)
            fields.emplace_back();
        else
            fields.back() += line[i];
    }
    return fields;
}

/// "#BB9674".
std::optional<std::array<std::uint8_t, 3>> colour_of(const std::string& hex) {
    if (hex.empty())
        return std::nullopt;
    COREBELT_EXPECTS(hex.size() == 7 && hex.front() == '#');
    std::array<std::uint8_t, 3> colour{};
    for (std::size_t i = 0; i < colour.size(); ++i) {
        const char* const digits = hex.data() + 1 + 2 * i;
        COREBELT_EXPECTS(std::from_chars(digits, digits + 2, colour[i], 16).ptr == digits + 2);
    }
    return colour;
}

LandUseClass class_of(std::string_view line) {
    constexpr std::size_t columns = 8;
    std::vector<std::string> fields = csv_fields(line);
    COREBELT_EXPECTS(fields.size() == columns);
    LandUseClass c;
    c.code = std::move(fields[0]);
    c.parent = std::move(fields[1]);
    c.level = fields[2].front() - '0';
    c.name_zh = std::move(fields[3]);
    c.name_en = std::move(fields[4]);
    c.colour = colour_of(fields[5]);
    c.colour_explicit = fields[6] == "1";
    c.construction = std::move(fields[7]);
    return c;
}

LandUseScheme scheme_of(std::string_view name, std::string_view csv) {
    std::vector<LandUseClass> classes;
    std::size_t begin = csv.find('\n') + 1; // after the heading
    while (begin < csv.size()) {
        const std::size_t end = std::min(csv.find('\n', begin), csv.size());
        classes.push_back(class_of(csv.substr(begin, end - begin)));
        begin = end + 1;
    }
    return {std::string(name), std::move(classes)};
}

const std::map<std::string, LandUseScheme, std::less<>>& schemes() {
    static const auto all = [] {
        std::map<std::string, LandUseScheme, std::less<>> result;
        for (const auto& [name, csv] : land_use_tables())
            result.emplace(name, scheme_of(name, csv));
        return result;
    }();
    return all;
}

} // namespace

LandUseScheme::LandUseScheme(std::string name, std::vector<LandUseClass> classes)
    : name_(std::move(name)), classes_(std::move(classes)) {
    std::sort(classes_.begin(), classes_.end(),
              [](const LandUseClass& a, const LandUseClass& b) { return a.code < b.code; });
    for (std::size_t i = 0; i < classes_.size(); ++i) {
        COREBELT_EXPECTS(i == 0 || classes_[i - 1].code != classes_[i].code);
        const LandUseClass* ancestor = &classes_[i];
        for (std::size_t steps = 0; !ancestor->parent.empty(); ++steps) {
            ancestor = find(ancestor->parent);
            COREBELT_EXPECTS(ancestor != nullptr && steps < classes_.size());
        }
    }
}

const LandUseScheme& LandUseScheme::get(std::string_view name) {
    const auto found = schemes().find(name);
    if (found != schemes().end())
        return found->second;
    const std::vector<std::string> known = names();
    const std::string listed = fmt::format("{}", fmt::join(known, ", "));
    const std::string nearest = geo::nearest_name(name, known).value_or("");
    throw Error(ErrorKind::usage, "unknown-scheme",
                {fmt::format("no land-use scheme \"{}\"; the nearest is {}; there are {}", name, nearest, listed),
                 fmt::format("没有名为“{}”的用地分类标准，最接近的是 {}；可用：{}", name, nearest, listed)});
}

std::vector<std::string> LandUseScheme::names() {
    std::vector<std::string> result;
    for (const auto& [name, scheme] : schemes())
        result.push_back(name);
    return result;
}

const LandUseClass* LandUseScheme::find(std::string_view code) const {
    const auto at = std::lower_bound(classes_.begin(), classes_.end(), code,
                                     [](const LandUseClass& c, std::string_view wanted) { return c.code < wanted; });
    return at != classes_.end() && at->code == code ? &*at : nullptr;
}

const LandUseClass* LandUseScheme::find_nearest(std::string_view code) const {
    for (; !code.empty(); code.remove_suffix(1))
        if (const LandUseClass* const found = find(code))
            return found;
    return nullptr;
}

bool LandUseScheme::is_within(std::string_view code, std::string_view ancestor) const {
    if (code == ancestor)
        return true;
    const LandUseClass* at = find_nearest(code);
    while (at != nullptr) {
        if (at->code == ancestor)
            return true;
        at = at->parent.empty() ? nullptr : find(at->parent);
    }
    return false;
}

} // namespace corebelt::layers
