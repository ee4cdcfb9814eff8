#pragma once
/// Pairwise amounts between two layers (CONTRACT section 4).

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

enum class Amounts { overlap, distance, shared_boundary, outside };

struct MeasureOptions {
    Amounts what = Amounts::overlap;
    bool each = true;                     ///< overlap: pairs (each), or A against the union of B (b null)
    bool nearest = false;                 ///< distance: one row per A
    double gap_m = 0;                     ///< shared-boundary
    std::string id_field, other_id_field; ///< empty: FID
    geo::AreaMethod area = geo::AreaMethod::cn2008;
    unsigned jobs = 1;
    layers::Memo* memo = nullptr; ///< measures of earlier runs; the result is the same with any and with none
    HeldMemory held;
    std::function<void(std::uint64_t done, std::uint64_t total)> progress;
    /// Steps that only larger runs have: what is done, done and total partitions.
    std::function<void(const Text& step, std::uint64_t done, std::uint64_t total)> later_progress;
};

struct MeasureRow {
    layers::Value a, b;     ///< b null for outside and for union counting
    std::int64_t value = 0; ///< counts of 1e-4 m² or 1e-4 m
};

struct MeasureResult {
    Amounts what = Amounts::overlap;
    geo::AreaMethod method = geo::AreaMethod::cn2008;
    std::string crs_label, a_source, b_source;
    std::vector<MeasureRow> rows; ///< sorted by a, b
    std::vector<layers::Issue> issues;
};

/// `b` is held, `a` is streamed; both in the CRS of A. Distances are planar in that CRS, edge to edge. Where B is more
/// than `held` allows, both sides are put aside on disk and measured place by place, with the same result; not for
/// distances, which need all of B at once.
/// @throws Error{usage, "planar-on-degrees"}; Error{stopped}; Error{output, "spill-full"}.
[[nodiscard]] MeasureResult measure(layers::BatchSource& a, layers::BatchSource& b, const MeasureOptions& options);

/// The same with a B that is in memory already.
[[nodiscard]] MeasureResult measure(layers::BatchSource& a, const layers::Table& b, const MeasureOptions& options);

} // namespace corebelt::rules
