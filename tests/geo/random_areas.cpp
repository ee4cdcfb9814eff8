#include "random_areas.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <map>
#include <set>
#include <utility>

namespace corebelt::test {

namespace {

using Point = std::pair<int, int>;

geo::XY to_xy(Point p) {
    return {static_cast<double>(p.first), static_cast<double>(p.second)};
}

/// Links directed edges into rings; at a point where several leave, any will do.
Rings linked(const std::set<std::pair<Point, Point>>& outline, Dice& dice) {
    std::multimap<Point, Point> next(outline.begin(), outline.end());
    Rings rings;
    while (!next.empty()) {
        Ring ring;
        const Point start = next.begin()->first;
        Point at = start;
        do {
            ring.push_back(to_xy(at));
            auto [first, last] = next.equal_range(at);
            std::advance(first, dice.below(static_cast<int>(std::distance(first, last))));
            at = first->second;
            next.erase(first);
        } while (at != start);
        rings.push_back(std::move(ring));
    }
    return rings;
}

/// Drops some of the vertices that lie in the middle of a straight line.
Ring straightened(const Ring& ring, Dice& dice) {
    Ring kept;
    for (std::size_t i = 0; i < ring.size(); ++i) {
        const geo::XY p = ring[(i + ring.size() - 1) % ring.size()];
        const geo::XY q = ring[i];
        const geo::XY r = ring[(i + 1) % ring.size()];
        const bool straight = p.x - q.x == q.x - r.x && p.y - q.y == q.y - r.y;
        if (!straight || dice.one_in(3))
            kept.push_back(q);
    }
    return kept;
}

} // namespace

Rings random_chains(Dice& dice, int side) {
    Rings rings(static_cast<std::size_t>(dice.between(1, 2)));
    for (Ring& ring : rings) {
        const int vertices = dice.between(3, 9);
        for (int i = 0; i < vertices; ++i)
            ring.push_back(to_xy({dice.below(side + 1), dice.below(side + 1)}));
    }
    return rings;
}

Rings random_half_cells(Dice& dice, int side) {
    std::set<std::pair<Point, Point>> outline;
    const auto edge = [&](Point p, Point q) {
        if (outline.erase({q, p}) == 0)
            outline.insert({p, q});
    };
    const int kept_in_ten = dice.between(2, 9);
    for (int x = 0; x < side; ++x)
        for (int y = 0; y < side; ++y) {
            const Point sw{x, y};
            const Point se{x + 1, y};
            const Point ne{x + 1, y + 1};
            const Point nw{x, y + 1};
            const bool rising = dice.one_in(2);
            const Point from = rising ? sw : se;
            const Point to = rising ? ne : nw;
            for (const Point& corner : rising ? std::array{se, nw} : std::array{ne, sw}) {
                if (dice.below(10) >= kept_in_ten)
                    continue;
                const int turn = (to.first - from.first) * (corner.second - from.second) -
                                 (to.second - from.second) * (corner.first - from.first);
                const std::array<Point, 3> triangle =
                    turn > 0 ? std::array{from, to, corner} : std::array{to, from, corner};
                for (std::size_t k = 0; k < 3; ++k)
                    edge(triangle[k], triangle[(k + 1) % 3]);
            }
        }
    Rings rings;
    for (const Ring& ring : linked(outline, dice))
        rings.push_back(straightened(ring, dice));
    return rings;
}

Rings random_star(Dice& dice, int side) {
    // Around a middle that is not on the grid no two of these points have the same direction unless they are on
    // one ray; of those the nearest is kept.
    const double middle = 0.5 * side + 0.25;
    const double middle_y = 0.5 * side + 0.125;
    Ring ring;
    const int wanted = dice.between(5, 12);
    for (int i = 0; i < wanted; ++i)
        ring.push_back(to_xy({dice.below(side + 1), dice.below(side + 1)}));
    const auto angle = [&](geo::XY p) { return std::atan2(p.y - middle_y, p.x - middle); };
    std::sort(ring.begin(), ring.end(), [&](geo::XY p, geo::XY q) { return angle(p) < angle(q); });
    const auto same_ray = [&](geo::XY p, geo::XY q) { return std::abs(angle(p) - angle(q)) < 1e-9; };
    ring.erase(std::unique(ring.begin(), ring.end(), same_ray), ring.end());
    // Without a half-plane that holds no vertex the middle is inside and the ring is simple.
    for (std::size_t i = 0; i < ring.size(); ++i) {
        const double step = angle(ring[(i + 1) % ring.size()]) - angle(ring[i]);
        if (ring.size() < 3 || std::fmod(step + 8 * std::atan(1.0), 8 * std::atan(1.0)) > 3.1)
            return {Ring{to_xy({0, 0}), to_xy({side, 0}), to_xy({side - 1, side}), to_xy({0, side - 1})}};
    }
    return {ring};
}

Rings random_rings(Dice& dice, int side) {
    Rings rings;
    while (rings.empty())
        switch (dice.below(3)) {
        case 0:
            rings = random_chains(dice, side);
            break;
        case 1:
            rings = random_half_cells(dice, side);
            break;
        default:
            rings = random_star(dice, side);
        }
    return rings;
}

GridMap random_map(Dice& dice) {
    if (dice.one_in(2))
        return {};
    while (true) {
        const auto entry = [&] { return static_cast<double>(dice.between(-3, 3)); };
        const GridMap map{entry(), entry(), entry(), entry()};
        if (map.xx * map.yy - map.xy * map.yx > 0)
            return map;
    }
}

geo::Shapes placed(Dice& dice, const Rings& rings, const GridMap& map, geo::XY to) {
    geo::Shapes shapes;
    for (const Ring& ring : rings) {
        const auto turn = static_cast<std::size_t>(dice.below(static_cast<int>(ring.size())));
        for (std::size_t i = 0; i <= ring.size(); ++i) {
            const geo::XY p = ring[(i + turn) % ring.size()];
            shapes.add({map.xx * p.x + map.xy * p.y + to.x, map.yx * p.x + map.yy * p.y + to.y});
        }
        shapes.end_ring();
        shapes.end_part();
    }
    shapes.end_shape(geo::Dimension::area);
    return shapes;
}

geo::Shapes jittered(Dice& dice, const geo::ShapeView& shape, double by) {
    const auto on_lattice = [](double v) { return std::nearbyint(v * 0x1p27) * 0x1p-27; };
    geo::Shapes shapes;
    for (std::size_t r = 0; r < shape.ring_count(); ++r) {
        const auto ring = shape.ring(r);
        const std::size_t first = shapes.xy.size();
        for (std::size_t i = 0; i + 1 < ring.size(); ++i)
            shapes.add(
                {on_lattice(ring[i].x + by * dice.signed_unit()), on_lattice(ring[i].y + by * dice.signed_unit())});
        shapes.add(shapes.xy[first]);
        shapes.end_ring();
        shapes.end_part();
    }
    shapes.end_shape(geo::Dimension::area);
    return shapes;
}

} // namespace corebelt::test
