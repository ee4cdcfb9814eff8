#pragma once
/// --memory: what a run may hold, and that it stops with a message rather than take more.

#include <cstdint>

namespace corebelt::cli {

/// Asked between batches. @throws Error{usage, "memory"} where the resident memory of the process, as the operating
/// system counts it, is above `limit_bytes`; 0 is no limit.
void keep_within_memory(std::uint64_t limit_bytes);

/// What is left of `limit_bytes` for features that are held, on `jobs` threads: without what the process takes already,
/// its buffers and the allocator's share; with a memo, which grows by every answer, less than half. 0 where there is no
/// limit.
[[nodiscard]] std::uint64_t room_for_features(std::uint64_t limit_bytes, unsigned jobs, bool with_memo);

} // namespace corebelt::cli
