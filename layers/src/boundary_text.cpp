#include "corebelt/layers/boundary_text.hpp"

#include "door.hpp"
#include "text_decoder.hpp"

#include "corebelt/geo/area.hpp"
#include "corebelt/geo/error.hpp"
#include "corebelt/geo/evidence.hpp"
#include "corebelt/geo/validity.hpp"
#include "corebelt/layers/sink.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <filesystem>
#include <fstream>
#include <iterator>

namespace corebelt::layers {

namespace {

constexpr std::array<const char*, 9> field_names{"地块编号", "地块名称",     "图形属性", "图幅号",  "地块用途",
                                                 "地类编码", "申报面积公顷", "面积吻合", "附加信息"};

std::string read_bytes(const std::string& path) {
    std::ifstream in(path, std::ios::binary);
    if (!in)
        throw Error(ErrorKind::input, "not-found",
                    {fmt::format("cannot read {}", path), fmt::format("无法读取 {}", path)});
    return {std::istreambuf_iterator<char>(in), std::istreambuf_iterator<char>()};
}

double ring_area(const std::vector<geo::XY>& ring) {
    double twice = 0;
    for (std::size_t i = 0; i + 1 < ring.size(); ++i)
        twice += (ring[i].x - ring[0].x) * (ring[i + 1].y - ring[0].y) -
                 (ring[i + 1].x - ring[0].x) * (ring[i].y - ring[0].y);
    return std::abs(twice / 2);
}

geo::Shapes one_ring(const std::vector<geo::XY>& ring) {
    geo::Shapes shapes;
    for (const geo::XY& p : ring)
        shapes.add(p);
    shapes.end_ring();
    shapes.end_part();
    shapes.end_shape(geo::Dimension::area);
    return shapes;
}

/// All vertices of `ring` inside or on `outer`.
bool lies_in(const std::vector<geo::XY>& ring, const geo::Shapes& outer) {
    return std::all_of(ring.begin(), ring.end(), [&](const geo::XY& p) { return geo::covers(outer[0], p); });
}

/// Rings become outer rings and holes by containment: a ring in an odd number of others is a hole of the smallest
/// that holds it. Ring numbers say nothing reliable (holes in the norm, parts in practice).
void add_area(const BoundaryPlot& plot, geo::Shapes& out, Decoding& decoding) {
    struct Ring {
        const BoundaryRing* ring;
        double area;
        geo::Shapes shape;
        std::size_t depth = 0;
        std::size_t parent = 0;
    };
    std::vector<Ring> rings;
    for (const BoundaryRing& r : plot.rings)
        if (r.points.size() >= 4 && ring_area(r.points) > 0)
            rings.push_back({&r, ring_area(r.points), one_ring(r.points)});
    if (rings.empty()) {
        decoding = Decoding::broken;
        out.end_shape(geo::Dimension::area);
        return;
    }
    std::stable_sort(rings.begin(), rings.end(), [](const Ring& a, const Ring& b) { return a.area > b.area; });
    for (std::size_t i = 0; i < rings.size(); ++i)
        for (std::size_t k = 0; k < i; ++k)
            if (lies_in(rings[i].ring->points, rings[k].shape)) {
                ++rings[i].depth;
                rings[i].parent = k; // sorted by area: the last one found is the smallest
            }
    for (std::size_t i = 0; i < rings.size(); ++i) {
        if (rings[i].depth % 2 == 1)
            continue;
        const auto put = [&](const Ring& r) {
            for (const geo::XY& p : r.ring->points)
                out.add(p);
            out.end_ring();
        };
        put(rings[i]);
        for (std::size_t k = i + 1; k < rings.size(); ++k)
            if (rings[k].depth % 2 == 1 && rings[k].parent == i)
                put(rings[k]);
        out.end_part();
    }
    out.end_shape(geo::Dimension::area);
}

void add_shape(const BoundaryPlot& plot, geo::Shapes& out, Decoding& decoding) {
    if (!plot.readable || plot.rings.empty()) {
        decoding = plot.readable ? Decoding::empty : Decoding::broken;
        out.end_shape(geo::Dimension::area);
        return;
    }
    if (plot.kind == "面") {
        add_area(plot, out, decoding);
        return;
    }
    const bool points = plot.kind == "点";
    for (const BoundaryRing& r : plot.rings)
        for (std::size_t i = 0; i < r.points.size(); ++i) {
            out.add(r.points[i]);
            if (points || i + 1 == r.points.size()) {
                out.end_ring();
                out.end_part();
            }
        }
    out.end_shape(points ? geo::Dimension::point : geo::Dimension::line);
}

/// Which area do the declared hectares, written with four decimals, agree with?
std::string agreement(double declared_ha, double planar_m2, double official_m2) {
    // Half a unit of the fourth decimal, and one more for areas that were rounded twice on the way.
    const auto agrees = [&](double m2) { return std::abs(declared_ha - m2 / 1e4) <= 1.0e-4; };
    if (agrees(planar_m2))
        return agrees(official_m2) ? "两者" : "平面";
    return agrees(official_m2) ? "椭球" : "不符";
}

void compare_areas(const BoundaryPlot& plot, const geo::ShapeView& shape, const geo::Crs& crs, const std::string& label,
                   std::string& word, IssueLog& issues) {
    const bool projected = crs.is_projected();
    const double official = geo::official_cn2008_m2(shape, crs);
    const double planar = projected ? geo::planar_m2(shape, crs) : official;
    word = agreement(*plot.declared_ha, planar, official);
    if (word != "不符")
        return;
    issues.add({"declared-area-differs",
                label,
                plot.number,
                std::nullopt,
                {fmt::format("line {}: declared {:.4f} ha; planar {:.4f} ha, ellipsoidal {:.4f} ha: neither agrees",
                             plot.line, *plot.declared_ha, planar / 1e4, official / 1e4),
                 fmt::format("第 {} 行：申报 {:.4f} 公顷，平面 {:.4f} 公顷，椭球 {:.4f} 公顷，均不吻合", plot.line,
                             *plot.declared_ha, planar / 1e4, official / 1e4)}});
}

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

std::string in_gb18030(const std::string& utf8) {
    return encoded_as(utf8, "GB18030");
}

} // namespace

Table read_boundary_text(const std::string& path, const OpenOptions& options) {
    const std::string bytes = read_bytes(path);
    const std::string label = options.label.empty() ? path : options.label;
    if (!is_boundary_text(bytes))
        throw Error(ErrorKind::input, "not-boundary-text",
                    {fmt::format("{} has no line [地块坐标]: it is no boundary-point text file", path),
                     fmt::format("{} 中没有“[地块坐标]”，不是界址点坐标交换文件", path)});
    IssueLog issues;
    const BoundaryText text = parse_boundary_text(bytes, label, options.encoding, issues);
    Table table;
    LayerInfo& info = table.info;
    info.source = path;
    info.layer = std::filesystem::path(path).stem().string();
    info.driver = "boundary-text";
    info.encoding = text.encoding;
    info.encoding_why = text.encoding_why;
    info.geometry_type = "MultiPolygon";
    info.feature_count = static_cast<std::int64_t>(text.plots.size());
    std::optional<geo::Crs> crs = text.crs;
    if (!crs)
        crs = options.declared_crs;
    if (!crs && options.require_crs)
        throw Error(
            ErrorKind::input, "no-crs",
            {fmt::format("{}: the coordinate system is not certain from the file; declare one (crs = \"EPSG:4522\")",
                         path),
             fmt::format("{}：文件不足以确定坐标系，请指定（如 crs = \"EPSG:4522\"）", path)});
    info.crs = options.target_crs && crs ? options.target_crs : crs;

    Batch& rows = table.rows;
    for (const char* name : field_names)
        rows.columns.push_back(
            {{name, std::string(name) == "申报面积公顷" ? FieldType::real : FieldType::text}, {}, {}, {}, {}, {}});
    for (const auto& [key, value] : text.attributes)
        if (rows.find(key) == nullptr)
            rows.columns.push_back({{key, FieldType::text}, {}, {}, {}, {}, {}});

    std::vector<Decoding> decoding(text.plots.size(), Decoding::ok);
    for (std::size_t i = 0; i < text.plots.size(); ++i) {
        rows.fid.push_back(static_cast<std::int64_t>(i) + 1);
        add_shape(text.plots[i], rows.shapes, decoding[i]);
    }
    Door door({label, crs, options.target_crs, options.max_chord_error_m, options.trust_geometry});
    std::vector<std::uint8_t> rejected;
    const auto name_of = [&](std::size_t row) {
        const BoundaryPlot& plot = text.plots[row];
        return plot.number.empty() ? std::to_string(row + 1) : plot.number;
    };
    door.judge(rows.shapes, decoding, rows.fid, name_of, rejected);
    door.finish();

    Batch kept;
    for (const Column& c : rows.columns)
        kept.columns.push_back({c.field, {}, {}, {}, {}, {}});
    for (std::size_t i = 0; i < text.plots.size(); ++i) {
        if (rejected[i] != 0)
            continue;
        const BoundaryPlot& plot = text.plots[i];
        std::string word;
        if (plot.declared_ha && plot.kind == "面" && info.crs && !rows.shapes[i].empty())
            compare_areas(plot, rows.shapes[i], *info.crs, label, word, issues);
        kept.fid.push_back(rows.fid[i]);
        kept.shapes.append(rows.shapes[i]);
        const std::array<Value, 9> cells{plot.number,
                                         plot.name,
                                         plot.kind,
                                         plot.sheet,
                                         plot.use,
                                         plot.land_class,
                                         plot.declared_ha ? Value(*plot.declared_ha) : Value(),
                                         word.empty() ? Value() : Value(word),
                                         plot.extra};
        for (std::size_t c = 0; c < kept.columns.size(); ++c) {
            if (c < cells.size()) {
                kept.columns[c].push_back(cells[c]);
                continue;
            }
            const auto attribute = std::find_if(text.attributes.begin(), text.attributes.end(),
                                                [&](const auto& a) { return a.first == kept.columns[c].field.name; });
            kept.columns[c].push_back(attribute->second);
        }
    }
    for (const Column& c : kept.columns)
        info.fields.push_back(c.field);
    rows = std::move(kept);
    table.counts = door.counts();
    table.issues = issues;
    table.issues.merge(door.issues());
    return table;
}

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
    write_file(path, options.gb18030 ? in_gb18030(out) : out);
}

} // namespace corebelt::layers
