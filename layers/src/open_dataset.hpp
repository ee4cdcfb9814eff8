#pragma once
/// From what the user wrote to an open GDAL dataset and one of its layers.

#include "dbf_encoding.hpp"

#include "corebelt/layers/dataset.hpp"

#include <gdal_priv.h>
#include <ogrsf_frmts.h>

#include <string>
#include <vector>

namespace corebelt::layers {

struct OpenDataset {
    GDALDatasetUniquePtr handle;
    std::string name;   ///< as GDAL opened it
    std::string driver; ///< short name

    [[nodiscard]] bool is_database() const { return driver == "PostgreSQL"; }
    /// Texts come as the bytes of the file, to be decoded by us.
    [[nodiscard]] bool texts_are_raw() const { return driver == "ESRI Shapefile" || driver == "CSV"; }
};

/// @throws Error{input}: "not-found" (suggests the nearest file), "cannot-open" with GDAL's reason.
[[nodiscard]] OpenDataset open_dataset(const std::string& path);

/// Layers that hold geometry.
[[nodiscard]] std::vector<OGRLayer*> spatial_layers(const OpenDataset& dataset);
/// Layers without geometry.
[[nodiscard]] std::vector<OGRLayer*> attribute_layers(const OpenDataset& dataset);

/// The layer meant by `ref` among `candidates`.
/// @throws Error{input, "no-such-layer"} (lists, names the nearest), Error{input, "no-spatial-layer"},
///         Error{usage, "several-layers"} (lists with type and count).
[[nodiscard]] OGRLayer& choose_layer(const OpenDataset& dataset, const DatasetRef& ref,
                                     const std::vector<OGRLayer*>& candidates);

[[nodiscard]] Encoding encoding_of(const OpenDataset& dataset, OGRLayer& layer,
                                   const std::optional<std::string>& declared);

/// "Polygon", "MultiPolygon", …; "Mixed" where the driver does not say, "None" for tables.
[[nodiscard]] std::string geometry_type_of(OGRLayer& layer);

/// What the driver knows without reading; none where it would have to count.
[[nodiscard]] std::optional<std::int64_t> stated_count(OGRLayer& layer);

/// What the driver knows without reading; empty where it would have to read.
[[nodiscard]] geo::Box stated_extent(OGRLayer& layer);

struct LayerCrs {
    std::optional<geo::Crs> crs;
    std::string unreadable;   ///< why the CRS that there is could not be used
    bool north_first = false; ///< the driver hands out northing (latitude) before easting
};
[[nodiscard]] LayerCrs crs_of(OGRLayer& layer);

} // namespace corebelt::layers
