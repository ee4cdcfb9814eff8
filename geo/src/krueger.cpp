#include "krueger.hpp"

#include "portable_math.hpp"

#include <cmath>
#include <span>

namespace corebelt::geo {

namespace {

double polynomial(std::span<const double> by_power, double x) {
    double sum = 0;
    for (std::size_t i = by_power.size(); i-- > 0;)
        sum = sum * x + by_power[i];
    return sum;
}

/// Coefficients of n, n², … n⁶.
using ByThirdFlattening = std::array<double, 6>;

// Karney 2011, doi:10.1007/s00190-011-0445-3, equation 36.
constexpr std::array<ByThirdFlattening, 6> rectifying_to_conformal = {{
    {1.0 / 2, -2.0 / 3, 37.0 / 96, -1.0 / 360, -81.0 / 512, 96199.0 / 604800},
    {0, 1.0 / 48, 1.0 / 15, -437.0 / 1440, 46.0 / 105, -1118711.0 / 3870720},
    {0, 0, 17.0 / 480, -37.0 / 840, -209.0 / 4480, 5569.0 / 90720},
    {0, 0, 0, 4397.0 / 161280, -11.0 / 504, -830251.0 / 7257600},
    {0, 0, 0, 0, 4583.0 / 161280, -108847.0 / 3991680},
    {0, 0, 0, 0, 0, 20648693.0 / 638668800},
}};
// Engsager and Poder 2007: geographic from conformal latitude.
constexpr std::array<ByThirdFlattening, 6> conformal_to_geographic = {{
    {2, -2.0 / 3, -2, 116.0 / 45, 26.0 / 45, -2854.0 / 675},
    {0, 7.0 / 3, -8.0 / 5, -227.0 / 45, 2704.0 / 315, 2323.0 / 945},
    {0, 0, 56.0 / 15, -136.0 / 35, -1262.0 / 105, 73814.0 / 2835},
    {0, 0, 0, 4279.0 / 630, -332.0 / 35, -399572.0 / 14175},
    {0, 0, 0, 0, 4174.0 / 315, -144838.0 / 6237},
    {0, 0, 0, 0, 0, 601676.0 / 22275},
}};

std::array<double, 6> at_flattening(const std::array<ByThirdFlattening, 6>& table, double n) {
    std::array<double, 6> out{};
    for (std::size_t j = 0; j < out.size(); ++j)
        out[j] = n * polynomial(table[j], n);
    return out;
}

/// μ(φ); error below 1e-16.
double rectifying_latitude(double phi, double n) {
    if (phi == 0)
        return 0;
    const double n2 = n * n;
    return phi + n * polynomial(std::array{-3.0 / 2, 9.0 / 16, -3.0 / 32}, n2) * portable::sin_cos(2 * phi).sin +
           n2 * polynomial(std::array{15.0 / 16, -15.0 / 32}, n2) * portable::sin_cos(4 * phi).sin +
           n * n2 * polynomial(std::array{-35.0 / 48, 105.0 / 256}, n2) * portable::sin_cos(6 * phi).sin +
           n2 * n2 * (315.0 / 512) * portable::sin_cos(8 * phi).sin -
           n2 * n2 * n * (693.0 / 1280) * portable::sin_cos(10 * phi).sin;
}

struct ComplexSinCos {
    Complex sin;
    Complex cos;
};

ComplexSinCos sin_cos(double xi, double eta) {
    const portable::SinCos x = portable::sin_cos(xi);
    const portable::SinhCosh y = portable::sinh_cosh(eta);
    return {{x.sin * y.cosh, x.cos * y.sinh}, {x.cos * y.cosh, -x.sin * y.sinh}};
}

/// Σ cⱼ sin 2jζ by Clenshaw's recurrence.
Complex sine_sum(const std::array<double, 6>& c, const ComplexSinCos& twice) {
    Complex one_on{};
    Complex two_on{};
    for (std::size_t j = c.size(); j-- > 0;) {
        const Complex now = 2 * (twice.cos * one_on) - two_on + Complex{c[j], 0};
        two_on = one_on;
        one_on = now;
    }
    return twice.sin * one_on;
}

} // namespace

double flattening(const Ellipsoid& figure) {
    return figure.inverse_flattening == 0 ? 0 : 1 / figure.inverse_flattening;
}

RectifyingFrame::RectifyingFrame(const GaussKrueger& gk, const Ellipsoid& figure, double metres_per_unit) {
    const double f = flattening(figure);
    n = f / (2 - f);
    const double radius =
        figure.semi_major_m / (1 + n) * polynomial(std::array{1.0, 1.0 / 4, 1.0 / 64, 1.0 / 256}, n * n);
    per_unit = metres_per_unit / (radius * gk.scale);
    easting_0 = gk.false_easting_m / metres_per_unit;
    northing_0 = gk.false_northing_m / metres_per_unit;
    xi_0 = rectifying_latitude(gk.latitude_of_origin_deg * portable::radians_per_degree, n);
}

KruegerInverse::KruegerInverse(const GaussKrueger& gk, const Ellipsoid& figure, double metres_per_unit)
    : frame_(gk, figure, metres_per_unit),
      to_conformal_(at_flattening(rectifying_to_conformal, frame_.n)),
      to_geographic_(at_flattening(conformal_to_geographic, frame_.n)) {}

KruegerInverse::Place KruegerInverse::at(XY p) const {
    const double xi = frame_.xi(p.y);
    const double eta = frame_.eta(p.x);
    const Complex shift = sine_sum(to_conformal_, sin_cos(2 * xi, 2 * eta));
    const portable::SinCos x = portable::sin_cos(xi - shift.re);
    const portable::SinhCosh y = portable::sinh_cosh(eta - shift.im);

    const double sin_chi = x.sin / y.cosh;
    const double cos_chi = std::sqrt(y.sinh * y.sinh + x.cos * x.cos) / y.cosh;
    const ComplexSinCos twice = {{2 * sin_chi * cos_chi, 0}, {(cos_chi - sin_chi) * (cos_chi + sin_chi), 0}};
    const portable::SinCos delta = portable::sin_cos(sine_sum(to_geographic_, twice).re);
    return {portable::atan2(y.sinh, x.cos), sin_chi * delta.cos + cos_chi * delta.sin,
            cos_chi * delta.cos - sin_chi * delta.sin};
}

KruegerInverse::IsometricSeries KruegerInverse::isometric_series(XY origin, std::size_t order) const {
    const double xi = frame_.xi(origin.y);
    const double eta = frame_.eta(origin.x);
    const ComplexSinCos twice = sin_cos(2 * xi, 2 * eta);

    // g = dζ'/dζ = 1 − Σ 2j βⱼ cos 2jζ, by powers of ζ − ζ(origin).
    IsometricSeries g{Complex{1, 0}};
    Complex sine = twice.sin;
    Complex cosine = twice.cos;
    Complex shift{};
    for (std::size_t j = 0; j < to_conformal_.size(); ++j) {
        const double frequency = 2 * static_cast<double>(j + 1);
        shift = shift + to_conformal_[j] * sine;
        double factor = frequency * to_conformal_[j];
        for (std::size_t k = 0; k < order; ++k) {
            const Complex wave = k % 2 == 0 ? cosine : sine; // cos, −sin, −cos, sin, …
            g[k] = g[k] - (((k + 1) / 2) % 2 == 0 ? factor : -factor) * wave;
            factor *= frequency / static_cast<double>(k + 1);
        }
        const Complex next_sine = sine * twice.cos + cosine * twice.sin;
        cosine = cosine * twice.cos - sine * twice.sin;
        sine = next_sine;
    }

    // sin ζ' and cos ζ' by powers, from s' = c·g and c' = −s·g; then d(ψ + iλ)/dζ = g / cos ζ'.
    IsometricSeries s{};
    IsometricSeries c{};
    const ComplexSinCos conformal = sin_cos(xi - shift.re, eta - shift.im);
    s[0] = conformal.sin;
    c[0] = conformal.cos;
    IsometricSeries slope{};
    IsometricSeries out{};
    double scale = frame_.per_unit;
    for (std::size_t k = 0; k < order; ++k) {
        if (k > 0) {
            Complex ds{};
            Complex dc{};
            for (std::size_t i = 0; i < k; ++i) {
                ds = ds + c[i] * g[k - 1 - i];
                dc = dc - s[i] * g[k - 1 - i];
            }
            s[k] = (1.0 / static_cast<double>(k)) * ds;
            c[k] = (1.0 / static_cast<double>(k)) * dc;
        }
        Complex rest = g[k];
        for (std::size_t i = 1; i <= k; ++i)
            rest = rest - c[i] * slope[k - i];
        slope[k] = rest / c[0];
        out[k] = (scale / static_cast<double>(k + 1)) * slope[k];
        scale *= frame_.per_unit;
    }
    return out;
}

} // namespace corebelt::geo
