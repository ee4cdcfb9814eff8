#pragma once
/// A program run to its end, with what it cost.

#include <string>
#include <vector>

namespace corebelt::bench {

struct ChildCost {
    int exit_code = 0;
    double seconds = 0;     ///< wall
    double cpu_seconds = 0; ///< user and system, all threads
    double resident_mb = 0; ///< greatest resident size
};

/// Standard output goes nowhere, standard error to ours. @throws std::runtime_error where it cannot be started.
[[nodiscard]] ChildCost run(const std::vector<std::string>& command);

} // namespace corebelt::bench
