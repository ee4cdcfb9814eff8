#include "corebelt/rules/measure.hpp"

#include "memory_limit.hpp"
#include "remembered_run.hpp"
#include "verbs.hpp"

#include "corebelt/layers/dataset.hpp"
#include "corebelt/layers/parallel_read.hpp"

#include <utility>

namespace corebelt::cli {

int run_measure(const MeasureArguments& arguments, Console& console) {
    check_outputs(arguments.common, {"text", "json", "csv"});
    RememberedRun remembered(arguments.common, console);

    layers::OpenOptions a_options;
    a_options.trust_geometry = arguments.trust_geometry;
    a_options.where = arguments.where;
    a_options.memo = remembered.memo();
    if (!arguments.id_field.empty())
        a_options.fields = {arguments.id_field};
    auto a = layers::open_layer(arguments.a, a_options);

    layers::OpenOptions b_options;
    b_options.trust_geometry = arguments.trust_geometry;
    b_options.where = arguments.other_where;
    b_options.memo = remembered.memo();
    b_options.target_crs = a->info().crs;
    if (!arguments.other_id_field.empty())
        b_options.fields = {arguments.other_id_field};
    const auto b_source = layers::open_layer(arguments.b, b_options);
    const unsigned jobs = jobs_of(arguments.common);
    if (jobs > 1)
        a = layers::read_ahead(std::move(a)); // while the other layer is read and made ready

    rules::MeasureOptions options;
    options.what = arguments.what;
    options.each = !arguments.counting_union;
    options.nearest = arguments.nearest;
    options.gap_m = arguments.gap_m;
    options.id_field = arguments.id_field;
    options.other_id_field = arguments.other_id_field;
    options.area = arguments.area;
    options.jobs = jobs;
    options.memo = remembered.memo();
    options.held.bytes = room_for_features(arguments.common.memory_bytes, jobs, remembered.memo() != nullptr);
    options.progress = [&](std::uint64_t done, std::uint64_t total) {
        keep_within_memory(arguments.common.memory_bytes);
        console.progress(arguments.a, done, total);
    };
    options.later_progress = [&](const Text& step, std::uint64_t done, std::uint64_t total) {
        keep_within_memory(arguments.common.memory_bytes);
        console.progress(step.in(console.lang()), done, total);
    };
    const rules::MeasureResult result = rules::measure(*a, *b_source, options);
    write_outputs(arguments.common,
                  {{"text", [&] { return reports::measure_text(result, arguments.unit, console.text_style()); }, {}},
                   {"json", [&] { return reports::measure_json(result, arguments.unit, console.lang()); }, {}},
                   {"csv", [&] { return reports::measure_csv(result, arguments.unit, console.lang()); }, {}}},
                  console);
    remembered.save();
    return 0;
}

} // namespace corebelt::cli
