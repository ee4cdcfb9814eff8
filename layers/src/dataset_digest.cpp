#include "dataset_files.hpp"
#include "sha256.hpp"

#include "corebelt/geo/error.hpp"
#include "corebelt/geo/stop.hpp"
#include "corebelt/layers/sink.hpp"

#include <fmt/format.h>

#include <filesystem>
#include <fstream>
#include <string_view>
#include <vector>

namespace corebelt::layers {

namespace {

namespace fs = std::filesystem;

void add_text(Sha256& digest, std::string_view text) {
    digest.add({reinterpret_cast<const std::uint8_t*>(text.data()), text.size()});
}

void add_content(Sha256& digest, const fs::path& file) {
    std::ifstream in(file, std::ios::binary);
    std::vector<char> block(1U << 18U);
    while (in) {
        throw_if_stopped();
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
    const auto files = files_of_dataset(path);
    Sha256 digest;
    for (const auto& file : files) {
        if (files.size() > 1)
            add_text(digest, fmt::format("{}\n{}\n", file.filename().string(), fs::file_size(file)));
        add_content(digest, file);
    }
    return digest.finish();
}

} // namespace corebelt::layers
