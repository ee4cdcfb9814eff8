#pragma once
/// Whether the files of a dataset are still those that were opened.

#include <cstdint>
#include <string>
#include <vector>

namespace corebelt::layers {

/// Size, time of change and identity of each file of a dataset, as they were when this was made. Several files make up
/// a folder (.gdb) and a shapefile; what is no file (a database, an archive's inside) has no stamps and never changes.
class FileStamps {
public:
    FileStamps() = default;
    /// @param path  without "|layer=".
    explicit FileStamps(const std::string& path);

    /// @throws Error{input, "changed-while-reading"} naming the file that was written, replaced, added or removed.
    void require_unchanged() const;

private:
    struct Stamp {
        std::string file;
        std::uint64_t size = 0, inode = 0;
        std::int64_t seconds = 0, nanoseconds = 0; ///< of the last change of its content
        bool operator==(const Stamp&) const = default;
    };
    [[nodiscard]] static std::vector<Stamp> of(const std::string& path);
    std::string path_;
    std::vector<Stamp> stamps_;
};

} // namespace corebelt::layers
