#pragma once
/// Areas of whole features and of the parts that an overlap cuts from them, by one method in one CRS.

#include "corebelt/geo/area.hpp"
#include "corebelt/geo/overlap.hpp"

#include <cstdint>
#include <optional>

namespace corebelt::rules {

/// Immutable, shared by threads; each thread has a kernel of its own from make_kernel().
///
/// cn2008 and geodesic areas of a part are the whole feature's area times ground(part)/ground(whole), so the parts
/// of a feature add up to the area that it has as a whole.
class PartMeasure {
public:
    /// @throws Error{usage, "planar-on-degrees"}.
    PartMeasure(const geo::Crs& crs, geo::AreaMethod method);

    struct Whole {
        double m2 = 0;       ///< by the method
        double additive = 0; ///< the measure that the kernel integrates: ground m², or planar m² for planar
    };
    /// What `whole` has as m2, without the measure that only parts need.
    [[nodiscard]] double whole_m2(const geo::ShapeView& shape) const;
    [[nodiscard]] Whole whole(const geo::ShapeView& shape) const;

    /// Nothing of the feature is cut off.
    [[nodiscard]] bool is_whole(const Whole& whole, const geo::Overlap& overlap) const;
    /// Area by the method of the part that `overlap` describes. Exactly the whole where nothing is cut off.
    [[nodiscard]] double part_m2(const Whole& whole, const geo::Overlap& overlap) const;
    /// The kernel's measure of the overlap: additive, so sums of parts and of unions compare exactly.
    [[nodiscard]] double additive(const geo::Overlap& overlap) const {
        return ground_ ? overlap.ground_m2 : overlap.planar_m2;
    }

    /// A kernel for one thread; must not outlive this.
    [[nodiscard]] geo::OverlapKernel make_kernel() const {
        return geo::OverlapKernel(planar_, ground_ ? &*ground_ : nullptr);
    }
    [[nodiscard]] geo::AreaMethod method() const { return method_; }
    [[nodiscard]] bool has_ground() const { return ground_.has_value(); }
    [[nodiscard]] const geo::Crs& crs() const { return crs_; }

private:
    geo::Crs crs_;
    geo::AreaMethod method_;
    geo::AreaForm planar_;
    std::optional<geo::AreaForm> ground_;
};

/// What the overlap kernel was asked, summed.
struct KernelCounts {
    std::uint64_t pairs = 0, cut = 0, parity_violations = 0;

    void add(const geo::Overlap& overlap) {
        ++pairs;
        cut += overlap.cut() ? 1 : 0;
        parity_violations += overlap.parity_violations;
    }
    KernelCounts& operator+=(const KernelCounts& other) {
        pairs += other.pairs;
        cut += other.cut;
        parity_violations += other.parity_violations;
        return *this;
    }
};

/// @throws Error{usage, "planar-on-degrees"} where lengths or planar areas are asked of a geographic system.
void require_metres(const geo::Crs& crs);

} // namespace corebelt::rules
