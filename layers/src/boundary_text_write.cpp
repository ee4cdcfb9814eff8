#include "text_decoder.hpp"

#include "corebelt/geo/area.hpp"
#include "corebelt/geo/error.hpp"
#include "corebelt/layers/boundary_text.hpp"
#include "corebelt/layers/sink.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

namespace corebelt::layers {

namespace {

/// EPSG zone number and the false easting that the national form writes.
struct Strip {
    int zone;
    int width;
    double add_to_easting;
    const char* system;
};

Strip strip_of(const geo::Crs& crs, const std::string& path) {
    const auto& gk = crs.gauss_krueger();
    const char* system = crs.datum() == geo::Datum::cgcs2000      ? "2000国家大地坐标系"
                         : crs.datum() == geo::Datum::xian1980    ? "1980西安坐标系"
                         : crs.datum() == geo::Datum::beijing1954 ? "1954北京坐标系"
                                                                  : nullptr;
    if (!gk || system == nullptr)
        throw Error(
            ErrorKind::usage, "not-gauss-krueger",
            {fmt::format("{}: boundary-point text holds Gauss–Krüger strips of CGCS2000, Xian 1980 or Beijing 1954, "
                         "not {}; give --crs EPSG:4521 or the like",
                         path, crs.label()),
             fmt::format("{}：界址点文本只适用于 2000、西安80、北京54 的高斯—克吕格分带坐标，当前为 {}，请用 --crs "
                         "指定（如 EPSG:4521）",
                         path, crs.label())});
    const double meridian = gk->central_meridian_deg;
    const int width = gk->three_degree ? 3 : 6;
    const int zone =
        width == 3 ? static_cast<int>(std::lround(meridian / 3)) : static_cast<int>(std::lround((meridian + 3) / 6));
    return {zone, width, zone * 1e6 + 500000 - gk->false_easting_m, system};
}

std::string cell(const Batch& rows, const char* field, std::size_t row) {
    const Column* column = rows.find(field);
    if (column == nullptr)
        return {};
    std::string text = to_string(column->value(row));
    std::replace_if(
        text.begin(), text.end(), [](char c) { return c == ',' || c == '@' || c == '\n' || c == '\r'; }, ' ');
    return text;
}

} // namespace

void write_boundary_text(const std::string& path, const Table& table, const BoundaryTextOptions& options) {
    if (!table.info.crs)
        throw Error(ErrorKind::usage, "not-gauss-krueger",
                    {fmt::format("{}: the layer has no CRS", path), fmt::format("{}：图层没有坐标系", path)});
    const Strip strip = strip_of(*table.info.crs, path);
    const auto attribute = [&](const char* key, const std::string& otherwise) {
        const std::string kept = table.rows.size() > 0 ? cell(table.rows, key, 0) : std::string();
        return kept.empty() ? otherwise : kept;
    };
    std::string out = "[属性描述]\n";
    out += fmt::format("格式版本号={}\n", attribute("格式版本号", "1.01版本"));
    out +=
        fmt::format("数据产生单位={}\n", options.producer.empty() ? attribute("数据产生单位", "") : options.producer);
    out += fmt::format("数据产生日期={}\n", options.date.empty() ? attribute("数据产生日期", "") : options.date);
    out += fmt::format(
        "坐标系={}\n几度分带={}\n投影类型=高斯克吕格\n计量单位=米\n带号={}\n精度={}\n转换参数=0,0,0,0,0,0,0\n",
        strip.system, strip.width, strip.zone,
        fmt::format("{:.{}f}", std::pow(10.0, -options.decimals), options.decimals));
    out += "[地块坐标]\n";
    for (std::size_t row = 0; row < table.rows.size(); ++row) {
        const geo::ShapeView shape = table.rows.shapes[row];
        if (shape.empty())
            continue;
        const bool area = shape.dimension() == geo::Dimension::area;
        const Column* declared = table.rows.find("申报面积公顷");
        std::string hectares;
        if (area)
            hectares = fmt::format("{:.4f}", geo::planar_m2(shape, *table.info.crs) / 1e4);
        if (declared != nullptr && !is_null(declared->value(row)))
            hectares = to_string(declared->value(row));
        const std::string number = cell(table.rows, "地块编号", row);
        out += fmt::format(
            "{},{},{},{},{},{},{},{},@\n", shape.vertices().size(), hectares,
            number.empty() ? std::to_string(table.rows.fid[row]) : number, cell(table.rows, "地块名称", row),
            area                                        ? "面"
            : shape.dimension() == geo::Dimension::line ? "线"
                                                        : "点",
            cell(table.rows, "图幅号", row), cell(table.rows, "地块用途", row), cell(table.rows, "地类编码", row));
        std::size_t label = 1;
        for (std::size_t r = 0; r < shape.ring_count(); ++r) {
            const auto ring = shape.ring(r);
            const std::size_t first = label;
            for (std::size_t i = 0; i < ring.size(); ++i) {
                const bool closes = area && i + 1 == ring.size();
                out += fmt::format("J{},{},{:.{}f},{:.{}f}\n", closes ? first : label, r + 1, ring[i].y,
                                   options.decimals, ring[i].x + strip.add_to_easting, options.decimals);
                if (!closes)
                    ++label;
            }
        }
    }
    write_file(path, options.gb18030 ? encoded_as(out, "GB18030") : out);
}

} // namespace corebelt::layers
