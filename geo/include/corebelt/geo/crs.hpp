#pragma once
/// Coordinate reference systems, known by their parameters and never by their names.

#include "corebelt/geo/coord.hpp"

#include <memory>
#include <optional>
#include <string>
#include <utility>

namespace corebelt::geo {

enum class Datum { cgcs2000, xian1980, beijing1954, wgs84, other };

struct Ellipsoid {
    double semi_major_m = 0;
    double inverse_flattening = 0;
};

/// A transverse Mercator system as Chinese surveys use it (Gauss–Krüger).
struct GaussKrueger {
    double central_meridian_deg = 0;
    double false_easting_m = 500000; ///< with the zone prefix where there is one: 34 500 000
    double false_northing_m = 0;
    double scale = 1;
    double latitude_of_origin_deg = 0;
    std::optional<int> zone_prefix; ///< 34 where eastings carry it, else none
    bool three_degree = true;       ///< strip width, judged from the meridian and the prefix
};

/// Immutable, cheap to copy. Axis order is easting/longitude first whatever the authority says.
class Crs {
public:
    /// Parses "EPSG:4543", WKT, PROJJSON or a PROJ string.
    /// @throws Error{usage, "bad-crs"} with PROJ's own reason.
    [[nodiscard]] static Crs parse(const std::string& definition);

    [[nodiscard]] bool is_geographic() const;
    [[nodiscard]] bool is_projected() const;
    /// Metres per unit of a projected axis (1 for metres, 0.3048… for feet); 1 for geographic.
    [[nodiscard]] double metres_per_unit() const;
    [[nodiscard]] Datum datum() const;
    [[nodiscard]] Ellipsoid ellipsoid() const;
    [[nodiscard]] const std::optional<GaussKrueger>& gauss_krueger() const;
    /// "EPSG:4543" where PROJ identifies it with full confidence, else the name.
    [[nodiscard]] const std::string& label() const;
    [[nodiscard]] const std::string& name() const;
    [[nodiscard]] const std::string& wkt() const; ///< WKT2:2019
    /// Where the system may be used, degrees; none where the authority does not say.
    [[nodiscard]] const std::optional<Box>& area_of_use_deg() const;
    /// Same datum, projection parameters and unit; names and identifiers are not looked at.
    [[nodiscard]] bool same_as(const Crs& other) const;

    struct Facts;

private:
    explicit Crs(std::shared_ptr<const Facts> facts) : facts_(std::move(facts)) {}
    std::shared_ptr<const Facts> facts_;
};

} // namespace corebelt::geo
