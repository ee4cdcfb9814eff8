#pragma once
/// Well-known binary straight into the flat store.

#include "corebelt/geo/shapes.hpp"

#include <cstdint>
#include <span>

namespace corebelt::layers {

enum class WkbStatus : std::uint8_t {
    ok,     ///< one feature appended
    mixed,  ///< one feature appended; parts of lower dimension in its collection were left out
    empty,  ///< a feature without parts appended
    curve,  ///< circular or compound curves inside: nothing appended, to be linearised first
    broken, ///< not WKB, or cut off: nothing appended
};

/// Decodes one geometry: both byte orders, Z and M (dropped), ISO codes and EWKB flags, nested collections.
/// Points, lines, polygons, their multi forms, triangles, TINs and polyhedral surfaces; of a collection the parts of
/// the highest dimension. Rings are closed where they are not; ring direction is left as it is. Never reads beyond
/// `bytes`, never allocates more than they could hold.
[[nodiscard]] WkbStatus decode_wkb(std::span<const std::uint8_t> bytes, geo::Shapes& to);

} // namespace corebelt::layers
