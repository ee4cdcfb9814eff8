#pragma once
/// The two questions about UTF-8 that every room asks.

#include <cstddef>
#include <string_view>

namespace corebelt::geo {

/// Well-formed UTF-8: no overlong forms, no surrogates, nothing above U+10FFFF.
[[nodiscard]] bool is_utf8(std::string_view bytes);

/// Characters (code points) of a well-formed text; bytes that begin no character are not counted.
[[nodiscard]] std::size_t character_count(std::string_view utf8);

} // namespace corebelt::geo
