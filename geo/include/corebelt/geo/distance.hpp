#pragma once
/// Distances between features and lengths of boundary that they share. Planar, in units of the CRS.

#include "corebelt/geo/shapes.hpp"

#include <cstdint>
#include <memory>
#include <optional>
#include <vector>

namespace corebelt::geo {

/// Features of any dimension held for nearest and shared-boundary questions. Immutable, thread-safe.
class EdgeSet {
  public:
    explicit EdgeSet(const Shapes& shapes);
    ~EdgeSet();
    EdgeSet(EdgeSet&&) noexcept;
    EdgeSet& operator=(EdgeSet&&) noexcept;

    struct Nearest {
        std::uint32_t index = 0; ///< feature of this set
        double distance = 0;     ///< edge to edge; 0 when touching, or when one lies inside the other
        XY at_other{};           ///< closest point on the asked feature
        XY at_this{};            ///< closest point on the found one
    };
    /// Nearest feature within `limit`; ties go to the smaller coordinates, so file order does not matter.
    /// Branch and bound on the edge trees, never all pairs.
    [[nodiscard]] std::optional<Nearest> nearest(const ShapeView& to, double limit) const;

    /// Distance to one feature of the set.
    [[nodiscard]] double distance(const ShapeView& to, std::uint32_t index) const;

    /// Length of `of`'s boundary that lies within `gap` of the boundary of feature `index` (0 gap: shared edges,
    /// also where the vertices differ). Counted on `of`, so not symmetric where gap > 0.
    [[nodiscard]] double shared_boundary_length(const ShapeView& of, std::uint32_t index, double gap) const;

    /// Indices of features whose boxes come within `gap` of the box.
    void find(const Box& box, double gap, std::vector<std::uint32_t>& found) const;

    struct Tree;

  private:
    std::unique_ptr<Tree> tree_;
};

} // namespace corebelt::geo
