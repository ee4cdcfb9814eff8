#include "province.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <map>
#include <numbers>

namespace corebelt::bench {

using geo::XY;

namespace {

constexpr std::uint32_t tile_cells = 64;
constexpr std::array<std::string_view, 16> codes{"0101", "0102", "0103", "0201", "0301", "0305", "0404", "0601",
                                                 "0602", "0701", "0702", "1003", "1004", "1006", "1104", "1202"};

std::uint64_t mix(std::uint64_t z) { // SplitMix64's finaliser
    z += 0x9e3779b97f4a7c15ULL;
    z = (z ^ (z >> 30U)) * 0xbf58476d1ce4e5b9ULL;
    z = (z ^ (z >> 27U)) * 0x94d049bb133111ebULL;
    return z ^ (z >> 31U);
}
std::uint64_t mix(std::uint64_t seed, std::uint64_t a, std::uint64_t b, std::uint64_t c = 0) {
    return mix(mix(mix(mix(seed) ^ a) ^ b) ^ c);
}
/// Uniform in [−1, 1).
double spread(std::uint64_t bits) {
    return static_cast<double>(bits >> 11U) * 0x1p-52 - 1;
}

double to_mm(double m) {
    return std::floor(m * 1000 + 0.5) / 1000;
}
XY to_mm(XY p) {
    return {to_mm(p.x), to_mm(p.y)};
}

} // namespace

/// A star-shaped outline: radius by periodic noise in six octaves, 0.52 to 1.48 of the mean.
struct Province::Blob {
    std::uint64_t salt;
    XY centre;
    double radius_m;

    [[nodiscard]] double radius_at(double turn) const { // turn in 0..1
        constexpr std::array<std::uint32_t, 6> waves{3, 7, 17, 41, 97, 233};
        constexpr std::array<double, 6> heights{0.25, 0.12, 0.06, 0.03, 0.012, 0.005};
        double r = 1;
        for (std::size_t o = 0; o < waves.size(); ++o) {
            const double at = turn * waves[o];
            const double low = std::floor(at);
            const double t = at - low;
            const auto k = static_cast<std::uint32_t>(low) % waves[o];
            const double a = spread(mix(salt, o, k));
            const double b = spread(mix(salt, o, (k + 1) % waves[o]));
            r += heights[o] * (a + (b - a) * t * t * (3 - 2 * t));
        }
        return r * radius_m;
    }
    [[nodiscard]] XY at(double turn) const {
        const double r = radius_at(turn);
        const double angle = 2 * std::numbers::pi * turn;
        return {centre.x + r * std::cos(angle), centre.y + r * std::sin(angle)};
    }
    [[nodiscard]] bool holds(XY p) const {
        const double dx = p.x - centre.x;
        const double dy = p.y - centre.y;
        const double turn = std::atan2(dy, dx) / (2 * std::numbers::pi);
        return std::hypot(dx, dy) < radius_at(turn < 0 ? turn + 1 : turn);
    }
};

Province::Province(const ProvinceSpec& spec) : spec_(spec) {
    cells_ = static_cast<std::uint32_t>(std::ceil(std::sqrt(spec.parcels / 0.925))); // merging takes 7.5 %
    cells_ += cells_ % 2;
    tiles_across_ = (cells_ + tile_cells - 1) / tile_cells;
    controls_across_ = static_cast<std::uint32_t>(std::ceil(std::sqrt(spec.controls)));
}

XY Province::node(std::uint32_t i, std::uint32_t j) const {
    const double loose = 0.2 * spec_.cell_m;
    const bool rim_x = i == 0 || i == cells_;
    const bool rim_y = j == 0 || j == cells_;
    return to_mm({spec_.south_west.x + spec_.cell_m * i + (rim_x ? 0 : loose * spread(mix(spec_.seed, i, j, 1))),
                  spec_.south_west.y + spec_.cell_m * j + (rim_y ? 0 : loose * spread(mix(spec_.seed, i, j, 2)))});
}

/// All vertices of a side but its last: the next side begins there.
void Province::append_edge(std::uint32_t i, std::uint32_t j, bool upright, bool backwards, geo::Shapes& shapes) const {
    const XY a = node(i, j);
    const XY b = upright ? node(i, j + 1) : node(i + 1, j);
    const std::uint32_t n = spec_.edge_segments;
    const std::uint64_t salt = mix(spec_.seed, i, j, upright ? 3 : 4);
    const bool rim = upright ? i == 0 || i == cells_ : j == 0 || j == cells_;
    for (std::uint32_t step = 0; step < n; ++step) {
        const std::uint32_t k = backwards ? n - step : step;
        const double t = static_cast<double>(k) / n;
        const double off = rim || k == 0 || k == n ? 0 : 0.11 * t * (1 - t) * spread(mix(salt, k, 0));
        shapes.add(to_mm({a.x + t * (b.x - a.x) - off * (b.y - a.y), a.y + t * (b.y - a.y) + off * (b.x - a.x)}));
    }
}

bool Province::merged(std::uint32_t i, std::uint32_t j) const {
    return mix(spec_.seed, i / 2, j, 5) % 100 < 15;
}

void Province::append_tile(std::uint32_t tile, geo::Shapes& shapes, std::vector<std::string_view>& codes_out) const {
    const std::uint32_t first_i = tile % tiles_across_ * tile_cells;
    const std::uint32_t first_j = tile / tiles_across_ * tile_cells;
    for (std::uint32_t j = first_j; j < std::min(first_j + tile_cells, cells_); ++j)
        for (std::uint32_t i = first_i; i < std::min(first_i + tile_cells, cells_); ++i) {
            const bool pair = merged(i, j);
            if (pair && i % 2 == 1)
                continue;
            const std::uint32_t east = i + (pair ? 2 : 1);
            const std::size_t first = shapes.xy.size();
            for (std::uint32_t k = i; k < east; ++k)
                append_edge(k, j, false, false, shapes);
            append_edge(east, j, true, false, shapes);
            for (std::uint32_t k = east; k-- > i;)
                append_edge(k, j + 1, false, true, shapes);
            append_edge(i, j, true, true, shapes);
            shapes.add(shapes.xy[first]);
            shapes.end_ring();
            shapes.end_part();
            shapes.end_shape(geo::Dimension::area);
            codes_out.push_back(codes[mix(spec_.seed, i, j, 6) % codes.size()]);
        }
}

Province::Blob Province::blob(std::uint64_t salt, XY centre, double radius_m) const {
    return {mix(spec_.seed, salt, 7), centre, radius_m};
}

/// Centre and mean radius of a control: one in each field of a square.
std::pair<XY, double> Province::place(std::uint32_t control) const {
    const double field = side_m() / controls_across_;
    return {{spec_.south_west.x + field * (control % controls_across_ + 0.5),
             spec_.south_west.y + field * (control / controls_across_ + 0.5)},
            0.27 * field};
}

void Province::append_ring(const Blob& outline, std::uint32_t vertices, bool hole, geo::Shapes& shapes) const {
    const std::size_t first = shapes.xy.size();
    for (std::uint32_t k = 0; k < vertices; ++k) {
        const double turn = static_cast<double>(k) / vertices;
        const XY p = to_mm(outline.at(hole ? 1 - turn : turn));
        if (shapes.xy.size() == first || !(p == shapes.xy.back()))
            shapes.add(p);
    }
    shapes.add(shapes.xy[first]);
    shapes.end_ring();
}

geo::Shapes Province::independent_controls() const {
    geo::Shapes shapes;
    const std::uint32_t outer = spec_.control_vertices * 7 / 10;
    const std::uint32_t hole = spec_.control_vertices / 10;
    for (std::uint32_t c = 0; c < spec_.controls; ++c) {
        const auto [centre, radius] = place(c);
        append_ring(blob(8 * c, centre, radius), outer, false, shapes);
        for (std::uint32_t h = 0; h < 3; ++h) {
            const double angle = 2 * std::numbers::pi * (h / 3.0 + 0.05);
            const XY middle{centre.x + 0.27 * radius * std::cos(angle), centre.y + 0.27 * radius * std::sin(angle)};
            append_ring(blob(8 * c + 1 + h, middle, 0.12 * radius), hole, true, shapes);
        }
        shapes.end_part();
        if (c % 4 == 0) {
            append_ring(blob(8 * c + 5, {centre.x + 1.6 * radius, centre.y + 1.6 * radius}, 0.15 * radius), hole, false,
                        shapes);
            shapes.end_part();
        }
        shapes.end_shape(geo::Dimension::area);
    }
    return shapes;
}

geo::Shapes Province::dissolved(bool jitter) const {
    geo::Shapes shapes;
    for (std::uint32_t c = 0; c < spec_.controls; ++c) {
        const auto [centre, radius] = place(c);
        const Blob outline = blob(8 * c, centre, radius);
        const Blob gap = blob(8 * c + 1, {centre.x + 0.27 * radius, centre.y}, 0.2 * radius);
        const auto cell_of = [&](double m, double origin) {
            return static_cast<std::uint32_t>(std::clamp((m - origin) / spec_.cell_m, 0.0, cells_ - 1.0));
        };
        const std::uint32_t west = cell_of(centre.x - 1.5 * radius, spec_.south_west.x);
        const std::uint32_t east = cell_of(centre.x + 1.5 * radius, spec_.south_west.x);
        const std::uint32_t south = cell_of(centre.y - 1.5 * radius, spec_.south_west.y);
        const std::uint32_t north = cell_of(centre.y + 1.5 * radius, spec_.south_west.y);
        const auto in = [&](std::uint32_t i, std::uint32_t j) { // underflow of i or j lands above the bounds
            if (i < west || i > east || j < south || j > north)
                return false;
            const std::uint32_t first = merged(i, j) ? i - i % 2 : i; // both cells of a parcel or none
            const XY middle{spec_.south_west.x + spec_.cell_m * (first + 0.5),
                            spec_.south_west.y + spec_.cell_m * (j + 0.5)};
            return outline.holds(middle) && !gap.holds(middle);
        };
        // Sides with the set on their left, by the node that they leave: direction 0 east, 1 north, 2 west, 3 south.
        using Node = std::pair<std::uint32_t, std::uint32_t>;
        std::map<std::pair<Node, int>, bool> sides; // → used
        for (std::uint32_t j = south > 0 ? south - 1 : 0; j <= north + 1; ++j)
            for (std::uint32_t i = west > 0 ? west - 1 : 0; i <= east + 2; ++i) {
                if (!in(i, j))
                    continue;
                if (!in(i, j - 1))
                    sides[{{i, j}, 0}] = false;
                if (!in(i + 1, j))
                    sides[{{i + 1, j}, 1}] = false;
                if (!in(i, j + 1))
                    sides[{{i + 1, j + 1}, 2}] = false;
                if (!in(i - 1, j))
                    sides[{{i, j + 1}, 3}] = false;
            }
        struct Walk {
            std::vector<std::pair<Node, int>> sides;
            bool hole;
        };
        std::vector<Walk> walks;
        for (auto& [start, used] : sides) {
            if (used)
                continue;
            Walk walk{{}, false};
            auto at = start;
            std::int64_t twice = 0;
            do {
                sides[at] = true;
                walk.sides.push_back(at);
                const Node from = at.first;
                const Node to{from.first + (at.second == 0 ? 1U : 0U) - (at.second == 2 ? 1U : 0U),
                              from.second + (at.second == 1 ? 1U : 0U) - (at.second == 3 ? 1U : 0U)};
                twice += static_cast<std::int64_t>(from.first) * to.second -
                         static_cast<std::int64_t>(to.first) * from.second;
                // Left first: cells that meet in a corner only stay apart.
                for (const int bend : {1, 0, 3})
                    if (const int next = (at.second + bend) % 4; sides.contains({to, next})) {
                        at = {to, next};
                        break;
                    }
            } while (at != start);
            walk.hole = twice < 0;
            walks.push_back(std::move(walk));
        }
        const auto append = [&](const Walk& walk) {
            const std::size_t first = shapes.xy.size();
            for (const auto& [from, direction] : walk.sides)
                append_edge(from.first - (direction == 2 ? 1U : 0U), from.second - (direction == 3 ? 1U : 0U),
                            direction % 2 == 1, direction > 1, shapes);
            if (jitter)
                for (std::size_t k = first; k < shapes.xy.size(); ++k) {
                    XY& p = shapes.xy[k];
                    const std::uint64_t bits = mix(spec_.seed, c, k - first, 9);
                    p = {p.x + 0.001 * spread(bits), p.y + 0.001 * spread(mix(bits))};
                }
            shapes.add(XY{shapes.xy[first]});
            shapes.end_ring();
        };
        // The largest piece takes the holes; the others are islands without.
        std::size_t largest = walks.size();
        for (std::size_t w = 0; w < walks.size(); ++w)
            if (!walks[w].hole && (largest == walks.size() || walks[w].sides.size() > walks[largest].sides.size()))
                largest = w;
        if (largest == walks.size())
            continue;
        append(walks[largest]);
        for (const Walk& walk : walks)
            if (walk.hole)
                append(walk);
        shapes.end_part();
        for (std::size_t w = 0; w < walks.size(); ++w)
            if (!walks[w].hole && w != largest) {
                append(walks[w]);
                shapes.end_part();
            }
        shapes.end_shape(geo::Dimension::area);
    }
    return shapes;
}

geo::Shapes Province::controls_of_parcels() const {
    return dissolved(false);
}
geo::Shapes Province::jittered_controls() const {
    return dissolved(true);
}

geo::Shapes Province::parks() const {
    geo::Shapes shapes;
    const auto across = static_cast<std::uint32_t>(std::ceil(std::sqrt(spec_.parks)));
    const double field = side_m() / across;
    for (std::uint32_t p = 0; p < spec_.parks; ++p) {
        const XY centre{spec_.south_west.x + field * (p % across + 0.5),
                        spec_.south_west.y + field * (p / across + 0.5)};
        const std::uint64_t parts = 1 + mix(spec_.seed, p, 10) % 4;
        for (std::uint32_t part = 0; part < parts; ++part) {
            const XY middle{centre.x + field * (part % 2 == 0 ? -0.24 : 0.24),
                            centre.y + field * (part < 2 ? -0.24 : 0.24)};
            append_ring(blob(1'000'000 + 4 * p + part, middle, 0.15 * field), static_cast<std::uint32_t>(300 / parts),
                        false, shapes);
            shapes.end_part();
        }
        shapes.end_shape(geo::Dimension::area);
    }
    return shapes;
}

} // namespace corebelt::bench
