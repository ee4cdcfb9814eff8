#pragma once
/// Random numbers of our own: the same on every machine, unlike the distributions of <random>.

#include <cstdint>

namespace corebelt::samples {

/// SplitMix64 (Steele, Lea, Flood 2014).
class Random {
public:
    explicit Random(std::uint64_t seed) : state_(seed) {}

    std::uint64_t bits() {
        state_ += 0x9e3779b97f4a7c15ULL;
        std::uint64_t z = state_;
        z = (z ^ (z >> 30U)) * 0xbf58476d1ce4e5b9ULL;
        z = (z ^ (z >> 27U)) * 0x94d049bb133111ebULL;
        return z ^ (z >> 31U);
    }
    /// Uniform in [0, 1), a multiple of 2⁻⁵³.
    double unit() { return static_cast<double>(bits() >> 11U) * 0x1p-53; }
    double between(double low, double high) { return low + (high - low) * unit(); }
    bool chance(double p) { return unit() < p; }
    /// Uniform in 0 … n−1 but for a bias below 2⁻³². @pre n > 0.
    std::uint32_t below(std::uint32_t n) { return static_cast<std::uint32_t>(((bits() >> 32U) * n) >> 32U); }

private:
    std::uint64_t state_;
};

} // namespace corebelt::samples
