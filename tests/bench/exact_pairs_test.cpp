// The comparison with exact areas, on as many pairs as a test may take.
#include "exact_pairs.hpp"
#include "support/catch.hpp"

#include <string_view>
#include <vector>

using namespace corebelt::bench;

TEST_CASE("areas of parcels in parks lie within their bounds of the exact ones", "[bench][oracle]") {
    ProvinceSpec spec;
    spec.parcels = 3000;
    const ExactPairs r = compare_pairs(Province(spec), 400, 1);
    CHECK(r.pairs == 400);
    CHECK(r.apart + r.within + r.cut == r.pairs);
    CHECK(r.apart > 20);
    CHECK(r.within > 5);
    CHECK(r.cut > 20);
    CHECK(r.rational > 0);
    CHECK(r.greatest_of_bound > 0); // the kernel rounds somewhere
    CHECK(r.greatest_of_bound <= 1);
    CHECK(r.greatest_m2 < 1e-9);
    CHECK(r.quad_to_rational_m2 < 1e-20);
}

TEST_CASE("a layer and itself displaced are compared pair by pair, large pairs left out and counted",
          "[bench][oracle]") {
    ProvinceSpec spec;
    spec.parcels = 300;
    const Province province(spec);
    corebelt::geo::Shapes parcels;
    std::vector<std::string_view> codes;
    province.append_tile(0, parcels, codes);
    parcels = displaced(parcels, {});
    REQUIRE(parcels.size() > 20);
    const ExactPairs as_it_lies = compare_pairs(parcels, parcels, 10'000, 1);
    const ExactPairs moved = compare_pairs(displaced(parcels, {0.25, -0.5}), parcels, 10'000, 1);
    const ExactPairs r = together(as_it_lies, moved);
    CHECK(r.pairs == as_it_lies.pairs + moved.pairs);
    CHECK(as_it_lies.pairs > parcels.size()); // with neighbours, not with itself only
    CHECK(r.apart + r.within + r.cut == r.pairs);
    CHECK(r.left_out == 0);
    CHECK(r.greatest_of_bound > 0);
    CHECK(r.greatest_of_bound <= 1);
    CHECK(r.greatest_m2 < 1e-9);
    const ExactPairs small_only = compare_pairs(parcels, parcels, 4, 1);
    CHECK(small_only.cut == 0);
    CHECK(small_only.left_out == as_it_lies.cut);
}
