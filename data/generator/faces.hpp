#pragma once
/// What the faces of a site's arrangement are, and how those too small to stand alone are joined.

#include "arrangement.hpp"

#include <vector>

namespace corebelt::samples {

/// What a face is. Labels of faces are these numbers, or first_parcel and more: one a parcel.
enum class Kind { outside = -1, road, water, bank, belt, block };
constexpr int first_parcel = 4;

/// Strips along the rim become green belt; what is too small for a parcel joins the neighbour, not a road, that it
/// shares most boundary with.
void tidy(const Arrangement& plan, std::vector<int>& labels);

} // namespace corebelt::samples
