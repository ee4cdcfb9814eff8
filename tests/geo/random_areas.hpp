#pragma once
/// Random areas for comparing the kernel with the oracle: the same on every machine for the same seed.

#include "polygons.hpp"

#include "corebelt/geo/shapes.hpp"

#include <cstdint>
#include <random>
#include <vector>

namespace corebelt::test {

class Dice {
public:
    explicit Dice(std::uint64_t seed) : engine_(seed) {}
    /// 0 … n−1.
    int below(int n) { return static_cast<int>(engine_() % static_cast<std::uint64_t>(n)); }
    /// from … to, both included.
    int between(int from, int to) { return from + below(to - from + 1); }
    /// −1 … 1.
    double signed_unit() { return static_cast<double>(static_cast<std::int64_t>(engine_())) * 0x1p-63; }
    bool one_in(int n) { return below(n) == 0; }

private:
    std::mt19937_64 engine_; // the engine is specified to the bit; the standard's distributions are not
};

/// Rings on an integer grid, closed by the caller.
using Rings = std::vector<Ring>;

/// Closed chains through random points of a grid of `side` steps: they cross themselves, run back and forth, and
/// have any winding number.
Rings random_chains(Dice& dice, int side);

/// A random set of the half-cells of a grid (squares cut along a diagonal), outlined with the set on the left: holes,
/// several parts, parts that touch in points, vertices in the middle of straight edges.
Rings random_half_cells(Dice& dice, int side);

/// A simple ring around the grid's middle, counter-clockwise, without repeated or collinear neighbours.
Rings random_star(Dice& dice, int side);

/// One of the above.
Rings random_rings(Dice& dice, int side);

/// p ↦ M·p for an integer matrix with positive determinant, the same for all features of a case.
struct GridMap {
    double xx = 1, xy = 0, yx = 0, yy = 1;
};
GridMap random_map(Dice& dice);

/// A feature of one part a ring, moved by `to` after the map; every ring starts at a random vertex.
geo::Shapes placed(Dice& dice, const Rings& rings, const GridMap& map, geo::XY to);

/// The feature with each vertex moved by up to `by` a coordinate and rounded to the lattice of 2⁻²⁷.
geo::Shapes jittered(Dice& dice, const geo::ShapeView& shape, double by);

} // namespace corebelt::test
