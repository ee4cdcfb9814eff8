#include "exact_oracle.hpp"
#include "metre_form.hpp"
#include "random_areas.hpp"
#include "support/catch.hpp"

#include "corebelt/geo/overlap.hpp"

#include <algorithm>
#include <cmath>
#include <vector>

using namespace corebelt::geo;
using namespace corebelt::test;

namespace {

/// The quad oracle's own error, far below every bound of the kernel.
constexpr double oracle_error_m2 = 1e-22;

/// Compares both argument orders with the oracle; says what differs.
void check_pair(OverlapKernel& kernel, const Shapes& a, const Shapes& b, Arithmetic arithmetic = Arithmetic::quad) {
    const ExactArea exact = exact_overlap(a[0], b[0], arithmetic);
    const PreparedArea pa(a[0]);
    const PreparedArea pb(b[0]);
    for (const Overlap& r : {kernel.overlap(a[0], pb), kernel.overlap(b[0], pa)})
        if (std::abs(exact.error_of(r.planar_m2)) > r.bound_m2 + oracle_error_m2 || r.parity_violations != 0) {
            CAPTURE(exact.nearest, r.planar_m2, exact.error_of(r.planar_m2), r.bound_m2, r.parity_violations);
            FAIL_CHECK("the kernel's area is further from the exact one than its bound");
        }
}

void check_grid_pairs(std::uint64_t seed, int pairs, XY place) {
    OverlapKernel kernel(metre_form(), nullptr);
    for (int i = 0; i < pairs; ++i) {
        const std::uint64_t pair_seed = seed + static_cast<std::uint64_t>(i);
        CAPTURE(pair_seed);
        Dice dice(pair_seed);
        const int side = dice.between(2, 7);
        const GridMap map = random_map(dice);
        const Rings rings = random_rings(dice, side);
        const Shapes a = placed(dice, rings, map, place);
        // Identical (with other ring starts), moved by whole steps, or another shape.
        const Shapes b = dice.one_in(6) ? placed(dice, rings, map, place)
                         : dice.one_in(5)
                             ? placed(dice, rings, map, {place.x + dice.between(-2, 2), place.y + dice.between(-2, 2)})
                             : placed(dice, random_rings(dice, dice.between(2, 7)), map, place);
        check_pair(kernel, a, b);
    }
}

/// Compares the union with the oracle, for the B in two orders.
void check_union(OverlapKernel& kernel, const Shapes& a, std::vector<PreparedArea>& bs) {
    std::vector<const PreparedArea*> order;
    std::vector<ShapeView> views;
    for (const PreparedArea& b : bs) {
        order.push_back(&b);
        views.push_back(b.shape());
    }
    const ExactArea exact = exact_overlap_union(a[0], views, Arithmetic::quad);
    for (int turn = 0; turn < 2; ++turn) {
        const Overlap r = kernel.overlap_union(a[0], order);
        if (std::abs(exact.error_of(r.planar_m2)) > r.bound_m2 + oracle_error_m2 || r.parity_violations != 0) {
            CAPTURE(exact.nearest, r.planar_m2, exact.error_of(r.planar_m2), r.bound_m2, r.parity_violations);
            FAIL_CHECK("the kernel's area is further from the exact one than its bound");
        }
        std::reverse(order.begin(), order.end());
    }
}

/// Valid rings: a B of a union must not overlap itself.
Rings random_valid_rings(Dice& dice, int side) {
    Rings rings;
    while (rings.empty())
        rings = dice.one_in(3) ? random_star(dice, side) : random_half_cells(dice, side);
    return rings;
}

void check_grid_unions(std::uint64_t seed, int cases, XY place) {
    OverlapKernel kernel(metre_form(), nullptr);
    for (int i = 0; i < cases; ++i) {
        const std::uint64_t case_seed = seed + static_cast<std::uint64_t>(i);
        CAPTURE(case_seed);
        Dice dice(case_seed);
        const GridMap map = random_map(dice);
        const Shapes a = placed(dice, random_rings(dice, dice.between(2, 6)), map, place);
        std::vector<PreparedArea> bs;
        Rings rings;
        for (int k = dice.between(1, 4); k > 0; --k) {
            // Again the same, moved by whole steps, or another shape.
            if (rings.empty() || !dice.one_in(4))
                rings = random_valid_rings(dice, dice.between(1, 6));
            const XY step{static_cast<double>(dice.between(-2, 3)), static_cast<double>(dice.between(-2, 3))};
            const XY to = dice.one_in(3) ? place : XY{place.x + step.x, place.y + step.y};
            bs.emplace_back(placed(dice, rings, map, to)[0]);
        }
        check_union(kernel, a, bs);
    }
}

} // namespace

TEST_CASE("overlaps on small integer grids agree with exact areas", "[overlap][oracle]") {
    const XY place = GENERATE(XY{0, 0}, XY{34554000, 3456000});
    CAPTURE(place.x);
    check_grid_pairs(20260101, 5000, place);
}

TEST_CASE("overlaps with unions on small integer grids agree with exact areas", "[overlap][oracle]") {
    const XY place = GENERATE(XY{0, 0}, XY{34554000, 3456000});
    CAPTURE(place.x);
    check_grid_unions(20260202, 5000, place);
}
