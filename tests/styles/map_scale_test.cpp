#include "support/catch.hpp"

#include "corebelt/styles/land_balance.hpp"
#include "corebelt/styles/map_scale.hpp"

#include <numeric>
#include <vector>

using namespace corebelt::styles; // NOLINT(google-build-using-namespace)

TEST_CASE("a scale is rounded up to 1, 2, 2.5 or 5 times a power of ten", "[scale]") {
    for (const auto& [asked, expected] : std::vector<std::pair<double, double>>{{1, 1},
                                                                                {1.01, 2},
                                                                                {9999, 10000},
                                                                                {10000, 10000},
                                                                                {10001, 20000},
                                                                                {20001, 25000},
                                                                                {25001, 50000},
                                                                                {50001, 100000},
                                                                                {0.3, 0.5}}) {
        CAPTURE(asked);
        CHECK(rounded_up_scale(asked) == Approx(expected).margin(1e-9));
    }
    CHECK(scale_text(50000) == "1:50000");
}

TEST_CASE("a scale bar has four segments of 1, 2 or 5 and fits its room", "[scale]") {
    const double denominator = GENERATE(500.0, 2000.0, 2500.0, 5000.0, 20000.0, 1e6);
    CAPTURE(denominator);
    const ScaleBar bar = scale_bar(denominator, 60);
    CHECK(bar.length_mm() <= 60);
    CHECK(bar.length_mm() > 60 / 2.5 - 1e-9); // the next step up would be at most 2.5 times as long
    CHECK(bar.length_mm() == Approx(bar.length_m() * 1000 / denominator).margin(1e-9));
    double lead = bar.segment_m;
    while (lead >= 9.99)
        lead /= 10;
    CHECK((lead == Approx(1) || lead == Approx(2) || lead == Approx(5)));
}

TEST_CASE("the zoom of a style: one tile of 512 pixels is the world at the equator at zoom 0", "[scale]") {
    CHECK(zoom_of(40075016.685578488 / 512, 0) == Approx(0).margin(1e-9));
    CHECK(zoom_of(40075016.685578488 / 1024, 0) == Approx(1).margin(1e-9));
    CHECK(zoom_of(40075016.685578488 / 1024, 60) == Approx(0).margin(1e-9)); // half the ground a pixel at 60°
}

TEST_CASE("rounded parts add up to the rounded whole by largest remainder", "[balance]") {
    CHECK(reconciled({1, 1, 1}, 100) == std::vector<std::int64_t>{34, 33, 33});
    CHECK(reconciled({335, 334, 331}, 10) == std::vector<std::int64_t>{4, 3, 3}); // 3.35 3.34 3.31
    CHECK(reconciled({0, 7, 0}, 10000) == std::vector<std::int64_t>{0, 10000, 0});
    CHECK(reconciled({0, 0}, 10000) == std::vector<std::int64_t>{0, 0});
    CHECK(reconciled({}, 5).empty());
    const std::vector<std::int64_t> areas{150'000'000'000'000, 1, 33'333'333'333'333, 77'777};
    const auto parts = reconciled(areas, 10000);
    CHECK(std::accumulate(parts.begin(), parts.end(), std::int64_t{0}) == 10000);
}
