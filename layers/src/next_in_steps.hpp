#pragma once

#include "corebelt/layers/source.hpp"

namespace corebelt::layers {

/// BatchSource::next() for a source that reads in steps. `at_end` is false before the first call.
bool next_in_steps(BatchSource& source, bool& at_end, Batch& batch);

} // namespace corebelt::layers
