#pragma once
/// A province written as files that GDAL streams fast: GeoPackage or FlatGeobuf.

#include "province.hpp"

#include <cstdint>
#include <filesystem>
#include <string>

namespace corebelt::bench {

struct LayerFile {
    std::string path;
    std::uint64_t features = 0, vertices = 0;
};

struct ProvinceFiles {
    LayerFile parcels;                                 ///< id, dlbm, qsdwmc, tbmj
    LayerFile independent, dissolved, jittered, parks; ///< id
};

/// @param driver  "GPKG" or "FlatGeobuf".
/// @throws std::runtime_error with GDAL's reason.
ProvinceFiles write_province(const Province& province, const std::filesystem::path& folder, const std::string& driver);

struct StreamedFiles {
    LayerFile parcels, controls; ///< the independent ones
};

/// parcels.fgb and controls.fgb, tile by tile: a province of any size in little memory.
/// @throws std::runtime_error with GDAL's reason.
StreamedFiles write_streamed(const Province& province, const std::filesystem::path& folder);

} // namespace corebelt::bench
