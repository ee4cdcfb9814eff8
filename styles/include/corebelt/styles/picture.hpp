#pragma once
/// A picture in memory, and PNG.

#include <cstdint>
#include <string>
#include <vector>

namespace corebelt::styles {

/// Rows from the top; each pixel is premultiplied 0xAARRGGBB.
class Picture {
public:
    Picture() = default;
    /// Transparent. @pre width > 0 and height > 0.
    Picture(int width, int height);

    [[nodiscard]] int width() const { return width_; }
    [[nodiscard]] int height() const { return height_; }
    [[nodiscard]] std::uint32_t& at(int x, int y) { return pixels_[index(x, y)]; }
    [[nodiscard]] std::uint32_t at(int x, int y) const { return pixels_[index(x, y)]; }
    [[nodiscard]] std::uint32_t* data() { return pixels_.data(); }
    [[nodiscard]] const std::uint32_t* data() const { return pixels_.data(); }
    /// True where every pixel is fully transparent.
    [[nodiscard]] bool is_blank() const;

private:
    [[nodiscard]] std::size_t index(int x, int y) const {
        return static_cast<std::size_t>(y) * static_cast<std::size_t>(width_) + static_cast<std::size_t>(x);
    }
    int width_ = 0;
    int height_ = 0;
    std::vector<std::uint32_t> pixels_;
};

/// The picture as PNG: a palette where at most 256 colours occur, else RGB, or RGBA where a pixel is not opaque.
/// Same pixels, same bytes. `dpi` > 0 is written as physical size.
[[nodiscard]] std::string encode_png(const Picture& picture, double dpi = 0);

} // namespace corebelt::styles
