#pragma once
/// One contiguous piece of a park, planned the way planners do: a hierarchy of bent streets, a river with green
/// banks, blocks, parcels, land use from the centre outwards.

#include "lattice.hpp"

#include <cstdint>
#include <string>
#include <vector>

namespace corebelt::samples {

/// A corner of the outline in street numbers: {2, 0} is where street 2 of the first family meets street 0 of the
/// second. The side that leaves it follows a street with a green belt, or runs along a slope.
struct Corner {
    double u = 0, v = 0;
    bool slope = false;
};

struct SiteSpec {
    std::string code; ///< prefix of parcel ids
    std::string part; ///< 片区
    std::string name;
    std::int64_t east_m = 0, north_m = 0; ///< origin of the site in the project CRS, without zone prefix
    double target_km2 = 0;                ///< on the ellipsoid
    std::uint64_t seed = 0;
    double tilt = 0;              ///< t of the rotation by (1−t², 2t)/(1+t²); about half the angle in radians
    double spacing_m = 620;       ///< of streets before the outline is fitted to target_km2
    std::vector<Corner> outline;  ///< counter-clockwise
    double river_u = 0;           ///< street number of the river, which runs along v
    Vec centre;                   ///< street numbers of the service centre
    double centre_radius_m = 700; ///< small parcels within
    Vec depot;                    ///< street numbers of the logistics corner
    double services = 0.055, warehouses = 0.046, utilities = 0.013, green = 0.066; ///< shares of the site
    bool heavy_industry = false; ///< third-class industry far from the centre
    bool sewage_plant = true;
};

struct Parcel {
    std::string id;
    std::string code; ///< 用地用海 2023
    Polygon shape;
    double far = 0, coverage_percent = 0, green_percent = 0; ///< 0: none asked
};

struct Road {
    std::string rank; ///< 主干路, 次干路, 支路
    double width_m = 0;
    std::vector<Point> line;
};

struct Site {
    SiteSpec spec;
    Polygon outline;             ///< union of the parcels, to the vertex
    std::vector<Parcel> parcels; ///< by id
    std::vector<Road> roads;
};

/// @throws std::logic_error where the parcels do not add up to the outline, or the area misses the target by more
///         than 0.001 km².
[[nodiscard]] Site plan_site(const SiteSpec& spec);

} // namespace corebelt::samples
