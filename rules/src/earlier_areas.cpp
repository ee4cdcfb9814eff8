#include "earlier_areas.hpp"

#include <algorithm>

namespace corebelt::rules {

void find_earlier(const geo::ControlSet& set, const geo::Shapes& shapes, std::uint32_t of, const PlaceOrder& order,
                  std::vector<std::uint32_t>& found) {
    set.find(shapes.box[of], found);
    const std::uint32_t own_class = order.size_class(shapes.box[of]);
    bool before = true;
    const auto comes_later = [&](std::uint32_t other) {
        if (other == of) {
            before = false;
            return true;
        }
        const std::uint32_t other_class = order.size_class(shapes.box[other]);
        return other_class < own_class || (other_class == own_class && !before);
    };
    std::size_t kept = 0; // in order, since `before` changes on the way
    for (const std::uint32_t other : found)
        if (!comes_later(other))
            found[kept++] = other;
    found.resize(kept);
}

} // namespace corebelt::rules
