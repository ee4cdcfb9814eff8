#pragma once
/// Runs the real program and keeps what it said.

#include <csignal>
#include <cstdint>
#include <functional>
#include <string>
#include <utility>
#include <vector>

namespace corebelt::test {

struct Outcome {
    int exit_code = -1; ///< 128 + n where signal n ended it
    std::string out, err;
    double seconds = 0;
    std::uint64_t peak_resident_bytes = 0; ///< as the operating system counted it
};

struct ProcessOptions {
    std::vector<std::pair<std::string, std::string>> environment; ///< added to ours; LANG is C.UTF-8 unless given
    double interrupt_after_s = 0;                                 ///< > 0: `interrupt_signal` then
    std::string folder;                                           ///< working folder; empty: ours
    bool close_stdout_early = false;                              ///< the reader of stdout goes away at once
    int interrupt_signal = SIGINT;
    std::function<void()> meanwhile = {}; ///< called every few milliseconds while the program runs
    std::uint64_t largest_file = 0;       ///< bytes; > 0: the program may write no larger one
};

/// argv[0] is the program. Throws std::runtime_error where it cannot be started.
[[nodiscard]] Outcome run_process(const std::vector<std::string>& argv, const ProcessOptions& options = {});

/// The corebelt binary of this build, with arguments.
[[nodiscard]] Outcome run_corebelt(std::vector<std::string> arguments, const ProcessOptions& options = {});

} // namespace corebelt::test
