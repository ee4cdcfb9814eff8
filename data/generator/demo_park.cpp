/// 示例市示范园区: planned like the other sample, then broken on purpose. What is broken is built from axis-parallel
/// rectangles, or lies wholly inside what it offends, so that each amount is plain arithmetic on whole millimetres.

#include "arrangement.hpp"
#include "layout.hpp"
#include "samples.hpp"

#include <algorithm>
#include <array>
#include <map>
#include <stdexcept>
#include <string>

namespace corebelt::samples {
namespace {

constexpr int epsg = 4522; ///< CGCS2000, 3° zone 34, eastings with the zone prefix
constexpr std::int64_t prefix_m = 34000000;
constexpr Frame town{470000, 2741000}; ///< without prefix

std::vector<SiteSpec> specs() {
    std::vector<SiteSpec> result;
    SiteSpec s;
    s.code = "HX";
    s.part = "核心区";
    s.name = "核心区";
    s.east_m = town.east_m;
    s.north_m = town.north_m;
    s.target_km2 = 3.40;
    s.seed = 4101;
    s.tilt = 0.06;
    s.spacing_m = 600;
    s.outline = {{0, 0, false}, {3, 0, false}, {3, 2, false}, {3, 2.6, true}, {1.4, 3.4, true}, {0, 2.7, false}};
    s.river_u = 2.5;
    s.centre = {1.3, 1.4};
    s.centre_radius_m = 900;
    s.depot = {0.3, 0.3};
    s.services = 0.215;
    result.push_back(s);

    s = SiteSpec{};
    s.code = "DP";
    s.part = "东片区";
    s.name = "东片区";
    s.east_m = 473300;
    s.north_m = 2741500;
    s.target_km2 = 2.80;
    s.seed = 4102;
    s.tilt = -0.12;
    s.spacing_m = 640;
    s.outline = {{0, 0, false}, {2, 0, false},  {2, 1, false},  {3, 1, false},
                 {3, 2, false}, {3, 2.5, true}, {1, 3.3, true}, {-0.4, 1.7, true}};
    s.river_u = 0.5;
    s.centre = {1.4, 1.4};
    s.centre_radius_m = 420;
    s.depot = {2.7, 1.3};
    s.services = 0.03;
    s.warehouses = 0.03;
    s.green = 0.05;
    result.push_back(s);

    s = SiteSpec{};
    s.code = "XP";
    s.part = "西片区";
    s.name = "西片区";
    s.east_m = 466900;
    s.north_m = 2740700;
    s.target_km2 = 2.20;
    s.seed = 4103;
    s.tilt = 0.17;
    s.spacing_m = 660;
    s.outline = {{0, 0, false}, {2, 0, false}, {2, 2, false}, {2, 2.5, true}, {0, 2.9, true}, {-0.5, 1.2, true}};
    s.river_u = 1.5;
    s.centre = {0.7, 1.2};
    s.centre_radius_m = 380;
    s.depot = {0.3, 0.3};
    s.services = 0.03;
    s.warehouses = 0.015;
    s.green = 0.05;
    s.sewage_plant = false; // planted: a part without a sewage plant
    result.push_back(s);
    return result;
}

Point at(double x_m, double y_m) {
    return rounded({x_m, y_m});
}

Ring box(double west, double south, double east, double north) {
    return {at(west, south), at(east, south), at(east, north), at(west, north)};
}

/// The exclave of the eastern part: 600 m × 400 m, square to the grid.
Site exclave() {
    Site site;
    site.spec.code = "FD";
    site.spec.part = "东片区";
    site.spec.name = "东片区飞地";
    site.spec.east_m = 474700;
    site.spec.north_m = 2739800;
    struct Plot {
        std::string id, code;
        double far, coverage_percent, green_percent;
        std::vector<Ring> boxes; ///< the plot is their union
    };
    const std::vector<Plot> plots{
        {"FD-001-01", "100102", 1.2, 45, 15, {box(0, 0, 144, 188)}},
        {"FD-001-02", "100102", 1.4, 50, 10, {box(144, 0, 288, 188)}},
        {"FD-002-01", "110101", 1.1, 50, 10, {box(0, 212, 100, 400)}},
        {"FD-002-02", "100102", 1.2, 45, 10, {box(100, 212, 288, 400)}},
        {"FD-003-01", "100103", 0.9, 45, 15, {box(312, 0, 600, 150)}},
        {"FD-003-02", "100102", 1.3, 45, 10, {box(312, 150, 372, 230)}},
        {"FD-003-03", "070102", 1.8, 25, 35, {box(372, 150, 452, 230)}}, // 80 m beside FD-003-01
        {"FD-003-04", "100102", 1.3, 45, 10, {box(452, 150, 600, 230)}},
        {"FD-003-05", "100102", 1.2, 50, 10, {box(312, 230, 600, 300), box(312, 300, 340, 321)}},
        {"FD-003-06", "1310", 0.6, 30, 25, {box(340, 300, 400, 350), box(312, 321, 340, 329)}}, // 8 m on the road
        {"FD-003-07", "100102", 1.2, 45, 10, {box(400, 300, 600, 350)}},
        {"FD-003-08", "100102", 1.5, 50, 10, {box(312, 350, 600, 400), box(312, 329, 340, 350)}},
        {"FD-L-01", "1207", 0, 0, 0, {box(288, 0, 312, 400), box(0, 188, 288, 212)}},
    };
    std::vector<Segment> segments;
    for (const Plot& plot : plots)
        for (const Ring& ring : plot.boxes)
            add_ring(segments, ring);
    const Arrangement plan(segments);
    std::vector<int> labels;
    std::vector<int> whole;
    for (const auto& face : plan.faces()) {
        labels.push_back(-1);
        whole.push_back(0);
        for (std::size_t i = 0; i < plots.size(); ++i)
            for (const Ring& ring : plots[i].boxes)
                if (inside(ring, face.inner))
                    labels.back() = static_cast<int>(i);
    }
    for (auto& [label, shape] : plan.unions(labels)) {
        const Plot& plot = plots[static_cast<std::size_t>(label)];
        site.parcels.push_back(
            {plot.id, plot.code, std::move(shape), plot.far, plot.coverage_percent, plot.green_percent});
    }
    site.outline = plan.unions(whole).at(0).second;
    const auto road = [&](Point a, Point b) { site.roads.push_back({"次干路", 24, {a, b}}); };
    road(at(300, 0), at(300, 400));
    road(at(0, 200), at(300, 200));
    return site;
}

/// One expected finding.
struct Planted {
    std::string rule, kind, layer, subject, object, unit;
    double planar = 0, ground = 0;
    std::string expected; ///< the limit or the declared value, in `unit`
    std::string how;
    int decimals = 4;
};

std::string expectations(const std::vector<Planted>& all) {
    std::string text = "{\n  \"note\": " + quoted(fiction) +
                       ",\n  \"project\": \"planted.toml\",\n  \"verdict\": \"fail\",\n  \"exit_code\": 1,\n"
                       "  \"tolerance\": {\"area_m2\": 0.01, \"relative\": 1e-6, \"length_m\": 0.001},\n"
                       "  \"violations\": [\n";
    for (std::size_t i = 0; i < all.size(); ++i) {
        const Planted& p = all[i];
        text += "    {\"rule\": " + quoted(p.rule) + ", \"kind\": " + quoted(p.kind) +
                ", \"layer\": " + quoted(p.layer) + ", \"subject\": " + quoted(p.subject) +
                ", \"object\": " + (p.object.empty() ? "null" : quoted(p.object)) + ", \"unit\": " + quoted(p.unit) +
                ", \"planar\": " + number(p.planar, p.decimals) + ", \"cn2008\": " + number(p.ground, p.decimals) +
                ", \"expected\": " + p.expected + ", \"how\": " + quoted(p.how) + "}" +
                (i + 1 < all.size() ? ",\n" : "\n");
    }
    return text + "  ]\n}\n";
}

Polygon shifted(Polygon polygon, Frame from, Frame to) {
    const auto shift = [&](Ring& ring) {
        for (Point& p : ring) {
            p.x += (from.east_m - to.east_m) * 1000;
            p.y += (from.north_m - to.north_m) * 1000;
        }
    };
    shift(polygon.outer);
    for (Ring& hole : polygon.holes)
        shift(hole);
    return polygon;
}

bool holds(const Site& site, const Ring& ring) {
    for (std::size_t i = 0; i < ring.size(); ++i) {
        const Vec a = metres(ring[i]);
        const Vec b = metres(ring[(i + 1) % ring.size()]);
        for (int k = 0; k < 20; ++k) {
            const Vec p = a + (k / 20.0) * (b - a);
            if (!inside(site.outline.outer, p) || distance_m(site.outline.outer, p) < 60)
                return false;
        }
    }
    return true;
}

} // namespace

std::vector<File> demo_park() {
    std::vector<Site> sites;
    for (const SiteSpec& spec : specs())
        sites.push_back(plan_site(spec));
    sites.push_back(exclave());
    const Site& core = sites[0];
    const Site& east = sites[1];
    const Site& west = sites[2];
    const Site& annex = sites[3];
    const auto frame_of = [](const Site& site) { return Frame{site.spec.east_m, site.spec.north_m}; };
    const auto meridian = [](const Site& site) { return static_cast<double>(site.spec.east_m - 500000); };

    Terrain terrain = make_terrain(outlines_in(sites, town), 48);
    std::vector<Planted> planted;

    // Share of industry, by part.
    std::map<std::string, std::array<double, 4>> parts; // industry and all, planar and ground
    for (const Site& site : sites)
        for (const Parcel& p : site.parcels) {
            auto& sums = parts[site.spec.part];
            const double planar = planar_m2(p.shape);
            const double ground = ground_m2(p.shape, meridian(site));
            if (p.code.starts_with("1001")) {
                sums[0] += planar;
                sums[1] += ground;
            }
            sums[2] += planar;
            sums[3] += ground;
        }
    for (const auto& [part, sums] : parts) {
        const double share = sums[0] / sums[2];
        if ((share < 0.70) != (part == "核心区"))
            throw std::logic_error(part + ": the share of industry is on the wrong side: " + std::to_string(share));
        if (share < 0.70)
            planted.push_back({"industrial-share", "share", "zones", part, "", "ratio", share, sums[1] / sums[3], "0.7",
                               "Σ 1001* parcels / Σ all parcels of the part", 8});
    }

    // Red line: a spur 50 m deep and 60 m wide over the exclave's eastern side, and a pond inside the western part.
    const Polygon spur{{at(550, 240), at(640, 240), at(750, 170), at(910, 200), at(960, 320), at(800, 390),
                        at(660, 300), at(550, 300)},
                       {}};
    const Polygon spur_inside{box(550, 240, 600, 300), {}};
    const Vec w{640, 560};
    const Polygon pond{{rounded(w + Vec{0, -58}), rounded(w + Vec{46, -47}), rounded(w + Vec{71, -9}),
                        rounded(w + Vec{55, 33}), rounded(w + Vec{12, 61}), rounded(w + Vec{-35, 52}),
                        rounded(w + Vec{-68, 16}), rounded(w + Vec{-49, -31})},
                       {}};
    if (!holds(west, pond.outer))
        throw std::logic_error("the pond is not inside the western part");
    std::vector<Polygon> red_line = terrain.red_line;
    const auto next_id = [](const char* prefix, std::size_t n) {
        const std::string digits = std::to_string(n);
        return prefix + std::string(4 - digits.size(), '0') + digits;
    };
    red_line.push_back(shifted(spur, frame_of(annex), town));
    planted.push_back({"red-line", "no-overlap", "zones", "FD", next_id("ST", red_line.size()), "m2",
                       planar_m2(spur_inside), ground_m2(spur_inside, meridian(annex)), "0", "50 m × 60 m"});
    red_line.push_back(shifted(pond, frame_of(west), town));
    planted.push_back({"red-line", "no-overlap", "zones", "XP", next_id("ST", red_line.size()), "m2", planar_m2(pond),
                       ground_m2(pond, meridian(west)), "0", "a polygon wholly inside"});

    // Farmland: three fields wholly inside the eastern part.
    std::vector<Polygon> fields = terrain.fields;
    double fields_planar = 0;
    double fields_ground = 0;
    for (const Vec corner : {Vec{620, 700}, Vec{712, 704}, Vec{640, 788}}) {
        const Polygon field{{rounded(corner), rounded(corner + Vec{85, 4}), rounded(corner + Vec{81, 75}),
                             rounded(corner + Vec{-3, 72})},
                            {}};
        if (!holds(east, field.outer))
            throw std::logic_error("a planted field is not inside the eastern part");
        fields.push_back(shifted(field, frame_of(east), town));
        fields_planar += planar_m2(field);
        fields_ground += ground_m2(field, meridian(east));
    }
    planted.push_back({"farmland", "no-overlap", "zones", "DP", "", "m2", fields_planar, fields_ground, "0",
                       "three fields wholly inside"});

    // Growth boundary: a gap of 80 m × 35 m inside the core.
    Polygon gap{box(700, 800, 780, 835), {}};
    if (!holds(core, gap.outer))
        throw std::logic_error("the gap is not inside the core");
    planted.push_back({"growth-boundary", "within", "zones", "HX", "", "m2", planar_m2(gap),
                       ground_m2(gap, meridian(core)), "0", "80 m × 35 m"});
    gap = shifted(gap, frame_of(core), town);
    std::reverse(gap.outer.begin(), gap.outer.end());
    for (Polygon& part : terrain.growth_boundary)
        if (inside(part.outer, metres(gap.outer[0])))
            part.holes.push_back(gap.outer);

    // Declared areas: the western part says 0.06 km² too much.
    const std::map<std::string, std::string> declared{{"HX", "3.4"}, {"DP", "2.8"}, {"XP", "2.26"}, {"FD", "0.24"}};
    planted.push_back({"declared-area", "area-match", "zones", "XP", "", "m2", planar_m2(west.outline),
                       ground_m2(west.outline, meridian(west)), "2260000", "declared 2.26 km²"});

    planted.push_back(
        {"sewage-plant", "count", "zones", "西片区", "", "count", 0, 0, "1", "no parcel 1302 in the part", 0});
    planted.push_back(
        {"fire-station-on-road", "adjacent", "parcels", "FD-003-06", "", "m", 8, 8, "20", "a neck of 8 m", 3});
    planted.push_back({"homes-beside-heavy-industry", "not-adjacent", "parcels", "FD-003-03", "FD-003-01", "m", 80, 80,
                       "0", "the south side of the parcel, 80 m", 3});
    planted.push_back({"hazard-distance", "distance", "facilities", "WX-FD", "FD-003-03", "m", 35, 35, "100",
                       "east of the parcel, 35 m", 3});
    planted.push_back({"structure", "structure", "zones", "zone", "", "count", 2, 2, "3",
                       "two zones where the pattern has three", 0});

    // Facilities: one hazard a site, far from homes but for the planted one.
    GeoJson facilities("facilities", epsg);
    for (const Site& site : sites) {
        if (&site == &annex) {
            facilities.point({{"SSBH", quoted("WX-FD")}, {"SSMC", quoted("危险品库（示例）")}}, at(452 + 35, 190),
                             {prefix_m + annex.spec.east_m, annex.spec.north_m});
            continue;
        }
        double best = 0;
        Point where;
        for (const Parcel& p : site.parcels) {
            if (p.code != "100102")
                continue;
            const Vec middle = inner_point({p.shape.outer});
            double nearest = 1e9;
            for (const Site& other : sites)
                for (const Parcel& home : other.parcels)
                    if (home.code.starts_with("07")) {
                        const Vec between{static_cast<double>(site.spec.east_m - other.spec.east_m),
                                          static_cast<double>(site.spec.north_m - other.spec.north_m)};
                        nearest = std::min(nearest, distance_m(home.shape.outer, middle + between));
                    }
            if (nearest > best) {
                best = nearest;
                where = rounded(middle);
            }
        }
        if (best < 200)
            throw std::logic_error(site.spec.code + ": no place for the hazard");
        facilities.point({{"SSBH", quoted("WX-" + site.spec.code)}, {"SSMC", quoted("危险品库（示例）")}}, where,
                         {prefix_m + site.spec.east_m, site.spec.north_m});
    }

    GeoJson zones("zones", epsg);
    GeoJson parcels("parcels", epsg);
    GeoJson roads("roads", epsg);
    for (const Site& site : sites) {
        zones.area({{"PQDM", quoted(site.spec.code)},
                    {"PQMC", quoted(site.spec.part)},
                    {"MC", quoted(site.spec.name)},
                    {"GHMJ", declared.at(site.spec.code)}},
                   {site.outline}, {prefix_m + site.spec.east_m, site.spec.north_m});
        write_parcels(parcels, site, prefix_m);
        write_roads(roads, site, prefix_m);
    }
    const Frame prefixed{prefix_m + town.east_m, town.north_m};
    return {{"demo-park/zones.geojson", zones.text()},
            {"demo-park/parcels.geojson", parcels.text()},
            {"demo-park/roads.geojson", roads.text()},
            {"demo-park/facilities.geojson", facilities.text()},
            {"demo-park/redline.geojson", red_line_layer(red_line, prefixed, epsg).text()},
            {"demo-park/farmland.geojson", farmland_layer(fields, prefixed, epsg).text()},
            {"demo-park/growth.geojson", growth_layer(terrain.growth_boundary, prefixed, epsg).text()},
            {"demo-park/planted.expected.json", expectations(planted)}};
}

} // namespace corebelt::samples
