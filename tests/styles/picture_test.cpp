#include "styles/decoded_png.hpp"
#include "support/catch.hpp"

#include "corebelt/styles/picture.hpp"

using corebelt::styles::encode_png;
using corebelt::styles::Picture;
using corebelt::test::decode_png;
using Pixel = corebelt::test::DecodedPng::Pixel;

TEST_CASE("a picture of few colours becomes a palette and reads back the same", "[png]") {
    const int colours = GENERATE(1, 2, 3, 4, 5, 16, 17, 255, 256);
    CAPTURE(colours);
    Picture picture(37, 21); // odd widths leave bits over in a packed row
    for (int y = 0; y < 21; ++y)
        for (int x = 0; x < 37; ++x)
            picture.at(x, y) = 0xff000000U | static_cast<std::uint32_t>((x + 37 * y) % colours) * 0x010003U;
    const auto read = decode_png(encode_png(picture));
    CHECK(read.colour_type == 3);
    bool same = true;
    for (int y = 0; y < 21; ++y)
        for (int x = 0; x < 37; ++x) {
            const int v = (x + 37 * y) % colours * 0x010003;
            same = same && read.at(x, y) == Pixel{v >> 16, (v >> 8) & 255, v & 255, 255};
        }
    CHECK(same);
}

TEST_CASE("more than 256 colours become RGB, or RGBA where something shines through", "[png]") {
    Picture picture(40, 40);
    for (int y = 0; y < 40; ++y)
        for (int x = 0; x < 40; ++x)
            picture.at(x, y) =
                0xff000000U | static_cast<std::uint32_t>(x * 6) << 16U | static_cast<std::uint32_t>(y * 6);
    auto read = decode_png(encode_png(picture));
    CHECK(read.colour_type == 2);
    CHECK(read.at(7, 31) == Pixel{42, 0, 186, 255});

    picture.at(3, 4) = 0x80400080U; // half transparent (128/255), premultiplied: straight red 0x40·255/128 = 127.5
    read = decode_png(encode_png(picture));
    CHECK(read.colour_type == 6);
    CHECK(read.at(3, 4) == Pixel{128, 0, 255, 128});
}

TEST_CASE("a transparent palette colour keeps its alpha", "[png]") {
    Picture picture(2, 1);
    picture.at(1, 0) = 0xffff0000U;
    const auto read = decode_png(encode_png(picture, 300));
    CHECK(read.colour_type == 3);
    CHECK(read.at(0, 0).a == 0);
    CHECK(read.at(1, 0) == Pixel{255, 0, 0, 255});
    CHECK_FALSE(picture.is_blank());
    CHECK(Picture(3, 3).is_blank());
}
