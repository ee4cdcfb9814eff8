#include "corebelt/rules/measure.hpp"

#include "attribute.hpp"
#include "batch_fold.hpp"
#include "part_measure.hpp"
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
    std::unique_ptr<geo::ControlSet> areas;
    std::unique_ptr<geo::EdgeSet> edges;
    std::vector<std::uint32_t> present; ///< features with a geometry
    HeldKeys keys;
};

bool asks_for_areas(Amounts what) {
    return what == Amounts::overlap || what == Amounts::outside;
}

Other hold_other(const layers::Table& table, const MeasureOptions& options, const Remembered& remembered) {
    Other other;
    const auto* column =
        options.other_id_field.empty() ? nullptr : &column_of(table.rows, options.other_id_field, table.info);
    for (std::size_t i = 0; i < table.rows.size(); ++i) {
        other.ids.push_back(key_of(table.rows, column, i));
        if (!table.rows.shapes[i].empty())
            other.present.push_back(static_cast<std::uint32_t>(i));
    }
    const geo::Shapes& shapes = table.rows.shapes;
    other.keys = remembered.keys_of(shapes);
    if (asks_for_areas(options.what))
        other.areas = std::make_unique<geo::ControlSet>(remembered.control_set(shapes, options.jobs));
    else
        other.edges = std::make_unique<geo::EdgeSet>(shapes);
    return other;
}

class MeasureFold : public BatchFold {
public:
    MeasureFold(const Other& other, const PartMeasure& measure, const Remembered& remembered,
                const layers::LayerInfo& info, const MeasureOptions& options)
        : other_(other),
          measure_(measure),
          remembered_(remembered),
          info_(info),
          options_(options),
          kernel_(measure.make_kernel()) {}

    void add(const ReadBatch& read) override {
        const layers::Batch& batch = read.rows;
        const auto* column = options_.id_field.empty() ? nullptr : &column_of(batch, options_.id_field, info_);
        for (std::size_t row = 0; row < batch.size(); ++row) {
            const auto shape = batch.shapes[row];
            if (shape.empty())
                continue;
            const layers::Value id = key_of(batch, column, row);
            if (!asks_for_areas(options_.what))
                measure_lengths(id, shape);
            else if (shape.dimension() == geo::Dimension::area)
                measure_areas(id, shape);
            else
                ++not_areal_;
        }
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

} // namespace

MeasureResult measure(layers::BatchSource& a, const layers::Table& b, const MeasureOptions& options) {
    COREBELT_EXPECTS(a.info().crs.has_value());
    COREBELT_EXPECTS(options.jobs > 0);
    const geo::Crs& crs = *a.info().crs;
    if (!asks_for_areas(options.what))
        require_metres(crs);
    const PartMeasure measure(crs, asks_for_areas(options.what) ? options.area : geo::AreaMethod::planar);
    const Remembered remembered(options.memo, crs, measure.method(), measure.has_ground());
    const Other other = hold_other(b, options, remembered);

    std::vector<std::unique_ptr<MeasureFold>> folds;
    std::vector<BatchFold*> given;
    for (unsigned job = 0; job < options.jobs; ++job) {
        folds.push_back(std::make_unique<MeasureFold>(other, measure, remembered, a.info(), options));
        given.push_back(folds.back().get());
    }
    read_into(a, given, options.progress);

    MeasureResult result;
    result.what = options.what;
    result.method = measure.method();
    result.crs_label = crs.label();
    result.a_source = a.info().source;
    result.b_source = b.info.source;
    std::vector<ExactRow> rows;
    std::uint64_t not_areal = 0;
    for (const auto& fold : folds) {
        std::move(fold->rows().begin(), fold->rows().end(), std::back_inserter(rows));
        not_areal += fold->not_areal();
    }
    result.rows = combine(std::move(rows), options);
    if (not_areal > 0) {
        layers::Issue issue{"not-areal", a.info().source, {}, {}, {}};
        issue.text = {std::to_string(not_areal) + " features are points or lines and have no area; they were left out",
                      std::to_string(not_areal) + " 个要素为点或线，没有面积，未参与量算"};
        result.issues.push_back(std::move(issue));
    }
    for (const auto* log : {&b.issues, &a.issues()})
        for (const auto& issue : log->sorted())
            result.issues.push_back(issue);
    std::stable_sort(result.issues.begin(), result.issues.end());
    return result;
}

} // namespace corebelt::rules
