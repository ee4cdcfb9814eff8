#pragma once
/// Sites of one plan brought together and written as layers.

#include "geojson.hpp"
#include "site.hpp"
#include "terrain.hpp"

#include <vector>

namespace corebelt::samples {

/// Outlines of the sites relative to `frame`, whose numbers are unprefixed eastings and northings.
[[nodiscard]] std::vector<Ring> outlines_in(const std::vector<Site>& sites, Frame frame);
void write_parcels(GeoJson& layer, const Site& site, std::int64_t prefix_m);
void write_roads(GeoJson& layer, const Site& site, std::int64_t prefix_m);

} // namespace corebelt::samples
