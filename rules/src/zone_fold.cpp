#include "zone_fold.hpp"

#include "corebelt/geo/expects.hpp"

#include <algorithm>
#include <optional>
#include <utility>

namespace corebelt::rules {

namespace {

/// Class numbers of a batch's rows, looked up only for rows that lie in a zone; once a dictionary entry where the
/// classes are one column of texts.
class RowClasses {
public:
    RowClasses(const layers::Batch& batch, const std::vector<std::string>& fields, const layers::LayerInfo& info,
               ClassKeys& keys)
        : batch_(batch), keys_(keys), key_(fields.size()) {
        for (const auto& field : fields)
            columns_.push_back(&column_of(batch, field, info));
        if (columns_.size() == 1 && !columns_[0]->dictionary.empty())
            of_code_.assign(columns_[0]->dictionary.size(), unknown);
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
    std::vector<const layers::Column*> columns_;
    ClassKeys& keys_;
    std::vector<layers::Value> key_;
    std::vector<std::uint32_t> of_code_;
};

bool same(const layers::Value& a, const layers::Value& b) {
    return !layers::value_less(a, b) && !layers::value_less(b, a);
}

} // namespace

void ZoneNames::add(layers::Value name) {
    constexpr std::size_t worth_merging = 4096;
    if (!names_.empty() && same(names_.back(), name))
        return;
    names_.push_back(std::move(name));
    if (names_.size() >= std::max(worth_merging, 2 * merged_))
        finish();
}

void ZoneNames::finish() {
    std::sort(names_.begin(), names_.end(), ValueLess());
    names_.erase(std::unique(names_.begin(), names_.end(), same), names_.end());
    merged_ = names_.size();
}

std::uint32_t ZoneNames::row_of(const layers::Value& name) const {
    const auto at = std::lower_bound(names_.begin(), names_.end(), name, ValueLess());
    COREBELT_EXPECTS(at != names_.end() && same(*at, name));
    return static_cast<std::uint32_t>(at - names_.begin());
}

Zones::Zones(layers::Batch features, const ZoneNames& names, const layers::LayerInfo& info,
             const TabulateOptions& options, const Remembered& remembered)
    : shapes(std::move(features.shapes)),
      set(geo::ControlSet::prepared_when_asked(shapes)),
      keys(remembered.keys_of(shapes)) {
    if (features.size() == 0)
        return;
    const auto* column = options.zone_field.empty() ? nullptr : &column_of(features, options.zone_field, info);
    for (std::size_t i = 0; i < features.size(); ++i)
        row.push_back(names.row_of(key_of(features, column, i)));
}

ZoneFold::ZoneFold(const Zones& zones, const PartMeasure& measure, const Remembered& remembered,
                   const layers::LayerInfo& info, const TabulateOptions& options, PlacedRows* touching)
    : zones_(zones),
      measure_(measure),
      remembered_(remembered),
      info_(info),
      options_(options),
      touching_(touching),
      kernel_(measure.make_kernel()) {}

void ZoneFold::add(const ReadBatch& read) {
    const layers::Batch& batch = read.rows;
    if (batch.size() == 0)
        return;
    RowClasses class_of(batch, options_.by, info_, classes_);
    layers::Batch touching;
    for (std::size_t row = 0; row < batch.size(); ++row) {
        const auto shape = batch.shapes[row];
        if (shape.empty())
            continue;
        if (shape.dimension() != geo::Dimension::area) {
            ++not_areal_;
            continue;
        }
        parts_.clear();
        measure(shape, parts_);
        if (parts_.empty())
            continue;
        tally(parts_, class_of(row));
        if (touching_ != nullptr) {
            touching.shapes.append(shape);
            touching.fid.push_back(batch.fid[row]);
        }
    }
    if (touching_ != nullptr)
        touching_->add(std::move(touching));
}

void ZoneFold::add(const layers::Batch& features, const std::vector<Parts>& parts) {
    if (features.size() == 0)
        return;
    RowClasses class_of(features, options_.by, info_, classes_);
    layers::Batch touching;
    for (std::size_t row = 0; row < features.size(); ++row) {
        if (parts[row].empty())
            continue;
        tally(parts[row], class_of(row));
        touching.shapes.append(features.shapes[row]);
        touching.fid.push_back(features.fid[row]);
    }
    if (touching_ != nullptr)
        touching_->add(std::move(touching));
}

void ZoneFold::measure(const geo::ShapeView& shape, Parts& parts) {
    zones_.set.find(shape.box(), found_);
    if (found_.empty())
        return;
    const layers::ContentKey key = remembered_.key_of(shape);
    std::optional<PartMeasure::Whole> whole;
    const auto add = [&](std::uint32_t zone, double m2) {
        const geo::Amount part(m2);
        const auto same_row =
            std::find_if(parts.begin(), parts.end(), [&](const auto& p) { return p.first == zones_.row[zone]; });
        if (same_row == parts.end())
            parts.emplace_back(zones_.row[zone], part);
        else
            same_row->second += part;
    };
    for (const std::uint32_t zone : found_) {
        // Far inside and far outside nothing is cut, and the kernel need not add up what the whole has anyway. A memo
        // is asked first: it spares preparing the zone.
        const auto winding = remembered_.is_on() ? std::nullopt : zones_.set[zone].winding_over(shape.box());
        if (winding == 0 || winding == 1) {
            ++counts_.pairs;
            const double m2 = winding == 1 ? measure_.whole_m2(shape) : 0;
            if (m2 > 0)
                add(zone, m2);
            continue;
        }
        const auto overlap = remembered_.answer<geo::Overlap>(Measure::overlap, {key, zones_.keys.each[zone]},
                                                              [&] { return kernel_.overlap(shape, zones_.set[zone]); });
        counts_.add(overlap);
        if (measure_.additive(overlap) <= 0)
            continue;
        if (!whole)
            whole = remembered_.answer<PartMeasure::Whole>(Measure::part_whole, {key},
                                                           [&] { return measure_.whole(shape); });
        add(zone, measure_.part_m2(*whole, overlap));
    }
}

void ZoneFold::tally(const Parts& parts, std::uint32_t class_number) {
    for (const auto& [zone, area] : parts) {
        Cell& cell = cells_[std::uint64_t{zone} << 32U | class_number];
        cell.area += area;
        cell.features += area.ten_thousandths() > 0 ? 1 : 0;
    }
}

void ZoneFold::merge_into(AreaSums& sums) const {
    for (const auto& [place, cell] : cells_)
        sums.add(static_cast<std::uint32_t>(place >> 32U), classes_[static_cast<std::uint32_t>(place)], cell);
}

} // namespace corebelt::rules
