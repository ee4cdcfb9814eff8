/// adjacent, not-adjacent and distance: how far features lie from others, and how much boundary they share.

#include "completeness.hpp"
#include "judge.hpp"
#include "subject_tallies.hpp"

#include "corebelt/geo/error.hpp"

#include <algorithm>
#include <cmath>
#include <tuple>
#include <utility>

namespace corebelt::rules {

namespace {

struct Question {
    const project::Selection* object = nullptr;
    bool distance = false;
    bool wanted = true; ///< adjacent rather than not-adjacent
    double gap_m = 0, min_shared_m = 0;
    std::optional<double> min_m, max_m;
    std::string min_field;
};

Question question_of(const project::Rule& rule) {
    Question q;
    if (const auto* distance = std::get_if<project::DistanceRule>(&rule.what)) {
        q.object = &distance->object;
        q.distance = true;
        q.min_m = distance->min_m;
        q.max_m = distance->max_m;
        q.min_field = distance->min_field;
        return q;
    }
    const auto& adjacent = std::get<project::AdjacentRule>(rule.what);
    q.object = &adjacent.object;
    q.wanted = adjacent.wanted;
    q.gap_m = adjacent.gap_m;
    q.min_shared_m = adjacent.min_shared_m;
    return q;
}

/// The nearest object, or one that boundary is shared with.
struct Contact {
    double m = 0;
    SubjectName object;
    geo::Box box;
    geo::XY from, to; ///< nearest points, for distances

    /// Ties go to the smaller names and places, so that the order of features does not matter.
    [[nodiscard]] bool before(const Contact& other) const {
        const auto key = [](const Contact& c) {
            return std::tie(c.m, c.object.layer, c.object.id, c.object.name, c.from.x, c.from.y, c.to.x, c.to.y);
        };
        return key(*this) < key(other);
    }
};

struct Tally {
    geo::Amount shared_m;
    std::optional<Contact> nearest;
    std::vector<Finding> findings; ///< not-adjacent: one an object
    std::optional<double> min_m;   ///< distance: the largest one required of its features
    bool min_missing = false;
    bool empty = true, doubtful = false, lacking = false;
    geo::Box box;

    void merge(Tally&& other) {
        shared_m += other.shared_m;
        if (other.nearest && (!nearest || other.nearest->before(*nearest)))
            nearest = other.nearest;
        if (other.min_m)
            min_m = std::max(min_m.value_or(*other.min_m), *other.min_m);
        min_missing = min_missing || other.min_missing;
        empty = empty && other.empty;
        doubtful = doubtful || other.doubtful;
        lacking = lacking || other.lacking;
        box.add(other.box);
        std::move(other.findings.begin(), other.findings.end(), std::back_inserter(findings));
    }
};

std::optional<double> length_of(const layers::Value& value) {
    if (const auto* integer = std::get_if<std::int64_t>(&value))
        return static_cast<double>(*integer);
    if (const auto* real = std::get_if<double>(&value); real != nullptr && std::isfinite(*real))
        return *real;
    return std::nullopt;
}

class BoundaryEvaluation final : public TallyingEvaluation<Tally> {
public:
    BoundaryEvaluation(const Context& context, const project::Rule& rule)
        : TallyingEvaluation(context, rule),
          question_(question_of(rule)),
          objects_(context.layers.bind(*question_.object, true)),
          complete_(context.layers, objects_),
          length_m_(rule.tolerance_length_m.value_or(context.project.tolerance.length_m)) {
        require_metres(context.surfaces.crs());
        if (!question_.min_field.empty())
            context.layers.want(subjects_, question_.min_field);
    }
    void prepare() override {
        held_ = context_.layers.hold(objects_);
        complete_.prepare(context_.layers);
    }
    [[nodiscard]] std::unique_ptr<Gatherer> gather(const PlanLayer& layer) const override;
    [[nodiscard]] RuleOutcome finish(ThreadTools& tools) override;

private:
    class Fold;
    friend class Fold;
    [[nodiscard]] Judged judge(const SubjectKey& key, Tally& tally, std::vector<Finding>& findings) const override;
    [[nodiscard]] Judged judge_distance(const SubjectKey& key, Tally& tally, std::vector<Finding>& findings) const;
    [[nodiscard]] Judged judge_adjacency(const SubjectKey& key, Tally& tally, std::vector<Finding>& findings) const;
    /// Rounding of coordinate differences and of their hypotenuse.
    [[nodiscard]] static double bound_m(const geo::Box& box) {
        return std::ldexp(
            std::max({std::abs(box.min_x), std::abs(box.max_x), std::abs(box.min_y), std::abs(box.max_y)}), -51);
    }

    Question question_;
    Chosen objects_;
    Completeness complete_;
    double length_m_;
    std::shared_ptr<const Held> held_;
};

class BoundaryEvaluation::Fold final : public TallyingEvaluation::Fold {
public:
    Fold(const BoundaryEvaluation& owner, const PlanLayer& layer)
        : TallyingEvaluation::Fold(owner, layer),
          owner_(owner),
          metres_(owner.context_.surfaces.crs().metres_per_unit()) {}

private:
    void begin(BatchView& batch) override {
        if (!owner_.question_.min_field.empty())
            required_ = batch.rows().find(batch.layer().layer.file_field(owner_.question_.min_field));
    }

    Tally measure(BatchView& batch, std::size_t row) override {
        Tally tally;
        const auto shape = batch.shape(row);
        tally.empty = shape.empty();
        tally.doubtful = batch.is_doubtful(row);
        if (required_ != nullptr) {
            tally.min_m = length_of(required_->value(row));
            tally.min_missing = !tally.min_m && !owner_.question_.min_m;
        }
        if (!tally.min_m)
            tally.min_m = owner_.question_.min_m;
        if (shape.empty())
            return tally;
        tally.box = shape.box();
        if (owner_.question_.distance)
            find_nearest(batch, row, tally);
        else
            find_shared(batch, row, tally);
        if (owner_.question_.distance || tally.findings.empty())
            tally.lacking = owner_.complete_.is_lacking(
                batch.asked(row), owner_.rule_.tolerance_area_m2.value_or(owner_.context_.project.tolerance.area_m2),
                batch.tools());
        return tally;
    }

    [[nodiscard]] bool is_self(const BatchView& batch, std::size_t row, std::uint32_t object) const {
        const auto& feature = owner_.held_->features()[object];
        return feature.layer == &batch.layer() && feature.fid == batch.rows().fid[row];
    }

    [[nodiscard]] SubjectName name_of_object(std::uint32_t i) const {
        const auto& feature = owner_.held_->features()[i];
        return {feature.layer->key(), layers::to_string(feature.id), feature.name};
    }

    [[nodiscard]] bool comes_before(std::uint32_t a, std::uint32_t b) const {
        const auto key = [this](std::uint32_t i) {
            return subject_key(project::Per::feature, owner_.rule_, *owner_.held_, i);
        };
        return key(a) < key(b);
    }

    void find_nearest(BatchView& batch, std::size_t row, Tally& tally) {
        const Held& held = *owner_.held_;
        const auto shape = batch.shape(row);
        const Remembered& remembered = owner_.context_.remembered;
        auto nearest = remembered.nearest(held.edges(), batch.asked(row), held.keys());
        if (nearest && is_self(batch, row, nearest->index))
            nearest = nearest_other(batch, row);
        if (!nearest)
            return;
        tally.doubtful = tally.doubtful || held.features()[nearest->index].doubtful;
        tally.nearest = Contact{nearest->distance * metres_, name_of_object(nearest->index), shape.box(),
                                nearest->at_other, nearest->at_this};
    }

    /// Among features of its own layer a feature is not its own neighbour: those about it are asked one by one, the
    /// circle growing until the nearest lies within it.
    std::optional<geo::EdgeSet::Nearest> nearest_other(BatchView& batch, std::size_t row) {
        const Held& held = *owner_.held_;
        const auto shape = batch.shape(row);
        std::optional<geo::EdgeSet::Nearest> best;
        double reach = 1 + (shape.box().max_x - shape.box().min_x) + (shape.box().max_y - shape.box().min_y);
        for (std::size_t seen = 0; seen < held.features().size(); reach *= 4) {
            held.edges().find(shape.box(), reach, found_);
            seen = found_.size();
            for (const std::uint32_t i : found_) {
                if (is_self(batch, row, i))
                    continue;
                const double distance =
                    owner_.context_.remembered.distance(held.edges(), batch.asked(row), held.keys(), i);
                if (!best || distance < best->distance || (distance == best->distance && comes_before(i, best->index)))
                    best = geo::EdgeSet::Nearest{i, distance, {}, {}};
            }
            if (best && best->distance <= reach)
                break;
            if (!std::isfinite(reach))
                break;
        }
        return best;
    }

    void find_shared(BatchView& batch, std::size_t row, Tally& tally) {
        const Held& held = *owner_.held_;
        const auto shape = batch.shape(row);
        const double gap = owner_.question_.gap_m / metres_;
        held.edges().find(shape.box(), gap, found_);
        for (const std::uint32_t i : found_) {
            if (is_self(batch, row, i))
                continue;
            const double shared_m =
                owner_.context_.remembered.shared_boundary_length(held.edges(), batch.asked(row), held.keys(), i, gap) *
                metres_;
            if (shared_m <= 0)
                continue;
            tally.doubtful = tally.doubtful || held.features()[i].doubtful;
            tally.shared_m += geo::Amount(shared_m);
            Finding finding;
            finding.subject = {batch.layer().key(), layers::to_string(batch.names().id(row)), batch.names().name(row)};
            finding.object = name_of_object(i);
            finding.measured = static_cast<double>(geo::Amount(shared_m).ten_thousandths()) / 1e4;
            finding.expected = owner_.question_.min_shared_m;
            finding.unit = "m";
            finding.bbox = shape.box();
            tally.findings.push_back(std::move(finding));
        }
    }

    const BoundaryEvaluation& owner_;
    double metres_;
    const layers::Column* required_ = nullptr; ///< of the batch
    std::vector<std::uint32_t> found_;
};

std::unique_ptr<Gatherer> BoundaryEvaluation::gather(const PlanLayer& layer) const {
    return std::make_unique<Fold>(*this, layer);
}

Judged BoundaryEvaluation::judge_distance(const SubjectKey& key, Tally& tally, std::vector<Finding>& findings) const {
    Judged judged;
    judged.key = key;
    SubjectResult& result = judged.result;
    result.sensitivity = 2 * coordinate_step_m;
    result.error_bound = bound_m(tally.box);
    const Limits limits{tally.min_m, question_.max_m};
    Outcome outcome = question_.max_m ? Outcome::broken : Outcome::holds; // no object anywhere
    if (tally.nearest) {
        result.measured = tally.nearest->m;
        outcome = against(limits, tally.nearest->m, result.error_bound);
        judged.margin = limits.margin(tally.nearest->m);
        result.near_limit = is_near(limits, tally.nearest->m, *result.sensitivity);
    }
    // Something nearer than allowed is there whatever else may be missing; everything else needs a complete layer.
    const bool too_near = tally.nearest && tally.min_m && tally.nearest->m < *tally.min_m;
    if (tally.min_missing) {
        result.note = {"no required distance is given for it", "未给出应满足的防护距离"};
    } else if (tally.doubtful) {
        result.note = doubtful_note();
    } else if (outcome == Outcome::undecided) {
        result.note = {"nearer to the limit than the numerical error of the method", "与限值之差小于算法数值误差"};
    } else if (tally.lacking && !too_near && !(outcome == Outcome::holds && !tally.min_m)) {
        result.note = complete_.note();
    } else if (outcome == Outcome::holds) {
        result.verdict = Verdict::pass;
        if (!tally.nearest)
            result.note = {"there is no such object", "没有此类对象"};
    } else {
        judged.broken = true;
        Finding finding;
        finding.subject = key.names();
        finding.unit = "m";
        finding.bbox = tally.box;
        finding.expected = too_near ? tally.min_m : question_.max_m;
        if (tally.nearest) {
            finding.object = tally.nearest->object;
            finding.measured = tally.nearest->m;
            finding.geometry.add(tally.nearest->from);
            finding.geometry.add(tally.nearest->to);
            finding.geometry.end_ring();
            finding.geometry.end_part();
            finding.geometry.end_shape(geo::Dimension::line);
            if (tally.nearest->from == tally.nearest->to) // touching: there is no line to draw
                finding.geometry.clear();
            else
                finding.bbox = finding.geometry.box[0];
        }
        findings.push_back(std::move(finding));
    }
    return judged;
}

Judged BoundaryEvaluation::judge_adjacency(const SubjectKey& key, Tally& tally, std::vector<Finding>& findings) const {
    Judged judged;
    judged.key = key;
    SubjectResult& result = judged.result;
    const double shared_m = tally.shared_m.value();
    result.measured = static_cast<double>(tally.shared_m.ten_thousandths()) / 1e4;
    result.sensitivity = 2 * coordinate_step_m;
    result.error_bound = bound_m(tally.box);
    bool holds = false, undecided = false;
    if (question_.min_shared_m > 0) {
        Limits limits;
        (question_.wanted ? limits.min : limits.max) = question_.min_shared_m;
        const Outcome outcome = against(limits, shared_m, result.error_bound);
        holds = outcome == Outcome::holds;
        undecided = outcome == Outcome::undecided;
        judged.margin = limits.margin(shared_m);
        result.near_limit = is_near(limits, shared_m, *result.sensitivity);
    } else { // a limit of zero is decided by tolerance alone
        const bool touches = shared_m > length_m_;
        holds = touches == question_.wanted;
        judged.margin = question_.wanted ? shared_m - length_m_ : length_m_ - shared_m;
    }
    const bool absence = holds != question_.wanted; // rests on boundary that is not there
    if (tally.doubtful) {
        result.note = doubtful_note();
    } else if (undecided) {
        result.note = {"nearer to the limit than the numerical error of the method", "与限值之差小于算法数值误差"};
    } else if (tally.lacking && absence) {
        result.note = complete_.note();
    } else if (holds) {
        result.verdict = Verdict::pass;
    } else {
        judged.broken = true;
        if (question_.wanted) { // too little boundary with all objects together
            Finding finding;
            finding.subject = key.names();
            finding.measured = *result.measured;
            finding.expected = question_.min_shared_m;
            finding.unit = "m";
            finding.bbox = tally.box;
            findings.push_back(std::move(finding));
        } else {
            std::move(tally.findings.begin(), tally.findings.end(), std::back_inserter(findings));
        }
    }
    return judged;
}

Judged BoundaryEvaluation::judge(const SubjectKey& key, Tally& tally, std::vector<Finding>& findings) const {
    Judged judged;
    if (tally.empty) {
        judged.key = key;
        judged.result.note = no_geometry_note();
    } else if (question_.distance) {
        judged = judge_distance(key, tally, findings);
    } else {
        judged = judge_adjacency(key, tally, findings);
    }
    judged.result.unit = "m";
    return judged;
}

RuleOutcome BoundaryEvaluation::finish(ThreadTools& tools) {
    RuleResult result = begin_result(rule_);
    result.unit = "m";
    result.method = "planar";
    if (!question_.distance)
        result.threshold = Threshold{question_.wanted ? ">=" : "<=", question_.min_shared_m, "m"};
    state_limits(result, {question_.min_m, question_.max_m}, "m");
    return conclude_all(std::move(result), layers_of(subjects_, objects_), tools);
}

} // namespace

std::unique_ptr<RuleEvaluation> make_boundary_evaluation(const Context& context, const project::Rule& rule) {
    return std::make_unique<BoundaryEvaluation>(context, rule);
}

} // namespace corebelt::rules
