#pragma once
/// Small layers written as GeoJSON by the tests: everything about them can be read off the test.

#include <string>
#include <utility>
#include <vector>

namespace corebelt::test {

struct MadeFeature {
    std::string geometry;   ///< GeoJSON geometry object, or "null"
    std::string properties; ///< JSON object
};

/// Rectangle as a GeoJSON Polygon.
[[nodiscard]] std::string rectangle(double x0, double y0, double x1, double y1);
/// Polygon with one ring of the given vertices (closed by the function).
[[nodiscard]] std::string polygon(const std::vector<std::pair<double, double>>& ring);

/// A FeatureCollection with a CRS by EPSG number; 0: no crs member (then GeoJSON means WGS 84).
[[nodiscard]] std::string feature_collection(int epsg, const std::vector<MadeFeature>& features);

} // namespace corebelt::test
