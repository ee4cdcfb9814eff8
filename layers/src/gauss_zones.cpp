#include "gauss_zones.hpp"

#include <fmt/format.h>

#include <cmath>
#include <optional>

namespace corebelt::layers {

namespace {

/// EPSG codes of one datum's Gauss–Krüger families: by zone, and by meridian (75°E, 78°E …).
struct Family {
    int three_degree_zone_base;
    int six_degree_zone_base;
    int three_degree_meridian_first;
    int six_degree_meridian_first;
};

std::optional<Family> family_of(geo::Datum datum) {
    switch (datum) {
    case geo::Datum::cgcs2000:
        return Family{4488, 4478, 4534, 4502};
    case geo::Datum::xian1980:
        return Family{2324, 2314, 2370, 2338};
    case geo::Datum::beijing1954:
        return Family{2376, 21400, 2422, 21453};
    default:
        return std::nullopt;
    }
}

} // namespace

bool is_northing_of_china(double y) {
    return y > 1.65e6 && y < 6.25e6;
}

bool is_zone(int prefix) {
    return prefix >= 13 && prefix <= 45 && prefix != 24;
}
double meridian_of_zone_deg(int zone) {
    return zone >= 25 ? 3.0 * zone : 6.0 * zone - 3.0;
}

int prefix_in(double easting) {
    return easting >= 1e7 && easting < 1e8 ? static_cast<int>(easting / 1e6) : 0;
}

std::string code_with_prefix(geo::Datum datum, int zone) {
    const auto family = family_of(datum);
    if (!family || !is_zone(zone))
        return {};
    return fmt::format("EPSG:{}", (zone >= 25 ? family->three_degree_zone_base : family->six_degree_zone_base) + zone);
}

std::string code_without_prefix(geo::Datum datum, double meridian_deg, bool three_degree) {
    const auto family = family_of(datum);
    const int step = three_degree ? 3 : 6;
    const int meridian = static_cast<int>(std::lround(meridian_deg));
    if (!family || meridian < 75 || meridian > 135 || (meridian - 75) % step != 0)
        return {};
    const int first = three_degree ? family->three_degree_meridian_first : family->six_degree_meridian_first;
    return fmt::format("EPSG:{}", first + (meridian - 75) / step);
}

} // namespace corebelt::layers
