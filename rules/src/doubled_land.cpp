#include "doubled_land.hpp"

#include <algorithm>

namespace corebelt::rules {

DoubledLand::DoubledLand(const HeldFeatures& features, const Zones& zones, const PartMeasure& measure,
                         const Remembered& remembered, const PlaceOrder& order)
    : features_(features),
      zones_(zones),
      measure_(measure),
      remembered_(remembered),
      order_(order),
      kernel_(measure.make_kernel()) {}

geo::Overlap DoubledLand::count(geo::Overlap overlap) {
    parity_violations_ += overlap.parity_violations;
    return overlap;
}

geo::Overlap DoubledLand::with(std::uint32_t feature, const geo::ControlSet& set, const HeldKeys& keys,
                               std::uint32_t other) {
    return count(remembered_.answer<geo::Overlap>(Measure::held_overlap,
                                                  {features_.keys.each[feature], keys.each[other]},
                                                  [&] { return kernel_.overlap(features_.set[feature], set[other]); }));
}

geo::Overlap DoubledLand::with_earlier(std::uint32_t feature, const std::uint32_t* zone) {
    contents_.assign(1, features_.keys.each[feature]);
    for (const std::uint32_t other : earlier_)
        contents_.push_back(features_.keys.each[other]);
    if (zone != nullptr)
        contents_.push_back(zones_.keys.each[*zone]);
    return count(remembered_.answer<geo::Overlap>(Measure::overlap_union, contents_, [&] {
        std::vector<const geo::PreparedArea*> areas;
        for (const std::uint32_t other : earlier_)
            areas.push_back(&features_.set[other]);
        if (zone != nullptr)
            areas.push_back(&zones_.set[*zone]);
        return kernel_.overlap_union(features_.shapes[feature], areas);
    }));
}

const std::vector<DoubledLand::InZone>& DoubledLand::of(std::uint32_t feature) {
    doubled_.clear();
    if (!features_.set.has(feature))
        return doubled_;
    // Neighbours that share a boundary overlap by rounding at most.
    find_earlier(features_.set, features_.shapes, feature, order_, found_);
    earlier_.clear();
    geo::Overlap overlap;
    for (const std::uint32_t other : found_) {
        const geo::Overlap pair = with(feature, features_.set, features_.keys, other);
        if (pair.planar_m2 <= pair.bound_m2)
            continue;
        earlier_.push_back(other);
        overlap = pair;
    }
    if (earlier_.empty())
        return doubled_;
    if (earlier_.size() > 1)
        overlap = with_earlier(feature, nullptr);

    const double doubled = measure_.additive(overlap);
    const auto whole = remembered_.answer<PartMeasure::Whole>(
        Measure::part_whole, {features_.keys.each[feature]}, [&] { return measure_.whole(features_.shapes[feature]); });
    zones_.set.find(features_.shapes.box[feature], found_);
    for (const std::uint32_t zone : found_) {
        const geo::Overlap in_zone = with(feature, zones_.set, zones_.keys, zone);
        const double part = measure_.additive(in_zone);
        if (part <= 0)
            continue;
        if (measure_.is_whole(whole, in_zone)) {
            doubled_.push_back({zone, geo::Amount(doubled)});
            continue;
        }
        // |F∩Z∩E| = |F∩Z| + |F∩E| − |F∩(Z∪E)|, for the feature F, the zone Z and the earlier ones E
        const double either = measure_.additive(with_earlier(feature, &zone));
        doubled_.push_back({zone, geo::Amount(std::clamp(part + doubled - either, 0.0, std::min(part, doubled)))});
    }
    return doubled_;
}

} // namespace corebelt::rules
