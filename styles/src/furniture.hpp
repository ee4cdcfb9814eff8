#pragma once
/// The parts of a sheet beside the map: north arrow, scale bar, kilometre grid, stamps, title block.

#include "pen.hpp"

#include "corebelt/geo/crs.hpp"
#include "corebelt/geo/text.hpp"
#include "corebelt/project/project.hpp"
#include "corebelt/styles/map_scale.hpp"

#include <string>
#include <utility>
#include <vector>

namespace corebelt::styles {

/// Arrow within `rect`, marked as grid north.
void draw_north_arrow(const Pen& pen, const Rect& rect, Lang lang);

/// Bar with its upper left corner of labels at (x, y); about 9 mm high.
void draw_scale_bar(const Pen& pen, double x, double y, const ScaleBar& bar, Lang lang);

/// Ticks on the panel's edge and crosses inside at round kilometres. With `label_band` > 0 the kilometres are
/// written outside the panel, in a band of that width above, below and on the left.
void draw_grid(const Pen& pen, const Rect& panel, geo::XY centre, double metres_per_unit, double units_per_mm,
               double denominator, double label_band);

/// A framed red stamp with its upper left corner at (x, y); returns what it covers.
Rect draw_stamp(const Pen& pen, double x, double y, const std::string& text, double size_mm);
[[nodiscard]] Rect stamp_rect(const Pen& pen, double x, double y, const std::string& text, double size_mm);

/// Rows of (name, value) in a ruled box; the name column is as wide as it must be.
void draw_title_block(const Pen& pen, const Rect& rect, const std::vector<std::pair<std::string, std::string>>& rows);

/// 「2000国家大地坐标系，高斯-克吕格投影，3度分带，中央经线102°」, from the parameters of the CRS.
[[nodiscard]] Text crs_note(const geo::Crs& crs);

} // namespace corebelt::styles
