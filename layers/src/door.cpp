#include "door.hpp"

#include "crs_statement.hpp"

#include "corebelt/geo/error.hpp"
#include "corebelt/geo/stop.hpp"
#include "corebelt/geo/validity.hpp"
#include "corebelt/layers/memo.hpp"
#include "corebelt/layers/memo_bytes.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <map>
#include <numbers>

namespace corebelt::layers {

namespace {

/// Beyond this the products of the exact predicates overflow; no surface of the Earth reaches it.
constexpr double largest_coordinate = 1e140;

bool is_usable(geo::XY p) {
    return std::abs(p.x) <= largest_coordinate && std::abs(p.y) <= largest_coordinate;
}

bool all_usable(std::span<const geo::XY> points) {
    unsigned bad = 0; // no early exit: the loop runs over good data
    for (const auto& p : points)
        bad |= static_cast<unsigned>(!is_usable(p));
    return bad == 0;
}

/// The store with some features replaced; a replacement holds one feature.
geo::Shapes with_replaced(const geo::Shapes& shapes, const std::map<std::size_t, geo::Shapes>& replacements) {
    geo::Shapes result;
    result.xy.reserve(shapes.xy.size());
    for (std::size_t i = 0; i < shapes.size(); ++i) {
        const auto found = replacements.find(i);
        result.append(found == replacements.end() ? shapes[i] : found->second[0]);
    }
    return result;
}

geo::Shapes no_parts(geo::Dimension dimension) {
    geo::Shapes shape;
    shape.end_shape(dimension);
    return shape;
}

geo::Shapes alone(const geo::ShapeView& view) {
    geo::Shapes shape;
    shape.append(view);
    return shape;
}

/// On the lattice that the exact predicates ask for. Rounding keeps order, so a rounded box is the box of the
/// rounded vertices.
void round_all(geo::Shapes& shapes, bool geographic) {
    for (auto& p : shapes.xy)
        p = geo::rounded(p, geographic);
    for (auto& box : shapes.box) {
        const geo::XY low = geo::rounded({box.min_x, box.min_y}, geographic);
        const geo::XY high = geo::rounded({box.max_x, box.max_y}, geographic);
        box = {low.x, low.y, high.x, high.y};
    }
}

std::string_view zh_of(geo::Fault fault) {
    switch (fault) {
    case geo::Fault::not_finite:
        return "坐标不是有限数值";
    case geo::Fault::too_few_points:
        return "环退化，不围成面积";
    case geo::Fault::self_crossing:
        return "边界自相交";
    case geo::Fault::rings_cross:
        return "同一要素的两个环相交或部分重合";
    case geo::Fault::hole_outside:
        return "内环位于外环之外";
    case geo::Fault::nested:
        return "环相互嵌套";
    case geo::Fault::disconnected:
        return "相切的环把内部割裂";
    }
    return "几何无效";
}

std::string_view en_of(geo::Fault fault) {
    switch (fault) {
    case geo::Fault::not_finite:
        return "a coordinate is not a finite number";
    case geo::Fault::too_few_points:
        return "a ring encloses nothing";
    case geo::Fault::self_crossing:
        return "the boundary crosses itself";
    case geo::Fault::rings_cross:
        return "two rings cross or run along each other";
    case geo::Fault::hole_outside:
        return "a hole lies outside its outer ring";
    case geo::Fault::nested:
        return "rings are nested in each other";
    case geo::Fault::disconnected:
        return "touching rings cut the interior in two";
    }
    return "invalid geometry";
}

} // namespace

Door::Door(Rules rules) : rules_(std::move(rules)) {
    if (!rules_.crs)
        return;
    crs_check_.emplace(*rules_.crs);
    const bool transforms = rules_.target && !rules_.crs->same_as(*rules_.target);
    const geo::Crs& out = transforms ? *rules_.target : *rules_.crs;
    geographic_ = out.is_geographic();
    metres_per_unit_ = out.metres_per_unit();
    if (!transforms)
        return;
    try {
        transform_.emplace(*rules_.crs, *rules_.target);
    } catch (const Error& error) {
        throw Error(error.kind(), error.code(),
                    {rules_.label + ": " + error.text().en, rules_.label + "：" + error.text().zh});
    }
}

void Door::judge(geo::Shapes& shapes, std::span<const Decoding> decoding, std::span<const std::int64_t> fids,
                 const std::function<std::string(std::size_t)>& name_of, std::vector<std::uint8_t>& rejected) {
    rejected.assign(shapes.size(), 0);
    counts_.features += shapes.size();
    for (std::size_t i = 0; i < decoding.size(); ++i) {
        if (decoding[i] == Decoding::ok)
            continue;
        if (decoding[i] == Decoding::curve) {
            ++curves_;
        } else if (decoding[i] == Decoding::mixed) {
            report("mixed-geometry", name_of(i), std::nullopt,
                   {"a collection of several kinds: only the parts of the highest dimension are used",
                    "几何集合含有不同维数的部分：仅采用其中维数最高的部分"});
        } else if (decoding[i] == Decoding::empty) {
            report("empty-geometry", name_of(i), std::nullopt, {"no geometry", "没有几何"});
        } else {
            rejected[i] = 1;
            report("broken-geometry", name_of(i), std::nullopt,
                   {"the geometry cannot be decoded: the feature is set aside", "几何数据无法解码，该要素不参与计算"});
        }
    }

    if (!all_usable(shapes.xy))
        reject_not_finite(shapes, name_of, rejected);
    if (crs_check_)
        crs_check_->judge(shapes);
    if (transform_)
        transform(shapes, name_of, rejected);
    round_all(shapes, geographic_);

    std::map<std::size_t, geo::Shapes> replacements;
    for (std::size_t i = 0; i < shapes.size(); ++i) {
        if (shapes.dimension[i] != geo::Dimension::area || shapes[i].empty())
            continue;
        geo::orient(shapes, i);
        if (rules_.trust_geometry)
            continue;
        if (i % 64 == 0)
            throw_if_stopped();
        const auto fault = fault_of(shapes[i]);
        if (!fault)
            continue;
        auto shape = mended(shapes[i], *fault, {i, fids[i], name_of(i)});
        rejected[i] = shape[0].empty() ? 1 : 0;
        replacements.emplace(i, std::move(shape));
    }
    if (!replacements.empty())
        shapes = with_replaced(shapes, replacements);

    for (std::size_t i = 0; i < shapes.size(); ++i) {
        counts_.rejected += rejected[i];
        counts_.empty += rejected[i] == 0 && shapes[i].empty() ? 1U : 0U;
        counts_.extent.add(shapes.box[i]);
        counts_.largest_vertices = std::max<std::uint64_t>(counts_.largest_vertices, shapes[i].vertices().size());
    }
    counts_.vertices += shapes.xy.size();
}

void Door::reject_not_finite(geo::Shapes& shapes, const std::function<std::string(std::size_t)>& name_of,
                             std::vector<std::uint8_t>& rejected) {
    std::map<std::size_t, geo::Shapes> replacements;
    for (std::size_t i = 0; i < shapes.size(); ++i) {
        if (all_usable(shapes[i].vertices()))
            continue;
        rejected[i] = 1;
        report(geo::code_of(geo::Fault::not_finite), name_of(i), std::nullopt,
               {"a coordinate is not a finite number: the feature is set aside", "坐标不是有限数值，该要素不参与计算"});
        replacements.emplace(i, no_parts(shapes.dimension[i]));
    }
    shapes = with_replaced(shapes, replacements);
}

/// Whatever the order of the features and the number of doors: the error to be told is the same.
void Door::keep(const Error& error) {
    if (!transform_error_ || error.text().en < transform_error_->text().en)
        transform_error_ = error;
}

void Door::absorb(const Door& other) {
    if (crs_check_)
        crs_check_->absorb(*other.crs_check_);
    curves_ += other.curves_;
    transformed_ += other.transformed_;
    if (other.transform_error_)
        keep(*other.transform_error_);
    issues_.merge(other.issues_);
    counts_.features += other.counts_.features;
    counts_.empty += other.counts_.empty;
    counts_.repaired += other.counts_.repaired;
    counts_.rejected += other.counts_.rejected;
    counts_.vertices += other.counts_.vertices;
    counts_.largest_vertices = std::max(counts_.largest_vertices, other.counts_.largest_vertices);
    counts_.extent.add(other.counts_.extent);
    counts_.doubtful_fids.insert(counts_.doubtful_fids.end(), other.counts_.doubtful_fids.begin(),
                                 other.counts_.doubtful_fids.end());
}

void Door::transform(geo::Shapes& shapes, const std::function<std::string(std::size_t)>& name_of,
                     std::vector<std::uint8_t>& rejected) {
    const geo::Shapes original = shapes;
    try {
        transform_->apply(shapes, rules_.max_chord_error_m);
        transformed_ += shapes.size();
        return;
    } catch (const Error&) {
        shapes = original; // find out below which features cannot be transformed
    }
    std::map<std::size_t, geo::Shapes> replacements;
    for (std::size_t i = 0; i < original.size(); ++i) {
        if (original[i].empty())
            continue;
        geo::Shapes one = alone(original[i]);
        try {
            transform_->apply(one, rules_.max_chord_error_m);
            ++transformed_;
        } catch (const Error& error) {
            keep(error);
            rejected[i] = 1;
            report(error.code(), name_of(i), original[i].vertices()[0],
                   {error.text().en + ": the feature is set aside", error.text().zh + "；该要素不参与计算"});
            one = no_parts(original.dimension[i]);
        }
        replacements.emplace(i, std::move(one));
    }
    shapes = with_replaced(original, replacements);
}

std::optional<geo::FaultPlace> Door::fault_of(const geo::ShapeView& shape) const {
    if (rules_.memo == nullptr)
        return geo::find_fault(shape);
    struct Known {
        std::uint64_t number; ///< of the fault, from 1; 0 where there is none
        geo::XY place;
    };
    static const ContentKey question = content_key("fault");
    const auto known = rules_.memo->answer<Known>(content_key({question, content_key(shape)}), [&] {
        const auto found = geo::find_fault(shape);
        return found ? Known{static_cast<std::uint64_t>(found->fault) + 1, found->place} : Known{0, {}};
    });
    if (known.number == 0)
        return std::nullopt;
    return geo::FaultPlace{static_cast<geo::Fault>(known.number - 1), known.place};
}

geo::Repair Door::repair(const geo::ShapeView& shape) const {
    if (rules_.memo == nullptr)
        return geo::repair(shape);
    static const ContentKey question = content_key("repair");
    const ContentKey asked = content_key({question, content_key(shape)});
    if (const auto known = rules_.memo->find(asked)) {
        MemoReader reader(*known);
        geo::Repair made;
        made.area_before_m2 = reader.take<double>();
        made.area_after_m2 = reader.take<double>();
        reader.take(made.shape);
        if (reader.is_whole())
            return made;
    }
    geo::Repair made = geo::repair(shape);
    MemoWriter writer;
    writer.add(made.area_before_m2);
    writer.add(made.area_after_m2);
    writer.add(made.shape[0]);
    rules_.memo->keep(asked, writer.bytes());
    return made;
}

geo::Shapes Door::mended(const geo::ShapeView& shape, const geo::FaultPlace& found, const Feature& feature) {
    const std::string code(geo::code_of(found.fault));
    geo::Repair made;
    std::string reason;
    try {
        made = repair(shape);
        round_all(made.shape, geographic_);
        if (!made.shape[0].empty())
            geo::orient(made.shape, 0);
    } catch (const Error& error) {
        reason = error.text().en;
        made.shape = no_parts(geo::Dimension::area);
    }
    const double unit = square_metres_per_unit(shape.box());
    const double before_m2 = made.area_before_m2 * unit;
    const double after_m2 = made.area_after_m2 * unit;
    const std::string at = fmt::format("({:.10g}, {:.10g})", found.place.x, found.place.y);
    if (made.shape[0].empty()) {
        report(code, feature.name, found.place,
               {fmt::format("{} at {}; nothing is left after repair{}: the feature is set aside", en_of(found.fault),
                            at, reason.empty() ? "" : " (" + reason + ")"),
                fmt::format("{}，位置 {}；修复后没有剩余面积{}，该要素不参与计算", zh_of(found.fault), at,
                            reason.empty() ? "" : "（" + reason + "）")});
        return std::move(made.shape);
    }
    ++counts_.repaired;
    const double change_m2 = std::abs(after_m2 - before_m2);
    const bool doubtful = change_m2 > 1 && change_m2 > 1e-6 * std::abs(before_m2);
    if (doubtful)
        counts_.doubtful_fids.push_back(feature.fid);
    report(code, feature.name, found.place,
           {fmt::format("{} at {}; repaired, planar area {:.2f} → {:.2f} m²{}", en_of(found.fault), at, before_m2,
                        after_m2, doubtful ? ": changed too much to judge by, correct it in the source" : ""),
            fmt::format("{}，位置 {}；已修复，平面面积 {:.2f} → {:.2f} m²{}", zh_of(found.fault), at, before_m2,
                        after_m2, doubtful ? "。面积变化过大，不据此下结论，请在源数据中改正" : "")});
    return std::move(made.shape);
}

/// Degrees are turned into metres on a sphere at the middle of the box: good to 1 %, for a threshold only.
double Door::square_metres_per_unit(const geo::Box& box) const {
    if (!geographic_)
        return metres_per_unit_ * metres_per_unit_;
    const double degree_m = 6378137.0 * std::numbers::pi / 180;
    return degree_m * degree_m * std::cos((box.min_y + box.max_y) / 2 * std::numbers::pi / 180);
}

void Door::report(std::string_view code, const std::string& feature, std::optional<geo::XY> place, Text text) {
    issues_.add({std::string(code), rules_.label, feature, place, std::move(text)});
}

void Door::finish() {
    if (transform_error_ && transformed_ == 0) { // not bad features but a wrong CRS
        const auto why = crs_check_->explanation();
        throw Error(transform_error_->kind(), transform_error_->code(),
                    {fmt::format("{}: {}{}", rules_.label, transform_error_->text().en, why ? "; " + why->en : ""),
                     fmt::format("{}：{}{}", rules_.label, transform_error_->text().zh, why ? "；" + why->zh : "")});
    }
    if (crs_check_)
        crs_check_->report(issues_, rules_.label);
    else
        report("crs-missing", "", std::nullopt, missing_crs(counts_.extent));
    if (curves_ > 0)
        report("curves-linearised", "", std::nullopt,
               {fmt::format("{} features hold arcs: drawn with chords of 0.1°", curves_),
                fmt::format("{} 个要素含有圆弧，已按 0.1° 的弦线化", curves_)});
    std::sort(counts_.doubtful_fids.begin(), counts_.doubtful_fids.end());
}

} // namespace corebelt::layers
