#pragma once
/// GDAL's own Arrow stream, read and thrown away: the limit that everything is measured against.

#include <cstdint>
#include <string>
#include <vector>

namespace corebelt::bench {

struct ReadCost {
    double seconds = 0; ///< by the clock
    double cpu_seconds = 0;
};

/// Opens the file and takes all batches of `batch` features with these fields and the geometry.
/// @throws std::runtime_error with GDAL's reason.
[[nodiscard]] ReadCost bare_read(const std::string& path, const std::vector<std::string>& fields, std::uint32_t batch);

} // namespace corebelt::bench
