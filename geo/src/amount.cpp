#include "corebelt/geo/amount.hpp"

#include <cmath>

namespace corebelt::geo {

namespace {

__extension__ typedef __int128 Wide;

constexpr int fraction_bits = 60;

} // namespace

Amount::Amount(double value) {
    // Split so that both halves convert exactly: a double has 53 bits, the integer 127.
    if (std::abs(value) < 0x1p62) { // always, in areas; both halves fit 64 bits
        const auto whole = static_cast<std::int64_t>(value);
        const double fraction = value - static_cast<double>(whole);
        units_ = Wide{whole} * (Wide{1} << fraction_bits) + Wide{std::llrint(fraction * 0x1p60)};
        return;
    }
    const double whole = std::trunc(value);
    const double fraction = value - whole; // exact
    const Wide unit = Wide{1} << fraction_bits;
    units_ = static_cast<Wide>(whole) * unit;
    units_ += static_cast<Wide>(std::nearbyint(std::ldexp(fraction, fraction_bits)));
}

double Amount::value() const {
    // |units| may exceed 64 bits: the compiler's conversion rounds to nearest.
    return std::ldexp(static_cast<double>(units_), -fraction_bits);
}

std::int64_t Amount::ten_thousandths() const {
    const Wide unit = Wide{1} << fraction_bits;
    const Wide whole = units_ / unit;
    const Wide rest = units_ % unit; // sign of units_
    const Wide scaled = rest * 10000;
    Wide parts = scaled / unit;
    const Wide left = scaled % unit;
    if (left * 2 >= unit)
        ++parts;
    else if (left * 2 <= -unit)
        --parts;
    return static_cast<std::int64_t>(whole * 10000 + parts);
}

} // namespace corebelt::geo
