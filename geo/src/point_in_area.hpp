#pragma once
/// Where a point lies with respect to an areal feature, exactly.

#include "exact.hpp"

#include "corebelt/geo/shapes.hpp"

#include <cstddef>

namespace corebelt::geo {

enum class Side { outside, boundary, inside };

/// Counts crossings of the ray from `point` towards +x, edge by edge. Rings may come in any order and direction.
class RayCount {
public:
    explicit RayCount(XY point) : point_(point) {}

    void add(XY a, XY b) {
        if ((a.y > point_.y) == (b.y > point_.y)) { // both above, or neither: on it only where it is level
            const bool passes = a.y == point_.y && b.y == point_.y && (a.x <= point_.x) != (b.x < point_.x);
            if (passes || a == point_ || b == point_)
                on_edge_ = true;
            return;
        }
        if (a.x < point_.x && b.x < point_.x)
            return;
        const int turn = a.y < b.y ? exact::orientation(a, b, point_) : exact::orientation(b, a, point_);
        if (turn == 0)
            on_edge_ = true;
        else if (turn > 0)
            inside_ = !inside_;
    }
    [[nodiscard]] Side side() const {
        if (on_edge_)
            return Side::boundary;
        return inside_ ? Side::inside : Side::outside;
    }

private:
    XY point_;
    bool on_edge_ = false;
    bool inside_ = false;
};

/// One pass over all edges; exact as exact::orientation() is.
[[nodiscard]] inline Side side_of(const ShapeView& area, XY point) {
    RayCount count(point);
    for (std::size_t r = 0; r < area.ring_count(); ++r) {
        const auto ring = area.ring(r);
        for (std::size_t i = 1; i < ring.size(); ++i)
            count.add(ring[i - 1], ring[i]);
    }
    return count.side();
}

} // namespace corebelt::geo
