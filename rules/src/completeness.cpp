#include "completeness.hpp"

#include "judge.hpp"

#include "corebelt/geo/evidence.hpp"

#include <algorithm>
#include <array>
#include <string_view>

namespace corebelt::rules {

namespace {

bool draws_control_lines(const std::string& theme) {
    constexpr std::array<std::string_view, 6> themes{"eco-redline", "permanent-farmland", "growth-boundary",
                                                     "hazard",      "industrial-line",    "base"};
    return std::find(themes.begin(), themes.end(), theme) != themes.end();
}

bool covers_point(const Held& areas, geo::XY point) {
    std::vector<std::uint32_t> found;
    areas.areas().find({point.x, point.y, point.x, point.y}, found);
    return std::any_of(found.begin(), found.end(),
                       [&](std::uint32_t i) { return geo::covers(areas.shapes()[i], point); });
}

} // namespace

Completeness::Completeness(PlanLayers& layers, const Chosen& objects) {
    for (const auto* layer : objects.layers) {
        const std::string& coverage = layer->layer.coverage;
        if (coverage.empty()) {
            if (!draws_control_lines(layer->layer.theme))
                continue;
            undeclared_ = true;
            add_note(note_, {"layer " + layer->key() +
                                 " does not say where it is complete (coverage), so finding nothing "
                                 "in it proves nothing",
                             "图层 " + layer->key() + " 未声明覆盖范围 coverage，其中没有图斑不能说明不涉及"});
        } else if (coverage != "declared") {
            chosen_.push_back(layers.bind_coverage(*layer));
            add_note(note_, {"the subject lies partly outside the area where layer " + layer->key() + " is complete",
                             "对象部分超出图层 " + layer->key() + " 的覆盖范围"});
        }
    }
}

void Completeness::prepare(PlanLayers& layers) {
    for (const auto& chosen : chosen_)
        areas_.push_back(layers.hold(chosen));
}

std::vector<const PlanLayer*> Completeness::layers() const {
    std::vector<const PlanLayer*> layers;
    for (const auto& chosen : chosen_)
        layers.insert(layers.end(), chosen.layers.begin(), chosen.layers.end());
    return layers;
}

bool Completeness::is_lacking(const Asked& feature, double area_m2, ThreadTools& tools) const {
    if (undeclared_)
        return true;
    const geo::ShapeView& shape = feature.shape;
    std::vector<std::uint32_t> found;
    for (const auto& held : areas_) {
        if (shape.dimension() != geo::Dimension::area) {
            const auto vertices = shape.vertices();
            if (!std::all_of(vertices.begin(), vertices.end(), [&](geo::XY p) { return covers_point(*held, p); }))
                return true;
            continue;
        }
        held->areas().find(shape.box(), found);
        if (found.empty())
            return true;
        const Surfaces& surfaces = tools.surfaces;
        const auto whole = tools.whole(feature);
        const auto inside = surfaces.part(whole, tools.overlap_union(feature, held->against(), found));
        if (surfaces.by_method(whole.m2) - surfaces.by_method(inside) > area_m2)
            return true;
    }
    return false;
}

} // namespace corebelt::rules
