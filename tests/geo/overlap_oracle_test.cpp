#include "exact_oracle.hpp"
#include "random_areas.hpp"
#include "support/catch.hpp"

#include "corebelt/geo/overlap.hpp"

#include <array>
#include <cmath>

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
    OverlapKernel kernel(AreaForm{}, nullptr);
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

} // namespace

TEST_CASE("overlaps on small integer grids agree with exact areas", "[overlap][oracle]") {
    const XY place = GENERATE(XY{0, 0}, XY{34554000, 3456000});
    CAPTURE(place.x);
    check_grid_pairs(20260101, 5000, place);
}
