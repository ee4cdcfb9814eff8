#include "corebelt/geo/versions.hpp"

#include <geos_c.h>
#include <proj.h>

namespace corebelt::geo {

std::string engine_version() {
    return COREBELT_VERSION;
}

std::string geos_version() {
    return GEOSversion();
}

std::string proj_version() {
    return proj_info().version;
}

} // namespace corebelt::geo
