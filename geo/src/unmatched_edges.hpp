#pragma once
/// Borders of two features that run beside each other without being the same line.

#include "border_edges.hpp"
#include "metre_scale.hpp"

#include "corebelt/geo/topology.hpp"

#include <cstdint>
#include <span>
#include <vector>

namespace corebelt::geo {

/// Stretches by the ids of their features, then by where they begin; their lines in `lines`.
///
/// Running beside means: within the tolerance of an edge of the other that lies straight across and within 45° of the
/// direction, either way, over at least ten tolerances of length; what is shorter, or parts at an angle of more than
/// 6°, is a corner. Borders that are nowhere farther from each other than `resolution_m` count as one line.
[[nodiscard]] std::vector<UnmatchedStretch> unmatched_stretches(const BorderEdges& noded,
                                                                std::span<const std::int64_t> ids,
                                                                const MetreScale& scale, double tolerance_m,
                                                                double resolution_m, unsigned jobs, Shapes& lines);

} // namespace corebelt::geo
