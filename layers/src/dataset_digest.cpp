#include "sha256.hpp"

#include "corebelt/geo/error.hpp"
#include "corebelt/layers/sink.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cctype>
#include <filesystem>
#include <fstream>
#include <string_view>
#include <vector>

namespace corebelt::layers {

namespace {

namespace fs = std::filesystem;

std::string lower(std::string text) {
    std::transform(text.begin(), text.end(), text.begin(),
                   [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
    return text;
}

bool comes_with_shapefile(const fs::path& path) {
    constexpr std::array<std::string_view, 5> extensions{".shp", ".shx", ".dbf", ".prj", ".cpg"};
    return std::find(extensions.begin(), extensions.end(), lower(path.extension().string())) != extensions.end();
}

/// The files that make up a dataset, by name. Lock and index files of other programs do not count.
std::vector<fs::path> files_of(const fs::path& path) {
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

void add_text(Sha256& digest, std::string_view text) {
    digest.add({reinterpret_cast<const std::uint8_t*>(text.data()), text.size()});
}

void add_content(Sha256& digest, const fs::path& file) {
    std::ifstream in(file, std::ios::binary);
    std::vector<char> block(1U << 20U);
    while (in) {
        in.read(block.data(), static_cast<std::streamsize>(block.size()));
        add_text(digest, {block.data(), static_cast<std::size_t>(in.gcount())});
    }
    if (!in.eof())
        throw Error(ErrorKind::input, "cannot-open",
                    {fmt::format("cannot read {}", file.string()), fmt::format("无法读取文件 {}", file.string())});
}

} // namespace

std::string sha256_of(const std::string& path) {
    std::error_code ignored;
    if (!fs::exists(path, ignored))
        return {};
    const auto files = files_of(path);
    Sha256 digest;
    for (const auto& file : files) {
        if (files.size() > 1)
            add_text(digest, fmt::format("{}\n{}\n", file.filename().string(), fs::file_size(file)));
        add_content(digest, file);
    }
    return digest.finish();
}

} // namespace corebelt::layers
