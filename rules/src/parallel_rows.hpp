#pragma once

#include <cstddef>
#include <functional>

namespace corebelt::rules {

/// Calls use(thread, row) once for each row on `jobs` threads, in no order; thread is 0 … jobs−1, each one at a time.
/// The first exception of any thread ends the run and is thrown here. @throws Error{stopped}. @pre jobs > 0.
void each_row(std::size_t rows, unsigned jobs, const std::function<void(unsigned thread, std::size_t row)>& use);

} // namespace corebelt::rules
