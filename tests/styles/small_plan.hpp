#pragma once
/// A plan small enough to check by hand: parcels of 100 m, a zone round them, a red line beside them, in EPSG:4543.

#include "corebelt/styles/scene.hpp"

#include <string>
#include <vector>

namespace corebelt::test {

/// Lower left corner of the zone.
inline constexpr double plan_east = 550000, plan_north = 2690000;

/// 10 × 10 parcels of 1 ha, by rows: 60 of 1001, 20 of 1401, 15 of 1207, 5 of 0901; one zone of 1 km²; one red line to
/// the east; planar areas. `order` is a permutation seed for the features; 0 leaves them.
[[nodiscard]] styles::Scene small_plan(unsigned order = 0);

/// A field of farmland (hatched) west of the zone.
void add_farmland(styles::Scene& scene);

} // namespace corebelt::test
