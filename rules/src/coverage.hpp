#pragma once
/// Whether a layer covers the subjects of share rules without gaps and without covering land twice.

#include "evaluation.hpp"

#include <memory>
#include <string>
#include <vector>

namespace corebelt::rules {

/// Of one set of subjects by one set of layers; shared by all rules that ask.
class Coverage final : public StreamUser {
public:
    Coverage(const Context& context, Chosen subjects, std::vector<const PlanLayer*> layers);

    void prepare() override;
    [[nodiscard]] bool reads(const PlanLayer& layer) const override;
    [[nodiscard]] std::unique_ptr<Gatherer> gather(const PlanLayer& layer) const override;
    void absorb(Gatherer& gathered) override;

    struct OfFeature {
        geo::Amount doubled;   ///< land that the layers cover more than once, m², each further time counted
        geo::Amount uncovered; ///< land of the subject that they do not cover, m²
    };
    /// One for each held subject. Worked out when first asked; call after all streams.
    [[nodiscard]] const std::vector<OfFeature>& features(ThreadTools& tools);
    [[nodiscard]] const std::vector<const PlanLayer*>& layers() const { return layers_; }
    [[nodiscard]] const std::string& label() const { return label_; }

private:
    class Fold;
    const Context& context_;
    Chosen subjects_;
    std::vector<const PlanLayer*> layers_;
    std::string label_;
    std::shared_ptr<const Held> held_;
    geo::Shapes touching_;
    std::vector<geo::Amount> covered_; ///< Σ of parts, additive measure
    std::vector<OfFeature> features_;
    bool worked_out_ = false;
};

/// Equal questions are answered once.
class Coverages {
public:
    [[nodiscard]] Coverage& of(const Context& context, const Chosen& subjects, const Chosen& covering);
    [[nodiscard]] const std::vector<std::unique_ptr<Coverage>>& all() const { return coverages_; }

private:
    std::vector<std::unique_ptr<Coverage>> coverages_;
};

} // namespace corebelt::rules
