#include "corebelt/styles/coverage.hpp"

#include "corebelt/geo/expects.hpp"

#include <algorithm>
#include <cmath>
#include <utility>

namespace corebelt::styles {

namespace {

__extension__ typedef __int128 Wide;

constexpr int unit_bits = 12;
constexpr std::int64_t unit = std::int64_t{1} << unit_bits; ///< lattice steps a pixel
constexpr std::int64_t full = 2 * unit * unit;              ///< sum of a wholly covered pixel

std::int64_t floor_div(std::int64_t a, std::int64_t b) { // b > 0
    return a >= 0 ? a / b : -((-a + b - 1) / b);
}

/// a·b/c to the nearest integer, halves up. @pre c > 0.
std::int64_t scaled(std::int64_t a, std::int64_t b, std::int64_t c) {
    constexpr std::int64_t safe = std::int64_t{1} << 30;
    if (std::abs(a) < safe && std::abs(b) < safe)
        return floor_div(2 * a * b + c, 2 * c);
    const Wide n = 2 * static_cast<Wide>(a) * b + c, d = 2 * static_cast<Wide>(c);
    Wide quotient = n / d;
    if (n % d < 0)
        --quotient;
    return static_cast<std::int64_t>(quotient);
}

std::int64_t rounded_quotient(std::int64_t a, std::int64_t b) {
    return a <= 0 ? 0 : (2 * a + b) / (2 * b);
}

} // namespace

CoverageRaster::CoverageRaster(std::int64_t left, std::int64_t top, int width, int height)
    : left_(left), top_(top), width_(width), height_(height) {
    COREBELT_EXPECTS(width > 0 && height > 0);
    cells_.resize((static_cast<std::size_t>(width) + 1) * static_cast<std::size_t>(height));
}

void CoverageRaster::add_ring(std::span<const geo::XY> pixels, Colour colour) {
    const std::int64_t a = colour.a;
    const Sums weight{1, a, a * colour.r, a * colour.g, a * colour.b};
    const auto lattice = [](geo::XY p) {
        return Point{std::llround(p.x * static_cast<double>(unit)), std::llround(p.y * static_cast<double>(unit))};
    };
    for (std::size_t i = 1; i < pixels.size(); ++i) {
        const Point a_end = lattice(pixels[i - 1]), b_end = lattice(pixels[i]);
        // A ring that runs counter-clockwise as one sees it goes down on its left side.
        if (a_end.y < b_end.y)
            add_edge(a_end, b_end, weight, 1);
        else if (b_end.y < a_end.y)
            add_edge(b_end, a_end, weight, -1);
    }
}

void CoverageRaster::add_edge(Point upper, Point lower, const Sums& weight, std::int64_t sign) {
    const std::int64_t window_top = top_ * unit, window_bottom = (top_ + height_) * unit;
    if (lower.y <= window_top || upper.y >= window_bottom)
        return;
    if (std::min(upper.x, lower.x) >= (left_ + width_) * unit)
        return;
    const auto x_at = [&](std::int64_t y) {
        if (y == upper.y)
            return upper.x;
        if (y == lower.y)
            return lower.x;
        return upper.x + scaled(lower.x - upper.x, y - upper.y, lower.y - upper.y);
    };
    Point from{0, std::max(upper.y, window_top)};
    from.x = x_at(from.y);
    const std::int64_t end = std::min(lower.y, window_bottom);
    while (from.y < end) {
        const std::int64_t row = floor_div(from.y, unit);
        Point to{0, std::min(end, (row + 1) * unit)};
        to.x = x_at(to.y);
        Sums* cells = cells_.data() + static_cast<std::size_t>(row - top_) * (static_cast<std::size_t>(width_) + 1);
        add_in_row(cells, from, to, weight, sign);
        from = to;
    }
}

void CoverageRaster::add_in_row(Sums* row, Point from, Point to, const Sums& weight, std::int64_t sign) const {
    // Left to right in window coordinates; heights are counted from `from.y`, whichever end is the left one.
    const std::int64_t height = to.y - from.y;
    std::int64_t x0 = from.x - left_ * unit, x1 = to.x - left_ * unit;
    if (x0 > x1)
        std::swap(x0, x1);
    const std::int64_t right = width_ * unit;
    if (x0 >= right)
        return;
    const auto share_at = [&](std::int64_t x) { // height passed when the edge reaches x
        return x >= x1 ? height : scaled(height, x - x0, x1 - x0);
    };
    std::int64_t x = x0, passed = 0;
    if (x < 0) { // what lies left of the window covers its rows from the first column on
        const std::int64_t at_border = x1 <= 0 ? height : share_at(0);
        row[0].add(weight, sign * at_border * 2 * unit);
        passed = at_border;
        x = 0;
    }
    while (passed < height && x < right) {
        const std::int64_t column = x / unit;
        const std::int64_t next_x = std::min((column + 1) * unit, std::max(x1, x));
        const std::int64_t next = share_at(next_x);
        const std::int64_t piece = next - passed;
        const std::int64_t twice_mean = x + next_x - 2 * column * unit; // 0 … 2 unit
        row[column].add(weight, sign * piece * (2 * unit - twice_mean));
        row[column + 1].add(weight, sign * piece * twice_mean);
        passed = next;
        x = next_x;
    }
}

CoverageRaster::Result CoverageRaster::finish() const {
    Result result{Picture(width_, height_), 0};
    const Sums* cell = cells_.data();
    for (int y = 0; y < height_; ++y, ++cell) {
        Sums sum;
        for (int x = 0; x < width_; ++x, ++cell) {
            sum.share += cell->share;
            sum.alpha += cell->alpha;
            sum.red += cell->red;
            sum.green += cell->green;
            sum.blue += cell->blue;
            if (sum.share <= 0)
                continue;
            const std::int64_t divisor = std::max(full, sum.share);
            if (sum.share > full + full / 256)
                ++result.overfull_pixels;
            const std::int64_t alpha = std::min<std::int64_t>(255, rounded_quotient(sum.alpha, divisor));
            const auto channel = [&](std::int64_t value) { // premultiplied, so never above alpha
                return static_cast<std::uint32_t>(std::min(alpha, rounded_quotient(value, divisor * 255)));
            };
            result.picture.at(x, y) = static_cast<std::uint32_t>(alpha) << 24U | channel(sum.red) << 16U |
                                      channel(sum.green) << 8U | channel(sum.blue);
        }
    }
    return result;
}

double CoverageRaster::covered_pixels() const {
    double total = 0;
    const Sums* cell = cells_.data();
    for (int y = 0; y < height_; ++y, ++cell) {
        std::int64_t sum = 0;
        for (int x = 0; x < width_; ++x, ++cell) {
            sum += cell->share;
            total += static_cast<double>(sum) / static_cast<double>(full);
        }
    }
    return total;
}

} // namespace corebelt::styles
