#pragma once
/// Our rows as GDAL's features.

#include "corebelt/geo/shapes.hpp"
#include "corebelt/layers/batch.hpp"

#include <ogrsf_frmts.h>

#include <optional>
#include <string>
#include <vector>

namespace corebelt::layers {

/// Settings of this thread for as long as the object lives: the same rows give the same bytes only where no clock is
/// asked, and a file that has a temporary name until it is whole need not be synchronised page by page.
class WritingOptions {
public:
    WritingOptions();
    ~WritingOptions();
    WritingOptions(const WritingOptions&) = delete;
    WritingOptions& operator=(const WritingOptions&) = delete;
};

/// @throws Error{output, "cannot-write"}.
[[noreturn]] void cannot_write(const std::string& path, const std::string& reason);

/// MultiPolygon or Polygon, and so on.
[[nodiscard]] OGRwkbGeometryType ogr_type(geo::Dimension dimension, bool multi);
/// @pre The shape has one part where `multi` is false.
[[nodiscard]] OGRGeometryUniquePtr ogr_geometry(const geo::ShapeView& shape, bool multi);

/// A date column holds a time of day somewhere.
[[nodiscard]] bool has_time(const Column& column);
/// GDAL's type that holds everything of the column.
[[nodiscard]] OGRFieldType ogr_type(const Column& column);

/// Sets a field whose type is ogr_type() of the column; null stays null. `path` names the file in the error.
/// @throws Error{output, "cannot-write"} for a text in a date column that is no date.
void set_ogr_field(OGRFeature& feature, int index, const Column& column, std::size_t row, const std::string& path);

/// A column name that no field has.
[[nodiscard]] std::string free_name(const char* wanted, const std::vector<Field>& fields);

} // namespace corebelt::layers
