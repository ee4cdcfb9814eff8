#pragma once
/// What lines cut the plane into: faces on the millimetre lattice, and unions of them that share vertices exactly.

#include "lattice.hpp"

#include <cstddef>
#include <map>
#include <utility>
#include <vector>

namespace corebelt::samples {

struct Segment {
    Point a, b;
};

/// Appends the edges of a ring.
void add_ring(std::vector<Segment>& segments, const Ring& ring);

/// Nodes are put wherever segments meet, rounded to the lattice, until nothing crosses any more; ends that hang
/// loose are dropped. Depends only on the set of segments.
class Arrangement {
public:
    explicit Arrangement(std::vector<Segment> segments);

    struct Face {
        std::vector<Ring> rings; ///< outer ring first, then holes
        double planar_m2 = 0;
        Vec inner; ///< a point inside
    };
    [[nodiscard]] const std::vector<Face>& faces() const { return faces_; }

    /// Boundary length in m between each two neighbouring faces, lower index first.
    [[nodiscard]] std::map<std::pair<std::size_t, std::size_t>, double> borders() const;

    /// Unions of the faces that carry the same label; label < 0 belongs to nothing. Result by label, and within a
    /// label by the first vertex. Each ring begins at its smallest vertex.
    /// @pre labels.size() == faces().size()
    [[nodiscard]] std::vector<std::pair<int, Polygon>> unions(const std::vector<int>& labels) const;

private:
    void link();
    void trace_faces();
    [[nodiscard]] Point from(std::size_t half) const { return nodes_[origin_[half]]; }

    std::vector<Point> nodes_;
    std::vector<std::uint32_t> origin_;    ///< node where a half-edge begins; its twin is number ^ 1
    std::vector<std::uint32_t> next_;      ///< next half-edge with the same face on its left
    std::vector<std::uint32_t> clockwise_; ///< next outgoing half-edge of the same node, clockwise
    std::vector<int> face_;                ///< face on the left; −1 outside
    std::vector<Face> faces_;
};

} // namespace corebelt::samples
