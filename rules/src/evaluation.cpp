#include "evaluation.hpp"

#include "corebelt/geo/error.hpp"

#include <algorithm>
#include <tuple>
#include <utility>

namespace corebelt::rules {

bool operator<(const SubjectKey& a, const SubjectKey& b) {
    if (a.layer != b.layer)
        return a.layer < b.layer;
    if (layers::value_less(a.id, b.id) || layers::value_less(b.id, a.id))
        return layers::value_less(a.id, b.id);
    const auto rest = [](const SubjectKey& k) {
        return std::tie(k.name, k.box.min_x, k.box.min_y, k.box.max_x, k.box.max_y, k.fid);
    };
    return rest(a) < rest(b);
}

SubjectKey subject_key(project::Per per, const project::Rule& rule, const std::string& layer, const layers::Value& id,
                       const layers::Value& group, const std::string& name, const geo::Box& box, std::int64_t fid) {
    switch (per) {
    case project::Per::group:
        return {layer, group, {}, {}, 0};
    case project::Per::all:
        return {rule.subject.layer, std::string("all"), {}, {}, 0};
    case project::Per::feature:
        break;
    }
    return {layer, id, name, box, fid};
}

SubjectKey subject_key(project::Per per, const project::Rule& rule, const Held& held, std::size_t i) {
    const auto& f = held.features()[i];
    return subject_key(per, rule, f.layer->key(), f.id, f.group, f.name, held.shapes().box[i], f.fid);
}

project::Per per_of(const project::Project& project, const project::Rule& rule) {
    const bool sums_up = rule.kind == "share" || rule.kind == "count";
    const auto per = rule.per.value_or(sums_up ? project::Per::all : project::Per::feature);
    if (per == project::Per::group && !project.structure)
        throw Error(
            ErrorKind::usage, "no-structure",
            {"rule " + rule.id + " counts by group, but the project has no [structure] that says what a group is",
             "规则 " + rule.id + " 按分组判定，但项目未定义 [structure]，无法确定分组"});
    return per;
}

Surfaces::Whole ThreadTools::whole(const Asked& feature) const {
    return remembered.answer<Surfaces::Whole>(Measure::surface_whole, {feature.key},
                                              [&] { return surfaces.whole(feature.shape); });
}

geo::Overlap ThreadTools::uncounted_overlap(const Asked& a, const Against& b, std::uint32_t i) {
    return remembered.answer<geo::Overlap>(Measure::overlap, {a.key, b.keys.each[i]},
                                           [&] { return kernel.overlap(a.shape, b.areas[i]); });
}

geo::Overlap ThreadTools::overlap_union(const Asked& a, const Against& b, std::span<const std::uint32_t> found) {
    contents_.assign(1, a.key);
    for (const std::uint32_t i : found)
        contents_.push_back(b.keys.each[i]);
    const auto overlap = remembered.answer<geo::Overlap>(Measure::overlap_union, contents_, [&] {
        std::vector<const geo::PreparedArea*> areas;
        for (const std::uint32_t i : found)
            areas.push_back(&b.areas[i]);
        return kernel.overlap_union(a.shape, areas);
    });
    counts.add(overlap);
    return overlap;
}

Asked BatchView::asked(std::size_t row) {
    if (!context_.remembered.is_on())
        return {shape(row), {}};
    keys_.resize(size());
    if (!keys_[row])
        keys_[row] = context_.remembered.key_of(shape(row));
    return {shape(row), *keys_[row]};
}

BatchView::BatchView(const PlanLayer& layer, const ReadBatch& read, const Context& context, ThreadTools& tools)
    : layer_(layer),
      read_(read),
      context_(context),
      tools_(tools),
      names_(layer, read.rows, context.layers.group_field()) {}

bool BatchView::is_doubtful(std::size_t row) const {
    return std::binary_search(read_.doubtful_fids.begin(), read_.doubtful_fids.end(), read_.rows.fid[row]);
}

SubjectKey BatchView::key(project::Per per, const project::Rule& rule, std::size_t row) const {
    return subject_key(per, rule, layer_.key(), names_.id(row), names_.group(row), names_.name(row),
                       read_.rows.shapes.box[row], read_.rows.fid[row]);
}

const std::vector<Part>& BatchView::parts_in(const Held& held) {
    const auto [at, missing] = parts_.try_emplace(&held);
    if (!missing)
        return at->second;
    const Surfaces& surfaces = context_.surfaces;
    const Against against = held.against();
    std::vector<std::uint32_t> found;
    for (std::size_t row = 0; row < size(); ++row) {
        const auto feature = shape(row);
        if (feature.empty() || feature.dimension() != geo::Dimension::area)
            continue;
        against.areas.find(feature.box(), found);
        std::optional<Surfaces::Whole> whole;
        for (const std::uint32_t i : found) {
            const auto overlap = tools_.overlap(asked(row), against, i);
            if (overlap.ground_m2 <= 0)
                continue;
            if (!whole)
                whole = tools_.whole(asked(row));
            const AreaPair m2 = surfaces.part(*whole, overlap);
            if (m2.ellipsoidal <= 0)
                continue;
            at->second.push_back({static_cast<std::uint32_t>(row), i, m2, overlap.ground_m2,
                                  surfaces.bound_m2(*whole, overlap), overlap.length * whole->m_per_unit,
                                  !overlap.cut() && m2.ellipsoidal == whole->m2.ellipsoidal});
        }
    }
    return at->second;
}

} // namespace corebelt::rules
