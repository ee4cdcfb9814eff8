#pragma once
/// Edges found by box.

#include "box_tree.hpp"

#include "corebelt/geo/coord.hpp"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <numeric>
#include <vector>

namespace corebelt::geo {

[[nodiscard]] inline Box box_of(XY a, XY b) {
    return {std::min(a.x, b.x), std::min(a.y, b.y), std::max(a.x, b.x), std::max(a.y, b.y)};
}

class EdgeFinder {
public:
    /// `edges` have ends a and b; needed while this is built only.
    template <class Edge>
    explicit EdgeFinder(const std::vector<Edge>& edges) : edge_of_leaf_(edges.size()) {
        // Slices by x, within a slice by y (sort-tile-recursive).
        std::iota(edge_of_leaf_.begin(), edge_of_leaf_.end(), 0U);
        const auto sort_by = [&](std::size_t first, std::size_t last, auto middle) {
            std::sort(edge_of_leaf_.begin() + static_cast<std::ptrdiff_t>(first),
                      edge_of_leaf_.begin() + static_cast<std::ptrdiff_t>(last), [&](std::uint32_t i, std::uint32_t j) {
                          const double p = middle(edges[i]);
                          const double q = middle(edges[j]);
                          return p != q ? p < q : i < j;
                      });
        };
        sort_by(0, edges.size(), [](const Edge& e) { return e.a.x + e.b.x; });
        const double groups = std::ceil(static_cast<double>(edges.size()) / BoxTree::fan_out);
        const auto slice = static_cast<std::size_t>(std::ceil(std::sqrt(groups))) * BoxTree::fan_out;
        for (std::size_t first = 0; first < edges.size(); first += slice)
            sort_by(first, std::min(first + slice, edges.size()), [](const Edge& e) { return e.a.y + e.b.y; });
        for (const std::uint32_t i : edge_of_leaf_)
            boxes_.append(box_of(edges[i].a, edges[i].b));
        boxes_.finish();
    }

    /// Calls visit(edge) for every edge whose box touches `box`.
    template <class Visit>
    void each_touching(const Box& box, const Visit& visit) const {
        boxes_.each_touching(box, [&](std::uint32_t leaf) { visit(edge_of_leaf_[leaf]); });
    }
    /// Edge at a place of an order in which neighbours come near each other.
    [[nodiscard]] std::uint32_t edge_at(std::size_t place) const { return edge_of_leaf_[place]; }

private:
    std::vector<std::uint32_t> edge_of_leaf_;
    BoxTree boxes_;
};

} // namespace corebelt::geo
