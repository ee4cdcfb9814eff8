#include "corebelt/rules/tabulate.hpp"

#include "attribute.hpp"
#include "batch_fold.hpp"
#include "part_measure.hpp"
#include "remembered.hpp"

#include "corebelt/geo/amount.hpp"
#include "corebelt/geo/control_set.hpp"
#include "corebelt/geo/error.hpp"
#include "corebelt/geo/expects.hpp"
#include "corebelt/geo/stop.hpp"

#include <algorithm>
#include <cstdio>
#include <map>
#include <memory>
#include <unordered_map>
#include <utility>

namespace corebelt::rules {

namespace {

/// Zone features prepared, and the row of the answer that each belongs to. Refers to the table's geometry.
struct Zones {
    geo::ControlSet set;
    std::vector<layers::Value> names; ///< one a row, sorted
    std::vector<std::uint32_t> row;   ///< one a feature
    std::uint64_t not_areal = 0;
    HeldKeys keys;
};

Zones hold_zones(const layers::Table& table, const TabulateOptions& options, const Remembered& remembered) {
    const geo::Shapes& shapes = table.rows.shapes;
    Zones zones{remembered.control_set(shapes, options.jobs), {}, {}, 0, remembered.keys_of(shapes)};
    const auto* column = options.zone_field.empty() ? nullptr : &column_of(table.rows, options.zone_field, table.info);
    std::map<layers::Value, std::uint32_t, ValueLess> rows;
    for (std::size_t i = 0; i < table.rows.size(); ++i) {
        rows.emplace(key_of(table.rows, column, i), 0);
        const auto shape = table.rows.shapes[i];
        zones.not_areal += !shape.empty() && shape.dimension() != geo::Dimension::area ? 1 : 0;
    }
    for (auto& [name, row] : rows) {
        row = static_cast<std::uint32_t>(zones.names.size());
        zones.names.push_back(name);
    }
    for (std::size_t i = 0; i < table.rows.size(); ++i)
        zones.row.push_back(rows.at(key_of(table.rows, column, i)));
    return zones;
}

/// Numbers for class keys in order of first appearance; private to one fold.
class ClassKeys {
public:
    std::uint32_t number_of(const std::vector<layers::Value>& key) {
        const auto [at, added] = numbers_.emplace(key, static_cast<std::uint32_t>(keys_.size()));
        if (added)
            keys_.push_back(key);
        return at->second;
    }
    [[nodiscard]] const std::vector<layers::Value>& operator[](std::uint32_t number) const { return keys_[number]; }

private:
    std::map<std::vector<layers::Value>, std::uint32_t, ValueLess> numbers_;
    std::vector<std::vector<layers::Value>> keys_;
};

/// Class numbers of a batch's rows, looked up only for rows that lie in a zone; once a dictionary entry where the
/// classes are one column of texts.
class RowClasses {
public:
    RowClasses(const layers::Batch& batch, const std::vector<const layers::Column*>& columns, ClassKeys& keys)
        : batch_(batch), columns_(columns), keys_(keys), key_(columns.size()) {
        if (columns.size() == 1 && !columns[0]->dictionary.empty())
            of_code_.assign(columns[0]->dictionary.size(), unknown);
    }
    std::uint32_t operator()(std::size_t row) {
        std::uint32_t* known = nullptr;
        if (!of_code_.empty() && columns_[0]->valid[row] != 0) {
            known = &of_code_[columns_[0]->code[row]];
            if (*known != unknown)
                return *known;
        }
        for (std::size_t c = 0; c < columns_.size(); ++c)
            key_[c] = key_of(batch_, columns_[c], row);
        const std::uint32_t number = keys_.number_of(key_);
        if (known != nullptr)
            *known = number;
        return number;
    }

private:
    static constexpr std::uint32_t unknown = ~std::uint32_t{0};
    const layers::Batch& batch_;
    const std::vector<const layers::Column*>& columns_;
    ClassKeys& keys_;
    std::vector<layers::Value> key_;
    std::vector<std::uint32_t> of_code_;
};

struct Cell {
    geo::Amount area;
    std::uint64_t features = 0;
};

/// Sums over the batches that one thread got.
class ZoneFold : public BatchFold {
public:
    ZoneFold(const Zones& zones, const PartMeasure& measure, const Remembered& remembered,
             const layers::LayerInfo& info, const TabulateOptions& options)
        : zones_(zones),
          measure_(measure),
          remembered_(remembered),
          info_(info),
          options_(options),
          kernel_(measure.make_kernel()),
          cells_(zones.names.size()),
          additive_(options.coverage ? zones.row.size() : 0) {}

    void add(const ReadBatch& read) override {
        const layers::Batch& batch = read.rows;
        std::vector<const layers::Column*> columns;
        for (const auto& field : options_.by)
            columns.push_back(&column_of(batch, field, info_));
        RowClasses class_of(batch, columns, classes_);
        for (std::size_t row = 0; row < batch.size(); ++row) {
            const auto shape = batch.shapes[row];
            if (shape.empty())
                continue;
            if (shape.dimension() != geo::Dimension::area) {
                ++not_areal_;
                continue;
            }
            if (measure_parts(shape))
                tally(class_of(row));
        }
    }

    /// Sums of one zone row by class key.
    using ClassSums = std::map<std::vector<layers::Value>, Cell, ValueLess>;
    void merge_into(std::vector<ClassSums>& sums) const {
        for (std::size_t zone = 0; zone < cells_.size(); ++zone)
            for (const auto& [number, cell] : cells_[zone]) {
                Cell& sum = sums[zone][classes_[number]];
                sum.area += cell.area;
                sum.features += cell.features;
            }
    }
    [[nodiscard]] const std::vector<geo::Amount>& additive() const { return additive_; }
    [[nodiscard]] const geo::Shapes& touching() const { return touching_; }
    [[nodiscard]] const KernelCounts& counts() const { return counts_; }
    [[nodiscard]] std::uint64_t not_areal() const { return not_areal_; }

private:
    /// Fills parts_ with (zone row, area); false where the shape shares no land with any zone.
    bool measure_parts(const geo::ShapeView& shape) {
        zones_.set.find(shape.box(), found_);
        parts_.clear();
        if (found_.empty())
            return false;
        const layers::ContentKey key = remembered_.key_of(shape);
        PartMeasure::Whole whole;
        for (const std::uint32_t zone : found_) {
            const auto overlap = remembered_.answer<geo::Overlap>(Measure::overlap, {key, zones_.keys.each[zone]}, [&] {
                return kernel_.overlap(shape, zones_.set[zone]);
            });
            counts_.add(overlap);
            if (measure_.additive(overlap) <= 0)
                continue;
            if (parts_.empty())
                whole = remembered_.answer<PartMeasure::Whole>(Measure::part_whole, {key},
                                                               [&] { return measure_.whole(shape); });
            const geo::Amount part(measure_.part_m2(whole, overlap));
            if (options_.coverage)
                additive_[zone] += geo::Amount(measure_.additive(overlap));
            const auto same_row =
                std::find_if(parts_.begin(), parts_.end(), [&](const auto& p) { return p.first == zones_.row[zone]; });
            if (same_row == parts_.end())
                parts_.emplace_back(zones_.row[zone], part);
            else
                same_row->second += part;
        }
        if (options_.coverage && !parts_.empty())
            touching_.append(shape);
        return !parts_.empty();
    }

    void tally(std::uint32_t class_number) {
        for (const auto& [zone, area] : parts_) {
            Cell& cell = cells_[zone][class_number];
            cell.area += area;
            cell.features += area.ten_thousandths() > 0 ? 1 : 0;
        }
    }

    const Zones& zones_;
    const PartMeasure& measure_;
    const Remembered& remembered_;
    const layers::LayerInfo& info_;
    const TabulateOptions& options_;
    geo::OverlapKernel kernel_;
    ClassKeys classes_;
    std::vector<std::unordered_map<std::uint32_t, Cell>> cells_; ///< by zone row, then class number
    std::vector<geo::Amount> additive_;                          ///< by zone feature, for --coverage
    geo::Shapes touching_;                                       ///< features that lie in a zone, for --coverage
    KernelCounts counts_;
    std::uint64_t not_areal_ = 0;
    std::vector<std::uint32_t> found_;
    std::vector<std::pair<std::uint32_t, geo::Amount>> parts_;
};

std::string square_metres(const geo::Amount& area) {
    char text[64];
    std::snprintf(text, sizeof text, "%.2f", area.value());
    return text;
}

/// Land that lies in two zone features, summed by pair of zone values.
void report_overlapping_zones(const Zones& zones, const layers::Table& table, const PartMeasure& measure,
                              const Remembered& remembered, const TabulateOptions& options, TabulateResult& result) {
    auto kernel = measure.make_kernel();
    std::map<std::pair<std::uint32_t, std::uint32_t>, geo::Amount> shared;
    std::vector<std::uint32_t> found;
    for (std::uint32_t i = 0; i < zones.row.size(); ++i) {
        if (!zones.set.has(i))
            continue;
        throw_if_stopped();
        zones.set.find(table.rows.shapes.box[i], found);
        for (const std::uint32_t j : found) {
            if (j <= i)
                continue;
            const auto overlap =
                remembered.answer<geo::Overlap>(Measure::held_overlap, {zones.keys.each[i], zones.keys.each[j]},
                                                [&] { return kernel.overlap(zones.set[i], zones.set[j]); });
            if (measure.additive(overlap) > 0)
                shared[std::minmax(zones.row[i], zones.row[j])] += geo::Amount(measure.additive(overlap));
        }
    }
    for (const auto& [pair, area] : shared) {
        if (area.value() <= options.tolerance_area_m2)
            continue;
        const auto& a = zones.names[pair.first];
        const auto& b = zones.names[pair.second];
        const std::string m2 = square_metres(area);
        layers::Issue issue{"zones-overlap", table.info.source, shown(a, false), {}, {}};
        issue.text = {"zones " + shown(a, false) + " and " + shown(b, false) + " overlap by " + m2 +
                          " m²; land in both counts in both",
                      "区域 " + shown(a, true) + " 与 " + shown(b, true) + " 重叠 " + m2 +
                          " 平方米，重叠部分在两个区域中均计入"};
        result.issues.push_back(std::move(issue));
    }
}

void report_not_areal(const std::string& source, std::uint64_t count, TabulateResult& result) {
    if (count == 0)
        return;
    layers::Issue issue{"not-areal", source, {}, {}, {}};
    issue.text = {std::to_string(count) + " features are points or lines and have no area; they were left out",
                  std::to_string(count) + " 个要素为点或线，没有面积，未参与统计"};
    result.issues.push_back(std::move(issue));
}

/// Land that the layer covers in a zone feature more than once.
std::vector<geo::Amount> doubled_by_feature(const Zones& zones, const layers::Table& table,
                                            const std::vector<std::unique_ptr<ZoneFold>>& folds,
                                            const PartMeasure& measure, const Remembered& remembered, unsigned jobs,
                                            KernelCounts& counts) {
    geo::Shapes touching;
    std::vector<geo::Amount> doubled(zones.row.size());
    for (const auto& fold : folds) {
        touching.append(fold->touching(), 0, fold->touching().size());
        for (std::size_t zone = 0; zone < doubled.size(); ++zone)
            doubled[zone] += fold->additive()[zone];
    }
    const geo::ControlSet covering = remembered.control_set(touching, jobs);
    const auto covering_keys = remembered.keys_of(touching);
    auto kernel = measure.make_kernel();
    std::vector<std::uint32_t> found;
    std::vector<layers::ContentKey> contents;
    for (std::uint32_t zone = 0; zone < doubled.size(); ++zone) {
        if (!zones.set.has(zone))
            continue;
        throw_if_stopped();
        covering.find(table.rows.shapes.box[zone], found);
        contents.assign(1, zones.keys.each[zone]);
        for (const std::uint32_t i : found)
            contents.push_back(covering_keys.each[i]);
        const auto overlap = remembered.answer<geo::Overlap>(Measure::overlap_union, contents, [&] {
            std::vector<const geo::PreparedArea*> areas;
            for (const std::uint32_t i : found)
                areas.push_back(&covering[i]);
            return kernel.overlap_union(table.rows.shapes[zone], areas);
        });
        counts.parity_violations += overlap.parity_violations;
        doubled[zone] -= geo::Amount(measure.additive(overlap));
        if (doubled[zone].ten_thousandths() <= 0)
            doubled[zone] = geo::Amount();
    }
    return doubled;
}

} // namespace

TabulateResult tabulate(const layers::Table& zone_table, layers::BatchSource& layer, const TabulateOptions& options) {
    COREBELT_EXPECTS(zone_table.info.crs.has_value());
    COREBELT_EXPECTS(options.jobs > 0);
    const geo::Crs& crs = *zone_table.info.crs;
    const PartMeasure measure(crs, options.area);
    const Remembered remembered(options.memo, crs, options.area, measure.has_ground());
    const Zones zones = hold_zones(zone_table, options, remembered);

    std::vector<std::unique_ptr<ZoneFold>> folds;
    std::vector<BatchFold*> given;
    for (unsigned job = 0; job < options.jobs; ++job) {
        folds.push_back(std::make_unique<ZoneFold>(zones, measure, remembered, layer.info(), options));
        given.push_back(folds.back().get());
    }
    read_into(layer, given, options.progress);

    TabulateResult result;
    result.method = options.area;
    result.crs_label = crs.label();
    result.zones_source = zone_table.info.source;
    result.layer_source = layer.info().source;
    result.by = options.by;

    std::vector<ZoneFold::ClassSums> sums(zones.names.size());
    std::vector<geo::Amount> areas(zones.names.size());
    std::vector<geo::Amount> doubled(zones.names.size());
    KernelCounts counts;
    std::uint64_t not_areal = 0;
    for (const auto& fold : folds) {
        fold->merge_into(sums);
        counts += fold->counts();
        not_areal += fold->not_areal();
    }
    for (std::uint32_t zone = 0; zone < zones.row.size(); ++zone)
        if (zones.set.has(zone))
            areas[zones.row[zone]] +=
                geo::Amount(remembered
                                .answer<PartMeasure::Whole>(Measure::part_whole, {zones.keys.each[zone]},
                                                            [&] { return measure.whole(zone_table.rows.shapes[zone]); })
                                .m2);
    if (options.coverage) {
        const auto by_feature = doubled_by_feature(zones, zone_table, folds, measure, remembered, options.jobs, counts);
        for (std::size_t zone = 0; zone < zones.row.size(); ++zone)
            doubled[zones.row[zone]] += by_feature[zone];
    }
    for (std::size_t row = 0; row < zones.names.size(); ++row) {
        ZoneArea zone;
        zone.zone = zones.names[row];
        zone.area = areas[row].ten_thousandths();
        geo::Amount covered;
        for (const auto& [key, cell] : sums[row]) {
            covered += cell.area;
            if (cell.area.ten_thousandths() > 0)
                zone.classes.push_back({key, cell.area.ten_thousandths(), cell.features});
        }
        zone.covered = covered.ten_thousandths();
        if (options.coverage)
            zone.union_covered = (covered - doubled[row]).ten_thousandths();
        result.zones.push_back(std::move(zone));
    }
    result.kernel.pairs = counts.pairs;
    result.kernel.cut = counts.cut;
    result.kernel.parity_violations = counts.parity_violations;

    report_overlapping_zones(zones, zone_table, measure, remembered, options, result);
    report_not_areal(zone_table.info.source, zones.not_areal, result);
    report_not_areal(layer.info().source, not_areal, result);
    for (const auto* log : {&zone_table.issues, &layer.issues()})
        for (const auto& issue : log->sorted())
            result.issues.push_back(issue);
    std::stable_sort(result.issues.begin(), result.issues.end());
    return result;
}

} // namespace corebelt::rules
