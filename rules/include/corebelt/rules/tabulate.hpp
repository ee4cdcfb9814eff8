#pragma once
/// Area of each class in each zone (CONTRACT section 3).

#include "corebelt/geo/area.hpp"
#include "corebelt/layers/issue.hpp"
#include "corebelt/layers/source.hpp"
#include "corebelt/layers/value.hpp"
#include "corebelt/rules/held_memory.hpp"

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

namespace corebelt::layers {
class Memo;
}

namespace corebelt::rules {

struct TabulateOptions {
    std::string zone_field;      ///< empty: each feature by FID
    std::vector<std::string> by; ///< class fields of the layer; empty: one class, null
    geo::AreaMethod area = geo::AreaMethod::cn2008;
    bool coverage = false;          ///< union_covered, doubled, uncovered
    double tolerance_area_m2 = 1.0; ///< zones-overlap
    unsigned jobs = 1;
    layers::Memo* memo = nullptr; ///< measures of earlier runs; the result is the same with any and with none
    HeldMemory held;
    std::function<void(std::uint64_t done, std::uint64_t total)> progress; ///< layer features
    /// Steps that only larger runs have: what is done (a partition, a search for land covered twice), done and total.
    std::function<void(const Text& step, std::uint64_t done, std::uint64_t total)> later_progress;
};

struct ClassArea {
    std::vector<layers::Value> key; ///< one a `by` field
    std::int64_t area = 0;          ///< counts of 1e-4 m²
    std::uint64_t features = 0;
};

struct ZoneArea {
    layers::Value zone;
    std::int64_t area = 0; ///< counts of 1e-4 m²; sum over features of the same zone value
    std::int64_t covered = 0;
    std::optional<std::int64_t> union_covered; ///< --coverage
    std::vector<ClassArea> classes;            ///< sorted by key; area > 0
};

struct TabulateResult {
    geo::AreaMethod method = geo::AreaMethod::cn2008;
    std::string crs_label;
    std::string zones_source, layer_source;
    std::vector<std::string> by;
    std::vector<ZoneArea> zones; ///< sorted by zone value
    struct {
        std::uint64_t pairs = 0, cut = 0, parity_violations = 0;
    } kernel;
    std::vector<layers::Issue> issues;
};

/// Zones are held and the layer is streamed; both must be in the same CRS (the door transforms). Where the zones, or
/// with `coverage` the features that lie in them, are more than `held` allows, both sides are put aside on disk and
/// measured place by place; the result is the same.
/// @throws Error{usage, "planar-on-degrees"}; Error{stopped}; Error{output, "spill-full"}.
[[nodiscard]] TabulateResult tabulate(layers::BatchSource& zones, layers::BatchSource& layer,
                                      const TabulateOptions& options);

/// The same with zones that are in memory already.
[[nodiscard]] TabulateResult tabulate(const layers::Table& zones, layers::BatchSource& layer,
                                      const TabulateOptions& options);

} // namespace corebelt::rules
