#pragma once
/// The boundaries of a layer as lines, each stretch once however many features share it.

#include "corebelt/geo/shapes.hpp"

namespace corebelt::styles {

/// Edges of all areal features, equal edges merged, chained into lines that run from junction to junction (a
/// boundary without junction becomes one closed line). The lines and their order depend on the edges alone, not on
/// the order of features, rings or vertices. Features that are not areal are left out.
[[nodiscard]] geo::Shapes boundary_lines(const geo::Shapes& shapes);

} // namespace corebelt::styles
