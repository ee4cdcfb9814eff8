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

/// Calls work(thread, first, last) once for each block of `block` numbers of 0 … n−1 on `jobs` threads, in no order;
/// thread is 0 … jobs−1, each one at a time. The first exception of any thread ends the run and is thrown here.
/// @throws Error{stopped}. @pre block > 0.
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
            next = n;
            const std::scoped_lock lock(failure_mutex);
            if (!failure)
                failure = std::current_exception();
        }
    };
    {
        std::vector<std::jthread> threads;
        for (unsigned t = 1; t < jobs && t * block < n; ++t)
            threads.emplace_back(run, t);
        run(0);
    }
    if (failure)
        std::rethrow_exception(failure);
}

} // namespace corebelt::geo
