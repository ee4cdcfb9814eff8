#include "remembered.hpp"

#include "corebelt/layers/memo_bytes.hpp"

#include <algorithm>
#include <array>
#include <bit>
#include <limits>

namespace corebelt::rules {

Remembered::Remembered(layers::Memo* memo, const geo::Crs& crs, geo::AreaMethod method, bool with_ground)
    : memo_(memo) {
    if (memo_ == nullptr)
        return;
    const layers::ContentKey how{static_cast<std::uint64_t>(method), with_ground ? 1U : 0U};
    surroundings_ = layers::content_key({layers::content_key(crs.wkt()), how});
}

HeldKeys Remembered::keys_of(const geo::Shapes& shapes) const {
    HeldKeys keys;
    keys.each.resize(shapes.size());
    if (memo_ == nullptr)
        return keys;
    for (std::size_t i = 0; i < shapes.size(); ++i)
        keys.each[i] = layers::content_key(shapes[i]);
    keys.all = layers::content_key(keys.each);
    return keys;
}

double Remembered::distance(const geo::EdgeSet& set, const Asked& feature, const HeldKeys& keys,
                            std::uint32_t i) const {
    return answer<double>(Measure::distance, {feature.key, keys.each[i]},
                          [&] { return set.distance(feature.shape, i); });
}

std::optional<geo::EdgeSet::Nearest> Remembered::nearest(const geo::EdgeSet& set, const Asked& feature,
                                                         const HeldKeys& keys) const {
    struct Known {
        std::uint64_t number; ///< of the feature, from 1; 0 where there is none
        double distance;
        geo::XY at_other, at_this;
    };
    const auto known = answer<Known>(Measure::nearest, {feature.key, keys.all}, [&] {
        const auto found = set.nearest(feature.shape, std::numeric_limits<double>::infinity());
        return found ? Known{std::uint64_t{found->index} + 1, found->distance, found->at_other, found->at_this}
                     : Known{};
    });
    if (known.number == 0)
        return std::nullopt;
    return geo::EdgeSet::Nearest{static_cast<std::uint32_t>(known.number - 1), known.distance, known.at_other,
                                 known.at_this};
}

double Remembered::shared_boundary_length(const geo::EdgeSet& set, const Asked& feature, const HeldKeys& keys,
                                          std::uint32_t i, double gap) const {
    const layers::ContentKey wide{std::bit_cast<std::uint64_t>(gap), 0};
    return answer<double>(Measure::shared_boundary, {feature.key, keys.each[i], wide},
                          [&] { return set.shared_boundary_length(feature.shape, i, gap); });
}

std::vector<geo::Piece> Remembered::pieces(Measure measure, std::span<const layers::ContentKey> contents,
                                           const std::function<std::vector<geo::Piece>()>& build) const {
    if (memo_ == nullptr)
        return build();
    const layers::ContentKey asked = question(measure, contents);
    if (const auto known = memo_->find(asked)) {
        layers::MemoReader reader(*known);
        std::vector<geo::Piece> pieces;
        for (auto left = reader.take<std::uint64_t>(); left > 0 && !reader.is_short(); --left) {
            auto& piece = pieces.emplace_back();
            piece.planar_m2 = reader.take<double>();
            piece.perimeter = reader.take<double>();
            reader.take(piece.shape);
        }
        if (reader.is_whole())
            return pieces;
    }
    auto pieces = build();
    layers::MemoWriter writer;
    writer.add(std::uint64_t{pieces.size()});
    for (const auto& piece : pieces) {
        writer.add(piece.planar_m2);
        writer.add(piece.perimeter);
        writer.add(piece.shape[0]);
    }
    memo_->keep(asked, writer.bytes());
    return pieces;
}

layers::ContentKey Remembered::question(Measure measure, std::span<const layers::ContentKey> contents) const {
    constexpr std::size_t few = 4;
    const layers::ContentKey asked{static_cast<std::uint64_t>(measure), contents.size()};
    if (contents.size() > few)
        return layers::content_key({surroundings_, asked, layers::content_key(contents)});
    std::array<layers::ContentKey, few + 2> all{surroundings_, asked};
    std::copy(contents.begin(), contents.end(), all.begin() + 2);
    return layers::content_key(std::span<const layers::ContentKey>(all).first(contents.size() + 2));
}

} // namespace corebelt::rules
