#pragma once
/// Do the coordinates fit the CRS that the layer claims?

#include "corebelt/geo/crs.hpp"
#include "corebelt/geo/shapes.hpp"
#include "corebelt/geo/transform.hpp"
#include "corebelt/layers/issue.hpp"

#include <array>
#include <cstdint>
#include <optional>
#include <string>

namespace corebelt::layers {

/// Judges features by their boxes, before any transformation, and reports each kind of contradiction once a layer,
/// with the number of features. What it reports does not depend on the order of the features.
class CrsCheck {
public:
    enum class Finding : std::uint8_t {
        fits,
        axes_swapped,      ///< northing before easting, latitude before longitude
        prefix_unexpected, ///< eastings carry a zone prefix, the CRS has none
        prefix_missing,    ///< the CRS has a zone prefix, eastings carry none
        zone_mismatch,     ///< the prefix in the eastings is another zone's
        out_of_range,      ///< outside the CRS' area of use
        beyond_strip,      ///< over the limit of the strip, by less than half of its half
    };

    explicit CrsCheck(const geo::Crs& crs);

    /// Judges features first… of a store whose coordinates are in the CRS; features without parts are skipped.
    void judge(const geo::Shapes& shapes);
    /// Adds what another check of the same CRS has found.
    void absorb(const CrsCheck& other);
    /// One issue for each kind found.
    void report(IssueLog& issues, const std::string& layer);
    /// The text of the gravest finding so far, for errors that it explains; none where everything fits.
    [[nodiscard]] std::optional<Text> explanation();

private:
    struct Tally {
        std::uint64_t features = 0;
        geo::XY place; ///< smallest centre, by x, then y
    };

    [[nodiscard]] Finding judge(const geo::Box& box);
    [[nodiscard]] Finding judge_gauss_krueger(const geo::Box& box, const geo::GaussKrueger& system) const;
    [[nodiscard]] bool inside(const geo::Box& box, const geo::Box& area_deg);
    [[nodiscard]] Text describe(Finding finding, const Tally& tally);
    [[nodiscard]] std::optional<bool> inside_beyond_doubt(geo::XY p, const geo::Box& area_deg) const;
    [[nodiscard]] std::optional<geo::XY> lon_lat_deg(geo::XY p);

    geo::Crs crs_;
    std::optional<geo::Box> area_deg_;            ///< where the system may be used
    std::optional<geo::Transform> to_geographic_; ///< made when first needed: PROJ takes milliseconds for it
    bool no_operation_ = false;                   ///< PROJ has none
    std::array<Tally, 7> tallies_{};
};

} // namespace corebelt::layers
