#include "corebelt/styles/scene.hpp"

#include "corebelt/geo/error.hpp"
#include "corebelt/layers/dataset.hpp"

#include <algorithm>
#include <optional>
#include <utility>

namespace corebelt::styles {

namespace {

/// Edges of layers in another CRS are densified so that they keep within this of their true course.
constexpr double chord_error_m = 0.001;

std::vector<const project::Layer*> wanted_layers(const project::Project& project,
                                                 const std::vector<std::string>& keys) {
    std::vector<const project::Layer*> wanted;
    if (keys.empty()) {
        const auto planned = [](const project::Layer& l) { return l.theme == "landuse-planned"; };
        const bool has_planned = std::any_of(project.layers.begin(), project.layers.end(), planned);
        for (const project::Layer& layer : project.layers)
            if (!(has_planned && layer.theme == "landuse-current"))
                wanted.push_back(&layer);
        return wanted;
    }
    for (const std::string& key : keys)
        if (project.find_layer(key) == nullptr)
            throw Error(ErrorKind::usage, "unknown-layer",
                        {project.path + ": a sheet names the layer " + key + ", which [layers] does not have",
                         project.path + "：图幅引用的图层 " + key + " 未在 [layers] 中定义"});
    for (const project::Layer& layer : project.layers)
        if (std::find(keys.begin(), keys.end(), layer.key) != keys.end())
            wanted.push_back(&layer);
    return wanted;
}

layers::Table read_layer(const project::Layer& layer, const std::optional<geo::Crs>& target) {
    layers::OpenOptions options;
    options.label = layer.key;
    if (!layer.encoding.empty())
        options.encoding = layer.encoding;
    options.declared_offset = layer.offset;
    if (!layer.crs.empty())
        options.declared_crs = geo::Crs::parse(layer.crs);
    options.target_crs = target;
    options.max_chord_error_m = chord_error_m;
    options.where = layer.where;
    for (const std::string* field : {&layer.id_field, &layer.name_field, &layer.class_field})
        if (!field->empty() && std::find(options.fields.begin(), options.fields.end(), *field) == options.fields.end())
            options.fields.push_back(*field);
    return layers::read_all(*layers::open_layer(layer.path, options));
}

} // namespace

const SceneLayer* Scene::find(const std::string& key) const {
    const auto found =
        std::find_if(layers.begin(), layers.end(), [&](const SceneLayer& l) { return l.layer.key == key; });
    return found != layers.end() ? &*found : nullptr;
}

Scene load_scene(const project::Project& project, const std::vector<std::string>& layer_keys) {
    const auto wanted = wanted_layers(project, layer_keys);
    if (wanted.empty())
        throw Error(ErrorKind::usage, "nothing-to-draw",
                    {project.path + ": the project has no layer to draw", project.path + "：项目中没有可绘制的图层"});
    std::optional<geo::Crs> crs = project.crs;
    // The layer that gives the CRS is read first where the project does not state one.
    const auto is_zone = [](const project::Layer* l) { return l->theme == "zone" || l->theme == "park"; };
    auto giver = std::find_if(wanted.begin(), wanted.end(), is_zone);
    if (giver == wanted.end())
        giver = wanted.begin();
    std::vector<layers::Table> tables(wanted.size());
    const auto first = static_cast<std::size_t>(giver - wanted.begin());
    tables[first] = read_layer(*wanted[first], crs);
    if (!crs)
        crs = tables[first].info.crs;
    for (std::size_t i = 0; i < wanted.size(); ++i)
        if (i != first)
            tables[i] = read_layer(*wanted[i], crs);

    Scene scene{project, *crs, {}};
    for (std::size_t i = 0; i < wanted.size(); ++i)
        scene.layers.push_back({*wanted[i], std::move(tables[i])});
    return scene;
}

} // namespace corebelt::styles
