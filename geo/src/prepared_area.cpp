#include "corebelt/geo/prepared_area.hpp"

#include "prepared_index.hpp"

#include "corebelt/geo/expects.hpp"

namespace corebelt::geo {

PreparedArea::PreparedArea(const ShapeView& shape) : index_(std::make_unique<Index>()) {
    COREBELT_EXPECTS(shape.dimension() == Dimension::area);
    index_->store.append(shape);
    index_->tree.build(index_->store[0]);
    index_->grid.build(index_->tree, index_->store.box[0]);
}

PreparedArea::~PreparedArea() = default;
PreparedArea::PreparedArea(PreparedArea&&) noexcept = default;
PreparedArea& PreparedArea::operator=(PreparedArea&&) noexcept = default;

const Box& PreparedArea::box() const {
    return index_->store.box[0];
}
ShapeView PreparedArea::shape() const {
    return index_->store[0];
}
std::size_t PreparedArea::vertex_count() const {
    return index_->store.xy.size();
}
std::size_t PreparedArea::byte_size() const {
    return sizeof(Index) + index_->store.byte_size() + index_->tree.byte_size() + index_->grid.byte_size();
}

} // namespace corebelt::geo
