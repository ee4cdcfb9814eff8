#pragma once
/// Exact orientation of three points.

#include "corebelt/geo/coord.hpp"

#include <cmath>

namespace corebelt::geo {

/// As orientation(), by adding up all products without rounding; for coordinates whose differences are inexact.
[[nodiscard]] int orientation_by_expansion(XY a, XY b, XY c);

/// Sign of (b−a)×(c−a): +1 where c lies left of a→b, −1 right, 0 on the line. Exact for finite coordinates whose
/// products neither overflow nor underflow (magnitudes 1e-140…1e140), on the lattice or not.
[[nodiscard]] inline int orientation(XY a, XY b, XY c) {
    const double p = b.x - a.x;
    const double q = c.y - a.y;
    const double r = b.y - a.y;
    const double s = c.x - a.x;
    const double left = p * q;
    const double right = r * s;
    const double cross = left - right;
    constexpr double bound = 4.5e-16; // > (3 + 16u)·u, Shewchuk's filter for rounded differences
    if (std::abs(cross) > bound * (std::abs(left) + std::abs(right)))
        return cross > 0 ? 1 : -1;
    // Differences are exact where taking them back gives the other operand: always so on the lattice.
    const auto exact = [](double from, double by, double difference) {
        return from - difference == by && by + difference == from;
    };
    if (!(exact(b.x, a.x, p) && exact(c.y, a.y, q) && exact(b.y, a.y, r) && exact(c.x, a.x, s)))
        return orientation_by_expansion(a, b, c);
    if (left != right)
        return left > right ? 1 : -1; // rounding keeps the order of the two products
    const double left_rest = std::fma(p, q, -left);
    const double right_rest = std::fma(r, s, -right);
    return (left_rest > right_rest) - (left_rest < right_rest);
}

} // namespace corebelt::geo
