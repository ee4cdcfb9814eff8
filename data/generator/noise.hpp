#pragma once
/// Smooth random fields: what bends streets and shapes terrain. Only + − × and floor, so the bits are the same
/// everywhere.

#include <cstdint>

namespace corebelt::samples {

/// Value noise on a square lattice, in [−1, 1], twice continuously differentiable.
class Noise {
public:
    Noise(std::uint64_t seed, double wavelength_m) : seed_(seed), frequency_(1 / wavelength_m) {}
    [[nodiscard]] double at(double x_m, double y_m) const;

private:
    [[nodiscard]] double corner(std::int64_t i, std::int64_t j) const;
    std::uint64_t seed_;
    double frequency_;
};

} // namespace corebelt::samples
