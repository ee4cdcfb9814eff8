#pragma once
/// Metres a unit of the CRS, for lengths so short that the scale does not change along them.

#include "portable_math.hpp"

#include "corebelt/geo/coord.hpp"
#include "corebelt/geo/crs.hpp"

#include <cmath>

namespace corebelt::geo {

class MetreScale {
public:
    explicit MetreScale(const Crs& crs) : geographic_(crs.is_geographic()), metres_(crs.metres_per_unit()) {
        if (!geographic_)
            return;
        const double flattening = crs.ellipsoid().inverse_flattening > 0 ? 1 / crs.ellipsoid().inverse_flattening : 0;
        eccentricity2_ = flattening * (2 - flattening);
        metres_ = crs.ellipsoid().semi_major_m;
    }

    /// Of one unit along x and along y. Degrees: on the ellipsoid, to 1e-7 · length in km.
    [[nodiscard]] XY at(XY place) const {
        if (!geographic_)
            return {metres_, metres_};
        const auto [sine, cosine] = portable::sin_cos(place.y * portable::radians_per_degree);
        const double w2 = 1 - eccentricity2_ * sine * sine;
        const double normal = metres_ / std::sqrt(w2);
        return {portable::radians_per_degree * normal * std::abs(cosine),
                portable::radians_per_degree * normal * (1 - eccentricity2_) / w2};
    }
    [[nodiscard]] double length_m(XY p, XY q) const {
        const XY metres = at({0.5 * (p.x + q.x), 0.5 * (p.y + q.y)});
        const double dx = metres.x * (q.x - p.x);
        const double dy = metres.y * (q.y - p.y);
        return std::sqrt(dx * dx + dy * dy);
    }
    [[nodiscard]] bool is_geographic() const { return geographic_; }

private:
    bool geographic_;
    double metres_; ///< of a unit; the semi-major axis where the unit is a degree
    double eccentricity2_ = 0;
};

} // namespace corebelt::geo
