#include "printed.hpp"

#include "corebelt/reports/report.hpp"

#include <fmt/format.h>

namespace corebelt::reports {

namespace {

std::string percent(std::int64_t part, std::int64_t whole) {
    if (whole == 0)
        return "–";
    return grouped(100.0 * static_cast<double>(part) / static_cast<double>(whole), 2) + " %";
}

std::string header(const std::string& crs, geo::AreaMethod method, AreaUnit unit, const TextStyle& style) {
    const bool zh = style.lang == Lang::zh;
    return wrapped(fmt::format(fmt::runtime(zh ? "坐标系：{}　面积：{}　单位：{}" : "CRS: {}  areas: {}  unit: {}"),
                               crs, method_name(method, style.lang), unit_name(unit, style.lang)),
                   style.width, 2) +
           "\n";
}

} // namespace

std::string tabulate_text(const rules::TabulateResult& result, AreaUnit unit, const TextStyle& style) {
    const bool zh = style.lang == Lang::zh;
    std::string out = header(result.crs_label, result.method, unit, style);
    TextTable table(
        {{zh ? "分区" : "zone", Align::left, true},
         {zh ? "类别" : "class", Align::left, true},
         {fmt::format(fmt::runtime(zh ? "面积（{}）" : "area ({})"), unit_name(unit, style.lang)), Align::right},
         {zh ? "占比" : "share", Align::right},
         {zh ? "要素" : "features", Align::right}});
    for (const rules::ZoneArea& zone : result.zones) {
        const std::string name = printed_key(zone.zone, style.lang);
        table.row(
            {name, zh ? "（全区）" : "(whole)", printed_area(zone.area, unit), zone.area > 0 ? "100.00 %" : "–", ""},
            {Ink::strong, Ink::strong, Ink::strong, Ink::strong});
        for (const rules::ClassArea& c : zone.classes)
            table.row({"", c.key.empty() ? (zh ? "（全部）" : "(all)") : printed_key(c.key, style.lang),
                       printed_area(c.area, unit), percent(c.area, zone.area), std::to_string(c.features)});
        table.row({"", zh ? "合计" : "covered", printed_area(zone.covered, unit), percent(zone.covered, zone.area), ""},
                  {Ink::dim, Ink::dim, Ink::dim, Ink::dim});
        if (zone.union_covered) {
            table.row({"", zh ? "其中重叠" : "doubled", printed_area(zone.covered - *zone.union_covered, unit),
                       percent(zone.covered - *zone.union_covered, zone.area), ""});
            table.row({"", zh ? "未覆盖" : "uncovered", printed_area(zone.area - *zone.union_covered, unit),
                       percent(zone.area - *zone.union_covered, zone.area), ""});
        }
    }
    out += table.to_string(style.width, style.colour);
    if (!result.issues.empty())
        out += "\n" + issues_text(result.issues, style);
    return out;
}

std::string tabulate_csv(const rules::TabulateResult& result, AreaUnit unit, Lang lang) {
    std::string by;
    for (const std::string& field : result.by)
        by += (by.empty() ? "" : ",") + csv_field(field);
    std::string out = fmt::format("zone,{},area_{},share,features\r\n", by.empty() ? "class" : by,
                                  unit == AreaUnit::m2    ? "m2"
                                  : unit == AreaUnit::ha  ? "ha"
                                  : unit == AreaUnit::km2 ? "km2"
                                                          : "mu");
    for (const rules::ZoneArea& zone : result.zones)
        for (const rules::ClassArea& c : zone.classes) {
            std::string key;
            for (const layers::Value& part : c.key)
                key += (key.empty() ? "" : ",") + csv_field(printed_key(part, lang));
            std::string area = printed_area(c.area, unit);
            std::erase(area, ',');
            const std::string share =
                zone.area == 0 ? "" : fmt::format("{}", static_cast<double>(c.area) / static_cast<double>(zone.area));
            out += fmt::format("{},{},{},{},{}\r\n", csv_field(printed_key(zone.zone, lang)), key, area, share,
                               c.features);
        }
    return out;
}

std::string what_code(rules::Amounts what) {
    switch (what) {
    case rules::Amounts::overlap:
        return "overlap";
    case rules::Amounts::distance:
        return "distance";
    case rules::Amounts::shared_boundary:
        return "shared-boundary";
    case rules::Amounts::outside:
        return "outside";
    }
    return {};
}

std::string measure_text(const rules::MeasureResult& result, AreaUnit unit, const TextStyle& style) {
    const bool zh = style.lang == Lang::zh;
    const bool area = result.what == rules::Amounts::overlap || result.what == rules::Amounts::outside;
    std::string out = area ? header(result.crs_label, result.method, unit, style)
                           : wrapped(fmt::format(fmt::runtime(zh ? "坐标系：{}　平面长度，单位：米"
                                                                 : "CRS: {}  planar lengths, unit: m"),
                                                 result.crs_label),
                                     style.width, 2) +
                                 "\n";
    TextTable table({{"A", Align::left, true},
                     {"B", Align::left, true},
                     {area ? fmt::format(fmt::runtime(zh ? "面积（{}）" : "area ({})"), unit_name(unit, style.lang))
                           : std::string(zh ? "长度（米）" : "length (m)"),
                      Align::right}});
    for (const rules::MeasureRow& row : result.rows)
        table.row({printed_key(row.a, style.lang), layers::is_null(row.b) ? "" : printed_key(row.b, style.lang),
                   area ? printed_area(row.value, unit) : grouped(static_cast<double>(row.value) / 1e4, 3)});
    out += table.to_string(style.width, style.colour);
    if (!result.issues.empty())
        out += "\n" + issues_text(result.issues, style);
    return out;
}

std::string measure_csv(const rules::MeasureResult& result, AreaUnit unit, Lang lang) {
    const bool area = result.what == rules::Amounts::overlap || result.what == rules::Amounts::outside;
    std::string out = fmt::format("a,b,{}\r\n", area ? "area_" + unit_name(unit, Lang::en) : "length_m");
    for (const rules::MeasureRow& row : result.rows) {
        std::string value =
            area ? printed_area(row.value, unit) : fmt::format("{:.4f}", static_cast<double>(row.value) / 1e4);
        std::erase(value, ',');
        out += fmt::format("{},{},{}\r\n", csv_field(printed_key(row.a, lang)),
                           layers::is_null(row.b) ? "" : csv_field(printed_key(row.b, lang)), value);
    }
    return out;
}

} // namespace corebelt::reports
