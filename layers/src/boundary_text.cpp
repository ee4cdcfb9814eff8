#include "corebelt/layers/boundary_text.hpp"

#include "door.hpp"
#include "layer_reader.hpp"
#include "offset_coordinates.hpp"
#include "unknown_field.hpp"

#include "corebelt/geo/area.hpp"
#include "corebelt/geo/error.hpp"
#include "corebelt/geo/evidence.hpp"
#include "corebelt/geo/validity.hpp"
#include "corebelt/layers/filter.hpp"

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

/// Not all on one line; a bow-tie counts, though its signed area may be 0.
bool encloses_something(const std::vector<geo::XY>& ring) {
    const geo::XY& o = ring.front();
    const auto cross = [&](const geo::XY& p, const geo::XY& q) {
        return (p.x - o.x) * (q.y - o.y) - (q.x - o.x) * (p.y - o.y);
    };
    for (std::size_t i = 1; i + 1 < ring.size(); ++i)
        if (cross(ring[i], ring[i + 1]) != 0)
            return true;
    return false;
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
        if (r.points.size() >= 4 && encloses_something(r.points))
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

/// Hands out a table that it owns.
class HeldTable final : public BatchSource {
public:
    HeldTable(Table table, std::size_t batch_features)
        : table_(std::move(table)), rows_(source_over(table_, batch_features)) {}
    [[nodiscard]] const LayerInfo& info() const override { return table_.info; }
    [[nodiscard]] const DoorCounts& counts() const override { return table_.counts; }
    [[nodiscard]] const IssueLog& issues() const override { return table_.issues; }
    bool next(Batch& batch) override { return rows_->next(batch); }

private:
    Table table_;
    std::unique_ptr<BatchSource> rows_;
};

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

} // namespace

bool is_boundary_text_file(const std::string& path) {
    std::string extension = std::filesystem::path(path).extension().string();
    std::transform(extension.begin(), extension.end(), extension.begin(),
                   [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
    if (extension != ".txt" || !std::filesystem::is_regular_file(path))
        return false;
    std::ifstream in(path, std::ios::binary);
    std::string head(65536, '\0');
    in.read(head.data(), static_cast<std::streamsize>(head.size()));
    head.resize(static_cast<std::size_t>(in.gcount()));
    return is_boundary_text(head);
}

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
            {fmt::format("{}: the coordinate system is not certain from the file; declare one (crs = \"EPSG:4522\" in "
                         "the project file, --source-crs of convert)",
                         path),
             fmt::format(
                 "{}：文件不足以确定坐标系，请指定（项目文件中如 crs = \"EPSG:4522\"，convert 用 --source-crs）",
                 path)});
    info.crs = options.target_crs && crs ? options.target_crs : crs;
    find_offset(info, options.declared_offset);
    if (!info.offset.empty())
        issues.add({"offset-coordinates", label, {}, std::nullopt, offset_text(info)});

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
    Door door({label, crs, options.target_crs, options.max_chord_error_m, options.trust_geometry, options.memo});
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

std::unique_ptr<BatchSource> open_boundary_text(const std::string& path, const OpenOptions& options) {
    Table table = read_boundary_text(path, options);
    if (!options.where.empty()) {
        std::vector<std::uint8_t> pass;
        Filter::parse(options.where, table.info.fields).select(table.rows, pass);
        keep_rows(table.rows, pass);
    }
    if (!options.all_fields) {
        std::vector<Column> wanted;
        for (const std::string& name : options.fields) {
            const Column* column = table.rows.find(name);
            if (column == nullptr)
                unknown_field(options.label.empty() ? path : options.label, name, table.info.fields);
            wanted.push_back(*column);
        }
        table.rows.columns = std::move(wanted);
        table.info.fields.clear();
        for (const Column& column : table.rows.columns)
            table.info.fields.push_back(column.field);
    }
    return std::make_unique<HeldTable>(std::move(table), options.batch_features);
}

} // namespace corebelt::layers
