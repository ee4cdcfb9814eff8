#pragma once
/// Measures of features, looked up in a memo before they are worked out.

#include "corebelt/geo/area.hpp"
#include "corebelt/geo/control_set.hpp"
#include "corebelt/geo/crs.hpp"
#include "corebelt/geo/distance.hpp"
#include "corebelt/geo/evidence.hpp"
#include "corebelt/geo/shapes.hpp"
#include "corebelt/layers/memo.hpp"

#include <cstdint>
#include <functional>
#include <initializer_list>
#include <optional>
#include <span>
#include <vector>

namespace corebelt::rules {

/// What is asked of contents. Numbers are part of the keys in memo files of this build only.
enum class Measure : std::uint64_t {
    part_whole,      ///< PartMeasure::whole of a feature
    whole_m2,        ///< PartMeasure::whole_m2 of a feature
    surface_whole,   ///< Surfaces::whole of a feature
    overlap,         ///< of a feature with a held one
    held_overlap,    ///< of two held ones
    overlap_union,   ///< of a feature with held ones in canonical order
    distance,        ///< of a feature from a held one, units of the CRS
    nearest,         ///< to a feature, of all held ones in the order of the file
    shared_boundary, ///< of a feature with a held one, units of the CRS; the gap is one more content
    overlap_pieces,  ///< of a feature with held ones in canonical order
    outside_pieces,  ///< of a feature outside of held ones in canonical order
};

/// A feature that something is asked of.
struct Asked {
    geo::ShapeView shape;
    layers::ContentKey key; ///< of the shape, where a memo is used
};

/// Of features that are held.
struct HeldKeys {
    std::vector<layers::ContentKey> each; ///< one a feature; of any value where no memo is used
    layers::ContentKey all;               ///< of all of them in the order of the file
};

/// Immutable, shared by threads. Without a memo everything is worked out, and all keys are alike.
class Remembered {
public:
    /// Keeps apart what another CRS, another method, or kernels with and without a ground form give for the same
    /// coordinates.
    Remembered(layers::Memo* memo, const geo::Crs& crs, geo::AreaMethod method, bool with_ground);

    [[nodiscard]] bool is_on() const { return memo_ != nullptr; }
    [[nodiscard]] layers::ContentKey key_of(const geo::ShapeView& shape) const {
        return memo_ == nullptr ? layers::ContentKey{} : layers::content_key(shape);
    }
    [[nodiscard]] Asked asked(const geo::ShapeView& shape) const { return {shape, key_of(shape)}; }
    [[nodiscard]] HeldKeys keys_of(const geo::Shapes& shapes) const;

    /// What `work_out` gives, or gave when the same was asked of the same contents.
    /// @pre the answer depends on the contents and on what the constructor was given alone.
    template <class Answer, class WorkOut>
    [[nodiscard]] Answer answer(Measure measure, std::span<const layers::ContentKey> contents,
                                const WorkOut& work_out) const {
        return memo_ == nullptr ? work_out() : memo_->answer<Answer>(question(measure, contents), work_out);
    }
    template <class Answer, class WorkOut>
    [[nodiscard]] Answer answer(Measure measure, std::initializer_list<layers::ContentKey> contents,
                                const WorkOut& work_out) const {
        return answer<Answer>(measure, std::span(contents.begin(), contents.size()), work_out);
    }

    /// Questions about lengths: the set knows no memo, so the keys come along.
    [[nodiscard]] double distance(const geo::EdgeSet& set, const Asked& feature, const HeldKeys& keys,
                                  std::uint32_t i) const;
    [[nodiscard]] std::optional<geo::EdgeSet::Nearest> nearest(const geo::EdgeSet& set, const Asked& feature,
                                                               const HeldKeys& keys) const;
    [[nodiscard]] double shared_boundary_length(const geo::EdgeSet& set, const Asked& feature, const HeldKeys& keys,
                                                std::uint32_t i, double gap) const;

    /// Evidence: pieces of what a feature shares with others, or has outside of them. The first content is the
    /// feature's. @throws as `build`; then nothing is kept.
    [[nodiscard]] std::vector<geo::Piece> pieces(Measure measure, std::span<const layers::ContentKey> contents,
                                                 const std::function<std::vector<geo::Piece>()>& build) const;

private:
    [[nodiscard]] layers::ContentKey question(Measure measure, std::span<const layers::ContentKey> contents) const;

    layers::Memo* memo_;
    layers::ContentKey surroundings_;
};

} // namespace corebelt::rules
