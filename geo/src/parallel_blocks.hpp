#pragma once
/// The same work on blocks of a range, on several threads.

#include "corebelt/geo/stop.hpp"

#include <algorithm>
#include <atomic>
#include <cstddef>
#include <exception>
#include <mutex>
#include <thread>
#include <vector>

namespace corebelt::geo {

/// Calls work(thread, first, last) for blocks of 0 … n−1; threads are 0 … jobs−1. The first exception is thrown here.
template <class Work>
void parallel_blocks(std::size_t n, std::size_t block, unsigned jobs, const Work& work) {
    std::atomic<std::size_t> next{0};
    std::exception_ptr failure;
    std::mutex failure_mutex;
    const auto run = [&](unsigned thread) {
        try {
            for (std::size_t first = next.fetch_add(block); first < n; first = next.fetch_add(block)) {
                throw_if_stopped();
                work(thread, first, std::min(first + block, n));
            }
        } catch (...) {
            const std::scoped_lock lock(failure_mutex);
            failure = std::current_exception();
            next = n;
        }
    };
    std::vector<std::thread> threads;
    for (unsigned t = 1; t < std::min<std::size_t>(std::max(jobs, 1U), (n + block - 1) / block); ++t)
        threads.emplace_back(run, t);
    run(0);
    for (std::thread& thread : threads)
        thread.join();
    if (failure)
        std::rethrow_exception(failure);
}

} // namespace corebelt::geo
