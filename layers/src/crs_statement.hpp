#pragma once
/// What a layer says of its CRS, beside the coordinates: a name that contradicts the parameters, or nothing at all.

#include "corebelt/geo/crs.hpp"
#include "corebelt/geo/text.hpp"

#include <optional>

namespace corebelt::layers {

/// Why the name of a Gauss–Krüger system ("… GK_Zone_34", "… GK_CM_102E") is not true of its false easting or central
/// meridian; none where it is, or says nothing. Parameters are what counts.
[[nodiscard]] std::optional<Text> name_contradiction(const geo::Crs& crs);

/// What the digits of a layer without CRS tell, which is at most the strip: no digits tell CGCS2000 from Xian 1980 or
/// Beijing 1954 (they differ by up to some 100 m), nor degrees of WGS 84 from GCJ-02.
[[nodiscard]] Text missing_crs(const geo::Box& extent);

} // namespace corebelt::layers
