#pragma once
/// Strips of the Gauss–Krüger systems that Chinese surveys use: numbers, meridians, prefixes of eastings, EPSG codes.

#include "corebelt/geo/crs.hpp"

#include <string>

namespace corebelt::layers {

/// Metres, with room: 15° to 56° north.
[[nodiscard]] bool is_northing_of_china(double y);

/// Zones of China are 13–23 (6°) and 25–45 (3°): the number alone tells the strip's width.
[[nodiscard]] bool is_zone(int prefix);
[[nodiscard]] double meridian_of_zone_deg(int zone);
/// The two digits in front of an easting of eight, whatever zone they are; 0 where there are none.
[[nodiscard]] int prefix_in(double easting);

/// "EPSG:4522"; empty where the datum has no such family or the zone is none of China's.
[[nodiscard]] std::string code_with_prefix(geo::Datum datum, int zone);
[[nodiscard]] std::string code_without_prefix(geo::Datum datum, double meridian_deg, bool three_degree);

} // namespace corebelt::layers
