#pragma once
/// Rules that add up their subjects' features one by one and then judge each subject: one tally a subject.

#include "judge.hpp"

#include <map>
#include <memory>
#include <utility>
#include <vector>

namespace corebelt::rules {

/// `Tally` is what the features of one subject add up to; it has merge(Tally&&), whose order must not matter.
template <class Tally>
class TallyingEvaluation : public RuleEvaluation {
public:
    [[nodiscard]] bool reads(const PlanLayer& layer) const override { return subjects_.chooser_for(layer) != nullptr; }
    void absorb(Gatherer& gathered) override {
        for (auto& [key, tally] : static_cast<Fold&>(gathered).tallies_)
            tallies_[key].merge(std::move(tally));
    }

protected:
    /// Measures the subjects of one thread's batches.
    class Fold : public Gatherer {
    public:
        Fold(const TallyingEvaluation& owner, const PlanLayer& layer)
            : tallying_(owner), chooser_(*owner.subjects_.chooser_for(layer)) {}

        void add(BatchView& batch) override {
            std::vector<std::uint8_t> chosen;
            chooser_.choose(batch.rows(), chosen);
            begin(batch);
            for (std::size_t row = 0; row < batch.size(); ++row)
                if (chosen[row] != 0)
                    tallies_[batch.key(tallying_.per_, tallying_.rule_, row)].merge(measure(batch, row));
        }

    private:
        friend class TallyingEvaluation;
        /// Before the rows of a batch: to find columns.
        virtual void begin(BatchView& /*batch*/) {}
        [[nodiscard]] virtual Tally measure(BatchView& batch, std::size_t row) = 0;

        const TallyingEvaluation& tallying_;
        const RowChooser& chooser_;
        std::map<SubjectKey, Tally> tallies_;
    };

    TallyingEvaluation(const Context& context, const project::Rule& rule)
        : context_(context),
          rule_(rule),
          per_(per_of(context.project, rule)),
          subjects_(context.layers.bind(rule.subject, false)) {}

    /// Judges every subject and the rule; `result` has what the rule says before anything is measured.
    [[nodiscard]] RuleOutcome conclude_all(RuleResult result, const LayerSet& rests_on, ThreadTools& tools) {
        std::vector<Judged> judged;
        judged.reserve(tallies_.size());
        for (auto& [key, tally] : tallies_)
            judged.push_back(judge(key, tally, result.findings));
        return conclude(context_, rule_, std::move(result), std::move(judged), rests_on, tools.issues);
    }

    const Context& context_;
    const project::Rule& rule_;
    project::Per per_;
    Chosen subjects_;

private:
    /// May take the findings out of the tally, which is not used again.
    [[nodiscard]] virtual Judged judge(const SubjectKey& key, Tally& tally, std::vector<Finding>& findings) const = 0;

    std::map<SubjectKey, Tally> tallies_;
};

} // namespace corebelt::rules
