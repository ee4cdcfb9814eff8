#include "corebelt/layers/issue.hpp"

#include <algorithm>
#include <charconv>
#include <tuple>

namespace corebelt::layers {

namespace {

std::optional<std::int64_t> integer_in(const std::string& text) {
    std::int64_t number = 0;
    const auto end = std::from_chars(text.data(), text.data() + text.size(), number);
    if (end.ec != std::errc{} || end.ptr != text.data() + text.size())
        return std::nullopt;
    return number;
}

/// Negative, zero, positive: numbers by value before words by bytes; "7" and "07" differ.
int compare_ids(const std::string& a, const std::string& b) {
    const auto number_a = integer_in(a);
    const auto number_b = integer_in(b);
    if (number_a.has_value() != number_b.has_value())
        return number_a ? -1 : 1;
    if (number_a && *number_a != *number_b)
        return *number_a < *number_b ? -1 : 1;
    return a.compare(b);
}

} // namespace

bool operator<(const Issue& a, const Issue& b) {
    if (const int order = a.layer.compare(b.layer); order != 0)
        return order < 0;
    if (const int order = a.code.compare(b.code); order != 0)
        return order < 0;
    if (const int order = compare_ids(a.feature, b.feature); order != 0)
        return order < 0;
    const auto rest = [](const Issue& issue) {
        const geo::XY place = issue.place.value_or(geo::XY{});
        return std::tuple<const std::string&, const std::string&, bool, double, double>(
            issue.text.en, issue.text.zh, issue.place.has_value(), place.x, place.y);
    };
    return rest(a) < rest(b);
}

void IssueLog::add(Issue issue) {
    issues_.push_back(std::move(issue));
}

void IssueLog::merge(const IssueLog& other) {
    issues_.insert(issues_.end(), other.issues_.begin(), other.issues_.end());
}

std::vector<Issue> IssueLog::sorted() const {
    auto sorted = issues_;
    std::stable_sort(sorted.begin(), sorted.end());
    return sorted;
}

std::map<std::string, std::uint64_t> IssueLog::counts() const {
    std::map<std::string, std::uint64_t> counts;
    for (const auto& issue : issues_)
        ++counts[issue.code];
    return counts;
}

} // namespace corebelt::layers
