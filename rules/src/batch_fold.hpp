#pragma once
/// Reading a layer once while several threads fold its batches.

#include "corebelt/layers/parallel_read.hpp"

#include <memory>
#include <vector>

namespace corebelt::rules {

using ReadBatch = layers::JudgedBatch;
using Progress = layers::ReadProgress;

/// Reads `source` to its end and hands every batch to one of the folds, add(const ReadBatch&), one thread a fold. A
/// fold is what one thread gathers; their owner merges them afterwards, which must not depend on which got which batch.
/// @throws as layers::read_in_parallel().
template <class Fold>
void read_into(layers::BatchSource& source, const std::vector<std::unique_ptr<Fold>>& folds, const Progress& progress) {
    layers::read_in_parallel(
        source, static_cast<unsigned>(folds.size()),
        [&folds](unsigned thread, const ReadBatch& batch) { folds[thread]->add(batch); }, progress);
}

} // namespace corebelt::rules
