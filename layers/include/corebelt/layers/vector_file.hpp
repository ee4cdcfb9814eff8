#pragma once
/// Writing one layer as a file of any format that planners pass on. What a format cannot hold is said.

#include "corebelt/layers/source.hpp"

#include <optional>
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

} // namespace corebelt::layers
