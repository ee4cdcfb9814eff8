#pragma once
/// Words of a CQL2 filter and the places where they stand.

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace corebelt::layers {

struct FilterToken {
    enum class Kind { name, quoted_name, text, integer, real, symbol, end };
    Kind kind = Kind::end;
    std::string value; ///< name, text without quotes, symbol, digits as written
    std::int64_t integer = 0;
    double real = 0;       ///< of integers too
    std::size_t begin = 0; ///< byte offsets in the filter
    std::size_t end = 0;
};

/// Always ends with a token of kind end. @throws Error{usage, "bad-filter"}.
[[nodiscard]] std::vector<FilterToken> filter_tokens(const std::string& filter);

/// Characters up to a byte, counted from 1.
[[nodiscard]] std::size_t filter_place(const std::string& filter, std::size_t byte_offset);

/// @throws Error{usage, "bad-filter"} that counts the place in characters and shows the filter.
[[noreturn]] void filter_error(const std::string& filter, std::size_t byte_offset, const std::string& en,
                               const std::string& zh);

/// ASCII letters without regard to case.
[[nodiscard]] bool same_word(std::string_view a, std::string_view b);

} // namespace corebelt::layers
