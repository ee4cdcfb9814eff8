#pragma once
/// Lines with a width: streets, rivers, their banks.

#include "lattice.hpp"

#include <vector>

namespace corebelt::samples {

/// A ribbon of constant width about a line.
struct Strip {
    std::vector<Vec> centre;
    double half_m = 0;
    Ring rim;
};

/// @pre two vertices at least, none repeated, no bend as tight as the ribbon is wide.
[[nodiscard]] Strip strip(std::vector<Vec> centre, double width_m);
[[nodiscard]] bool in_any(const std::vector<Strip>& strips, Vec p);

/// The line with fewer vertices, nowhere further than 0.15 m from where it was.
[[nodiscard]] std::vector<Vec> thinned(const std::vector<Vec>& line);

} // namespace corebelt::samples
