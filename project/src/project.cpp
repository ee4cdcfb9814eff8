#include "corebelt/project/project.hpp"

#include "corebelt/geo/error.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace corebelt::project {

const std::vector<std::string>& themes() {
    static const std::vector<std::string> all = {"zone",
                                                 "park",
                                                 "landuse-planned",
                                                 "landuse-current",
                                                 "eco-redline",
                                                 "permanent-farmland",
                                                 "growth-boundary",
                                                 "industrial-line",
                                                 "road",
                                                 "green",
                                                 "water",
                                                 "plant",
                                                 "facility",
                                                 "hazard",
                                                 "sensitive",
                                                 "building",
                                                 "admin",
                                                 "base"};
    return all;
}

const std::string& Layer::file_field(const std::string& rules_name) const {
    const auto found = fields.find(rules_name);
    return found == fields.end() ? rules_name : found->second;
}

const Layer* Project::find_layer(const std::string& key) const {
    const auto found = std::find_if(layers.begin(), layers.end(), [&](const Layer& l) { return l.key == key; });
    return found == layers.end() ? nullptr : &*found;
}

std::vector<const Layer*> Project::resolve(const std::string& key_or_theme) const {
    if (const Layer* const layer = find_layer(key_or_theme))
        return {layer};
    std::vector<const Layer*> found;
    std::vector<std::string> keys;
    bool all_joined = true;
    for (const Layer& layer : layers) {
        if (layer.theme != key_or_theme || key_or_theme.empty())
            continue;
        found.push_back(&layer);
        keys.push_back(layer.key);
        all_joined = all_joined && layer.union_with_theme;
    }
    if (found.size() > 1 && !all_joined) {
        throw Error(ErrorKind::usage, "ambiguous-theme",
                    {fmt::format("theme \"{}\" has several layers ({}); name one of them, or give each union = true",
                                 key_or_theme, fmt::join(keys, ", ")),
                     fmt::format("主题“{}”对应多个图层（{}）；请写图层名，或给每个图层加上 union = true", key_or_theme,
                                 fmt::join(keys, "、"))});
    }
    return found;
}

} // namespace corebelt::project
