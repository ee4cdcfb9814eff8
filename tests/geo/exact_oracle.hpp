#pragma once
/// Exact areas of overlaps by integration over slabs, sharing nothing with the kernel: between two neighbouring
/// abscissae of vertices and crossings no edge begins, ends or crosses another, so the covered length on the
/// slab's middle line times its width is the area there.

#include "corebelt/geo/shapes.hpp"

#include <span>

namespace corebelt::test {

/// rational: exact, slow. quad: 113-bit floating point, which is enough here because the integral is continuous
/// in every rounded number; about 1e-30 of the squared extent off, a thousand times faster.
enum class Arithmetic { rational, quad };

/// A number given as nearest + rest.
struct ExactArea {
    double nearest = 0;
    double rest = 0;
    /// value − exact, rounded once.
    [[nodiscard]] double error_of(double value) const { return (value - nearest) - rest; }
};

/// ∬ w_A · w_B for winding numbers w.
[[nodiscard]] ExactArea exact_overlap(const geo::ShapeView& a, const geo::ShapeView& b, Arithmetic arithmetic);

/// ∬ w_A · [some w_Bj > 0].
[[nodiscard]] ExactArea exact_overlap_union(const geo::ShapeView& a, std::span<const geo::ShapeView> bs,
                                            Arithmetic arithmetic);

/// Boundary length of A ∩ (∪ B) as a set: seams between touching B and places without width do not count. For valid
/// features; good to about 1e-12 of the extent.
[[nodiscard]] double overlap_length(const geo::ShapeView& a, std::span<const geo::ShapeView> bs);

} // namespace corebelt::test
