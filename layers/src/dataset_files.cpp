#include "dataset_files.hpp"

#include <algorithm>
#include <array>
#include <cctype>
#include <string_view>

namespace corebelt::layers {

namespace fs = std::filesystem;

namespace {

std::string lower(std::string text) {
    std::transform(text.begin(), text.end(), text.begin(),
                   [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
    return text;
}

bool comes_with_shapefile(const fs::path& path) {
    constexpr std::array<std::string_view, 5> extensions{".shp", ".shx", ".dbf", ".prj", ".cpg"};
    return std::find(extensions.begin(), extensions.end(), lower(path.extension().string())) != extensions.end();
}

} // namespace

std::vector<fs::path> files_of_dataset(const fs::path& path) {
    std::vector<fs::path> files;
    if (fs::is_directory(path)) {
        for (const auto& entry : fs::directory_iterator(path))
            if (entry.is_regular_file() && lower(entry.path().extension().string()) != ".lock")
                files.push_back(entry.path());
    } else if (lower(path.extension().string()) == ".shp") {
        const fs::path folder = path.parent_path().empty() ? fs::path(".") : path.parent_path();
        for (const auto& entry : fs::directory_iterator(folder))
            if (entry.is_regular_file() && entry.path().stem() == path.stem() && comes_with_shapefile(entry.path()))
                files.push_back(entry.path());
    } else {
        files.push_back(path);
    }
    std::sort(files.begin(), files.end());
    return files;
}

} // namespace corebelt::layers
