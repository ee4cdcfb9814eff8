#pragma once
/// Index of the edges of one areal feature in ring order: boxes over runs of edges, then over runs of those.

#include "box_tree.hpp"

#include "corebelt/geo/shapes.hpp"

#include <cstdint>
#include <span>
#include <vector>

namespace corebelt::geo {

class EdgeTree {
public:
    static constexpr std::uint32_t run_size = 16; ///< edges of a run at most

    /// Consecutive edges of one ring; edge e leads from vertices()[e] to vertices()[e + 1].
    struct Run {
        std::uint32_t first = 0;
        std::uint16_t count = 0;
        bool begins_ring = false;
        bool ends_ring = false;
    };

    /// Builds for the feature and keeps its vertices by reference; memory of an earlier build is used again.
    void build(const ShapeView& shape);

    [[nodiscard]] std::span<const XY> vertices() const { return vertices_; }
    [[nodiscard]] const std::vector<Run>& runs() const { return runs_; }
    [[nodiscard]] std::size_t edge_count() const { return edge_count_; }
    /// Boxes of the runs.
    [[nodiscard]] const BoxTree& boxes() const { return boxes_; }
    [[nodiscard]] std::size_t byte_size() const { return runs_.capacity() * sizeof(Run) + boxes_.byte_size(); }

private:
    std::span<const XY> vertices_;
    std::vector<Run> runs_;
    std::size_t edge_count_ = 0;
    BoxTree boxes_;
};

/// Which of a pair is thought shifted (see tie.hpp); a point is never on a boundary then.
enum class Shifted { feature, point };

/// Winding number of an areal feature about a point, exact.
[[nodiscard]] int winding(const EdgeTree& feature, XY point, Shifted shifted);

} // namespace corebelt::geo
