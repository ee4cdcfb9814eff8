#include "styles/small_plan.hpp"

#include <algorithm>
#include <numeric>
#include <random>

namespace corebelt::test {

namespace {

struct Feature {
    std::vector<geo::XY> ring; ///< metres from the zone's corner
    std::string text;
};

std::vector<geo::XY> box(double x, double y, double width, double height) {
    return {{x, y}, {x + width, y}, {x + width, y + height}, {x, y + height}, {x, y}};
}

styles::SceneLayer layer_of(const std::string& key, const std::string& theme, const std::string& field,
                            std::vector<Feature> features, unsigned order, const geo::Crs& crs) {
    if (order != 0) {
        std::mt19937 random(order);
        std::shuffle(features.begin(), features.end(), random);
    }
    styles::SceneLayer layer;
    layer.layer.key = key;
    layer.layer.theme = theme;
    layer.table.info.layer = key;
    layer.table.info.crs = crs;
    layers::Column column;
    column.field = {field, layers::FieldType::text};
    auto& rows = layer.table.rows;
    for (const Feature& f : features) {
        const auto turn = static_cast<std::ptrdiff_t>(order % (f.ring.size() - 1)); // rings may begin anywhere
        std::vector<geo::XY> ring(f.ring.begin(), f.ring.end() - 1);
        std::rotate(ring.begin(), ring.begin() + turn, ring.end());
        ring.push_back(ring.front());
        for (const geo::XY p : ring)
            rows.shapes.add({plan_east + p.x, plan_north + p.y});
        rows.shapes.end_ring();
        rows.shapes.end_part();
        rows.shapes.end_shape(geo::Dimension::area);
        rows.fid.push_back(static_cast<std::int64_t>(rows.fid.size()) + 1);
        column.push_back(layers::Value{f.text});
    }
    rows.columns.push_back(std::move(column));
    return layer;
}

} // namespace

styles::Scene small_plan(unsigned order) {
    const geo::Crs crs = geo::Crs::parse("EPSG:4543");
    styles::Scene scene{{}, crs, {}};
    scene.project.title = "测试园区";
    scene.project.area = geo::AreaMethod::planar;
    scene.project.as_of = "2026-03-05";

    std::vector<Feature> parcels;
    for (int i = 0; i < 100; ++i) {
        const char* code = i < 60 ? "1001" : i < 80 ? "1401" : i < 95 ? "1207" : "0901";
        parcels.push_back({box(100.0 * (i % 10), 100.0 * (i / 10), 100, 100), code});
    }
    scene.layers.push_back(layer_of("parcels", "landuse-planned", "code", std::move(parcels), order, crs));
    scene.layers.back().layer.scheme = "YDYH2023";
    scene.layers.back().layer.class_field = "code";
    scene.layers.push_back(layer_of("zones", "zone", "name", {{box(0, 0, 1000, 1000), "北区"}}, order, crs));
    scene.layers.back().layer.name_field = "name";
    scene.layers.push_back(layer_of("redline", "eco-redline", "kind",
                                    {{box(1100, -100, 150, 500), "a"}, {box(1250, -100, 100, 500), "b"}}, order, crs));
    for (const auto& layer : scene.layers)
        scene.project.layers.push_back(layer.layer);
    return scene;
}

void add_farmland(styles::Scene& scene) {
    scene.layers.push_back(
        layer_of("farmland", "permanent-farmland", "kind", {{box(-600, 100, 400, 700), "水田"}}, 0, scene.crs));
    scene.project.layers.push_back(scene.layers.back().layer);
}

} // namespace corebelt::test
