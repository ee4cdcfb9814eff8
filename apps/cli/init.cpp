#include "verbs.hpp"

#include "corebelt/geo/error.hpp"
#include "corebelt/geo/transform.hpp"
#include "corebelt/geo/utf8.hpp"
#include "corebelt/layers/boundary_text.hpp"
#include "corebelt/layers/dataset.hpp"
#include "corebelt/layers/sink.hpp"
#include "corebelt/project/project.hpp"
#include "corebelt/project/recognition.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <filesystem>
#include <map>
#include <set>

namespace corebelt::cli {

namespace {

namespace fs = std::filesystem;

/// Folders below the given one that are looked into; deliveries nest by county and by theme.
constexpr int deepest = 3;

std::string quoted(const std::string& text) {
    std::string out = "\"";
    for (const char c : text) {
        if (c == '"' || c == '\\')
            out += '\\';
        out += static_cast<unsigned char>(c) < 0x20 || c == 0x7f ? ' ' : c;
    }
    return out + "\"";
}

/// In one line, for a comment.
std::string one_line(std::string text) {
    for (char& c : text)
        if (static_cast<unsigned char>(c) < 0x20 || c == 0x7f)
            c = ' ';
    return text;
}

std::string extension_of(const fs::path& path) {
    std::string extension = path.extension().string();
    for (char& c : extension)
        if (c >= 'A' && c <= 'Z')
            c = static_cast<char>(c - 'A' + 'a');
    return extension;
}

/// By its name a dataset, read or not: formats that are not read say so when they are opened.
bool may_be_dataset(const fs::path& path) {
    constexpr std::array<std::string_view, 20> extensions{
        ".gpkg", ".shp", ".geojson", ".json", ".geojsonl", ".fgb", ".kml", ".kmz",   ".gdb", ".gml",
        ".tab",  ".mif", ".dxf",     ".pbf",  ".zip",      ".dwg", ".mdb", ".accdb", ".vct", ".csv"};
    const std::string extension = extension_of(path);
    return std::find(extensions.begin(), extensions.end(), extension) != extensions.end() ||
           (extension == ".txt" && layers::is_boundary_text_file(path.string()));
}

void collect(const fs::path& folder, int depth, std::vector<fs::path>& found) {
    std::error_code unreadable;
    for (const auto& entry : fs::directory_iterator(folder, unreadable)) {
        std::error_code ignored;
        if (entry.path().filename().string().starts_with("."))
            continue;
        if (may_be_dataset(entry.path()))
            found.push_back(entry.path());
        else if (depth < deepest && entry.is_directory(ignored))
            collect(entry.path(), depth + 1, found);
    }
}

/// A layer that is known, was read to its end, and what was learnt on the way.
struct Placed {
    std::string source; ///< relative to the project file
    layers::LayerInfo info;
    geo::Box extent;
    project::Recognised what;
    std::optional<project::SchemeVote::Winner> scheme;
    std::string id_field;
    std::optional<Text> left_out; ///< why its section is a comment
};

struct NotPlaced {
    std::string source;
    Text why;
};

/// Fields that may be identifiers: those whose every value is there and different.
class UniqueFields {
public:
    explicit UniqueFields(std::vector<std::string> names) : names_(std::move(names)), seen_(names_.size()) {}

    void add(const layers::Batch& batch) {
        for (std::size_t f = 0; f < names_.size(); ++f) {
            const layers::Column* column = names_[f].empty() ? nullptr : batch.find(names_[f]);
            for (std::size_t row = 0; column != nullptr && row < batch.size(); ++row)
                if (column->valid[row] == 0 || !seen_[f].insert(layers::to_string(column->value(row))).second) {
                    names_[f].clear();
                    seen_[f].clear();
                    break;
                }
        }
    }
    /// The first that is unique, empty where there is none.
    [[nodiscard]] std::string best() const {
        const auto found =
            std::find_if(names_.begin(), names_.end(), [](const std::string& name) { return !name.empty(); });
        return found == names_.end() ? std::string() : *found;
    }

private:
    std::vector<std::string> names_; ///< empty where a value came twice
    std::vector<std::set<std::string>> seen_;
};

/// Looks at every layer of a folder.
class Survey {
public:
    Survey(fs::path folder, Console& console) : folder_(std::move(folder)), console_(console) {}

    void look_at(const fs::path& file) {
        const std::string name = file.lexically_relative(folder_).generic_string();
        if (!geo::is_utf8(name)) {
            not_placed_.push_back({one_line(file.extension().string()),
                                   {"a file name that is not UTF-8 cannot stand in a project file: rename it",
                                    "文件名不是 UTF-8，无法写入项目文件，请改名"}});
            return;
        }
        guarded(name, [&] {
            layers::OpenOptions options;
            options.require_crs = false;
            const auto found = layers::list_layers(file.string(), options);
            if (found.empty())
                not_placed_.push_back({name, {"no layer with geometry", "没有带几何的图层"}});
            for (const layers::LayerInfo& layer : found) {
                const std::string end = found.size() > 1 ? "|layer=" + layer.layer : "";
                guarded(name + end, [&] { read(name + end, file.string() + end, layer, file.stem().string()); });
            }
        });
    }

    [[nodiscard]] std::vector<Placed>& placed() { return placed_; }
    [[nodiscard]] const std::vector<NotPlaced>& not_placed() const { return not_placed_; }

private:
    /// What cannot be opened or read is said, and the survey goes on.
    template <class Work>
    void guarded(const std::string& source, const Work& work) {
        try {
            work();
        } catch (const Error& error) {
            if (error.kind() != ErrorKind::input && error.kind() != ErrorKind::usage)
                throw;
            not_placed_.push_back({source, error.text()});
        }
    }

    void read(const std::string& source, const std::string& path, const layers::LayerInfo& layer,
              const std::string& stem) {
        const auto what = project::recognise(layer, stem);
        if (!what) {
            const Text doubt = project::recognition_doubt(layer, stem);
            not_placed_.push_back({source, doubt.en.empty() ? Text{"neither name nor fields tell what it is",
                                                                   "名称和字段均不能说明其用途"}
                                                            : doubt});
            return;
        }
        layers::OpenOptions options;
        options.label = source;
        options.require_crs = false;
        options.trust_geometry = true; // check judges it
        options.all_fields = true;
        const auto reader = layers::open_layer(path, options);
        std::optional<project::SchemeVote> vote;
        if (!what->class_field.empty())
            vote.emplace(*what);
        UniqueFields unique(what->id_fields);
        bool fits = true;
        std::uint64_t read = 0;
        for (layers::Batch batch; reader->next(batch);) {
            if (vote)
                vote->add(batch);
            unique.add(batch);
            for (std::size_t row = 0; row < batch.size(); ++row)
                fits = fits && (batch.shapes[row].empty() || batch.shapes.dimension[row] == geo::Dimension::area ||
                                (what->lines && batch.shapes.dimension[row] == geo::Dimension::line) ||
                                (what->points && batch.shapes.dimension[row] == geo::Dimension::point));
            read += batch.size();
            console_.progress(source, read,
                              static_cast<std::uint64_t>(std::max<std::int64_t>(0, layer.feature_count.value_or(0))));
        }
        console_.end_progress();
        for (const layers::Issue& issue : reader->issues().sorted())
            if (issue.feature.empty())
                console_.warning(issue.code, {source + ": " + issue.text.en, source + "：" + issue.text.zh});
        if (!fits) {
            not_placed_.push_back(
                {source,
                 {what->why.en + " says " + what->what.en + ", but some features are of another kind of geometry",
                  what->why.zh + " 表明是" + what->what.zh + "，但其中有的要素几何类型不符"}});
            return;
        }
        Placed placed{source, reader->info(), reader->counts().extent, *what, {}, unique.best(), {}};
        if (vote) {
            placed.scheme = vote->winner();
            if (!placed.scheme) {
                not_placed_.push_back({source,
                                       {"the codes in " + what->class_field + " belong to no known scheme",
                                        "字段 " + what->class_field + " 的编码不属于任何已知分类标准"}});
                return;
            }
        }
        placed_.push_back(std::move(placed));
    }

    fs::path folder_;
    Console& console_;
    std::vector<Placed> placed_;
    std::vector<NotPlaced> not_placed_;
};

/// Where the work is done: the leading layer's own system where that is projected; for degrees in China the 3° strip
/// that holds the middle of the layer.
struct WorkCrs {
    geo::Crs crs;
    Text why;
};

WorkCrs work_crs(const Placed& leading) {
    const geo::Crs& own = *leading.info.crs;
    const double lon_deg = (leading.extent.min_x + leading.extent.max_x) / 2;
    if (own.is_projected() || leading.extent.empty() || !(lon_deg >= 73.5 && lon_deg < 136.5))
        return {own, {"of " + leading.source, "取自 " + leading.source}};
    const int meridian = 3 * static_cast<int>(std::floor((lon_deg + 1.5) / 3));
    const int epsg = 4534 + (meridian - 75) / 3;
    return {geo::Crs::parse(fmt::format("EPSG:{}", epsg)),
            {fmt::format("3° strip of {}, central meridian {}°E", leading.source, meridian),
             fmt::format("{} 所在的3度带，中央经线 {}°E", leading.source, meridian)}};
}

std::string crs_value(const geo::Crs& crs) {
    return quoted(crs.label().starts_with("EPSG:") ? crs.label() : crs.wkt());
}

/// Leaves out, as comments, what would keep the project from running.
void leave_out(std::vector<Placed>& placed, const std::optional<WorkCrs>& work) {
    std::set<std::string> themes;
    for (Placed& layer : placed) {
        if (!layer.info.crs) {
            layer.left_out = Text{"it has no coordinate system: ask its supplier, fill in crs and uncomment",
                                  "没有坐标系：请向提供方确认，填写 crs 后取消注释"};
            continue;
        }
        try {
            const geo::Transform tried(*layer.info.crs, work->crs);
        } catch (const Error& error) {
            if (error.code() != "ballpark-transform") { // with that one the rules are undecided, and say why
                layer.left_out = error.text();
                continue;
            }
        }
        if (!themes.insert(layer.what.theme).second)
            layer.left_out = Text{"the theme has a layer already: to use both, uncomment and add union = true to each",
                                  "同一主题已有图层：如需合并使用，取消注释并在两处都加 union = true"};
    }
}

/// The section of one layer, every line a comment where it is left out.
std::string section(const Placed& layer, const std::string& key) {
    const std::string mark = layer.left_out ? "# " : "";
    const auto line = [&](const char* name, const std::string& value) {
        return value.empty() ? std::string() : fmt::format("{}{:<11} = {}\n", mark, name, quoted(value));
    };
    std::string text = fmt::format("\n# {}（{}）/ {} ({})\n", one_line(layer.what.what.zh), one_line(layer.what.why.zh),
                                   one_line(layer.what.what.en), one_line(layer.what.why.en));
    if (layer.left_out)
        text +=
            fmt::format("# 未启用：{}\n# Left out: {}\n", one_line(layer.left_out->zh), one_line(layer.left_out->en));
    if (layer.scheme) {
        text += fmt::format("# {}/{} 个要素的编码符合 {}", layer.scheme->known, layer.scheme->features,
                            layer.scheme->scheme);
        for (const std::string& other : layer.scheme->also_fit)
            text += "，也符合 " + other;
        text +=
            fmt::format(" / codes of {} of {} features belong to it\n", layer.scheme->known, layer.scheme->features);
    }
    text += fmt::format("{}[layers.{}]\n", mark, key);
    text += line("source", layer.source) + line("theme", layer.what.theme);
    if (!layer.info.crs)
        text += fmt::format("{}{:<11} = \"EPSG:…\"\n", mark, "crs");
    text += line("id", layer.id_field) + line("name", layer.what.name_field);
    if (layer.scheme)
        text += line("scheme", layer.scheme->scheme) + line("class_field", layer.what.class_field);
    const bool control = layer.what.theme == "eco-redline" || layer.what.theme == "permanent-farmland" ||
                         layer.what.theme == "growth-boundary";
    if (control && !layer.left_out)
        text += "# coverage        = \"declared\"\n# coverage_source = \"…\"\n";
    return text;
}

std::string project_text(const std::string& title, const std::vector<Placed>& placed,
                         const std::vector<NotPlaced>& not_placed, const std::optional<WorkCrs>& work) {
    std::set<std::string> themes;
    for (const Placed& layer : placed)
        if (!layer.left_out)
            themes.insert(layer.what.theme);
    const bool control =
        themes.count("eco-redline") + themes.count("permanent-farmland") + themes.count("growth-boundary") > 0;
    std::string text =
        "# 由 corebelt init 按文件夹内的图层生成；请核对后使用：corebelt check corebelt.toml\n"
        "# Made by corebelt init from the layers in this folder; look it over, then run corebelt check.\n"
        "\n[project]\n";
    text += fmt::format("title   = {}\n", quoted(title));
    if (work)
        text += fmt::format("crs     = {} # {} / {}\n", crs_value(work->crs), one_line(work->why.zh),
                            one_line(work->why.en));
    text += control ? "extends = [\"control-lines\"] # 三条控制线规则 / rules of the three control lines\n"
                    : "# extends = [\"control-lines\"] # 未发现三条控制线图层 / no control lines found here\n";
    text += "# as_of = 2026-01-01 # 有时效的规则与豁免需要 / needed by dated rules and waivers\n";
    if (control)
        text += "\n# 控制线图层在规划范围内是否完整，只有提供方知道：完整时取消 coverage 两行的注释并写明来源，\n"
                "# 否则“未重叠”只能判为无法判定。\n"
                "# Whether a control line is complete here is known to its supplier only: if it is, uncomment the two\n"
                "# coverage lines and name the source; without them \"no overlap\" is undecided.\n";
    std::map<std::string, unsigned> keys;
    for (const Placed& layer : placed) {
        const unsigned number = ++keys[layer.what.key];
        text += section(layer, number == 1 ? layer.what.key : fmt::format("{}_{}", layer.what.key, number));
    }
    if (!not_placed.empty())
        text += "\n# 未能识别、未写入的图层 / not placed:\n";
    for (const NotPlaced& layer : not_placed)
        text +=
            fmt::format("#   {}：{} / {}\n", one_line(layer.source), one_line(layer.why.zh), one_line(layer.why.en));
    return text;
}

void say(const std::vector<Placed>& placed, const std::vector<NotPlaced>& not_placed, Console& console) {
    for (const NotPlaced& layer : not_placed)
        console.warning("not-placed", {fmt::format("{}: {}", layer.source, layer.why.en),
                                       fmt::format("{}：{}", layer.source, layer.why.zh)});
    for (const Placed& layer : placed) {
        const Text end =
            layer.left_out ? Text{"; commented out: " + layer.left_out->en, "；已注释：" + layer.left_out->zh} : Text{};
        console.note({fmt::format("{}: {} ({}){}", layer.source, layer.what.theme, layer.what.why.en, end.en),
                      fmt::format("{}：{}（{}）{}", layer.source, layer.what.theme, layer.what.why.zh, end.zh)});
    }
}

} // namespace

int run_init(const InitArguments& arguments, Console& console) {
    const fs::path folder = fs::path(arguments.folder) / "";
    const std::string path = (folder / "corebelt.toml").string();
    std::error_code ignored;
    if (!fs::is_directory(folder, ignored))
        throw Error(
            ErrorKind::input, "not-found",
            {fmt::format("there is no folder {}", arguments.folder), fmt::format("没有文件夹 {}", arguments.folder)});
    if (fs::exists(fs::symlink_status(path, ignored)))
        throw Error(ErrorKind::output, "already-exists",
                    {fmt::format("{} exists already and is never overwritten: move it away first", path),
                     fmt::format("{} 已存在，不会覆盖：请先移走", path)});
    std::vector<fs::path> files;
    collect(folder, 0, files);
    std::sort(files.begin(), files.end());
    if (files.empty())
        throw Error(ErrorKind::input, "nothing-recognised",
                    {fmt::format("{} holds no vector data", arguments.folder),
                     fmt::format("{} 中没有矢量数据", arguments.folder)});
    Survey survey(folder, console);
    for (const fs::path& file : files)
        survey.look_at(file);
    std::vector<Placed>& placed = survey.placed();

    // Zones lead, else whatever comes first; without a CRS nothing can.
    const auto known = [](const Placed& layer) { return layer.info.crs.has_value(); };
    auto leading = std::find_if(placed.begin(), placed.end(),
                                [&](const Placed& layer) { return known(layer) && layer.what.theme == "zone"; });
    if (leading == placed.end())
        leading = std::find_if(placed.begin(), placed.end(), known);
    std::optional<WorkCrs> work;
    if (leading != placed.end())
        work = work_crs(*leading);
    leave_out(placed, work);
    say(placed, survey.not_placed(), console);
    if (placed.empty())
        throw Error(
            ErrorKind::input, "nothing-recognised",
            {fmt::format("{} holds no layer that is recognised; write the project file by hand", arguments.folder),
             fmt::format("{} 中没有可识别的图层，请手工编写项目文件", arguments.folder)});
    const std::string title = fs::weakly_canonical(fs::absolute(folder / ".")).filename().string();
    const std::string text = project_text(geo::is_utf8(title) ? title : "corebelt", placed, survey.not_placed(), work);
    (void)project::parse_project(text, path); // what we write is what check reads
    layers::write_file(path, text);
    console.note({"wrote " + path, "已写出 " + path});
    return 0;
}

} // namespace corebelt::cli
