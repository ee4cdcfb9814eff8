#pragma once
/// Whether a layer is complete where a subject lies: only then does finding nothing there mean anything.

#include "evaluation.hpp"

#include <memory>
#include <vector>

namespace corebelt::rules {

/// Of the object layers of one rule. Layers that draw control lines say where they are complete (`coverage`);
/// without it absence proves nothing. Other layers are taken to be complete unless they name a coverage.
class Completeness {
public:
    Completeness(PlanLayers& layers, const Chosen& objects);
    void prepare(PlanLayers& layers);

    /// True where some object layer may be incomplete on this shape, beyond `area_m2`.
    [[nodiscard]] bool is_lacking(const Asked& feature, double area_m2, ThreadTools& tools) const;
    [[nodiscard]] const Text& note() const { return note_; }
    /// Layers of the coverages themselves.
    [[nodiscard]] std::vector<const PlanLayer*> layers() const;

private:
    bool undeclared_ = false;
    std::vector<Chosen> chosen_;
    std::vector<std::shared_ptr<const Held>> areas_;
    Text note_;
};

} // namespace corebelt::rules
