#pragma once
/// A GeoJSON file of the samples as whole millimetres, read without the room that plans go through.

#include <array>
#include <cstdint>
#include <filesystem>
#include <map>
#include <string>
#include <vector>

namespace corebelt::test {

struct FileFeature {
    std::map<std::string, std::string> properties;               ///< strings as they are, other values as JSON text
    std::vector<std::vector<std::array<std::int64_t, 2>>> rings; ///< closed; of all parts
    /// Twice the signed area over all rings, mm²; exact.
    [[nodiscard]] std::int64_t twice_area_mm2() const;
};

struct GeoJsonFile {
    std::string crs, description;
    std::vector<FileFeature> features;
};

/// Areas only. @throws std::exception where the file is not such a one.
[[nodiscard]] GeoJsonFile read_geojson(const std::filesystem::path& path);

} // namespace corebelt::test
