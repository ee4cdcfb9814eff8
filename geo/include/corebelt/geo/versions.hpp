#pragma once
/// Versions of corebelt and of the libraries under it, for reports and --version.

#include <string>

namespace corebelt::geo {

[[nodiscard]] std::string engine_version();
[[nodiscard]] std::string geos_version();
[[nodiscard]] std::string proj_version();

} // namespace corebelt::geo
