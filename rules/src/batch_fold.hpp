#pragma once
/// Reading a layer once while several threads fold its batches.

#include "corebelt/layers/parallel_read.hpp"

#include <span>

namespace corebelt::rules {

using ReadBatch = layers::JudgedBatch;
using Progress = layers::ReadProgress;

/// What one thread gathers. Folds of one run are merged by their owner afterwards; merging must not depend on
/// which fold got which batch.
class BatchFold {
public:
    virtual ~BatchFold() = default;
    virtual void add(const ReadBatch& batch) = 0;
};

/// Reads `source` to its end and hands every batch to one of the folds, one thread a fold.
/// @throws as layers::read_in_parallel().
void read_into(layers::BatchSource& source, std::span<BatchFold* const> folds, const Progress& progress);

} // namespace corebelt::rules
