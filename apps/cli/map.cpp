#include "verbs.hpp"

#include "corebelt/geo/nearest_name.hpp"
#include "corebelt/styles/sheet.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>

namespace corebelt::cli {

int run_map(const MapArguments& arguments, Console& console) {
    if (arguments.picture != "png")
        throw Error(ErrorKind::usage, "bad-format",
                    {fmt::format("--format {}: sheets are drawn as png", arguments.picture),
                     fmt::format("--format {}：图纸目前输出 png", arguments.picture)});
    const project::Project project = project::load_project(arguments.project);
    console.prefer_lang(project.lang);

    const std::vector<project::Sheet> sheets = styles::sheets_of(project, console.lang());
    std::vector<std::string> ids;
    ids.reserve(sheets.size());
    for (const project::Sheet& sheet : sheets)
        ids.push_back(sheet.id);
    for (const std::string& wanted : arguments.sheets)
        if (std::find(ids.begin(), ids.end(), wanted) == ids.end()) {
            const std::string nearest = geo::nearest_name(wanted, ids).value_or("");
            throw Error(ErrorKind::usage, "unknown-sheet",
                        {fmt::format("{} has no sheet {}; nearest: {}", arguments.project, wanted, nearest),
                         fmt::format("{} 中没有图纸 {}，最接近的是 {}", arguments.project, wanted, nearest)});
        }
    std::error_code failed;
    std::filesystem::create_directories(arguments.folder, failed);
    if (failed || !std::filesystem::is_directory(arguments.folder))
        throw Error(ErrorKind::output, "no-folder",
                    {fmt::format("cannot make the folder {}: {}", arguments.folder, failed.message()),
                     fmt::format("无法创建目录 {}：{}", arguments.folder, failed.message())});

    styles::SheetOptions options;
    options.dpi = arguments.dpi;
    options.lang = console.lang();
    options.jobs = jobs_of(arguments.common);
    std::uint64_t done = 0;
    for (const project::Sheet& sheet : sheets) {
        if (!arguments.sheets.empty() &&
            std::find(arguments.sheets.begin(), arguments.sheets.end(), sheet.id) == arguments.sheets.end())
            continue;
        const std::string path = (std::filesystem::path(arguments.folder) / (sheet.id + ".png")).string();
        console.progress(sheet.title, done++, sheets.size());
        const styles::SheetSummary summary = styles::draw_sheet_png(project, sheet, path, options);
        const auto all = summary.issues.sorted();
        for (const auto& [code, count] : summary.issues.counts()) {
            const auto first = std::find_if(all.begin(), all.end(),
                                            [&wanted = code](const auto& issue) { return issue.code == wanted; });
            const std::string more_en = count > 1 ? fmt::format(" (and {} more)", count - 1) : std::string();
            const std::string more_zh = count > 1 ? fmt::format("（另有 {} 处）", count - 1) : std::string();
            console.warning(code, {fmt::format("{}: {}{}", first->layer, first->text.en, more_en),
                                   fmt::format("{}：{}{}", first->layer, first->text.zh, more_zh)});
        }
        console.note({"wrote " + path, "已写出 " + path});
    }
    return 0;
}

} // namespace corebelt::cli
