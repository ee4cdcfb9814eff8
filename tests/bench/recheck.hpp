#pragma once
/// One parcel of many is edited: how long from the saved file to the new report?

#include "child_process.hpp"

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

namespace corebelt::bench {

struct RecheckOptions {
    std::filesystem::path folder;  ///< a province of its own is written here
    std::filesystem::path program; ///< corebelt
    std::uint32_t parcels = 100'000;
    std::uint64_t seed = 1;
    int rounds = 7;
};

/// Lines of Markdown. Every remembered report is compared with that of a full run over the same files.
/// @throws std::runtime_error where a run fails or the bytes differ.
[[nodiscard]] std::vector<std::string> recheck_table(const RecheckOptions& options, Launcher& launcher);

} // namespace corebelt::bench
