#include "noise.hpp"

#include "random.hpp"

#include <cmath>

namespace corebelt::samples {
namespace {
double eased(double t) {
    return t * t * t * (t * (t * 6 - 15) + 10);
}
} // namespace

double Noise::corner(std::int64_t i, std::int64_t j) const {
    const auto column = static_cast<std::uint64_t>(i) * 0xd1342543de82ef95ULL;
    const auto row = static_cast<std::uint64_t>(j) * 0xaf251af3b0f025b5ULL;
    return 2 * Random(seed_ ^ column ^ (row >> 7U) ^ (row << 11U)).unit() - 1;
}

double Noise::at(double x_m, double y_m) const {
    const double x = x_m * frequency_;
    const double y = y_m * frequency_;
    const double fx = std::floor(x);
    const double fy = std::floor(y);
    const auto i = static_cast<std::int64_t>(fx);
    const auto j = static_cast<std::int64_t>(fy);
    const double sx = eased(x - fx);
    const double sy = eased(y - fy);
    const double south = corner(i, j) + sx * (corner(i + 1, j) - corner(i, j));
    const double north = corner(i, j + 1) + sx * (corner(i + 1, j + 1) - corner(i, j + 1));
    return south + sy * (north - south);
}

} // namespace corebelt::samples
