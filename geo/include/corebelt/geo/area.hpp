#pragma once
/// Areas of whole features. There is no plain area(): each function says which surface it measures on.

#include "corebelt/geo/area_form.hpp"
#include "corebelt/geo/crs.hpp"
#include "corebelt/geo/shapes.hpp"

#include <string_view>

namespace corebelt::geo {

/// How areas are measured: --area and [project] area.
enum class AreaMethod { cn2008, geodesic, planar };

[[nodiscard]] std::string_view name_of(AreaMethod method);

/// Area on the map, m²; outer rings minus holes, never negative for a valid feature.
[[nodiscard]] double planar_m2(const ShapeView& shape, const Crs& crs);

/// 图斑椭球面积 of the notice 国土调查办发〔2008〕32号, vertex by vertex, on the ellipsoid of the CRS' datum.
/// Not additive under splitting an edge; ground_m2() is. Accuracy: max(1e-4 m², 1e-12·area) against the notice.
[[nodiscard]] double official_cn2008_m2(const ShapeView& shape, const Crs& crs);

/// Ground area by AreaForm::ground: additive, agrees with the official value to a few ppm.
[[nodiscard]] double ground_m2(const ShapeView& shape, const AreaForm& ground);

/// Area with geodesic edges (Karney), m².
[[nodiscard]] double geodesic_m2(const ShapeView& shape, const Crs& crs);

/// One of the above by method. @throws Error{usage, "planar-on-degrees"} for planar on a geographic CRS.
[[nodiscard]] double whole_area_m2(const ShapeView& shape, const Crs& crs, AreaMethod method);

} // namespace corebelt::geo
