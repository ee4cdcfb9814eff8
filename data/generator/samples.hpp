#pragma once
/// The two sample plans. Everything in them is invented: 虚构示例，非真实边界.

#include <string>
#include <vector>

namespace corebelt::samples {

struct File {
    std::string name; ///< relative to the data folder: "yuxi/parcels.geojson"
    std::string bytes;
};

/// 玉溪高新区“一核三片区”: declared areas, true order of things, invented outlines. Keeps every rule.
[[nodiscard]] std::vector<File> yuxi();
/// 示例市示范园区: an invented park that breaks every kind of rule by known amounts.
[[nodiscard]] std::vector<File> demo_park();

} // namespace corebelt::samples
