#pragma once
/// The form of a map in metres: areas are plain square units.

#include "corebelt/geo/area_form.hpp"
#include "corebelt/geo/crs.hpp"

namespace corebelt::test {

inline const geo::AreaForm& metre_form() {
    static const geo::AreaForm form = geo::AreaForm::planar(geo::Crs::parse("EPSG:4543"));
    return form;
}

} // namespace corebelt::test
