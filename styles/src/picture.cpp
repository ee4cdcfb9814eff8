#include "corebelt/styles/picture.hpp"

#include "corebelt/geo/error.hpp"
#include "corebelt/geo/expects.hpp"

#include <libdeflate.h>

#include <algorithm>
#include <array>
#include <bit>
#include <cmath>
#include <cstdlib>
#include <memory>
#include <string_view>

namespace corebelt::styles {

namespace {

using Bytes = std::vector<std::uint8_t>;

constexpr std::size_t palette_limit = 256;
constexpr int compression_level = 8;

/// Straight RGBA packed as 0xRRGGBBAA.
std::uint32_t straight(std::uint32_t pixel) {
    const std::uint32_t a = pixel >> 24U;
    if (a == 0)
        return 0;
    const auto channel = [&](unsigned shift) {
        const std::uint32_t value = (pixel >> shift) & 255U;
        return a == 255 ? value : std::min(255U, (value * 255 + a / 2) / a);
    };
    return channel(16) << 24U | channel(8) << 16U | channel(0) << 8U | a;
}

/// Colours of a picture while they fit a palette: an open-addressing table, order of first appearance.
class PaletteFinder {
public:
    PaletteFinder() { slots_.fill(empty_slot); }
    /// Index of the colour, or -1 where the palette is full.
    int index_of(std::uint32_t colour) {
        std::size_t slot = (colour * 2654435761U) >> 22U; // 1024 slots
        while (slots_[slot] != empty_slot) {
            if (colours[static_cast<std::size_t>(slots_[slot])] == colour)
                return slots_[slot];
            slot = (slot + 1) % slots_.size();
        }
        if (colours.size() == palette_limit)
            return -1;
        slots_[slot] = static_cast<int>(colours.size());
        colours.push_back(colour);
        return slots_[slot];
    }
    std::vector<std::uint32_t> colours;

private:
    static constexpr int empty_slot = -1;
    std::array<int, 1024> slots_{};
};

void append_u32(std::string& out, std::uint32_t value) {
    for (const unsigned shift : {24U, 16U, 8U, 0U})
        out.push_back(static_cast<char>((value >> shift) & 255U));
}

void append_chunk(std::string& out, std::string_view type, std::string_view data) {
    append_u32(out, static_cast<std::uint32_t>(data.size()));
    const std::size_t begin = out.size();
    out += type;
    out += data;
    append_u32(out, libdeflate_crc32(0, out.data() + begin, out.size() - begin));
}

std::string deflated(const Bytes& raw) {
    struct Free {
        void operator()(libdeflate_compressor* c) const { libdeflate_free_compressor(c); }
    };
    const std::unique_ptr<libdeflate_compressor, Free> compressor(libdeflate_alloc_compressor(compression_level));
    if (!compressor)
        throw Error(ErrorKind::internal, "deflate",
                    {"libdeflate has no memory for a compressor", "libdeflate 内存不足"});
    std::string out(libdeflate_zlib_compress_bound(compressor.get(), raw.size()), '\0');
    const std::size_t size = libdeflate_zlib_compress(compressor.get(), raw.data(), raw.size(), out.data(), out.size());
    out.resize(size);
    return out;
}

std::uint8_t paeth(int a, int b, int c) {
    const int p = a + b - c;
    const int pa = std::abs(p - a), pb = std::abs(p - b), pc = std::abs(p - c);
    if (pa <= pb && pa <= pc)
        return static_cast<std::uint8_t>(a);
    return static_cast<std::uint8_t>(pb <= pc ? b : c);
}

/// Appends one row under the PNG filter that leaves the smallest sum of absolute differences.
void append_filtered(Bytes& out, const Bytes& row, const Bytes& above, std::size_t step) {
    Bytes best, trial(row.size());
    std::uint64_t best_sum = ~std::uint64_t{0};
    std::uint8_t best_filter = 0;
    for (std::uint8_t filter = 0; filter < 5; ++filter) {
        std::uint64_t sum = 0;
        for (std::size_t i = 0; i < row.size(); ++i) {
            const int left = i >= step ? row[i - step] : 0, up = above[i];
            const int corner = i >= step ? above[i - step] : 0;
            int predicted = 0;
            if (filter == 1)
                predicted = left;
            else if (filter == 2)
                predicted = up;
            else if (filter == 3)
                predicted = (left + up) / 2;
            else if (filter == 4)
                predicted = paeth(left, up, corner);
            trial[i] = static_cast<std::uint8_t>(row[i] - predicted);
            sum += static_cast<std::uint64_t>(std::abs(std::bit_cast<std::int8_t>(trial[i])));
        }
        if (sum < best_sum) {
            best_sum = sum;
            best_filter = filter;
            best = trial;
        }
    }
    out.push_back(best_filter);
    out.insert(out.end(), best.begin(), best.end());
}

unsigned bits_for(std::size_t colours) {
    if (colours <= 2)
        return 1;
    if (colours <= 4)
        return 2;
    return colours <= 16 ? 4 : 8;
}

/// Palette rows: unfiltered, `bits` a pixel, first pixel in the high bits.
Bytes packed_rows(const std::vector<std::uint8_t>& indices, std::size_t width, unsigned bits) {
    Bytes raw;
    for (std::size_t begin = 0; begin < indices.size(); begin += width) {
        raw.push_back(0);
        unsigned held = 0, byte = 0;
        for (std::size_t x = 0; x < width; ++x) {
            byte = byte << bits | indices[begin + x];
            held += bits;
            if (held == 8) {
                raw.push_back(static_cast<std::uint8_t>(byte));
                held = byte = 0;
            }
        }
        if (held != 0)
            raw.push_back(static_cast<std::uint8_t>(byte << (8 - held)));
    }
    return raw;
}

Bytes true_colour_rows(const std::vector<std::uint32_t>& pixels, std::size_t width, bool with_alpha) {
    const std::size_t step = with_alpha ? 4 : 3;
    Bytes raw, above(width * step, 0), row(width * step);
    raw.reserve(pixels.size() * step + pixels.size() / width);
    for (std::size_t begin = 0; begin < pixels.size(); begin += width) {
        for (std::size_t x = 0; x < width; ++x)
            for (std::size_t c = 0; c < step; ++c)
                row[x * step + c] = static_cast<std::uint8_t>(pixels[begin + x] >> (24 - 8 * c));
        append_filtered(raw, row, above, step);
        above = row;
    }
    return raw;
}

} // namespace

Picture::Picture(int width, int height) : width_(width), height_(height) {
    COREBELT_EXPECTS(width > 0 && height > 0);
    pixels_.assign(static_cast<std::size_t>(width) * static_cast<std::size_t>(height), 0);
}

bool Picture::is_blank() const {
    return std::all_of(pixels_.begin(), pixels_.end(), [](std::uint32_t p) { return p >> 24U == 0; });
}

std::string encode_png(const Picture& picture, double dpi) {
    COREBELT_EXPECTS(picture.width() > 0 && picture.height() > 0);
    const auto width = static_cast<std::size_t>(picture.width());
    std::vector<std::uint32_t> pixels(width * static_cast<std::size_t>(picture.height()));
    std::transform(picture.data(), picture.data() + pixels.size(), pixels.begin(), straight);

    PaletteFinder palette;
    std::vector<std::uint8_t> indices(pixels.size());
    bool fits = true;
    for (std::size_t i = 0; fits && i < pixels.size(); ++i) {
        const int index = palette.index_of(pixels[i]);
        fits = index >= 0;
        indices[i] = static_cast<std::uint8_t>(index);
    }
    const bool opaque = std::all_of(pixels.begin(), pixels.end(), [](std::uint32_t p) { return (p & 255U) == 255U; });

    const unsigned bits = fits ? bits_for(palette.colours.size()) : 8;
    std::uint8_t colour_type = 3; // palette
    if (!fits)
        colour_type = opaque ? 2 : 6; // RGB or RGBA

    std::string out("\x89PNG\r\n\x1a\n", 8);
    std::string header;
    append_u32(header, static_cast<std::uint32_t>(picture.width()));
    append_u32(header, static_cast<std::uint32_t>(picture.height()));
    for (const unsigned byte : {bits, unsigned{colour_type}, 0U, 0U, 0U}) // deflate, adaptive filters, not interlaced
        header.push_back(static_cast<char>(byte));
    append_chunk(out, "IHDR", header);
    append_chunk(out, "sRGB", std::string_view("\0", 1)); // perceptual
    if (dpi > 0) {
        std::string physical;
        const auto per_metre = static_cast<std::uint32_t>(std::lround(dpi / 0.0254));
        append_u32(physical, per_metre);
        append_u32(physical, per_metre);
        physical.push_back(1);
        append_chunk(out, "pHYs", physical);
    }
    if (fits) {
        std::string colours, alphas;
        for (const std::uint32_t c : palette.colours) {
            for (const unsigned shift : {24U, 16U, 8U})
                colours.push_back(static_cast<char>((c >> shift) & 255U));
            alphas.push_back(static_cast<char>(c & 255U));
        }
        while (!alphas.empty() && alphas.back() == '\xff')
            alphas.pop_back();
        append_chunk(out, "PLTE", colours);
        if (!alphas.empty())
            append_chunk(out, "tRNS", alphas);
        append_chunk(out, "IDAT", deflated(packed_rows(indices, width, bits)));
    } else {
        append_chunk(out, "IDAT", deflated(true_colour_rows(pixels, width, !opaque)));
    }
    append_chunk(out, "IEND", {});
    return out;
}

} // namespace corebelt::styles
