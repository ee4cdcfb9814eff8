/// structure: the parts that a plan is made of have the roles and numbers that its pattern asks for, and lie apart.

#include "attribute.hpp"
#include "judge.hpp"

#include "corebelt/geo/error.hpp"
#include "corebelt/geo/evidence.hpp"
#include "corebelt/project/structure_pattern.hpp"

#include <algorithm>
#include <array>
#include <limits>
#include <string_view>
#include <utility>

namespace corebelt::rules {

namespace {

const project::StructurePattern& pattern_of(const project::Structure& structure) {
    if (const auto* pattern = project::find_structure_pattern(structure.pattern))
        return *pattern;
    std::string names;
    for (const auto& pattern : project::structure_patterns())
        names += (names.empty() ? "" : ", ") + pattern.name;
    throw Error(ErrorKind::usage, "unknown-pattern",
                {"[structure] pattern = \"" + structure.pattern + "\" is not known; known are " + names,
                 "[structure] 中的 pattern = \"" + structure.pattern + "\" 未知；可用：" + names});
}

Text role_name(std::string_view role) {
    constexpr std::array<std::array<std::string_view, 2>, 5> names{
        {{"core", "核心"}, {"zone", "片区"}, {"belt", "带"}, {"point", "点"}, {"park", "园区"}}};
    for (const auto& [en, zh] : names)
        if (role == en)
            return {std::string(en), std::string(zh)};
    return {std::string(role), std::string(role)};
}

/// A distinct value of the group field, and the connected pieces that its features make.
struct StructurePart {
    layers::Value group;
    std::string role; ///< empty: the project does not assign it
    std::vector<std::uint32_t> features;
    geo::Shapes land; ///< its areas dissolved, one feature; none for points
    geo::Box box;
    std::uint64_t pieces = 0;
    bool doubtful = false;
};

class StructureEvaluation final : public RuleEvaluation {
public:
    StructureEvaluation(const Context& context, const project::Rule& rule)
        : context_(context),
          rule_(rule),
          structure_(structure_of(context.project, rule)),
          pattern_(pattern_of(structure_)),
          subjects_(context.layers.bind(selection(), true)) {
        context.layers.want(subjects_, structure_.group);
        area_m2_ = rule.tolerance_area_m2.value_or(context.project.tolerance.area_m2);
        length_m_ = rule.tolerance_length_m.value_or(context.project.tolerance.length_m);
    }
    void prepare() override { held_ = context_.layers.hold(subjects_); }
    [[nodiscard]] bool reads(const PlanLayer&) const override { return false; }
    [[nodiscard]] std::unique_ptr<Gatherer> gather(const PlanLayer&) const override { return nullptr; }
    void absorb(Gatherer&) override {}
    [[nodiscard]] RuleOutcome finish(ThreadTools& tools) override;

private:
    [[nodiscard]] static const project::Structure& structure_of(const project::Project& project,
                                                                const project::Rule& rule) {
        if (!project.structure)
            throw Error(ErrorKind::usage, "no-structure",
                        {"rule " + rule.id + " judges the structure, but the project has no [structure]",
                         "规则 " + rule.id + " 判定空间结构，但项目未定义 [structure]"});
        return *project.structure;
    }
    [[nodiscard]] project::Selection selection() const {
        project::Selection chosen = rule_.subject;
        if (chosen.layer.empty())
            chosen.layer = structure_.layer;
        return chosen;
    }
    [[nodiscard]] std::vector<StructurePart> parts() const;
    void describe(StructurePart& part, ThreadTools& tools) const;
    [[nodiscard]] Judged demand(const std::string& id, std::uint64_t found, std::uint64_t wanted, bool holds,
                                const geo::Box& box, Text note, std::vector<Finding>& findings) const;
    void judge_pattern(const std::vector<StructurePart>& parts, std::vector<Judged>& judged,
                       std::vector<Finding>& findings) const;
    [[nodiscard]] Judged judge_part(const StructurePart& part, std::vector<Finding>& findings) const;
    [[nodiscard]] std::optional<double> widest_gap_m(const StructurePart& part) const;
    [[nodiscard]] std::optional<geo::Shapes> shared_land(const StructurePart& a, const StructurePart& b,
                                                         ThreadTools& tools) const;
    void report_unbuilt(const StructurePart& part, const Error& error, ThreadTools& tools) const;
    void judge_overlaps(const std::vector<StructurePart>& parts, std::vector<Judged>& judged,
                        std::vector<Finding>& findings, ThreadTools& tools) const;
    [[nodiscard]] std::string layer_key() const { return subjects_.layers.front()->key(); }
    [[nodiscard]] SubjectName name_of(const StructurePart& part) const {
        return {layer_key(), layers::to_string(part.group), part.role};
    }

    const Context& context_;
    const project::Rule& rule_;
    const project::Structure& structure_;
    const project::StructurePattern& pattern_;
    Chosen subjects_;
    double area_m2_ = 1, length_m_ = 0.05;
    std::shared_ptr<const Held> held_;
};

std::vector<StructurePart> StructureEvaluation::parts() const {
    std::map<layers::Value, StructurePart, ValueLess> by_group;
    for (std::uint32_t i = 0; i < held_->features().size(); ++i) {
        StructurePart& part = by_group[held_->features()[i].group];
        part.group = held_->features()[i].group;
        part.features.push_back(i);
    }
    std::vector<StructurePart> parts;
    for (auto& [group, part] : by_group) {
        for (const auto& [name, role] : structure_.parts)
            if (!layers::is_null(group) && name == layers::to_string(group))
                part.role = role;
        // features of a part in an order that does not depend on the file
        std::sort(part.features.begin(), part.features.end(), [&](std::uint32_t a, std::uint32_t b) {
            return subject_key(project::Per::feature, rule_, *held_, a) <
                   subject_key(project::Per::feature, rule_, *held_, b);
        });
        parts.push_back(std::move(part));
    }
    return parts;
}

/// @throws what it is given where that is no failure to build a geometry.
void StructureEvaluation::report_unbuilt(const StructurePart& part, const Error& error, ThreadTools& tools) const {
    if (error.kind() != ErrorKind::internal)
        throw Error(error);
    layers::Issue issue{"evidence-failed", layer_key(), layers::to_string(part.group), {}, {}};
    issue.text = error.text();
    tools.issues.add(std::move(issue));
}

/// Dissolves the part's areas; every point or line is a piece of its own.
void StructureEvaluation::describe(StructurePart& part, ThreadTools& tools) const {
    std::vector<geo::ShapeView> areas;
    for (const std::uint32_t i : part.features) {
        const auto shape = held_->shapes()[i];
        part.doubtful = part.doubtful || held_->features()[i].doubtful;
        if (shape.empty())
            continue;
        part.box.add(shape.box());
        if (shape.dimension() == geo::Dimension::area)
            areas.push_back(shape);
        else
            part.pieces += shape.part_count();
    }
    if (areas.empty())
        return;
    try {
        part.land = geo::dissolve(areas);
        part.pieces += part.land[0].part_count();
    } catch (const Error& error) {
        report_unbuilt(part, error, tools);
        part.doubtful = true;
    }
}

/// Greatest of the gaps that have to be bridged to join all pieces of a part (the longest edge of their minimum
/// spanning tree); none where it is in one piece.
std::optional<double> StructureEvaluation::widest_gap_m(const StructurePart& part) const {
    geo::Shapes pieces;
    if (part.land.size() > 0) {
        const auto land = part.land[0];
        for (std::size_t p = 0; p < land.part_count(); ++p) {
            const auto [first, last] = land.rings_of_part(p);
            for (std::size_t r = first; r < last; ++r) {
                for (const geo::XY v : land.ring(r))
                    pieces.add(v);
                pieces.end_ring();
            }
            pieces.end_part();
            pieces.end_shape(geo::Dimension::area);
        }
    }
    for (const std::uint32_t i : part.features)
        if (const auto shape = held_->shapes()[i]; !shape.empty() && shape.dimension() != geo::Dimension::area)
            pieces.append(shape);
    if (pieces.size() < 2)
        return std::nullopt;
    const geo::EdgeSet edges(pieces);
    const double metres = context_.surfaces.crs().metres_per_unit();
    std::vector<double> reach(pieces.size(), std::numeric_limits<double>::infinity()); // distance to the joined ones
    std::vector<std::uint8_t> joined(pieces.size(), 0);
    double widest = 0;
    for (std::uint32_t next = 0, count = 0; count < pieces.size(); ++count) {
        joined[next] = 1;
        std::uint32_t nearest = next;
        for (std::uint32_t i = 0; i < pieces.size(); ++i) {
            if (joined[i] != 0)
                continue;
            reach[i] = std::min(reach[i], edges.distance(pieces[next], i) * metres);
            if (nearest == next || reach[i] < reach[nearest])
                nearest = i;
        }
        if (nearest != next)
            widest = std::max(widest, reach[nearest]);
        next = nearest;
    }
    return widest;
}

/// A demand on the structure as a whole, told apart from its parts by an English word.
Judged StructureEvaluation::demand(const std::string& id, std::uint64_t found, std::uint64_t wanted, bool holds,
                                   const geo::Box& box, Text note, std::vector<Finding>& findings) const {
    Judged judged;
    judged.key = {layer_key(), id, {}, {}, 0};
    judged.result.unit = "count";
    judged.result.measured = static_cast<double>(found);
    judged.result.verdict = Verdict::pass;
    judged.result.note = std::move(note);
    judged.broken = !holds;
    judged.margin = holds ? 0 : -1;
    if (holds)
        return judged;
    Finding finding;
    finding.subject = judged.key.names();
    finding.measured = static_cast<double>(found);
    finding.expected = static_cast<double>(wanted);
    finding.unit = "count";
    finding.bbox = box;
    findings.push_back(std::move(finding));
    return judged;
}

/// Roles and their numbers; parts that the project names and the layer lacks; features without a part.
void StructureEvaluation::judge_pattern(const std::vector<StructurePart>& parts, std::vector<Judged>& judged,
                                        std::vector<Finding>& findings) const {
    geo::Box all;
    std::map<std::string, std::uint64_t> roles;
    for (const auto& part : parts) {
        all.add(part.box);
        if (!part.role.empty())
            ++roles[part.role];
    }
    for (const auto& [role, least, most] : pattern_.roles) {
        const std::uint64_t found = roles[role];
        roles.erase(role);
        const auto min = static_cast<std::uint64_t>(least);
        const auto max = static_cast<std::uint64_t>(most.value_or(std::numeric_limits<int>::max()));
        const Text name = role_name(role);
        const std::string wanted = min == max ? std::to_string(min) : "≥ " + std::to_string(min);
        const bool holds = found >= min && found <= max;
        judged.push_back(demand(role, found, found < min ? min : max, holds, all,
                                {"parts with the role " + name.en + "; the pattern asks for " + wanted,
                                 "“" + name.zh + "”的个数，该结构要求 " + wanted + " 个"},
                                findings));
    }
    for (const auto& [role, found] : roles)
        judged.push_back(demand(
            role, found, 0, false, all,
            {"this pattern has no parts with the role " + role, "该结构中没有“" + role_name(role).zh + "”"}, findings));
    for (const auto& part : parts) {
        if (!part.role.empty())
            continue;
        const bool none = layers::is_null(part.group);
        judged.push_back(demand(
            none ? "unassigned" : layers::to_string(part.group), part.features.size(), 0, false, part.box,
            none ? Text{"features that belong to no part", "未归入任何组成部分的要素"}
                 : Text{"features of a part that [structure] gives no role", "[structure] 未为其指定角色的组成部分"},
            findings));
    }
    for (const auto& [name, role] : structure_.parts) {
        const bool present = std::any_of(parts.begin(), parts.end(), [&n = name](const auto& p) {
            return !layers::is_null(p.group) && layers::to_string(p.group) == n;
        });
        if (!present)
            judged.push_back(demand(name, 0, 1, false, all,
                                    {"a part that is declared and has no feature", "已声明但没有对应要素的组成部分"},
                                    findings));
    }
}

Judged StructureEvaluation::judge_part(const StructurePart& part, std::vector<Finding>& findings) const {
    Judged judged;
    judged.key = {layer_key(), part.group, part.role, {}, 0};
    SubjectResult& result = judged.result;
    result.unit = "count";
    result.measured = static_cast<double>(part.pieces);
    result.verdict = Verdict::pass;
    const Text role = role_name(part.role);
    geo::Amount planar, ellipsoidal;
    for (const std::uint32_t i : part.features)
        if (const auto shape = held_->shapes()[i]; !shape.empty() && shape.dimension() == geo::Dimension::area) {
            const auto whole = context_.surfaces.whole(shape);
            planar += geo::Amount(whole.m2.planar);
            ellipsoidal += geo::Amount(whole.m2.ellipsoidal);
        }
    result.planar_m2 = stated_m2(planar);
    result.ellipsoidal_m2 = stated_m2(ellipsoidal);
    const std::string n = std::to_string(part.pieces);
    result.note = {role.en + ", " + n + (part.pieces == 1 ? " piece" : " pieces"), role.zh + "，" + n + " 片"};
    const auto limit = std::get<project::StructureRule>(rule_.what).max_part_gap_m;
    if (part.pieces == 0 || part.doubtful) {
        result.verdict = Verdict::undecided;
        add_note(result.note, part.doubtful ? doubtful_note() : no_geometry_note());
        return judged;
    }
    const auto gap_m = limit ? widest_gap_m(part) : std::nullopt;
    if (gap_m && *gap_m > *limit) {
        judged.broken = true;
        judged.margin = *limit - *gap_m;
        add_note(result.note, {"its pieces lie up to " + fixed(*gap_m, 2) + " m apart",
                               "各片之间最大间距 " + fixed(*gap_m, 2) + " 米"});
        Finding finding;
        finding.subject = name_of(part);
        finding.measured = *gap_m;
        finding.expected = limit;
        finding.unit = "m";
        finding.bbox = part.box;
        findings.push_back(std::move(finding));
    }
    return judged;
}

/// Pieces of land that two parts share and that are no slivers, as one feature; empty where there are none, absent
/// where they could not be built.
std::optional<geo::Shapes> StructureEvaluation::shared_land(const StructurePart& a, const StructurePart& b,
                                                            ThreadTools& tools) const {
    if (a.land.size() == 0 || b.land.size() == 0)
        return std::nullopt;
    geo::Shapes shared;
    try {
        const std::array<geo::ShapeView, 1> with{b.land[0]};
        for (const auto& piece : geo::overlap_pieces(a.land[0], with)) {
            const double metres = context_.surfaces.crs().metres_per_unit();
            if (piece.width() * metres < length_m_ || piece.planar_m2 * metres * metres < area_m2_)
                continue;
            for (std::size_t r = 0; r < piece.shape[0].ring_count(); ++r) {
                for (const geo::XY v : piece.shape[0].ring(r))
                    shared.add(v);
                shared.end_ring();
            }
            shared.end_part();
        }
    } catch (const Error& error) {
        report_unbuilt(a, error, tools);
        return std::nullopt;
    }
    if (shared.part_first.size() > 1)
        shared.end_shape(geo::Dimension::area);
    return shared;
}

/// Land that two parts both claim.
void StructureEvaluation::judge_overlaps(const std::vector<StructurePart>& parts, std::vector<Judged>& judged,
                                         std::vector<Finding>& findings, ThreadTools& tools) const {
    std::vector<std::uint32_t> part_of(held_->features().size(), 0);
    for (std::uint32_t p = 0; p < parts.size(); ++p)
        for (const std::uint32_t i : parts[p].features)
            part_of[i] = p;
    std::vector<std::uint32_t> found;
    std::map<std::pair<std::uint32_t, std::uint32_t>, geo::Amount> shared;
    for (std::uint32_t i = 0; i < part_of.size(); ++i) {
        if (!held_->areas().has(i) || parts[part_of[i]].role.empty())
            continue;
        const auto whole = tools.whole(held_->asked(i));
        held_->areas().find(held_->shapes().box[i], found);
        for (const std::uint32_t j : found) {
            if (part_of[j] <= part_of[i] || parts[part_of[j]].role.empty())
                continue;
            const auto overlap = tools.overlap(held_->asked(i), held_->against(), j);
            const AreaPair m2 = context_.surfaces.part(whole, overlap);
            shared[{part_of[i], part_of[j]}] += geo::Amount(context_.surfaces.by_method(m2));
        }
    }
    for (const auto& [pair, area] : shared) {
        if (area.value() <= area_m2_)
            continue;
        const auto& a = parts[pair.first];
        const auto& b = parts[pair.second];
        const auto geometry = shared_land(a, b, tools);
        if (geometry && geometry->size() == 0)
            continue; // slivers along a boundary that both drew
        Finding finding;
        finding.subject = name_of(a);
        finding.object = name_of(b);
        finding.measured = stated_m2(area);
        finding.expected = 0;
        finding.unit = "m2";
        finding.bbox = geometry ? geometry->box[0] : a.box;
        if (geometry)
            finding.geometry = *geometry;
        findings.push_back(std::move(finding));
        for (auto& subject : judged)
            if (subject.key.id == a.group && subject.key.name == a.role) {
                subject.broken = subject.result.verdict != Verdict::undecided;
                subject.margin = std::min(subject.margin, -area.value());
                add_note(subject.result.note,
                         {"shares " + fixed(area.value(), 2) + " m² with " + layers::to_string(b.group),
                          "与“" + layers::to_string(b.group) + "”重叠 " + fixed(area.value(), 2) + " 平方米"});
            }
    }
}

RuleOutcome StructureEvaluation::finish(ThreadTools& tools) {
    RuleResult result = begin_result(rule_);
    result.unit = "count";
    std::vector<StructurePart> all = parts();
    if (all.empty())
        return conclude(context_, rule_, std::move(result), {}, {subjects_.layers.begin(), subjects_.layers.end()},
                        tools.issues);
    std::vector<Judged> judged;
    for (auto& part : all)
        describe(part, tools);
    judge_pattern(all, judged, result.findings);
    for (const auto& part : all)
        if (!part.role.empty())
            judged.push_back(judge_part(part, result.findings));
    judge_overlaps(all, judged, result.findings, tools);
    RuleOutcome outcome = conclude(context_, rule_, std::move(result), std::move(judged),
                                   {subjects_.layers.begin(), subjects_.layers.end()}, tools.issues);
    // what the rule as a whole measures is the number of parts
    outcome.result.measured = static_cast<double>(
        std::count_if(all.begin(), all.end(), [](const StructurePart& part) { return !layers::is_null(part.group); }));
    return outcome;
}

} // namespace

std::unique_ptr<RuleEvaluation> make_structure_evaluation(const Context& context, const project::Rule& rule) {
    return std::make_unique<StructureEvaluation>(context, rule);
}

} // namespace corebelt::rules
