#pragma once
/// Zones that are held, and the fold that measures features in them.

#include "area_sums.hpp"
#include "batch_fold.hpp"
#include "part_measure.hpp"
#include "placed_rows.hpp"
#include "remembered.hpp"

#include "corebelt/geo/control_set.hpp"
#include "corebelt/rules/tabulate.hpp"

#include <cstdint>
#include <unordered_map>
#include <utility>
#include <vector>

namespace corebelt::rules {

/// The zone values of a layer: rows of the answer, sorted.
class ZoneNames {
public:
    void add(layers::Value name);
    void finish();
    /// @pre finish() was called, and `name` was added.
    [[nodiscard]] std::uint32_t row_of(const layers::Value& name) const;
    [[nodiscard]] const layers::Value& operator[](std::size_t row) const { return names_[row]; }
    [[nodiscard]] std::size_t size() const { return names_.size(); }

private:
    std::vector<layers::Value> names_;
    std::size_t merged_ = 0;
};

/// Zone features prepared, and the row of the answer that each belongs to.
struct Zones {
    Zones(layers::Batch features, const ZoneNames& names, const layers::LayerInfo& info, const TabulateOptions& options,
          const Remembered& remembered);
    Zones(const Zones&) = delete;
    Zones& operator=(const Zones&) = delete;

    geo::Shapes shapes;
    geo::ControlSet set;            ///< refers to the shapes
    std::vector<std::uint32_t> row; ///< one a feature
    HeldKeys keys;
};

/// Sums over the batches that one thread got.
class ZoneFold {
public:
    /// @param touching  gets the geometry of every feature that lies in a zone; may be null.
    ZoneFold(const Zones& zones, const PartMeasure& measure, const Remembered& remembered,
             const layers::LayerInfo& info, const TabulateOptions& options, PlacedRows* touching);

    void add(const ReadBatch& read);

    /// Area of one feature in each row of the answer.
    using Parts = std::vector<std::pair<std::uint32_t, geo::Amount>>;
    /// Adds the parts of a shape in these zones to `parts`.
    void measure(const geo::ShapeView& shape, Parts& parts);
    /// Enters features whose parts are known.
    void add(const layers::Batch& features, const std::vector<Parts>& parts);

    void merge_into(AreaSums& sums) const;
    [[nodiscard]] const KernelCounts& counts() const { return counts_; }
    [[nodiscard]] std::uint64_t not_areal() const { return not_areal_; }

private:
    void tally(const Parts& parts, std::uint32_t class_number);

    const Zones& zones_;
    const PartMeasure& measure_;
    const Remembered& remembered_;
    const layers::LayerInfo& info_;
    const TabulateOptions& options_;
    PlacedRows* touching_;
    geo::OverlapKernel kernel_;
    ClassKeys classes_;
    std::unordered_map<std::uint64_t, Cell> cells_; ///< by zone row and class number
    KernelCounts counts_;
    std::uint64_t not_areal_ = 0;
    std::vector<std::uint32_t> found_;
    Parts parts_;
};

} // namespace corebelt::rules
