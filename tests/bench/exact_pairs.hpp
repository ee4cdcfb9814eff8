#pragma once
/// Each area that the kernel gives for a pair, against the exact one.

#include "province.hpp"

#include <cstdint>

namespace corebelt::bench {

struct ExactPairs {
    std::uint64_t pairs = 0;    ///< subject and control whose boxes touch
    std::uint64_t apart = 0;    ///< no edges meet, nothing in common: proved and summed in integers
    std::uint64_t within = 0;   ///< no edges meet, one within the other: likewise
    std::uint64_t cut = 0;      ///< edges meet: integration over slabs in 113-bit floating point
    std::uint64_t left_out = 0; ///< likewise, but too many vertices for that
    std::uint64_t rational = 0; ///< of those cut, integrated again in rationals
    double greatest_m2 = 0;     ///< |kernel − exact|
    double greatest_of_bound = 0;
    double greatest_of_equality = 0;               ///< over max(0.01 m², 1e-6 · area)
    double quad_to_rational_m2 = 0;                ///< the two ways of the oracle, greatest difference
    double uncut_s = 0, cut_s = 0, rational_s = 0; ///< processor time of the oracle
};

/// Parcels of the province with its parks, tile by tile until there are `pairs`; two threads. Every nth cut pair is
/// done in rationals too, for at most `rational_s` seconds. Coordinates are on the lattice of the door.
/// @throws std::runtime_error where edges meet and the kernel says that they do not.
[[nodiscard]] ExactPairs compare_pairs(const Province& province, std::uint64_t pairs, double rational_s);

/// Every pair of areas of two layers whose boxes touch; coordinates as the door leaves them. Pairs whose edges meet are
/// left out where they have more than `most_vertices` together. Throws as the other.
[[nodiscard]] ExactPairs compare_pairs(const geo::Shapes& subjects, const geo::Shapes& controls,
                                       std::uint64_t most_vertices, double rational_s);

/// Every vertex displaced and put on the lattice again. @pre areas only.
[[nodiscard]] geo::Shapes displaced(const geo::Shapes& shapes, geo::XY by);

/// Sums and greatest values of both.
[[nodiscard]] ExactPairs together(const ExactPairs& a, const ExactPairs& b);

} // namespace corebelt::bench
