#include "point_in_area.hpp"
#include "ring_measures.hpp"

#include "corebelt/geo/evidence.hpp"
#include "corebelt/geo/expects.hpp"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <limits>
#include <numbers>
#include <queue>
#include <vector>

namespace corebelt::geo {

namespace {

struct Edge {
    XY a, b;
};

/// The part that encloses most; the first of equals.
std::vector<Edge> edges_of_largest_part(const ShapeView& area, Box& box) {
    std::size_t largest = 0;
    double most = -1;
    for (std::size_t part = 0; part < area.part_count(); ++part) {
        const auto [first, last] = area.rings_of_part(part);
        double sum = 0;
        for (std::size_t r = first; r < last; ++r)
            sum += signed_area(area.ring(r));
        if (std::abs(sum) > most) {
            most = std::abs(sum);
            largest = part;
        }
    }
    std::vector<Edge> edges;
    const auto [first, last] = area.rings_of_part(largest);
    for (std::size_t r = first; r < last; ++r) {
        const auto ring = area.ring(r);
        for (std::size_t i = 1; i < ring.size(); ++i) {
            edges.push_back({ring[i - 1], ring[i]});
            box.add(ring[i - 1]);
        }
    }
    return edges;
}

double squared_distance(XY p, const Edge& e) {
    const double ex = e.b.x - e.a.x;
    const double ey = e.b.y - e.a.y;
    const double length2 = ex * ex + ey * ey;
    double t = 0;
    if (length2 > 0)
        t = std::clamp(((p.x - e.a.x) * ex + (p.y - e.a.y) * ey) / length2, 0.0, 1.0);
    const double dx = p.x - (e.a.x + t * ex);
    const double dy = p.y - (e.a.y + t * ey);
    return dx * dx + dy * dy;
}

/// Distance to the boundary, negative outside.
double depth(XY p, const std::vector<Edge>& edges) {
    RayCount count(p);
    double nearest = std::numeric_limits<double>::infinity();
    for (const Edge& e : edges) {
        count.add(e.a, e.b);
        nearest = std::min(nearest, squared_distance(p, e));
    }
    return count.side() == Side::inside ? std::sqrt(nearest) : -std::sqrt(nearest);
}

/// Middle of the longest stretch of interior on a level line between two vertex heights: inside whenever any
/// double lies inside there.
XY on_level_line(const std::vector<Edge>& edges, const Box& box) {
    std::vector<double> heights;
    heights.reserve(edges.size());
    for (const Edge& e : edges)
        heights.push_back(e.a.y);
    std::sort(heights.begin(), heights.end());
    heights.erase(std::unique(heights.begin(), heights.end()), heights.end());
    double y = box.min_y;
    double widest_band = 0;
    for (std::size_t i = 1; i < heights.size(); ++i) {
        if (heights[i] - heights[i - 1] > widest_band) {
            widest_band = heights[i] - heights[i - 1];
            y = heights[i - 1] + 0.5 * widest_band;
        }
    }
    std::vector<double> cuts;
    for (const Edge& e : edges)
        if ((e.a.y > y) != (e.b.y > y))
            cuts.push_back(e.a.x + (y - e.a.y) / (e.b.y - e.a.y) * (e.b.x - e.a.x));
    std::sort(cuts.begin(), cuts.end());
    XY best = edges.front().a;
    double widest = 0;
    for (std::size_t i = 1; i < cuts.size(); i += 2) {
        if (cuts[i] - cuts[i - 1] > widest) {
            widest = cuts[i] - cuts[i - 1];
            best = {cuts[i - 1] + 0.5 * widest, y};
        }
    }
    return best;
}

struct Cell {
    XY centre;
    double half;
    double depth;
    [[nodiscard]] double reach() const { return depth + half * std::numbers::sqrt2; }
};

} // namespace

XY label_point(const ShapeView& area) {
    COREBELT_EXPECTS(area.dimension() == Dimension::area && !area.empty());
    Box box;
    const std::vector<Edge> edges = edges_of_largest_part(area, box);
    COREBELT_EXPECTS(!edges.empty());
    XY best = on_level_line(edges, box);
    double best_depth = depth(best, edges);

    // Pole of inaccessibility by quartering, most promising square first (Mapbox polylabel). Squares that cannot
    // beat the best by 1 % of the shorter side are dropped; the count is capped, since a label needs no proof.
    const double width = box.max_x - box.min_x;
    const double height = box.max_y - box.min_y;
    const double step = std::min(width, height);
    if (!(step > 0))
        return best;
    const double precision = 0.01 * step;
    constexpr int most_squares = 4000;
    const auto less_promising = [](const Cell& a, const Cell& b) {
        if (a.reach() != b.reach())
            return a.reach() < b.reach();
        return a.centre.x != b.centre.x ? a.centre.x > b.centre.x : a.centre.y > b.centre.y;
    };
    std::priority_queue<Cell, std::vector<Cell>, decltype(less_promising)> waiting(less_promising);
    int squares = 0;
    const auto consider = [&](XY centre, double half) {
        const Cell cell{centre, half, depth(centre, edges)};
        ++squares;
        if (cell.depth > best_depth) {
            best_depth = cell.depth;
            best = centre;
        }
        if (cell.reach() - best_depth > precision)
            waiting.push(cell);
    };
    const double side = std::max(step, std::max(width, height) / 32);
    const int columns = static_cast<int>(std::ceil(width / side));
    const int rows = static_cast<int>(std::ceil(height / side));
    for (int i = 0; i < columns; ++i)
        for (int j = 0; j < rows; ++j)
            consider({box.min_x + (i + 0.5) * side, box.min_y + (j + 0.5) * side}, 0.5 * side);
    while (!waiting.empty() && squares < most_squares) {
        const Cell cell = waiting.top();
        waiting.pop();
        if (cell.reach() - best_depth <= precision)
            break;
        const double quarter = 0.5 * cell.half;
        for (const double dx : {-quarter, quarter})
            for (const double dy : {-quarter, quarter})
                consider({cell.centre.x + dx, cell.centre.y + dy}, quarter);
    }
    return best;
}

} // namespace corebelt::geo
