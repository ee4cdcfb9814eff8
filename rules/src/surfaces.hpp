#pragma once
/// Areas on both surfaces at once, map and ellipsoid: reports show both and compare declared areas with both.

#include "part_measure.hpp"

#include "corebelt/geo/shapes.hpp"

namespace corebelt::rules {

/// The precision that filed coordinates are taken to have: 1 mm, as boundary-point tables print it. What one such
/// step may do to an amount is its `sensitivity`.
inline constexpr double coordinate_step_m = 0.001;

/// An area in m² on the map (0 in a geographic CRS, where the map has none) and on the ellipsoid.
struct AreaPair {
    double planar = 0;
    double ellipsoidal = 0;
};

/// Whole areas and parts of one project: its CRS and method. Immutable, shared by threads.
class Surfaces {
public:
    /// Ellipsoidal areas are geodesic where the method says so, else cn2008.
    /// @throws Error{usage, "planar-on-degrees"}.
    Surfaces(const geo::Crs& crs, geo::AreaMethod method);

    struct Whole {
        AreaPair m2;
        PartMeasure::Whole ellipsoidal; ///< for parts
        double m2_per_square_unit = 1;  ///< of the CRS, here; for degrees: of this feature's surroundings
        double m_per_unit = 1;
        double perimeter_m = 0;
        double bound_m2 = 0; ///< numerical bound of the area by the project's method
    };
    /// @pre shape is areal and not empty.
    [[nodiscard]] Whole whole(const geo::ShapeView& shape) const;
    [[nodiscard]] AreaPair part(const Whole& whole, const geo::Overlap& overlap) const;
    /// Numerical bound of a part by the project's method, m².
    [[nodiscard]] double bound_m2(const Whole& whole, const geo::Overlap& overlap) const {
        return overlap.bound_m2 * (crs_.is_projected() ? 1 : whole.m2_per_square_unit);
    }

    /// The one of the two that the project measures by.
    [[nodiscard]] double by_method(const AreaPair& pair) const {
        return method_ == geo::AreaMethod::planar ? pair.planar : pair.ellipsoidal;
    }
    [[nodiscard]] geo::AreaMethod method() const { return method_; }
    [[nodiscard]] const geo::Crs& crs() const { return crs_; }
    [[nodiscard]] geo::OverlapKernel make_kernel() const { return ellipsoidal_.make_kernel(); }

private:
    geo::Crs crs_;
    geo::AreaMethod method_;
    geo::AreaForm planar_;
    PartMeasure ellipsoidal_;
};

/// Length of all rings, units of the CRS.
[[nodiscard]] double perimeter(const geo::ShapeView& shape);

} // namespace corebelt::rules
