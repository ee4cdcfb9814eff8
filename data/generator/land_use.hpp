#pragma once
/// Land use of the parcels of one site, from the centre outwards, to the shares that are asked for.

#include "random.hpp"
#include "site.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace corebelt::samples {

struct Lot {
    Polygon shape;
    Vec inner;
    double area_m2 = 0, frontage_m = 0; ///< frontage: boundary shared with roads
    int block = -1;
    char kind_letter = '\0'; ///< L road, S water, B bank, G belt, none for a parcel of a block
    std::string fixed_code;  ///< roads, water, banks, belts
    std::string code;
};

struct Anchors {
    Vec centre, depot, river_mouth, rim;
    const SiteSpec& spec;
};

void assign_land_use(std::vector<Lot>& lots, const Anchors& anchors, Random& random);
/// Floor-area ratio, building coefficient and green ratio as a plan of this kind would ask.
void set_indicators(Parcel& parcel, Random& random);
/// Name of a class in 用地用海 2023. @throws std::logic_error for a code that the samples do not use.
[[nodiscard]] std::string_view land_use_name(std::string_view code);

} // namespace corebelt::samples
