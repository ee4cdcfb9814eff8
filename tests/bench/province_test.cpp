#include "province.hpp"
#include "support/catch.hpp"

#include "corebelt/geo/validity.hpp"

#include <cmath>
#include <set>

using namespace corebelt;

namespace {

using Edge = std::pair<std::pair<double, double>, std::pair<double, double>>;

std::vector<Edge> edges(const geo::Shapes& shapes) {
    std::vector<Edge> result;
    for (std::size_t s = 0; s < shapes.size(); ++s)
        for (std::size_t r = 0; r < shapes[s].ring_count(); ++r) {
            const auto ring = shapes[s].ring(r);
            for (std::size_t i = 0; i + 1 < ring.size(); ++i)
                result.push_back({{ring[i].x, ring[i].y}, {ring[i + 1].x, ring[i + 1].y}});
        }
    return result;
}

bool all_valid(const geo::Shapes& shapes) {
    for (std::size_t s = 0; s < shapes.size(); ++s)
        if (const auto fault = geo::find_fault(shapes[s])) {
            CAPTURE(s, geo::code_of(fault->fault), fault->place.x, fault->place.y);
            CHECK(false);
            return false;
        }
    return true;
}

} // namespace

TEST_CASE("a generated province is a coverage, and its dissolved controls run along parcel edges", "[bench]") {
    bench::ProvinceSpec spec;
    spec.seed = GENERATE(1U, 77U);
    spec.parcels = 9000;
    spec.controls = 9;
    spec.parks = 4;
    CAPTURE(spec.seed);
    const bench::Province province(spec);
    geo::Shapes parcels;
    std::vector<std::string_view> codes;
    for (std::uint32_t tile = province.tiles(); tile-- > 0;)
        province.append_tile(tile, parcels, codes);
    REQUIRE(codes.size() == parcels.size());
    CHECK(parcels.size() > 8500);
    CHECK(parcels.size() < 9500);
    CHECK(all_valid(parcels));

    std::set<Edge> once;
    std::size_t twice = 0;
    for (const Edge& edge : edges(parcels))
        twice += once.insert(edge).second ? 0U : 1U;
    CHECK(twice == 0); // no two parcels on the same side of an edge
    double rim_m = 0;
    for (const auto& [a, b] : once)
        if (!once.contains({b, a}))
            rim_m += std::hypot(b.first - a.first, b.second - a.second);
    CHECK(rim_m == Approx(4 * province.side_m()).margin(0.01)); // only the square's own sides have no neighbour

    const geo::Shapes dissolved = province.controls_of_parcels();
    CHECK(dissolved.size() == spec.controls);
    CHECK(all_valid(dissolved));
    CHECK(dissolved.ring_first.size() > dissolved.part_first.size()); // holes
    std::size_t strange = 0;
    for (const Edge& edge : edges(dissolved))
        strange += once.contains(edge) ? 0U : 1U;
    CHECK(strange == 0);
    const geo::Shapes jittered = province.jittered_controls();
    REQUIRE(jittered.xy.size() == dissolved.xy.size());
    std::size_t moved = 0;
    std::size_t far = 0;
    for (std::size_t i = 0; i < jittered.xy.size(); ++i) {
        far += std::abs(jittered.xy[i].x - dissolved.xy[i].x) <= 0.001001 &&
                       std::abs(jittered.xy[i].y - dissolved.xy[i].y) <= 0.001001
                   ? 0U
                   : 1U; // 1 mm and the spacing of doubles at 34,000,000
        moved += jittered.xy[i] == dissolved.xy[i] ? 0U : 1U;
    }
    CHECK(far == 0);
    CHECK(moved > jittered.xy.size() * 9 / 10);
    CHECK(all_valid(jittered));
    CHECK(all_valid(province.independent_controls()));
    CHECK(all_valid(province.parks()));
}
