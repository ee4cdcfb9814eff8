/// area-match: the area that a plan declares against the one its boundary encloses.

#include "attribute.hpp"
#include "judge.hpp"
#include "subject_tallies.hpp"

#include "corebelt/geo/error.hpp"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <set>
#include <utility>

namespace corebelt::rules {

namespace {

double m2_per_unit(const std::string& unit) {
    if (unit == "ha")
        return 1e4;
    if (unit == "km2")
        return 1e6;
    if (unit == "mu")
        return 2000.0 / 3.0;
    return 1;
}

/// A number from a field; texts that are numbers count.
std::optional<double> number_of(const layers::Value& value) {
    if (const auto* integer = std::get_if<std::int64_t>(&value))
        return static_cast<double>(*integer);
    if (const auto* real = std::get_if<double>(&value))
        return std::isfinite(*real) ? std::optional(*real) : std::nullopt;
    const auto* text = std::get_if<std::string>(&value);
    if (text == nullptr)
        return std::nullopt;
    double number = 0;
    const auto [end, code] = std::from_chars(text->data(), text->data() + text->size(), number);
    if (code != std::errc() || end != text->data() + text->size() || !std::isfinite(number))
        return std::nullopt;
    return number;
}

struct Tally {
    geo::Amount planar, ellipsoidal, bound, length, declared_m2;
    std::uint64_t features = 0, declared = 0;
    std::set<std::string> names; ///< by which a table of declared areas may call the subject
    geo::Box box;
    bool empty = true, not_areal = false, doubtful = false;

    void merge(Tally&& other) {
        planar += other.planar;
        ellipsoidal += other.ellipsoidal;
        bound += other.bound;
        length += other.length;
        declared_m2 += other.declared_m2;
        features += other.features;
        declared += other.declared;
        names.merge(other.names);
        box.add(other.box);
        empty = empty && other.empty;
        not_areal = not_areal || other.not_areal;
        doubtful = doubtful || other.doubtful;
    }
};

class AreaMatchEvaluation final : public TallyingEvaluation<Tally> {
public:
    AreaMatchEvaluation(const Context& context, const project::Rule& rule)
        : TallyingEvaluation(context, rule), match_(std::get<project::AreaMatchRule>(rule.what)) {
        if (!match_.declared_field.empty())
            context.layers.want(subjects_, match_.declared_field);
    }
    [[nodiscard]] std::unique_ptr<Gatherer> gather(const PlanLayer& layer) const override;
    [[nodiscard]] RuleOutcome finish(ThreadTools& tools) override;

private:
    class Fold;
    friend class Fold;

    struct Difference {
        double m2 = 0; ///< measured − declared
        Outcome outcome = Outcome::holds;
        double margin = 0; ///< of the tighter limit, as a part of it
        bool near = false;
    };
    [[nodiscard]] Difference compare(double measured_m2, double declared_m2, double bound, double sensitivity) const;
    [[nodiscard]] std::optional<double> declared_m2(const SubjectKey& key, const Tally& tally) const;
    [[nodiscard]] Judged judge(const SubjectKey& key, Tally& tally, std::vector<Finding>& findings) const override;

    const project::AreaMatchRule& match_;
};

class AreaMatchEvaluation::Fold final : public TallyingEvaluation::Fold {
public:
    Fold(const AreaMatchEvaluation& owner, const PlanLayer& layer)
        : TallyingEvaluation::Fold(owner, layer), owner_(owner) {}

private:
    void begin(BatchView& batch) override {
        if (!owner_.match_.declared_field.empty())
            declared_ = batch.rows().find(batch.layer().layer.file_field(owner_.match_.declared_field));
    }

    Tally measure(BatchView& batch, std::size_t row) override {
        Tally tally;
        const auto shape = batch.shape(row);
        tally.features = 1;
        tally.names = {layers::to_string(batch.names().id(row)), batch.names().name(row)};
        tally.doubtful = batch.is_doubtful(row);
        tally.empty = shape.empty();
        if (declared_ != nullptr)
            if (const auto number = number_of(declared_->value(row))) {
                tally.declared_m2 = geo::Amount(*number * m2_per_unit(owner_.match_.unit));
                tally.declared = 1;
            }
        if (shape.empty())
            return tally;
        tally.box = shape.box();
        tally.not_areal = shape.dimension() != geo::Dimension::area;
        if (tally.not_areal)
            return tally;
        const auto whole = batch.tools().whole(batch.asked(row));
        tally.planar = geo::Amount(whole.m2.planar);
        tally.ellipsoidal = geo::Amount(whole.m2.ellipsoidal);
        tally.bound = geo::Amount(whole.bound_m2);
        tally.length = geo::Amount(whole.perimeter_m);
        return tally;
    }

    const AreaMatchEvaluation& owner_;
    const layers::Column* declared_ = nullptr; ///< of the batch
};

std::unique_ptr<Gatherer> AreaMatchEvaluation::gather(const PlanLayer& layer) const {
    return std::make_unique<Fold>(*this, layer);
}

AreaMatchEvaluation::Difference AreaMatchEvaluation::compare(double measured_m2, double declared_m2, double bound,
                                                             double sensitivity) const {
    Difference difference;
    difference.m2 = measured_m2 - declared_m2;
    const double off = std::abs(difference.m2);
    difference.margin = 1;
    const auto limit = [&](double limit_m2) {
        const Limits limits{std::nullopt, limit_m2};
        const Outcome outcome = against(limits, off, limit_m2 > 0 ? bound : 0);
        if (outcome == Outcome::broken || difference.outcome == Outcome::holds)
            difference.outcome = outcome;
        difference.near = difference.near || is_near(limits, off, sensitivity);
        difference.margin = std::min(difference.margin, limit_m2 > 0 ? 1 - off / limit_m2 : -off);
    };
    if (match_.max_abs_m2)
        limit(*match_.max_abs_m2);
    if (match_.max_rel)
        limit(*match_.max_rel * std::abs(declared_m2));
    if (!match_.max_abs_m2 && !match_.max_rel)
        limit(rule_.tolerance_area_m2.value_or(context_.project.tolerance.area_m2));
    return difference;
}

/// From the field, or from the rule's own table by group, name or id.
std::optional<double> AreaMatchEvaluation::declared_m2(const SubjectKey& key, const Tally& tally) const {
    if (!match_.declared_field.empty())
        return tally.declared == tally.features ? std::optional(tally.declared_m2.value()) : std::nullopt;
    for (const auto& [name, value] : match_.declared) {
        const bool meant = name == layers::to_string(key.id) ||
                           (per_ == project::Per::feature && !name.empty() && tally.names.contains(name));
        if (meant)
            return value * m2_per_unit(match_.unit);
    }
    return std::nullopt;
}

Judged AreaMatchEvaluation::judge(const SubjectKey& key, Tally& tally, std::vector<Finding>& findings) const {
    Judged judged;
    judged.key = key;
    SubjectResult& result = judged.result;
    result.unit = "m2";
    if (tally.empty || tally.not_areal) {
        result.note = tally.empty ? no_geometry_note() : not_areal_note();
        return judged;
    }
    const AreaPair area{tally.planar.value(), tally.ellipsoidal.value()};
    const double measured = context_.surfaces.by_method(area);
    result.measured = stated_m2(geo::Amount(measured));
    result.planar_m2 = stated_m2(tally.planar);
    result.ellipsoidal_m2 = stated_m2(tally.ellipsoidal);
    result.error_bound = tally.bound.value();
    result.sensitivity = coordinate_step_m * tally.length.value();
    const auto declared = declared_m2(key, tally);
    if (!declared) {
        result.note = {"no area is declared for it", "未给出申报面积"};
        return judged;
    }
    const Difference ellipsoidal = compare(area.ellipsoidal, *declared, result.error_bound, *result.sensitivity);
    const Difference planar = context_.surfaces.crs().is_projected()
                                  ? compare(area.planar, *declared, result.error_bound, *result.sensitivity)
                                  : ellipsoidal;
    const bool by_map = context_.surfaces.method() == geo::AreaMethod::planar;
    const Difference& own = by_map ? planar : ellipsoidal;
    const Difference& other = by_map ? ellipsoidal : planar;
    judged.margin = std::max(own.margin, other.margin);
    result.near_limit = own.near;

    const auto off = [](const Difference& d) { return (d.m2 >= 0 ? "+" : "") + fixed(d.m2, 2); };
    const Text both{"declared " + fixed(*declared, 2) + " m²; ellipsoidal " + off(ellipsoidal) + ", planar " +
                        off(planar) + " m²",
                    "申报 " + fixed(*declared, 2) + " 平方米；与椭球面积相差 " + off(ellipsoidal) +
                        "，与平面面积相差 " + off(planar) + " 平方米"};
    add_note(result.note, both);
    if (tally.doubtful) {
        add_note(result.note, doubtful_note());
    } else if (own.outcome == Outcome::holds || other.outcome == Outcome::holds) {
        result.verdict = Verdict::pass;
        const bool agrees_with_map = planar.outcome == Outcome::holds;
        if (ellipsoidal.outcome == Outcome::holds && agrees_with_map)
            add_note(result.note, {"agrees with both", "与两种面积均相符"});
        else if (agrees_with_map)
            add_note(result.note, {"agrees with the planar area", "与平面面积相符"});
        else
            add_note(result.note, {"agrees with the ellipsoidal area", "与椭球面积相符"});
    } else if (own.outcome == Outcome::undecided || other.outcome == Outcome::undecided) {
        add_note(result.note,
                 {"nearer to the limit than the numerical error of the method", "与限值之差小于算法数值误差"});
    } else {
        judged.broken = true;
        add_note(result.note, {"agrees with neither", "与两种面积均不相符"});
        Finding finding;
        finding.subject = key.names();
        finding.measured = *result.measured;
        finding.expected = *declared;
        finding.unit = "m2";
        finding.bbox = tally.box;
        findings.push_back(std::move(finding));
    }
    return judged;
}

RuleOutcome AreaMatchEvaluation::finish(ThreadTools& tools) {
    RuleResult result = begin_result(rule_);
    result.unit = "m2";
    result.method = geo::name_of(context_.surfaces.method());
    if (match_.max_abs_m2)
        result.threshold = Threshold{"<=", *match_.max_abs_m2, "m2"};
    if (match_.max_rel)
        (match_.max_abs_m2 ? result.threshold_max : result.threshold) = Threshold{"<=", *match_.max_rel, "ratio"};
    return conclude_all(std::move(result), {subjects_.layers.begin(), subjects_.layers.end()}, tools);
}

} // namespace

std::unique_ptr<RuleEvaluation> make_area_match_evaluation(const Context& context, const project::Rule& rule) {
    return std::make_unique<AreaMatchEvaluation>(context, rule);
}

} // namespace corebelt::rules
