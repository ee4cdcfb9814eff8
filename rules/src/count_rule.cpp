/// count: how many features of some kind there are in a subject.

#include "completeness.hpp"
#include "judge.hpp"

#include "corebelt/geo/evidence.hpp"

#include <algorithm>
#include <utility>

namespace corebelt::rules {

namespace {

struct Unit {
    SubjectKey key;
    geo::Box box;
    bool empty = true, not_areal = false, doubtful = false, lacking = false;
};

/// A feature is in a subject where it shares land with it that is no sliver, or lies in it as a whole; a line where
/// it meets it; a point where the subject covers it. A feature in several parts of a subject counts once.
class CountEvaluation final : public RuleEvaluation {
public:
    CountEvaluation(const Context& context, const project::Rule& rule)
        : context_(context),
          rule_(rule),
          count_(std::get<project::CountRule>(rule.what)),
          per_(per_of(context.project, rule)),
          subjects_(context.layers.bind(rule.subject, true)),
          of_(context.layers.bind(count_.of, false)),
          complete_(context.layers, of_) {
        if (count_.min)
            limits_.min = static_cast<double>(*count_.min);
        if (count_.max)
            limits_.max = static_cast<double>(*count_.max);
        tolerance_.area_m2 = rule.tolerance_area_m2.value_or(context.project.tolerance.area_m2);
        tolerance_.length_m = rule.tolerance_length_m.value_or(context.project.tolerance.length_m);
    }

    void prepare() override {
        held_ = context_.layers.hold(subjects_);
        complete_.prepare(context_.layers);
        ThreadTools tools(context_);
        std::map<SubjectKey, std::vector<std::uint32_t>> features;
        for (std::uint32_t i = 0; i < held_->features().size(); ++i)
            features[subject_key(per_, rule_, *held_, i)].push_back(i);
        unit_of_.resize(held_->features().size());
        for (const auto& [key, members] : features) {
            Unit unit;
            unit.key = key;
            for (const std::uint32_t i : members) {
                unit_of_[i] = static_cast<std::uint32_t>(units_.size());
                add_member(unit, i, tools);
            }
            units_.push_back(std::move(unit));
        }
        counts_.assign(units_.size(), 0);
        doubtful_.assign(units_.size(), 0);
    }

    [[nodiscard]] bool reads(const PlanLayer& layer) const override { return of_.chooser_for(layer) != nullptr; }
    [[nodiscard]] std::unique_ptr<Gatherer> gather(const PlanLayer& layer) const override;
    void absorb(Gatherer& gathered) override;
    [[nodiscard]] RuleOutcome finish(ThreadTools& tools) override;

private:
    class Fold;
    friend class Fold;

    void add_member(Unit& unit, std::uint32_t i, ThreadTools& tools) const {
        const auto shape = held_->shapes()[i];
        unit.doubtful = unit.doubtful || held_->features()[i].doubtful;
        if (shape.empty())
            return;
        unit.empty = false;
        unit.box.add(shape.box());
        unit.not_areal = unit.not_areal || shape.dimension() != geo::Dimension::area;
        if (shape.dimension() == geo::Dimension::area)
            unit.lacking = unit.lacking || complete_.is_lacking(held_->asked(i), tolerance_.area_m2, tools);
    }
    [[nodiscard]] Judged judge(std::size_t unit, std::vector<Finding>& findings) const;

    const Context& context_;
    const project::Rule& rule_;
    const project::CountRule& count_;
    project::Per per_;
    Chosen subjects_, of_;
    Completeness complete_;
    Limits limits_;
    project::Tolerance tolerance_;
    std::shared_ptr<const Held> held_;
    std::vector<Unit> units_;
    std::vector<std::uint32_t> unit_of_;
    std::vector<std::uint64_t> counts_;
    std::vector<std::uint8_t> doubtful_;
};

class CountEvaluation::Fold final : public Gatherer {
public:
    Fold(const CountEvaluation& owner, const RowChooser& chooser)
        : counts(owner.units_.size()), doubtful(owner.units_.size()), owner_(owner), chooser_(chooser) {}

    void add(BatchView& batch) override {
        std::vector<std::uint8_t> chosen;
        chooser_.choose(batch.rows(), chosen);
        const auto& parts = batch.parts_in(*owner_.held_);
        std::size_t part = 0;
        for (std::size_t row = 0; row < batch.size(); ++row) {
            touched_.clear();
            for (; part < parts.size() && parts[part].row == row; ++part)
                if (chosen[row] != 0 && counts_as_in(parts[part]))
                    touched_.push_back(owner_.unit_of_[parts[part].held]);
            const auto shape = batch.shape(row);
            if (chosen[row] != 0 && !shape.empty() && shape.dimension() != geo::Dimension::area)
                find_around(shape);
            std::sort(touched_.begin(), touched_.end());
            touched_.erase(std::unique(touched_.begin(), touched_.end()), touched_.end());
            for (const std::uint32_t unit : touched_) {
                ++counts[unit];
                if (batch.is_doubtful(row))
                    doubtful[unit] = 1;
            }
        }
    }

    std::vector<std::uint64_t> counts;
    std::vector<std::uint8_t> doubtful;

private:
    [[nodiscard]] bool counts_as_in(const Part& part) const {
        const double m2 = part.m2.planar > 0 ? part.m2.planar : part.m2.ellipsoidal;
        return part.whole || (m2 >= owner_.tolerance_.area_m2 && 2 * m2 >= owner_.tolerance_.length_m * part.length_m);
    }

    /// Points and lines.
    void find_around(const geo::ShapeView& shape) {
        const Held& held = *owner_.held_;
        held.areas().find(shape.box(), found_);
        for (const std::uint32_t i : found_) {
            const bool in = shape.dimension() == geo::Dimension::point
                                ? std::any_of(shape.vertices().begin(), shape.vertices().end(),
                                              [&](geo::XY p) { return geo::covers(held.shapes()[i], p); })
                                : held.edges().distance(shape, i) == 0;
            if (in)
                touched_.push_back(owner_.unit_of_[i]);
        }
    }

    const CountEvaluation& owner_;
    const RowChooser& chooser_;
    std::vector<std::uint32_t> touched_, found_;
};

std::unique_ptr<Gatherer> CountEvaluation::gather(const PlanLayer& layer) const {
    return std::make_unique<Fold>(*this, *of_.chooser_for(layer));
}

void CountEvaluation::absorb(Gatherer& gathered) {
    const auto& fold = static_cast<const Fold&>(gathered);
    for (std::size_t u = 0; u < counts_.size(); ++u) {
        counts_[u] += fold.counts[u];
        doubtful_[u] |= fold.doubtful[u];
    }
}

Judged CountEvaluation::judge(std::size_t u, std::vector<Finding>& findings) const {
    const Unit& unit = units_[u];
    Judged judged;
    judged.key = unit.key;
    SubjectResult& result = judged.result;
    result.unit = "count";
    if (unit.empty || unit.not_areal) {
        result.note = unit.empty ? no_geometry_note() : not_areal_note();
        return judged;
    }
    const auto counted = static_cast<double>(counts_[u]);
    result.measured = counted;
    judged.margin = limits_.margin(counted);
    const bool too_many = limits_.max && counted > *limits_.max;
    const bool holds = against(limits_, counted, 0) == Outcome::holds;
    if (unit.doubtful || doubtful_[u] != 0) {
        result.note = doubtful_note();
    } else if (unit.lacking && !too_many && !(holds && !limits_.max)) {
        result.note = complete_.note(); // there may be more than the layer shows
    } else if (holds) {
        result.verdict = Verdict::pass;
    } else {
        judged.broken = true;
        Finding finding;
        finding.subject = unit.key.names();
        finding.measured = counted;
        finding.expected = too_many ? limits_.max : limits_.min;
        finding.unit = "count";
        finding.bbox = unit.box;
        findings.push_back(std::move(finding));
    }
    return judged;
}

RuleOutcome CountEvaluation::finish(ThreadTools& tools) {
    RuleResult result = begin_result(rule_);
    result.unit = "count";
    state_limits(result, limits_, "count");
    std::vector<Judged> subjects;
    for (std::size_t u = 0; u < units_.size(); ++u)
        subjects.push_back(judge(u, result.findings));
    return conclude(context_, rule_, std::move(result), std::move(subjects), layers_of(subjects_, of_), tools.issues);
}

} // namespace

std::unique_ptr<RuleEvaluation> make_count_evaluation(const Context& context, const project::Rule& rule) {
    return std::make_unique<CountEvaluation>(context, rule);
}

} // namespace corebelt::rules
