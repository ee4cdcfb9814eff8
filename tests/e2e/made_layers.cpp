#include "made_layers.hpp"

#include <iomanip>
#include <sstream>

namespace corebelt::test {

std::string polygon(const std::vector<std::pair<double, double>>& ring) {
    std::ostringstream out;
    out << std::setprecision(17) << R"({"type":"Polygon","coordinates":[[)";
    for (const auto& [x, y] : ring)
        out << '[' << x << ',' << y << "],";
    out << '[' << ring.front().first << ',' << ring.front().second << "]]]}";
    return out.str();
}

std::string rectangle(double x0, double y0, double x1, double y1) {
    return polygon({{x0, y0}, {x1, y0}, {x1, y1}, {x0, y1}});
}

std::string feature_collection(int epsg, const std::vector<MadeFeature>& features) {
    std::string out = R"({"type":"FeatureCollection",)";
    if (epsg != 0)
        out +=
            R"("crs":{"type":"name","properties":{"name":"urn:ogc:def:crs:EPSG::)" + std::to_string(epsg) + R"("}},)";
    out += "\"features\":[\n";
    for (std::size_t i = 0; i < features.size(); ++i)
        out += R"({"type":"Feature","properties":)" + features[i].properties + R"(,"geometry":)" +
               features[i].geometry + (i + 1 < features.size() ? "},\n" : "}\n");
    return out + "]}\n";
}

} // namespace corebelt::test
