#include "coverage.hpp"

#include "parallel_rows.hpp"

#include <algorithm>
#include <utility>

namespace corebelt::rules {

namespace {

/// The measure whose sums compare exactly with areas of unions: the map's, or the ground.
double additive(const Surfaces& surfaces, double planar_m2, double ground_m2) {
    return surfaces.method() == geo::AreaMethod::planar ? planar_m2 : ground_m2;
}

std::string label_of(const Chosen& subjects, const std::vector<const PlanLayer*>& layers) {
    std::string label = subjects.label;
    for (const auto* layer : layers)
        label += '\n' + layer->key();
    return label;
}

} // namespace

class Coverage::Fold final : public Gatherer {
public:
    Fold(const Coverage& owner, std::size_t features) : covered(features), owner_(owner) {}

    void add(BatchView& batch) override {
        const auto& parts = batch.parts_in(*owner_.held_);
        for (std::size_t i = 0; i < parts.size(); ++i) {
            const Part& part = parts[i];
            covered[part.held] += geo::Amount(additive(owner_.context_.surfaces, part.m2.planar, part.ground_m2));
            if (i == 0 || parts[i - 1].row != part.row)
                touching.append(batch.shape(part.row));
        }
    }

    geo::Shapes touching;
    std::vector<geo::Amount> covered;

private:
    const Coverage& owner_;
};

Coverage::Coverage(const Context& context, Chosen subjects, std::vector<const PlanLayer*> layers)
    : context_(context),
      subjects_(std::move(subjects)),
      layers_(std::move(layers)),
      label_(label_of(subjects_, layers_)) {}

void Coverage::prepare() {
    held_ = context_.layers.hold(subjects_);
    covered_.resize(held_->features().size());
}

bool Coverage::reads(const PlanLayer& layer) const {
    return std::find(layers_.begin(), layers_.end(), &layer) != layers_.end();
}

std::unique_ptr<Gatherer> Coverage::gather(const PlanLayer&) const {
    return std::make_unique<Fold>(*this, covered_.size());
}

void Coverage::absorb(Gatherer& gathered) {
    const auto& fold = static_cast<const Fold&>(gathered);
    for (std::size_t i = 0; i < covered_.size(); ++i)
        covered_[i] += fold.covered[i];
    for (std::size_t i = 0; i < fold.touching.size(); ++i)
        touching_.append(fold.touching[i]);
}

const std::vector<Coverage::OfFeature>& Coverage::features(ThreadTools& tools) {
    if (std::exchange(worked_out_, true))
        return features_;
    const Surfaces& surfaces = context_.surfaces;
    features_.resize(covered_.size());
    const geo::ControlSet covering = geo::ControlSet::prepared_when_asked(touching_);
    const auto keys = context_.remembered.keys_of(touching_);
    struct OfThread {
        ThreadTools tools;
        std::vector<std::uint32_t> found;
    };
    std::vector<OfThread> threads;
    for (unsigned job = 0; job < context_.options.jobs; ++job)
        threads.push_back({ThreadTools(context_), {}});
    each_row(features_.size(), context_.options.jobs, [&](unsigned thread, std::size_t i) {
        auto& [own, found] = threads[thread];
        const auto subject = held_->shapes()[i];
        if (subject.empty() || subject.dimension() != geo::Dimension::area)
            return;
        covering.find(subject.box(), found);
        const auto whole = own.whole(held_->asked(i));
        geo::Amount once;
        if (!found.empty()) {
            const auto overlap = own.overlap_union(held_->asked(i), {covering, keys}, found);
            once = geo::Amount(additive(surfaces, overlap.planar_m2, overlap.ground_m2));
        }
        features_[i].doubled = covered_[i] - once;
        features_[i].uncovered = geo::Amount(additive(surfaces, whole.m2.planar, whole.ellipsoidal.additive)) - once;
        for (auto* amount : {&features_[i].doubled, &features_[i].uncovered})
            if (amount->ten_thousandths() <= 0)
                *amount = geo::Amount();
    });
    for (const auto& thread : threads)
        tools.counts += thread.tools.counts;
    touching_.clear();
    return features_;
}

Coverage& Coverages::of(const Context& context, const Chosen& subjects, const Chosen& covering) {
    const std::vector<const PlanLayer*> layers(covering.layers.begin(), covering.layers.end());
    const std::string label = label_of(subjects, layers);
    for (const auto& coverage : coverages_)
        if (coverage->label() == label)
            return *coverage;
    coverages_.push_back(std::make_unique<Coverage>(context, subjects, layers));
    return *coverages_.back();
}

} // namespace corebelt::rules
