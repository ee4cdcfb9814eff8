#pragma once
/// An areal feature made ready for many questions: edge index, cell grid, ring starts.

#include "corebelt/geo/shapes.hpp"

#include <memory>
#include <optional>

namespace corebelt::geo {

/// Where a prepared feature has its coordinates.
enum class Keep {
    copy,     ///< of its own: it outlives the store it came from
    reference ///< in the store it came from, which must outlive it and stay as it is
};

/// Immutable after construction; safe from any number of threads. Edges are kept in ring order: boxes over runs of
/// edges, then over runs of those, an implicit tree without sorting.
class PreparedArea {
public:
    /// @pre shape.dimension() == area, rings closed and oriented, coordinates rounded at the door.
    explicit PreparedArea(const ShapeView& shape, Keep keep = Keep::copy);
    ~PreparedArea();
    PreparedArea(PreparedArea&&) noexcept;
    PreparedArea& operator=(PreparedArea&&) noexcept;

    [[nodiscard]] const Box& box() const;
    [[nodiscard]] ShapeView shape() const;
    [[nodiscard]] std::size_t vertex_count() const;
    [[nodiscard]] std::size_t byte_size() const;
    /// The feature's winding number all over the box, where its cells tell without arithmetic: 0 outside, 1 inside.
    /// None says nothing.
    [[nodiscard]] std::optional<int> winding_over(const Box& box) const;

    struct Index;
    [[nodiscard]] const Index& index() const { return *index_; } ///< private to geo

private:
    std::unique_ptr<Index> index_;
};

} // namespace corebelt::geo
