#pragma once
/// Elementary functions made of + − × ÷ √ only, so that a measure has the same bits on every machine whatever
/// its C library. Accuracy: 2 ulp for the arguments stated at each function. Private to geo.

#include <cmath>

namespace corebelt::geo::portable {

inline constexpr double pi = 3.14159265358979323846;
inline constexpr double radians_per_degree = pi / 180;

struct SinCos {
    double sin = 0;
    double cos = 1;
};

/// @pre |radians| < 1e5
[[nodiscard]] inline SinCos sin_cos(double radians) {
    // π/2 in two 33-bit pieces and a rest: products with a small quarter count are exact.
    constexpr double half_pi_high = 1.57079632673412561417e+00;
    constexpr double half_pi_middle = 6.07710050630396597660e-11;
    constexpr double half_pi_low = 2.02226624879595063154e-21;
    const double quarters = std::floor(radians / (pi / 2) + 0.5);
    const double r = ((radians - quarters * half_pi_high) - quarters * half_pi_middle) - quarters * half_pi_low;
    const double z = r * r; // ≤ (π/4)²: Taylor's remainder is below 1e-19
    const double sine =
        r + r * z *
                (-1.0 / 6 +
                 z * (1.0 / 120 + z * (-1.0 / 5040 +
                                       z * (1.0 / 362880 + z * (-1.0 / 39916800 +
                                                                z * (1.0 / 6227020800 + z * (-1.0 / 1307674368000 +
                                                                                             z / 355687428096000)))))));
    const double cosine =
        1 - z * (0.5 - z * (1.0 / 24 -
                            z * (1.0 / 720 -
                                 z * (1.0 / 40320 - z * (1.0 / 3628800 -
                                                         z * (1.0 / 479001600 - z * (1.0 / 87178291200 -
                                                                                     z * (1.0 / 20922789888000))))))));
    switch (static_cast<int>(quarters - 4 * std::floor(quarters / 4))) {
    case 0:
        return {sine, cosine};
    case 1:
        return {cosine, -sine};
    case 2:
        return {-sine, -cosine};
    default:
        return {-cosine, sine};
    }
}

/// @pre |x| < 700
[[nodiscard]] inline double exp(double x) {
    constexpr double ln2_high = 6.93147180369123816490e-01; // 33 bits
    constexpr double ln2_low = 1.90821492927058770002e-10;
    const double twos = std::floor(x / (ln2_high + ln2_low) + 0.5);
    const double r = (x - twos * ln2_high) - twos * ln2_low; // |r| ≤ 0.35
    double term = 1;
    for (int k = 16; k >= 1; --k)
        term = 1 + r / k * term;
    return std::ldexp(term, static_cast<int>(twos));
}

struct SinhCosh {
    double sinh = 0;
    double cosh = 1;
};

/// @pre |x| < 700
[[nodiscard]] inline SinhCosh sinh_cosh(double x) {
    if (std::abs(x) < 0.5) {
        const double z = x * x;
        double odd = 1;
        double even = 1;
        for (int k = 14; k >= 2; k -= 2) {
            odd = 1 + z / (k * (k + 1)) * odd;
            even = 1 + z / (k * (k - 1)) * even;
        }
        return {x * odd, even};
    }
    const double e = exp(x);
    return {0.5 * (e - 1 / e), 0.5 * (e + 1 / e)};
}

[[nodiscard]] inline double atan(double t) {
    // Three halvings of the angle bring |t| below tan(π/16) ≈ 0.199.
    for (int k = 0; k < 3; ++k)
        t = t / (1 + std::sqrt(1 + t * t));
    const double z = t * t;
    double sum = 0;
    for (int k = 25; k >= 3; k -= 2)
        sum = z * (1.0 / k - sum);
    return 8 * (t - t * sum);
}

/// Angle of the vector (x, y), −π…π; 0 for the null vector.
[[nodiscard]] inline double atan2(double y, double x) {
    if (std::abs(y) <= std::abs(x)) {
        if (x == 0)
            return 0;
        const double angle = atan(y / x);
        if (x > 0)
            return angle;
        return y < 0 ? angle - pi : angle + pi;
    }
    const double angle = pi / 2 - atan(x / std::abs(y));
    return y < 0 ? -angle : angle;
}

} // namespace corebelt::geo::portable
