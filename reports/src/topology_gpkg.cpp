#include "topology_summary.hpp"

#include "corebelt/layers/sink.hpp"
#include "corebelt/reports/report.hpp"

#include <algorithm>
#include <set>
#include <string>
#include <utility>

namespace corebelt::reports {

namespace {

using layers::FieldType;

layers::Batch batch_with(const std::vector<layers::Field>& fields) {
    layers::Batch batch;
    for (const layers::Field& field : fields) {
        batch.columns.emplace_back();
        batch.columns.back().field = field;
    }
    return batch;
}

void add_row(layers::Batch& batch, const geo::ShapeView& shape, const std::vector<layers::Value>& cells) {
    batch.fid.push_back(static_cast<std::int64_t>(batch.fid.size()) + 1);
    batch.shapes.append(shape);
    for (std::size_t c = 0; c < cells.size(); ++c)
        batch.columns[c].push_back(cells[c]);
}

std::string listed(const std::vector<std::uint32_t>& features, const std::vector<std::int64_t>& fids) {
    constexpr std::size_t most = 50;
    std::string text;
    for (std::size_t i = 0; i < std::min(most, features.size()); ++i)
        text += (i == 0 ? "" : ",") + std::to_string(fids[features[i]]);
    return features.size() > most ? text + ",…" : text;
}

void write_misfits(layers::GeoPackageSink& sink, const std::string& name, const geo::Crs& crs,
                   const LayerTopology& topology) {
    const std::vector<layers::Field> fields = {{"kind", FieldType::text},        {"size", FieldType::text},
                                               {"m2", FieldType::real},          {"width_m", FieldType::real},
                                               {"perimeter_m", FieldType::real}, {"depth", FieldType::integer},
                                               {"features", FieldType::text},    {"feature_count", FieldType::integer}};
    layers::Batch rows = batch_with(fields);
    for (std::size_t i = 0; i < topology.found.misfits.size(); ++i) {
        const geo::Misfit& misfit = topology.found.misfits[i];
        add_row(rows, topology.found.areas[i],
                {std::string(misfit.is_gap() ? "gap" : "overlap"), std::string(name_of(size_of(misfit, topology))),
                 misfit.m2, misfit.width_m(), misfit.perimeter_m, static_cast<std::int64_t>(misfit.depth),
                 listed(misfit.features, topology.fids), static_cast<std::int64_t>(misfit.features.size())});
    }
    sink.begin_layer(name, crs, geo::Dimension::area, fields);
    sink.write(rows);
}

void write_unmatched(layers::GeoPackageSink& sink, const std::string& name, const geo::Crs& crs,
                     const LayerTopology& topology) {
    const std::vector<layers::Field> fields = {{"feature", FieldType::integer},
                                               {"other", FieldType::integer},
                                               {"length_m", FieldType::real},
                                               {"distance_m", FieldType::real}};
    layers::Batch rows = batch_with(fields);
    for (std::size_t i = 0; i < topology.found.stretches.size(); ++i) {
        const geo::UnmatchedStretch& s = topology.found.stretches[i];
        add_row(rows, topology.found.lines[i],
                {topology.fids[s.feature], topology.fids[s.other], s.length_m, s.distance_m});
    }
    sink.begin_layer(name, crs, geo::Dimension::line, fields);
    sink.write(rows);
}

} // namespace

void topology_gpkg(const std::vector<DatasetInfo>& datasets, const std::string& path) {
    layers::GeoPackageSink sink(path);
    std::set<std::string> taken;
    for (const DatasetInfo& dataset : datasets)
        for (const DatasetInfo::Layer& layer : dataset.layers) {
            if (!layer.topology || !layer.topology->not_measured.empty())
                continue;
            std::string name = layer.table.info.layer;
            for (int n = 2; !taken.insert(name).second; ++n)
                name = layer.table.info.layer + "_" + std::to_string(n);
            const geo::Crs& crs = *layer.table.info.crs;
            write_misfits(sink, name + "_misfits", crs, *layer.topology);
            write_unmatched(sink, name + "_unmatched", crs, *layer.topology);
        }
    sink.commit();
}

} // namespace corebelt::reports
