#pragma once
/// What is drawn: the project and the layers of it that are shown, read whole, in one CRS.

#include "corebelt/geo/crs.hpp"
#include "corebelt/layers/source.hpp"
#include "corebelt/project/project.hpp"

#include <string>
#include <vector>

namespace corebelt::styles {

struct SceneLayer {
    project::Layer layer; ///< what the project says of it
    layers::Table table;  ///< coordinates in Scene::crs
};

struct Scene {
    project::Project project;
    geo::Crs crs;
    std::vector<SceneLayer> layers; ///< file order

    [[nodiscard]] const SceneLayer* find(const std::string& key) const;
};

/// Reads the layers that a sheet names; all that have a symbol where it names none, the present land use only where
/// the project has no planned one. The CRS is the project's, else that of the first zone or park layer, else that of
/// the first layer.
/// @throws Error{usage, "unknown-layer"} where the sheet names a layer that the project does not have;
///         Error{usage, "nothing-to-draw"}; what open_layer throws.
[[nodiscard]] Scene load_scene(const project::Project& project, const std::vector<std::string>& layer_keys);

} // namespace corebelt::styles
