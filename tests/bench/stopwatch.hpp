#pragma once
/// Wall time, and the middle of several measurements.

#include <algorithm>
#include <chrono>
#include <cstddef>
#include <vector>

namespace corebelt::bench {

class Stopwatch {
public:
    [[nodiscard]] double seconds() const {
        return std::chrono::duration<double>(std::chrono::steady_clock::now() - start_).count();
    }

private:
    std::chrono::steady_clock::time_point start_ = std::chrono::steady_clock::now();
};

/// @pre not empty
[[nodiscard]] inline double median(std::vector<double> values) {
    const std::size_t middle = values.size() / 2;
    std::nth_element(values.begin(), values.begin() + static_cast<std::ptrdiff_t>(middle), values.end());
    return values[middle];
}

} // namespace corebelt::bench
