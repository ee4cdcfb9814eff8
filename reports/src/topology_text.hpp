#pragma once
/// The fit of a layer's areas as lines of text; private to reports.

#include "corebelt/geo/crs.hpp"
#include "corebelt/reports/report.hpp"

#include <string>
#include <vector>

namespace corebelt::reports {

struct LabelledLine {
    Text label; ///< empty: continues the line above
    std::string text;
};
[[nodiscard]] std::vector<LabelledLine> topology_lines(const LayerTopology& topology, const geo::Crs* crs, Lang lang);

} // namespace corebelt::reports
