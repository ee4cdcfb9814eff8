#pragma once
/// How the areas of one layer fit together: gaps and overlaps between them, and borders that nearly coincide.
///
/// Edges that two neighbours have in common cancel. What is left over is cut at its crossings and turned into faces;
/// how many features lie over a face follows from the edges around it. The features stay as they are.

#include "corebelt/geo/crs.hpp"
#include "corebelt/geo/shapes.hpp"

#include <cstdint>
#include <span>
#include <vector>

namespace corebelt::geo {

struct TopologyOptions {
    double tolerance_m = 0.01; ///< borders no farther apart were meant to be one line
    unsigned jobs = 1;
};

/// A connected place that is enclosed by features and covered by none, or covered by the same number of several.
struct Misfit {
    std::uint32_t depth = 0; ///< features over it: 0 for a gap, 2 or more for an overlap
    double m2 = 0;
    double bound_m2 = 0; ///< |true − m2| is at most this
    double perimeter_m = 0;
    /// Gap: the features around it. Overlap: those that cover it or a part of it. By id.
    std::vector<std::uint32_t> features;

    [[nodiscard]] bool is_gap() const { return depth == 0; }
    /// Of a strip its width; about half the radius of a disc.
    [[nodiscard]] double width_m() const { return perimeter_m > 0 ? 2 * m2 / perimeter_m : 0; }
};

/// A stretch of a feature's border that runs within the tolerance of another feature's border without being the same
/// line.
struct UnmatchedStretch {
    std::uint32_t feature = 0; ///< the one with the smaller id; the stretch lies on its border
    std::uint32_t other = 0;
    double length_m = 0;
    double distance_m = 0; ///< from the other border at no place more than this
    XY place;              ///< middle of its longest edge
};

struct Topology {
    std::vector<Misfit> misfits;             ///< gaps and overlaps: largest first, ties by geometry
    Shapes areas;                            ///< one feature a misfit
    std::vector<UnmatchedStretch> stretches; ///< by ids, then along the border
    Shapes lines;                            ///< one feature a stretch
    std::uint64_t features = 0;              ///< areas with geometry
    std::uint64_t edges = 0;                 ///< of all rings
    std::uint64_t unshared = 0;              ///< of these without an equal one of a neighbour
    /// What is narrower, or borders that are nearer to each other, cannot be told from the rounding of coordinates and
    /// is left out: two lattice steps (15 nm) and position_error_m.
    double resolution_m = 0;
    /// No border of a misfit lies farther than this from where it should: crossings are rounded to the lattice.
    double position_error_m = 0;
};

/// Areas are planar in a projected CRS, ground areas in a geographic one. The same result for any order of the features
/// and any number of threads. Features of other dimensions are left out. Takes about 8 bytes a vertex beyond the
/// coordinates, and 300 bytes for each edge that is not shared.
/// @param ids  one a feature, no two alike: they give the order.
/// @throws Error{stopped}; Error{internal, "noding"} where cutting finds no end.
/// @pre areas are as ShapeView says, coordinates rounded at the door; tolerance_m >= 0.
[[nodiscard]] Topology find_topology(const Shapes& shapes, std::span<const std::int64_t> ids, const Crs& crs,
                                     const TopologyOptions& options);

} // namespace corebelt::geo
