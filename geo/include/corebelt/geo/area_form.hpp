#pragma once
/// What an area integral integrates: dx dy on the map, or the ground that dx dy stands for.
///
/// By Green's theorem the area of a region is the sum, over the segments of its boundary taken with the region
/// on their left, of one number a segment. A form gives that number. Forms are additive: splitting a segment
/// at any of its points does not change the sum (up to rounding), so parts add up to wholes.

#include "corebelt/geo/coord.hpp"

#include <array>
#include <cstdint>
#include <memory>
#include <utility>

namespace corebelt::geo {

class Crs;

/// A form about a local origin; points given to it are relative to that origin. Small enough to copy freely.
class LocalAreaForm {
public:
    /// Contribution of the segment p→q in m² (p and q relative to the origin, in units of the CRS); q→p gives
    /// exactly its negative.
    [[nodiscard]] double segment_m2(XY p, XY q) const {
        if (kind_ == Kind::planar)
            return 0.5 * scale_ * (p.x * q.y - q.x * p.y);
        return curved_segment_m2(p, q);
    }

private:
    friend class AreaForm;
    enum class Kind : std::uint8_t { planar, by_easting, by_northing };
    [[nodiscard]] double curved_segment_m2(XY p, XY q) const;
    Kind kind_ = Kind::planar;
    double scale_ = 1;                ///< m² per squared unit
    double short_edge_ = 0;           ///< edges no longer than this need only two nodes
    std::array<double, 20> series_{}; ///< meaning is private to area_form.cpp
};

/// A form for a whole layer; immutable, cheap to copy, safe from any thread.
class AreaForm {
public:
    /// Map area: dx dy in square units of the CRS, turned into m².
    [[nodiscard]] static AreaForm planar(const Crs& crs);

    /// Ground area on the ellipsoid of the CRS' datum: ∬ρ dx dy, edges straight on the map.
    ///
    /// ρ is a polynomial about the local origin, integrated exactly, so parts add up to wholes. Its error,
    /// relative, for features that stay within 50 km (500 km) of the local origin:
    /// - Gauss–Krüger and every transverse Mercator, ρ = 1/k²: 1e-12 (1e-8) within 6° of the meridian;
    /// - geographic, ρ = M·N·cosB, and Mercator systems: 1e-12 (1e-8), poles left out;
    /// - other projections, ρ from PROJ's areal factor: 1e-9 (1e-7).
    [[nodiscard]] static AreaForm ground(const Crs& crs);

    /// The form about an origin that lies within or beside the feature.
    /// @throws Error{input, "no-ground-area"} where PROJ has no areal factor at the origin (other projections).
    [[nodiscard]] LocalAreaForm local(XY origin) const;

    struct Model; ///< private to area_form.cpp

private:
    explicit AreaForm(std::shared_ptr<const Model> model) : model_(std::move(model)) {}
    std::shared_ptr<const Model> model_;
};

} // namespace corebelt::geo
