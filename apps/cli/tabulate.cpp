#include "corebelt/rules/tabulate.hpp"

#include "memory_limit.hpp"
#include "remembered_run.hpp"
#include "verbs.hpp"

#include "corebelt/layers/dataset.hpp"
#include "corebelt/layers/parallel_read.hpp"

#include <utility>

namespace corebelt::cli {

int run_tabulate(const TabulateArguments& arguments, Console& console) {
    check_outputs(arguments.common, {"text", "json", "csv"});
    RememberedRun remembered(arguments.common, console);

    layers::OpenOptions zone_options;
    zone_options.trust_geometry = arguments.trust_geometry;
    zone_options.where = arguments.zone_where;
    zone_options.memo = remembered.memo();
    if (!arguments.zone_field.empty())
        zone_options.fields = {arguments.zone_field};
    const auto zone_source = layers::open_layer(arguments.zones, zone_options);

    layers::OpenOptions layer_options;
    layer_options.trust_geometry = arguments.trust_geometry;
    layer_options.where = arguments.where;
    layer_options.memo = remembered.memo();
    layer_options.fields = arguments.by;
    layer_options.target_crs = zone_source->info().crs;
    auto layer = layers::open_layer(arguments.layer, layer_options);
    const unsigned jobs = jobs_of(arguments.common);
    if (jobs > 1)
        layer = layers::read_ahead(std::move(layer)); // while the zones are read and made ready

    rules::TabulateOptions options;
    options.zone_field = arguments.zone_field;
    options.by = arguments.by;
    options.area = arguments.area;
    options.coverage = arguments.coverage;
    options.jobs = jobs;
    options.memo = remembered.memo();
    options.held.bytes = room_for_features(arguments.common.memory_bytes, jobs, remembered.memo() != nullptr);
    options.progress = [&](std::uint64_t done, std::uint64_t total) {
        keep_within_memory(arguments.common.memory_bytes);
        console.progress(arguments.layer, done, total);
    };
    options.later_progress = [&](const Text& step, std::uint64_t done, std::uint64_t total) {
        keep_within_memory(arguments.common.memory_bytes);
        console.progress(step.in(console.lang()), done, total);
    };
    const rules::TabulateResult result = rules::tabulate(*zone_source, *layer, options);
    write_outputs(arguments.common,
                  {{"text", [&] { return reports::tabulate_text(result, arguments.unit, console.text_style()); }, {}},
                   {"json", [&] { return reports::tabulate_json(result, arguments.unit, console.lang()); }, {}},
                   {"csv", [&] { return reports::tabulate_csv(result, arguments.unit, console.lang()); }, {}}},
                  console);
    remembered.save();
    return 0;
}

} // namespace corebelt::cli
