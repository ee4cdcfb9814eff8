#pragma once
/// Places in an order in which neighbours in space are mostly neighbours (Morton), and sizes of boxes.

#include "corebelt/geo/coord.hpp"
#include "corebelt/geo/crs.hpp"

#include <cstdint>

namespace corebelt::rules {

/// Of one CRS: cells of 1/16 unit, or 2⁻²⁰ degrees, over more than the Earth. Places beyond fall into the outermost.
class PlaceOrder {
public:
    explicit PlaceOrder(const geo::Crs& crs) : cells_per_unit_(crs.is_geographic() ? 0x1p20 : 16) {}

    /// Of the cell that holds the box's lower-left corner. @pre the box is not empty.
    [[nodiscard]] std::uint64_t code_of(const geo::Box& box) const;
    /// 0 for a box smaller than a cell, one more for each doubling of its longer side.
    [[nodiscard]] std::uint32_t size_class(const geo::Box& box) const;

private:
    double cells_per_unit_;
};

} // namespace corebelt::rules
