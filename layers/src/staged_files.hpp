#pragma once
/// Files that appear under their names together, when all of them are whole.

#include <string>
#include <vector>

namespace corebelt::layers {

/// A hidden folder beside a file, in which it and its companions (.shx, .dbf, …) are made; the destructor removes it.
class StagedFiles {
public:
    /// @throws Error{output, "cannot-write"} with the system's reason.
    explicit StagedFiles(const std::string& path);
    ~StagedFiles();
    StagedFiles(const StagedFiles&) = delete;
    StagedFiles& operator=(const StagedFiles&) = delete;

    /// Where to write what is to become `path`.
    [[nodiscard]] std::string file() const;
    /// Moves everything that was made beside the target. What stands under `replaced` (and under the new names) goes;
    /// it comes back where a move fails. @throws Error{output, "cannot-write"}.
    void place(const std::vector<std::string>& replaced);

private:
    std::string path_;
    std::string folder_;
};

} // namespace corebelt::layers
