#include "geojson_file.hpp"

#include <nlohmann/json.hpp>

#include <cmath>
#include <fstream>

namespace corebelt::test {

std::int64_t FileFeature::twice_area_mm2() const {
    std::int64_t sum = 0;
    for (const auto& ring : rings)
        for (std::size_t i = 0; i + 1 < ring.size(); ++i)
            sum += (ring[i][0] - ring[0][0]) * (ring[i + 1][1] - ring[0][1]) -
                   (ring[i + 1][0] - ring[0][0]) * (ring[i][1] - ring[0][1]);
    return sum;
}

GeoJsonFile read_geojson(const std::filesystem::path& path) {
    std::ifstream in(path, std::ios::binary);
    const auto json = nlohmann::json::parse(in);
    GeoJsonFile file;
    file.crs = json.at("crs").at("properties").at("name").get<std::string>();
    file.description = json.at("description").get<std::string>();
    for (const auto& feature : json.at("features")) {
        FileFeature result;
        for (const auto& [name, value] : feature.at("properties").items())
            result.properties[name] = value.is_string() ? value.get<std::string>() : value.dump();
        const auto& geometry = feature.at("geometry");
        const auto add = [&](const nlohmann::json& polygon) {
            for (const auto& ring : polygon) {
                auto& vertices = result.rings.emplace_back();
                for (const auto& vertex : ring)
                    vertices.push_back({std::llround(vertex.at(0).get<double>() * 1000),
                                        std::llround(vertex.at(1).get<double>() * 1000)});
            }
        };
        if (geometry.at("type") == "MultiPolygon")
            for (const auto& polygon : geometry.at("coordinates"))
                add(polygon);
        else if (geometry.at("type") == "Polygon")
            add(geometry.at("coordinates"));
        file.features.push_back(std::move(result));
    }
    return file;
}

} // namespace corebelt::test
