#pragma once
/// Polygons for tests, written in line.

#include "corebelt/geo/shapes.hpp"

#include <vector>

namespace corebelt::test {

using Ring = std::vector<geo::XY>;

/// Appends one feature whose parts are lists of rings (outer first); rings need not repeat their first vertex.
inline void add_areas(geo::Shapes& shapes, const std::vector<std::vector<Ring>>& parts) {
    for (const auto& part : parts) {
        for (const Ring& ring : part) {
            for (const geo::XY& p : ring)
                shapes.add(p);
            if (!(ring.front() == ring.back()))
                shapes.add(ring.front());
            shapes.end_ring();
        }
        shapes.end_part();
    }
    shapes.end_shape(geo::Dimension::area);
}

inline geo::Shapes polygon(const std::vector<Ring>& rings) {
    geo::Shapes shapes;
    add_areas(shapes, {rings});
    return shapes;
}

inline geo::Shapes square(double x, double y, double side) {
    return polygon({{{x, y}, {x + side, y}, {x + side, y + side}, {x, y + side}}});
}

} // namespace corebelt::test
