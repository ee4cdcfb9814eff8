#pragma once
/// Programs run to their end, with what they cost.

#include <string>
#include <vector>

namespace corebelt::bench {

struct ChildCost {
    int exit_code = 0;      ///< 128 and the signal where one ended it, 127 where it could not be started
    double seconds = 0;     ///< by the clock
    double cpu_seconds = 0; ///< user and system, all threads
    double resident_mb = 0; ///< greatest resident size
};

/// Starts programs from a process of its own, made before anything large is in memory: Linux counts the resident
/// size of whoever starts a program as the program's own.
class Launcher {
public:
    Launcher(); ///< @throws std::runtime_error
    ~Launcher();
    Launcher(const Launcher&) = delete;
    Launcher& operator=(const Launcher&) = delete;

    /// Standard output goes nowhere, standard error to ours. @throws std::runtime_error where the launcher is gone.
    [[nodiscard]] ChildCost run(const std::vector<std::string>& command);

private:
    int orders_ = -1, costs_ = -1; ///< pipes to it and from it
    int process_ = 0;
};

} // namespace corebelt::bench
