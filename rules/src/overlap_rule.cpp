/// no-overlap and within: what of a subject lies in, or outside, the union of other features.

#include "completeness.hpp"
#include "judge.hpp"
#include "subject_tallies.hpp"

#include "corebelt/geo/error.hpp"
#include "corebelt/geo/evidence.hpp"

#include <algorithm>
#include <cmath>
#include <utility>

namespace corebelt::rules {

namespace {

/// Amounts below this are the arithmetic of boundaries that only touch; outputs count in 1e-4 m².
constexpr double nothing_m2 = 0.5e-4;
/// Slivers that add up to more than this part of the subject's area are worth a warning.
constexpr double noticeable_share = 1e-4;

struct OverlapRuleData {
    const project::Selection* object = nullptr;
    double limit_m2 = 0;
    bool within = false;
    bool each = false;
};

OverlapRuleData data_of(const project::Rule& rule) {
    if (const auto* within = std::get_if<project::WithinRule>(&rule.what))
        return {&within->object, within->max_outside_m2, true, false};
    const auto& apart = std::get<project::NoOverlapRule>(rule.what);
    return {&apart.object, apart.max_m2, false, apart.counting == project::Counting::each};
}

/// What the features of one subject add up to.
struct Tally {
    geo::Amount planar, ellipsoidal;       ///< in, or outside, the object
    geo::Amount other_m2;                  ///< by the method and the counting that the rule does not use
    geo::Amount subject_m2;                ///< by the method
    geo::Amount bound, length;             ///< m², m
    geo::Amount sliver_m2;                 ///< on the map
    std::uint64_t slivers = 0, pieces = 0; ///< pieces: those that are no slivers
    bool empty = true, not_areal = false, doubtful = false, lacking = false;
    std::vector<Finding> findings;

    void merge(Tally&& other) {
        planar += other.planar;
        ellipsoidal += other.ellipsoidal;
        other_m2 += other.other_m2;
        subject_m2 += other.subject_m2;
        bound += other.bound;
        length += other.length;
        sliver_m2 += other.sliver_m2;
        slivers += other.slivers;
        pieces += other.pieces;
        empty = empty && other.empty;
        not_areal = not_areal || other.not_areal;
        doubtful = doubtful || other.doubtful;
        lacking = lacking || other.lacking;
        std::move(other.findings.begin(), other.findings.end(), std::back_inserter(findings));
    }
};

class OverlapEvaluation final : public TallyingEvaluation<Tally> {
public:
    OverlapEvaluation(const Context& context, const project::Rule& rule)
        : TallyingEvaluation(context, rule),
          data_(data_of(rule)),
          objects_(context.layers.bind(*data_.object, true)),
          complete_(context.layers, objects_) {
        tolerance_.area_m2 = rule.tolerance_area_m2.value_or(context.project.tolerance.area_m2);
        tolerance_.length_m = rule.tolerance_length_m.value_or(context.project.tolerance.length_m);
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

    OverlapRuleData data_;
    Chosen objects_;
    Completeness complete_;
    project::Tolerance tolerance_;
    std::shared_ptr<const Held> held_;
};

/// Measures the subjects of one thread's batches.
class OverlapEvaluation::Fold final : public TallyingEvaluation::Fold {
public:
    Fold(const OverlapEvaluation& owner, const PlanLayer& layer)
        : TallyingEvaluation::Fold(owner, layer), owner_(owner) {}

private:
    using Objects = std::vector<std::uint32_t>;

    Tally measure(BatchView& batch, std::size_t row) override {
        Tally tally;
        const auto shape = batch.shape(row);
        tally.empty = shape.empty();
        tally.doubtful = batch.is_doubtful(row);
        if (shape.empty())
            return tally;
        if (shape.dimension() != geo::Dimension::area) {
            tally.not_areal = true;
            return tally;
        }
        const Held& held = *owner_.held_;
        held.areas().find(shape.box(), found_);
        std::erase_if(found_, [&](std::uint32_t i) { // a feature does not overlap itself
            return held.features()[i].layer == &batch.layer() && held.features()[i].fid == batch.rows().fid[row];
        });
        for (const std::uint32_t i : found_)
            tally.doubtful = tally.doubtful || held.features()[i].doubtful;

        const auto whole = batch.tools().whole(batch.asked(row));
        tally.subject_m2 = geo::Amount(owner_.context_.surfaces.by_method(whole.m2));
        if (owner_.data_.each)
            for (const std::uint32_t i : found_)
                measure_against({i}, batch, row, whole, tally);
        else if (owner_.data_.within || !found_.empty())
            measure_against(found_, batch, row, whole, tally);
        if (!owner_.data_.within)
            tally.other_m2 = other_counting(batch, row, whole, tally);
        // Only where nothing was found does it matter whether something could have been.
        const bool nothing_found = owner_.data_.within ? is_apart(tally, whole) : tally.pieces == 0;
        if (nothing_found)
            tally.lacking = owner_.complete_.is_lacking(batch.asked(row), owner_.tolerance_.area_m2, batch.tools());
        return tally;
    }

    /// Nothing of the subject lies in the object.
    [[nodiscard]] bool is_apart(const Tally& tally, const Surfaces::Whole& whole) const {
        const double outside = owner_.context_.surfaces.by_method({tally.planar.value(), tally.ellipsoidal.value()});
        return outside >= owner_.context_.surfaces.by_method(whole.m2) - owner_.tolerance_.area_m2;
    }

    void measure_against(const Objects& objects, BatchView& batch, std::size_t row, const Surfaces::Whole& whole,
                         Tally& tally) {
        const Surfaces& surfaces = owner_.context_.surfaces;
        const Against against = owner_.held_->against();
        geo::Overlap overlap;
        if (objects.size() == 1)
            overlap = batch.tools().overlap(batch.asked(row), against, objects[0]);
        else if (!objects.empty())
            overlap = batch.tools().overlap_union(batch.asked(row), against, objects);
        AreaPair amount = surfaces.part(whole, overlap);
        double length_m = overlap.length * whole.m_per_unit;
        if (owner_.data_.within) {
            // the boundary of the rest: at most the subject's own and that of what was taken from it
            amount = {whole.m2.planar - amount.planar, whole.m2.ellipsoidal - amount.ellipsoidal};
            length_m = objects.empty() ? whole.perimeter_m : whole.perimeter_m + length_m;
        }
        const double bound = surfaces.bound_m2(whole, overlap);
        if (surfaces.by_method(amount) <= std::max(nothing_m2, bound))
            return;
        tally.planar += geo::Amount(amount.planar);
        tally.ellipsoidal += geo::Amount(amount.ellipsoidal);
        tally.bound += geo::Amount(bound);
        tally.length += geo::Amount(length_m);
        judge_pieces(objects, batch, row, whole, amount, length_m, tally);
    }

    /// What the counting gives that the rule does not use: reports show both.
    geo::Amount other_counting(BatchView& batch, std::size_t row, const Surfaces::Whole& whole, const Tally& tally) {
        const Surfaces& surfaces = owner_.context_.surfaces;
        if (found_.size() < 2)
            return geo::Amount(surfaces.by_method({tally.planar.value(), tally.ellipsoidal.value()}));
        const Against against = owner_.held_->against();
        const auto counted = [&](const geo::Overlap& overlap) {
            const double m2 = surfaces.by_method(surfaces.part(whole, overlap));
            return m2 <= std::max(nothing_m2, surfaces.bound_m2(whole, overlap)) ? geo::Amount() : geo::Amount(m2);
        };
        if (owner_.data_.each)
            return counted(batch.tools().overlap_union(batch.asked(row), against, found_));
        geo::Amount sum;
        for (const std::uint32_t i : found_)
            sum += counted(batch.tools().overlap(batch.asked(row), against, i));
        return sum;
    }

    /// Tells slivers from findings, connected piece by connected piece.
    void judge_pieces(const Objects& objects, BatchView& batch, std::size_t row, const Surfaces::Whole& whole,
                      const AreaPair& amount, double length_m, Tally& tally) {
        const auto shape = batch.shape(row);
        std::vector<geo::ShapeView> views;
        contents_.assign(1, batch.asked(row).key);
        for (const std::uint32_t i : objects) {
            views.push_back(owner_.held_->shapes()[i]);
            contents_.push_back(owner_.held_->keys().each[i]);
        }
        const double on_map = amount.planar > 0 ? amount.planar : amount.ellipsoidal;
        std::vector<geo::Piece> pieces;
        try {
            pieces = owner_.context_.remembered.pieces(
                owner_.data_.within ? Measure::outside_pieces : Measure::overlap_pieces, contents_, [&] {
                    return owner_.data_.within ? geo::outside_pieces(shape, views) : geo::overlap_pieces(shape, views);
                });
        } catch (const Error& error) {
            // The amount stands without a picture: judged as if it were one piece.
            if (error.kind() == ErrorKind::stopped)
                throw;
            report(batch, row, "evidence-failed", error.text());
            const bool sliver =
                on_map < owner_.tolerance_.area_m2 || 2 * on_map < owner_.tolerance_.length_m * length_m;
            tally.slivers += sliver ? 1 : 0;
            tally.pieces += sliver ? 0 : 1;
            if (sliver)
                tally.sliver_m2 += geo::Amount(on_map);
            else
                add_finding(objects, batch, row, amount, geo::Shapes{}, shape.box(), tally);
            return;
        }
        geo::Amount built;
        geo::Shapes kept;
        bool any = false;
        for (const auto& piece : pieces) {
            const double piece_m2 = piece.planar_m2 * whole.m2_per_square_unit;
            built += geo::Amount(piece_m2);
            if (piece_m2 < owner_.tolerance_.area_m2 || piece.width() * whole.m_per_unit < owner_.tolerance_.length_m) {
                ++tally.slivers;
                tally.sliver_m2 += geo::Amount(piece_m2);
                continue;
            }
            ++tally.pieces;
            any = true;
            append_part(kept, piece.shape[0]);
        }
        check_evidence(batch, row, on_map, built.value());
        if (!any)
            return;
        kept.end_shape(geo::Dimension::area);
        const geo::Box box = kept.box[0];
        add_finding(objects, batch, row, amount, std::move(kept), box, tally);
    }

    static void append_part(geo::Shapes& shapes, const geo::ShapeView& piece) {
        for (std::size_t r = 0; r < piece.ring_count(); ++r) {
            for (const geo::XY p : piece.ring(r))
                shapes.add(p);
            shapes.end_ring();
        }
        shapes.end_part();
    }

    /// The picture must show what was measured; where it does not, the amount stands and the difference is named.
    static void check_evidence(BatchView& batch, std::size_t row, double measured, double built) {
        if (std::abs(measured - built) <= 0.01 + 1e-6 * measured)
            return;
        report(batch, row, "evidence-mismatch",
               {"the geometry built as evidence has " + fixed(built, 4) + " m², the measured amount is " +
                    fixed(measured, 4) + " m²; the amount stands",
                "证据图形面积为 " + fixed(built, 4) + " 平方米，量算值为 " + fixed(measured, 4) +
                    " 平方米，以量算值为准"});
    }

    static void report(BatchView& batch, std::size_t row, const char* code, Text text) {
        layers::Issue issue{code, batch.layer().key(), layers::to_string(batch.names().id(row)), {}, {}};
        issue.text = std::move(text);
        batch.tools().issues.add(std::move(issue));
    }

    void add_finding(const Objects& objects, BatchView& batch, std::size_t row, const AreaPair& amount,
                     geo::Shapes geometry, const geo::Box& box, Tally& tally) {
        Finding finding;
        finding.subject = {batch.layer().key(), layers::to_string(batch.names().id(row)), batch.names().name(row)};
        finding.object = object_of(objects, batch, row);
        finding.measured = stated_m2(geo::Amount(owner_.context_.surfaces.by_method(amount)));
        finding.expected = owner_.data_.limit_m2;
        finding.unit = "m2";
        finding.bbox = box;
        finding.geometry = std::move(geometry);
        tally.findings.push_back(std::move(finding));
    }

    /// The object, where there is exactly one.
    std::optional<SubjectName> object_of(const Objects& objects, BatchView& batch, std::size_t row) {
        if (owner_.data_.within)
            return std::nullopt;
        const Held::Feature* only = nullptr;
        for (const std::uint32_t i : objects) {
            if (objects.size() > 1 &&
                batch.tools().uncounted_overlap(batch.asked(row), owner_.held_->against(), i).planar_m2 <= nothing_m2)
                continue;
            if (only != nullptr)
                return std::nullopt;
            only = &owner_.held_->features()[i];
        }
        if (only == nullptr)
            return std::nullopt;
        return SubjectName{only->layer->key(), layers::to_string(only->id), only->name};
    }

    const OverlapEvaluation& owner_;
    std::vector<std::uint32_t> found_;
    std::vector<layers::ContentKey> contents_;
};

std::unique_ptr<Gatherer> OverlapEvaluation::gather(const PlanLayer& layer) const {
    return std::make_unique<Fold>(*this, layer);
}

Judged OverlapEvaluation::judge(const SubjectKey& key, Tally& tally, std::vector<Finding>& findings) const {
    Judged judged;
    judged.key = key;
    SubjectResult& result = judged.result;
    result.unit = "m2";
    if (tally.empty || tally.not_areal) {
        result.verdict = Verdict::undecided;
        result.note = tally.empty ? no_geometry_note() : not_areal_note();
        return judged;
    }
    const AreaPair amount{tally.planar.value(), tally.ellipsoidal.value()};
    const double measured = context_.surfaces.by_method(amount);
    result.measured = stated_m2(geo::Amount(measured));
    result.planar_m2 = stated_m2(tally.planar);
    result.ellipsoidal_m2 = stated_m2(tally.ellipsoidal);
    if (!data_.within) {
        result.union_m2 = data_.each ? stated_m2(tally.other_m2) : *result.measured;
        result.each_m2 = data_.each ? *result.measured : stated_m2(tally.other_m2);
    }
    result.error_bound = tally.bound.value();
    result.sensitivity = coordinate_step_m * tally.length.value();
    result.sliver_area_m2 = stated_m2(tally.sliver_m2);
    result.sliver_count = tally.slivers;

    const Limits limits{std::nullopt, data_.limit_m2};
    const double judged_m2 = std::max(0.0, measured - tally.sliver_m2.value());
    judged.margin = data_.limit_m2 - (tally.pieces > 0 ? judged_m2 : 0);
    Outcome outcome = Outcome::holds;
    if (data_.limit_m2 > 0) {
        outcome = against(limits, judged_m2, tally.bound.value());
        result.near_limit = is_near(limits, judged_m2, *result.sensitivity);
    } else {
        outcome = tally.pieces > 0 ? Outcome::broken : Outcome::holds;
        result.near_limit = measured > 0 && std::abs(measured - tolerance_.area_m2) <= *result.sensitivity;
    }
    result.verdict = Verdict::pass;
    if (tally.doubtful) {
        result.verdict = Verdict::undecided;
        result.note = doubtful_note();
    } else if (outcome == Outcome::undecided) {
        result.verdict = Verdict::undecided;
        result.note = {"nearer to the limit than the numerical error of the method", "与限值之差小于算法数值误差"};
    } else if (tally.lacking && (outcome == Outcome::holds || data_.within)) {
        result.verdict = Verdict::undecided;
        result.note = complete_.note();
    } else if (outcome == Outcome::broken) {
        judged.broken = true;
    } else if (tally.sliver_m2.value() > noticeable_share * tally.subject_m2.value()) {
        result.verdict = Verdict::warn;
        result.note = {"no single piece counts, but the slivers add up to " + fixed(tally.sliver_m2.value(), 2) + " m²",
                       "单个碎片均可忽略，但碎片合计 " + fixed(tally.sliver_m2.value(), 2) + " 平方米"};
    }
    if (outcome != Outcome::holds || data_.limit_m2 == 0)
        std::move(tally.findings.begin(), tally.findings.end(), std::back_inserter(findings));
    return judged;
}

RuleOutcome OverlapEvaluation::finish(ThreadTools& tools) {
    RuleResult result = begin_result(rule_);
    result.unit = "m2";
    result.method = geo::name_of(context_.surfaces.method());
    result.threshold = Threshold{"<=", data_.limit_m2, "m2"};
    return conclude_all(std::move(result), layers_of(subjects_, objects_), tools);
}

} // namespace

std::unique_ptr<RuleEvaluation> make_overlap_evaluation(const Context& context, const project::Rule& rule) {
    return std::make_unique<OverlapEvaluation>(context, rule);
}

} // namespace corebelt::rules
