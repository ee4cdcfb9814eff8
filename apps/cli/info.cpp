#include "layer_formats.hpp"
#include "memory_limit.hpp"
#include "verbs.hpp"

#include "corebelt/geo/error.hpp"
#include "corebelt/geo/topology.hpp"
#include "corebelt/layers/boundary_text.hpp"
#include "corebelt/layers/connection.hpp"
#include "corebelt/layers/dataset.hpp"
#include "corebelt/layers/joined_rows.hpp"
#include "corebelt/layers/land_use.hpp"
#include "corebelt/layers/sink.hpp"
#include "corebelt/project/recognition.hpp"
#include "corebelt/styles/preview.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>

namespace corebelt::cli {

namespace {

namespace fs = std::filesystem;

constexpr styles::Colour unknown_class{221, 221, 221};

/// Geometry and land-use codes of one layer, kept for the picture only.
struct Kept {
    geo::Shapes shapes;
    std::vector<std::string> codes;
};

/// Geometry of one layer, kept for its topology: nothing any more where it takes more memory than is allowed.
class KeptAreas {
public:
    /// @param expected  rows in all, as far as the driver knows; else 0.
    KeptAreas(const InfoArguments& arguments, std::uint64_t expected)
        : arguments_(arguments),
          room_(room_for_features(arguments.common.memory_bytes, jobs_of(arguments.common), false)),
          kept_(expected) {}

    void add(layers::Batch& batch) {
        if (too_large_)
            return;
        batch.columns.clear();
        for (const geo::Dimension dimension : batch.shapes.dimension)
            areal_ = areal_ || dimension == geo::Dimension::area;
        bytes_ += batch.shapes.byte_size() + batch.shapes.xy.size() * bytes_a_vertex;
        too_large_ = room_ > 0 && bytes_ > room_;
        if (too_large_)
            static_cast<void>(kept_.take());
        else
            kept_.add(batch);
    }

    reports::LayerTopology topology(const std::optional<geo::Crs>& crs) {
        reports::LayerTopology topology;
        topology.tolerance_m = arguments_.topology_tolerance_m;
        topology.sliver_width_m = arguments_.sliver_width_m;
        if (!areal_)
            topology.not_measured = "no-areas";
        else if (!crs)
            topology.not_measured = "no-crs";
        else if (too_large_)
            topology.not_measured = "memory";
        if (!topology.not_measured.empty())
            return topology;
        layers::Batch all = kept_.take();
        geo::TopologyOptions options;
        options.tolerance_m = arguments_.topology_tolerance_m;
        options.jobs = jobs_of(arguments_.common);
        topology.found = geo::find_topology(all.shapes, all.fid, *crs, options);
        topology.fids = std::move(all.fid);
        return topology;
    }

private:
    static constexpr std::uint64_t bytes_a_vertex = 8; ///< that find_topology() takes

    const InfoArguments& arguments_;
    std::uint64_t room_;
    std::uint64_t bytes_ = 0;
    layers::JoinedRows kept_;
    bool areal_ = false, too_large_ = false;
};

std::string text_in(const layers::Batch& batch, const std::string& field, std::size_t row) {
    const layers::Column* column = batch.find(field);
    return column == nullptr ? std::string() : layers::to_string(column->value(row));
}

/// Reads a whole layer through the door and keeps what the door found; the rows only where they are to be drawn.
reports::DatasetInfo::Layer judged(const std::string& source, const InfoArguments& arguments, Console& console,
                                   Kept* kept) {
    layers::OpenOptions options;
    options.require_crs = false;
    options.trust_geometry = arguments.fast;
    if (!arguments.encoding.empty())
        options.encoding = arguments.encoding;
    options.all_fields = true;
    const auto reader = layers::open_layer(source, options);
    const std::string stem =
        fs::path(layers::without_password(layers::DatasetRef::parse(source).dataset)).stem().string();
    reports::DatasetInfo::Layer layer;
    layer.recognised = project::recognise(reader->info(), stem);
    const std::string class_field = layer.recognised ? layer.recognised->class_field : std::string();
    std::optional<project::SchemeVote> vote;
    if (!class_field.empty())
        vote.emplace(*layer.recognised);
    std::uint64_t read = 0;
    const auto expected =
        static_cast<std::uint64_t>(std::max<std::int64_t>(0, reader->info().feature_count.value_or(0)));
    KeptAreas areas(arguments, arguments.topology ? expected : 0);
    for (layers::Batch batch; reader->next(batch);) {
        if (vote)
            vote->add(batch);
        for (std::size_t row = 0; row < batch.size() && layer.recognised; ++row) {
            const bool area = batch.shapes.dimension[row] == geo::Dimension::area;
            const bool line = batch.shapes.dimension[row] == geo::Dimension::line;
            if (!batch.shapes[row].empty() && !area && !(line && layer.recognised->lines))
                layer.recognised.reset(); // the name promised areas
        }
        for (std::size_t row = 0; row < batch.size() && kept != nullptr; ++row) {
            kept->shapes.append(batch.shapes[row]);
            kept->codes.push_back(text_in(batch, class_field, row));
        }
        read += batch.size();
        console.progress(source, read, expected);
        if (arguments.topology)
            areas.add(batch);
    }
    if (vote && layer.recognised)
        layer.scheme = vote->winner();
    layer.table.info = reader->info();
    layer.table.counts = reader->counts();
    layer.table.issues = reader->issues();
    if (arguments.topology)
        layer.topology = areas.topology(layer.table.info.crs);
    return layer;
}

styles::PreviewLayer preview_of(const reports::DatasetInfo::Layer& layer, Kept kept, Lang lang) {
    styles::PreviewLayer preview;
    const layers::LayerInfo& info = layer.table.info;
    preview.title = info.layer;
    preview.note =
        fmt::format(fmt::runtime(lang == Lang::zh ? "{} 个要素，{}" : "{} features, {}"), layer.table.counts.features,
                    info.crs           ? info.crs->label()
                    : lang == Lang::zh ? "无坐标系"
                                       : "no CRS");
    preview.geographic = info.crs && info.crs->is_geographic();
    for (const layers::Issue& issue : layer.table.issues.sorted())
        if (issue.place)
            preview.crosses.push_back(*issue.place);
    if (layer.scheme) {
        const auto& scheme = layers::LandUseScheme::get(layer.scheme->scheme);
        for (const std::string& code : kept.codes) {
            const layers::LandUseClass* known = scheme.find_nearest(code);
            const auto rgb = known == nullptr ? std::nullopt : known->colour;
            preview.fill.push_back(rgb ? styles::Colour{(*rgb)[0], (*rgb)[1], (*rgb)[2]} : unknown_class);
        }
    }
    preview.shapes = std::move(kept.shapes);
    return preview;
}

} // namespace

int run_info(const InfoArguments& arguments, Console& console) {
    LayerFormats misfits_options;
    if (arguments.topology)
        misfits_options = layer_formats(arguments.overwrite);
    check_outputs(arguments.common, {"text", "json"}, names_of(misfits_options));
    for (const std::string& path : arguments.common.outputs)
        if (const auto options = misfits_options.find(format_of(path)); options != misfits_options.end())
            reports::check_misfits_place(path, options->second);
    std::vector<std::string> inputs;
    for (const std::string& source : arguments.datasets)
        inputs.push_back(layers::DatasetRef::parse(source).dataset);
    spare_inputs(arguments.common.outputs, inputs);
    const bool drawn = !arguments.preview.empty();
    if (drawn && fs::path(arguments.preview).extension() != ".png")
        throw Error(ErrorKind::usage, "bad-format",
                    {fmt::format("--preview {}: the picture is a .png", arguments.preview),
                     fmt::format("--preview {}：预览图为 .png", arguments.preview)});
    std::vector<reports::DatasetInfo> datasets;
    std::vector<styles::PreviewLayer> panels;
    for (const std::string& source : arguments.datasets) {
        reports::DatasetInfo dataset;
        dataset.source = layers::without_password(source);
        const auto ref = layers::DatasetRef::parse(source);
        layers::OpenOptions options;
        options.require_crs = false;
        for (const layers::LayerInfo& layer : layers::list_layers(source, options)) {
            layers::DatasetRef one = ref;
            one.layer = layer.layer;
            Kept kept;
            dataset.layers.push_back(judged(one.to_string(), arguments, console, drawn ? &kept : nullptr));
            if (drawn)
                panels.push_back(preview_of(dataset.layers.back(), std::move(kept), console.lang()));
        }
        dataset.sha256 = layers::sha256_of(ref.dataset);
        datasets.push_back(std::move(dataset));
    }
    console.end_progress();
    std::vector<OutputFormat> formats{{"text", [&] { return reports::info_text(datasets, console.text_style()); }, {}},
                                      {"json", [&] { return reports::info_json(datasets, console.lang()); }, {}}};
    for (const auto& [name, misfits] : misfits_options)
        formats.push_back({name, {}, [&, &options = misfits](const std::string& path) {
                               console.warnings(reports::write_misfits(datasets, path, options));
                           }});
    write_outputs(arguments.common, formats, console);
    if (drawn && !panels.empty()) {
        layers::write_file(arguments.preview, styles::encode_png(styles::draw_preview(panels)));
        console.note({"wrote " + arguments.preview, "已写出 " + arguments.preview});
    }
    return 0;
}

} // namespace corebelt::cli
