#include "corebelt/styles/land_balance.hpp"

#include "corebelt/geo/expects.hpp"

#include <algorithm>
#include <map>
#include <numeric>

namespace corebelt::styles {

namespace {

__extension__ typedef __int128 Wide;

constexpr std::int64_t units_per_hundredth_ha = 1'000'000; ///< 1e-4 m² in 0.01 ha
constexpr std::int64_t hundred_percent_2 = 10'000;

/// Sorts by code, no code last.
struct ByCode {
    bool operator()(const std::string& a, const std::string& b) const {
        if (a.empty() != b.empty())
            return b.empty();
        return a < b;
    }
};

} // namespace

std::vector<std::int64_t> reconciled(const std::vector<std::int64_t>& parts, std::int64_t whole) {
    std::vector<std::int64_t> rounded(parts.size(), 0);
    Wide sum = 0;
    for (const std::int64_t part : parts) {
        COREBELT_EXPECTS(part >= 0);
        sum += part;
    }
    if (sum == 0)
        return rounded;
    std::vector<Wide> rest(parts.size());
    std::int64_t missing = whole;
    for (std::size_t i = 0; i < parts.size(); ++i) {
        const Wide exact = static_cast<Wide>(parts[i]) * whole;
        rounded[i] = static_cast<std::int64_t>(exact / sum);
        rest[i] = exact % sum;
        missing -= rounded[i];
    }
    std::vector<std::size_t> order(parts.size());
    std::iota(order.begin(), order.end(), std::size_t{0});
    std::stable_sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) { return rest[a] > rest[b]; });
    for (std::size_t i = 0; i < order.size() && missing > 0; ++i, --missing)
        ++rounded[order[i]];
    return rounded;
}

Balance land_balance(const SceneLayer& parcels, const geo::Crs& crs, geo::AreaMethod method) {
    const layers::Batch& rows = parcels.table.rows;
    const layers::Column* column = parcels.layer.class_field.empty() ? nullptr : rows.find(parcels.layer.class_field);
    std::map<std::string, geo::Amount, ByCode> by_code;
    Balance balance;
    for (std::size_t i = 0; i < rows.size(); ++i) {
        const geo::ShapeView shape = rows.shapes[i];
        if (shape.empty() || shape.dimension() != geo::Dimension::area)
            continue;
        const geo::Amount area(geo::whole_area_m2(shape, crs, method));
        by_code[column != nullptr ? layers::to_string(column->value(i)) : std::string()] += area;
        balance.total += area;
    }
    std::vector<std::int64_t> parts;
    for (const auto& [code, area] : by_code) {
        if (area.ten_thousandths() <= 0)
            continue;
        balance.rows.push_back({code, area, 0, 0});
        parts.push_back(area.ten_thousandths());
    }
    balance.hectares_2 = (balance.total.ten_thousandths() + units_per_hundredth_ha / 2) / units_per_hundredth_ha;
    const auto hectares = reconciled(parts, balance.hectares_2);
    const auto shares = reconciled(parts, hundred_percent_2);
    for (std::size_t i = 0; i < parts.size(); ++i) {
        balance.rows[i].hectares_2 = hectares[i];
        balance.rows[i].share_2 = shares[i];
    }
    return balance;
}

} // namespace corebelt::styles
