#pragma once
/// Area of A ∩ B and of A ∩ (B₁ ∪ B₂ ∪ …) without building a geometry.
///
/// Twice the area is Σ over A's edges of w_B·(a×b) + Σ over B's edges of w_A·(u×v) + Σ over crossings of
/// s·X×(b−v): nothing is noded, sorted, linked or allocated. Signs are exact; ties are broken by an infinitesimal
/// shift of B, which cannot change an area. See docs/architecture.md.

#include "corebelt/geo/area_form.hpp"
#include "corebelt/geo/prepared_area.hpp"

#include <cstdint>
#include <memory>
#include <span>

namespace corebelt::geo {

struct Overlap {
    double planar_m2 = 0;
    double ground_m2 = 0; ///< 0 unless a ground form was given
    /// |true − planar_m2| is at most this: u·[8·Σ(L_A(L_A+D) + D·L_B) + (N+2)·D·P], u = 2⁻⁵³, the sum over crossings
    /// of edges of lengths L_A and L_B, D the diameter of A's box, N terms, P their length.
    double bound_m2 = 0;
    /// Boundary of the common set, units of the CRS: neither seams between touching B nor places without width.
    double length = 0;
    std::uint32_t crossings = 0;         ///< 0: one contains the other, or they are apart
    std::uint32_t parity_violations = 0; ///< always 0; anything else is an internal error

    /// Boundaries run through each other or through shared edges, so the answer needed arithmetic.
    [[nodiscard]] bool cut() const { return crossings != 0; }
};

/// One kernel a thread: it owns scratch memory and the forms.
class OverlapKernel {
public:
    /// @param planar  form for planar_m2; must be AreaForm::planar(), of which only the factor to m² is used.
    /// @param ground  form for ground_m2, or null.
    OverlapKernel(const AreaForm& planar, const AreaForm* ground);
    ~OverlapKernel();
    OverlapKernel(OverlapKernel&&) noexcept;
    OverlapKernel& operator=(OverlapKernel&&) noexcept;

    /// A ∩ B; for odd input (parts that overlap) ∬ w_A · w_B with winding numbers w. Swapping the arguments, rotating
    /// ring starts and reordering rings change the result by no more than the bounds. @pre as PreparedArea.
    [[nodiscard]] Overlap overlap(const ShapeView& a, const PreparedArea& b);
    [[nodiscard]] Overlap overlap(const PreparedArea& a, const PreparedArea& b);

    /// A ∩ (∪ B_j), each place counted once. Ties among the B_j are shifted in the order given, so callers give
    /// them in an order that does not depend on the file (ControlSet does). @pre each B is valid; A may be odd.
    [[nodiscard]] Overlap overlap_union(const ShapeView& a, std::span<const PreparedArea* const> bs);

private:
    struct Scratch;
    std::unique_ptr<Scratch> scratch_;
};

} // namespace corebelt::geo
