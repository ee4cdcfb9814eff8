#include "console.hpp"

#include "corebelt/geo/stop.hpp"
#include "corebelt/layers/connection.hpp"
#include "corebelt/layers/sink.hpp"
#include "corebelt/reports/text_table.hpp"

#include <fmt/format.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <map>
#include <thread>

namespace corebelt::cli {

namespace {

std::size_t terminal_width(int fd) {
    winsize size{};
    if (ioctl(fd, TIOCGWINSZ, &size) == 0 && size.ws_col > 0)
        return std::clamp<std::size_t>(size.ws_col, 30, 160);
    return 80;
}

bool wants_colour() {
    const char* no_colour = std::getenv("NO_COLOR");
    const char* term = std::getenv("TERM");
    return isatty(STDOUT_FILENO) != 0 && (no_colour == nullptr || *no_colour == '\0') &&
           (term == nullptr || std::string(term) != "dumb");
}

std::string listed(const std::vector<std::string>& names) {
    std::string text;
    for (const std::string& n : names)
        text += (text.empty() ? "" : ", ") + n;
    return text;
}

/// "txt" files hold what --format text prints.
std::string canonical(const std::string& format) {
    return format == "txt" ? "text" : format;
}

} // namespace

Console::Console(Lang lang)
    : lang_(lang), stderr_is_terminal_(isatty(STDERR_FILENO) != 0), next_line_(began_ + std::chrono::seconds(2)) {}

void Console::obey(const Common& common) {
    lang_given_ = common.lang.has_value();
    lang_ = common.lang.value_or(lang_);
    quiet_ = common.quiet;
}

void Console::prefer_lang(std::optional<Lang> lang) {
    if (!lang_given_)
        lang_ = lang.value_or(lang_);
}

void Console::error(const Error& error) {
    end_progress();
    const std::string line =
        fmt::format("corebelt: error[{}]: {}\n", error.code(), layers::without_password(error.text().in(lang_)));
    std::fputs(line.c_str(), stderr);
}

void Console::warning(const std::string& code, const Text& text) {
    end_progress();
    const std::string line = fmt::format("corebelt: warning[{}]: {}\n", code, layers::without_password(text.in(lang_)));
    std::fputs(line.c_str(), stderr);
}

void Console::warnings(const layers::IssueLog& issues) {
    const auto counts = issues.counts();
    std::map<std::string, layers::Issue> first;
    for (const layers::Issue& issue : issues.sorted())
        first.try_emplace(issue.code, issue);
    for (const auto& [code, issue] : first) {
        const std::uint64_t count = counts.at(code);
        Text text = issue.text;
        if (!issue.feature.empty()) {
            text.en = fmt::format("{}: {}", issue.feature, text.en);
            text.zh = fmt::format("{}：{}", issue.feature, text.zh);
        }
        if (count > 1) {
            text.en = fmt::format("{} times, first {}", count, text.en);
            text.zh = fmt::format("共 {} 处，首处 {}", count, text.zh);
        }
        warning(code, text);
    }
}

void Console::note(const Text& text) {
    if (quiet_)
        return;
    end_progress();
    std::fputs((text.in(lang_) + "\n").c_str(), stderr);
}

std::string Console::rate_of(std::uint64_t done, std::uint64_t total, double step_seconds) const {
    if (done == 0 || step_seconds < 0.5)
        return {};
    const double rate = static_cast<double>(done) / step_seconds;
    std::string text = fmt::format("  {:.0f}/s", rate);
    if (total > done) {
        const double left = static_cast<double>(total - done) / rate;
        text += lang_ == Lang::zh ? fmt::format("，约剩 {:.0f} s", left) : fmt::format(", {:.0f} s left", left);
    }
    return text;
}

void Console::progress(const std::string& what, std::uint64_t done, std::uint64_t total) {
    if (quiet_)
        return;
    const auto now = std::chrono::steady_clock::now();
    if (what != step_) {
        step_ = what;
        step_began_ = now;
    }
    if (now < next_line_)
        return;
    const double seconds = std::chrono::duration<double>(now - began_).count();
    std::string line = layers::without_password(what);
    if (total > 0)
        line += fmt::format("  {}/{}  {:.0f} %", done, total,
                            100.0 * static_cast<double>(done) / static_cast<double>(total));
    else if (done > 0)
        line += fmt::format("  {}", done);
    line += fmt::format("  {:.0f} s", seconds);
    line += rate_of(done, total, std::chrono::duration<double>(now - step_began_).count());
    if (stderr_is_terminal_) {
        const std::string shown = "\r\x1b[K" + reports::fit(line, terminal_width(STDERR_FILENO) - 1);
        std::fputs(shown.c_str(), stderr);
        std::fflush(stderr);
        progress_shown_ = true;
        next_line_ = now + std::chrono::milliseconds(100);
    } else {
        std::fputs((line + "\n").c_str(), stderr);
        interval_ *= 2;
        next_line_ = now + interval_;
    }
}

void Console::end_progress() {
    if (progress_shown_)
        std::fputs("\r\x1b[K", stderr);
    progress_shown_ = false;
}

reports::TextStyle Console::text_style() const {
    return {lang_, isatty(STDOUT_FILENO) != 0 ? terminal_width(STDOUT_FILENO) : 80, wants_colour()};
}

void Console::print(const std::string& data) {
    end_progress();
    if (std::fwrite(data.data(), 1, data.size(), stdout) != data.size() || std::fflush(stdout) != 0)
        throw Error(ErrorKind::output, "cannot-write", {"cannot write to standard output", "无法写入标准输出"});
}

std::string format_of(const std::string& path) {
    if (layers::is_database(path))
        return "postgis";
    std::string name = std::filesystem::path(path).filename().string();
    std::transform(name.begin(), name.end(), name.begin(),
                   [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
    if (name.ends_with(".junit.xml"))
        return "junit.xml";
    const std::size_t dot = name.rfind('.');
    return dot == std::string::npos || dot == 0 ? std::string() : name.substr(dot + 1);
}

void check_folder(const std::string& option, const std::string& path) {
    const std::filesystem::path folder = std::filesystem::path(path).parent_path();
    std::error_code failed;
    if (!folder.empty() && !std::filesystem::is_directory(folder, failed))
        throw Error(ErrorKind::output, "no-folder",
                    {fmt::format("{} {}: there is no folder {}", option, path, folder.string()),
                     fmt::format("{} {}：目录 {} 不存在", option, path, folder.string())});
}

void check_outputs(const Common& common, const std::vector<std::string>& texts,
                   const std::vector<std::string>& places) {
    const auto among = [](const std::vector<std::string>& formats, const std::string& f) {
        return std::find(formats.begin(), formats.end(), f) != formats.end();
    };
    const std::string all = listed(texts) + (places.empty() ? "" : ", ") + listed(places);
    for (const std::string& path : common.outputs) {
        const std::string format = canonical(format_of(path));
        if (!among(texts, format) && !among(places, format))
            throw Error(ErrorKind::usage, "bad-format",
                        {fmt::format("-o {}: no output format {}; there are {}", path,
                                     format.empty() ? "without extension" : "." + format, all),
                         fmt::format("-o {}：不支持的输出格式{}；可用：{}", path,
                                     format.empty() ? "（无扩展名）" : " ." + format, all)});
        if (!layers::is_database(path))
            check_folder("-o", path);
    }
    if (common.format.empty())
        return;
    const std::string format = canonical(common.format);
    if (among(places, format))
        throw Error(ErrorKind::usage, "bad-format",
                    {fmt::format("--format {0} cannot go to stdout; use -o {1}", format,
                                 format == "postgis" ? "PG:dbname=…" : "FILE." + format),
                     fmt::format("--format {0} 不能写到标准输出，请用 -o {1}", format,
                                 format == "postgis" ? "PG:dbname=…" : "文件." + format)});
    if (!among(texts, format))
        throw Error(ErrorKind::usage, "bad-format",
                    {fmt::format("--format {}: there are {}", common.format, listed(texts)),
                     fmt::format("--format {}：可用格式为 {}", common.format, listed(texts))});
}

void write_outputs(const Common& common, const std::vector<OutputFormat>& formats, Console& console) {
    const auto find = [&](const std::string& name) {
        return std::find_if(formats.begin(), formats.end(), [&](const OutputFormat& f) { return f.name == name; });
    };
    for (const std::string& path : common.outputs) {
        const auto format = find(canonical(format_of(path)));
        if (format->write) {
            format->write(path);
        } else {
            const std::string made = format->make();
            throw_if_stopped();
            layers::write_file(path, made);
        }
        const std::string shown = layers::without_password(path);
        console.note({"wrote " + shown, "已写出 " + shown});
    }
    if (common.outputs.empty() || !common.format.empty())
        console.print(find(canonical(common.format.empty() ? "text" : common.format))->make());
}

unsigned jobs_of(const Common& common) {
    return common.jobs > 0 ? common.jobs : std::max(1U, std::thread::hardware_concurrency());
}

} // namespace corebelt::cli
