#include "crs_check.hpp"

#include "gauss_zones.hpp"

#include "corebelt/geo/error.hpp"

#include <fmt/format.h>

#include <cmath>
#include <numbers>
#include <string_view>
#include <tuple>

namespace corebelt::layers {

namespace {

using Finding = CrsCheck::Finding;

geo::XY centre(const geo::Box& box) {
    return {(box.min_x + box.max_x) / 2, (box.min_y + box.max_y) / 2};
}

std::string in_parentheses(const std::string& text) {
    return text.empty() ? "" : fmt::format(" ({})", text);
}
std::string in_brackets(const std::string& text) {
    return text.empty() ? "" : fmt::format("（{}）", text);
}

/// The geographic system of the same datum: no datum change, so PROJ's operation is exact.
const char* geographic_of(geo::Datum datum) {
    switch (datum) {
    case geo::Datum::cgcs2000:
        return "EPSG:4490";
    case geo::Datum::xian1980:
        return "EPSG:4610";
    case geo::Datum::beijing1954:
        return "EPSG:4214";
    default:
        return "EPSG:4326";
    }
}

std::string_view code_of(Finding finding) {
    switch (finding) {
    case Finding::axes_swapped:
        return "axes-swapped";
    case Finding::prefix_unexpected:
        return "crs-prefix-unexpected";
    case Finding::prefix_missing:
        return "crs-prefix-missing";
    case Finding::zone_mismatch:
        return "crs-zone-mismatch";
    case Finding::beyond_strip:
        return "crs-beyond-strip";
    default:
        return "crs-out-of-range";
    }
}

constexpr std::array<Finding, 6> contradictions{Finding::axes_swapped,   Finding::prefix_unexpected,
                                                Finding::prefix_missing, Finding::zone_mismatch,
                                                Finding::out_of_range,   Finding::beyond_strip};

/// How far beyond its strip a layer may reach and still be meant: half of a 3° strip's half. A park that straddles the
/// limit is drawn in one strip; a county's layers in the wrong one lie farther out.
constexpr double reach_beyond_strip_deg = 0.75;

} // namespace

CrsCheck::CrsCheck(const geo::Crs& crs) : crs_(crs), area_deg_(crs.area_of_use_deg()) {
    if (!area_deg_ && crs.gauss_krueger()) {
        const double half = crs.gauss_krueger()->three_degree ? 1.5 : 3.0;
        const double meridian = crs.gauss_krueger()->central_meridian_deg;
        area_deg_ = geo::Box{meridian - half, -90, meridian + half, 90};
    }
}

void CrsCheck::judge(const geo::Shapes& shapes) {
    geo::Box all;
    for (const auto& box : shapes.box)
        if (!box.empty())
            all.add(box);
    if (all.empty() || judge(all) == Finding::fits)
        return; // the usual case costs a few transformed points a batch
    for (const auto& box : shapes.box) {
        if (box.empty())
            continue;
        const Finding finding = judge(box);
        if (finding == Finding::fits)
            continue;
        Tally& tally = tallies_[static_cast<std::size_t>(finding)];
        const geo::XY place = centre(box);
        if (tally.features == 0 || std::tie(place.x, place.y) < std::tie(tally.place.x, tally.place.y))
            tally.place = place;
        ++tally.features;
    }
}

void CrsCheck::absorb(const CrsCheck& other) {
    for (std::size_t i = 0; i < tallies_.size(); ++i) {
        Tally& tally = tallies_[i];
        const Tally& more = other.tallies_[i];
        if (more.features > 0 &&
            (tally.features == 0 || std::tie(more.place.x, more.place.y) < std::tie(tally.place.x, tally.place.y)))
            tally.place = more.place;
        tally.features += more.features;
    }
}

Finding CrsCheck::judge(const geo::Box& box) {
    if (crs_.is_geographic()) {
        const geo::Box world{-180, -90, 360, 90};
        const geo::Box turned{box.min_y, box.min_x, box.max_y, box.max_x};
        const geo::Box& range = area_deg_ ? *area_deg_ : world;
        if (world.contains(box) && range.contains(box))
            return Finding::fits;
        return world.contains(turned) && range.contains(turned) ? Finding::axes_swapped : Finding::out_of_range;
    }
    if (const auto& system = crs_.gauss_krueger()) {
        const Finding finding = judge_gauss_krueger(box, *system);
        if (finding != Finding::fits)
            return finding;
    }
    if (!area_deg_ || inside(box, *area_deg_))
        return Finding::fits;
    if (!crs_.gauss_krueger())
        return Finding::out_of_range;
    geo::Box wider = *area_deg_;
    wider.min_x -= reach_beyond_strip_deg;
    wider.max_x += reach_beyond_strip_deg;
    return inside(box, wider) ? Finding::beyond_strip : Finding::out_of_range;
}

Finding CrsCheck::judge_gauss_krueger(const geo::Box& box, const geo::GaussKrueger& system) const {
    const geo::XY middle = centre(box);
    const bool y_is_easting = (middle.y > 1e5 && middle.y < 9e5) || is_zone(prefix_in(middle.y));
    if (y_is_easting && is_northing_of_china(middle.x))
        return Finding::axes_swapped;
    // Coordinates inside the strip fit whatever their digits look like.
    const double half_strip_m = system.three_degree ? 170e3 : 340e3;
    if (std::abs(middle.x - system.false_easting_m) <= half_strip_m)
        return Finding::fits;
    const int prefix = prefix_in(middle.x);
    if (system.zone_prefix) {
        if (prefix == 0 && middle.x > 0 && middle.x < 1e6)
            return Finding::prefix_missing;
        return is_zone(prefix) && prefix != *system.zone_prefix ? Finding::zone_mismatch : Finding::fits;
    }
    if (!is_zone(prefix))
        return Finding::fits;
    const bool same_meridian = std::abs(meridian_of_zone_deg(prefix) - system.central_meridian_deg) < 1e-6;
    return same_meridian ? Finding::prefix_unexpected : Finding::zone_mismatch;
}

/// Inverse of the projection on a sphere with the ellipsoid's meridian length, good to 0.02° within 5° of the central
/// meridian; enough to leave PROJ asleep where a layer lies well inside or well outside.
std::optional<bool> CrsCheck::inside_beyond_doubt(geo::XY p, const geo::Box& area_deg) const {
    const auto& system = crs_.gauss_krueger();
    if (!system || crs_.metres_per_unit() != 1)
        return std::nullopt;
    constexpr double doubt_deg = 0.05;
    constexpr double to_deg = 180 / std::numbers::pi;
    const double n = 1 / (2 * crs_.ellipsoid().inverse_flattening - 1);
    const double radius_m = crs_.ellipsoid().semi_major_m / (1 + n) * (1 + n * n / 4) * system->scale;
    const double along = (p.y - system->false_northing_m) / radius_m + system->latitude_of_origin_deg / to_deg;
    const double across = (p.x - system->false_easting_m) / radius_m;
    if (!(std::abs(across) < 5 / to_deg && std::abs(along) < 85 / to_deg))
        return std::nullopt;
    const double lon_deg = system->central_meridian_deg + std::atan(std::sinh(across) / std::cos(along)) * to_deg;
    const double lat = std::asin(std::sin(along) / std::cosh(across));
    const double lat_deg = (lat + 1.5 * n * std::sin(2 * lat)) * to_deg;
    const geo::Box about = geo::Box{lon_deg, lat_deg, lon_deg, lat_deg}.grown(doubt_deg);
    if (area_deg.contains(about))
        return true;
    return area_deg.touches(about) ? std::nullopt : std::optional(false);
}

/// Degrees, or none where PROJ cannot say.
std::optional<geo::XY> CrsCheck::lon_lat_deg(geo::XY p) {
    if (crs_.is_geographic())
        return p;
    try {
        if (!to_geographic_ && !no_operation_) {
            no_operation_ = true; // unless the next line gets through
            to_geographic_.emplace(crs_, geo::Crs::parse(geographic_of(crs_.datum())));
            no_operation_ = false;
        }
        if (no_operation_)
            return std::nullopt;
        to_geographic_->apply(std::span<geo::XY>(&p, 1));
    } catch (const Error&) {
        return std::nullopt;
    }
    return p;
}

/// Corners and middles of the sides: enough for a strip bounded by meridians, whose sides bend by metres.
bool CrsCheck::inside(const geo::Box& box, const geo::Box& area_deg) {
    const geo::XY middle = centre(box);
    const std::array<geo::XY, 8> points{{{box.min_x, box.min_y},
                                         {box.max_x, box.min_y},
                                         {box.max_x, box.max_y},
                                         {box.min_x, box.max_y},
                                         {middle.x, box.min_y},
                                         {middle.x, box.max_y},
                                         {box.min_x, middle.y},
                                         {box.max_x, middle.y}}};
    for (const auto& point : points) {
        const auto quick = inside_beyond_doubt(point, area_deg);
        if (quick == true)
            continue;
        if (quick == false && to_geographic_) // PROJ has said before that it can judge
            return false;
        const auto place = lon_lat_deg(point);
        if (no_operation_)
            return true; // a datum without an operation: its range cannot be judged
        if (!place || !area_deg.contains(geo::Box{place->x, place->y, place->x, place->y}))
            return false;
    }
    return true;
}

Text CrsCheck::describe(Finding finding, const Tally& tally) {
    const std::string& label = crs_.label();
    const std::uint64_t n = tally.features;
    const geo::XY p = tally.place;
    const geo::GaussKrueger system = crs_.gauss_krueger().value_or(geo::GaussKrueger{});
    const int prefix = prefix_in(p.x);
    switch (finding) {
    case Finding::axes_swapped:
        return {fmt::format("{} features have northing (latitude) first, as at ({:.10g}, {:.10g}), where easting "
                            "(longitude) must stand: exchange the two columns and export again",
                            n, p.x, p.y),
                fmt::format("{} 个要素的坐标轴颠倒：如 ({:.10g}, {:.10g})，纵坐标（纬度）写在了横坐标（经度）的位置。"
                            "请对调两列坐标后重新导出",
                            n, p.x, p.y)};
    case Finding::prefix_unexpected: {
        const std::string better = code_with_prefix(crs_.datum(), prefix);
        return {fmt::format("{} features have eastings with the zone prefix {}, as {:.3f}, but {} has none: use the "
                            "system with prefix{} or take {} 000 000 off the eastings",
                            n, prefix, p.x, label, in_parentheses(better), prefix),
                fmt::format("{} 个要素的横坐标带有带号 {}（如 {:.3f}），而坐标系 {} "
                            "不含带号。请改用含带号的坐标系{}，或将横坐标减去 {}000000",
                            n, prefix, p.x, label, in_brackets(better), prefix)};
    }
    case Finding::prefix_missing: {
        const std::string better = code_without_prefix(crs_.datum(), system.central_meridian_deg, system.three_degree);
        const int expected = system.zone_prefix.value_or(0);
        return {
            fmt::format("{} features have eastings without zone prefix, as {:.3f}, but {} expects {}: use the "
                        "system without prefix{} or add {} 000 000 to the eastings",
                        n, p.x, label, expected, in_parentheses(better), expected),
            fmt::format("{} 个要素的横坐标不带带号（如 {:.3f}），而坐标系 {} 要求带号 {}。请改用不含带号的坐标系{}，"
                        "或将横坐标加上 {}000000",
                        n, p.x, label, expected, in_brackets(better), expected)};
    }
    case Finding::zone_mismatch: {
        const std::string better = code_with_prefix(crs_.datum(), prefix);
        return {
            fmt::format("{} features carry the zone prefix {} (central meridian {:g}°E), as {:.3f}, but {} has "
                        "the central meridian {:g}°E: the layer belongs to another zone{}",
                        n, prefix, meridian_of_zone_deg(prefix), p.x, label, system.central_meridian_deg,
                        in_parentheses(better)),
            fmt::format("{} 个要素的横坐标带号为 {}（中央经线 {:g}°E，如 {:.3f}），而坐标系 {} 的中央经线为 {:g}°E。"
                        "该图层应属于另一投影带{}，请改正坐标系",
                        n, prefix, meridian_of_zone_deg(prefix), p.x, label, system.central_meridian_deg,
                        in_brackets(better))};
    }
    default:
        break;
    }
    const auto place = lon_lat_deg(p);
    const std::string at = place ? fmt::format("({:.10g}, {:.10g}) = {:.4f}°, {:.4f}°", p.x, p.y, place->x, place->y)
                                 : fmt::format("({:.10g}, {:.10g})", p.x, p.y);
    const std::string where = area_deg_ && !crs_.is_geographic() ? at : fmt::format("({:.10g}, {:.10g})", p.x, p.y);
    const std::string area = area_deg_ ? fmt::format("{:g}°–{:g}°, {:g}°–{:g}°", area_deg_->min_x, area_deg_->max_x,
                                                     area_deg_->min_y, area_deg_->max_y)
                                       : "";
    if (finding == Finding::beyond_strip)
        return {
            fmt::format("{} features reach beyond the strip of {}{}, as at {}, by less than {:g}°: right where a park "
                        "straddles the limit; ellipsoidal areas hold, planar ones grow with the distance from the "
                        "central meridian",
                        n, label, in_parentheses(area), where, reach_beyond_strip_deg),
            fmt::format(
                "{} 个要素超出坐标系 {} 的分带范围{}，如 {}，超出不到 {:g}°。园区跨带时属正常：椭球面积不受影响，"
                "平面面积离中央经线越远偏大越多",
                n, label, in_brackets(area), where, reach_beyond_strip_deg)};
    return {fmt::format("{} features lie outside the area where {} may be used{}, as at {}: check that this is the "
                        "layer's CRS",
                        n, label, in_parentheses(area), where),
            fmt::format("{} 个要素超出坐标系 {} 的适用范围{}，如 {}。请核对该图层的坐标系", n, label, in_brackets(area),
                        where)};
}

void CrsCheck::report(IssueLog& issues, const std::string& layer) {
    for (const Finding finding : contradictions) {
        const Tally& tally = tallies_[static_cast<std::size_t>(finding)];
        if (tally.features > 0)
            issues.add({std::string(code_of(finding)), layer, {}, tally.place, describe(finding, tally)});
    }
}

std::optional<Text> CrsCheck::explanation() {
    for (const Finding finding : contradictions) {
        const Tally& tally = tallies_[static_cast<std::size_t>(finding)];
        if (tally.features > 0)
            return describe(finding, tally);
    }
    return std::nullopt;
}

} // namespace corebelt::layers
