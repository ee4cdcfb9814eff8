#pragma once
/// The faces that noded border edges divide the plane into, with the number of features over each.

#include "border_edges.hpp"

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace corebelt::geo {

class EdgeFaces {
public:
    /// @pre `noded` is what noded() gives; it must outlive this. @throws Error{stopped}.
    explicit EdgeFaces(const BorderEdges& noded);

    /// Face 0 is the unbounded one.
    [[nodiscard]] std::size_t size() const { return depth_.size(); }
    /// Features over the face; negative only where rings run the wrong way.
    [[nodiscard]] std::int32_t depth(std::size_t face) const { return depth_[face]; }

    /// Half-edges: 2·e runs from a to b of edge e, 2·e + 1 back. The face is the one on the left.
    [[nodiscard]] std::uint32_t face_of(std::uint32_t half_edge) const { return face_of_walk_[walk_of_[half_edge]]; }
    [[nodiscard]] XY from(std::uint32_t half_edge) const {
        const BorderEdge& e = noded_.edges[half_edge / 2];
        return half_edge % 2 == 0 ? e.a : e.b;
    }

    /// One half-edge of each closed walk along a face's boundary, the face on the left.
    [[nodiscard]] std::span<const std::uint32_t> walks_of(std::size_t face) const {
        return {walks_.data() + walks_first_[face], walks_.data() + walks_first_[face + 1]};
    }
    [[nodiscard]] std::uint32_t next(std::uint32_t half_edge) const { return next_[half_edge]; }

private:
    void link_around_vertices();
    void walk();
    void find_depths();
    void list_walks();

    const BorderEdges& noded_;
    std::vector<std::uint32_t> vertex_of_;      ///< where a half-edge begins
    std::vector<std::uint32_t> spoke_first_;    ///< by vertex, in spokes_
    std::vector<std::uint32_t> spokes_;         ///< half-edges that begin at a vertex, counter-clockwise from the west
    std::vector<std::uint32_t> next_, walk_of_; ///< by half-edge
    std::vector<std::uint32_t> walk_start_;     ///< a half-edge of each walk
    std::vector<std::uint32_t> face_of_walk_;
    std::vector<std::int32_t> depth_;
    std::vector<std::uint32_t> walks_, walks_first_;
};

} // namespace corebelt::geo
