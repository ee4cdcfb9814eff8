#pragma once
/// Coordinates of Chinese web maps, which are offset on purpose: GCJ-02 (高德, 腾讯) and BD-09 (百度).

#include "corebelt/geo/text.hpp"
#include "corebelt/layers/source.hpp"

#include <string>

namespace corebelt::layers {

/// Sets `offset` and `offset_why` of a layer from the declaration ("GCJ-02", "BD-09", "none", or empty), else from the
/// name of its CRS, of the layer and of the file, where one of them says so and says nothing else ("gcj02_to_wgs84"
/// tells nothing). Coordinates alone prove nothing and are not looked at. @pre `declared` is one of the four.
void find_offset(LayerInfo& info, const std::string& declared);

/// Why the layer is no ground for a verdict. @pre `offset` is not empty.
[[nodiscard]] Text offset_text(const LayerInfo& info);

/// The first field whose name speaks of offset coordinates (lng_gcj02, 百度经度), empty where there is none: the
/// geometry may be offset too, or may have been made from other columns.
[[nodiscard]] std::string field_of_offset(const LayerInfo& info);

} // namespace corebelt::layers
