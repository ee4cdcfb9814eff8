#pragma once
/// Which program this is, down to its code: numbers kept by one build are not used by another.

#include "corebelt/layers/memo.hpp"

namespace corebelt::layers {

/// Of the engine's version, the libraries' versions, the machine's number format and the linker's fingerprint of the
/// running program.
[[nodiscard]] const ContentKey& build_identity();

} // namespace corebelt::layers
