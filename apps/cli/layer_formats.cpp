#include "layer_formats.hpp"

#include "corebelt/geo/error.hpp"

#include <fmt/format.h>

#include <filesystem>

namespace corebelt::cli {

LayerFormats layer_formats(bool overwrite) {
    LayerFormats formats;
    for (const char* one_file : {"gpkg", "geojson", "fgb", "kml", "dxf"})
        formats[one_file].overwrite = true;
    for (const char* more : {"shp", "gdb", "postgis"})
        formats[more].overwrite = overwrite;
    return formats;
}

std::vector<std::string> names_of(const LayerFormats& formats) {
    std::vector<std::string> names;
    names.reserve(formats.size());
    for (const auto& [name, options] : formats)
        names.push_back(name);
    return names;
}

void spare_inputs(const std::vector<std::string>& outputs, const std::vector<std::string>& inputs) {
    for (const std::string& output : outputs)
        for (const std::string& input : inputs) {
            std::error_code not_both_there;
            if (std::filesystem::equivalent(output, input, not_both_there))
                throw Error(ErrorKind::usage, "output-is-input",
                            {fmt::format("-o {}: this file is read; choose another name", output),
                             fmt::format("-o {}：该文件是本次运行的输入，请另取文件名", output)});
        }
}

} // namespace corebelt::cli
