#include "cell_grid.hpp"

#include "plane.hpp"

#include <algorithm>
#include <array>
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
        mark({feature.vertices().data() + run.first, run.count + 1U});
    fill(feature);
}

/// Marks every cell that an edge of the path touches.
void CellGrid::mark(std::span<const XY> path) {
    // Each vertex once: where it lies in cells, and the cells that it reaches within the slack.
    std::array<XY, EdgeTree::run_size + 1> at;
    std::array<Cells, EdgeTree::run_size + 1> reach;
    for (std::size_t i = 0; i < path.size(); ++i) {
        at[i] = {(path[i].x - box_.min_x) * per_x_, (path[i].y - box_.min_y) * per_y_};
        reach[i] = {clamped(at[i].x - slack, columns_), clamped(at[i].x + slack, columns_),
                    clamped(at[i].y - slack, rows_), clamped(at[i].y + slack, rows_)};
    }
    for (std::size_t i = 0; i + 1 < path.size(); ++i) {
        const Cells cells{std::min(reach[i].left, reach[i + 1].left), std::max(reach[i].right, reach[i + 1].right),
                          std::min(reach[i].bottom, reach[i + 1].bottom), std::max(reach[i].top, reach[i + 1].top)};
        if (cells.left == cells.right || cells.bottom == cells.top)
            for (int r = cells.bottom; r <= cells.top; ++r)
                mark_row(r, cells.left, cells.right);
        else
            mark_slanting(cells, at[i], at[i + 1]);
    }
}

/// Marks the cells of an edge that touches several columns and several rows; its ends in cells.
void CellGrid::mark_slanting(const Cells& cells, XY low, XY high) {
    if (high.y < low.y)
        std::swap(low, high);
    const double per_row = (high.x - low.x) / std::max(high.y - low.y, slack);
    const double left = std::min(low.x, high.x);
    const double right = std::max(low.x, high.x);
    for (int r = cells.bottom; r <= cells.top; ++r) {
        const double from = std::clamp(low.x + (r - slack - low.y) * per_row, left, right);
        const double to = std::clamp(low.x + (r + 1 + slack - low.y) * per_row, left, right);
        mark_row(r, clamped(std::min(from, to) - slack, columns_), clamped(std::max(from, to) + slack, columns_));
    }
}

void CellGrid::mark_row(int row, int first, int last) {
    for (int c = first; c <= last; ++c)
        cells_[index(c, row)] = mixed;
}

/// Neighbouring cells without edges have one winding number; the first of each patch is asked on the edge tree.
void CellGrid::fill(const EdgeTree& feature) {
    // Cells of one row side by side, and the run of an earlier row or of its own that its patch goes back to.
    struct Stretch {
        int first, last, row;
        std::uint32_t patch;
        std::int8_t value;
    };
    std::vector<Stretch> stretches;
    const auto patch_of = [&](std::uint32_t i) {
        while (stretches[i].patch != i)
            i = stretches[i].patch = stretches[stretches[i].patch].patch;
        return i;
    };
    std::uint32_t below = 0; // first stretch of the row before that may touch
    for (int r = 0; r < rows_; ++r) {
        const auto row_begin = static_cast<std::uint32_t>(stretches.size());
        const std::int8_t* const cells = &cells_[index(0, r)];
        for (int c = 0; c < columns_; ++c) {
            if (cells[c] != unknown)
                continue;
            Stretch stretch{c, c, r, static_cast<std::uint32_t>(stretches.size()), unknown};
            while (stretch.last + 1 < columns_ && cells[stretch.last + 1] == unknown)
                ++stretch.last;
            c = stretch.last;
            while (below < row_begin && stretches[below].last < stretch.first)
                ++below;
            const std::uint32_t own = stretch.patch;
            stretches.push_back(stretch);
            for (std::uint32_t i = below; i < row_begin && stretches[i].first <= stretch.last; ++i) {
                const std::uint32_t a = patch_of(i);
                const std::uint32_t b = patch_of(own);
                stretches[std::max(a, b)].patch = std::min(a, b);
            }
        }
        below = row_begin;
    }
    for (std::uint32_t i = 0; i < stretches.size(); ++i) {
        Stretch& stretch = stretches[i];
        const std::uint32_t patch = patch_of(i); // not after i
        if (patch == i) {
            const XY middle{box_.min_x + (stretch.first + 0.5) / per_x_, box_.min_y + (stretch.row + 0.5) / per_y_};
            const int w = winding(feature, middle, Shifted::feature);
            stretch.value = std::abs(w) < 100 ? static_cast<std::int8_t>(w) : mixed;
        }
        std::fill(&cells_[index(stretch.first, stretch.row)], &cells_[index(stretch.last, stretch.row)] + 1,
                  stretches[patch].value);
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
