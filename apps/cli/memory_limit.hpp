#pragma once
/// --memory: a run stops with a message rather than take more.

#include <cstdint>

namespace corebelt::cli {

/// Asked between batches. @throws Error{usage, "memory"} where the resident memory of the process, as the operating
/// system counts it, is above `limit_bytes`; 0 is no limit.
void keep_within_memory(std::uint64_t limit_bytes);

} // namespace corebelt::cli
