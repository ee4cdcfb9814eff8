#include "styles/decoded_png.hpp"

#include <spng.h>

#include <algorithm>
#include <array>
#include <cstdlib>
#include <memory>
#include <stdexcept>

namespace corebelt::test {

DecodedPng::Pixel DecodedPng::at(int x, int y) const {
    const std::size_t i =
        4 * (static_cast<std::size_t>(y) * static_cast<std::size_t>(width) + static_cast<std::size_t>(x));
    return {rgba.at(i), rgba.at(i + 1), rgba.at(i + 2), rgba.at(i + 3)};
}

DecodedPng decode_png(const std::string& bytes) {
    struct Free {
        void operator()(spng_ctx* c) const { spng_ctx_free(c); }
    };
    const std::unique_ptr<spng_ctx, Free> context(spng_ctx_new(0));
    const auto checked = [](int code) {
        if (code != 0)
            throw std::runtime_error(std::string("spng: ") + spng_strerror(code));
    };
    checked(spng_set_png_buffer(context.get(), bytes.data(), bytes.size()));
    spng_ihdr header{};
    checked(spng_get_ihdr(context.get(), &header));
    DecodedPng png{static_cast<int>(header.width), static_cast<int>(header.height), header.color_type, {}};
    std::size_t size = 0;
    checked(spng_decoded_image_size(context.get(), SPNG_FMT_RGBA8, &size));
    png.rgba.resize(size);
    checked(spng_decode_image(context.get(), png.rgba.data(), size, SPNG_FMT_RGBA8, SPNG_DECODE_TRNS));
    return png;
}

PixelDifference compare(const DecodedPng& a, const DecodedPng& b, int tolerance) {
    if (a.width != b.width || a.height != b.height)
        throw std::runtime_error("pictures differ in size");
    PixelDifference result;
    for (int y = 0; y < a.height; ++y)
        for (int x = 0; x < a.width; ++x) {
            const auto p = a.at(x, y), q = b.at(x, y);
            const int worst =
                std::max({std::abs(p.r - q.r), std::abs(p.g - q.g), std::abs(p.b - q.b), std::abs(p.a - q.a)});
            result.largest = std::max(result.largest, worst);
            if (worst <= tolerance)
                continue;
            if (result.differing++ == 0) {
                result.min_x = result.max_x = x;
                result.min_y = y;
            }
            result.min_x = std::min(result.min_x, x);
            result.max_x = std::max(result.max_x, x);
            result.max_y = y;
        }
    return result;
}

} // namespace corebelt::test
