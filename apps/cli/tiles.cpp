#include "verbs.hpp"

#include "corebelt/styles/sheet.hpp"

#include <fmt/format.h>

namespace corebelt::cli {

int run_tiles(const TilesArguments& arguments, Console& console) {
    const std::string& target = arguments.target;
    if ((!arguments.picture.empty() && arguments.picture != "png") || target.ends_with(".pmtiles") ||
        target.ends_with(".mbtiles"))
        throw Error(ErrorKind::usage, "bad-format",
                    {"tiles are written as png into a folder z/x/y.png: -o DIR --format png",
                     "瓦片目前以 png 写入目录 z/x/y.png：-o 目录 --format png"});
    if (arguments.zooms_given && arguments.min_zoom > arguments.max_zoom)
        throw Error(ErrorKind::usage, "usage",
                    {fmt::format("--min-zoom {} is above --max-zoom {}", arguments.min_zoom, arguments.max_zoom),
                     fmt::format("--min-zoom {} 大于 --max-zoom {}", arguments.min_zoom, arguments.max_zoom)});
    const project::Project project = project::load_project(arguments.project);
    console.prefer_lang(project.lang);

    styles::TileOptions options;
    options.min_zoom = arguments.min_zoom;
    options.max_zoom = arguments.max_zoom;
    options.jobs = jobs_of(arguments.common);
    options.progress = [&](std::uint64_t done, std::uint64_t total) { console.progress(target, done, total); };
    const styles::TileSummary summary = styles::write_tile_folder(project, target, options);
    console.note({fmt::format("wrote {} tiles, zoom {}–{}, {} bytes: {}", summary.written, summary.min_zoom,
                              summary.max_zoom, summary.bytes, target),
                  fmt::format("已写出瓦片 {} 张，级别 {}–{}，共 {} 字节：{}", summary.written, summary.min_zoom,
                              summary.max_zoom, summary.bytes, target)});
    return 0;
}

} // namespace corebelt::cli
