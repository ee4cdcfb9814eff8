#include "staged_files.hpp"

#include "ogr_feature.hpp"
#include "temporary_name.hpp"

#include <algorithm>
#include <filesystem>
#include <system_error>
#include <utility>

namespace corebelt::layers {

namespace {

namespace fs = std::filesystem;

using Moves = std::vector<std::pair<fs::path, fs::path>>; ///< from, to

void undo(const Moves& moves) noexcept {
    std::error_code ignored;
    for (auto move = moves.rbegin(); move != moves.rend(); ++move)
        fs::rename(move->second, move->first, ignored);
}

} // namespace

StagedFiles::StagedFiles(const std::string& path) : path_(path), folder_(temporary_name_beside(path)) {
    std::error_code failure;
    fs::create_directory(folder_, failure);
    if (failure)
        cannot_write(path, failure.message());
}

StagedFiles::~StagedFiles() {
    std::error_code ignored;
    fs::remove_all(folder_, ignored);
}

std::string StagedFiles::file() const {
    return (fs::path(folder_) / fs::path(path_).filename()).string();
}

void StagedFiles::place(const std::vector<std::string>& replaced) {
    const fs::path target_folder = fs::path(path_).parent_path();
    std::vector<fs::path> made;
    for (const auto& entry : fs::directory_iterator(folder_))
        made.push_back(entry.path().filename());
    std::sort(made.begin(), made.end());

    std::error_code failure;
    if (made.size() == 1 && fs::is_regular_file(fs::path(folder_) / made[0])) { // one file: the move is the exchange
        fs::rename(fs::path(folder_) / made[0], target_folder / made[0], failure);
        if (failure)
            cannot_write(path_, failure.message());
        return;
    }
    std::vector<fs::path> old(replaced.begin(), replaced.end());
    for (const auto& name : made)
        old.push_back(target_folder / name);
    const fs::path aside = fs::path(folder_) / ".old";
    fs::create_directory(aside, failure);
    Moves moves;
    const auto move = [&](const fs::path& from, const fs::path& to) {
        if (!failure)
            fs::rename(from, to, failure);
        if (!failure)
            moves.emplace_back(from, to);
    };
    for (const auto& file : old)
        if (!failure && fs::exists(fs::symlink_status(file)))
            move(file, aside / file.filename());
    for (const auto& name : made)
        move(fs::path(folder_) / name, target_folder / name);
    if (failure) {
        undo(moves);
        cannot_write(path_, failure.message());
    }
}

} // namespace corebelt::layers
