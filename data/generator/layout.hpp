#pragma once
/// Sites of one plan brought together and written as layers.

#include "geojson.hpp"
#include "site.hpp"
#include "terrain.hpp"

#include <cstdint>
#include <vector>

namespace corebelt::samples {

/// Outlines of the sites relative to `frame`, whose numbers are unprefixed eastings and northings.
[[nodiscard]] std::vector<Ring> outlines_in(const std::vector<Site>& sites, Frame frame);
[[nodiscard]] GeoJson red_line_layer(const std::vector<Polygon>& parts, Frame frame, int epsg);
[[nodiscard]] GeoJson farmland_layer(const std::vector<Polygon>& fields, Frame frame, int epsg);
[[nodiscard]] GeoJson growth_layer(const std::vector<Polygon>& parts, Frame frame, int epsg);
/// `prefix_m` is added to eastings: 34,000,000 in zone 34, 0 without prefix.
void write_parcels(GeoJson& layer, const Site& site, std::int64_t prefix_m);
void write_roads(GeoJson& layer, const Site& site, std::int64_t prefix_m);

} // namespace corebelt::samples
