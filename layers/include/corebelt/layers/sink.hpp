#pragma once
/// Writing layers. A file appears under its name only when it is whole.

#include "corebelt/geo/crs.hpp"
#include "corebelt/layers/batch.hpp"

#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace corebelt::layers {

/// A GeoPackage being written to a temporary name beside `path`; commit() renames, the destructor without
/// commit() removes. Same rows, same bytes: timestamps inside are fixed.
class GeoPackageSink {
public:
    /// @throws Error{output, "cannot-write"} with GDAL's reason.
    explicit GeoPackageSink(const std::string& path);
    ~GeoPackageSink();
    GeoPackageSink(const GeoPackageSink&) = delete;
    GeoPackageSink& operator=(const GeoPackageSink&) = delete;

    /// Begins a layer; rows go to it until the next begin_layer().
    void begin_layer(const std::string& name, const geo::Crs& crs, geo::Dimension dimension,
                     const std::vector<Field>& fields);
    void write(const Batch& rows); ///< columns in the order of the fields
    void commit();

private:
    struct Writer;
    std::unique_ptr<Writer> writer_;
};

/// Text or bytes to a file by temporary name and rename; to a device or pipe directly.
/// @throws Error{output, "cannot-write"} with the system's reason; nothing is left behind.
void write_file(const std::string& path, std::string_view bytes);

/// SHA-256 of a file in lower-case hex. Of a folder (.gdb) and of a shapefile (.shp .shx .dbf .prj .cpg): over name,
/// size and content of each file, by name. Empty where the source is no file (a database, a connection string).
[[nodiscard]] std::string sha256_of(const std::string& path);

} // namespace corebelt::layers
