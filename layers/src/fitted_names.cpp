#include "fitted_names.hpp"

#include <set>

namespace corebelt::layers {

namespace {

/// ASCII letters made equal, as file formats do.
std::string folded(std::string name) {
    for (char& c : name)
        if (c >= 'A' && c <= 'Z')
            c = static_cast<char>(c - 'A' + 'a');
    return name;
}

} // namespace

std::string cut_to(std::string text, std::size_t max_bytes,
                   const std::function<std::size_t(const std::string&)>& byte_size) {
    // Every encoding in question takes at least one byte where UTF-8 takes four.
    if (text.size() > 4 * max_bytes + 4)
        text.resize(4 * max_bytes + 4);
    while (!text.empty() && byte_size(text) > max_bytes) {
        while (text.size() > 1 && (static_cast<unsigned char>(text.back()) & 0xC0U) == 0x80U)
            text.pop_back();
        text.pop_back();
    }
    return text;
}

std::vector<std::string> fitted_names(const std::vector<std::string>& names, const NameLimits& limits) {
    const std::size_t max_bytes = limits.max_bytes == 0 ? std::string::npos / 8 : limits.max_bytes;
    std::set<std::string> taken;
    for (const auto& name : limits.reserved)
        taken.insert(folded(name));
    std::vector<std::string> fitted(names.size());
    for (std::size_t i = 0; i < names.size(); ++i)
        if (!names[i].empty() && limits.byte_size(names[i]) <= max_bytes && taken.insert(folded(names[i])).second)
            fitted[i] = names[i];
    for (std::size_t i = 0; i < names.size(); ++i) {
        if (!fitted[i].empty())
            continue;
        std::string candidate = cut_to(names[i].empty() ? "field" : names[i], max_bytes, limits.byte_size);
        for (unsigned number = 1; !taken.insert(folded(candidate)).second; ++number) {
            const std::string ending = "_" + std::to_string(number);
            candidate =
                cut_to(names[i].empty() ? "field" : names[i], max_bytes - ending.size(), limits.byte_size) + ending;
        }
        fitted[i] = candidate;
    }
    return fitted;
}

} // namespace corebelt::layers
