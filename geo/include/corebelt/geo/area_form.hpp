#pragma once
/// What an area integral integrates: dx dy on the map, or the ground that dx dy stands for.
///
/// By Green's theorem the area of a region is the sum, over the segments of its boundary taken with the region
/// on their left, of one number a segment. A form gives that number. Forms are additive: splitting a segment
/// at any of its points does not change the sum (up to rounding), so parts add up to wholes.

#include "corebelt/geo/coord.hpp"

#include <array>

namespace corebelt::geo {

class Crs;

/// A form about a local origin; points given to it are relative to that origin.
class LocalAreaForm {
  public:
    /// Contribution of the segment p→q in m² (p and q relative to the origin, in units of the CRS).
    [[nodiscard]] double segment_m2(XY p, XY q) const {
        if (planar_)
            return 0.5 * scale_ * (p.x * q.y - q.x * p.y);
        return curved_segment_m2(p, q);
    }

  private:
    friend class AreaForm;
    [[nodiscard]] double curved_segment_m2(XY p, XY q) const;
    bool planar_ = true;
    double scale_ = 1;                 ///< m² per squared unit
    std::array<double, 24> series_{};  ///< meaning is private to area_form.cpp
};

/// A form for a whole layer; immutable, safe from any thread.
class AreaForm {
  public:
    /// Map area: dx dy in square units of the CRS, turned into m².
    [[nodiscard]] static AreaForm planar(const Crs& crs);
    /// Ground area on the ellipsoid of the CRS' datum: ∬ρ dx dy, ρ = 1/k² for Gauss–Krüger, ρ = M·N·cosB for
    /// geographic systems; other projections by PROJ's own factors sampled about the origin.
    [[nodiscard]] static AreaForm ground(const Crs& crs);

    /// The form about an origin that lies within or beside the feature.
    [[nodiscard]] LocalAreaForm local(XY origin) const;

  private:
    bool planar_ = true;
    double scale_ = 1;
    std::array<double, 16> parameters_{};
};

} // namespace corebelt::geo
