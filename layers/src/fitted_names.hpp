#pragma once
/// Names of fields as a format can hold them.

#include <cstddef>
#include <functional>
#include <string>
#include <vector>

namespace corebelt::layers {

struct NameLimits {
    std::size_t max_bytes = 0;                                     ///< 0: any length
    std::function<std::size_t(const std::string& utf8)> byte_size; ///< as the file stores it
    std::vector<std::string> reserved;                             ///< taken by the format, in any case
};

/// One name a field, distinct in any case and within the limits. A name that fits and comes first keeps itself; the
/// others are cut at a character and get a number.
[[nodiscard]] std::vector<std::string> fitted_names(const std::vector<std::string>& names, const NameLimits& limits);

/// `text` without its last characters, so that it takes at most `max_bytes`.
[[nodiscard]] std::string cut_to(std::string text, std::size_t max_bytes,
                                 const std::function<std::size_t(const std::string&)>& byte_size);

} // namespace corebelt::layers
