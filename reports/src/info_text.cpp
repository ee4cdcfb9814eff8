#include "printed.hpp"
#include "topology_text.hpp"

#include "corebelt/reports/report.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <map>
#include <utility>

namespace corebelt::reports {

namespace {

std::string encoding_reason(const std::string& why, bool zh) {
    struct Reason {
        const char *code, *zh, *en;
    };
    static constexpr Reason reasons[] = {
        {"declared", "指定", "declared"},
        {"cpg", "依 .cpg 文件", "from the .cpg file"},
        {"ldid", "依 DBF 语言标识", "from the DBF language id"},
        {"utf8-valid", "全部文本符合 UTF-8", "all text is valid UTF-8"},
        {"fallback", "未声明且非 UTF-8，按国标码读取", "undeclared and not UTF-8: read as GB18030"},
        {"driver", "格式自带", "by the format"}};
    for (const Reason& r : reasons)
        if (why == r.code)
            return zh ? r.zh : r.en;
    return why;
}

std::string geometry_word(const std::string& type, bool zh) {
    struct Word {
        const char *code, *zh;
    };
    static constexpr Word words[] = {
        {"Polygon", "面"}, {"MultiPolygon", "多部分面"}, {"LineString", "线"}, {"MultiLineString", "多部分线"},
        {"Point", "点"},   {"MultiPoint", "多点"},       {"Mixed", "混合"},    {"None", "无几何"}};
    if (zh)
        for (const Word& w : words)
            if (type == w.code)
                return w.zh;
    return type;
}

std::string datum_word(geo::Datum datum) {
    switch (datum) {
    case geo::Datum::cgcs2000:
        return "CGCS2000";
    case geo::Datum::xian1980:
        return "Xian 1980";
    case geo::Datum::beijing1954:
        return "Beijing 1954";
    case geo::Datum::wgs84:
        return "WGS 84";
    case geo::Datum::other:
        break;
    }
    return {};
}

/// Strip, central meridian and prefix of a Gauss–Krüger system; degrees, or the unit where it is no metre. May be
/// empty.
std::string crs_words(const geo::Crs& crs, bool zh) {
    std::string datum = datum_word(crs.datum());
    const std::string begin = datum.empty() ? "" : datum + (zh ? "，" : ", ");
    if (crs.is_geographic())
        return begin + (zh ? "经纬度" : "degrees");
    if (const auto& system = crs.gauss_krueger()) {
        const ProjectionZone zone = projection_zone(*system);
        const double degrees = system->central_meridian_deg;
        const std::string meridian = fmt::format("{:g}°{}", std::abs(degrees), degrees < 0 ? "W" : "E");
        const char* prefix = zh ? (system->zone_prefix ? "，横坐标含带号" : "，横坐标不含带号")
                                : (system->zone_prefix ? ", eastings with zone prefix" : ", eastings without prefix");
        if (zone.strip_deg == 0)
            return begin + (zh ? "横轴墨卡托投影，中央经线 " : "transverse Mercator, central meridian ") + meridian;
        if (zone.hemisphere != 0) {
            const std::string utm =
                fmt::format(fmt::runtime(zh ? "UTM {}{}带，中央经线 {}" : "UTM zone {}{}, central meridian {}"),
                            zone.number, zone.hemisphere, meridian);
            return begin + utm + (system->zone_prefix ? prefix : "");
        }
        if (zh)
            return begin + fmt::format("{}度带第{}带，中央经线 {}", zone.strip_deg, zone.number, meridian) + prefix;
        return begin + fmt::format("{}° strip {}, central meridian {}", zone.strip_deg, zone.number, meridian) + prefix;
    }
    if (crs.metres_per_unit() != 1)
        return begin + fmt::format(fmt::runtime(zh ? "坐标单位 {:g} 米" : "unit {:g} m"), crs.metres_per_unit());
    return datum;
}

std::string type_word(layers::FieldType type, bool zh) {
    if (!zh)
        return field_type_code(type);
    switch (type) {
    case layers::FieldType::integer:
        return "整数";
    case layers::FieldType::real:
        return "实数";
    case layers::FieldType::text:
        return "文本";
    case layers::FieldType::date:
        break;
    }
    return "日期";
}

/// "text PQDM, MC; real GHMJ": the types in order of first appearance.
std::string fields_by_type(const std::vector<layers::Field>& fields, bool zh) {
    std::vector<std::pair<layers::FieldType, std::string>> groups;
    for (const layers::Field& field : fields) {
        auto group =
            std::find_if(groups.begin(), groups.end(), [&](const auto& known) { return known.first == field.type; });
        if (group == groups.end())
            group = groups.insert(groups.end(), {field.type, {}});
        group->second += (group->second.empty() ? "" : zh ? "、" : ", ") + field.name;
    }
    std::string text;
    for (const auto& [type, names] : groups)
        text += (text.empty() ? "" : zh ? "；" : "; ") + type_word(type, zh) + " " + names;
    return text;
}

/// One layer as lines of a label and what is known.
class LayerSheet {
public:
    LayerSheet(const DatasetInfo::Layer& layer, const TextStyle& style)
        : layer_(layer), style_(style), zh_(style.lang == Lang::zh) {}

    std::string text() {
        const layers::LayerInfo& info = layer_.table.info;
        out_ = fmt::format("  {} ({})\n", info.layer, info.driver);
        recognised();
        geometry();
        line("坐标系", "CRS",
             info.crs ? info.crs->label() + (info.crs->label() == info.crs->name() ? "" : " " + info.crs->name())
                      : std::string(zh_ ? "未声明" : "none"));
        if (const std::string words = info.crs ? crs_words(*info.crs, zh_) : ""; !words.empty())
            line("", "", words);
        extent();
        if (!info.encoding.empty())
            line("编码", "encoding",
                 fmt::format(fmt::runtime(zh_ ? "{}（{}）" : "{} ({})"), info.encoding,
                             encoding_reason(info.encoding_why, zh_)));
        if (!info.fields.empty())
            line("字段", "fields", fields_by_type(info.fields, zh_));
        topology();
        issues();
        return std::move(out_);
    }

private:
    static constexpr std::size_t indent = 4;
    static constexpr std::size_t label_width = 12;

    void line(const char* label_zh, const char* label_en, const std::string& text) {
        const std::string label = zh_ ? label_zh : label_en;
        const std::string head = std::string(indent, ' ') + label +
                                 std::string(label_width - std::min(label_width, display_width(label)), ' ');
        out_ += wrapped(head + text, style_.width, indent + label_width) + "\n";
    }

    [[nodiscard]] static std::string count(std::uint64_t n) { return grouped(static_cast<double>(n), 0); }

    void recognised() {
        if (!layer_.recognised)
            return;
        const project::Recognised& what = *layer_.recognised;
        std::string text = what.what.in(style_.lang) + " [" + what.theme + "]";
        text += (zh_ ? "，据" : ", by ") + what.why.in(style_.lang);
        if (!what.schema.empty())
            text += fmt::format(fmt::runtime(zh_ ? "，标准图层 {}" : ", standard layer {}"), what.schema);
        line("识别为", "looks like", text);
        if (layer_.scheme)
            line("", "",
                 fmt::format(
                     fmt::runtime(zh_ ? "{} 的编码属 {}（{}/{} 个要素）" : "codes in {}: {} ({} of {} features)"),
                     what.class_field, layer_.scheme->scheme, count(layer_.scheme->known),
                     count(layer_.scheme->features)));
    }

    void geometry() {
        const layers::DoorCounts& c = layer_.table.counts;
        line("几何", "geometry",
             fmt::format(fmt::runtime(zh_ ? "{}，要素 {} 个，顶点 {} 个，单个最多 {}"
                                          : "{}, {} features, {} vertices, largest {}"),
                         geometry_word(layer_.table.info.geometry_type, zh_), count(c.features), count(c.vertices),
                         count(c.largest_vertices)));
        if (c.empty + c.repaired + c.rejected > 0)
            line("处理", "door",
                 fmt::format(
                     fmt::runtime(zh_ ? "空几何 {}，已修复 {}，已剔除 {}" : "{} empty, {} repaired, {} set aside"),
                     count(c.empty), count(c.repaired), count(c.rejected)));
    }

    void extent() {
        const geo::Box& e = layer_.table.counts.extent;
        if (e.empty())
            return;
        const auto& crs = layer_.table.info.crs;
        const bool geographic = crs && crs->is_geographic();
        const int decimals = geographic ? 6 : 2;
        std::string text = fmt::format("{:.{}f} – {:.{}f}, {:.{}f} – {:.{}f}", e.min_x, decimals, e.max_x, decimals,
                                       e.min_y, decimals, e.max_y, decimals);
        if (crs && !geographic)
            text += fmt::format(fmt::runtime(zh_ ? "（{} × {} 千米）" : " ({} × {} km)"),
                                grouped((e.max_x - e.min_x) * crs->metres_per_unit() / 1000, 2),
                                grouped((e.max_y - e.min_y) * crs->metres_per_unit() / 1000, 2));
        line("范围", "extent", text);
    }

    void topology() {
        if (!layer_.topology)
            return;
        const auto& crs = layer_.table.info.crs;
        for (const LabelledLine& l : topology_lines(*layer_.topology, crs ? &*crs : nullptr, style_.lang))
            line(l.label.zh.c_str(), l.label.en.c_str(), l.text);
    }

    /// By code, with the first two examples.
    void issues() {
        const auto all = layer_.table.issues.sorted();
        line("问题", "issues", all.empty() ? std::string(zh_ ? "无" : "none") : count(all.size()));
        std::map<std::string, std::vector<const layers::Issue*>> by_code;
        for (const layers::Issue& issue : all)
            by_code[issue.code].push_back(&issue);
        for (const auto& [code, found] : by_code) {
            constexpr std::size_t examples = 2;
            out_ += fmt::format("      {}{}\n", code, found.size() > 1 ? " × " + count(found.size()) : "");
            for (std::size_t i = 0; i < std::min(examples, found.size()); ++i) {
                const std::string feature = found[i]->feature.empty() ? "" : found[i]->feature + (zh_ ? "：" : ": ");
                out_ += wrapped("        " + feature + found[i]->text.in(style_.lang), style_.width, 8) + "\n";
            }
        }
    }

    const DatasetInfo::Layer& layer_;
    const TextStyle& style_;
    bool zh_;
    std::string out_;
};

} // namespace

ProjectionZone projection_zone(const geo::GaussKrueger& system) {
    constexpr double near = 1e-9; // degrees; and of the scale
    const double meridian = system.central_meridian_deg;
    const auto number_where = [&](double number) {
        return std::abs(number - std::round(number)) < near ? static_cast<int>(std::lround(number)) : 0;
    };
    const double easting_m =
        system.zone_prefix ? system.false_easting_m - 1e6 * *system.zone_prefix : system.false_easting_m;
    if (system.latitude_of_origin_deg != 0 || easting_m != 500000)
        return {};
    if (std::abs(system.scale - 0.9996) < near) {
        const int zone = number_where((meridian + 183) / 6);
        const bool south = system.false_northing_m == 10000000;
        if (zone < 1 || zone > 60 || (!south && system.false_northing_m != 0))
            return {};
        return {6, zone, south ? 'S' : 'N'};
    }
    const int strip = number_where(system.three_degree ? meridian / 3 : (meridian + 3) / 6);
    if (std::abs(system.scale - 1) > near || system.false_northing_m != 0 || strip == 0)
        return {};
    return {system.three_degree ? 3 : 6, strip, 0};
}

std::string field_type_code(layers::FieldType type) {
    switch (type) {
    case layers::FieldType::integer:
        return "integer";
    case layers::FieldType::real:
        return "real";
    case layers::FieldType::text:
        return "text";
    case layers::FieldType::date:
        return "date";
    }
    return {};
}

std::string info_text(const std::vector<DatasetInfo>& datasets, const TextStyle& style) {
    std::string out;
    for (const DatasetInfo& dataset : datasets) {
        if (!out.empty())
            out += "\n";
        out += dataset.source + "\n";
        for (const DatasetInfo::Layer& layer : dataset.layers)
            out += LayerSheet(layer, style).text();
    }
    return out;
}

} // namespace corebelt::reports
