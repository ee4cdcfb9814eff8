#include "panels.hpp"

#include "corebelt/geo/error.hpp"
#include "corebelt/geo/expects.hpp"
#include "corebelt/styles/map_scale.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>
#include <tuple>

namespace corebelt::styles {

namespace {

using geo::Box;

constexpr double margin_mm = 8; ///< adjoining land shown around the parts
constexpr double gap_mm = 2;    ///< between panels
constexpr std::size_t most_panels = 9;
constexpr double worth = 2; ///< how much larger the scale must become for another panel

double gap_between(const Box& a, const Box& b) {
    const double dx = std::max({0.0, a.min_x - b.max_x, b.min_x - a.max_x});
    const double dy = std::max({0.0, a.min_y - b.max_y, b.min_y - a.max_y});
    return std::hypot(dx, dy);
}

/// Boxes of the parts, joined step by step where they are nearest: groupings of n, n−1, …, 1 groups.
std::vector<std::vector<Box>> groupings(std::vector<Box> groups) {
    std::vector<std::vector<Box>> result;
    std::sort(groups.begin(), groups.end(), [](const Box& a, const Box& b) {
        return std::tie(a.min_x, a.min_y, a.max_x, a.max_y) < std::tie(b.min_x, b.min_y, b.max_x, b.max_y);
    });
    while (true) {
        if (groups.size() <= most_panels)
            result.push_back(groups);
        if (groups.size() == 1)
            return result;
        std::pair<std::size_t, std::size_t> nearest{0, 1};
        double least = std::numeric_limits<double>::infinity();
        for (std::size_t i = 0; i < groups.size(); ++i)
            for (std::size_t j = i + 1; j < groups.size(); ++j)
                if (const double gap = gap_between(groups[i], groups[j]); gap < least) {
                    least = gap;
                    nearest = {i, j};
                }
        groups[nearest.first].add(groups[nearest.second]);
        groups.erase(groups.begin() + static_cast<std::ptrdiff_t>(nearest.second));
    }
}

/// Rows of groups; `scale` is the least denominator / 1000 that lets them fit (map metres a millimetre).
struct Rows {
    std::vector<std::vector<Box>> rows;
    double metres_per_mm = std::numeric_limits<double>::infinity();
};

double width_of(const Box& b) {
    return b.max_x - b.min_x;
}
double height_of(const Box& b) {
    return b.max_y - b.min_y;
}

/// The least scale at which each row fits the frame's width and all rows its height.
double needed(const std::vector<std::vector<Box>>& rows, const Rect& frame, double ground_m) {
    double worst = 0, heights = 0;
    for (const auto& row : rows) {
        double widths = 0, highest = 0;
        for (const Box& b : row) {
            widths += width_of(b) * ground_m;
            highest = std::max(highest, height_of(b) * ground_m);
        }
        const auto panels = static_cast<double>(row.size());
        const double room = frame.width - 2 * margin_mm * panels - gap_mm * (panels - 1);
        worst = std::max(worst, room > 0 ? widths / room : std::numeric_limits<double>::infinity());
        heights += highest;
    }
    const auto count = static_cast<double>(rows.size());
    const double room = frame.height - 2 * margin_mm * count - gap_mm * (count - 1);
    return std::max(worst, room > 0 ? heights / room : std::numeric_limits<double>::infinity());
}

/// Groups from north to south cut into rows in every way, each row from west to east; the way with the largest scale.
Rows best_rows(std::vector<Box> groups, const Rect& frame, double ground_m) {
    std::sort(groups.begin(), groups.end(), [](const Box& a, const Box& b) {
        return std::tuple(-(a.min_y + a.max_y), a.min_x) < std::tuple(-(b.min_y + b.max_y), b.min_x);
    });
    Rows best;
    for (std::size_t cuts = 0; cuts < (std::size_t{1} << (groups.size() - 1)); ++cuts) {
        std::vector<std::vector<Box>> rows(1);
        for (std::size_t i = 0; i < groups.size(); ++i) {
            rows.back().push_back(groups[i]);
            if (i + 1 < groups.size() && (cuts >> i & 1U) != 0)
                rows.emplace_back();
        }
        for (auto& row : rows)
            std::sort(row.begin(), row.end(), [](const Box& a, const Box& b) { return a.min_x < b.min_x; });
        if (const double scale = needed(rows, frame, ground_m); scale < best.metres_per_mm * (1 - 1e-9))
            best = {rows, scale};
    }
    return best;
}

/// Panels of the rows: room is shared so that all land of a row has the same margin.
std::vector<Panel> placed(const Rows& rows, const Rect& frame, double ground_m, double metres_per_mm) {
    std::vector<Panel> panels;
    double heights = 0;
    std::vector<double> highest;
    for (const auto& row : rows.rows) {
        double high = 0;
        for (const Box& b : row)
            high = std::max(high, height_of(b) * ground_m / metres_per_mm);
        highest.push_back(high);
        heights += high;
    }
    const auto row_count = static_cast<double>(rows.rows.size());
    const double spare_y = (frame.height - gap_mm * (row_count - 1) - heights) / row_count;
    double y = frame.y;
    for (std::size_t r = 0; r < rows.rows.size(); ++r) {
        const auto& row = rows.rows[r];
        double widths = 0;
        for (const Box& b : row)
            widths += width_of(b) * ground_m / metres_per_mm;
        const auto count = static_cast<double>(row.size());
        const double spare_x = (frame.width - gap_mm * (count - 1) - widths) / count;
        double x = frame.x;
        for (const Box& b : row) {
            const Rect rect{x, y, width_of(b) * ground_m / metres_per_mm + spare_x, highest[r] + spare_y};
            panels.push_back({rect, {(b.min_x + b.max_x) / 2, (b.min_y + b.max_y) / 2}, b});
            x = rect.right() + gap_mm;
        }
        y += highest[r] + spare_y + gap_mm;
    }
    return panels;
}

/// True where no panel shows land that another panel is for.
bool apart(const Rows& rows, const Rect& frame, double ground_m, double metres_per_mm) {
    const auto panels = placed(rows, frame, ground_m, metres_per_mm);
    const double units = metres_per_mm / ground_m;
    for (const Panel& panel : panels) {
        const double half_x = panel.rect.width / 2 * units, half_y = panel.rect.height / 2 * units;
        const Box shown{panel.centre.x - half_x, panel.centre.y - half_y, panel.centre.x + half_x,
                        panel.centre.y + half_y};
        for (const Panel& other : panels)
            if (&other != &panel && shown.touches(other.land))
                return false;
    }
    return true;
}

} // namespace

PanelPlan plan_panels(const std::vector<Box>& parts, const Rect& frame, double ground_m,
                      const std::optional<double>& asked) {
    COREBELT_EXPECTS(!parts.empty());
    const auto denominator_of = [](const Rows& rows) {
        return rounded_up_scale(std::max(rows.metres_per_mm, 1e-3) * 1000);
    };
    std::optional<Rows> chosen;
    // From one panel to many; a step is taken only where it pays, and only to panels that do not show each other's
    // land.
    const auto ways = groupings(parts);
    for (auto way = ways.rbegin(); way != ways.rend(); ++way) {
        Rows rows = best_rows(*way, frame, ground_m);
        const bool wanted = asked ? chosen && chosen->metres_per_mm * 1000 > *asked
                                  : chosen && denominator_of(*chosen) >= worth * denominator_of(rows);
        if (!chosen || (wanted && apart(rows, frame, ground_m, asked.value_or(denominator_of(rows)) / 1000)))
            chosen = std::move(rows);
    }
    PanelPlan plan;
    plan.denominator = asked.value_or(denominator_of(*chosen));
    if (chosen->metres_per_mm * 1000 > plan.denominator) {
        const std::string fits = scale_text(denominator_of(*chosen)), wanted = scale_text(plan.denominator);
        throw Error(ErrorKind::usage, "scale-does-not-fit",
                    {"the land does not fit the sheet at " + wanted + "; use " + fits + " or a larger paper",
                     "按 " + wanted + " 绘制超出图幅，请改用 " + fits + " 或更大的图纸"});
    }
    plan.panels = placed(*chosen, frame, ground_m, plan.denominator / 1000);
    return plan;
}

} // namespace corebelt::styles
