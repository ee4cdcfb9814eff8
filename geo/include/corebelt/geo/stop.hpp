#pragma once
/// Cooperative stop: long loops ask, the signal handler of the program answers.

#include <atomic>

namespace corebelt {

/// Set from a signal handler (lock-free); long loops call throw_if_stopped() at least every 100 ms of work.
extern std::atomic<bool> stop_requested;

/// @throws Error{stopped, "interrupted"} where a stop was requested.
void throw_if_stopped();

} // namespace corebelt
