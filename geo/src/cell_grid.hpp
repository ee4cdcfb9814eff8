#pragma once
/// Cells over one areal feature: where no edge comes near a cell, the winding number is known for all of it.

#include "edge_tree.hpp"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <vector>

namespace corebelt::geo {

class CellGrid {
public:
    /// About one cell a vertex, at most 256 × 256.
    void build(const EdgeTree& feature, const Box& box);

    /// The winding number about every point of the box, where one look at each of its cells tells.
    [[nodiscard]] std::optional<int> winding_over(const Box& box) const;
    /// The winding number about the point, where its cell tells.
    [[nodiscard]] std::optional<int> winding_at(XY point) const;

    [[nodiscard]] std::size_t byte_size() const { return cells_.capacity(); }

private:
    static constexpr std::int8_t mixed = -128;   ///< an edge comes near
    static constexpr std::int8_t unknown = -127; ///< while building

    [[nodiscard]] int column(double x) const { return clamped((x - box_.min_x) * per_x_, columns_); }
    [[nodiscard]] int row(double y) const { return clamped((y - box_.min_y) * per_y_, rows_); }
    [[nodiscard]] static int clamped(double cell, int count) {
        return cell <= 0 ? 0 : cell >= count - 1 ? count - 1 : static_cast<int>(cell);
    }
    [[nodiscard]] std::size_t index(int column, int row) const {
        return static_cast<std::size_t>(row) * static_cast<std::size_t>(columns_) + static_cast<std::size_t>(column);
    }
    /// Cells left … right of rows bottom … top.
    struct Cells {
        int left, right, bottom, top;
    };
    void mark(std::span<const XY> path);
    void mark_slanting(const Cells& cells, XY low, XY high);
    void mark_row(int row, int first, int last);
    void fill(const EdgeTree& feature);

    Box box_;
    int columns_ = 0;
    int rows_ = 0;
    double per_x_ = 0; ///< cells a unit
    double per_y_ = 0;
    std::vector<std::int8_t> cells_; ///< row by row
};

} // namespace corebelt::geo
