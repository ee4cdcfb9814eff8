#include "cell_grid.hpp"

#include "plane.hpp"

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <utility>

namespace corebelt::geo {

namespace {

constexpr int most_cells_a_side = 256;
constexpr int most_cells_looked_at = 1024;

/// Edges are marked this much of a cell wider than they are: rounding in cell coordinates is below 1e-12.
constexpr double slack = 1e-6;

} // namespace

void CellGrid::build(const EdgeTree& feature, const Box& box) {
    box_ = box;
    const double width = box.max_x - box.min_x;
    const double height = box.max_y - box.min_y;
    cells_.clear();
    columns_ = rows_ = 0;
    if (!(width > 0 && height > 0))
        return; // encloses nothing
    const auto count = static_cast<double>(feature.edge_count());
    const auto side = [&](double wanted) { return std::clamp(static_cast<int>(wanted), 1, most_cells_a_side); };
    columns_ = side(std::sqrt(count * std::min(width / height, count)));
    rows_ = side(count / columns_);
    per_x_ = columns_ / width;
    per_y_ = rows_ / height;
    if (!std::isfinite(per_x_) || !std::isfinite(per_y_)) {
        columns_ = rows_ = 0;
        return;
    }
    cells_.assign(static_cast<std::size_t>(columns_) * static_cast<std::size_t>(rows_), unknown);
    for (const EdgeTree::Run& run : feature.runs())
        for (std::uint32_t e = run.first; e < run.first + run.count; ++e)
            mark(feature.vertices()[e], feature.vertices()[e + 1]);
    fill(feature);
}

/// Marks every cell that the edge touches, in rows.
void CellGrid::mark(XY p, XY q) {
    XY low{(p.x - box_.min_x) * per_x_, (p.y - box_.min_y) * per_y_};
    XY high{(q.x - box_.min_x) * per_x_, (q.y - box_.min_y) * per_y_};
    if (high.y < low.y)
        std::swap(low, high);
    const int first = clamped(low.y - slack, rows_);
    const int last = clamped(high.y + slack, rows_);
    if (first == last) {
        mark_row(first, std::min(low.x, high.x), std::max(low.x, high.x));
        return;
    }
    const double per_row = (high.x - low.x) / std::max(high.y - low.y, slack);
    for (int r = first; r <= last; ++r) {
        const double from =
            std::clamp(low.x + (r - slack - low.y) * per_row, std::min(low.x, high.x), std::max(low.x, high.x));
        const double to =
            std::clamp(low.x + (r + 1 + slack - low.y) * per_row, std::min(low.x, high.x), std::max(low.x, high.x));
        mark_row(r, std::min(from, to), std::max(from, to));
    }
}

void CellGrid::mark_row(int row, double from, double to) {
    const int last = clamped(to + slack, columns_);
    for (int c = clamped(from - slack, columns_); c <= last; ++c)
        cells_[index(c, row)] = mixed;
}

/// Neighbouring cells without edges have one winding number; the first of each patch is asked on the edge tree.
void CellGrid::fill(const EdgeTree& feature) {
    std::vector<std::pair<int, int>> open;
    for (int r = 0; r < rows_; ++r)
        for (int c = 0; c < columns_; ++c) {
            if (cells_[index(c, r)] != unknown)
                continue;
            const XY middle{box_.min_x + (c + 0.5) / per_x_, box_.min_y + (r + 0.5) / per_y_};
            const int w = winding(feature, middle, Shifted::feature);
            const std::int8_t value = std::abs(w) < 100 ? static_cast<std::int8_t>(w) : mixed;
            cells_[index(c, r)] = value;
            open.assign(1, {c, r});
            while (!open.empty()) {
                const auto [x, y] = open.back();
                open.pop_back();
                const std::pair<int, int> neighbours[] = {{x - 1, y}, {x + 1, y}, {x, y - 1}, {x, y + 1}};
                for (const auto& [nx, ny] : neighbours) {
                    if (nx < 0 || ny < 0 || nx >= columns_ || ny >= rows_ || cells_[index(nx, ny)] != unknown)
                        continue;
                    cells_[index(nx, ny)] = value;
                    open.emplace_back(nx, ny);
                }
            }
        }
}

std::optional<int> CellGrid::winding_over(const Box& box) const {
    if (cells_.empty() || !box_.touches(box))
        return std::nullopt;
    const int first = column(box.min_x);
    const int last = column(box.max_x);
    const int bottom = row(box.min_y);
    const int top = row(box.max_y);
    if ((last - first + 1) * (top - bottom + 1) > most_cells_looked_at)
        return std::nullopt;
    // Outside the grid nothing winds.
    const std::int8_t value = box_.contains(box) ? cells_[index(first, bottom)] : std::int8_t{0};
    if (value == mixed)
        return std::nullopt;
    for (int r = bottom; r <= top; ++r)
        for (int c = first; c <= last; ++c)
            if (cells_[index(c, r)] != value)
                return std::nullopt;
    return value;
}

std::optional<int> CellGrid::winding_at(XY point) const {
    if (cells_.empty())
        return std::nullopt;
    if (!contains(box_, point))
        return 0;
    const std::int8_t value = cells_[index(column(point.x), row(point.y))];
    return value == mixed ? std::nullopt : std::optional<int>(value);
}

} // namespace corebelt::geo
