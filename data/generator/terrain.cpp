#include "terrain.hpp"

#include "arrangement.hpp"
#include "noise.hpp"
#include "random.hpp"

#include <algorithm>
#include <cmath>
#include <functional>
#include <limits>
#include <stdexcept>

namespace corebelt::samples {
namespace {

constexpr double reach_m = 2300; ///< how far from the parks the surroundings are drawn

/// A field sampled on a square grid, as is needed to follow its zero line.
struct Grid {
    double step_m = 0;
    std::int64_t first_column = 0, first_row = 0;
    std::size_t columns = 0, rows = 0;
    std::vector<double> value;

    [[nodiscard]] Vec node(std::size_t c, std::size_t r) const {
        return {step_m * static_cast<double>(first_column + static_cast<std::int64_t>(c)),
                step_m * static_cast<double>(first_row + static_cast<std::int64_t>(r))};
    }
    [[nodiscard]] double at(std::size_t c, std::size_t r) const { return value[r * columns + c]; }
};

/// Where the field is positive, by marching squares; the saddle goes to the lower side.
std::vector<Polygon> positive_parts(const Grid& grid) {
    std::vector<Segment> segments;
    const auto zero = [&](std::size_t c, std::size_t r, std::size_t d, std::size_t s) {
        const double a = grid.at(c, r);
        const double b = grid.at(d, s);
        const double part = std::clamp(a / (a - b), 0.02, 0.98);
        const Vec p = grid.node(c, r);
        return rounded(p + part * (grid.node(d, s) - p));
    };
    for (std::size_t r = 0; r + 1 < grid.rows; ++r)
        for (std::size_t c = 0; c + 1 < grid.columns; ++c) {
            const bool sw = grid.at(c, r) > 0;
            const bool se = grid.at(c + 1, r) > 0;
            const bool ne = grid.at(c + 1, r + 1) > 0;
            const bool nw = grid.at(c, r + 1) > 0;
            const int corners = int{sw} + 2 * int{se} + 4 * int{ne} + 8 * int{nw};
            if (corners == 0 || corners == 15)
                continue;
            const auto south = [&] { return zero(c, r, c + 1, r); };
            const auto east = [&] { return zero(c + 1, r, c + 1, r + 1); };
            const auto north = [&] { return zero(c, r + 1, c + 1, r + 1); };
            const auto west = [&] { return zero(c, r, c, r + 1); };
            switch (corners) {
            case 1:
            case 14:
                segments.push_back({south(), west()});
                break;
            case 2:
            case 13:
                segments.push_back({south(), east()});
                break;
            case 4:
            case 11:
                segments.push_back({east(), north()});
                break;
            case 8:
            case 7:
                segments.push_back({north(), west()});
                break;
            case 3:
            case 12:
                segments.push_back({west(), east()});
                break;
            case 6:
            case 9:
                segments.push_back({south(), north()});
                break;
            case 5:
                segments.push_back({south(), west()});
                segments.push_back({east(), north()});
                break;
            default:
                segments.push_back({south(), east()});
                segments.push_back({north(), west()});
                break;
            }
        }
    const Arrangement contours(segments);
    std::vector<int> labels;
    for (const auto& face : contours.faces()) {
        const double column = face.inner.x / grid.step_m - static_cast<double>(grid.first_column);
        const double row = face.inner.y / grid.step_m - static_cast<double>(grid.first_row);
        const double fc = std::floor(column);
        const double fr = std::floor(row);
        const auto c = static_cast<std::size_t>(fc);
        const auto r = static_cast<std::size_t>(fr);
        const double south = grid.at(c, r) + (column - fc) * (grid.at(c + 1, r) - grid.at(c, r));
        const double north = grid.at(c, r + 1) + (column - fc) * (grid.at(c + 1, r + 1) - grid.at(c, r + 1));
        labels.push_back(south + (row - fr) * (north - south) > 0 ? 0 : -1);
    }
    std::vector<Polygon> result;
    for (auto& [label, polygon] : contours.unions(labels)) {
        std::erase_if(polygon.holes, [](const Ring& hole) { return twice_area_mm2(hole) > -16000000000; }); // 0.8 ha
        if (planar_m2(polygon) > 60000)
            result.push_back(std::move(polygon));
    }
    return result;
}

/// Signed distance to the nearest outline: negative inside. Beyond reach_m only a lower bound.
class Nearness {
public:
    explicit Nearness(const std::vector<Ring>& outlines) : outlines_(outlines) {
        for (const Ring& ring : outlines) {
            Frame f;
            for (const Point& p : ring) {
                f.low = {std::min(f.low.x, metres(p).x), std::min(f.low.y, metres(p).y)};
                f.high = {std::max(f.high.x, metres(p).x), std::max(f.high.y, metres(p).y)};
            }
            frames_.push_back(f);
        }
    }
    [[nodiscard]] double at(Vec p) const {
        double best = 2 * reach_m;
        for (std::size_t i = 0; i < outlines_.size(); ++i) {
            const Frame& f = frames_[i];
            const Vec off{std::max({f.low.x - p.x, p.x - f.high.x, 0.0}),
                          std::max({f.low.y - p.y, p.y - f.high.y, 0.0})};
            if (length(off) >= best)
                continue;
            const double d = distance_m(outlines_[i], p);
            best = std::min(best, inside(outlines_[i], p) ? -d : d);
        }
        return best;
    }
    [[nodiscard]] Grid grid(double step_m) const {
        Vec low{1e18, 1e18};
        Vec high{-1e18, -1e18};
        for (const Frame& f : frames_) {
            low = {std::min(low.x, f.low.x), std::min(low.y, f.low.y)};
            high = {std::max(high.x, f.high.x), std::max(high.y, f.high.y)};
        }
        const auto index = [&](double m) { return static_cast<std::int64_t>(std::floor(m / step_m)); };
        Grid g{step_m, index(low.x - reach_m) - 3, index(low.y - reach_m) - 3, 0, 0, {}};
        g.columns = static_cast<std::size_t>(index(high.x + reach_m) + 4 - g.first_column);
        g.rows = static_cast<std::size_t>(index(high.y + reach_m) + 4 - g.first_row);
        return g;
    }

private:
    struct Frame {
        Vec low{1e18, 1e18}, high{-1e18, -1e18};
    };
    const std::vector<Ring>& outlines_;
    std::vector<Frame> frames_;
};

} // namespace

Terrain make_terrain(const std::vector<Ring>& outlines, std::uint64_t seed) {
    const Nearness nearness(outlines);
    const Noise ranges(seed * 11 + 1, 3400);
    const Noise spurs(seed * 11 + 2, 1100);
    const Noise gullies(seed * 11 + 3, 380);
    const Noise rills(seed * 11 + 8, 170);
    const auto height = [&](Vec p) {
        return ranges.at(p.x, p.y) + 0.45 * spurs.at(p.x, p.y) + 0.26 * gullies.at(p.x, p.y) + 0.1 * rills.at(p.x, p.y);
    };
    const auto growth = [&](Vec p, double away) {
        return 110 + 45 * spurs.at(p.x, p.y) + 24 * gullies.at(p.x, p.y) - away;
    };
    const auto red = [&](Vec p, double away) {
        return std::min({height(p) - 0.1, (away - 320 - 80 * spurs.at(p.x, -p.y) - 60 * gullies.at(p.x, p.y)) / 600,
                         (reach_m - 350 - away + 300 * spurs.at(-p.x, p.y) + 90 * gullies.at(p.y, p.x)) / 600});
    };

    Terrain terrain;
    Grid fine = nearness.grid(60);
    Grid coarse = nearness.grid(60);
    for (std::size_t r = 0; r < fine.rows; ++r)
        for (std::size_t c = 0; c < fine.columns; ++c)
            fine.value.push_back(growth(fine.node(c, r), nearness.at(fine.node(c, r))));
    for (std::size_t r = 0; r < coarse.rows; ++r)
        for (std::size_t c = 0; c < coarse.columns; ++c)
            coarse.value.push_back(red(coarse.node(c, r), nearness.at(coarse.node(c, r))));
    terrain.growth_boundary = positive_parts(fine);
    terrain.red_line = positive_parts(coarse);

    // Fields: a bent patchwork on the flats, in clumps, with lanes between them.
    const Noise clumps(seed * 11 + 4, 900);
    const Noise bend_x(seed * 11 + 5, 1000);
    const Noise bend_y(seed * 11 + 6, 1000);
    Random random(seed * 11 + 7);
    const double tall = 96;
    const Grid patches = nearness.grid(tall);
    for (std::size_t r = 0; r < patches.rows; ++r) {
        double x = patches.node(0, r).x;
        const double end = patches.node(patches.columns - 1, r).x;
        double west_skew = 0; // neighbours share the bend of their lane
        while (x < end) {
            const double wide = random.between(55, 190);
            const double skew = random.between(-9, 9);
            const bool keep = random.chance(0.86);
            const double y = patches.node(0, r).y;
            const Vec middle{x + wide / 2, y + tall / 2};
            const double away = keep ? nearness.at(middle) : 0;
            if (keep && away > 230 && away < reach_m - 1000 && clumps.at(middle.x, middle.y) > 0.24 &&
                height(middle) < 0.04) {
                Ring field;
                const auto corner = [&](double px, double py) {
                    const Vec p{px + 120 * bend_x.at(px, py), py + 120 * bend_y.at(px, py)};
                    field.push_back(rounded(p));
                };
                const double lane = random.chance(0.3) ? 4 : 1.5;
                corner(x + lane, y + 2);
                corner(x + wide / 2, y + 2);
                corner(x + wide - lane, y + 2);
                corner(x + wide - lane + skew, y + tall / 2);
                corner(x + wide - lane, y + tall - 3);
                corner(x + wide / 2, y + tall - 3);
                corner(x + lane, y + tall - 3);
                corner(x + lane + west_skew, y + tall / 2);
                const bool clear = std::all_of(field.begin(), field.end(), [&](Point p) {
                    const double d = nearness.at(metres(p));
                    return d > 180 && red(metres(p), d) < -0.06;
                });
                if (clear)
                    terrain.fields.push_back({std::move(field), {}});
            }
            x += wide;
            west_skew = skew;
        }
    }
    return terrain;
}

} // namespace corebelt::samples
