#include "support/catch.hpp"

#include "corebelt/reports/report.hpp"

using namespace corebelt;
using reports::AreaUnit;
using reports::printed_area;

TEST_CASE("areas are printed half up from the integer count", "[reports]") {
    CHECK(printed_area(1'234'567'850, AreaUnit::m2) == "123,456.79"); // 123456.7850 m²: half goes up
    CHECK(printed_area(1'234'567'849, AreaUnit::m2) == "123,456.78");
    CHECK(printed_area(0, AreaUnit::ha) == "0.0000");
    CHECK(printed_area(9'999, AreaUnit::ha) == "0.0001"); // 0.9999 m² = 0.00009999 ha
    CHECK(printed_area(102'900'000'000, AreaUnit::km2) == "10.29");
    CHECK(printed_area(-50, AreaUnit::m2) == "-0.01"); // half away from zero on both sides
}

TEST_CASE("mu are counted with two thousand thirds of a square metre", "[reports]") {
    // 73 333.33 m² as printed for 110 亩; exactly 110 亩 is 220000/3 m².
    CHECK(printed_area(733'333'333, AreaUnit::mu) == "110.00");
    CHECK(printed_area(10'000'000'000, AreaUnit::mu) == "1,500.00"); // 1 km² = 1500 亩
    CHECK(printed_area(66'667, AreaUnit::mu) == "0.01");             // 6.6667 m² = 0.01000005 亩
}
