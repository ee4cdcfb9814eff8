#pragma once
/// Land that a layer covers more than once, feature by feature: each asks only those around it.

#include "earlier_areas.hpp"
#include "part_measure.hpp"
#include "zone_fold.hpp"

#include "corebelt/geo/amount.hpp"
#include "corebelt/geo/control_set.hpp"

#include <cstdint>
#include <vector>

namespace corebelt::rules {

/// Features prepared. Refers to the shapes.
struct HeldFeatures {
    HeldFeatures(const geo::Shapes& store, const Remembered& remembered)
        : shapes(store), set(geo::ControlSet::prepared_when_asked(store)), keys(remembered.keys_of(store)) {}
    const geo::Shapes& shapes;
    geo::ControlSet set;
    HeldKeys keys;
};

/// Each feature answers for the land that earlier ones (find_earlier()) cover too. Added over all features that is
/// the sum of their areas less the area of their union, in every zone, and no question reaches farther than a
/// feature's own surroundings. One a thread; must not outlive what it is given.
class DoubledLand {
public:
    DoubledLand(const HeldFeatures& features, const Zones& zones, const PartMeasure& measure,
                const Remembered& remembered, const PlaceOrder& order);

    struct InZone {
        std::uint32_t zone; ///< in the set of zones
        geo::Amount m2;     ///< by the kernel's measure
    };
    /// What this feature doubles in each zone; valid until the next call.
    [[nodiscard]] const std::vector<InZone>& of(std::uint32_t feature);
    [[nodiscard]] std::uint64_t parity_violations() const { return parity_violations_; }

private:
    [[nodiscard]] geo::Overlap count(geo::Overlap overlap);
    /// With another feature or zone.
    [[nodiscard]] geo::Overlap with(std::uint32_t feature, const geo::ControlSet& set, const HeldKeys& keys,
                                    std::uint32_t other);
    /// With the earlier ones, and the zone where there is one.
    [[nodiscard]] geo::Overlap with_earlier(std::uint32_t feature, const std::uint32_t* zone);

    const HeldFeatures& features_;
    const Zones& zones_;
    const PartMeasure& measure_;
    const Remembered& remembered_;
    const PlaceOrder& order_;
    geo::OverlapKernel kernel_;
    std::uint64_t parity_violations_ = 0;
    std::vector<std::uint32_t> found_;
    std::vector<std::uint32_t> earlier_;
    std::vector<layers::ContentKey> contents_;
    std::vector<InZone> doubled_;
};

} // namespace corebelt::rules
