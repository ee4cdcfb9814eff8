#pragma once
/// Which of two areas comes first where each pair is to be looked at once.

#include "place_order.hpp"

#include "corebelt/geo/control_set.hpp"

#include <cstdint>
#include <vector>

namespace corebelt::rules {

/// Areas of the set, made of `shapes`, whose boxes touch that of area `of` and that come before it: larger ones by size
/// class, among equals by the set's canonical order. So a small area asks its surroundings only, and a large one asks
/// the few that are as large. Depends on geometry alone. Replaces `found`, in canonical order.
void find_earlier(const geo::ControlSet& set, const geo::Shapes& shapes, std::uint32_t of, const PlaceOrder& order,
                  std::vector<std::uint32_t>& found);

} // namespace corebelt::rules
