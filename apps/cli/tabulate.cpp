#include "corebelt/rules/tabulate.hpp"

#include "two_layers.hpp"
#include "verbs.hpp"

namespace corebelt::cli {

int run_tabulate(const TabulateArguments& arguments, Console& console) {
    TwoLayers run(arguments.common, arguments.trust_geometry, console);
    const auto zones = run.open(arguments.zones, arguments.zone_where, {arguments.zone_field});
    const auto layer = run.streamed(run.open(arguments.layer, arguments.where, arguments.by, zones->info().crs));

    auto options = run.options<rules::TabulateOptions>(arguments.layer);
    options.zone_field = arguments.zone_field;
    options.by = arguments.by;
    options.area = arguments.area;
    options.coverage = arguments.coverage;
    const rules::TabulateResult result = rules::tabulate(*zones, *layer, options);
    run.write([&] { return reports::tabulate_text(result, arguments.unit, console.text_style()); },
              [&] { return reports::tabulate_json(result, arguments.unit, console.lang()); },
              [&] { return reports::tabulate_csv(result, arguments.unit, console.lang()); });
    return 0;
}

} // namespace corebelt::cli
