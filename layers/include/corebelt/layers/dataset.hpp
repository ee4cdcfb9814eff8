#pragma once
/// Opening vector data through GDAL, and the door at which it is judged.

#include "corebelt/layers/source.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace corebelt::layers {

class Memo;

/// "path", "path|layer=name" or a GDAL connection string.
struct DatasetRef {
    std::string dataset;
    std::optional<std::string> layer;

    [[nodiscard]] static DatasetRef parse(const std::string& text);
    [[nodiscard]] std::string to_string() const;
};

struct OpenOptions {
    std::string label;                    ///< name in issues; the source itself where empty
    std::optional<std::string> encoding;  ///< overrides every other finding
    std::optional<geo::Crs> declared_crs; ///< used where the layer has none; a contradiction is an issue
    /// "GCJ-02", "BD-09": the coordinates are offset ones; "none": they are not, whatever a name says; empty: not
    /// declared.
    std::string declared_offset;
    bool require_crs = true;            ///< no CRS is Error{input, "no-crs"}
    std::optional<geo::Crs> target_crs; ///< transform into it at the door
    double max_chord_error_m = 0;       ///< > 0: densify edges over 100 m before transforming
    bool all_fields = false;
    std::vector<std::string> fields; ///< wanted ones; an unknown one is Error{usage, "unknown-field"}
    std::string id_field;            ///< names features in issues; the FID where empty
    std::string where;               ///< CQL2 text; empty: all features
    bool trust_geometry = false;     ///< skip the validity test
    std::uint32_t batch_features = 4096;
    std::uint64_t batch_bytes = 1U << 20U; ///< of geometry
    Memo* memo = nullptr;                  ///< what the validity test found in earlier runs; must outlive the source
};

/// @throws Error{input}: "not-found", "needs-export", "cannot-open", "no-such-layer", "no-crs", "no-spatial-layer",
///         "ballpark-transform"; Error{usage}: "several-layers" (lists them), "unknown-field" (names the nearest),
///         "bad-filter".
[[nodiscard]] std::unique_ptr<BatchSource> open_layer(const std::string& source, const OpenOptions& options);

/// Spatial layers of a dataset, with type and count; `layer_styles` and attribute tables are left out.
[[nodiscard]] std::vector<LayerInfo> list_layers(const std::string& source, const OpenOptions& options);

/// An attribute table (CSV, DBF, a GeoPackage attribute table): no geometry wanted.
[[nodiscard]] Table read_attribute_table(const std::string& source, const OpenOptions& options);

/// Names and versions: {"GDAL","3.6.2"}.
[[nodiscard]] std::string gdal_version();

} // namespace corebelt::layers
