// The only file that knows the argument library.
#include "arguments.hpp"

#include "corebelt/geo/error.hpp"
#include "corebelt/geo/nearest_name.hpp"
#include "corebelt/geo/versions.hpp"
#include "corebelt/layers/dataset.hpp"

#include <CLI/CLI.hpp>
#include <fmt/format.h>

#include <charconv>
#include <cstdlib>
#include <cstring>
#include <map>
#include <memory>

namespace corebelt::cli {

namespace {

struct Words {
    Lang lang;
    const std::string& operator()(const std::string& en, const std::string& zh) const {
        return lang == Lang::zh ? zh : en;
    }
};

[[noreturn]] void bad_usage(Text text) {
    throw Error(ErrorKind::usage, "usage", std::move(text));
}

/// "1G", "512M", "1.5GiB", plain bytes.
std::uint64_t parse_memory(const std::string& text) {
    double value = 0;
    const char* end = text.data() + text.size();
    const auto [rest, failed] = std::from_chars(text.data(), end, value);
    std::string suffix(rest, end);
    for (char& c : suffix)
        c = static_cast<char>(std::toupper(static_cast<unsigned char>(c)));
    if (suffix.size() > 1 && suffix.ends_with("B"))
        suffix.pop_back();
    if (suffix.size() > 1 && suffix.ends_with("I"))
        suffix.pop_back();
    const std::map<std::string, double> factors{
        {"", 1}, {"B", 1}, {"K", 1024.0}, {"M", 1048576.0}, {"G", 1073741824.0}};
    const auto factor = factors.find(suffix);
    if (failed != std::errc{} || factor == factors.end() || value <= 0)
        bad_usage({fmt::format("--memory {}: expected a size such as 512M or 1G", text),
                   fmt::format("--memory {}：应为内存大小，如 512M、1G", text)});
    return static_cast<std::uint64_t>(value * factor->second);
}

std::string common_group(const Words& w) {
    return w("Common options", "通用选项");
}

/// Texts that CLI11 fills before they are turned into the typed record.
struct Raw {
    std::string memory, lang, area = "cn2008", unit = "m2", what = "overlap", counting = "each", fail_on = "fail",
                              encoding = "utf-8";
    std::vector<std::string> by;
};

void add_common(CLI::App& verb, Common& common, Raw& raw, const Words& w, bool has_stdout) {
    const std::string group = common_group(w);
    verb.get_help_ptr()->group(w("Options", "选项"));
    verb.add_option("--jobs", common.jobs, w("threads; default: all cores", "线程数，默认用全部核"))
        ->check(CLI::Range(1U, 1024U).description(""))
        ->type_name("N")
        ->group(group);
    verb.add_option(
            "--memory", raw.memory,
            w("keep within this memory, e.g. 1G: tabulate and measure put aside in $TMPDIR what does not fit; "
              "what cannot be put aside, and check, stop with a message",
              "内存上限，如 1G：tabulate、measure 超出部分暂存于 $TMPDIR 目录；无法暂存时以及 check 则停止并说明"))
        ->type_name("SIZE")
        ->group(group);
    verb.add_flag("--quiet,-q", common.quiet, w("no progress on stderr", "不显示进度"))->group(group);
    verb.add_option("--lang", raw.lang, w("language of texts: zh or en", "文字语言：zh 或 en"))
        ->check(CLI::IsMember({"zh", "en"}).description(""))
        ->type_name("zh|en")
        ->group(group);
    if (has_stdout) {
        verb.add_option("-o,--output", common.outputs,
                        w("write to FILE; the extension chooses the format; may be repeated",
                          "写入文件，扩展名决定格式，可重复"))
            ->type_name("FILE")
            ->allow_extra_args(false)
            ->group(group);
        verb.add_option("--format", common.format,
                        w("format on stdout: text, json or csv", "标准输出格式：text、json 或 csv"))
            ->type_name("F")
            ->group(group);
    }
}

void add_remember(CLI::App& verb, Common& common, const Words& w) {
    verb.add_option("--remember", common.remember,
                    w("keep measures in FILE, so that the next run measures only what has changed",
                      "将量算结果存入 FILE，下次运行只重新量算有变化的要素"))
        ->type_name("FILE");
}

void finish_common(Common& common, const Raw& raw) {
    if (!raw.memory.empty())
        common.memory_bytes = parse_memory(raw.memory);
    if (raw.lang == "zh")
        common.lang = Lang::zh;
    if (raw.lang == "en")
        common.lang = Lang::en;
}

geo::AreaMethod area_of(const std::string& text) {
    if (text == "planar")
        return geo::AreaMethod::planar;
    return text == "geodesic" ? geo::AreaMethod::geodesic : geo::AreaMethod::cn2008;
}

reports::AreaUnit unit_of(const std::string& text) {
    if (text == "ha")
        return reports::AreaUnit::ha;
    if (text == "km2")
        return reports::AreaUnit::km2;
    return text == "mu" ? reports::AreaUnit::mu : reports::AreaUnit::m2;
}

void add_area_options(CLI::App& verb, Raw& raw, const Words& w) {
    verb.add_option("--area", raw.area,
                    w("how areas are measured: cn2008 (default, ellipsoidal by the 2008 notice), geodesic, planar",
                      "面积口径：cn2008（默认，2008年32号文椭球面积）、geodesic、planar"))
        ->check(CLI::IsMember({"cn2008", "geodesic", "planar"}).description(""))
        ->type_name("METHOD");
    verb.add_option("--unit", raw.unit,
                    w("unit of areas: m2 (default), ha, km2, mu", "面积单位：m2（默认）、ha、km2、mu（亩）"))
        ->check(CLI::IsMember({"m2", "ha", "km2", "mu"}).description(""))
        ->type_name("UNIT");
}

void add_trust(CLI::App& verb, bool& trust, const Words& w) {
    verb.add_flag("--trust-geometry", trust,
                  w("skip the validity test (faster; only for data known to be valid)",
                    "跳过几何有效性检查（更快，仅限确知有效的数据）"));
}

std::string version_text() {
    return fmt::format("corebelt {}\nGDAL {}\nGEOS {}\nPROJ {}\n", geo::engine_version(), layers::gdal_version(),
                       geo::geos_version(), geo::proj_version());
}

Lang lang_of_locale() {
    for (const char* name : {"LC_ALL", "LC_MESSAGES", "LANG"}) {
        const char* value = std::getenv(name);
        if (value != nullptr && *value != '\0')
            return std::strncmp(value, "zh", 2) == 0 ? Lang::zh : Lang::en;
    }
    return Lang::en;
}

/// An unknown word is answered with the nearest known one.
[[noreturn]] void explain(const CLI::ParseError& error, const CLI::App& app, const std::string& extra) {
    std::string hint_en;
    std::string hint_zh;
    if (!extra.empty()) {
        std::vector<std::string> known;
        const CLI::App* verb = &app;
        for (const CLI::App* sub : app.get_subcommands({}))
            if (sub->parsed())
                verb = sub;
        if (extra.starts_with("-"))
            for (const CLI::Option* option : verb->get_options({}))
                for (const std::string& name : option->get_lnames())
                    known.push_back("--" + name);
        else
            for (const CLI::App* sub : app.get_subcommands({}))
                known.push_back(sub->get_name());
        if (const auto nearest = geo::nearest_name(extra, known)) {
            hint_en = fmt::format("; did you mean {}?", *nearest);
            hint_zh = fmt::format("；是否指 {}？", *nearest);
        }
        bad_usage({fmt::format("unknown argument {}{} (corebelt --help)", extra, hint_en),
                   fmt::format("无法识别的参数 {}{}（参见 corebelt --help）", extra, hint_zh)});
    }
    bad_usage({fmt::format("{} (corebelt --help)", error.what()),
               fmt::format("参数有误：{}（参见 corebelt --help）", error.what())});
}

} // namespace

Lang early_lang(int argc, const char* const* argv) {
    for (int i = 1; i < argc; ++i) {
        const std::string word = argv[i];
        if (word == "--lang=zh" || (word == "--lang" && i + 1 < argc && std::strcmp(argv[i + 1], "zh") == 0))
            return Lang::zh;
        if (word == "--lang=en" || (word == "--lang" && i + 1 < argc && std::strcmp(argv[i + 1], "en") == 0))
            return Lang::en;
    }
    return lang_of_locale();
}

Command parse_arguments(int argc, const char* const* argv) {
    const Words w{early_lang(argc, argv)};
    CLI::App app{w("corebelt: checks industrial-park plans and draws them", "corebelt：产业园区规划合规检查与制图"),
                 "corebelt"};
    app.require_subcommand(0, 1);
    app.option_defaults()->group(w("Options", "选项"));
    if (w.lang == Lang::zh)
        for (const auto& [word, zh] : {std::pair{"Usage", "用法"},
                                       {"Options", "选项"},
                                       {"OPTIONS", "选项"},
                                       {"Positionals", "参数"},
                                       {"Subcommands", "命令"},
                                       {"SUBCOMMAND", "命令"},
                                       {"REQUIRED", "必填"},
                                       {"Needs", "须同时给出"}})
            app.get_formatter()->label(word, zh);
    app.set_help_flag("-h,--help", w("this help", "显示帮助"));
    app.get_help_ptr()->group(w("Options", "选项"));
    bool version = false;
    app.add_flag("--version", version, w("versions of corebelt, GDAL, GEOS, PROJ", "corebelt、GDAL、GEOS、PROJ 版本"));
    app.footer(w("Exit codes: 0 done, 1 the answer is no, 2 usage or project file, 3 input, 4 undecided, 5 output,\n"
                 "70 internal error, 130 interrupted. `corebelt VERB --help` shows each verb with examples.",
                 "退出码：0 完成，1 结论为否，2 用法或项目文件有误，3 输入无法读取，4 无法判定，5 无法输出，\n"
                 "70 内部错误，130 被中断。各命令的用法与示例见 `corebelt 命令 --help`。"));

    InfoArguments info;
    TabulateArguments tab;
    MeasureArguments measure;
    CheckArguments check;
    MapArguments map;
    TilesArguments tiles;
    ConvertArguments convert;
    InitArguments init;
    Raw raw_info;
    Raw raw_tab;
    Raw raw_measure;
    Raw raw_check;
    Raw raw_map;
    Raw raw_tiles;
    Raw raw_convert;
    Raw raw_init;
    const std::string dataset_help =
        w("path, path|layer=name or a GDAL connection string", "路径、路径|layer=图层名，或 GDAL 连接串");

    CLI::App* v = app.add_subcommand(
        "info", w("layers, CRS, encoding, counts, validity, issues", "查看图层、坐标系、编码、数量、有效性与问题"));
    v->add_option("DATASET", info.datasets, dataset_help)->required()->type_name("");
    v->add_option("--encoding", info.encoding,
                  w("encoding of texts, overriding every other finding", "指定文字编码，优先于其他判断"));
    v->add_option(
         "--preview", info.preview,
         w("draw each layer into a small picture, places of issues ringed", "将各图层画成小图，并圈出问题位置"))
        ->type_name("FILE.png");
    CLI::Option* topology = v->add_flag(
        "--topology", info.topology,
        w("measure how the areas of each layer fit together: overlaps, gaps, slivers, borders that nearly coincide; "
          "-o FILE.gpkg (or .shp, .geojson, .fgb, .kml, .dxf, .gdb, PG:…) writes all of them",
          "检查各面图层的拓扑：重叠、缝隙、碎面、不吻合的公共边；-o FILE.gpkg（或 "
          ".shp、.geojson、.fgb、.kml、.dxf、.gdb、"
          "PG:…）写出全部结果"));
    v->add_option("--topology-tolerance", info.topology_tolerance_m,
                  w("borders this near to each other were meant to be one line; default 0.01",
                    "两条边界相距不超过该值即视为应为同一条线，默认 0.01"))
        ->check(CLI::Range(0.0, 100.0).description(""))
        ->type_name("METRES")
        ->needs(topology);
    v->add_option("--sliver-width", info.sliver_width_m,
                  w("gaps and overlaps narrower than this are slivers; default 0.05, as for check",
                    "窄于该值的缝隙和重叠为碎面，默认 0.05，与 check 相同"))
        ->check(CLI::Range(0.0, 1000.0).description(""))
        ->type_name("METRES")
        ->needs(topology);
    v->add_flag("--overwrite", info.overwrite,
                w("-o: replace a shapefile, a .gdb or tables of a database; other files are replaced in any case",
                  "-o 指向的 Shapefile、.gdb 或数据库表已存在时覆盖；其他文件总是覆盖"))
        ->needs(topology);
    add_trust(*v, info.fast, w);
    add_common(*v, info.common, raw_info, w, true);
    v->footer(w("Examples:\n  corebelt info parcels.shp\n  corebelt info plan.gpkg --format json\n"
                "  corebelt info survey.gdb --preview look.png\n"
                "  corebelt info parcels.shp --topology -o misfits.gpkg --format text",
                "示例：\n  corebelt info 地块.shp\n  corebelt info 规划.gpkg --format json\n"
                "  corebelt info 三调.gdb --preview 预览.png\n"
                "  corebelt info 地块.shp --topology -o 拓扑.gpkg --format text"));

    v = app.add_subcommand("tabulate", w("area of each class in each zone", "分区分类面积统计"));
    v->add_option("ZONES", tab.zones, w("zones: ", "分区：") + dataset_help)->required()->type_name("");
    v->add_option("LAYER", tab.layer, w("layer to be counted: ", "被统计图层：") + dataset_help)
        ->required()
        ->type_name("");
    v->add_option("--zone", tab.zone_field,
                  w("field of ZONES that names the zone; default: each feature by FID", "分区字段，默认逐要素按 FID"))
        ->type_name("FIELD");
    v->add_option("--by", raw_tab.by, w("class field of LAYER; several by comma", "分类字段，多个用逗号分隔"))
        ->delimiter(',')
        ->type_name("FIELD[,FIELD]")
        ->allow_extra_args(false);
    add_area_options(*v, raw_tab, w);
    v->add_option("--where", tab.where, w("filter of LAYER, CQL2 text", "图层筛选条件（CQL2 文本）"))
        ->type_name("CQL2");
    v->add_option("--zone-where", tab.zone_where, w("filter of ZONES, CQL2 text", "分区筛选条件（CQL2 文本）"))
        ->type_name("CQL2");
    v->add_flag("--coverage", tab.coverage,
                w("also what is covered twice and what is not covered", "同时统计重复覆盖与未覆盖面积"));
    add_trust(*v, tab.trust_geometry, w);
    add_remember(*v, tab.common, w);
    add_common(*v, tab.common, raw_tab, w, true);
    v->footer(w("Examples:\n  corebelt tabulate zones.gpkg parcels.gpkg --zone name --by YDYHFLDM --unit ha\n"
                "  corebelt tabulate zones.shp dltb.gdb|layer=DLTB --by DLBM -o areas.json -o areas.csv",
                "示例：\n  corebelt tabulate 片区.gpkg 地块.gpkg --zone name --by YDYHFLDM --unit ha\n"
                "  corebelt tabulate 片区.shp 三调.gdb|layer=DLTB --by DLBM -o 面积.json -o 面积.csv"));

    v = app.add_subcommand(
        "measure", w("overlap, distance, shared boundary between two layers", "两图层间的重叠、距离、公共边界"));
    v->add_option("A", measure.a, dataset_help)->required()->type_name("");
    v->add_option("B", measure.b, dataset_help)->required()->type_name("");
    v->add_option("--what", raw_measure.what,
                  w("overlap (default), distance, shared-boundary, outside",
                    "overlap（默认）、distance、shared-boundary、outside"))
        ->check(CLI::IsMember({"overlap", "distance", "shared-boundary", "outside"}).description(""))
        ->type_name("WHAT");
    v->add_option(
         "--counting", raw_measure.counting,
         w("overlap: each pair (default), or A with the union of B", "重叠计法：each 逐对（默认）或 union 合并计"))
        ->check(CLI::IsMember({"union", "each"}).description(""))
        ->type_name("union|each");
    v->add_option("--id", measure.id_field, w("field that names A; default FID", "A 的标识字段，默认 FID"))
        ->type_name("FIELD");
    v->add_option("--other-id", measure.other_id_field, w("field that names B; default FID", "B 的标识字段，默认 FID"))
        ->type_name("FIELD");
    v->add_option("--where", measure.where, w("filter of A, CQL2 text", "A 的筛选条件"))->type_name("CQL2");
    v->add_option("--other-where", measure.other_where, w("filter of B, CQL2 text", "B 的筛选条件"))->type_name("CQL2");
    v->add_flag("--nearest", measure.nearest, w("distance: one row per A", "距离：每个 A 只取最近的 B"));
    v->add_option(
         "--gap", measure.gap_m,
         w("shared-boundary: metres that boundaries may lie apart, default 0", "公共边界：允许的间隙（米），默认 0"))
        ->check(CLI::Range(0.0, 1e7).description(""))
        ->type_name("METRES");
    add_area_options(*v, raw_measure, w);
    add_trust(*v, measure.trust_geometry, w);
    add_remember(*v, measure.common, w);
    add_common(*v, measure.common, raw_measure, w, true);
    v->footer(w("Examples:\n  corebelt measure parks.gpkg redline.gpkg --id park --other-id code\n"
                "  corebelt measure parks.gpkg redline.gpkg --what distance --nearest --format json",
                "示例：\n  corebelt measure 园区.gpkg 红线.gpkg --id park --other-id code\n"
                "  corebelt measure 园区.gpkg 红线.gpkg --what distance --nearest --format json"));

    v = app.add_subcommand("check", w("verdicts of a project's rules", "按项目文件逐条判定规则"));
    v->add_option("PROJECT", check.project, w("project file (.toml)", "项目文件（.toml）"))->required()->type_name("");
    v->add_option("--rule", check.rules, w("only this rule; may be repeated", "只检查该规则，可重复"))
        ->type_name("ID")
        ->allow_extra_args(false);
    v->add_option("--fail-on", raw_check.fail_on,
                  w("verdict from which the exit code is 1: fail (default) or warn",
                    "从哪一级起退出码为 1：fail（默认）或 warn"))
        ->check(CLI::IsMember({"fail", "warn"}).description(""))
        ->type_name("fail|warn");
    v->add_option("--batch", check.batch_features,
                  w("features read at a time; never changes a result", "每批读取要素数，不影响结果"))
        ->check(CLI::Range(1U, 65536U).description(""))
        ->type_name("N");
    v->add_flag("--overwrite", check.overwrite,
                w("-o: replace a shapefile, a .gdb or tables of a database; other files are replaced in any case",
                  "-o 指向的 Shapefile、.gdb 或数据库表已存在时覆盖；其他文件总是覆盖"));
    add_trust(*v, check.trust_geometry, w);
    add_remember(*v, check.common, w);
    add_common(*v, check.common, raw_check, w, true);
    v->footer(w("-o writes the report as .txt .json .csv, and what was found as layers: .gpkg .shp .geojson .fgb .kml\n"
                ".dxf .gdb, or PG:dbname=…|layer=table for PostGIS.\n"
                "Examples:\n  corebelt check plan.toml\n  corebelt check plan.toml -o report.json -o findings.gpkg\n"
                "  corebelt check plan.toml -o \"PG:dbname=gis|layer=results.findings\" --overwrite",
                "-o 可写出报告（.txt .json .csv），也可将问题图斑写成图层：.gpkg .shp .geojson .fgb .kml .dxf .gdb，\n"
                "写入 PostGIS 用 PG:dbname=…|layer=表名。\n"
                "示例：\n  corebelt check plan.toml\n  corebelt check plan.toml -o 报告.json -o 问题图斑.gpkg\n"
                "  corebelt check plan.toml -o \"PG:dbname=gis|layer=成果.问题图斑\" --overwrite"));

    v = app.add_subcommand("map", w("draws the project's sheets", "绘制图纸"));
    v->add_option("PROJECT", map.project, w("project file (.toml)", "项目文件（.toml）"))->required()->type_name("");
    v->add_option("SHEET", map.sheets, w("sheet ids; default: all", "图纸编号，默认全部"));
    v->add_option("-o,--output", map.folder, w("folder for DIR/<sheet id>.png", "输出目录"))
        ->required()
        ->type_name("DIR");
    v->add_option("--format", map.picture, w("png", "png"))->type_name("F");
    v->add_option("--dpi", map.dpi, w("resolution, default 150", "分辨率，默认 150"))
        ->check(CLI::Range(36.0, 1200.0).description(""))
        ->type_name("N");
    add_common(*v, map.common, raw_map, w, false);
    v->footer(w("Example:\n  corebelt map plan.toml -o maps --dpi 300",
                "示例：\n  corebelt map plan.toml -o 图纸 --dpi 300"));

    v = app.add_subcommand("tiles",
                           w("raster tiles of the plan, z/x/y.png, EPSG:3857", "输出栅格瓦片 z/x/y.png（EPSG:3857）"));
    v->add_option("PROJECT", tiles.project, w("project file (.toml)", "项目文件（.toml）"))->required()->type_name("");
    v->add_option("-o,--output", tiles.target, w("folder for z/x/y.png; must not exist", "输出目录，须尚不存在"))
        ->required()
        ->type_name("DIR");
    v->add_option("--format", tiles.picture, w("png (default)", "png（默认）"))->type_name("F");
    CLI::Option* min_zoom =
        v->add_option("--min-zoom", tiles.min_zoom, w("first zoom; default from the extent", "起始级别，默认按范围"))
            ->check(CLI::Range(0U, 22U).description(""));
    CLI::Option* max_zoom =
        v->add_option("--max-zoom", tiles.max_zoom, w("last zoom; default from the extent", "终止级别，默认按范围"))
            ->check(CLI::Range(0U, 22U).description(""));
    add_common(*v, tiles.common, raw_tiles, w, false);
    v->footer(w("Example:\n  corebelt tiles plan.toml -o tiles --min-zoom 10 --max-zoom 15",
                "示例：\n  corebelt tiles plan.toml -o 瓦片 --min-zoom 10 --max-zoom 15"));

    v = app.add_subcommand("convert", w("formats, CRS, boundary-point text", "转换格式、坐标系与界址点文本"));
    v->add_option("IN", convert.input, dataset_help)->required();
    v->add_option("OUT", convert.output,
                  w("file; the extension chooses the format: .gpkg .shp .geojson .fgb .kml .dxf .gdb .csv .txt; "
                    "or PG:dbname=…|layer=table for PostGIS",
                    "输出文件，扩展名决定格式：.gpkg .shp .geojson .fgb .kml .dxf .gdb .csv .txt；"
                    "写入 PostGIS 用 PG:dbname=…|layer=表名"))
        ->required();
    v->add_option("--crs", convert.crs, w("CRS of OUT; default that of IN", "输出坐标系，默认与输入相同"))
        ->type_name("EPSG:n");
    v->add_option("--source-crs", convert.source_crs,
                  w("CRS of IN where it has none", "输入坐标系，仅在输入自身没有坐标系时使用"))
        ->type_name("EPSG:n");
    v->add_option("--layer-name", convert.layer_name, w("name of the layer in OUT", "输出图层名"))->type_name("NAME");
    v->add_option("--encoding", raw_convert.encoding,
                  w("encoding of .shp and .txt: utf-8 (default), gbk", ".shp 与 .txt 的文字编码：utf-8（默认）、gbk"))
        ->check(CLI::IsMember({"utf-8", "gbk"}, CLI::ignore_case))
        ->type_name("utf-8|gbk");
    v->add_option("--source-encoding", convert.source_encoding,
                  w("encoding of IN, overriding every other finding", "指定输入的文字编码，优先于其他判断"))
        ->type_name("NAME");
    v->add_option("--where", convert.where, w("filter of IN, CQL2 text", "输入筛选条件（CQL2 文本）"))
        ->type_name("CQL2");
    v->add_flag("--overwrite", convert.overwrite, w("replace OUT if it exists", "输出已存在时覆盖"));
    add_trust(*v, convert.trust_geometry, w);
    add_common(*v, convert.common, raw_convert, w, false);
    v->footer(w("Examples:\n  corebelt convert survey.gdb|layer=DLTB dltb.gpkg --crs EPSG:4522\n"
                "  corebelt convert parcels.gpkg parcels.shp --encoding gbk\n"
                "  corebelt convert parcels.shp boundary.txt --crs EPSG:4522 --where \"YDYHFLDM LIKE '1001%'\"",
                "示例：\n  corebelt convert 三调.gdb|layer=DLTB 地类图斑.gpkg --crs EPSG:4522\n"
                "  corebelt convert 地块.gpkg 地块.shp --encoding gbk\n"
                "  corebelt convert 地块.shp 界址点.txt --crs EPSG:4522 --where \"YDYHFLDM LIKE '1001%'\""));

    v = app.add_subcommand("init",
                           w("writes a project file from what lies in a folder", "按文件夹中的图层生成项目文件"));
    v->add_option("DIR", init.folder,
                  w("folder; DIR/corebelt.toml is written, never overwritten",
                    "文件夹；生成其中的 corebelt.toml，已存在时不覆盖"))
        ->required();
    add_common(*v, init.common, raw_init, w, false);
    v->footer(w("Example:\n  corebelt init delivery && corebelt check delivery/corebelt.toml",
                "示例：\n  corebelt init 成果 && corebelt check 成果/corebelt.toml"));

    try {
        app.parse(argc, argv);
    } catch (const CLI::CallForHelp&) {
        for (const CLI::App* sub : app.get_subcommands({}))
            if (sub->parsed())
                return ShowText{sub->help("corebelt")};
        return ShowText{app.help()};
    } catch (const CLI::ExtrasError& error) {
        const auto extras = app.remaining(true);
        explain(error, app, extras.empty() ? "" : extras.front());
    } catch (const CLI::ParseError& error) {
        explain(error, app, "");
    }
    if (version)
        return ShowText{version_text()};

    const auto chosen = [&](const char* name) { return app.got_subcommand(name); };
    if (chosen("info")) {
        finish_common(info.common, raw_info);
        return info;
    }
    if (chosen("tabulate")) {
        finish_common(tab.common, raw_tab);
        tab.area = area_of(raw_tab.area);
        tab.unit = unit_of(raw_tab.unit);
        tab.by = raw_tab.by;
        return tab;
    }
    if (chosen("measure")) {
        finish_common(measure.common, raw_measure);
        measure.area = area_of(raw_measure.area);
        measure.unit = unit_of(raw_measure.unit);
        const std::map<std::string, rules::Amounts> whats{{"overlap", rules::Amounts::overlap},
                                                          {"distance", rules::Amounts::distance},
                                                          {"shared-boundary", rules::Amounts::shared_boundary},
                                                          {"outside", rules::Amounts::outside}};
        measure.what = whats.at(raw_measure.what);
        measure.counting_union = raw_measure.counting == "union";
        return measure;
    }
    if (chosen("check")) {
        finish_common(check.common, raw_check);
        check.fail_on_warn = raw_check.fail_on == "warn";
        return check;
    }
    if (chosen("map")) {
        finish_common(map.common, raw_map);
        return map;
    }
    if (chosen("tiles")) {
        finish_common(tiles.common, raw_tiles);
        tiles.zooms_given = min_zoom->count() + max_zoom->count() > 0;
        return tiles;
    }
    if (chosen("convert")) {
        finish_common(convert.common, raw_convert);
        convert.gbk = CLI::detail::to_lower(raw_convert.encoding) == "gbk";
        return convert;
    }
    if (chosen("init")) {
        finish_common(init.common, raw_init);
        return init;
    }
    return ShowText{app.help()};
}

} // namespace corebelt::cli
