#pragma once
/// Sums that depend on nothing but their terms: integers in units of 2⁻⁶⁰ m² (or m), rounded once at output.

#include <cstdint>

namespace corebelt::geo {

/// Exact sum of doubles, each rounded to a multiple of 2⁻⁶⁰; order, grouping and threads do not matter.
/// Holds |sum| < 2⁶⁶ m² (the ellipsoid has 2⁴⁹).
class Amount {
public:
    Amount() = default;
    explicit Amount(double value);

    Amount& operator+=(const Amount& other) {
        units_ += other.units_;
        return *this;
    }
    Amount& operator-=(const Amount& other) {
        units_ -= other.units_;
        return *this;
    }
    friend Amount operator+(Amount a, const Amount& b) { return a += b; }
    friend Amount operator-(Amount a, const Amount& b) { return a -= b; }
    friend bool operator==(const Amount&, const Amount&) = default;

    /// Nearest double.
    [[nodiscard]] double value() const;
    /// Count of 1e-4 units (1e-4 m²), half away from zero: the integer that every output is made from.
    [[nodiscard]] std::int64_t ten_thousandths() const;
    [[nodiscard]] bool is_zero() const { return units_ == 0; }

private:
    __extension__ typedef __int128 Units;
    Units units_ = 0;
};

} // namespace corebelt::geo
