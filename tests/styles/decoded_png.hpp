#pragma once
/// PNG read back by an independent library.

#include <cstdint>
#include <string>
#include <vector>

namespace corebelt::test {

struct DecodedPng {
    int width = 0, height = 0;
    int colour_type = 0;            ///< as in IHDR: 2 RGB, 3 palette, 6 RGBA
    std::vector<std::uint8_t> rgba; ///< straight alpha, rows from the top

    struct Pixel {
        int r, g, b, a;
        friend bool operator==(const Pixel&, const Pixel&) = default;
    };
    [[nodiscard]] Pixel at(int x, int y) const;
};

[[nodiscard]] DecodedPng decode_png(const std::string& bytes);

struct PixelDifference {
    std::size_t differing = 0;                        ///< pixels whose largest channel difference exceeds the tolerance
    int largest = 0;                                  ///< over all channels
    int min_x = 0, min_y = 0, max_x = -1, max_y = -1; ///< box of the differing pixels
};
[[nodiscard]] PixelDifference compare(const DecodedPng& a, const DecodedPng& b, int tolerance);

} // namespace corebelt::test
