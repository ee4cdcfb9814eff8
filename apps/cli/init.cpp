#include "recognition.hpp"
#include "verbs.hpp"

#include "corebelt/layers/dataset.hpp"
#include "corebelt/layers/sink.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <filesystem>
#include <map>
#include <set>

namespace corebelt::cli {

namespace {

namespace fs = std::filesystem;

std::string quoted(const std::string& text) {
    std::string out = "\"";
    for (const char c : text) {
        if (c == '"' || c == '\\')
            out += '\\';
        out += c == '\n' ? ' ' : c;
    }
    return out + "\"";
}

/// Files and folders that may be datasets, by name.
std::vector<fs::path> datasets_in(const std::string& folder) {
    constexpr std::array<std::string_view, 10> extensions{".gpkg", ".shp", ".geojson", ".json", ".fgb",
                                                          ".kml",  ".gdb", ".gml",     ".tab",  ".txt"};
    std::vector<fs::path> found;
    for (const auto& entry : fs::directory_iterator(folder)) {
        std::string extension = entry.path().extension().string();
        std::transform(extension.begin(), extension.end(), extension.begin(),
                       [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; });
        if (std::find(extensions.begin(), extensions.end(), extension) != extensions.end())
            found.push_back(entry.path());
    }
    std::sort(found.begin(), found.end());
    return found;
}

struct Placed {
    std::string source; ///< relative to the project file
    layers::LayerInfo info;
    Recognised what;
};

/// Why nothing is taken from it, for people.
void not_placed(const std::string& source, const Text& why, Console& console) {
    console.warning("not-placed", {fmt::format("{}: {}", source, why.en), fmt::format("{}：{}", source, why.zh)});
}

void look_at(const fs::path& file, std::vector<Placed>& placed, Console& console) {
    const std::string name = file.filename().string();
    try {
        layers::OpenOptions options;
        options.require_crs = false;
        const auto found = layers::list_layers(file.string(), options);
        for (const layers::LayerInfo& layer : found) {
            const std::string end = found.size() > 1 ? "|layer=" + layer.layer : "";
            if (!layer.crs) {
                not_placed(name + end,
                           {"no coordinate reference system; add the layer by hand with crs = \"EPSG:…\"",
                            "没有坐标系，请手工加入并写明 crs = \"EPSG:…\""},
                           console);
                continue;
            }
            const auto what = recognise(layer, file.string() + end, file.stem().string());
            if (what)
                placed.push_back({name + end, layer, *what});
            else
                not_placed(name + end,
                           {"neither name nor fields nor codes tell what it is", "名称、字段、编码均无法判断其用途"},
                           console);
        }
    } catch (const Error& error) {
        if (error.kind() == ErrorKind::stopped)
            throw;
        not_placed(name, error.text(), console);
    }
}

/// The section of one layer; with `mark` "# " it is there to be read only.
std::string section(const Placed& layer, const std::string& key, const std::string& mark) {
    const auto line = [&](const char* name, const std::string& value) {
        return value.empty() ? std::string() : fmt::format("{}{:<11} = {}\n", mark, name, quoted(value));
    };
    const bool control = layer.what.theme == "eco-redline" || layer.what.theme == "permanent-farmland" ||
                         layer.what.theme == "growth-boundary";
    std::string text = fmt::format("\n# {} / {}\n{}[layers.{}]\n", layer.what.why.zh, layer.what.why.en, mark, key);
    text += line("source", layer.source) + line("theme", layer.what.theme) + line("id", layer.what.id_field) +
            line("name", layer.what.name_field) + line("scheme", layer.what.scheme) +
            line("class_field", layer.what.class_field);
    if (control)
        text +=
            "# "
            "本图层在规划范围内是否完整，只有提供方知道：完整时取消下两行注释并写明来源，否则“未重叠”只能判为无法判定。"
            "\n"
            "# Whether the layer is complete here is known to its supplier only. Without these lines \"no overlap\" "
            "is undecided.\n"
            "# coverage        = \"declared\"\n# coverage_source = \"三区三线划定成果 2022\"\n";
    return text;
}

std::string project_text(const std::string& title, const std::vector<Placed>& placed, Console& console) {
    std::map<std::string, unsigned> seen;
    std::string sections;
    for (const Placed& layer : placed) {
        const unsigned number = ++seen[layer.what.theme];
        const std::string key = number == 1 ? layer.what.key : fmt::format("{}_{}", layer.what.key, number);
        if (number > 1)
            sections += "\n# 同一主题已有图层；如需合并使用，取消注释并在两处都加 union = true。\n"
                        "# The theme has a layer already; to use both, uncomment and add union = true to each.";
        sections += section(layer, key, number == 1 ? "" : "# ");
        console.note({fmt::format("{}: {} ({}){}", layer.source, layer.what.theme, layer.what.why.en,
                                  number == 1 ? "" : ", commented out: the theme has a layer already"),
                      fmt::format("{}：{}（{}）{}", layer.source, layer.what.theme, layer.what.why.zh,
                                  number == 1 ? "" : "，同主题已有图层，已注释")});
    }
    const auto has = [&](const char* theme) { return seen.count(theme) > 0; };
    const bool control = has("eco-redline") || has("permanent-farmland") || has("growth-boundary");
    std::string text =
        "# 由 corebelt init 按文件夹内的图层生成；请核对后使用：corebelt check corebelt.toml\n"
        "# Made by corebelt init from the layers in this folder; look it over, then run corebelt check.\n"
        "\n[project]\n";
    text += fmt::format("title   = {}\n", quoted(title));
    const auto zone =
        std::find_if(placed.begin(), placed.end(), [](const Placed& p) { return p.what.theme == "zone"; });
    const Placed& leading = zone == placed.end() ? placed.front() : *zone;
    const std::string& label = leading.info.crs->label();
    text += fmt::format("crs     = {} # {}\n", quoted(label.starts_with("EPSG:") ? label : leading.info.crs->wkt()),
                        leading.source);
    if (control)
        text += "extends = [\"control-lines\"] # 三条控制线\n";
    else
        text += "# extends = [\"control-lines\"] # 未发现三条控制线图层 / no control lines found here\n";
    return text + sections;
}

} // namespace

int run_init(const InitArguments& arguments, Console& console) {
    const std::string path = (fs::path(arguments.folder) / "corebelt.toml").string();
    std::error_code ignored;
    if (!fs::is_directory(arguments.folder, ignored))
        throw Error(
            ErrorKind::input, "not-found",
            {fmt::format("there is no folder {}", arguments.folder), fmt::format("没有文件夹 {}", arguments.folder)});
    if (fs::exists(fs::symlink_status(path, ignored)))
        throw Error(ErrorKind::output, "already-exists",
                    {fmt::format("{} exists already and is never overwritten: move it away first", path),
                     fmt::format("{} 已存在，不会覆盖：请先移走", path)});
    std::vector<Placed> placed;
    for (const fs::path& file : datasets_in(arguments.folder))
        look_at(file, placed, console);
    if (placed.empty())
        throw Error(
            ErrorKind::input, "nothing-recognised",
            {fmt::format("{} holds no layer that is recognised; write the project file by hand", arguments.folder),
             fmt::format("{} 中没有可识别的图层，请手工编写项目文件", arguments.folder)});
    const std::string title =
        fs::absolute(fs::path(arguments.folder) / ".").lexically_normal().parent_path().filename().string();
    layers::write_file(path, project_text(title, placed, console));
    console.note({"wrote " + path, "已写出 " + path});
    return 0;
}

} // namespace corebelt::cli
