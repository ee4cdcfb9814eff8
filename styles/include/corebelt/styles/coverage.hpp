#pragma once
/// Rasterising a coverage (parcels that share their edges) by exact area, so that no seam shows between them.

#include "corebelt/geo/coord.hpp"
#include "corebelt/styles/colour.hpp"
#include "corebelt/styles/picture.hpp"

#include <cstdint>
#include <span>
#include <vector>

namespace corebelt::styles {

/// Sums, for each pixel, Σ covered share and Σ covered share · alpha · colour, in integers: the result depends on
/// neither the order of the rings nor on how the picture is cut into windows.
///
/// Vertices are rounded to 2⁻¹² pixel, and where an edge crosses a pixel border the crossing is rounded to the same
/// lattice, computed from the edge's ends in one direction only. Two parcels along an edge therefore cancel exactly.
/// Accuracy of a pixel's share: 2⁻¹² per edge that crosses it.
class CoverageRaster {
public:
    /// A window whose upper left pixel is (left, top) of the picture plane. @pre width > 0 and height > 0.
    CoverageRaster(std::int64_t left, std::int64_t top, int width, int height);

    /// A closed ring in pixels of the plane, x to the right, y down; outer rings counter-clockwise as one sees them (as
    /// on the map), holes clockwise. @pre |coordinate| < 2³⁵ and no edge longer than 2³⁰ pixels.
    void add_ring(std::span<const geo::XY> pixels, Colour colour);

    struct Result {
        Picture picture;                   ///< pixels covered less than fully are partly transparent
        std::uint64_t overfull_pixels = 0; ///< Σ share above 1 by more than 1/256: parcels lie on each other
    };
    [[nodiscard]] Result finish() const;

    /// Σ share of all pixels, in pixels.
    [[nodiscard]] double covered_pixels() const;

private:
    struct Sums {
        std::int64_t share = 0, alpha = 0, red = 0, green = 0, blue = 0;

        void add(const Sums& weight, std::int64_t amount) {
            share += amount;
            alpha += amount * weight.alpha;
            red += amount * weight.red;
            green += amount * weight.green;
            blue += amount * weight.blue;
        }
    };
    struct Point {
        std::int64_t x = 0, y = 0;
    };
    void add_edge(Point upper, Point lower, const Sums& weight, std::int64_t sign);
    void add_in_row(Sums* row, Point from, Point to, const Sums& weight, std::int64_t sign) const;

    std::int64_t left_, top_;
    int width_, height_;
    std::vector<Sums> cells_; ///< differences along x; one more than `width_` a row
};

} // namespace corebelt::styles
