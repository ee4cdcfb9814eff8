// The comparison with exact areas, on as many pairs as a test may take.
#include "exact_pairs.hpp"
#include "support/catch.hpp"

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
