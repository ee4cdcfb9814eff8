#include "memory_limit.hpp"

#include "corebelt/geo/error.hpp"

#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <fstream>

namespace corebelt::cli {

namespace {

/// 0 where the system does not tell.
std::uint64_t resident_bytes() {
    std::ifstream statm("/proc/self/statm");
    std::uint64_t total_pages = 0;
    std::uint64_t resident_pages = 0;
    if (!(statm >> total_pages >> resident_pages))
        return 0;
    return resident_pages * static_cast<std::uint64_t>(sysconf(_SC_PAGESIZE));
}

} // namespace

void keep_within_memory(std::uint64_t limit_bytes) {
    if (limit_bytes == 0)
        return;
    const std::uint64_t resident = resident_bytes();
    if (resident <= limit_bytes)
        return;
    const double mebibyte = 1048576.0;
    const double limit = static_cast<double>(limit_bytes) / mebibyte;
    const double taken = static_cast<double>(resident) / mebibyte;
    throw Error(ErrorKind::usage, "memory",
                {fmt::format("the run takes {:.0f} MiB and --memory allows {:.0f} MiB; allow more, or work on a part "
                             "of the zones",
                             taken, limit),
                 fmt::format("运行已占用内存 {:.0f} MiB，超过 --memory 允许的 {:.0f} MiB；请放宽限制，或分批处理",
                             taken, limit)});
}

std::uint64_t room_for_features(std::uint64_t limit_bytes, unsigned jobs, bool with_memo) {
    if (limit_bytes == 0)
        return 0;
    constexpr std::uint64_t mebibyte = 1U << 20U;
    const std::uint64_t taken = resident_bytes() + (64 + std::uint64_t{16} * jobs) * mebibyte;
    const std::uint64_t left = limit_bytes - std::min(limit_bytes, taken);
    return std::max(left * (with_memo ? 3 : 7) / 10, 8 * mebibyte);
}

} // namespace corebelt::cli
