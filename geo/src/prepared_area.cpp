#include "corebelt/geo/prepared_area.hpp"

#include "prepared_index.hpp"

#include "corebelt/geo/expects.hpp"

namespace corebelt::geo {

PreparedArea::PreparedArea(const ShapeView& shape, Keep keep) : index_(std::make_unique<Index>(shape)) {
    COREBELT_EXPECTS(shape.dimension() == Dimension::area);
    if (keep == Keep::copy) {
        index_->own.append(shape);
        index_->shape = index_->own[0];
    }
    index_->tree.build(index_->shape);
    index_->grid.build(index_->tree, index_->shape.box());
}

PreparedArea::~PreparedArea() = default;
PreparedArea::PreparedArea(PreparedArea&&) noexcept = default;
PreparedArea& PreparedArea::operator=(PreparedArea&&) noexcept = default;

const Box& PreparedArea::box() const {
    return index_->shape.box();
}
ShapeView PreparedArea::shape() const {
    return index_->shape;
}
std::size_t PreparedArea::vertex_count() const {
    return index_->shape.vertices().size();
}
std::size_t PreparedArea::byte_size() const {
    return sizeof(Index) + index_->own.byte_size() + index_->tree.byte_size() + index_->grid.byte_size();
}

std::optional<int> PreparedArea::winding_over(const Box& box) const {
    return index_->grid.winding_over(box);
}

} // namespace corebelt::geo
