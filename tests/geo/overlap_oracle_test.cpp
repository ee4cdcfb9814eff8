#include "exact_oracle.hpp"
#include "geos_opinion.hpp"
#include "metre_form.hpp"
#include "random_areas.hpp"
#include "support/catch.hpp"
#include "support/temp_dir.hpp"

#include "corebelt/geo/overlap.hpp"
#include "corebelt/geo/validity.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdlib>
#include <optional>
#include <sstream>
#include <vector>

using namespace corebelt::geo;
using namespace corebelt::test;

namespace {

constexpr XY origin{0, 0};
constexpr XY zone_prefixed{34554000, 3456000};

/// The quad oracle's own error, far below every bound of the kernel.
constexpr double oracle_error_m2 = 1e-22;

OverlapKernel make_kernel() {
    return {metre_form(), nullptr};
}

bool agrees(const Overlap& r, const ExactArea& exact) {
    return std::abs(exact.error_of(r.planar_m2)) <= r.bound_m2 + oracle_error_m2 && r.parity_violations == 0;
}

void report(const Overlap& r, const ExactArea& exact) {
    CAPTURE(exact.nearest, r.planar_m2, exact.error_of(r.planar_m2), r.bound_m2, r.parity_violations);
    FAIL_CHECK("the kernel's area is further from the exact one than its bound");
}

/// Compares both argument orders with the oracle; says what differs. Returns true where the pair has common area.
bool check_pair(OverlapKernel& kernel, const Shapes& a, const Shapes& b, Arithmetic arithmetic = Arithmetic::quad) {
    const ExactArea exact = exact_overlap(a[0], b[0], arithmetic);
    const PreparedArea pa(a[0]);
    const PreparedArea pb(b[0]);
    for (const Overlap& r : {kernel.overlap(a[0], pb), kernel.overlap(b[0], pa)})
        if (!agrees(r, exact))
            report(r, exact);
    return exact.nearest != 0;
}

/// Compares the union with the oracle, for the B in two orders.
bool check_union(OverlapKernel& kernel, const Shapes& a, const std::vector<PreparedArea>& bs,
                 Arithmetic arithmetic = Arithmetic::quad) {
    std::vector<const PreparedArea*> order;
    std::vector<ShapeView> views;
    for (const PreparedArea& b : bs) {
        order.push_back(&b);
        views.push_back(b.shape());
    }
    const ExactArea exact = exact_overlap_union(a[0], views, arithmetic);
    for (int turn = 0; turn < 2; ++turn) {
        const Overlap r = kernel.overlap_union(a[0], order);
        if (!agrees(r, exact))
            report(r, exact);
        std::reverse(order.begin(), order.end());
    }
    return exact.nearest != 0;
}

XY moved(XY p, double dx, double dy) {
    return {p.x + dx, p.y + dy};
}

/// Pairs with shared edges, vertices on edges, holes, parts, identical and nested shapes.
std::pair<Shapes, Shapes> grid_pair(Dice& dice, XY place) {
    const GridMap map = random_map(dice);
    const Rings rings = random_rings(dice, dice.between(2, 7));
    Shapes a = placed(dice, rings, map, place);
    if (dice.one_in(6))
        return {std::move(a), placed(dice, rings, map, place)};
    if (dice.one_in(5))
        return {std::move(a), placed(dice, rings, map, moved(place, dice.between(-2, 2), dice.between(-2, 2)))};
    return {std::move(a), placed(dice, random_rings(dice, dice.between(2, 7)), map, place)};
}

/// Valid rings: a B of a union must not overlap itself.
Rings random_valid_rings(Dice& dice, int side) {
    Rings rings;
    while (rings.empty())
        rings = dice.one_in(3) ? random_star(dice, side) : random_half_cells(dice, side);
    return rings;
}

/// A and up to four B, some of them equal or moved by whole steps.
std::pair<Shapes, std::vector<PreparedArea>> grid_union(Dice& dice, XY place, bool valid_a) {
    const GridMap map = random_map(dice);
    const int side = dice.between(2, 6);
    Shapes a = placed(dice, valid_a ? random_valid_rings(dice, side) : random_rings(dice, side), map, place);
    std::vector<PreparedArea> bs;
    Rings rings;
    for (int k = dice.between(1, 4); k > 0; --k) {
        if (rings.empty() || !dice.one_in(4))
            rings = random_valid_rings(dice, dice.between(1, 6));
        const XY to = dice.one_in(3) ? place : moved(place, dice.between(-2, 3), dice.between(-2, 3));
        bs.emplace_back(placed(dice, rings, map, to)[0]);
    }
    return {std::move(a), std::move(bs)};
}

void check_grid_pairs(std::uint64_t seed, int pairs, XY place) {
    OverlapKernel kernel = make_kernel();
    int with_area = 0;
    for (int i = 0; i < pairs; ++i) {
        const std::uint64_t pair_seed = seed + static_cast<std::uint64_t>(i);
        CAPTURE(pair_seed);
        Dice dice(pair_seed);
        const auto [a, b] = grid_pair(dice, place);
        with_area += check_pair(kernel, a, b) ? 1 : 0;
    }
    CHECK(with_area > pairs / 2);
}

void check_grid_unions(std::uint64_t seed, int cases, XY place) {
    OverlapKernel kernel = make_kernel();
    int with_area = 0;
    for (int i = 0; i < cases; ++i) {
        const std::uint64_t case_seed = seed + static_cast<std::uint64_t>(i);
        CAPTURE(case_seed);
        Dice dice(case_seed);
        const auto [a, bs] = grid_union(dice, place, false);
        with_area += check_union(kernel, a, bs) ? 1 : 0;
    }
    CHECK(with_area > cases / 2);
}

/// Vertices within a few units of the last place of three points on a line, and two corners beside it: every
/// orientation is a matter of the last bits.
Shapes near_a_line(Dice& dice, XY place, double unit) {
    const std::array<double, 3> along{0.5, 12, 24};
    Ring ring;
    const int vertices = dice.between(3, 6);
    const auto steps = [&](double base) {
        // Near 12 and 24 the doubles themselves are further apart.
        const double step = unit != 0 ? unit : std::ldexp(base, -53 + (base == 0.5 ? 1 : 0));
        return dice.between(-8, 8) * step;
    };
    for (int i = 0; i < vertices; ++i) {
        if (dice.one_in(4)) {
            const bool left = dice.one_in(2);
            ring.push_back(moved(place, left ? 0 : 24, left ? 24 : 0));
            continue;
        }
        const double base = along[static_cast<std::size_t>(dice.below(3))];
        ring.push_back(moved(place, base + steps(base), base + steps(base)));
    }
    Rings rings{ring};
    return placed(dice, rings, {}, origin);
}

/// None where the feature is not valid, or so thin that its rings cannot be oriented by their areas.
std::optional<Shapes> valid_area(Shapes shapes) {
    orient(shapes, 0);
    const std::array itself{shapes[0]};
    if (find_fault(shapes[0]) || exact_overlap_union(shapes[0], itself, Arithmetic::quad).nearest <= 0)
        return std::nullopt;
    return shapes;
}

/// Base shape in metres for jittering: blocks of 50 m.
Shapes blocks(Dice& dice, const Rings& rings, XY place) {
    return placed(dice, rings, {50, 0, 0, 50}, place);
}

} // namespace

TEST_CASE("the fast oracle agrees with rational arithmetic", "[overlap][oracle]") {
    for (std::uint64_t seed = 1; seed <= 60; ++seed) {
        CAPTURE(seed);
        Dice dice(seed);
        const XY place = dice.one_in(2) ? origin : zone_prefixed;
        auto [a, b] = grid_pair(dice, place);
        if (dice.one_in(2)) {
            a = jittered(dice, a[0], 1e-3);
            b = jittered(dice, b[0], 1e-6);
        }
        const ExactArea quad = exact_overlap(a[0], b[0], Arithmetic::quad);
        const ExactArea rational = exact_overlap(a[0], b[0], Arithmetic::rational);
        CHECK(std::abs((quad.nearest - rational.nearest) + (quad.rest - rational.rest)) < oracle_error_m2);
        const std::array views{b[0]};
        const ExactArea quad_union = exact_overlap_union(a[0], views, Arithmetic::quad);
        const ExactArea rational_union = exact_overlap_union(a[0], views, Arithmetic::rational);
        CHECK(std::abs((quad_union.nearest - rational_union.nearest) + (quad_union.rest - rational_union.rest)) <
              oracle_error_m2);
    }
}

TEST_CASE("the oracle agrees with the independent one in Python", "[overlap][oracle]") {
    const auto shared = shared_folder();
    if (!shared || std::system("python3 -c '' 2>/dev/null") != 0) {
        WARN("skipped: no python3, or no shared folder with oracle/overlap_exact.py");
        return;
    }
    const auto rings_of = [](const ShapeView& shape) {
        std::string text = "[";
        for (std::size_t r = 0; r < shape.ring_count(); ++r) {
            text += r == 0 ? "[" : ",[";
            for (const XY& p : shape.ring(r))
                text += fmt::format("{}[{},{}]", &p == shape.ring(r).data() ? "" : ",", p.x, p.y);
            text += "]";
        }
        return text + "]";
    };
    std::string cases = "[";
    std::vector<ExactArea> expected;
    for (std::uint64_t seed = 1; seed <= 30; ++seed) {
        Dice dice(seed);
        const auto [a, bs] = grid_union(dice, dice.one_in(2) ? origin : zone_prefixed, true);
        std::vector<ShapeView> views;
        std::string others;
        for (const PreparedArea& b : bs) {
            others += (views.empty() ? "" : ",") + rings_of(b.shape());
            views.push_back(b.shape());
        }
        expected.push_back(exact_overlap_union(a[0], views, Arithmetic::rational));
        cases += fmt::format("{}{{\"a\":{},\"b\":[{}]}}", seed == 1 ? "" : ",", rings_of(a[0]), others);
    }
    const TempDir folder;
    write_text(folder / "cases.json", cases + "]");
    const std::string command =
        fmt::format("python3 '{}' < '{}' > '{}'", (*shared / "oracle" / "overlap_exact.py").string(),
                    folder / "cases.json", folder / "areas.txt");
    REQUIRE(std::system(command.c_str()) == 0);
    std::istringstream areas(read_text(folder / "areas.txt"));
    double area = 0;
    std::string fraction;
    for (const ExactArea& exact : expected) {
        REQUIRE(areas >> area >> fraction);
        CAPTURE(fraction);
        CHECK(area == Approx(exact.nearest).epsilon(1e-15).margin(0));
    }
}

TEST_CASE("overlaps on small integer grids agree with exact areas", "[overlap][oracle]") {
    const XY place = GENERATE(origin, zone_prefixed);
    CAPTURE(place.x);
    check_grid_pairs(20260101, 5000, place);
}

TEST_CASE("overlaps with unions on small integer grids agree with exact areas", "[overlap][oracle]") {
    const XY place = GENERATE(origin, zone_prefixed);
    CAPTURE(place.x);
    check_grid_unions(20260202, 2500, place);
}

TEST_CASE("a million overlaps on small integer grids agree with exact areas", "[overlap][oracle][long]") {
    check_grid_pairs(1000000000, 500000, origin);
    check_grid_pairs(2000000000, 500000, zone_prefixed);
    check_grid_unions(3000000000, 100000, origin);
    check_grid_unions(4000000000, 100000, zone_prefixed);
}

TEST_CASE("overlaps decided by the last bits of the coordinates agree with exact areas", "[overlap][oracle]") {
    // 0: the doubles themselves, whose differences are not exact. 2⁻²⁷ m: the lattice of the door.
    struct Place {
        XY at;
        double unit;
    };
    const Place place = GENERATE(Place{origin, 0}, Place{origin, 0x1p-27}, Place{zone_prefixed, 0x1p-27});
    CAPTURE(place.at.x, place.unit);
    OverlapKernel kernel = make_kernel();
    for (std::uint64_t seed = 1; seed <= 2500; ++seed) {
        CAPTURE(seed);
        Dice dice(seed);
        const Shapes a = near_a_line(dice, place.at, place.unit);
        const Shapes b = near_a_line(dice, place.at, place.unit);
        check_pair(kernel, a, b, dice.one_in(50) ? Arithmetic::rational : Arithmetic::quad);
    }
    int unions = 0;
    for (std::uint64_t seed = 1; seed <= 3000; ++seed) {
        CAPTURE(seed);
        Dice dice(seed);
        const Shapes a = near_a_line(dice, place.at, place.unit);
        std::vector<PreparedArea> bs;
        for (int k = dice.between(4, 8); k > 0; --k)
            if (const auto b = valid_area(near_a_line(dice, place.at, place.unit)))
                bs.emplace_back((*b)[0]);
        unions += check_union(kernel, a, bs) && bs.size() > 1 ? 1 : 0;
    }
    CHECK(unions > 1000);
}

TEST_CASE("overlaps of jittered copies agree with exact areas", "[overlap][oracle]") {
    const XY place = GENERATE(origin, zone_prefixed);
    const int exponent = GENERATE(-9, -8, -7, -6, -5, -4, -3);
    CAPTURE(place.x, exponent);
    const double by_m = std::pow(10.0, exponent);
    OverlapKernel kernel = make_kernel();
    for (std::uint64_t seed = 1; seed <= 150; ++seed) {
        CAPTURE(seed);
        Dice dice(seed);
        const Shapes base = blocks(dice, random_rings(dice, dice.between(2, 6)), place);
        const Shapes other = dice.one_in(2) ? base : blocks(dice, random_rings(dice, dice.between(2, 6)), place);
        check_pair(kernel, jittered(dice, base[0], by_m), jittered(dice, other[0], by_m));
        check_pair(kernel, base, jittered(dice, base[0], by_m));

        std::vector<PreparedArea> bs;
        const Rings star = random_star(dice, 6);
        for (int k = 0; k < 4; ++k) {
            const Rings rings = dice.one_in(2) ? star : random_valid_rings(dice, 3);
            if (const auto b = valid_area(jittered(dice, blocks(dice, rings, place)[0], by_m)))
                bs.emplace_back((*b)[0]);
        }
        check_union(kernel, base, bs);
    }
}

TEST_CASE("rotated ring starts and another order of rings stay within the bounds", "[overlap][oracle]") {
    OverlapKernel kernel = make_kernel();
    for (std::uint64_t seed = 1; seed <= 300; ++seed) {
        CAPTURE(seed);
        Dice dice(seed);
        const GridMap map = random_map(dice);
        Rings rings_a = random_rings(dice, 5);
        Rings rings_b = random_rings(dice, 5);
        const ExactArea exact = exact_overlap(placed(dice, rings_a, map, zone_prefixed)[0],
                                              placed(dice, rings_b, map, zone_prefixed)[0], Arithmetic::quad);
        for (int turn = 0; turn < 4; ++turn) {
            const Shapes a = placed(dice, rings_a, map, zone_prefixed); // each time from other vertices on
            const Shapes b = placed(dice, rings_b, map, zone_prefixed);
            const Overlap r = kernel.overlap(a[0], PreparedArea(b[0]));
            if (!agrees(r, exact))
                report(r, exact);
            std::reverse(rings_a.begin(), rings_a.end());
            std::rotate(rings_b.begin(), rings_b.begin() + 1, rings_b.end());
        }
    }
}

TEST_CASE("the length of the pieces is that of the common set, without seams", "[overlap][oracle]") {
    const XY place = GENERATE(origin, zone_prefixed);
    CAPTURE(place.x);
    OverlapKernel kernel = make_kernel();
    for (std::uint64_t seed = 1; seed <= 1000; ++seed) {
        CAPTURE(seed);
        Dice dice(seed);
        const auto [a, bs] = grid_union(dice, place, true);
        std::vector<const PreparedArea*> order;
        std::vector<ShapeView> views;
        for (const PreparedArea& b : bs) {
            order.push_back(&b);
            views.push_back(b.shape());
            const std::array one{b.shape()};
            const Overlap r = kernel.overlap(a[0], b);
            if (std::abs(r.length - overlap_length(a[0], one)) > 1e-9) {
                CAPTURE(r.length, overlap_length(a[0], one));
                FAIL_CHECK("length of a pair's pieces");
            }
        }
        const Overlap r = kernel.overlap_union(a[0], order);
        if (std::abs(r.length - overlap_length(a[0], views)) > 1e-9) {
            CAPTURE(r.length, overlap_length(a[0], views));
            FAIL_CHECK("length of a union's pieces");
        }
    }
}
