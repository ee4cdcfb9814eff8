#pragma once
/// Pictures kept in tests/golden.

#include "styles/decoded_png.hpp"

#include <string>

namespace corebelt::test {

/// Compares with tests/golden/<name>.png. With COREBELT_BLESS=1 the golden is written instead; never under CI.
/// @throws std::runtime_error where there is no golden, or where blessing is refused.
[[nodiscard]] PixelDifference difference_from_golden(const std::string& name, const std::string& png, int tolerance);

} // namespace corebelt::test
