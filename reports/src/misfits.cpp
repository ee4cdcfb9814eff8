#include "topology_summary.hpp"

#include "corebelt/geo/error.hpp"
#include "corebelt/layers/vector_file.hpp"
#include "corebelt/reports/report.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <string>
#include <vector>

namespace corebelt::reports {

namespace {

constexpr const char* areas_suffix = "";
constexpr const char* lines_suffix = "_lines";

layers::Table empty_table(const char* geometry_type) {
    using layers::FieldType;
    layers::Table table;
    table.info.layer = "misfits";
    table.info.geometry_type = geometry_type;
    // Names have at most ten bytes, so that a shapefile keeps them.
    for (const layers::Field& field : std::initializer_list<layers::Field>{{"layer", FieldType::text},
                                                                           {"kind", FieldType::text},
                                                                           {"size", FieldType::text},
                                                                           {"m2", FieldType::real},
                                                                           {"width_m", FieldType::real},
                                                                           {"length_m", FieldType::real},
                                                                           {"depth", FieldType::integer},
                                                                           {"features", FieldType::text},
                                                                           {"count", FieldType::integer}}) {
        table.rows.columns.emplace_back();
        table.rows.columns.back().field = field;
    }
    return table;
}

void add_row(layers::Batch& batch, const geo::ShapeView& shape, const std::array<layers::Value, 9>& cells) {
    batch.fid.push_back(static_cast<std::int64_t>(batch.fid.size()) + 1);
    batch.shapes.append(shape);
    for (std::size_t c = 0; c < cells.size(); ++c)
        batch.columns[c].push_back(cells[c]);
}

std::string listed(const std::vector<std::uint32_t>& features, const std::vector<std::int64_t>& fids) {
    constexpr std::size_t most = 30; // about what a text of a shapefile holds
    std::string text;
    for (std::size_t i = 0; i < std::min(most, features.size()); ++i)
        text += (i == 0 ? "" : ",") + std::to_string(fids[features[i]]);
    return features.size() > most ? text + ",…" : text;
}

void add_areas(const std::string& layer, const LayerTopology& topology, layers::Batch& rows) {
    for (std::size_t i = 0; i < topology.found.misfits.size(); ++i) {
        const geo::Misfit& misfit = topology.found.misfits[i];
        add_row(rows, topology.found.areas[i],
                {layer, std::string(misfit.is_gap() ? "gap" : "overlap"),
                 std::string(name_of(size_of(misfit, topology))), misfit.m2, misfit.width_m(), misfit.perimeter_m,
                 static_cast<std::int64_t>(misfit.depth), listed(misfit.features, topology.fids),
                 static_cast<std::int64_t>(misfit.features.size())});
    }
}

void add_lines(const std::string& layer, const LayerTopology& topology, layers::Batch& rows) {
    for (std::size_t i = 0; i < topology.found.stretches.size(); ++i) {
        const geo::UnmatchedStretch& s = topology.found.stretches[i];
        add_row(rows, topology.found.lines[i],
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
    layers::Table areas = empty_table("Polygon");
    layers::Table lines = empty_table("LineString");
    for (const DatasetInfo& dataset : datasets)
        for (const DatasetInfo::Layer& layer : dataset.layers) {
            if (!layer.topology || !layer.topology->not_measured.empty())
                continue;
            const auto& crs = layer.table.info.crs;
            if (areas.info.crs && !areas.info.crs->same_as(*crs))
                throw Error(ErrorKind::usage, "several-crs",
                            {fmt::format("-o {}: layer {} has another CRS than those before; write each to a file of "
                                         "its own (DATASET|layer=NAME)",
                                         path, layer.table.info.layer),
                             fmt::format("-o {}：图层 {} 与前面图层的坐标系不同，请逐个图层输出（数据集|layer=图层名）",
                                         path, layer.table.info.layer)});
            areas.info.crs = lines.info.crs = crs;
            add_areas(layer.table.info.layer, *layer.topology, areas.rows);
            add_lines(layer.table.info.layer, *layer.topology, lines.rows);
        }
    const layers::VectorLayer written[] = {{areas_suffix, &areas}, {lines_suffix, &lines}};
    return layers::write_vector_layers(path, written, options);
}

} // namespace corebelt::reports
