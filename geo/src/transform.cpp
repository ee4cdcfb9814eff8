#include "corebelt/geo/transform.hpp"

#include "portable_math.hpp"
#include "proj_handles.hpp"

#include "corebelt/geo/error.hpp"
#include "corebelt/geo/expects.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <optional>
#include <string>
#include <vector>

namespace corebelt::geo {

struct Transform::Pipeline {
    Crs from;
    Crs to;
    bool is_identity = false;
    std::optional<XY> shift; ///< where the systems differ by the false origin only
    ProjContext context;     ///< own, so that the pipeline may move to another thread
    std::vector<ProjObject> steps;
};

namespace {

constexpr double metres_per_degree = 111319.49079327358; // of the equator
constexpr double long_edge_m = 100;

/// Zone-prefixed and unprefixed copies of a strip differ by a constant, which is exact in floating point and
/// keeps planar areas to the last bit; a projection and its inverse would not.
std::optional<XY> false_origin_shift(const Crs& from, const Crs& to) {
    const auto& a = from.gauss_krueger();
    const auto& b = to.gauss_krueger();
    if (!a || !b || from.datum() == Datum::other || from.datum() != to.datum() || from.metres_per_unit() != 1 ||
        to.metres_per_unit() != 1 || a->central_meridian_deg != b->central_meridian_deg ||
        a->latitude_of_origin_deg != b->latitude_of_origin_deg || a->scale != b->scale)
        return std::nullopt;
    return XY{b->false_easting_m - a->false_easting_m, b->false_northing_m - a->false_northing_m};
}

bool is_old_chinese(Datum datum) {
    return datum == Datum::xian1980 || datum == Datum::beijing1954;
}
bool is_geocentric(Datum datum) {
    return datum == Datum::cgcs2000 || datum == Datum::wgs84;
}

/// Carries its own way to a geocentric datum, such as the survey bureau's seven parameters.
bool is_bound(const Crs& crs) {
    return crs.wkt().starts_with("BOUNDCRS");
}

/// EPSG gives no operation between CGCS2000 and WGS 84; both follow ITRF and differ by less than a metre, so
/// taking one for the other is what the trade does. PROJ calls that ballpark.
bool may_be_ballpark(const Crs& from, const Crs& to) {
    const bool start = is_geocentric(from.datum()) || is_bound(from);
    const bool end = is_geocentric(to.datum()) || is_bound(to);
    return start && end;
}

/// EPSG's operations for Beijing 1954 were made for offshore blocks and single basins (1–15 m there, more
/// elsewhere), those for Xian 1980 do not exist: no boundary may be moved by them.
bool needs_local_parameters(const Crs& from, const Crs& to) {
    if (from.datum() == to.datum() && from.datum() != Datum::other)
        return false;
    return (is_old_chinese(from.datum()) && !is_bound(from)) || (is_old_chinese(to.datum()) && !is_bound(to));
}

[[noreturn]] void throw_ballpark(const Crs& from, const Crs& to) {
    const bool chinese = is_old_chinese(from.datum()) || is_old_chinese(to.datum());
    throw Error(
        ErrorKind::input, "ballpark-transform",
        {fmt::format("no transformation of stated accuracy from \"{}\" ({}) to \"{}\" ({}), only a ballpark one that "
                     "ignores the change of datum and can be wrong by 100 m; {}",
                     from.label(), from.name(), to.label(), to.name(),
                     chinese ? "obtain the local 7-parameter set from the survey bureau and give the layer's CRS as a "
                               "bound CRS (+towgs84=dx,dy,dz,rx,ry,rz,s), or ask for the data in CGCS2000"
                             : "give the layer's CRS with its datum parameters (+towgs84=…), or transform it first"),
         fmt::format("从“{}”（{}）到“{}”（{}）没有精度可靠的坐标转换，只有忽略基准差异的近似转换，误差可达百米；{}",
                     from.label(), from.name(), to.label(), to.name(),
                     chinese ? "请向当地测绘主管部门申请七参数，并以带 +towgs84=dx,dy,dz,rx,ry,rz,s "
                               "的坐标系定义声明该图层，或直接索取 CGCS2000 成果"
                             : "请在坐标系定义中给出基准转换参数（+towgs84=…），或事先完成转换")});
}

[[noreturn]] void throw_no_transform(const Crs& from, const Crs& to, const std::string& reason) {
    throw Error(
        ErrorKind::input, "no-transform",
        {fmt::format("no transformation from \"{}\" ({}) to \"{}\" ({}): {}; check the declared CRS of both layers",
                     from.label(), from.name(), to.label(), to.name(), reason),
         fmt::format("“{}”（{}）无法转换到“{}”（{}）：{}；请核对两个图层声明的坐标系", from.label(), from.name(),
                     to.label(), to.name(), reason)});
}

[[noreturn]] void throw_failed(const Crs& from, const Crs& to, XY at, const std::string& reason) {
    const bool swapped = from.is_geographic() && std::abs(at.y) > 90 && std::abs(at.x) <= 90;
    throw Error(
        ErrorKind::input, "transform-failed",
        {fmt::format("coordinate {:.10g} {:.10g} cannot be transformed from \"{}\" to \"{}\": {}; {}", at.x, at.y,
                     from.label(), to.label(), reason,
                     swapped ? "a latitude beyond 90° most often means that the axes are swapped"
                             : "check the declared CRS: the coordinate lies outside its range"),
         fmt::format("坐标 {:.10g} {:.10g} 无法由“{}”转换到“{}”：{}；{}", at.x, at.y, from.label(), to.label(), reason,
                     swapped ? "纬度超过 90°，通常是经纬度（坐标轴）颠倒所致"
                             : "坐标超出该坐标系的范围，请核对声明的坐标系")});
}

std::string reason_of_failure(PJ_CONTEXT* context, const std::vector<ProjObject>& steps, XY at) {
    PJ_COORD c = proj_coord(at.x, at.y, 0, 0);
    for (const ProjObject& step : steps) {
        proj_errno_reset(step.get());
        c = proj_trans(step.get(), PJ_FWD, c);
        if (const int code = proj_errno(step.get()); code != 0)
            return proj_context_errno_string(context, code);
    }
    return "not a finite number";
}

ProjObject make_step(PJ_CONTEXT* context, const Crs& from, const Crs& to) {
    const ProjObject source(proj_create(context, from.wkt().c_str()));
    const ProjObject target(proj_create(context, to.wkt().c_str()));
    if (!source || !target)
        throw_no_transform(from, to, proj_reason(context));
    const char* ballpark = may_be_ballpark(from, to) ? "ALLOW_BALLPARK=YES" : "ALLOW_BALLPARK=NO";
    const std::array<const char*, 2> options = {ballpark, nullptr};
    const ProjObject raw(proj_create_crs_to_crs_from_pj(context, source.get(), target.get(), nullptr, options.data()));
    if (!raw) {
        const std::string reason = proj_reason(context);
        const ProjObject any(proj_create_crs_to_crs_from_pj(context, source.get(), target.get(), nullptr, nullptr));
        if (any)
            throw_ballpark(from, to);
        throw_no_transform(from, to, reason);
    }
    ProjObject step(proj_normalize_for_visualization(context, raw.get()));
    if (!step)
        throw_no_transform(from, to, proj_reason(context));
    return step;
}

/// The system that a bound CRS' own parameters lead to, most often WGS 84.
Crs hub_of(PJ_CONTEXT* context, const Crs& bound) {
    const ProjObject whole(proj_create(context, bound.wkt().c_str()));
    const ProjObject hub(whole ? proj_get_target_crs(context, whole.get()) : nullptr);
    const char* wkt = hub ? proj_as_wkt(context, hub.get(), PJ_WKT2_2019, nullptr) : nullptr;
    COREBELT_EXPECTS(wkt != nullptr); // every bound CRS has a hub
    return Crs::parse(wkt);
}

/// Through the hubs of bound systems one at a time: asked for the whole way, PROJ drops the given parameters
/// in favour of a ballpark step wherever it knows no operation from the hub to the other system.
std::vector<ProjObject> make_steps(PJ_CONTEXT* context, const Crs& from, const Crs& to) {
    std::vector<Crs> stops = {from};
    if (is_bound(from))
        stops.push_back(hub_of(context, from));
    if (is_bound(to))
        stops.push_back(hub_of(context, to));
    stops.push_back(to);
    std::vector<ProjObject> steps;
    for (std::size_t i = 0; i + 1 < stops.size(); ++i)
        if (!stops[i].same_as(stops[i + 1]))
            steps.push_back(make_step(context, stops[i], stops[i + 1]));
    return steps;
}

/// Distance in metres from the middle of a–b to m; all in the coordinates of `crs`.
double off_the_chord_m(const Crs& crs, XY a, XY b, XY m, double part) {
    const double dx = m.x - (a.x + part * (b.x - a.x));
    const double dy = m.y - (a.y + part * (b.y - a.y));
    if (!crs.is_geographic())
        return std::sqrt(dx * dx + dy * dy) * crs.metres_per_unit();
    const double shrink = portable::sin_cos(m.y * portable::radians_per_degree).cos;
    return std::sqrt(dx * dx * shrink * shrink + dy * dy) * metres_per_degree;
}

bool is_long(const Crs& crs, XY a, XY b) {
    const double dx = b.x - a.x;
    const double dy = b.y - a.y;
    const double limit = long_edge_m / (crs.is_geographic() ? metres_per_degree : crs.metres_per_unit());
    return dx * dx + dy * dy > limit * limit;
}

/// A point of the edge; the same bits whichever way round the edge is run, so that neighbours stay neighbours.
XY along(XY a, XY b, double numerator, double denominator) {
    if (b.x < a.x || (b.x == a.x && b.y < a.y)) {
        std::swap(a, b);
        numerator = denominator - numerator;
    }
    const double t = numerator / denominator;
    return {a.x + t * (b.x - a.x), a.y + t * (b.y - a.y)};
}

} // namespace

Transform::Transform(const Crs& from, const Crs& to)
    : pipeline_(std::make_unique<Pipeline>(Pipeline{from, to, from.same_as(to), std::nullopt, nullptr, {}})) {
    if (pipeline_->is_identity)
        return;
    pipeline_->shift = false_origin_shift(from, to);
    if (pipeline_->shift)
        return;
    if (needs_local_parameters(from, to))
        throw_ballpark(from, to);
    pipeline_->context = make_proj_context();
    pipeline_->steps = make_steps(pipeline_->context.get(), from, to);
}

Transform::~Transform() = default;
Transform::Transform(Transform&&) noexcept = default;
Transform& Transform::operator=(Transform&&) noexcept = default;

bool Transform::is_identity() const {
    return pipeline_->is_identity;
}

void Transform::apply(std::span<XY> points) const {
    const Pipeline& p = *pipeline_;
    if (p.is_identity)
        return;
    if (p.shift) {
        for (XY& point : points) {
            point.x += p.shift->x;
            point.y += p.shift->y;
        }
        return;
    }
    // In pieces, so that the coordinate to be named in an error is still known.
    constexpr std::size_t piece = 1024;
    std::array<XY, piece> before;
    for (std::size_t first = 0; first < points.size(); first += piece) {
        const std::span<XY> now = points.subspan(first, std::min(piece, points.size() - first));
        std::copy(now.begin(), now.end(), before.begin());
        for (const ProjObject& step : p.steps)
            proj_trans_generic(step.get(), PJ_FWD, &now.data()->x, sizeof(XY), now.size(), &now.data()->y, sizeof(XY),
                               now.size(), nullptr, 0, 0, nullptr, 0, 0);
        for (std::size_t i = 0; i < now.size(); ++i)
            if (!std::isfinite(now[i].x) || !std::isfinite(now[i].y))
                throw_failed(p.from, p.to, before[i], reason_of_failure(p.context.get(), p.steps, before[i]));
    }
}

void Transform::apply(Shapes& shapes, double max_chord_error_m) const {
    const Pipeline& p = *pipeline_;
    if (p.is_identity)
        return;
    if (max_chord_error_m > 0 && !p.shift) {
        const std::vector<XY> source = shapes.xy;
        apply(std::span(shapes.xy));
        // How far the quarter points of each long edge leave the straight line tells how many pieces it needs:
        // a smooth arc's height falls with the square of the number of pieces.
        std::vector<std::size_t> long_edges; // by their first vertex
        std::vector<XY> quarters;
        for (std::size_t ring = 0; ring + 1 < shapes.ring_first.size(); ++ring)
            for (std::size_t i = shapes.ring_first[ring]; i + 1 < shapes.ring_first[ring + 1]; ++i)
                if (is_long(p.from, source[i], source[i + 1])) {
                    long_edges.push_back(i);
                    for (const double quarter : {1.0, 2.0, 3.0})
                        quarters.push_back(along(source[i], source[i + 1], quarter, 4));
                }
        apply(std::span(quarters));

        Shapes dense;
        dense.xy.reserve(shapes.xy.size());
        std::vector<std::size_t> inserted; // where in dense.xy
        std::vector<XY> between;
        std::size_t next = 0;
        for (std::size_t ring = 0; ring + 1 < shapes.ring_first.size(); ++ring) {
            for (std::size_t i = shapes.ring_first[ring]; i < shapes.ring_first[ring + 1]; ++i) {
                dense.add(shapes.xy[i]);
                if (next == long_edges.size() || long_edges[next] != i)
                    continue;
                double height_m = 0;
                for (std::size_t k = 0; k < 3; ++k) {
                    // along() may have run the edge backwards: quarters are fractions of the edge as stored.
                    const double part = 0.25 * static_cast<double>(k + 1);
                    height_m = std::max(
                        height_m, off_the_chord_m(p.to, shapes.xy[i], shapes.xy[i + 1], quarters[3 * next + k], part));
                }
                ++next;
                const double pieces = std::ceil(std::sqrt(height_m / max_chord_error_m));
                for (std::size_t k = 1; k < static_cast<std::size_t>(pieces); ++k) {
                    inserted.push_back(dense.xy.size());
                    between.push_back(along(source[i], source[i + 1], static_cast<double>(k), pieces));
                    dense.add({});
                }
            }
            dense.end_ring();
        }
        apply(std::span(between));
        for (std::size_t i = 0; i < inserted.size(); ++i)
            dense.xy[inserted[i]] = between[i];
        shapes.xy = std::move(dense.xy);
        shapes.ring_first = std::move(dense.ring_first);
    } else {
        apply(std::span(shapes.xy));
    }
    for (std::size_t i = 0; i < shapes.size(); ++i) {
        Box box;
        if (!shapes[i].empty())
            for (const XY point : shapes[i].vertices())
                box.add(point);
        shapes.box[i] = box;
    }
}

} // namespace corebelt::geo
