#pragma once
/// Datasets made by GDAL for one test.

#include <string>
#include <utility>
#include <vector>

namespace corebelt::layers::test_data {

enum class Kind { integer, real, text, date, time, boolean, short_integer, long_integer, short_real };

struct Feature {
    std::string wkt;                 ///< empty: null geometry; "nan" inside a number's place is understood
    std::vector<const char*> values; ///< null pointer: null
};

struct Layer {
    std::string name = "layer";
    int epsg = 4543;                  ///< 0: no CRS
    std::string geometry = "Polygon"; ///< OGR's name of the type; "Unknown" for mixed, "None" for a table
    std::vector<std::pair<std::string, Kind>> fields;
    std::vector<Feature> features;
    std::vector<std::string> options; ///< GDAL's layer creation options, "KEY=value"
};

/// Writes a new file. Throws std::runtime_error with GDAL's reason.
void make_dataset(const std::string& path, const std::string& driver, const std::vector<Layer>& layers);

/// "POLYGON((x y, x+w y, …))", counter-clockwise.
std::string rectangle(double x, double y, double w, double h);

} // namespace corebelt::layers::test_data
