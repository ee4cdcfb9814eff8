#include "vector_traits.hpp"

#include "corebelt/geo/error.hpp"
#include "corebelt/layers/connection.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <filesystem>

namespace corebelt::layers {

namespace {

constexpr std::array<VectorTraits, 10> all_traits{{
    {VectorFormat::geopackage, "gpkg", "GPKG", true, true, true, true, true, true, true, 64, ""},
    {VectorFormat::shapefile, "shp", "ESRI Shapefile", false, false, false, true, true, false, true, 64,
     "shx dbf prj cpg qix sbn sbx qpj idx fix"},
    {VectorFormat::geojson, "geojson", "GeoJSON", true, false, true, true, true, true, true, 64, ""},
    {VectorFormat::flatgeobuf, "fgb", "FlatGeobuf", true, false, true, true, true, true, false, 64, ""},
    {VectorFormat::kml, "kml", "LIBKML", true, true, true, true, false, false, true, 32, ""},
    {VectorFormat::dxf, "dxf", "DXF", true, false, true, false, false, false, false, 32, ""},
    {VectorFormat::file_geodatabase, "gdb", "OpenFileGDB", true, true, false, true, true, true, true, 53, ""},
    {VectorFormat::csv, "csv", "CSV", false, false, true, true, true, true, true, 64, "csvt prj"},
    {VectorFormat::boundary_text, "txt", nullptr, false, false, false, false, false, false, false, 64, ""},
    {VectorFormat::postgis, nullptr, "PostgreSQL", true, true, true, true, true, true, true, 64, ""},
}};

std::string extension_of(const std::string& path) {
    std::string extension = std::filesystem::path(path).extension().string();
    std::transform(extension.begin(), extension.end(), extension.begin(),
                   [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; });
    return extension.empty() ? extension : extension.substr(1);
}

} // namespace

const VectorTraits& traits_of(const std::string& path) {
    if (is_database(path))
        return all_traits.back();
    std::string extension = extension_of(path);
    if (extension == "json")
        extension = "geojson";
    std::string known;
    for (const VectorTraits& traits : all_traits) {
        if (traits.extension == nullptr)
            continue;
        if (extension == traits.extension)
            return traits;
        known += fmt::format("{}.{}", known.empty() ? "" : " ", traits.extension);
    }
    throw Error(
        ErrorKind::usage, "unknown-format",
        {fmt::format("{}: the extension chooses the format; there are {}, and PG:dbname=… for PostGIS", path, known),
         fmt::format("{}：输出格式由扩展名决定，可用的有 {}，写入 PostGIS 请用 PG:dbname=…", path, known)});
}

} // namespace corebelt::layers
