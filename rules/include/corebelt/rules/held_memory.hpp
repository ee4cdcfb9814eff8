#pragma once
/// How much a run may hold, and where it puts the rest.

#include <cstdint>
#include <string>

namespace corebelt::rules {

/// Where both layers are larger than this, they are put aside on disk and measured place by place. The result is the
/// same, byte for byte.
struct HeldMemory {
    std::uint64_t bytes = 0; ///< of features and their index, held at once; 0: no limit, nothing is put aside
    std::string folder;      ///< of the intermediate files; empty: layers::spill_folder()
};

} // namespace corebelt::rules
