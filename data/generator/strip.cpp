#include "strip.hpp"

#include <algorithm>
#include <cmath>

namespace corebelt::samples {
namespace {

constexpr double thinned_m = 0.15;

/// Douglas and Peucker's thinning; first and last vertex stay.
void thin(const std::vector<Vec>& line, std::size_t first, std::size_t last, std::vector<Vec>& result) {
    const Vec along = unit(line[last] - line[first]);
    double worst = thinned_m;
    std::size_t at = 0;
    for (std::size_t i = first + 1; i < last; ++i)
        if (const double off = std::fabs(cross(along, line[i] - line[first])); off > worst) {
            worst = off;
            at = i;
        }
    if (at == 0) {
        result.push_back(line[last]);
        return;
    }
    thin(line, first, at, result);
    thin(line, at, last, result);
}

} // namespace

std::vector<Vec> thinned(const std::vector<Vec>& line) {
    std::vector<Vec> result{line.front()};
    thin(line, 0, line.size() - 1, result);
    return result;
}

Strip strip(std::vector<Vec> centre, double width_m) {
    Strip s{std::move(centre), width_m / 2, {}};
    std::vector<Vec> left;
    std::vector<Vec> right;
    const std::size_t n = s.centre.size();
    for (std::size_t i = 0; i < n; ++i) {
        const Vec before = i > 0 ? unit(s.centre[i] - s.centre[i - 1]) : Vec{};
        const Vec after = i + 1 < n ? unit(s.centre[i + 1] - s.centre[i]) : Vec{};
        const Vec along = unit(before + after);
        const double mitre = i > 0 && i + 1 < n ? 1 / dot(along, after) : 1;
        left.push_back(s.centre[i] + (s.half_m * mitre) * left_of(along));
        right.push_back(s.centre[i] - (s.half_m * mitre) * left_of(along));
    }
    for (const Vec& p : right)
        s.rim.push_back(rounded(p));
    for (std::size_t i = n; i-- > 0;)
        s.rim.push_back(rounded(left[i]));
    return s;
}

bool in_any(const std::vector<Strip>& strips, Vec p) {
    return std::any_of(strips.begin(), strips.end(), [&](const Strip& s) { return inside(s.rim, p); });
}

} // namespace corebelt::samples
