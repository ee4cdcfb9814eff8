#include "layout.hpp"
#include "samples.hpp"

#include <string>

namespace corebelt::samples {
namespace {

constexpr int epsg = 4543; ///< CGCS2000, 3° strip, central meridian 102° E, eastings without prefix

std::vector<SiteSpec> specs() {
    std::vector<SiteSpec> result;
    SiteSpec s;
    s.code = "HN";
    s.part = "核心区";
    s.name = "南片";
    s.east_m = 554200;
    s.north_m = 2690100;
    s.target_km2 = 6.10;
    s.seed = 20211;
    s.tilt = 0.09;
    s.outline = {{0, 0, false}, {3, 0, false},  {3, 1, false},    {4, 1, false},
                 {4, 3, false}, {4, 3.6, true}, {1.5, 4.4, true}, {0, 3.5, false}};
    s.river_u = 2.5;
    s.centre = {1.6, 2.2};
    s.centre_radius_m = 640;
    s.depot = {3.6, 0.4};
    result.push_back(s);

    s = SiteSpec{};
    s.code = "HJ";
    s.part = "核心区";
    s.name = "九龙";
    s.east_m = 550900;
    s.north_m = 2697300;
    s.target_km2 = 4.19;
    s.seed = 20212;
    s.tilt = -0.16;
    s.outline = {{0, 0, false}, {3, 0, false}, {3, 2, false}, {3, 2.7, true}, {0, 3.4, true}, {-0.6, 1.6, true}};
    s.river_u = 1.5;
    s.centre = {2.0, 1.2};
    s.centre_radius_m = 560;
    s.depot = {0.3, 0.2};
    result.push_back(s);

    s = SiteSpec{};
    s.code = "HT";
    s.part = "红塔片区";
    s.name = "红塔片区";
    s.east_m = 559100;
    s.north_m = 2692600;
    s.target_km2 = 12.60;
    s.seed = 20213;
    s.tilt = 0.21;
    s.outline = {{0, 0, false},  {4, 0, false},    {4, 1, false}, {6, 1, false}, {6, 4, false},
                 {6, 4.5, true}, {3.4, 5.4, true}, {1, 5, false}, {1, 4, false}, {0, 4, false}};
    s.river_u = 3.5;
    s.centre = {2.3, 2.6};
    s.depot = {5.7, 1.4};
    result.push_back(s);

    s = SiteSpec{};
    s.code = "YH";
    s.part = "研和片区";
    s.name = "研和片区";
    s.east_m = 547300;
    s.north_m = 2681700;
    s.target_km2 = 20.42;
    s.seed = 20214;
    s.tilt = -0.07;
    s.outline = {{0, 1, false}, {3, 1, false},  {3, 0, false},  {7, 0, false},    {7, 2, false},  {8, 2, false},
                 {8, 5, false}, {8, 5.4, true}, {5, 6.5, true}, {3.2, 6.4, true}, {0, 5.3, true}, {-0.7, 3, true}};
    s.river_u = 4.5;
    s.centre = {3.4, 3.5};
    s.centre_radius_m = 820;
    s.depot = {7.4, 2.4};
    s.services = 0.053;
    s.heavy_industry = true;
    result.push_back(s);

    s = SiteSpec{};
    s.code = "JC";
    s.part = "江川片区";
    s.name = "江川片区";
    s.east_m = 574900;
    s.north_m = 2686400;
    s.target_km2 = 12.53;
    s.seed = 20215;
    s.tilt = -0.27;
    s.outline = {{0, 0, false},  {5, 0, false},    {5, 2, false},  {7, 2, false}, {7, 4, false},
                 {7, 4.5, true}, {4.5, 5.2, true}, {2, 4.4, true}, {0, 3.3, true}};
    s.river_u = 2.5;
    s.centre = {3.4, 2.3};
    s.depot = {0.5, 0.5};
    s.heavy_industry = true;
    result.push_back(s);
    return result;
}

} // namespace

std::vector<File> yuxi() {
    std::vector<Site> sites;
    for (const SiteSpec& spec : specs())
        sites.push_back(plan_site(spec));
    const Frame city{562000, 2690000};
    const Terrain terrain = make_terrain(outlines_in(sites, city), 2021);

    GeoJson zones("zones", epsg);
    GeoJson parcels("parcels", epsg);
    GeoJson roads("roads", epsg);
    for (const Site& site : sites) {
        const Frame frame{site.spec.east_m, site.spec.north_m};
        zones.area({{"PQDM", quoted(site.spec.code)}, {"PQMC", quoted(site.spec.part)}, {"MC", quoted(site.spec.name)}},
                   {site.outline}, frame);
        write_parcels(parcels, site, 0);
        write_roads(roads, site, 0);
    }
    return {{"yuxi/zones.geojson", zones.text()},
            {"yuxi/parcels.geojson", parcels.text()},
            {"yuxi/roads.geojson", roads.text()},
            {"yuxi/redline.geojson", red_line_layer(terrain.red_line, city, epsg).text()},
            {"yuxi/farmland.geojson", farmland_layer(terrain.fields, city, epsg).text()},
            {"yuxi/growth.geojson", growth_layer(terrain.growth_boundary, city, epsg).text()}};
}

} // namespace corebelt::samples
