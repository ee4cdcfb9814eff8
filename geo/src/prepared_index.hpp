#pragma once
/// What a PreparedArea holds.

#include "cell_grid.hpp"
#include "edge_tree.hpp"

#include "corebelt/geo/prepared_area.hpp"

namespace corebelt::geo {

struct PreparedArea::Index {
    Shapes store; ///< one feature
    EdgeTree tree;
    CellGrid grid;
};

} // namespace corebelt::geo
