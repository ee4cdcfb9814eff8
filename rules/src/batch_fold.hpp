#pragma once
/// Reading a layer once while several threads fold its batches.

#include "corebelt/layers/source.hpp"

#include <cstdint>
#include <functional>
#include <span>
#include <vector>

namespace corebelt::rules {

/// A batch on its way from the reader to a fold.
struct ReadBatch {
    layers::Batch rows;
    /// Features handed out so far, this batch included, that the door changed so much that verdicts on them are
    /// undecided. Sorted.
    std::vector<std::int64_t> doubtful_fids;
};

/// What one thread gathers. Folds of one run are merged by their owner afterwards; merging must not depend on
/// which fold got which batch.
class BatchFold {
public:
    virtual ~BatchFold() = default;
    virtual void add(const ReadBatch& batch) = 0;
};

/// Features read so far and, where the driver states it, in all (else 0).
using Progress = std::function<void(std::uint64_t done, std::uint64_t total)>;

/// Reads `source` to its end and hands every batch to one of the folds, one thread a fold: the calling thread
/// reads and, when the others are busy, works on folds[0]. The first exception of any thread ends the run and
/// is thrown here. @throws Error{stopped}.
void read_into(layers::BatchSource& source, std::span<BatchFold* const> folds, const Progress& progress);

} // namespace corebelt::rules
