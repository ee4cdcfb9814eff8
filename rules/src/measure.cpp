#include "corebelt/rules/measure.hpp"

#include "attribute.hpp"
#include "batch_fold.hpp"
#include "parallel_rows.hpp"
#include "part_measure.hpp"
#include "partitions.hpp"
#include "remembered.hpp"

#include "corebelt/geo/amount.hpp"
#include "corebelt/geo/control_set.hpp"
#include "corebelt/geo/distance.hpp"
#include "corebelt/geo/expects.hpp"

#include <algorithm>
#include <memory>
#include <utility>

namespace corebelt::rules {

namespace {

struct ExactRow {
    layers::Value a, b;
    geo::Amount value;
};

bool row_less(const ExactRow& x, const ExactRow& y) {
    if (layers::value_less(x.a, y.a) || layers::value_less(y.a, x.a))
        return layers::value_less(x.a, y.a);
    return layers::value_less(x.b, y.b);
}

/// What all threads share: the other layer, made ready for the question.
struct Other {
    std::vector<layers::Value> ids;
    std::unique_ptr<geo::Shapes> shapes; ///< that `areas` refers to
    std::unique_ptr<geo::ControlSet> areas;
    std::unique_ptr<geo::EdgeSet> edges;
    std::vector<std::uint32_t> present; ///< features with a geometry
    HeldKeys keys;
};

bool asks_for_areas(Amounts what) {
    return what == Amounts::overlap || what == Amounts::outside;
}

Other hold_other(layers::Batch features, const layers::LayerInfo& info, const MeasureOptions& options,
                 const Remembered& remembered) {
    Other other;
    if (features.size() > 0) {
        const auto* column =
            options.other_id_field.empty() ? nullptr : &column_of(features, options.other_id_field, info);
        for (std::size_t i = 0; i < features.size(); ++i) {
            other.ids.push_back(key_of(features, column, i));
            if (!features.shapes[i].empty())
                other.present.push_back(static_cast<std::uint32_t>(i));
        }
    }
    other.keys = remembered.keys_of(features.shapes);
    if (asks_for_areas(options.what)) {
        other.shapes = std::make_unique<geo::Shapes>(std::move(features.shapes));
        other.areas = std::make_unique<geo::ControlSet>(geo::ControlSet::prepared_when_asked(*other.shapes));
    } else {
        other.edges = std::make_unique<geo::EdgeSet>(features.shapes);
    }
    return other;
}

/// Pairs that can be taken one by one, so that the others need not all be there at once.
bool takes_pairs(const MeasureOptions& options) {
    return options.what == Amounts::shared_boundary || (options.what == Amounts::overlap && options.each);
}

class MeasureFold {
public:
    MeasureFold(const Other& other, const PartMeasure& measure, const Remembered& remembered,
                const layers::LayerInfo& info, const MeasureOptions& options)
        : other_(other),
          measure_(measure),
          remembered_(remembered),
          info_(info),
          options_(options),
          kernel_(measure.make_kernel()) {}

    void add(const ReadBatch& read) {
        const layers::Batch& batch = read.rows;
        if (batch.size() == 0)
            return;
        const auto* column = options_.id_field.empty() ? nullptr : &column_of(batch, options_.id_field, info_);
        for (std::size_t row = 0; row < batch.size(); ++row)
            add(key_of(batch, column, row), batch.shapes[row]);
    }
    void add(const layers::Value& id, const geo::ShapeView& shape) {
        if (shape.empty())
            return;
        if (!asks_for_areas(options_.what))
            measure_lengths(id, shape);
        else if (shape.dimension() == geo::Dimension::area)
            measure_areas(id, shape);
        else
            ++not_areal_;
    }
    [[nodiscard]] std::vector<ExactRow>& rows() { return rows_; }
    [[nodiscard]] std::uint64_t not_areal() const { return not_areal_; }

private:
    void measure_areas(const layers::Value& id, const geo::ShapeView& shape) {
        other_.areas->find(shape.box(), found_);
        if (options_.what == Amounts::overlap && options_.each)
            return measure_each(id, shape);
        const bool outside = options_.what == Amounts::outside;
        if (found_.empty() && !outside)
            return;
        const layers::ContentKey key = remembered_.key_of(shape);
        const auto whole = measure_whole(key, shape);
        geo::Amount amount;
        if (!found_.empty())
            amount = geo::Amount(measure_.part_m2(whole, overlap_found(key, shape)));
        if (outside)
            amount = geo::Amount(whole.m2) - amount;
        add_row(id, {}, amount);
    }

    [[nodiscard]] PartMeasure::Whole measure_whole(const layers::ContentKey& key, const geo::ShapeView& shape) const {
        return remembered_.answer<PartMeasure::Whole>(Measure::part_whole, {key},
                                                      [&] { return measure_.whole(shape); });
    }

    /// With the union of what was found.
    [[nodiscard]] geo::Overlap overlap_found(const layers::ContentKey& key, const geo::ShapeView& shape) {
        contents_.assign(1, key);
        for (const std::uint32_t i : found_)
            contents_.push_back(other_.keys.each[i]);
        return remembered_.answer<geo::Overlap>(Measure::overlap_union, contents_, [&] {
            std::vector<const geo::PreparedArea*> areas;
            for (const std::uint32_t i : found_)
                areas.push_back(&(*other_.areas)[i]);
            return kernel_.overlap_union(shape, areas);
        });
    }

    void measure_each(const layers::Value& id, const geo::ShapeView& shape) {
        const layers::ContentKey key = remembered_.key_of(shape);
        PartMeasure::Whole whole;
        bool measured = false;
        for (const std::uint32_t i : found_) {
            const auto overlap = remembered_.answer<geo::Overlap>(Measure::overlap, {key, other_.keys.each[i]}, [&] {
                return kernel_.overlap(shape, (*other_.areas)[i]);
            });
            if (measure_.additive(overlap) <= 0)
                continue;
            if (!std::exchange(measured, true))
                whole = measure_whole(key, shape);
            add_row(id, other_.ids[i], geo::Amount(measure_.part_m2(whole, overlap)));
        }
    }

    void measure_lengths(const layers::Value& id, const geo::ShapeView& shape) {
        const double metres = measure_.crs().metres_per_unit();
        const geo::EdgeSet& edges = *other_.edges;
        const Asked asked = remembered_.asked(shape);
        if (options_.what == Amounts::shared_boundary) {
            const double gap = options_.gap_m / metres;
            edges.find(shape.box(), gap, found_);
            for (const std::uint32_t i : found_)
                add_row(id, other_.ids[i],
                        geo::Amount(remembered_.shared_boundary_length(edges, asked, other_.keys, i, gap) * metres));
        } else if (options_.nearest) {
            if (const auto nearest = remembered_.nearest(edges, asked, other_.keys))
                add_row(id, other_.ids[nearest->index], geo::Amount(nearest->distance * metres));
        } else {
            for (const std::uint32_t i : other_.present)
                add_row(id, other_.ids[i], geo::Amount(remembered_.distance(edges, asked, other_.keys, i) * metres));
        }
    }

    void add_row(const layers::Value& a, const layers::Value& b, const geo::Amount& value) {
        if (options_.what == Amounts::distance || value.ten_thousandths() > 0)
            rows_.push_back({a, b, value});
    }

    const Other& other_;
    const PartMeasure& measure_;
    const Remembered& remembered_;
    const layers::LayerInfo& info_;
    const MeasureOptions& options_;
    geo::OverlapKernel kernel_;
    std::vector<ExactRow> rows_;
    std::uint64_t not_areal_ = 0;
    std::vector<std::uint32_t> found_;
    std::vector<layers::ContentKey> contents_;
};

/// One row for one pair of ids: amounts of features that share an id add up; of distances the least stays, with
/// `nearest` also over all b.
std::vector<MeasureRow> combine(std::vector<ExactRow> rows, const MeasureOptions& options) {
    const bool distance = options.what == Amounts::distance;
    std::sort(rows.begin(), rows.end(), [&](const ExactRow& x, const ExactRow& y) {
        if (distance && options.nearest && !layers::value_less(x.a, y.a) && !layers::value_less(y.a, x.a)) {
            const double nearer = (x.value - y.value).value();
            return nearer < 0 || (nearer == 0 && layers::value_less(x.b, y.b));
        }
        return row_less(x, y);
    });
    std::vector<ExactRow> kept;
    for (auto& row : rows) {
        const bool same_a = !kept.empty() && !layers::value_less(kept.back().a, row.a);
        const bool same_b = same_a && !layers::value_less(kept.back().b, row.b);
        if (same_a && distance && options.nearest)
            continue; // the nearest came first
        if (!same_b)
            kept.push_back(std::move(row));
        else if (!distance)
            kept.back().value += row.value;
        else if ((row.value - kept.back().value).value() < 0)
            kept.back().value = row.value;
    }
    std::vector<MeasureRow> out;
    out.reserve(kept.size());
    for (auto& row : kept)
        out.push_back({std::move(row.a), std::move(row.b), row.value.ten_thousandths()});
    return out;
}

/// One measure from its sources to its answer.
class Measurement {
public:
    Measurement(layers::BatchSource& a, layers::BatchSource& b, const MeasureOptions& options)
        : a_(a),
          b_(b),
          options_(options),
          crs_(*a.info().crs),
          measure_(crs_, asks_for_areas(options.what) ? options.area : geo::AreaMethod::planar),
          remembered_(options.memo, crs_, measure_.method(), measure_.has_ground()),
          others_(crs_, options.what == Amounts::distance ? HeldMemory{} : options.held,
                  layers::expected_rows(b.info())) {}

    MeasureResult run() {
        layers::read_in_parallel(b_, options_.jobs,
                                 [&](unsigned, layers::JudgedBatch& batch) { others_.add(batch.rows, batch.number); });
        others_.finish();
        if (others_.on_disk()) {
            measure_in_partitions();
        } else {
            const Other other = hold_other(others_.take_held(), b_.info(), options_, remembered_);
            fold(a_, other, options_.progress);
        }
        return answer();
    }

private:
    using Folds = std::vector<std::unique_ptr<MeasureFold>>;
    [[nodiscard]] Folds make_folds(const Other& other) {
        Folds folds;
        for (unsigned job = 0; job < options_.jobs; ++job)
            folds.push_back(std::make_unique<MeasureFold>(other, measure_, remembered_, a_.info(), options_));
        return folds;
    }
    void absorb(const Folds& folds) {
        for (const auto& one : folds) {
            std::move(one->rows().begin(), one->rows().end(), std::back_inserter(rows_));
            not_areal_ += one->not_areal();
        }
    }
    void fold(layers::BatchSource& source, const Other& other, const Progress& progress) {
        const Folds folds = make_folds(other);
        read_into(source, folds, progress);
        absorb(folds);
    }

    void measure_in_partitions() {
        PlacedRows subjects(crs_, options_.held);
        subjects.put_aside();
        layers::read_in_parallel(
            a_, options_.jobs, [&](unsigned, layers::JudgedBatch& batch) { subjects.add(std::move(batch.rows)); },
            options_.progress);
        subjects.finish();
        const double reach = options_.what == Amounts::shared_boundary ? options_.gap_m / crs_.metres_per_unit() : 0;
        const Partitions partitions(subjects, {{&others_, false}}, options_.held.bytes, takes_pairs(options_), reach);
        for (std::size_t p = 0; p < partitions.all().size(); ++p) {
            if (options_.later_progress)
                options_.later_progress({"measuring", "量算"}, p, partitions.all().size());
            const auto& partition = partitions.all()[p];
            const Other other = hold_other(partitions.objects(partition), b_.info(), options_, remembered_);
            fold(*partitions.subjects(partition, a_.info()), other, {});
        }
        if (!partitions.large().empty())
            measure_large(partitions);
    }

    /// Very large features stay, and the others pass by.
    void measure_large(const Partitions& partitions) {
        const layers::Batch features = partitions.large_subjects();
        const auto* column = options_.id_field.empty() ? nullptr : &column_of(features, options_.id_field, a_.info());
        const auto is_measured = [&](std::size_t row) {
            return !asks_for_areas(options_.what) || features.shapes.dimension[row] == geo::Dimension::area;
        };
        partitions.each_run_of_objects(partitions.large(), [&](layers::Batch objects) {
            const Other other = hold_other(std::move(objects), b_.info(), options_, remembered_);
            const Folds folds = make_folds(other);
            each_row(features.size(), options_.jobs, [&](unsigned thread, std::size_t row) {
                if (is_measured(row))
                    folds[thread]->add(key_of(features, column, row), features.shapes[row]);
            });
            absorb(folds);
        });
        for (std::size_t row = 0; row < features.size(); ++row)
            not_areal_ += is_measured(row) ? 0 : 1;
    }

    MeasureResult answer() {
        MeasureResult result;
        result.what = options_.what;
        result.method = measure_.method();
        result.crs_label = crs_.label();
        result.a_source = a_.info().source;
        result.b_source = b_.info().source;
        result.rows = combine(std::move(rows_), options_);
        if (not_areal_ > 0) {
            layers::Issue issue{"not-areal", a_.info().source, {}, {}, {}};
            issue.text = {std::to_string(not_areal_) +
                              " features are points or lines and have no area; they were left out",
                          std::to_string(not_areal_) + " 个要素为点或线，没有面积，未参与量算"};
            result.issues.push_back(std::move(issue));
        }
        for (const auto* log : {&b_.issues(), &a_.issues()})
            for (const auto& issue : log->sorted())
                result.issues.push_back(issue);
        std::stable_sort(result.issues.begin(), result.issues.end());
        return result;
    }

    layers::BatchSource& a_;
    layers::BatchSource& b_;
    const MeasureOptions& options_;
    geo::Crs crs_;
    PartMeasure measure_;
    Remembered remembered_;
    PlacedRows others_;
    std::vector<ExactRow> rows_;
    std::uint64_t not_areal_ = 0;
};

} // namespace

MeasureResult measure(layers::BatchSource& a, layers::BatchSource& b, const MeasureOptions& options) {
    COREBELT_EXPECTS(a.info().crs.has_value());
    COREBELT_EXPECTS(options.jobs > 0);
    if (!asks_for_areas(options.what))
        require_metres(*a.info().crs);
    return Measurement(a, b, options).run();
}

MeasureResult measure(layers::BatchSource& a, const layers::Table& b, const MeasureOptions& options) {
    return measure(a, *layers::source_over(b), options);
}

} // namespace corebelt::rules
