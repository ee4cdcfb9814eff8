#pragma once
/// Edges at which the number of features over the plane changes.

#include "corebelt/geo/shapes.hpp"

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace corebelt::geo {

/// Order of vertices: by x, then y.
[[nodiscard]] inline bool before(XY p, XY q) {
    return p.x != q.x ? p.x < q.x : p.y < q.y;
}

/// A feature's border along an edge.
struct Border {
    std::uint32_t feature = 0;
    std::int32_t turn = 0; ///< +1 where the feature lies left of the edge, −1 right
};

struct BorderEdge {
    XY a, b; ///< a before b
    /// Features left of the edge less features right of it, never 0: the sum of the borders' turns.
    std::int32_t turn = 0;
    std::uint32_t first = 0; ///< of its borders
};

/// No edge occurs twice; edges are in the order of a, then b. All of them together are closed: whoever walks around in
/// the plane comes back to the number he set out with.
struct BorderEdges {
    std::vector<BorderEdge> edges;
    std::vector<Border> borders; ///< of an edge, by the features' ids

    [[nodiscard]] std::span<const Border> of(std::size_t edge) const {
        const std::size_t last = edge + 1 < edges.size() ? edges[edge + 1].first : borders.size();
        return {borders.data() + edges[edge].first, borders.data() + last};
    }
};

/// One feature's border along one edge, before equal edges are put together.
struct LooseBorder {
    XY a, b; ///< a before b
    Border border;
};

/// Puts equal edges together and leaves out those whose turns cancel. Sorts `loose`.
[[nodiscard]] BorderEdges joined(std::vector<LooseBorder>& loose, std::span<const std::int64_t> ids);

/// Edges of the areal features that do not cancel against equal ones. Replaces `edges` by the number of all edges.
[[nodiscard]] BorderEdges unshared_edges(const Shapes& shapes, std::span<const std::int64_t> ids, unsigned jobs,
                                         std::uint64_t& edges);

/// Of the lattice that the door rounds coordinates to, in units of the CRS.
[[nodiscard]] inline double lattice_step(bool geographic) {
    return geographic ? 0x1p-45 : 0x1p-27;
}

/// Edges cut where they cross or touch, so that two of them have at most an end in common. Crossings are rounded to
/// the lattice and edges take up vertices within a lattice step, which moves edges; that is repeated, with a wider
/// reach where it has to be, until nothing crosses. No edge lies farther than `moved_by` (units of the CRS) from where
/// it was.
/// @throws Error{internal, "noding"}; Error{stopped}.
[[nodiscard]] BorderEdges noded(const BorderEdges& unshared, bool geographic, std::span<const std::int64_t> ids,
                                unsigned jobs, double& moved_by);

} // namespace corebelt::geo
