#pragma once

#include <filesystem>
#include <string>
#include <vector>

namespace corebelt::layers {

/// The files that make up a dataset, by name: one, a folder's, or a shapefile's. Lock and index files of other
/// programs do not count. @pre path exists.
[[nodiscard]] std::vector<std::filesystem::path> files_of_dataset(const std::filesystem::path& path);

} // namespace corebelt::layers
