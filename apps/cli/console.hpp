#pragma once
/// stdout for data, stderr for words: messages, progress, terminal width and colour.

#include "arguments.hpp"

#include "corebelt/geo/error.hpp"
#include "corebelt/geo/text.hpp"
#include "corebelt/layers/issue.hpp"
#include "corebelt/reports/report.hpp"

#include <chrono>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

namespace corebelt::cli {

class Console {
public:
    explicit Console(Lang lang);

    [[nodiscard]] Lang lang() const { return lang_; }
    /// Takes --lang and --quiet.
    void obey(const Common& common);
    /// The language of a project file counts where --lang is not given.
    void prefer_lang(std::optional<Lang> lang);

    /// `corebelt: error[CODE]: text` and `corebelt: warning[CODE]: text` on stderr.
    void error(const Error& error);
    void warning(const std::string& code, const Text& text);
    /// One warning a code: how often, and the first of them in the order of the listing.
    void warnings(const layers::IssueLog& issues);
    /// A line for people on stderr ("wrote …"), not with --quiet.
    void note(const Text& text);

    /// Progress of one long step, with its rate and the time left: rewritten in place on a terminal, else a line at
    /// growing intervals.
    void progress(const std::string& what, std::uint64_t done, std::uint64_t total);
    /// Clears a progress line that stands on the terminal.
    void end_progress();

    /// Style of text on stdout: width of the terminal (80 elsewhere), colour only on a terminal without NO_COLOR.
    [[nodiscard]] reports::TextStyle text_style() const;

    /// All of stdout, written at once. @throws Error{output, "cannot-write"}.
    void print(const std::string& data);

private:
    /// "  120000/s, 14 s left"; empty before there is anything to go by.
    [[nodiscard]] std::string rate_of(std::uint64_t done, std::uint64_t total, double step_seconds) const;

    Lang lang_;
    bool lang_given_ = false;
    bool quiet_ = false;
    bool stderr_is_terminal_;
    bool progress_shown_ = false;
    std::chrono::steady_clock::time_point began_ = std::chrono::steady_clock::now();
    std::chrono::steady_clock::time_point next_line_;
    std::chrono::steady_clock::duration interval_{std::chrono::seconds(2)};
    std::string step_; ///< what the last progress was of
    std::chrono::steady_clock::time_point step_began_;
};

/// What the place named by -o asks for: "json", "gpkg", "junit.xml", …; "postgis" of a database; "" where there is no
/// extension.
[[nodiscard]] std::string format_of(const std::string& path);

/// One format that a verb can make. `make` is for texts; `write` for what needs a file or a database.
struct OutputFormat {
    std::string name; ///< "json": the extension and the --format word
    std::function<std::string()> make;
    std::function<void(const std::string& path)> write;
};

/// Formats and folders of every -o, before the job starts. `texts` may go to stdout, too; `places` need -o.
/// @throws Error{usage, "bad-format"} listing the formats there are; Error{output, "no-folder"}.
void check_outputs(const Common& common, const std::vector<std::string>& texts,
                   const std::vector<std::string>& places = {});
/// @throws Error{output, "no-folder"} where the folder that a file named by an option goes to is not there.
void check_folder(const std::string& option, const std::string& path);
/// Writes every -o file and stdout in the formats asked for. @pre check_outputs() was called.
void write_outputs(const Common& common, const std::vector<OutputFormat>& formats, Console& console);

/// Threads to use: --jobs, else all cores.
[[nodiscard]] unsigned jobs_of(const Common& common);

} // namespace corebelt::cli
