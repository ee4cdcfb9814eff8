#pragma once
/// Sums and examples of a layer's gaps and overlaps; private to reports.

#include "corebelt/geo/amount.hpp"
#include "corebelt/geo/coord.hpp"
#include "corebelt/reports/report.hpp"

#include <cstddef>
#include <cstdint>
#include <string_view>
#include <vector>

namespace corebelt::reports {

/// By width: at least the sliver width, below it, within the tolerance.
enum class MisfitSize { wide, sliver, hairline };

[[nodiscard]] MisfitSize size_of(const geo::Misfit& misfit, const LayerTopology& topology);
/// "wide", "sliver", "hairline".
[[nodiscard]] std::string_view name_of(MisfitSize size);

struct MisfitSum {
    std::uint64_t count = 0;
    geo::Amount m2;
};

/// All gaps of a layer, or all overlaps.
struct MisfitSummary {
    MisfitSum all, wide, sliver, hairline;
    MisfitSum holes;                   ///< gaps that one feature alone encloses
    double bound_m2 = 0;               ///< of the error of all.m2
    std::vector<std::size_t> greatest; ///< misfits, by area
};
[[nodiscard]] MisfitSummary summary_of(const LayerTopology& topology, bool gaps);

/// Stretches by length, the longest first.
[[nodiscard]] std::vector<std::size_t> longest_stretches(const LayerTopology& topology);

/// A place in or beside the misfit by which it is found.
[[nodiscard]] geo::XY place_of(const LayerTopology& topology, std::size_t misfit);

} // namespace corebelt::reports
