#include "corebelt/layers/file_stamps.hpp"

#include "dataset_files.hpp"

#include "corebelt/geo/error.hpp"

#include <fmt/format.h>
#include <sys/stat.h>

#include <algorithm>
#include <iterator>
#include <system_error>
#include <tuple>

namespace corebelt::layers {

FileStamps::FileStamps(const std::string& path) : path_(path), stamps_(of(path)) {}

std::vector<FileStamps::Stamp> FileStamps::of(const std::string& path) {
    namespace fs = std::filesystem;
    std::vector<Stamp> stamps;
    std::error_code failed;
    if (!fs::exists(path, failed) || failed)
        return stamps;
    for (const auto& file : files_of_dataset(path)) {
        struct stat found {};
        if (stat(file.c_str(), &found) != 0 || !S_ISREG(found.st_mode))
            continue; // gone meanwhile, or a stream, which can be read only once anyway
        stamps.push_back({file.string(), static_cast<std::uint64_t>(found.st_size), found.st_ino, found.st_mtim.tv_sec,
                          found.st_mtim.tv_nsec});
    }
    return stamps;
}

void FileStamps::require_unchanged() const {
    if (stamps_.empty())
        return;
    const auto now = of(path_);
    if (now == stamps_)
        return;
    const auto less = [](const Stamp& a, const Stamp& b) {
        const auto key = [](const Stamp& s) { return std::tie(s.file, s.size, s.inode, s.seconds, s.nanoseconds); };
        return key(a) < key(b);
    };
    std::vector<Stamp> differing;
    std::set_symmetric_difference(stamps_.begin(), stamps_.end(), now.begin(), now.end(), std::back_inserter(differing),
                                  less);
    const std::string file = differing.empty() ? path_ : differing.front().file;
    throw Error(ErrorKind::input, "changed-while-reading",
                {fmt::format("{} was changed while it was being read; nothing was written. Run again when no other "
                             "program writes it, or on a copy",
                             file),
                 fmt::format("文件 {} 在读取过程中被修改，未输出任何结果；请待其他程序写完后重新运行，或复制一份再运行",
                             file)});
}

} // namespace corebelt::layers
