#include "box_tree.hpp"

namespace corebelt::geo {

void BoxTree::clear() {
    leaves_ = 0;
    level_first_.assign(1, 0);
    min_x_.clear();
    min_y_.clear();
    max_x_.clear();
    max_y_.clear();
}

void BoxTree::append(const Box& leaf) {
    append_node(leaf);
    ++leaves_;
}

void BoxTree::finish() {
    std::size_t nodes = leaves_;
    pad_level();
    while (nodes > fan_out) {
        const std::size_t below = level_first_.back();
        level_first_.push_back(static_cast<std::uint32_t>(min_x_.size()));
        nodes = (nodes + fan_out - 1) / fan_out;
        for (std::size_t i = 0; i < nodes; ++i) {
            Box box;
            for (std::size_t k = 0; k < fan_out; ++k)
                box.add(at(below + i * fan_out + k));
            append_node(box);
        }
        pad_level();
    }
}

std::size_t BoxTree::byte_size() const {
    return level_first_.capacity() * sizeof(std::uint32_t) + 4 * min_x_.capacity() * sizeof(double);
}

void BoxTree::append_node(const Box& box) {
    min_x_.push_back(box.min_x);
    min_y_.push_back(box.min_y);
    max_x_.push_back(box.max_x);
    max_y_.push_back(box.max_y);
}

void BoxTree::pad_level() {
    while (min_x_.size() % fan_out != 0)
        append_node(Box{});
}

} // namespace corebelt::geo
