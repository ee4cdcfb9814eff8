#include "verbs.hpp"

#include "corebelt/layers/dataset.hpp"
#include "corebelt/layers/sink.hpp"

namespace corebelt::cli {

namespace {

/// Reads a whole layer through the door and keeps what the door found, not the rows.
layers::Table judged(const std::string& source, const InfoArguments& arguments, Console& console) {
    layers::OpenOptions options;
    options.require_crs = false;
    options.trust_geometry = arguments.fast;
    if (!arguments.encoding.empty())
        options.encoding = arguments.encoding;
    options.all_fields = true;
    const auto reader = layers::open_layer(source, options);
    layers::Batch batch;
    std::uint64_t read = 0;
    while (reader->next(batch)) {
        read += batch.size();
        console.progress(
            source, read,
            static_cast<std::uint64_t>(std::max<std::int64_t>(0, reader->info().feature_count.value_or(0))));
    }
    layers::Table table;
    table.info = reader->info();
    table.counts = reader->counts();
    table.issues = reader->issues();
    return table;
}

} // namespace

int run_info(const InfoArguments& arguments, Console& console) {
    const std::vector<std::string> formats = {"text", "json"};
    check_outputs(arguments.common, formats);
    std::vector<reports::DatasetInfo> datasets;
    for (const std::string& source : arguments.datasets) {
        reports::DatasetInfo dataset;
        dataset.source = source;
        const auto ref = layers::DatasetRef::parse(source);
        layers::OpenOptions options;
        options.require_crs = false;
        for (const layers::LayerInfo& layer : layers::list_layers(source, options)) {
            layers::DatasetRef one = ref;
            one.layer = layer.layer;
            dataset.layers.push_back(judged(one.to_string(), arguments, console));
        }
        dataset.sha256 = layers::sha256_of(ref.dataset);
        datasets.push_back(std::move(dataset));
    }
    write_outputs(arguments.common,
                  {{"text", [&] { return reports::info_text(datasets, console.text_style()); }, {}},
                   {"json", [&] { return reports::info_json(datasets, console.lang()); }, {}}},
                  console);
    return 0;
}

} // namespace corebelt::cli
