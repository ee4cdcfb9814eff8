#include "corebelt/rules/tabulate.hpp"

#include "doubled_land.hpp"
#include "parallel_rows.hpp"
#include "partitions.hpp"
#include "zone_fold.hpp"

#include "corebelt/geo/error.hpp"
#include "corebelt/geo/expects.hpp"

#include <algorithm>
#include <cstdio>
#include <map>
#include <memory>
#include <mutex>
#include <utility>

namespace corebelt::rules {

namespace {

std::string square_metres(const geo::Amount& area) {
    char text[64];
    std::snprintf(text, sizeof text, "%.2f", area.value());
    return text;
}

void report_not_areal(const std::string& source, std::uint64_t count, TabulateResult& result) {
    if (count == 0)
        return;
    layers::Issue issue{"not-areal", source, {}, {}, {}};
    issue.text = {std::to_string(count) + " features are points or lines and have no area; they were left out",
                  std::to_string(count) + " 个要素为点或线，没有面积，未参与统计"};
    result.issues.push_back(std::move(issue));
}

/// One tabulate from its sources to its answer.
class Tabulation {
public:
    Tabulation(layers::BatchSource& zones, layers::BatchSource& layer, const TabulateOptions& options)
        : zone_source_(zones),
          layer_source_(layer),
          options_(options),
          crs_(*zones.info().crs),
          measure_(crs_, options.area),
          remembered_(options.memo, crs_, options.area, measure_.has_ground()),
          zones_(crs_, options.held, layers::expected_rows(zones.info())) {}

    TabulateResult run() {
        read_zones();
        const std::uint64_t limit = options_.held.bytes;
        const std::uint64_t zone_bytes = zones_.on_disk() ? 0 : prepared_bytes(zones_.held().shapes);
        room_ = std::max(limit - std::min(limit, zone_bytes), limit / 8);
        touching_ = std::make_unique<PlacedRows>(crs_, HeldMemory{room_, options_.held.folder});
        if (zones_.on_disk()) {
            touching_->put_aside();
            measure_in_partitions();
            weigh_zones_in_partitions();
        } else {
            held_zones_ =
                std::make_unique<Zones>(zones_.take_held(), names_, zone_source_.info(), options_, remembered_);
            measure_stream();
            weigh_zones(*held_zones_, [](const geo::Box&) { return true; });
        }
        if (options_.coverage)
            find_doubled();
        return answer();
    }

private:
    void read_zones() {
        const layers::LayerInfo& info = zone_source_.info();
        std::mutex mutex;
        layers::read_in_parallel(zone_source_, options_.jobs, [&](unsigned, layers::JudgedBatch& batch) {
            if (batch.rows.size() > 0) {
                const auto* column =
                    options_.zone_field.empty() ? nullptr : &column_of(batch.rows, options_.zone_field, info);
                const std::lock_guard lock(mutex);
                for (std::size_t row = 0; row < batch.rows.size(); ++row) {
                    names_.add(key_of(batch.rows, column, row));
                    const auto shape = batch.rows.shapes[row];
                    zones_not_areal_ += !shape.empty() && shape.dimension() != geo::Dimension::area ? 1 : 0;
                }
            }
            zones_.add(batch.rows, batch.number);
        });
        names_.finish();
        zones_.finish();
        areas_.resize(names_.size());
        doubled_.resize(names_.size());
    }

    // Features in zones

    using Folds = std::vector<std::unique_ptr<ZoneFold>>;
    [[nodiscard]] Folds make_folds(const Zones& zones) {
        Folds folds;
        for (unsigned job = 0; job < options_.jobs; ++job)
            folds.push_back(std::make_unique<ZoneFold>(zones, measure_, remembered_, layer_source_.info(), options_,
                                                       options_.coverage ? touching_.get() : nullptr));
        return folds;
    }
    void absorb(const Folds& folds) {
        for (const auto& fold : folds) {
            fold->merge_into(sums_);
            counts_ += fold->counts();
            not_areal_ += fold->not_areal();
        }
    }
    void fold(layers::BatchSource& source, const Zones& zones, const Progress& progress) {
        const Folds folds = make_folds(zones);
        read_into(source, folds, progress);
        absorb(folds);
    }

    void measure_stream() { fold(layer_source_, *held_zones_, options_.progress); }

    void measure_in_partitions() {
        PlacedRows features(crs_, options_.held);
        features.put_aside();
        layers::read_in_parallel(
            layer_source_, options_.jobs,
            [&](unsigned, layers::JudgedBatch& batch) { features.add(std::move(batch.rows)); }, options_.progress);
        features.finish();
        const Partitions partitions(features, {{&zones_, false}}, options_.held.bytes, true);
        const Text step{"measuring", "量算"};
        for (std::size_t p = 0; p < partitions.all().size(); ++p) {
            report(step, p, partitions.all().size());
            const auto& partition = partitions.all()[p];
            const Zones zones(partitions.objects(partition), names_, zone_source_.info(), options_, remembered_);
            fold(*partitions.subjects(partition, layer_source_.info()), zones, {});
        }
        if (!partitions.large().empty())
            measure_large(partitions);
    }

    /// Very large features stay, and the zones pass by.
    void measure_large(const Partitions& partitions) {
        const layers::Batch features = partitions.large_subjects();
        std::vector<ZoneFold::Parts> parts(features.size());
        Folds folds;
        partitions.each_run_of_objects(partitions.large(), [&](layers::Batch objects) {
            const Zones zones(std::move(objects), names_, zone_source_.info(), options_, remembered_);
            folds = make_folds(zones);
            each_row(features.size(), options_.jobs, [&](unsigned thread, std::size_t row) {
                if (features.shapes.dimension[row] == geo::Dimension::area)
                    folds[thread]->measure(features.shapes[row], parts[row]);
            });
            absorb(folds);
        });
        const Zones none({}, names_, zone_source_.info(), options_, remembered_);
        folds = make_folds(none);
        folds[0]->add(features, parts);
        absorb(folds);
        for (const auto dimension : features.shapes.dimension)
            not_areal_ += dimension != geo::Dimension::area ? 1 : 0;
    }

    // Zones by themselves

    /// Areas of zone features, and land in two of them. `is_subject` tells by its box whether a feature is weighed
    /// here; the rest only stand beside.
    void weigh_zones(const Zones& zones, const std::function<bool(const geo::Box&)>& is_subject) {
        struct OfThread {
            geo::OverlapKernel kernel;
            std::vector<std::uint32_t> earlier;
            std::map<std::uint32_t, geo::Amount> areas;
            std::map<std::pair<std::uint32_t, std::uint32_t>, geo::Amount> shared;
        };
        std::vector<OfThread> threads;
        for (unsigned job = 0; job < options_.jobs; ++job)
            threads.push_back({measure_.make_kernel(), {}, {}, {}});
        each_row(zones.row.size(), options_.jobs, [&](unsigned thread, std::size_t row) {
            const auto i = static_cast<std::uint32_t>(row);
            if (!zones.set.has(i) || !is_subject(zones.shapes.box[i]))
                return;
            OfThread& own = threads[thread];
            own.areas[zones.row[i]] += geo::Amount(remembered_.answer<double>(
                Measure::whole_m2, {zones.keys.each[i]}, [&] { return measure_.whole_m2(zones.shapes[i]); }));
            find_earlier(zones.set, zones.shapes, i, zones_.order(), own.earlier);
            for (const std::uint32_t j : own.earlier) {
                const double m2 = measure_.additive(
                    remembered_.answer<geo::Overlap>(Measure::held_overlap, {zones.keys.each[i], zones.keys.each[j]},
                                                     [&] { return own.kernel.overlap(zones.set[i], zones.set[j]); }));
                if (m2 > 0)
                    own.shared[std::minmax(zones.row[i], zones.row[j])] += geo::Amount(m2);
            }
        });
        for (const auto& thread : threads) {
            for (const auto& [row, area] : thread.areas)
                areas_[row] += area;
            for (const auto& [pair, area] : thread.shared)
                shared_[pair] += area;
        }
    }
    void weigh_zones_in_partitions() {
        const Partitions partitions(zones_, {{&zones_, true}}, options_.held.bytes, false);
        const Text step{"zones among themselves", "分区之间的重叠"};
        for (std::size_t p = 0; p < partitions.all().size(); ++p) {
            report(step, p, partitions.all().size());
            const auto& partition = partitions.all()[p];
            weigh_zones(Zones(partitions.objects(partition), names_, zone_source_.info(), options_, remembered_),
                        [&](const geo::Box& box) { return partitions.is_subject(partition, box); });
        }
    }
    void report_overlapping_zones(TabulateResult& result) const {
        for (const auto& [pair, area] : shared_) {
            if (area.value() <= options_.tolerance_area_m2)
                continue;
            const auto& a = names_[pair.first];
            const auto& b = names_[pair.second];
            const std::string m2 = square_metres(area);
            layers::Issue issue{"zones-overlap", zone_source_.info().source, shown(a, false), {}, {}};
            issue.text = {"zones " + shown(a, false) + " and " + shown(b, false) + " overlap by " + m2 +
                              " m²; land in both counts in both",
                          "区域 " + shown(a, true) + " 与 " + shown(b, true) + " 重叠 " + m2 +
                              " 平方米，重叠部分在两个区域中均计入"};
            result.issues.push_back(std::move(issue));
        }
    }

    // Land covered more than once

    void find_doubled() {
        touching_->finish();
        const Text step{"land covered twice", "重复覆盖"};
        if (!touching_->on_disk()) {
            report(step, 0, 1);
            add_doubled(touching_->held().shapes, *held_zones_, [](const geo::Box&) { return true; });
            return;
        }
        std::vector<Partitions::Objects> objects{{touching_.get(), true}};
        if (zones_.on_disk())
            objects.push_back({&zones_, false});
        const Partitions partitions(*touching_, objects, room_, false);
        for (std::size_t p = 0; p < partitions.all().size(); ++p) {
            report(step, p, partitions.all().size());
            const auto& partition = partitions.all()[p];
            const auto is_subject = [&](const geo::Box& box) { return partitions.is_subject(partition, box); };
            std::unique_ptr<Zones> near;
            if (zones_.on_disk())
                near = std::make_unique<Zones>(partitions.objects(partition, 1), names_, zone_source_.info(), options_,
                                               remembered_);
            add_doubled(partitions.objects(partition).shapes, near ? *near : *held_zones_, is_subject);
        }
    }
    void add_doubled(const geo::Shapes& features, const Zones& zones,
                     const std::function<bool(const geo::Box&)>& is_subject) {
        const HeldFeatures held(features, remembered_);
        struct OfThread {
            DoubledLand land;
            std::map<std::uint32_t, geo::Amount> rows;
        };
        std::vector<OfThread> threads;
        for (unsigned job = 0; job < options_.jobs; ++job)
            threads.push_back({DoubledLand(held, zones, measure_, remembered_, touching_->order()), {}});
        each_row(features.size(), options_.jobs, [&](unsigned thread, std::size_t row) {
            if (!is_subject(features.box[row]))
                return;
            for (const auto& in_zone : threads[thread].land.of(static_cast<std::uint32_t>(row)))
                threads[thread].rows[zones.row[in_zone.zone]] += in_zone.m2;
        });
        for (const auto& thread : threads) {
            counts_.parity_violations += thread.land.parity_violations();
            for (const auto& [row, area] : thread.rows)
                doubled_[row] += area;
        }
    }

    // The answer

    TabulateResult answer() {
        TabulateResult result;
        result.method = options_.area;
        result.crs_label = crs_.label();
        result.zones_source = zone_source_.info().source;
        result.layer_source = layer_source_.info().source;
        result.by = options_.by;
        std::vector<geo::Amount> covered(names_.size());
        result.zones.resize(names_.size());
        sums_.each([&](std::uint32_t row, const std::vector<layers::Value>& key, const Cell& cell) {
            covered[row] += cell.area;
            if (cell.area.ten_thousandths() > 0)
                result.zones[row].classes.push_back({key, cell.area.ten_thousandths(), cell.features});
        });
        for (std::size_t row = 0; row < names_.size(); ++row) {
            ZoneArea& zone = result.zones[row];
            zone.zone = names_[row];
            zone.area = areas_[row].ten_thousandths();
            zone.covered = covered[row].ten_thousandths();
            if (options_.coverage)
                zone.union_covered = (covered[row] - doubled_[row]).ten_thousandths();
        }
        result.kernel.pairs = counts_.pairs;
        result.kernel.cut = counts_.cut;
        result.kernel.parity_violations = counts_.parity_violations;

        report_overlapping_zones(result);
        report_not_areal(zone_source_.info().source, zones_not_areal_, result);
        report_not_areal(layer_source_.info().source, not_areal_, result);
        for (const auto* log : {&zone_source_.issues(), &layer_source_.issues()})
            for (const auto& issue : log->sorted())
                result.issues.push_back(issue);
        std::stable_sort(result.issues.begin(), result.issues.end());
        return result;
    }

    void report(const Text& step, std::uint64_t done, std::uint64_t total) const {
        if (options_.later_progress)
            options_.later_progress(step, done, total);
    }

    layers::BatchSource& zone_source_;
    layers::BatchSource& layer_source_;
    const TabulateOptions& options_;
    geo::Crs crs_;
    PartMeasure measure_;
    Remembered remembered_;
    ZoneNames names_;
    PlacedRows zones_;
    std::unique_ptr<Zones> held_zones_; ///< none where they are on disk
    std::uint64_t room_ = 0;            ///< for others, beside zones that are held; 0: no limit
    std::unique_ptr<PlacedRows> touching_;
    AreaSums sums_;
    KernelCounts counts_;
    std::uint64_t zones_not_areal_ = 0, not_areal_ = 0;
    std::vector<geo::Amount> areas_, doubled_;                              ///< by row
    std::map<std::pair<std::uint32_t, std::uint32_t>, geo::Amount> shared_; ///< land in two zones, by rows
};

} // namespace

TabulateResult tabulate(layers::BatchSource& zones, layers::BatchSource& layer, const TabulateOptions& options) {
    COREBELT_EXPECTS(zones.info().crs.has_value());
    COREBELT_EXPECTS(options.jobs > 0);
    return Tabulation(zones, layer, options).run();
}

TabulateResult tabulate(const layers::Table& zones, layers::BatchSource& layer, const TabulateOptions& options) {
    return tabulate(*layers::source_over(zones), layer, options);
}

} // namespace corebelt::rules
