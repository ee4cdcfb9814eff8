#include "cuts.hpp"

#include <algorithm>

namespace corebelt::samples {

std::vector<std::pair<Vec, Vec>> spans(const Ring& ring, Vec through, Vec along) {
    std::vector<double> cuts;
    for (std::size_t i = 0; i < ring.size(); ++i) {
        const Vec a = metres(ring[i]) - through;
        const Vec b = metres(ring[(i + 1) % ring.size()]) - through;
        const double da = cross(along, a);
        const double db = cross(along, b);
        if ((da > 0) != (db > 0))
            cuts.push_back(dot(along, a + (da / (da - db)) * (b - a)));
    }
    std::sort(cuts.begin(), cuts.end());
    std::vector<std::pair<Vec, Vec>> result;
    for (std::size_t i = 0; i + 1 < cuts.size(); i += 2)
        result.emplace_back(through + cuts[i] * along, through + cuts[i + 1] * along);
    return result;
}

OrientedBox box_along(const Ring& ring, Vec along) {
    const Vec across = left_of(along);
    double low_a = 1e18;
    double high_a = -1e18;
    double low_b = 1e18;
    double high_b = -1e18;
    for (const Point& point : ring) {
        const Vec p = metres(point);
        low_a = std::min(low_a, dot(p, along));
        high_a = std::max(high_a, dot(p, along));
        low_b = std::min(low_b, dot(p, across));
        high_b = std::max(high_b, dot(p, across));
    }
    const Vec middle = ((low_a + high_a) / 2) * along + ((low_b + high_b) / 2) * across;
    if (high_a - low_a >= high_b - low_b)
        return {middle, along, high_a - low_a, high_b - low_b};
    return {middle, across, high_b - low_b, high_a - low_a};
}

Ring half_of(const Ring& ring, Vec through, Vec along) {
    Ring result;
    for (std::size_t i = 0; i < ring.size(); ++i) {
        const Vec a = metres(ring[i]);
        const Vec b = metres(ring[(i + 1) % ring.size()]);
        const double da = cross(along, a - through);
        const double db = cross(along, b - through);
        if (da >= 0)
            result.push_back(ring[i]);
        if ((da >= 0) != (db >= 0))
            result.push_back(rounded(a + (da / (da - db)) * (b - a)));
    }
    return result;
}

std::vector<std::vector<Vec>> runs_inside(const Ring& ring, const std::vector<Vec>& line) {
    std::vector<std::vector<Vec>> runs;
    bool in = inside(ring, line.front());
    if (in)
        runs.push_back({line.front()});
    for (std::size_t i = 0; i + 1 < line.size(); ++i) {
        const Vec from = line[i];
        const Vec step = line[i + 1] - from;
        std::vector<double> parts; // where the step crosses the ring
        for (std::size_t k = 0; k < ring.size(); ++k) {
            const Vec a = metres(ring[k]) - from;
            const Vec b = metres(ring[(k + 1) % ring.size()]) - from;
            const double da = cross(step, a);
            const double db = cross(step, b);
            if ((da > 0) == (db > 0))
                continue;
            const double part = dot(step, a + (da / (da - db)) * (b - a)) / dot(step, step);
            if (part > 0 && part <= 1)
                parts.push_back(part);
        }
        std::sort(parts.begin(), parts.end());
        for (const double part : parts) {
            if (in)
                runs.back().push_back(from + part * step);
            else
                runs.push_back({from + part * step});
            in = !in;
        }
        if (in)
            runs.back().push_back(line[i + 1]);
    }
    return runs;
}

} // namespace corebelt::samples
