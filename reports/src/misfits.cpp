#include "topology_summary.hpp"

#include "corebelt/geo/error.hpp"
#include "corebelt/layers/vector_file.hpp"
#include "corebelt/reports/report.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <unordered_map>
#include <variant>
#include <vector>

namespace corebelt::reports {

namespace {

constexpr const char* areas_suffix = "";
constexpr const char* lines_suffix = "_lines";

/// One table being filled. Layers may have a hundred thousand misfits, each with a text of its own.
class MisfitTable {
public:
    explicit MisfitTable(const char* geometry_type) {
        using layers::FieldType;
        table_.info.layer = "misfits";
        table_.info.geometry_type = geometry_type;
        // Names have at most ten bytes, so that a shapefile keeps them.
        const layers::Field fields[] = {
            {"layer", FieldType::text},    {"kind", FieldType::text},     {"size", FieldType::text},
            {"m2", FieldType::real},       {"width_m", FieldType::real},  {"length_m", FieldType::real},
            {"depth", FieldType::integer}, {"features", FieldType::text}, {"count", FieldType::integer}};
        for (const layers::Field& field : fields) {
            table_.rows.columns.emplace_back();
            table_.rows.columns.back().field = field;
        }
        codes_.resize(table_.rows.columns.size());
    }

    void use_crs(const std::optional<geo::Crs>& crs) { table_.info.crs = crs; }
    void add(const geo::ShapeView& shape, const std::array<layers::Value, 9>& cells) {
        layers::Batch& rows = table_.rows;
        rows.fid.push_back(static_cast<std::int64_t>(rows.fid.size()) + 1);
        rows.shapes.append(shape);
        for (std::size_t c = 0; c < cells.size(); ++c) {
            layers::Column& column = rows.columns[c];
            const auto* text = std::get_if<std::string>(&cells[c]);
            if (text == nullptr) {
                column.push_back(cells[c]);
                continue;
            }
            const auto [code, fresh] =
                codes_[c].try_emplace(*text, static_cast<std::uint32_t>(column.dictionary.size()));
            if (fresh)
                column.dictionary.push_back(*text);
            column.valid.push_back(1);
            column.code.push_back(code->second);
        }
    }
    [[nodiscard]] const layers::Table& table() const { return table_; }

private:
    layers::Table table_;
    std::vector<std::unordered_map<std::string, std::uint32_t>> codes_; ///< of texts, one a column; only looked up in
};

std::string listed(const std::vector<std::uint32_t>& features, const std::vector<std::int64_t>& fids) {
    constexpr std::size_t most = 30; // about what a text of a shapefile holds
    std::string text;
    for (std::size_t i = 0; i < std::min(most, features.size()); ++i)
        text += (i == 0 ? "" : ",") + std::to_string(fids[features[i]]);
    return features.size() > most ? text + ",…" : text;
}

void add_areas(const std::string& layer, const LayerTopology& topology, MisfitTable& rows) {
    for (std::size_t i = 0; i < topology.found.misfits.size(); ++i) {
        const geo::Misfit& misfit = topology.found.misfits[i];
        rows.add(topology.found.areas[i],
                 {layer, std::string(misfit.is_gap() ? "gap" : "overlap"),
                  std::string(name_of(size_of(misfit, topology))), misfit.m2, misfit.width_m(), misfit.perimeter_m,
                  static_cast<std::int64_t>(misfit.depth), listed(misfit.features, topology.fids),
                  static_cast<std::int64_t>(misfit.features.size())});
    }
}

void add_lines(const std::string& layer, const LayerTopology& topology, MisfitTable& rows) {
    for (std::size_t i = 0; i < topology.found.stretches.size(); ++i) {
        const geo::UnmatchedStretch& s = topology.found.stretches[i];
        rows.add(topology.found.lines[i],
                 {layer, std::string("unmatched"), layers::Value(), layers::Value(), s.distance_m, s.length_m,
                  layers::Value(), listed({s.feature, s.other}, topology.fids), std::int64_t{2}});
    }
}

} // namespace

void check_misfits_place(const std::string& path, const layers::VectorFileOptions& options) {
    const std::string suffixes[] = {areas_suffix, lines_suffix};
    layers::check_vector_layers(path, suffixes, options);
}

layers::IssueLog write_misfits(const std::vector<DatasetInfo>& datasets, const std::string& path,
                               const layers::VectorFileOptions& options) {
    MisfitTable areas("Polygon");
    MisfitTable lines("LineString");
    std::optional<geo::Crs> crs;
    for (const DatasetInfo& dataset : datasets)
        for (const DatasetInfo::Layer& layer : dataset.layers) {
            if (!layer.topology || !layer.topology->not_measured.empty())
                continue;
            if (crs && !crs->same_as(*layer.table.info.crs))
                throw Error(ErrorKind::usage, "several-crs",
                            {fmt::format("-o {}: layer {} has another CRS than those before; write each to a file of "
                                         "its own (DATASET|layer=NAME)",
                                         path, layer.table.info.layer),
                             fmt::format("-o {}：图层 {} 与前面图层的坐标系不同，请逐个图层输出（数据集|layer=图层名）",
                                         path, layer.table.info.layer)});
            crs = layer.table.info.crs;
            add_areas(layer.table.info.layer, *layer.topology, areas);
            add_lines(layer.table.info.layer, *layer.topology, lines);
        }
    areas.use_crs(crs);
    lines.use_crs(crs);
    const layers::VectorLayer written[] = {{areas_suffix, &areas.table()}, {lines_suffix, &lines.table()}};
    return layers::write_vector_layers(path, written, options);
}

} // namespace corebelt::reports
