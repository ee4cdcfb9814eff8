#include "support/catch.hpp"

#include "corebelt/geo/evidence.hpp"
#include "corebelt/styles/preview.hpp"

using namespace corebelt;
using namespace corebelt::styles;

namespace {

PreviewLayer layer_of(const char* wkt) {
    PreviewLayer layer;
    layer.title = "图层";
    layer.shapes = geo::shapes_from_wkt(wkt);
    return layer;
}

constexpr std::uint32_t white = 0xFFFFFFFF;

} // namespace

TEST_CASE("a preview gives each layer a panel, three a row", "[preview]") {
    // A square with a hole fills the height of its 360 × 270 panel: 250 px of map, centred at (180, 135).
    const PreviewLayer square = layer_of("POLYGON((0 0,100 0,100 100,0 100,0 0),(40 40,40 60,60 60,60 40,40 40))");
    const Picture one = draw_preview(std::vector<PreviewLayer>{square});
    CHECK(one.width() == 360);
    CHECK(one.height() == 320);
    CHECK(one.at(180, 135) == white);       // the hole
    CHECK(one.at(180 - 100, 135) != white); // inside, east and west
    CHECK(one.at(180 + 100, 135) != white);
    CHECK(one.at(180 - 140, 135) == white); // outside
    CHECK(one.at(180, 135 - 110) == one.at(180 - 100, 135));

    const Picture four = draw_preview(std::vector<PreviewLayer>(4, square));
    CHECK(four.width() == 3 * 360);
    CHECK(four.height() == 2 * 320);
    CHECK(four.at(80, 320 + 135) == one.at(80, 135));
    CHECK(four.at(360 + 80, 320 + 135) != one.at(80, 135)); // no fifth layer
}

TEST_CASE("a preview colours features and rings the places of issues", "[preview]") {
    PreviewLayer square = layer_of("POLYGON((0 0,100 0,100 100,0 100,0 0))");
    square.fill = {{0, 128, 0}};
    CHECK(draw_preview(std::vector<PreviewLayer>{square}).at(180, 135) == 0xFF008000);
    square.crosses = {{50, 50}};
    const Picture marked = draw_preview(std::vector<PreviewLayer>{square});
    CHECK(marked.at(180, 135) == 0xFF008000); // a ring, not a disc
    CHECK(marked.at(184, 135) != 0xFF008000);
}

TEST_CASE("degrees are not stretched, points and nothing at all are drawn", "[preview]") {
    // At 60° north a degree of longitude is half one of latitude: 2° × 1° is a square.
    PreviewLayer north = layer_of("POLYGON((100 59.5,102 59.5,102 60.5,100 60.5,100 59.5))");
    north.geographic = true;
    const Picture picture = draw_preview(std::vector<PreviewLayer>{north});
    CHECK(picture.at(180 + 120, 135) != white);
    CHECK(picture.at(180 + 135, 135) == white);
    CHECK(picture.at(180, 135 + 120) != white);
    const Picture point = draw_preview(std::vector<PreviewLayer>{layer_of("POINT(7 7)")});
    CHECK(point.at(180, 135) != white);
    PreviewLayer nothing;
    nothing.title = "空";
    CHECK(draw_preview(std::vector<PreviewLayer>{nothing}).at(180, 135) == white);
}
