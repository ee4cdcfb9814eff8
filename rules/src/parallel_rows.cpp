#include "parallel_rows.hpp"

#include "corebelt/geo/expects.hpp"
#include "corebelt/geo/stop.hpp"

#include <algorithm>
#include <atomic>
#include <exception>
#include <mutex>
#include <thread>
#include <vector>

namespace corebelt::rules {

void each_row(std::size_t rows, unsigned jobs, const std::function<void(unsigned thread, std::size_t row)>& use) {
    COREBELT_EXPECTS(jobs > 0);
    // Few rows may be much work each: then one by one, so that no thread waits long for the last.
    constexpr std::size_t shares = 8;
    const std::size_t at_once = std::clamp<std::size_t>(rows / (std::size_t{jobs} * shares), 1, 16);
    std::atomic<std::size_t> next{0};
    std::exception_ptr failure;
    std::mutex failure_mutex;
    const auto work = [&](unsigned thread) {
        try {
            for (std::size_t first = next.fetch_add(at_once); first < rows; first = next.fetch_add(at_once)) {
                throw_if_stopped();
                for (std::size_t row = first; row < std::min(rows, first + at_once); ++row)
                    use(thread, row);
            }
        } catch (...) {
            next = rows;
            const std::scoped_lock lock(failure_mutex);
            if (!failure)
                failure = std::current_exception();
        }
    };
    {
        std::vector<std::jthread> threads;
        for (unsigned thread = 1; thread < jobs && thread * at_once < rows; ++thread)
            threads.emplace_back(work, thread);
        work(0);
    }
    if (failure)
        std::rethrow_exception(failure);
}

} // namespace corebelt::rules
