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
    /// Copies the geometry, so that it outlives the store it came from. Features without geometry are never found.
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
    /// Branch and bound on the edge trees, never all pairs. Relative error below 1e-9 on the coordinate lattice.
    /// @pre limit ≥ 0, or infinite.
    [[nodiscard]] std::optional<Nearest> nearest(const ShapeView& to, double limit) const;

    /// Distance to one feature of the set; infinite where either has no geometry.
    [[nodiscard]] double distance(const ShapeView& to, std::uint32_t index) const;

    /// Length of `of`'s boundary that runs along the boundary of feature `index` within `gap`. Counted on `of`, so
    /// not symmetric where gap > 0.
    ///
    /// Running along means: some edge of the other lies within 45° of the direction (either way), no farther than
    /// `gap`, and straight across (the perpendicular onto it meets it, or a bend between two such edges). So corners
    /// that touch, and roads that end on a boundary or cross it squarely, share nothing; a crossing at an angle
    /// φ ≤ 45° counts with 2·gap / sin φ. Vertices need not coincide: T-junctions and separately digitised lines
    /// count. A stretch near several edges counts once.
    ///
    /// gap 0 counts exactly collinear overlap and nothing else. A vertex that was rounded onto a slanted edge is not
    /// exactly on it; for data rounded to 1 mm give a gap of at least 0.001.
    [[nodiscard]] double shared_boundary_length(const ShapeView& of, std::uint32_t index, double gap) const;

    /// Indices of features whose boxes come within `gap` of the box, per axis; ascending. Replaces `found`.
    void find(const Box& box, double gap, std::vector<std::uint32_t>& found) const;

    struct Tree;

private:
    std::unique_ptr<Tree> tree_;
};

} // namespace corebelt::geo
