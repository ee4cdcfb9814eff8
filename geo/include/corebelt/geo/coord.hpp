#pragma once
/// Coordinates and boxes. Axis order everywhere in corebelt: easting (or longitude) first, northing (or
/// latitude) second; metres in projected systems, degrees in geographic ones.

#include <algorithm>
#include <limits>

namespace corebelt::geo {

struct XY {
    double x = 0; ///< easting in metres, or longitude in degrees
    double y = 0; ///< northing in metres, or latitude in degrees

    friend bool operator==(const XY&, const XY&) = default;
};

/// Closed axis-parallel box; empty when min > max, which is how it begins.
struct Box {
    double min_x = std::numeric_limits<double>::infinity();
    double min_y = std::numeric_limits<double>::infinity();
    double max_x = -std::numeric_limits<double>::infinity();
    double max_y = -std::numeric_limits<double>::infinity();

    [[nodiscard]] bool empty() const { return !(min_x <= max_x && min_y <= max_y); }
    void add(XY p) {
        min_x = std::min(min_x, p.x);
        min_y = std::min(min_y, p.y);
        max_x = std::max(max_x, p.x);
        max_y = std::max(max_y, p.y);
    }
    void add(const Box& b) {
        min_x = std::min(min_x, b.min_x);
        min_y = std::min(min_y, b.min_y);
        max_x = std::max(max_x, b.max_x);
        max_y = std::max(max_y, b.max_y);
    }
    /// True where the closed boxes share at least a point.
    [[nodiscard]] bool touches(const Box& b) const {
        return min_x <= b.max_x && b.min_x <= max_x && min_y <= b.max_y && b.min_y <= max_y;
    }
    [[nodiscard]] bool contains(const Box& b) const {
        return min_x <= b.min_x && b.max_x <= max_x && min_y <= b.min_y && b.max_y <= max_y;
    }
    [[nodiscard]] Box grown(double by) const { return {min_x - by, min_y - by, max_x + by, max_y + by}; }

    friend bool operator==(const Box&, const Box&) = default;
};

} // namespace corebelt::geo
