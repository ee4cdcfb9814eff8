#pragma once
/// What a PreparedArea holds.

#include "cell_grid.hpp"
#include "edge_tree.hpp"

#include "corebelt/geo/prepared_area.hpp"

namespace corebelt::geo {

struct PreparedArea::Index {
    explicit Index(const ShapeView& of) : shape(of) {}
    Shapes own; ///< the feature, where it is kept as a copy
    ShapeView shape;
    EdgeTree tree;
    CellGrid grid;
};

} // namespace corebelt::geo
