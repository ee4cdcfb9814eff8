#pragma once
/// Geometry of many features in flat arrays: no object per feature.

#include "corebelt/geo/coord.hpp"

#include <cstddef>
#include <cstdint>
#include <span>
#include <utility>
#include <vector>

namespace corebelt::geo {

enum class Dimension : std::uint8_t { point = 0, line = 1, area = 2 };

class Shapes;

/// One feature's geometry inside a Shapes; valid while that store is neither changed nor moved.
///
/// Areas: every ring is closed (its first vertex repeated last); outer rings run counter-clockwise, holes
/// clockwise, so the winding number is 1 inside and 0 outside; a part is one outer ring followed by its holes.
/// The door of `layers` establishes this. Lines: a part is one ring holding the vertices, not closed.
/// Points: a part is one ring of one vertex. A feature without geometry has no parts and an empty box.
class ShapeView {
public:
    ShapeView(const Shapes& store, std::size_t index) : store_(&store), index_(index) {}

    [[nodiscard]] Dimension dimension() const;
    [[nodiscard]] const Box& box() const;
    [[nodiscard]] bool empty() const { return part_count() == 0; }
    [[nodiscard]] std::size_t part_count() const;
    /// Rings of all parts, in order.
    [[nodiscard]] std::size_t ring_count() const;
    [[nodiscard]] std::span<const XY> ring(std::size_t ring_of_shape) const;
    /// Half-open range of ring_of_shape numbers that belong to one part.
    [[nodiscard]] std::pair<std::size_t, std::size_t> rings_of_part(std::size_t part) const;
    /// All vertices of the feature, ring after ring.
    [[nodiscard]] std::span<const XY> vertices() const;

private:
    const Shapes* store_;
    std::size_t index_;
};

/// Flat store. Build with begin_part / begin_ring / add / end_shape.
class Shapes {
public:
    std::vector<XY> xy;                        ///< all vertices
    std::vector<std::uint32_t> ring_first{0};  ///< vertex where a ring begins; one more than rings
    std::vector<std::uint32_t> part_first{0};  ///< ring where a part begins; one more than parts
    std::vector<std::uint32_t> shape_first{0}; ///< part where a feature begins; one more than features
    std::vector<Box> box;                      ///< one a feature
    std::vector<Dimension> dimension;          ///< one a feature

    [[nodiscard]] std::size_t size() const { return box.size(); }
    [[nodiscard]] ShapeView operator[](std::size_t i) const { return {*this, i}; }
    [[nodiscard]] std::size_t byte_size() const;

    /// Building: vertices are added to the open ring; rings, parts and shapes are closed in that order.
    void add(XY p) { xy.push_back(p); }
    void end_ring() { ring_first.push_back(static_cast<std::uint32_t>(xy.size())); }
    void end_part() { part_first.push_back(static_cast<std::uint32_t>(ring_first.size() - 1)); }
    void end_shape(Dimension dim); ///< computes the box
    /// Copies one feature of another store to the end of this one.
    void append(const ShapeView& shape);
    /// Copies features first…last−1 of another store to the end of this one.
    void append(const Shapes& other, std::size_t first, std::size_t last);
    void clear();
};

inline Dimension ShapeView::dimension() const {
    return store_->dimension[index_];
}
inline const Box& ShapeView::box() const {
    return store_->box[index_];
}
inline std::size_t ShapeView::part_count() const {
    return store_->shape_first[index_ + 1] - store_->shape_first[index_];
}
inline std::size_t ShapeView::ring_count() const {
    return store_->part_first[store_->shape_first[index_ + 1]] - store_->part_first[store_->shape_first[index_]];
}
inline std::span<const XY> ShapeView::ring(std::size_t ring_of_shape) const {
    const std::size_t r = store_->part_first[store_->shape_first[index_]] + ring_of_shape;
    return {store_->xy.data() + store_->ring_first[r], store_->xy.data() + store_->ring_first[r + 1]};
}
inline std::pair<std::size_t, std::size_t> ShapeView::rings_of_part(std::size_t part) const {
    const std::size_t p = store_->shape_first[index_] + part;
    const std::size_t base = store_->part_first[store_->shape_first[index_]];
    return {store_->part_first[p] - base, store_->part_first[p + 1] - base};
}
inline std::span<const XY> ShapeView::vertices() const {
    const std::size_t first = store_->ring_first[store_->part_first[store_->shape_first[index_]]];
    const std::size_t last = store_->ring_first[store_->part_first[store_->shape_first[index_ + 1]]];
    return {store_->xy.data() + first, store_->xy.data() + last};
}

} // namespace corebelt::geo
