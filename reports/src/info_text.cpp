#include "printed.hpp"

#include "corebelt/reports/report.hpp"

#include <fmt/format.h>

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

} // namespace

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
    const bool zh = style.lang == Lang::zh;
    std::string out;
    for (const DatasetInfo& dataset : datasets) {
        if (!out.empty())
            out += "\n";
        out += dataset.source + "\n";
        for (const layers::Table& t : dataset.layers) {
            const layers::DoorCounts& c = t.counts;
            const bool geographic = t.info.crs && t.info.crs->is_geographic();
            const int decimals = geographic ? 6 : 2;
            const auto line = [&](const char* label_zh, const char* label_en, const std::string& text) {
                out +=
                    wrapped(fmt::format("  {}{}{}", zh ? label_zh : label_en, zh ? "：" : ": ", text), style.width, 4) +
                    "\n";
            };
            line("图层", "layer", fmt::format("{} ({})", t.info.layer, t.info.driver));
            line("几何", "geometry",
                 fmt::format(fmt::runtime(zh ? "{}，要素 {} 个，顶点 {} 个，单个最多 {}"
                                             : "{}, {} features, {} vertices, largest {}"),
                             geometry_word(t.info.geometry_type, zh), grouped(static_cast<double>(c.features), 0),
                             grouped(static_cast<double>(c.vertices), 0),
                             grouped(static_cast<double>(c.largest_vertices), 0)));
            if (c.empty + c.repaired + c.rejected > 0)
                line("处理", "door",
                     fmt::format(
                         fmt::runtime(zh ? "空几何 {}，已修复 {}，已剔除 {}" : "{} empty, {} repaired, {} set aside"),
                         c.empty, c.repaired, c.rejected));
            line("坐标系", "CRS",
                 t.info.crs ? fmt::format("{} {}", t.info.crs->label(), t.info.crs->name())
                            : std::string(zh ? "未声明" : "none"));
            if (!c.extent.empty())
                line("范围", "extent",
                     fmt::format("{:.{}f}, {:.{}f} – {:.{}f}, {:.{}f}", c.extent.min_x, decimals, c.extent.min_y,
                                 decimals, c.extent.max_x, decimals, c.extent.max_y, decimals));
            if (!t.info.encoding.empty())
                line("编码", "encoding",
                     fmt::format(fmt::runtime(zh ? "{}（{}）" : "{} ({})"), t.info.encoding,
                                 encoding_reason(t.info.encoding_why, zh)));
            std::string fields;
            for (const layers::Field& f : t.info.fields)
                fields += (fields.empty() ? "" : ", ") + f.name;
            if (!fields.empty())
                line("字段", "fields", fields);
            out += issues_text(t.issues.sorted(), style);
        }
    }
    return out;
}

} // namespace corebelt::reports
