#include "support/catch.hpp"

#include "corebelt/styles/coverage.hpp"

#include <algorithm>
#include <cmath>
#include <random>
#include <vector>

using corebelt::geo::XY;
using corebelt::styles::Colour;
using corebelt::styles::CoverageRaster;

namespace {

using Ring = std::vector<XY>;

/// Counter-clockwise as seen (y down), closed.
Ring rectangle(double x0, double y0, double x1, double y1) {
    return {{x0, y0}, {x0, y1}, {x1, y1}, {x1, y0}, {x0, y0}};
}

/// A sheet of quadrilaterals that share edges, at slants that no pixel grid has.
struct Patchwork {
    std::vector<Ring> rings;
    std::vector<Colour> colours;

    Patchwork(int across, int down, double cell, unsigned seed) {
        std::mt19937 random(seed);
        const auto jitter = [&] { return (static_cast<double>(random() % 10000) / 10000 - 0.5) * cell * 0.6; };
        std::vector<XY> nodes;
        for (int j = 0; j <= down; ++j)
            for (int i = 0; i <= across; ++i)
                nodes.push_back({i * cell + jitter(), j * cell + jitter()});
        const auto node = [&](int i, int j) { return nodes[static_cast<std::size_t>(j * (across + 1) + i)]; };
        for (int j = 0; j < down; ++j)
            for (int i = 0; i < across; ++i) {
                rings.push_back({node(i, j), node(i, j + 1), node(i + 1, j + 1), node(i + 1, j), node(i, j)});
                const auto byte = [&] { return static_cast<std::uint8_t>(random() % 256); };
                colours.push_back({byte(), byte(), byte()});
            }
    }
};

} // namespace

TEST_CASE("a rectangle off the pixel grid covers each pixel by its exact share", "[coverage]") {
    CoverageRaster raster(0, 0, 4, 4);
    raster.add_ring(rectangle(0.5, 0.25, 2.5, 2.0), {200, 100, 0});
    const auto result = raster.finish();
    const auto alpha = [&](int x, int y) { return result.picture.at(x, y) >> 24U; };
    CHECK(alpha(0, 0) == std::lround(255 * 0.5 * 0.75));
    CHECK(alpha(1, 0) == std::lround(255 * 0.75));
    CHECK(alpha(2, 0) == std::lround(255 * 0.5 * 0.75));
    CHECK(alpha(0, 1) == 128); // 127.5, halves up
    CHECK(result.picture.at(1, 1) == 0xffc86400U);
    CHECK(alpha(3, 1) == 0);
    CHECK(alpha(1, 2) == 0);
    CHECK(raster.covered_pixels() == Approx(2.0 * 1.75).margin(1e-12));
    CHECK(result.overfull_pixels == 0);
}

TEST_CASE("the shares of a triangle with a hole add up to its area", "[coverage]") {
    CoverageRaster raster(-50, -50, 200, 200);
    // Triangle (-10.3,-20.7) (130.9,15.1) (40.2,120.6): area by the shoelace, in double, of the same corners.
    const XY a{-10.3, -20.7}, b{130.9, 15.1}, c{40.2, 120.6};
    const double triangle = 0.5 * std::abs((b.x - a.x) * (c.y - a.y) - (c.x - a.x) * (b.y - a.y));
    raster.add_ring(Ring{a, c, b, a}, {1, 2, 3});
    Ring hole = rectangle(40.5, 30.5, 60.5, 40.5); // 200 square pixels
    std::reverse(hole.begin(), hole.end());
    raster.add_ring(hole, {1, 2, 3});
    // Corners are rounded to 2^-12 pixel: at most half a step along a boundary of about 500 pixels.
    CHECK(raster.covered_pixels() == Approx(triangle - 200).margin(500.0 / 8192));
}

TEST_CASE("no seam shows between parcels that share slanting edges", "[coverage]") {
    const unsigned seed = GENERATE(1U, 2U, 3U);
    CAPTURE(seed);
    const Patchwork patchwork(12, 12, 7.3, seed);
    CoverageRaster raster(8, 8, 70, 70); // well inside the patchwork
    for (const Ring& ring : patchwork.rings)
        raster.add_ring(ring, {10, 120, 240});
    const auto result = raster.finish();
    bool seamless = true;
    for (int y = 0; y < 70; ++y)
        for (int x = 0; x < 70; ++x)
            seamless = seamless && result.picture.at(x, y) == 0xff0a78f0U;
    CHECK(seamless);
    CHECK(result.overfull_pixels == 0);
    CHECK(raster.covered_pixels() == Approx(4900).margin(1e-9));
}

TEST_CASE("the order of parcels and the cut into windows do not change a pixel", "[coverage]") {
    const Patchwork patchwork(9, 9, 11.7, 7);
    CoverageRaster whole(-5, -5, 120, 110);
    for (std::size_t i = 0; i < patchwork.rings.size(); ++i)
        whole.add_ring(patchwork.rings[i], patchwork.colours[i]);
    const auto expected = whole.finish();

    std::vector<std::size_t> order(patchwork.rings.size());
    for (std::size_t i = 0; i < order.size(); ++i)
        order[i] = i;
    std::mt19937 random(11);
    std::shuffle(order.begin(), order.end(), random);
    std::size_t different = 0;
    for (const int left : {-5, 31, 64})
        for (const int top : {-5, 20}) {
            const int width = left == -5 ? 36 : left == 31 ? 33 : 51, height = top == -5 ? 25 : 85;
            CoverageRaster window(left, top, width, height);
            for (const std::size_t i : order)
                window.add_ring(patchwork.rings[i], patchwork.colours[i]);
            const auto part = window.finish();
            for (int y = 0; y < height; ++y)
                for (int x = 0; x < width; ++x)
                    different += part.picture.at(x, y) != expected.picture.at(x + left + 5, y + top + 5);
        }
    CHECK(different == 0);
}

TEST_CASE("land covered twice is divided by its share and counted", "[coverage]") {
    CoverageRaster raster(0, 0, 10, 10);
    raster.add_ring(rectangle(0, 0, 6, 10), {255, 0, 0});
    raster.add_ring(rectangle(4, 0, 10, 10), {0, 0, 255});
    const auto result = raster.finish();
    CHECK(result.overfull_pixels == 20);
    CHECK(result.picture.at(1, 1) == 0xffff0000U);
    CHECK(result.picture.at(4, 5) == 0xff800080U); // half red, half blue; 127.5 rounds up
    CHECK(result.picture.at(8, 5) == 0xff0000ffU);
}

TEST_CASE("degenerate rings cover nothing", "[coverage]") {
    CoverageRaster raster(0, 0, 8, 8);
    raster.add_ring(Ring{}, {9, 9, 9});
    raster.add_ring(Ring{{1, 1}}, {9, 9, 9});
    raster.add_ring(Ring{{1, 1}, {5, 6}, {1, 1}}, {9, 9, 9}); // there and back
    raster.add_ring(rectangle(2, 3, 2, 7), {9, 9, 9});
    raster.add_ring(rectangle(100, 100, 120, 120), {9, 9, 9});
    raster.add_ring(rectangle(-120, 1, -100, 5), {9, 9, 9});
    CHECK(raster.finish().picture.is_blank());
}

TEST_CASE("an edge far longer than the window is cut without error", "[coverage]") {
    CoverageRaster raster(1 << 26, 1 << 26, 64, 64);
    const double far = 1e9, middle = (1 << 26) + 32.0;
    // Everything above the diagonal through the middle of the window.
    raster.add_ring(Ring{{middle - far, middle - far},
                         {middle + far, middle + far},
                         {middle + far, middle - far},
                         {middle - far, middle - far}},
                    {0, 0, 0});
    CHECK(raster.covered_pixels() == Approx(64.0 * 64 / 2).margin(0.1));
}
