#pragma once
/// The door at which geometry is judged once: everything behind it may rely on ShapeView's promises.

#include "crs_check.hpp"

#include "corebelt/geo/error.hpp"
#include "corebelt/geo/transform.hpp"
#include "corebelt/geo/validity.hpp"
#include "corebelt/layers/source.hpp"

#include <cstdint>
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <vector>

namespace corebelt::layers {

class Memo;

/// What decoding found, one a feature.
enum class Decoding : std::uint8_t { ok, mixed, curve, empty, broken };

class Door {
public:
    struct Rules {
        std::string label;              ///< name of the layer in issues
        std::optional<geo::Crs> crs;    ///< of the coordinates that come in
        std::optional<geo::Crs> target; ///< transform into it
        double max_chord_error_m = 0;   ///< as OpenOptions
        bool trust_geometry = false;
        Memo* memo = nullptr; ///< of faults; may be null
    };

    /// @throws Error{input, "ballpark-transform"}, Error{input, "no-transform"}
    explicit Door(Rules rules);

    /// Features as decoded; a broken one has no parts. `name_of` gives a feature's id for issues.
    /// Afterwards every feature is finite, in the target CRS, on the lattice, closed and oriented, valid or trusted;
    /// `rejected` is 1 where it is to be set aside.
    void judge(geo::Shapes& shapes, std::span<const Decoding> decoding, std::span<const std::int64_t> fids,
               const std::function<std::string(std::size_t)>& name_of, std::vector<std::uint8_t>& rejected);
    /// Adds what another door of the same layer has seen; what comes out does not depend on which saw what.
    void absorb(const Door& other);
    /// After the last batch: what is said once a layer.
    /// @throws Error{input, "transform-failed"} where not one feature could be transformed.
    void finish();

    [[nodiscard]] const DoorCounts& counts() const { return counts_; }
    [[nodiscard]] const IssueLog& issues() const { return issues_; }
    [[nodiscard]] IssueLog& issues() { return issues_; }

private:
    struct Feature {
        std::size_t row;
        std::int64_t fid;
        std::string name;
    };

    void report(std::string_view code, const std::string& feature, std::optional<geo::XY> place, Text text);
    void reject_not_finite(geo::Shapes& shapes, const std::function<std::string(std::size_t)>& name_of,
                           std::vector<std::uint8_t>& rejected);
    void keep(const Error& error);
    void transform(geo::Shapes& shapes, const std::function<std::string(std::size_t)>& name_of,
                   std::vector<std::uint8_t>& rejected);
    [[nodiscard]] std::optional<geo::FaultPlace> fault_of(const geo::ShapeView& shape) const;
    [[nodiscard]] geo::Repair repair(const geo::ShapeView& shape) const;
    /// The repaired feature, without parts where it is to be set aside.
    [[nodiscard]] geo::Shapes mended(const geo::ShapeView& shape, const geo::FaultPlace& found, const Feature& feature);
    [[nodiscard]] double square_metres_per_unit(const geo::Box& box) const;

    Rules rules_;
    bool geographic_ = false; ///< of what goes out
    double metres_per_unit_ = 1;
    std::optional<CrsCheck> crs_check_;
    std::optional<geo::Transform> transform_;
    std::uint64_t curves_ = 0;
    std::uint64_t transformed_ = 0;
    std::optional<Error> transform_error_; ///< the first by its text
    DoorCounts counts_;
    IssueLog issues_;
};

} // namespace corebelt::layers
