#pragma once
/// 用地平衡: area and share of each land-use class that a sheet shows.

#include "corebelt/geo/amount.hpp"
#include "corebelt/geo/area.hpp"
#include "corebelt/styles/scene.hpp"

#include <cstdint>
#include <string>
#include <vector>

namespace corebelt::styles {

struct BalanceRow {
    std::string code;            ///< as the layer has it; empty where it has none
    geo::Amount area;            ///< m²
    std::int64_t hectares_2 = 0; ///< hundredths of a hectare, reconciled to the printed total
    std::int64_t share_2 = 0;    ///< hundredths of a percent, reconciled to 100.00 %
};

struct Balance {
    std::vector<BalanceRow> rows; ///< classes with area > 0, in code order, no code last
    geo::Amount total;
    std::int64_t hectares_2 = 0; ///< the total, half up
};

/// Whole parcels by class, by the project's way of measuring (official areas for cn2008). A layer without a class
/// field is one row without code.
[[nodiscard]] Balance land_balance(const SceneLayer& parcels, const geo::Crs& crs, geo::AreaMethod method);

/// Rounded parts that add up to `whole`: each is part · whole / Σ parts rounded down, and what is missing goes to the
/// largest remainders, ties to the earlier. @pre parts >= 0.
[[nodiscard]] std::vector<std::int64_t> reconciled(const std::vector<std::int64_t>& parts, std::int64_t whole);

} // namespace corebelt::styles
