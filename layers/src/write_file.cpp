#include "temporary_name.hpp"

#include "corebelt/geo/error.hpp"
#include "corebelt/layers/sink.hpp"

#include <fmt/format.h>
#include <unistd.h>

#include <atomic>
#include <cerrno>
#include <cstdio>
#include <filesystem>
#include <system_error>

namespace corebelt::layers {

namespace {

namespace fs = std::filesystem;

[[noreturn]] void cannot_write(const std::string& path, const std::string& reason) {
    throw Error(ErrorKind::output, "cannot-write",
                {fmt::format("cannot write {}: {}", path, reason), fmt::format("无法写入文件 {}：{}", path, reason)});
}

std::string reason_of(int error_number) {
    return std::system_category().message(error_number);
}

/// Writes bytes under exactly this name. Returns the reason of failure, empty where it went well.
std::string write_bytes(const std::string& name, std::string_view bytes, const char* mode) {
    std::FILE* file = std::fopen(name.c_str(), mode);
    if (file == nullptr)
        return reason_of(errno);
    const bool written = std::fwrite(bytes.data(), 1, bytes.size(), file) == bytes.size();
    const int write_error = written ? 0 : errno;
    const bool closed = std::fclose(file) == 0; // a full disk may show only here
    const int close_error = closed ? 0 : errno;
    if (!written || !closed)
        return reason_of(written ? close_error : write_error);
    return {};
}

/// A terminal, a pipe, /dev/null: nothing to rename onto.
bool is_stream(const std::string& path) {
    std::error_code ignored;
    const auto status = fs::status(path, ignored);
    return fs::exists(status) && !fs::is_regular_file(status) && !fs::is_directory(status);
}

} // namespace

std::string temporary_name_beside(const std::string& path) {
    static std::atomic<unsigned> counter{0};
    const fs::path target(path);
    const std::string name =
        fmt::format(".{}.{}-{}.part{}", target.stem().string(), ::getpid(), counter++, target.extension().string());
    return (target.parent_path() / name).string();
}

void rename_into_place(const std::string& temporary, const std::string& path) {
    std::error_code failure;
    fs::rename(temporary, path, failure);
    if (!failure)
        return;
    std::error_code ignored;
    fs::remove(temporary, ignored);
    cannot_write(path, failure.message());
}

void write_file(const std::string& path, std::string_view bytes) {
    if (is_stream(path)) {
        if (const std::string reason = write_bytes(path, bytes, "wb"); !reason.empty())
            cannot_write(path, reason);
        return;
    }
    const std::string temporary = temporary_name_beside(path);
    if (const std::string reason = write_bytes(temporary, bytes, "wbx"); !reason.empty()) {
        std::error_code ignored;
        fs::remove(temporary, ignored);
        cannot_write(path, reason);
    }
    rename_into_place(temporary, path);
}

} // namespace corebelt::layers
