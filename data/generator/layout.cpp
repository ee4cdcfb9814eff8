#include "layout.hpp"

#include "land_use.hpp"

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
