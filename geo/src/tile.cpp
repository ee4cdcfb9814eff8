#include "corebelt/geo/tile.hpp"

#include <cmath>

namespace corebelt::geo {

namespace {

double tile_side_m(std::uint32_t z) {
    return 2 * mercator_half_m / std::ldexp(1.0, static_cast<int>(z));
}

std::uint32_t clamped_index(double index, std::uint32_t z) {
    const double last = std::ldexp(1.0, static_cast<int>(z)) - 1;
    return static_cast<std::uint32_t>(std::clamp(index, 0.0, last));
}

} // namespace

std::optional<Tile> Tile::from_zxy(std::uint32_t z, std::uint32_t x, std::uint32_t y) {
    if (z > 30 || x >= (1U << z) || y >= (1U << z))
        return std::nullopt;
    return Tile{z, x, y};
}

Box Tile::bounds_3857_m() const {
    const double side = tile_side_m(z);
    return {-mercator_half_m + x * side, mercator_half_m - (y + 1.0) * side, -mercator_half_m + (x + 1.0) * side,
            mercator_half_m - y * side};
}

TileRange tiles_over(const Box& box_3857_m, std::uint32_t z) {
    const double side = tile_side_m(z);
    const double left = std::floor((box_3857_m.min_x + mercator_half_m) / side);
    const double right = std::ceil((box_3857_m.max_x + mercator_half_m) / side) - 1;
    const double top = std::floor((mercator_half_m - box_3857_m.max_y) / side);
    const double bottom = std::ceil((mercator_half_m - box_3857_m.min_y) / side) - 1;
    return {z, clamped_index(left, z), clamped_index(top, z), clamped_index(std::max(left, right), z),
            clamped_index(std::max(top, bottom), z)};
}

} // namespace corebelt::geo
