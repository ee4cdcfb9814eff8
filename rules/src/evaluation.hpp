#pragma once
/// How a rule is evaluated: it binds its layers, folds over the batches of those that it streams, and judges.

#include "batch_fold.hpp"
#include "plan_layers.hpp"
#include "surfaces.hpp"

#include "corebelt/geo/amount.hpp"
#include "corebelt/rules/check.hpp"

#include <compare>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace corebelt::rules {

/// What all rules of a run share. Immutable while batches are folded.
struct Context {
    const project::Project& project;
    const CheckOptions& options;
    PlanLayers& layers;
    const Surfaces& surfaces;
    const Remembered& remembered;
};

/// What a thread owns, whatever rule it works for.
struct ThreadTools {
    explicit ThreadTools(const Context& context)
        : surfaces(context.surfaces), remembered(context.remembered), kernel(context.surfaces.make_kernel()) {}
    const Surfaces& surfaces;
    const Remembered& remembered;
    geo::OverlapKernel kernel;
    KernelCounts counts;
    layers::IssueLog issues;

    [[nodiscard]] Surfaces::Whole whole(const Asked& feature) const;
    geo::Overlap overlap(const Asked& a, const Against& b, std::uint32_t i) {
        const auto overlap = uncounted_overlap(a, b, i);
        counts.add(overlap);
        return overlap;
    }
    [[nodiscard]] geo::Overlap uncounted_overlap(const Asked& a, const Against& b, std::uint32_t i);
    /// With the union of some features, in canonical order. @pre some.
    geo::Overlap overlap_union(const Asked& a, const Against& b, std::span<const std::uint32_t> found);

private:
    std::vector<layers::ContentKey> contents_;
};

/// A subject of a rule: a feature, the features of one group, or all. Sorts by layer, then id; features that share
/// an id by their boxes, so that the order in the file does not matter.
struct SubjectKey {
    std::string layer;
    layers::Value id;
    std::string name;
    geo::Box box{};
    std::int64_t fid = 0;

    [[nodiscard]] SubjectName names() const { return {layer, layers::to_string(id), name}; }
    friend bool operator<(const SubjectKey& a, const SubjectKey& b);
};

[[nodiscard]] SubjectKey subject_key(project::Per per, const project::Rule& rule, const std::string& layer,
                                     const layers::Value& id, const layers::Value& group, const std::string& name,
                                     const geo::Box& box, std::int64_t fid);
[[nodiscard]] SubjectKey subject_key(project::Per per, const project::Rule& rule, const Held& held, std::size_t i);
/// What the rule says, else the kind's default. @throws Error{usage, "no-structure"} for groups without one.
[[nodiscard]] project::Per per_of(const project::Project& project, const project::Rule& rule);

/// The part of a feature that lies in a held one.
struct Part {
    std::uint32_t row;  ///< of the batch
    std::uint32_t held; ///< feature of the held set
    AreaPair m2;
    double ground_m2; ///< additive, for comparing sums with unions
    double bound_m2;
    double length_m; ///< boundary of the part
    bool whole;      ///< the feature lies inside as a whole
};

/// A batch of one layer in the hands of one thread, with what several rules ask of it worked out once.
class BatchView {
public:
    BatchView(const PlanLayer& layer, const ReadBatch& read, const Context& context, ThreadTools& tools);

    [[nodiscard]] const PlanLayer& layer() const { return layer_; }
    [[nodiscard]] const layers::Batch& rows() const { return read_.rows; }
    [[nodiscard]] std::size_t size() const { return read_.rows.size(); }
    [[nodiscard]] geo::ShapeView shape(std::size_t row) const { return read_.rows.shapes[row]; }
    /// The shape with its key, which is worked out once.
    [[nodiscard]] Asked asked(std::size_t row);
    [[nodiscard]] const FeatureNames& names() const { return names_; }
    [[nodiscard]] bool is_doubtful(std::size_t row) const;
    [[nodiscard]] SubjectKey key(project::Per per, const project::Rule& rule, std::size_t row) const;
    /// Parts of all areal features of the batch in the held ones; shared by rules.
    [[nodiscard]] const std::vector<Part>& parts_in(const Held& held);
    [[nodiscard]] ThreadTools& tools() { return tools_; }

private:
    const PlanLayer& layer_;
    const ReadBatch& read_;
    const Context& context_;
    ThreadTools& tools_;
    FeatureNames names_;
    std::map<const Held*, std::vector<Part>> parts_;
    std::vector<std::optional<layers::ContentKey>> keys_; ///< one a row, where a memo is used
};

/// What one thread gathers for one rule from one layer.
class Gatherer {
public:
    virtual ~Gatherer() = default;
    virtual void add(BatchView& batch) = 0;
};

/// Something that needs a layer's batches.
class StreamUser {
public:
    virtual ~StreamUser() = default;
    /// Called once after the held layers were read.
    virtual void prepare() {}
    [[nodiscard]] virtual bool reads(const PlanLayer& layer) const = 0;
    [[nodiscard]] virtual std::unique_ptr<Gatherer> gather(const PlanLayer& layer) const = 0;
    /// Takes over what a thread gathered; the order of calls must not matter.
    virtual void absorb(Gatherer& gathered) = 0;
};

/// A rule's result and what it counts for in the overall verdict (waived failures do not count).
struct RuleOutcome {
    RuleResult result;
    Verdict counted = Verdict::not_applicable;
};

class RuleEvaluation : public StreamUser {
public:
    /// Called once after all streams; issues of the rule go to `tools.issues`.
    [[nodiscard]] virtual RuleOutcome finish(ThreadTools& tools) = 0;
};

/// @throws Unavailable, Error{usage}.
[[nodiscard]] std::unique_ptr<RuleEvaluation> make_overlap_evaluation(const Context&, const project::Rule&);
[[nodiscard]] std::unique_ptr<RuleEvaluation> make_area_match_evaluation(const Context&, const project::Rule&);
[[nodiscard]] std::unique_ptr<RuleEvaluation> make_boundary_evaluation(const Context&, const project::Rule&);
[[nodiscard]] std::unique_ptr<RuleEvaluation> make_count_evaluation(const Context&, const project::Rule&);
[[nodiscard]] std::unique_ptr<RuleEvaluation> make_structure_evaluation(const Context&, const project::Rule&);

class Coverages;
[[nodiscard]] std::unique_ptr<RuleEvaluation> make_share_evaluation(const Context&, const project::Rule&, Coverages&);

} // namespace corebelt::rules
