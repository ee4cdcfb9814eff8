#include "layout.hpp"

#include "land_use.hpp"

#include <string>

namespace corebelt::samples {

std::vector<Ring> outlines_in(const std::vector<Site>& sites, Frame frame) {
    std::vector<Ring> result;
    for (const Site& site : sites) {
        Ring ring = site.outline.outer;
        for (Point& p : ring) {
            p.x += (site.spec.east_m - frame.east_m) * 1000;
            p.y += (site.spec.north_m - frame.north_m) * 1000;
        }
        result.push_back(std::move(ring));
    }
    return result;
}

namespace {

std::string numbered(const char* prefix, std::size_t n) {
    const std::string digits = std::to_string(n + 1);
    return quoted(prefix + std::string(digits.size() < 4 ? 4 - digits.size() : 0, '0') + digits);
}

} // namespace

GeoJson red_line_layer(const std::vector<Polygon>& parts, Frame frame, int epsg) {
    GeoJson layer("redline", epsg);
    for (std::size_t i = 0; i < parts.size(); ++i)
        layer.area({{"HXBH", numbered("ST", i)}, {"HXLX", quoted("水源涵养")}}, {parts[i]}, frame);
    return layer;
}

GeoJson farmland_layer(const std::vector<Polygon>& fields, Frame frame, int epsg) {
    GeoJson layer("farmland", epsg);
    for (std::size_t i = 0; i < fields.size(); ++i)
        layer.area({{"TBBH", numbered("NT", i)}, {"DLMC", quoted("水田")}}, {fields[i]}, frame);
    return layer;
}

GeoJson growth_layer(const std::vector<Polygon>& parts, Frame frame, int epsg) {
    GeoJson layer("growth", epsg);
    for (std::size_t i = 0; i < parts.size(); ++i)
        layer.area({{"BJBH", numbered("CZ", i)}, {"GHFQMC", quoted("城镇集中建设区")}}, {parts[i]}, frame);
    return layer;
}

void write_parcels(GeoJson& layer, const Site& site, std::int64_t prefix_m) {
    for (const Parcel& p : site.parcels) {
        std::vector<Property> properties{{"DKBH", quoted(p.id)},
                                         {"PQMC", quoted(site.spec.part)},
                                         {"YDYHFLDM", quoted(p.code)},
                                         {"YDYHFLMC", quoted(land_use_name(p.code))}};
        const bool asked = p.far > 0;
        properties.emplace_back("RJL", asked ? number(p.far, 1) : "null");
        properties.emplace_back("JZXS", asked ? number(p.coverage_percent, 0) : "null");
        properties.emplace_back("LDL", asked ? number(p.green_percent, 0) : "null");
        layer.area(properties, {p.shape}, {prefix_m + site.spec.east_m, site.spec.north_m});
    }
}

void write_roads(GeoJson& layer, const Site& site, std::int64_t prefix_m) {
    for (const Road& road : site.roads)
        layer.line({{"PQMC", quoted(site.spec.part)}, {"DLDJ", quoted(road.rank)}, {"HXKD", number(road.width_m, 1)}},
                   road.line, {prefix_m + site.spec.east_m, site.spec.north_m});
}

} // namespace corebelt::samples
