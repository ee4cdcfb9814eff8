#include "corebelt/rules/measure.hpp"

#include "two_layers.hpp"
#include "verbs.hpp"

#include <utility>

namespace corebelt::cli {

int run_measure(const MeasureArguments& arguments, Console& console) {
    TwoLayers run(arguments.common, arguments.trust_geometry, console);
    auto a = run.open(arguments.a, arguments.where, {arguments.id_field});
    const auto b = run.open(arguments.b, arguments.other_where, {arguments.other_id_field}, a->info().crs);
    a = run.streamed(std::move(a));

    auto options = run.options<rules::MeasureOptions>(arguments.a);
    options.what = arguments.what;
    options.each = !arguments.counting_union;
    options.nearest = arguments.nearest;
    options.gap_m = arguments.gap_m;
    options.id_field = arguments.id_field;
    options.other_id_field = arguments.other_id_field;
    options.area = arguments.area;
    const rules::MeasureResult result = rules::measure(*a, *b, options);
    run.write([&] { return reports::measure_text(result, arguments.unit, console.text_style()); },
              [&] { return reports::measure_json(result, arguments.unit, console.lang()); },
              [&] { return reports::measure_csv(result, arguments.unit, console.lang()); });
    return 0;
}

} // namespace corebelt::cli
