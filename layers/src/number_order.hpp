#pragma once
/// Order of integers and reals without rounding: an integer beyond 2⁵³ is not made a double first.

#include <cmath>
#include <compare>
#include <cstdint>

namespace corebelt::layers {

[[nodiscard]] inline std::partial_ordering number_order(std::int64_t integer, double real) {
    constexpr double two_to_63 = 9223372036854775808.0;
    if (std::isnan(real))
        return std::partial_ordering::unordered;
    if (real >= two_to_63)
        return std::partial_ordering::less;
    if (real < -two_to_63)
        return std::partial_ordering::greater;
    const double whole = std::trunc(real);
    const auto whole_integer = static_cast<std::int64_t>(whole);
    if (integer != whole_integer)
        return integer <=> whole_integer;
    return whole <=> real;
}

} // namespace corebelt::layers
