#include "corebelt/geo/nearest_name.hpp"

#include <algorithm>
#include <cstddef>
#include <utility>
#include <vector>

namespace corebelt::geo {

namespace {

constexpr std::size_t longest = 64;

/// Characters as byte groups: a lead byte and its continuation bytes.
std::vector<std::string> characters(std::string_view text) {
    std::vector<std::string> result;
    for (const char c : text) {
        if ((static_cast<unsigned char>(c) & 0xC0U) == 0x80U && !result.empty())
            result.back() += c;
        else if (result.size() == longest)
            break;
        else
            result.emplace_back(1, c);
    }
    return result;
}

std::string lower(std::string_view text) {
    std::string result(text);
    for (char& c : result)
        if (c >= 'A' && c <= 'Z')
            c = static_cast<char>(c - 'A' + 'a');
    return result;
}

std::size_t distance(const std::vector<std::string>& a, const std::vector<std::string>& b) {
    const std::size_t width = b.size() + 1;
    std::vector<std::size_t> d((a.size() + 1) * width);
    for (std::size_t j = 0; j < width; ++j)
        d[j] = j;
    for (std::size_t i = 1; i <= a.size(); ++i) {
        d[i * width] = i;
        for (std::size_t j = 1; j < width; ++j) {
            std::size_t best = std::min(d[(i - 1) * width + j], d[i * width + j - 1]) + 1;
            best = std::min(best, d[(i - 1) * width + j - 1] + (a[i - 1] == b[j - 1] ? 0 : 1));
            if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1])
                best = std::min(best, d[(i - 2) * width + j - 2] + 1);
            d[i * width + j] = best;
        }
    }
    return d.back();
}

} // namespace

std::optional<std::string> nearest_name(std::string_view name, std::span<const std::string> names) {
    const auto wanted = characters(name);
    const auto wanted_lower = characters(lower(name));
    const std::string* best = nullptr;
    std::pair<std::size_t, std::size_t> best_distance;
    for (const std::string& candidate : names) {
        const std::pair found{distance(wanted_lower, characters(lower(candidate))),
                              distance(wanted, characters(candidate))};
        if (best == nullptr || found < best_distance) {
            best = &candidate;
            best_distance = found;
        }
    }
    return best == nullptr ? std::nullopt : std::optional(*best);
}

} // namespace corebelt::geo
