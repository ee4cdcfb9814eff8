/// share: how much of a subject, or of some land in it, is of some kind.

#include "coverage.hpp"
#include "judge.hpp"

#include <algorithm>
#include <utility>

namespace corebelt::rules {

namespace {

/// Land in a subject that a selection names.
struct Land {
    geo::Amount m2, bound, length;

    void add(double area_m2, double bound_m2, double length_m) {
        m2 += geo::Amount(area_m2);
        bound += geo::Amount(bound_m2);
        length += geo::Amount(length_m);
    }
    void merge(const Land& other) {
        m2 += other.m2;
        bound += other.bound;
        length += other.length;
    }
};

/// A numerator and a denominator, as the rule names them.
struct Fraction {
    std::string id, title;
    Chosen of;
    std::optional<Chosen> in; ///< none: the subject's area
};

struct Sums {
    std::vector<std::pair<Land, Land>> fractions; ///< numerator, denominator
    bool doubtful = false;
};

/// The features of one subject, before anything is streamed.
struct Unit {
    SubjectKey key;
    std::vector<std::uint32_t> features;
    Land whole;
    geo::Box box;
    bool empty = true, not_areal = false, doubtful = false;
};

class ShareEvaluation final : public RuleEvaluation {
public:
    ShareEvaluation(const Context& context, const project::Rule& rule, Coverages& coverages)
        : context_(context),
          rule_(rule),
          share_(std::get<project::ShareRule>(rule.what)),
          per_(per_of(context.project, rule)),
          subjects_(context.layers.bind(rule.subject, true)) {
        const auto fraction = [&](const std::string& id, const std::string& title, const project::Selection& of,
                                  const std::optional<project::Selection>& in) {
            Fraction f{id, title, context.layers.bind(of, false), std::nullopt};
            if (in)
                f.in = context.layers.bind(*in, false);
            auto* coverage = &coverages.of(context, subjects_, f.of);
            if (std::find(coverages_.begin(), coverages_.end(), coverage) == coverages_.end())
                coverages_.push_back(coverage);
            fractions_.push_back(std::move(f));
        };
        if (share_.readings.empty())
            fraction({}, {}, share_.of.value_or(project::Selection{}), share_.in);
        for (const auto& reading : share_.readings)
            fraction(reading.id, reading.title, reading.of, reading.in);
    }

    void prepare() override {
        held_ = context_.layers.hold(subjects_);
        const ThreadTools tools(context_);
        std::map<SubjectKey, Unit> units;
        for (std::uint32_t i = 0; i < held_->features().size(); ++i) {
            const auto key = subject_key(per_, rule_, *held_, i);
            Unit& unit = units[key];
            unit.key = key;
            unit.features.push_back(i);
            unit.doubtful = unit.doubtful || held_->features()[i].doubtful;
            const auto shape = held_->shapes()[i];
            if (shape.empty())
                continue;
            unit.empty = false;
            unit.box.add(shape.box());
            if (shape.dimension() != geo::Dimension::area) {
                unit.not_areal = true;
                continue;
            }
            const auto whole = tools.whole(held_->asked(i));
            unit.whole.add(context_.surfaces.by_method(whole.m2), whole.bound_m2, whole.perimeter_m);
        }
        unit_of_.resize(held_->features().size());
        for (auto& [key, unit] : units) {
            for (const std::uint32_t i : unit.features)
                unit_of_[i] = static_cast<std::uint32_t>(units_.size());
            units_.push_back(std::move(unit));
        }
        sums_ = empty_sums();
    }

    [[nodiscard]] bool reads(const PlanLayer& layer) const override {
        return std::any_of(fractions_.begin(), fractions_.end(), [&](const Fraction& f) {
            return f.of.chooser_for(layer) != nullptr || (f.in && f.in->chooser_for(layer) != nullptr);
        });
    }
    [[nodiscard]] std::unique_ptr<Gatherer> gather(const PlanLayer& layer) const override;
    void absorb(Gatherer& gathered) override;
    [[nodiscard]] RuleOutcome finish(ThreadTools& tools) override;

private:
    class Fold;
    friend class Fold;

    [[nodiscard]] std::vector<Sums> empty_sums() const {
        return std::vector<Sums>(units_.size(), Sums{std::vector<std::pair<Land, Land>>(fractions_.size()), false});
    }
    [[nodiscard]] Judged judge(const Unit& unit, const Sums& sums, RuleResult& result, ThreadTools& tools);
    [[nodiscard]] SubjectResult measured_fraction(const Unit& unit, const Sums& sums, std::size_t f) const;
    void judge_fractions(const Unit& unit, const Sums& sums, Judged& judged, RuleResult& result) const;
    void judge_coverage(const Unit& unit, Judged& judged, ThreadTools& tools);

    const Context& context_;
    const project::Rule& rule_;
    const project::ShareRule& share_;
    project::Per per_;
    Chosen subjects_;
    std::vector<Fraction> fractions_;
    std::vector<Coverage*> coverages_;
    std::shared_ptr<const Held> held_;
    std::vector<Unit> units_;
    std::vector<std::uint32_t> unit_of_; ///< by held feature
    std::vector<Sums> sums_;             ///< by unit
};

class ShareEvaluation::Fold final : public Gatherer {
public:
    explicit Fold(const ShareEvaluation& owner) : sums(owner.empty_sums()), owner_(owner) {}

    void add(BatchView& batch) override {
        const auto& parts = batch.parts_in(*owner_.held_);
        if (parts.empty())
            return;
        for (std::size_t f = 0; f < owner_.fractions_.size(); ++f) {
            const Fraction& fraction = owner_.fractions_[f];
            if (const auto* of = fraction.of.chooser_for(batch.layer()))
                sum(batch, *of, parts, [f](Sums& s) -> Land& { return s.fractions[f].first; });
            if (const auto* in = fraction.in ? fraction.in->chooser_for(batch.layer()) : nullptr)
                sum(batch, *in, parts, [f](Sums& s) -> Land& { return s.fractions[f].second; });
        }
    }

    std::vector<Sums> sums;

private:
    template <class Which>
    void sum(BatchView& batch, const RowChooser& chooser, const std::vector<Part>& parts, Which which) {
        chooser.choose(batch.rows(), chosen_);
        for (const Part& part : parts) {
            if (chosen_[part.row] == 0)
                continue;
            Sums& unit = sums[owner_.unit_of_[part.held]];
            which(unit).add(owner_.context_.surfaces.by_method(part.m2), part.bound_m2, part.length_m);
            unit.doubtful = unit.doubtful || batch.is_doubtful(part.row);
        }
    }

    const ShareEvaluation& owner_;
    std::vector<std::uint8_t> chosen_;
};

std::unique_ptr<Gatherer> ShareEvaluation::gather(const PlanLayer&) const {
    return std::make_unique<Fold>(*this);
}

void ShareEvaluation::absorb(Gatherer& gathered) {
    const auto& fold = static_cast<const Fold&>(gathered);
    for (std::size_t u = 0; u < sums_.size(); ++u) {
        sums_[u].doubtful = sums_[u].doubtful || fold.sums[u].doubtful;
        for (std::size_t f = 0; f < fractions_.size(); ++f) {
            sums_[u].fractions[f].first.merge(fold.sums[u].fractions[f].first);
            sums_[u].fractions[f].second.merge(fold.sums[u].fractions[f].second);
        }
    }
}

SubjectResult ShareEvaluation::measured_fraction(const Unit& unit, const Sums& sums, std::size_t f) const {
    SubjectResult result;
    result.unit = "ratio";
    const Land& part = sums.fractions[f].first;
    const Land& base = fractions_[f].in ? sums.fractions[f].second : unit.whole;
    if (base.m2.ten_thousandths() <= 0)
        return result;
    const double share = part.m2.value() / base.m2.value();
    result.measured = share;
    result.error_bound = (part.bound.value() + share * base.bound.value()) / base.m2.value();
    result.sensitivity = coordinate_step_m * (part.length.value() + share * base.length.value()) / base.m2.value();
    const Limits limits{share_.min, share_.max};
    result.near_limit = is_near(limits, share, *result.sensitivity);
    switch (against(limits, share, result.error_bound)) {
    case Outcome::holds:
        result.verdict = Verdict::pass;
        break;
    case Outcome::broken:
        result.verdict = verdict_if_broken(rule_);
        break;
    case Outcome::undecided:
        result.verdict = Verdict::undecided;
        break;
    }
    return result;
}

/// All readings pass: pass; all are broken: as a broken rule; mixed: it depends on the reading.
void ShareEvaluation::judge_fractions(const Unit& unit, const Sums& sums, Judged& judged, RuleResult& result) const {
    const Limits limits{share_.min, share_.max};
    std::size_t passed = 0, broken = 0, measured = 0;
    for (std::size_t f = 0; f < fractions_.size(); ++f) {
        SubjectResult reading = measured_fraction(unit, sums, f);
        if (!reading.measured)
            reading.verdict = Verdict::not_applicable;
        else {
            ++measured;
            passed += reading.verdict == Verdict::pass ? 1 : 0;
            broken += reading.verdict == verdict_if_broken(rule_) ? 1 : 0;
        }
        if (!share_.readings.empty())
            result.readings.push_back(
                {fractions_[f].id, fractions_[f].title, unit.key.names(), reading.measured, reading.verdict});
        if (!reading.measured)
            continue;
        const double margin = limits.margin(*reading.measured);
        if (!judged.result.measured || margin < judged.margin) {
            judged.margin = margin;
            judged.result = std::move(reading);
        }
    }
    if (measured == 0) {
        judged.result.verdict = Verdict::not_applicable;
        judged.result.unit = "ratio";
        judged.result.note = {"the land that the share is taken of has no area here", "作为分母的用地在此处面积为零"};
    } else if (broken == measured) {
        judged.broken = true;
    } else if (passed == measured) {
        judged.result.verdict = Verdict::pass;
    } else if (passed + broken < measured) {
        judged.result.verdict = Verdict::undecided;
        judged.result.note = {"nearer to the limit than the numerical error of the method",
                              "与限值之差小于算法数值误差"};
    } else {
        judged.result.verdict = Verdict::warn;
        judged.result.note = {"it depends on the reading: " + std::to_string(passed) + " of " +
                                  std::to_string(measured) + " readings hold",
                              "取决于口径：" + std::to_string(measured) + " 种口径中 " + std::to_string(passed) +
                                  " 种满足"};
    }
}

void ShareEvaluation::judge_coverage(const Unit& unit, Judged& judged, ThreadTools& tools) {
    const double tolerance_m2 = rule_.tolerance_area_m2.value_or(context_.project.tolerance.area_m2);
    for (auto* coverage : coverages_) {
        geo::Amount doubled, uncovered;
        for (const std::uint32_t i : unit.features) {
            doubled += coverage->features(tools)[i].doubled;
            uncovered += coverage->features(tools)[i].uncovered;
        }
        std::string key;
        for (const auto* layer : coverage->layers())
            key += (key.empty() ? "" : ", ") + layer->key();
        if (uncovered.value() > tolerance_m2)
            add_note(judged.result.note, {fixed(uncovered.value(), 2) + " m² are not covered by layer " + key,
                                          "图层 " + key + " 未覆盖 " + fixed(uncovered.value(), 2) + " 平方米"});
        if (doubled.value() <= tolerance_m2)
            continue;
        const auto names = unit.key.names();
        layers::Issue issue{"layer-overlap", key, names.id, {}, {}};
        issue.text = {"layer " + key + " covers " + fixed(doubled.value(), 2) + " m² of " + names.id +
                          " more than once, so shares are uncertain by that much",
                      "图层 " + key + " 在 " + names.id + " 内重复覆盖 " + fixed(doubled.value(), 2) +
                          " 平方米，占比存在相应的不确定性"};
        add_note(judged.result.note, issue.text);
        tools.issues.add(std::move(issue));
        if (judged.result.verdict == Verdict::pass && !judged.broken)
            judged.result.verdict = Verdict::warn;
    }
}

Judged ShareEvaluation::judge(const Unit& unit, const Sums& sums, RuleResult& result, ThreadTools& tools) {
    Judged judged;
    judged.key = unit.key;
    judged.result.unit = "ratio";
    if (unit.empty || unit.not_areal) {
        judged.result.verdict = Verdict::undecided;
        judged.result.note = unit.empty ? no_geometry_note() : not_areal_note();
        return judged;
    }
    judge_fractions(unit, sums, judged, result);
    if (judged.broken) {
        Finding finding;
        finding.subject = unit.key.names();
        finding.measured = *judged.result.measured;
        const bool below = share_.min && *judged.result.measured < *share_.min;
        finding.expected = below ? share_.min : share_.max;
        finding.unit = "ratio";
        finding.bbox = unit.box;
        result.findings.push_back(std::move(finding));
    }
    judge_coverage(unit, judged, tools);
    if (unit.doubtful || sums.doubtful) {
        judged.broken = false;
        judged.result.verdict = Verdict::undecided;
        add_note(judged.result.note, doubtful_note());
    }
    return judged;
}

RuleOutcome ShareEvaluation::finish(ThreadTools& tools) {
    RuleResult result = begin_result(rule_);
    result.unit = "ratio";
    result.method = geo::name_of(context_.surfaces.method());
    state_limits(result, {share_.min, share_.max}, "ratio");
    std::vector<Judged> subjects;
    for (std::size_t u = 0; u < units_.size(); ++u)
        subjects.push_back(judge(units_[u], sums_[u], result, tools));
    LayerSet rests_on(subjects_.layers.begin(), subjects_.layers.end());
    for (const auto& fraction : fractions_)
        rests_on.insert(fraction.of.layers.begin(), fraction.of.layers.end());
    return conclude(context_, rule_, std::move(result), std::move(subjects), rests_on, tools.issues);
}

} // namespace

std::unique_ptr<RuleEvaluation> make_share_evaluation(const Context& context, const project::Rule& rule,
                                                      Coverages& coverages) {
    return std::make_unique<ShareEvaluation>(context, rule, coverages);
}

} // namespace corebelt::rules
