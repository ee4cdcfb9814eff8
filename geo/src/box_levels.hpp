#pragma once
/// Boxes over runs of boxes, level upon level: a search tree without pointers over things kept in an order that is
/// already coherent (edges along a ring, features along a curve).

#include "corebelt/geo/coord.hpp"

#include <algorithm>
#include <array>
#include <cstddef>
#include <utility>
#include <vector>

namespace corebelt::geo {

/// A view of the boxes that append_levels() laid out: level 0 holds the leaves, the last level a single box.
class BoxLevels {
public:
    static constexpr std::size_t fan_out = 8;

    /// Adds the upper levels behind the leaves boxes[first_leaf…].
    static void append_levels(std::vector<Box>& boxes, std::size_t first_leaf) {
        std::size_t below = first_leaf;
        std::size_t size = boxes.size() - first_leaf;
        while (size > 1) {
            for (std::size_t i = 0; i < size; i += fan_out) {
                Box box = boxes[below + i];
                for (std::size_t j = i + 1; j < std::min(i + fan_out, size); ++j)
                    box.add(boxes[below + j]);
                boxes.push_back(box);
            }
            below += size;
            size = (size + fan_out - 1) / fan_out;
        }
    }

    BoxLevels() = default;
    BoxLevels(const Box* first_leaf, std::size_t leaves) : boxes_(first_leaf) {
        std::size_t size = leaves;
        while (size > 0) {
            first_[levels_ + 1] = first_[levels_] + size;
            ++levels_;
            if (size == 1)
                break;
            size = (size + fan_out - 1) / fan_out;
        }
    }

    [[nodiscard]] bool empty() const { return levels_ == 0; }
    /// The level of the single box. @pre not empty.
    [[nodiscard]] std::size_t top() const { return levels_ - 1; }
    [[nodiscard]] const Box& box(std::size_t level, std::size_t i) const { return boxes_[first_[level] + i]; }
    /// Half-open range of boxes on level−1 that the i-th box of `level` > 0 covers.
    [[nodiscard]] std::pair<std::size_t, std::size_t> below(std::size_t level, std::size_t i) const {
        const std::size_t first = i * fan_out;
        return {first, std::min(first + fan_out, first_[level] - first_[level - 1])};
    }

private:
    const Box* boxes_ = nullptr;
    std::size_t levels_ = 0;
    std::array<std::size_t, 24> first_{}; // eight-fold growth: enough for any address space
};

} // namespace corebelt::geo
