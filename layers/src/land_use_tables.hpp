#pragma once
/// The files of data/land-use, compiled in.

#include <span>
#include <string_view>
#include <utility>

namespace corebelt::layers {

/// Scheme and its CSV text, by scheme.
[[nodiscard]] std::span<const std::pair<std::string_view, std::string_view>> land_use_tables();

} // namespace corebelt::layers
