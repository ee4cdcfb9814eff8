#include "batch_fold.hpp"

namespace corebelt::rules {

void read_into(layers::BatchSource& source, std::span<BatchFold* const> folds, const Progress& progress) {
    layers::read_in_parallel(
        source, static_cast<unsigned>(folds.size()),
        [folds](unsigned thread, const ReadBatch& batch) { folds[thread]->add(batch); }, progress);
}

} // namespace corebelt::rules
