#pragma once
/// The transverse Mercator projection by Krüger's series in the third flattening, without the C library's
/// transcendental functions. Private to geo.

#include "corebelt/geo/coord.hpp"
#include "corebelt/geo/crs.hpp"

#include <array>
#include <cstddef>

namespace corebelt::geo {

/// Flattening of an ellipsoid; a sphere is given by an inverse flattening of 0.
[[nodiscard]] double flattening(const Ellipsoid& figure);

/// Where a map's coordinates lie on the rectifying plane: ξ the rectifying latitude on the central meridian, η the
/// easting from it, both in radii A of the rectifying sphere.
struct RectifyingFrame {
    RectifyingFrame(const GaussKrueger& gk, const Ellipsoid& figure, double metres_per_unit);

    [[nodiscard]] double xi(double northing) const { return (northing - northing_0) * per_unit + xi_0; }
    [[nodiscard]] double eta(double easting) const { return (easting - easting_0) * per_unit; }

    double n = 0;        ///< third flattening
    double per_unit = 0; ///< radii of the rectifying sphere (times k0) in a unit of the CRS
    double easting_0 = 0;
    double northing_0 = 0;
    double xi_0 = 0;
};

/// A complex number with plain arithmetic: no special cases for infinities.
struct Complex {
    double re = 0;
    double im = 0;

    friend Complex operator+(Complex a, Complex b) { return {a.re + b.re, a.im + b.im}; }
    friend Complex operator-(Complex a, Complex b) { return {a.re - b.re, a.im - b.im}; }
    friend Complex operator*(Complex a, Complex b) { return {a.re * b.re - a.im * b.im, a.re * b.im + a.im * b.re}; }
    friend Complex operator*(double s, Complex a) { return {s * a.re, s * a.im}; }
    friend Complex operator/(Complex a, Complex b) {
        const double norm = b.re * b.re + b.im * b.im;
        return {(a.re * b.re + a.im * b.im) / norm, (a.im * b.re - a.re * b.im) / norm};
    }
};

/// From the map to the ellipsoid; 1e-13 degrees within 20° of the central meridian.
class KruegerInverse {
public:
    static constexpr std::size_t max_order = 6;
    /// Coefficients of ψ + iλ − (ψ + iλ)(origin) by rising power of Δnorthing + iΔeasting, from the first power.
    using IsometricSeries = std::array<Complex, max_order>;

    struct Place {
        double longitude_rad = 0; ///< from the central meridian
        double sin_latitude = 0;
        double cos_latitude = 1;
    };

    KruegerInverse(const GaussKrueger& gk, const Ellipsoid& figure, double metres_per_unit);

    [[nodiscard]] Place at(XY p) const;

    /// Longitude and isometric latitude ψ are one analytic function of the map: its Taylor series about a point,
    /// for features small against the Earth. Terms beyond `order` are left at 0.
    [[nodiscard]] IsometricSeries isometric_series(XY origin, std::size_t order) const;

private:
    RectifyingFrame frame_;
    std::array<double, 6> to_conformal_{};  ///< β of ζ' = ζ − Σ βⱼ sin 2jζ
    std::array<double, 6> to_geographic_{}; ///< of φ = χ + Σ δⱼ sin 2jχ
};

} // namespace corebelt::geo
