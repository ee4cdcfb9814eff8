#include "faces.hpp"

#include <algorithm>
#include <map>
#include <numeric>

namespace corebelt::samples {
namespace {

constexpr double least_parcel_m2 = 5000;
constexpr double least_belt_m2 = 1200;
constexpr double least_water_m2 = 600;
constexpr double narrow_m = 26; ///< a parcel thinner than this is a belt

/// Connected faces with one label: for each face the lowest face of its piece; area and rim at that one.
struct Pieces {
    std::vector<std::size_t> of;
    std::vector<double> area_m2, rim_m;
};

Pieces pieces_of(const Arrangement& plan, const std::vector<int>& labels,
                 const std::map<std::pair<std::size_t, std::size_t>, double>& borders) {
    const auto& faces = plan.faces();
    Pieces pieces{std::vector<std::size_t>(faces.size()), std::vector<double>(faces.size(), 0),
                  std::vector<double>(faces.size(), 0)};
    std::iota(pieces.of.begin(), pieces.of.end(), std::size_t{0});
    const auto root = [&](std::size_t f) {
        while (pieces.of[f] != f)
            f = pieces.of[f] = pieces.of[pieces.of[f]];
        return f;
    };
    for (const auto& [pair, shared] : borders)
        if (labels[pair.first] == labels[pair.second]) {
            const std::size_t one = root(pair.first);
            const std::size_t other = root(pair.second);
            pieces.of[std::max(one, other)] = std::min(one, other);
        }
    for (std::size_t f = 0; f < faces.size(); ++f) {
        pieces.of[f] = root(f);
        pieces.area_m2[pieces.of[f]] += faces[f].planar_m2;
        for (const Ring& ring : faces[f].rings)
            pieces.rim_m[pieces.of[f]] += perimeter_m({ring, {}});
    }
    for (const auto& [pair, shared] : borders)
        if (pieces.of[pair.first] == pieces.of[pair.second])
            pieces.rim_m[pieces.of[pair.first]] -= 2 * shared;
    return pieces;
}

double least_m2(int label) {
    if (label >= first_parcel)
        return least_parcel_m2;
    if (label == static_cast<int>(Kind::belt))
        return least_belt_m2;
    return label > static_cast<int>(Kind::road) ? least_water_m2 : 0;
}

} // namespace

void tidy(const Arrangement& plan, std::vector<int>& labels) {
    const std::size_t count = plan.faces().size();
    const auto borders = plan.borders();
    for (std::size_t round = 0; round < count; ++round) {
        const Pieces pieces = pieces_of(plan, labels, borders);
        std::size_t smallest = count;
        bool belt = false;
        for (std::size_t f = 0; f < count; ++f) {
            if (pieces.of[f] != f || labels[f] < 0)
                continue;
            const double area_m2 = pieces.area_m2[f];
            const bool narrow =
                labels[f] >= first_parcel && area_m2 > least_belt_m2 && 2 * area_m2 / pieces.rim_m[f] < narrow_m;
            if ((area_m2 < least_m2(labels[f]) || narrow) &&
                (smallest == count || area_m2 < pieces.area_m2[smallest])) {
                smallest = f;
                belt = narrow;
            }
        }
        if (smallest == count)
            return;
        std::map<int, double> shared_with;
        for (const auto& [pair, shared] : borders) {
            const bool first = pieces.of[pair.first] == smallest;
            if (first != (pieces.of[pair.second] == smallest))
                shared_with[labels[first ? pair.second : pair.first]] += shared;
        }
        int joins = static_cast<int>(labels[smallest] == static_cast<int>(Kind::belt) ? Kind::road : Kind::belt);
        double longest = 0;
        for (const auto& [label, shared] : shared_with)
            if (!belt && label > static_cast<int>(Kind::road) && shared > longest) {
                longest = shared;
                joins = label;
            }
        for (std::size_t f = 0; f < count; ++f)
            if (pieces.of[f] == smallest)
                labels[f] = joins;
    }
}

} // namespace corebelt::samples
