#pragma once
/// A folder of its own for one test, removed with everything in it.

#include <filesystem>
#include <optional>
#include <string>

namespace corebelt::test {

class TempDir {
public:
    TempDir();
    ~TempDir();
    TempDir(const TempDir&) = delete;
    TempDir& operator=(const TempDir&) = delete;

    [[nodiscard]] const std::filesystem::path& path() const { return path_; }
    /// path()/name as text.
    [[nodiscard]] std::string operator/(const std::string& name) const { return (path_ / name).string(); }

private:
    std::filesystem::path path_;
};

/// Folder of real test inputs beside the checkout (../shared), none where it is absent. Tests that need it say
/// WARN("skipped: …") and return.
[[nodiscard]] std::optional<std::filesystem::path> shared_folder();

[[nodiscard]] std::string read_text(const std::filesystem::path& path);
void write_text(const std::filesystem::path& path, const std::string& text);

} // namespace corebelt::test
