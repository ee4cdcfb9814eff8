#pragma once
/// GDAL's own Arrow stream, read and thrown away: the limit that everything is measured against.

#include <cstdint>
#include <string>
#include <vector>

namespace corebelt::bench {

/// Seconds to open the file and take all batches of `batch` features with these fields and the geometry.
/// @throws std::runtime_error with GDAL's reason.
[[nodiscard]] double bare_read_s(const std::string& path, const std::vector<std::string>& fields, std::uint32_t batch);

} // namespace corebelt::bench
