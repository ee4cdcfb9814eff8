#pragma once
/// Wall and processor time, and the middle of several measurements.

#include <algorithm>
#include <chrono>
#include <cstddef>
#include <ctime>
#include <vector>

namespace corebelt::bench {

class Stopwatch {
public:
    [[nodiscard]] double seconds() const {
        return std::chrono::duration<double>(std::chrono::steady_clock::now() - start_).count();
    }

    /// Processor time of the whole process: what other work on the machine does not stretch.
    [[nodiscard]] double cpu_seconds() const { return cpu_now() - cpu_start_; }

private:
    static double cpu_now() {
        timespec now{};
        clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
        return static_cast<double>(now.tv_sec) + static_cast<double>(now.tv_nsec) * 1e-9;
    }
    double cpu_start_ = cpu_now();
    std::chrono::steady_clock::time_point start_ = std::chrono::steady_clock::now();
};

/// @pre not empty
[[nodiscard]] inline double median(std::vector<double> values) {
    const std::size_t middle = values.size() / 2;
    std::nth_element(values.begin(), values.begin() + static_cast<std::ptrdiff_t>(middle), values.end());
    return values[middle];
}

} // namespace corebelt::bench
