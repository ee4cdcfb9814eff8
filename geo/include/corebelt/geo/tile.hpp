#pragma once
/// The web map's tile grid (EPSG:3857, XYZ, y down).

#include "corebelt/geo/coord.hpp"

#include <cstdint>
#include <optional>

namespace corebelt::geo {

struct Tile {
    std::uint32_t z = 0, x = 0, y = 0;

    /// None where z > 30 or x, y lie outside the grid.
    [[nodiscard]] static std::optional<Tile> from_zxy(std::uint32_t z, std::uint32_t x, std::uint32_t y);
    [[nodiscard]] Box bounds_3857_m() const;
    friend bool operator==(const Tile&, const Tile&) = default;
};

/// Half the side of the EPSG:3857 square: π · 6378137 m.
inline constexpr double mercator_half_m = 20037508.342789244;

/// Tiles of one zoom whose squares share interior with the box, as inclusive ranges.
struct TileRange {
    std::uint32_t z, min_x, min_y, max_x, max_y;
};
[[nodiscard]] TileRange tiles_over(const Box& box_3857_m, std::uint32_t z);

} // namespace corebelt::geo
