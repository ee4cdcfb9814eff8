#include "lattice.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

namespace corebelt::samples {

double dot(Vec a, Vec b) {
    return a.x * b.x + a.y * b.y;
}
double cross(Vec a, Vec b) {
    return a.x * b.y - a.y * b.x;
}
double length(Vec a) {
    return std::sqrt(dot(a, a));
}
Vec unit(Vec a) {
    return (1 / length(a)) * a;
}

Point rounded(Vec metres) {
    return {static_cast<std::int64_t>(std::floor(metres.x * 1000 + 0.5)),
            static_cast<std::int64_t>(std::floor(metres.y * 1000 + 0.5))};
}
Vec metres(Point p) {
    return {static_cast<double>(p.x) / 1000, static_cast<double>(p.y) / 1000};
}

std::int64_t turn(Point a, Point b, Point c) {
    return (b.x - a.x) * (c.y - a.y) - (b.y - a.y) * (c.x - a.x);
}

std::int64_t twice_area_mm2(const Ring& ring) {
    std::int64_t sum = 0;
    for (std::size_t i = 0; i < ring.size(); ++i) {
        const Point& p = ring[i];
        const Point& q = ring[(i + 1) % ring.size()];
        sum += p.x * q.y - q.x * p.y;
    }
    return sum;
}

std::int64_t twice_area_mm2(const Polygon& polygon) {
    std::int64_t sum = twice_area_mm2(polygon.outer);
    for (const Ring& hole : polygon.holes)
        sum += twice_area_mm2(hole);
    return sum;
}

double planar_m2(const Polygon& polygon) {
    return static_cast<double>(twice_area_mm2(polygon)) / 2e6;
}

double perimeter_m(const Polygon& polygon) {
    const auto around = [](const Ring& ring) {
        double sum = 0;
        for (std::size_t i = 0; i < ring.size(); ++i)
            sum += length(metres(ring[(i + 1) % ring.size()]) - metres(ring[i]));
        return sum;
    };
    double sum = around(polygon.outer);
    for (const Ring& hole : polygon.holes)
        sum += around(hole);
    return sum;
}

double ground_m2(const Polygon& polygon, double from_meridian_m) {
    constexpr double radius_m = 6363960;
    double area = 0;
    double first = 0;  // ∬ x
    double second = 0; // ∬ x²
    const auto add = [&](const Ring& ring) {
        for (std::size_t i = 0; i < ring.size(); ++i) {
            const Vec p = metres(ring[i]);
            const Vec q = metres(ring[(i + 1) % ring.size()]);
            const double c = cross(p, q);
            area += c / 2;
            first += c * (p.x + q.x) / 6;
            second += c * (p.x * p.x + p.x * q.x + q.x * q.x) / 12;
        }
    };
    add(polygon.outer);
    for (const Ring& hole : polygon.holes)
        add(hole);
    const double squared = from_meridian_m * from_meridian_m * area + 2 * from_meridian_m * first + second; // ∬ y²
    const double t = squared / area / (radius_m * radius_m);
    return area * (1 - t + 2 * t * t / 3);
}

bool inside(const Ring& ring, Vec p) {
    bool in = false;
    for (std::size_t i = 0; i < ring.size(); ++i) {
        const Vec a = metres(ring[i]);
        const Vec b = metres(ring[(i + 1) % ring.size()]);
        if ((a.y > p.y) != (b.y > p.y) && p.x < a.x + (p.y - a.y) * (b.x - a.x) / (b.y - a.y))
            in = !in;
    }
    return in;
}

double distance_m(const Ring& ring, Vec p) {
    double best = std::numeric_limits<double>::infinity();
    for (std::size_t i = 0; i < ring.size(); ++i) {
        const Vec a = metres(ring[i]);
        const Vec along = metres(ring[(i + 1) % ring.size()]) - a;
        const double t = std::clamp(dot(p - a, along) / dot(along, along), 0.0, 1.0);
        const Vec gap = p - (a + t * along);
        best = std::min(best, dot(gap, gap));
    }
    return std::sqrt(best);
}

Vec inner_point(const std::vector<Ring>& rings) {
    std::int64_t low = std::numeric_limits<std::int64_t>::max();
    std::int64_t high = std::numeric_limits<std::int64_t>::min();
    for (const Ring& ring : rings)
        for (const Point& p : ring) {
            low = std::min(low, p.y);
            high = std::max(high, p.y);
        }
    Vec best;
    double widest = -1;
    std::vector<double> cuts;
    for (int step = 1; step < 16; ++step) {
        const double y =
            static_cast<double>(low) + (static_cast<double>(high - low)) * step / 16 + 0.25; // between rows
        cuts.clear();
        for (const Ring& ring : rings)
            for (std::size_t i = 0; i < ring.size(); ++i) {
                const Point& a = ring[i];
                const Point& b = ring[(i + 1) % ring.size()];
                const auto ay = static_cast<double>(a.y);
                const auto by = static_cast<double>(b.y);
                if ((ay > y) != (by > y))
                    cuts.push_back(static_cast<double>(a.x) + (y - ay) * static_cast<double>(b.x - a.x) / (by - ay));
            }
        std::sort(cuts.begin(), cuts.end());
        for (std::size_t i = 0; i + 1 < cuts.size(); i += 2)
            if (cuts[i + 1] - cuts[i] > widest) {
                widest = cuts[i + 1] - cuts[i];
                best = {(cuts[i] + cuts[i + 1]) / 2000, y / 1000};
            }
    }
    return best;
}

} // namespace corebelt::samples
