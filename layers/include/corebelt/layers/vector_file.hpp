#pragma once
/// Writing layers in any format that planners pass on. What a format cannot hold is said.

#include "corebelt/layers/source.hpp"

#include <optional>
#include <span>
#include <string>
#include <vector>

namespace corebelt::layers {

enum class VectorFormat {
    geopackage,
    shapefile,
    geojson,
    flatgeobuf,
    kml,
    dxf,
    file_geodatabase,
    csv,
    boundary_text,
    postgis
};

/// By the extension, in any case; "PG:…" is PostGIS. @throws Error{usage, "unknown-format"} listing the extensions
/// there are.
[[nodiscard]] VectorFormat vector_format_of(const std::string& path);

struct VectorFileOptions {
    std::string layer_name; ///< empty: the table's; the file's where the format has no layer names of its own
    bool gbk = false;       ///< Shapefile and boundary text: texts in GBK, else UTF-8
    bool overwrite = false; ///< replace what stands under the name
};

/// What can be known before there are rows: format, options that fit it, nothing in the way.
/// @throws Error{usage, "unknown-format"}; Error{usage, "bad-option"}; Error{output, "already-exists"};
///         Error{output, "no-folder"}.
void check_vector_file(const std::string& path, const VectorFileOptions& options);

/// Writes the table whole or not at all. KML is transformed to WGS 84; every other format keeps the CRS.
/// Returned: what the format changed, as issues "fields-renamed", "fields-left-out", "types-changed",
/// "texts-shortened", "not-in-gbk", "empty-left-out". Limits a format: docs/formats.md.
/// @throws as check_vector_file(), and Error{usage, "mixed-geometry"} where the format holds one type a layer,
///         "no-crs-code" for GeoJSON in a CRS without an EPSG code, "not-gauss-krueger" for boundary text;
///         Error{output, "cannot-write"} with GDAL's reason.
IssueLog write_vector_file(const std::string& path, const Table& table, const VectorFileOptions& options);

/// One of several layers that are written together: called like the output's layer with `suffix` behind.
struct VectorLayer {
    std::string suffix; ///< "" of the first, "_lines" of another
    const Table* table;
};

/// As check_vector_file(), for layers with these suffixes.
void check_vector_layers(const std::string& path, std::span<const std::string> suffixes,
                         const VectorFileOptions& options);

/// As write_vector_file(): all layers or none, under one name. Where the format holds several layers (GeoPackage, KML,
/// FileGDB) the first is always there, others where they have rows. Where it holds one layer of any geometry (GeoJSON,
/// FlatGeobuf, DXF, CSV) the rows follow each other in it. A shapefile each, "out.shp" and "out_lines.shp", and a table
/// each in PostGIS, in one transaction: those without rows too, so that nothing of an earlier run stays beside them.
/// @pre All tables have the same columns, the same CRS and the same name; boundary text: one layer.
IssueLog write_vector_layers(const std::string& path, std::span<const VectorLayer> layers,
                             const VectorFileOptions& options);

} // namespace corebelt::layers
