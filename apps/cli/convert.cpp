#include "verbs.hpp"

#include "corebelt/layers/connection.hpp"
#include "corebelt/layers/dataset.hpp"
#include "corebelt/layers/vector_file.hpp"

#include <fmt/format.h>

namespace corebelt::cli {

int run_convert(const ConvertArguments& arguments, Console& console) {
    layers::VectorFileOptions target;
    target.layer_name = arguments.layer_name;
    target.gbk = arguments.gbk;
    target.overwrite = arguments.overwrite;
    layers::check_vector_file(arguments.output, target);

    layers::OpenOptions options;
    options.all_fields = true;
    options.where = arguments.where;
    options.trust_geometry = arguments.trust_geometry;
    if (!arguments.source_encoding.empty())
        options.encoding = arguments.source_encoding;
    if (!arguments.source_crs.empty())
        options.declared_crs = geo::Crs::parse(arguments.source_crs);
    if (!arguments.crs.empty())
        options.target_crs = geo::Crs::parse(arguments.crs);
    const auto source = layers::open_layer(arguments.input, options);
    console.progress(arguments.input, 0, 0);
    const layers::Table table = layers::read_all(*source);
    console.warnings(table.issues);
    console.warnings(layers::write_vector_file(arguments.output, table, target));
    const layers::DoorCounts& counts = table.counts;
    const std::string output = layers::without_password(arguments.output);
    console.note({fmt::format("{}: {} features, {} repaired, {} set aside, {}", output, table.rows.size(),
                              counts.repaired, counts.rejected, table.info.crs ? table.info.crs->label() : "no CRS"),
                  fmt::format("{}：要素 {} 个，修复 {} 个，剔除 {} 个，坐标系 {}", output, table.rows.size(),
                              counts.repaired, counts.rejected, table.info.crs ? table.info.crs->label() : "无")});
    return 0;
}

} // namespace corebelt::cli
