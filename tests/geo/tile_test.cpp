#include "support/catch.hpp"

#include "corebelt/geo/tile.hpp"

using namespace corebelt::geo;

TEST_CASE("tiles outside the grid are refused", "[tile]") {
    CHECK(Tile::from_zxy(0, 0, 0));
    CHECK_FALSE(Tile::from_zxy(0, 1, 0));
    CHECK_FALSE(Tile::from_zxy(3, 0, 8));
    CHECK_FALSE(Tile::from_zxy(31, 0, 0));
}

TEST_CASE("the four tiles of zoom 1 meet at the origin", "[tile]") {
    CHECK(Tile{1, 0, 0}.bounds_3857_m() == Box{-mercator_half_m, 0, 0, mercator_half_m});
    CHECK(Tile{1, 1, 1}.bounds_3857_m() == Box{0, -mercator_half_m, mercator_half_m, 0});
}

TEST_CASE("tiles over a box leave out tiles that only touch it", "[tile]") {
    const double side = Tile{2, 0, 0}.bounds_3857_m().max_x - Tile{2, 0, 0}.bounds_3857_m().min_x;
    const TileRange r = tiles_over({-side, 0, side, side}, 2); // exactly two tiles
    CHECK(r.min_x == 1);
    CHECK(r.max_x == 2);
    CHECK(r.min_y == 1);
    CHECK(r.max_y == 1);
}
