#include "edge_tree.hpp"

#include "box_lanes.hpp"
#include "tie.hpp"

#include <algorithm>
#include <limits>

namespace corebelt::geo {

void EdgeTree::build(const ShapeView& shape) {
    vertices_ = shape.vertices();
    runs_.clear();
    edge_count_ = 0;
    boxes_.clear();
    for (std::size_t r = 0; r < shape.ring_count(); ++r) {
        const auto ring = shape.ring(r);
        if (ring.size() < 2)
            continue;
        const auto first = static_cast<std::uint32_t>(ring.data() - vertices_.data());
        const auto end = first + static_cast<std::uint32_t>(ring.size()) - 1;
        for (std::uint32_t e = first; e < end; e += run_size) {
            const std::uint32_t count = std::min(run_size, end - e);
            boxes_.append(box_of(vertices_.subspan(e, count + 1U)));
            edge_count_ += count;
            runs_.push_back({e, static_cast<std::uint16_t>(count), e == first, e + count == end});
        }
    }
    boxes_.finish();
}

namespace {

/// Winding that the edges of a run add about a point, counted on a ray to its right.
int winding_of_run(std::span<const XY> vertices, const EdgeTree::Run& run, XY point, Shifted shifted) {
    // The shift has a positive part in y as well, so that points at the same height are ordered too.
    const auto is_below = [&](XY vertex) {
        return shifted == Shifted::feature ? vertex.y < point.y : vertex.y <= point.y;
    };
    int sum = 0;
    bool from_below = is_below(vertices[run.first]);
    for (std::uint32_t e = run.first; e < run.first + run.count; ++e) {
        const bool to_below = is_below(vertices[e + 1]);
        if (from_below != to_below) {
            const XY a = vertices[e];
            const XY b = vertices[e + 1];
            const int side = shifted == Shifted::feature ? tie::side_of_shifted_edge(a, b, point)
                                                         : tie::side_of_shifted_point(a, b, point);
            if (from_below && side > 0)
                ++sum;
            if (to_below && side < 0)
                --sum;
        }
        from_below = to_below;
    }
    return sum;
}

} // namespace

int winding(const EdgeTree& feature, XY point, Shifted shifted) {
    const Box ray{point.x, point.y, std::numeric_limits<double>::infinity(), point.y};
    int sum = 0;
    feature.boxes().each_touching(ray, [&](std::uint32_t run) {
        sum += winding_of_run(feature.vertices(), feature.runs()[run], point, shifted);
    });
    return sum;
}

} // namespace corebelt::geo
