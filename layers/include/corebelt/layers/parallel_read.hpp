#pragma once
/// One source, several threads: one reads ahead, all of them decode, judge and work.

#include "corebelt/layers/source.hpp"

#include <cstdint>
#include <functional>
#include <memory>
#include <vector>

namespace corebelt::layers {

/// A batch through the door.
struct JudgedBatch {
    Batch rows;                              ///< may be none, where a filter let nothing pass
    std::vector<std::int64_t> doubtful_fids; ///< as DoorCounts; at least all of this batch. Sorted
    std::uint64_t number = 0;                ///< in the order of the file, from 0
};

/// Gets every batch once, in any order, with the number of the thread that calls: 0 … jobs−1, each one at a time.
using BatchUse = std::function<void(unsigned thread, JudgedBatch& batch)>;
/// Features read so far and, where the driver states it, in all (else 0). Called by the thread that reads.
using ReadProgress = std::function<void(std::uint64_t done, std::uint64_t total)>;

/// What waits between reader and workers, in bytes; one batch may always wait.
inline constexpr std::uint64_t waiting_bytes = 2U << 20U;

/// Reads `source` to its end on `jobs` threads: the calling one reads and, where the others cannot follow, works too.
/// The first exception of any thread ends the run and is thrown here. @throws Error{stopped}. @pre jobs > 0.
void read_in_parallel(BatchSource& source, unsigned jobs, const BatchUse& use, const ReadProgress& progress = {});

/// The same source, read on a thread of its own that begins at once and stays up to `bytes` ahead.
[[nodiscard]] std::unique_ptr<BatchSource> read_ahead(std::unique_ptr<BatchSource> source,
                                                      std::uint64_t bytes = 2 * waiting_bytes);

} // namespace corebelt::layers
