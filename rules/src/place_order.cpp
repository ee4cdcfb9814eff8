#include "place_order.hpp"

#include <algorithm>
#include <cmath>

namespace corebelt::rules {

namespace {

/// The bits of a number with a zero after each.
std::uint64_t spread(std::uint32_t number) {
    std::uint64_t bits = number;
    bits = (bits | (bits << 16U)) & 0x0000ffff0000ffffU;
    bits = (bits | (bits << 8U)) & 0x00ff00ff00ff00ffU;
    bits = (bits | (bits << 4U)) & 0x0f0f0f0f0f0f0f0fU;
    bits = (bits | (bits << 2U)) & 0x3333333333333333U;
    return (bits | (bits << 1U)) & 0x5555555555555555U;
}

std::uint32_t cell(double coordinate, double cells_per_unit) {
    const double number = std::floor(coordinate * cells_per_unit) + 0x1p31;
    return static_cast<std::uint32_t>(std::clamp(number, 0.0, 0x1p32 - 1));
}

} // namespace

std::uint64_t PlaceOrder::code_of(const geo::Box& box) const {
    return spread(cell(box.min_x, cells_per_unit_)) | (spread(cell(box.min_y, cells_per_unit_)) << 1U);
}

std::uint32_t PlaceOrder::size_class(const geo::Box& box) const {
    const double side = std::max(box.max_x - box.min_x, box.max_y - box.min_y) * cells_per_unit_;
    return side < 1 ? 0 : static_cast<std::uint32_t>(std::min(std::ilogb(side), 62)) + 1;
}

} // namespace corebelt::rules
