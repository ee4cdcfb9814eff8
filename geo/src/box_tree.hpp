#pragma once
/// Boxes in a given order, found by box: an implicit tree, node i of a level covers nodes 8·i … 8·i+7 of the
/// level below. The caller's order decides how good it is; nothing is sorted here.

#include "corebelt/geo/coord.hpp"

#include <bit>
#include <cstddef>
#include <cstdint>
#include <vector>

#ifdef __SSE2__
#include <emmintrin.h>
#endif

namespace corebelt::geo {

class BoxTree {
public:
    static constexpr std::uint32_t fan_out = 8;

    /// Building: clear, append the leaves in order, finish. Memory of an earlier build is used again.
    void clear();
    void append(const Box& leaf);
    void finish();

    [[nodiscard]] bool empty() const { return leaves_ == 0; }
    [[nodiscard]] std::uint32_t size() const { return leaves_; }
    /// Nodes of a level, padding left out.
    [[nodiscard]] std::uint32_t size(std::uint32_t level) const {
        std::uint32_t nodes = leaves_;
        for (; level > 0; --level)
            nodes = (nodes + fan_out - 1) / fan_out;
        return nodes;
    }
    [[nodiscard]] std::size_t byte_size() const;

    /// Levels go from the leaves (0) to the top, which has at most fan_out nodes.
    [[nodiscard]] std::uint32_t top() const { return static_cast<std::uint32_t>(level_first_.size()) - 1; }
    [[nodiscard]] Box box(std::uint32_t level, std::uint32_t node) const { return at(level_first_[level] + node); }
    [[nodiscard]] Box leaf(std::uint32_t i) const { return at(i); }

    /// Bit k is set where node 8·group + k of the level touches the box.
    [[nodiscard]] std::uint32_t touching(std::uint32_t level, std::uint32_t group, const Box& box) const {
        const std::size_t first = level_first_[level] + std::size_t{group} * fan_out;
        std::uint32_t bits = 0;
#ifdef __SSE2__
        const __m128d min_x = _mm_set1_pd(box.min_x);
        const __m128d max_x = _mm_set1_pd(box.max_x);
        const __m128d min_y = _mm_set1_pd(box.min_y);
        const __m128d max_y = _mm_set1_pd(box.max_y);
        for (std::uint32_t k = 0; k < fan_out; k += 2) { // two at a time; comparisons are exact
            const __m128d in_x = _mm_and_pd(_mm_cmple_pd(_mm_loadu_pd(&min_x_[first + k]), max_x),
                                            _mm_cmpge_pd(_mm_loadu_pd(&max_x_[first + k]), min_x));
            const __m128d in_y = _mm_and_pd(_mm_cmple_pd(_mm_loadu_pd(&min_y_[first + k]), max_y),
                                            _mm_cmpge_pd(_mm_loadu_pd(&max_y_[first + k]), min_y));
            bits |= static_cast<std::uint32_t>(_mm_movemask_pd(_mm_and_pd(in_x, in_y))) << k;
        }
#else
        for (std::uint32_t k = 0; k < fan_out; ++k) {
            const bool touches = (min_x_[first + k] <= box.max_x) & (max_x_[first + k] >= box.min_x) &
                                 (min_y_[first + k] <= box.max_y) & (max_y_[first + k] >= box.min_y);
            bits |= static_cast<std::uint32_t>(touches) << k;
        }
#endif
        return bits;
    }

    /// Calls visit(leaf) in order for every leaf that touches the box.
    template <class Visit>
    void each_touching(const Box& box, const Visit& visit) const {
        if (!empty())
            each_below(top(), 0, box, visit);
    }

private:
    template <class Visit>
    void each_below(std::uint32_t level, std::uint32_t group, const Box& box, const Visit& visit) const {
        for (std::uint32_t bits = touching(level, group, box); bits != 0; bits &= bits - 1) {
            const std::uint32_t node = group * fan_out + static_cast<std::uint32_t>(std::countr_zero(bits));
            if (level == 0)
                visit(node);
            else
                each_below(level - 1, node, box, visit);
        }
    }
    [[nodiscard]] Box at(std::size_t node) const {
        return {min_x_[node], min_y_[node], max_x_[node], max_y_[node]};
    }
    void append_node(const Box& box);
    void pad_level();

    std::uint32_t leaves_ = 0;
    std::vector<std::uint32_t> level_first_{0};         ///< node where a level begins
    std::vector<double> min_x_, min_y_, max_x_, max_y_; ///< levels are padded to multiples of fan_out by empty boxes
};

} // namespace corebelt::geo
