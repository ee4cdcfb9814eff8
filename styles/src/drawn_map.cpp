#include "drawn_map.hpp"

#include "corebelt/geo/error.hpp"
#include "corebelt/geo/evidence.hpp"
#include "corebelt/geo/expects.hpp"
#include "corebelt/geo/stop.hpp"
#include "corebelt/styles/boundary_lines.hpp"
#include "corebelt/styles/coverage.hpp"

#include <algorithm>
#include <atomic>
#include <cmath>
#include <exception>
#include <map>
#include <mutex>
#include <numbers>
#include <numeric>
#include <thread>
#include <tuple>

namespace corebelt::styles {

namespace {

using geo::Box;
using geo::XY;

constexpr double chord_error_m = 0.05; ///< of boundaries on a map in another projection
constexpr double lattice = 256;        ///< cairo's own steps a pixel: rounding here keeps windows alike
constexpr int band_rows = 128;         ///< of a coverage rasterised at once

/// Paths on a window: plane coordinates are rounded to cairo's lattice before the window's offset is taken off, so
/// that neighbouring windows draw the same line.
class PlanePath {
public:
    PlanePath(cairo_t* cairo, const MapView& view, const Window& window)
        : cairo_(cairo), view_(view), window_(window) {}

    [[nodiscard]] XY to_window(XY p) const {
        const XY plane = view_.to_plane(p);
        return {std::nearbyint(plane.x * lattice) / lattice - static_cast<double>(window_.left),
                std::nearbyint(plane.y * lattice) / lattice - static_cast<double>(window_.top)};
    }
    void add(std::span<const XY> points, bool closed) const {
        if (points.empty())
            return;
        XY last = to_window(points.front());
        cairo_move_to(cairo_, last.x, last.y);
        const std::size_t end = closed ? points.size() - 1 : points.size();
        for (std::size_t i = 1; i < end; ++i) {
            const XY p = to_window(points[i]);
            if (p == last)
                continue;
            cairo_line_to(cairo_, p.x, p.y);
            last = p;
        }
        if (closed)
            cairo_close_path(cairo_);
    }
    void add_rings(const geo::ShapeView& shape) const {
        const bool areal = shape.dimension() == geo::Dimension::area;
        for (std::size_t r = 0; r < shape.ring_count(); ++r)
            add(shape.ring(r), areal);
    }

private:
    cairo_t* cairo_;
    const MapView& view_;
    const Window& window_;
};

/// One drawing of one window.
class MapPainter {
public:
    MapPainter(Picture& picture, const Window& window, const DrawnMap& map, const MapView& view,
               std::span<const Candidates> candidates, unsigned jobs)
        : picture_(picture),
          window_(window),
          map_(map),
          view_(view),
          candidates_(candidates),
          jobs_(jobs),
          surface_(surface_over(picture)),
          cairo_(context_on(surface_.get())) {}

    void draw(const Style& style, const StyleLayer& layer);
    void draw_background(const StyleLayer& layer);
    void draw_labels(std::span<const PlacedLabel> labels, std::size_t style_layer);
    [[nodiscard]] const DrawCounts& counts() const { return counts_; }

private:
    [[nodiscard]] StyleContext context_of(const DrawnLayer& layer, std::size_t row) const {
        return {view_.zoom, &layer.rows(), row};
    }
    [[nodiscard]] std::vector<std::uint32_t> rows_of(const StyleLayer& layer, const DrawnLayer& drawn) const;
    void draw_coverage(const StyleLayer& layer, const DrawnLayer& drawn, const std::vector<std::uint32_t>& rows);
    void draw_fill(const StyleLayer& layer, const DrawnLayer& drawn, const std::vector<std::uint32_t>& rows);
    void draw_pattern(const Style& style, const StyleLayer& layer, const DrawnLayer& drawn,
                      const std::vector<std::uint32_t>& rows);
    void draw_lines(const StyleLayer& layer, const DrawnLayer& drawn, const std::vector<std::uint32_t>& rows);
    void draw_circles(const StyleLayer& layer, const DrawnLayer& drawn, const std::vector<std::uint32_t>& rows);
    void add_boundaries(const DrawnLayer& drawn, double reach) const;
    [[nodiscard]] bool in_window(const Box& box, double reach_pixels) const {
        return !box.empty() && view_.to_plane(box).touches(window_.box().grown(reach_pixels));
    }

    Picture& picture_;
    const Window& window_;
    const DrawnMap& map_;
    const MapView& view_;
    std::span<const Candidates> candidates_;
    unsigned jobs_;
    SurfacePtr surface_;
    CairoPtr cairo_;
    DrawCounts counts_;
};

std::vector<std::uint32_t> all_of(std::size_t count) {
    std::vector<std::uint32_t> all(count);
    std::iota(all.begin(), all.end(), 0U);
    return all;
}

/// Rows that may show, after the layer's filter.
std::vector<std::uint32_t> MapPainter::rows_of(const StyleLayer& layer, const DrawnLayer& drawn) const {
    const auto number = static_cast<std::size_t>(&drawn - map_.layers.data());
    std::vector<std::uint32_t> rows = candidates_.empty() ? all_of(drawn.shapes.size()) : candidates_[number].shapes;
    if (layer.filter)
        std::erase_if(rows, [&](std::uint32_t row) {
            return layer.filter->evaluate(context_of(drawn, row)) != StyleValue{true};
        });
    return rows;
}

void MapPainter::draw(const Style& style, const StyleLayer& layer) {
    const DrawnLayer* drawn = map_.find(layer.source);
    if (drawn == nullptr)
        return;
    const std::vector<std::uint32_t> rows = rows_of(layer, *drawn);
    switch (layer.type) {
    case StyleLayerType::fill:
        if (layer.coverage)
            draw_coverage(layer, *drawn, rows);
        else if (layer.has("fill-pattern"))
            draw_pattern(style, layer, *drawn, rows);
        else
            draw_fill(layer, *drawn, rows);
        break;
    case StyleLayerType::line:
        draw_lines(layer, *drawn, rows);
        break;
    case StyleLayerType::circle:
        draw_circles(layer, *drawn, rows);
        break;
    case StyleLayerType::background:
    case StyleLayerType::symbol:
        break;
    }
    check(cairo_.get());
}

void MapPainter::draw_background(const StyleLayer& layer) {
    const StyleContext context{view_.zoom, nullptr, 0};
    set_colour(cairo_.get(), layer.colour("background-color", context), layer.number("background-opacity", context));
    cairo_paint(cairo_.get());
}

void MapPainter::draw_coverage(const StyleLayer& layer, const DrawnLayer& drawn,
                               const std::vector<std::uint32_t>& rows) {
    struct Row {
        std::uint32_t row;
        Colour colour;
        Box box; ///< on the plane
    };
    std::vector<Row> shown;
    const double opacity = layer.number("fill-opacity", {view_.zoom, &drawn.rows(), 0}); // of the whole group
    for (const std::uint32_t row : rows) {
        const geo::ShapeView shape = drawn.shapes[row];
        if (shape.dimension() == geo::Dimension::area && in_window(shape.box(), 1))
            shown.push_back({row, layer.colour("fill-color", context_of(drawn, row)), view_.to_plane(shape.box())});
    }
    const int bands = (window_.height + band_rows - 1) / band_rows;
    std::vector<CoverageRaster::Result> results(static_cast<std::size_t>(bands));
    const auto draw_band = [&](int band) {
        const std::int64_t top = window_.top + std::int64_t{band} * band_rows;
        const int rows_here = std::min(band_rows, window_.height - band * band_rows);
        CoverageRaster raster(window_.left, top, window_.width, rows_here);
        std::vector<XY> ring_on_plane;
        for (const Row& row : shown) {
            if (row.box.max_y < static_cast<double>(top) - 1 ||
                row.box.min_y > static_cast<double>(top + rows_here) + 1)
                continue;
            const geo::ShapeView shape = drawn.shapes[row.row];
            for (std::size_t r = 0; r < shape.ring_count(); ++r) {
                const auto ring = shape.ring(r);
                ring_on_plane.resize(ring.size());
                std::transform(ring.begin(), ring.end(), ring_on_plane.begin(),
                               [&](XY p) { return view_.to_plane(p); });
                raster.add_ring(ring_on_plane, row.colour);
            }
        }
        results[static_cast<std::size_t>(band)] = raster.finish();
    };
    if (jobs_ <= 1 || bands == 1) {
        for (int band = 0; band < bands; ++band)
            draw_band(band);
    } else {
        std::atomic<int> next = 0;
        std::exception_ptr failure;
        std::mutex failure_mutex;
        std::vector<std::jthread> threads;
        for (unsigned t = 0; t < std::min(jobs_, static_cast<unsigned>(bands)); ++t)
            threads.emplace_back([&] {
                try {
                    for (int band = next++; band < bands; band = next++) {
                        throw_if_stopped();
                        draw_band(band);
                    }
                } catch (...) {
                    const std::lock_guard lock(failure_mutex);
                    failure = std::current_exception();
                }
            });
        threads.clear();
        if (failure)
            std::rethrow_exception(failure);
    }
    cairo_surface_flush(surface_.get());
    for (int band = 0; band < bands; ++band) {
        const auto& result = results[static_cast<std::size_t>(band)];
        counts_.overfull_pixels += result.overfull_pixels;
        lay_over(picture_, result.picture, 0, band * band_rows, opacity);
    }
    cairo_surface_mark_dirty(surface_.get());
}

void MapPainter::draw_fill(const StyleLayer& layer, const DrawnLayer& drawn, const std::vector<std::uint32_t>& rows) {
    // Features of one colour are one path, so that the order of features does not matter; colours in order of value.
    std::map<std::pair<Colour, double>, std::vector<std::uint32_t>> by_colour;
    for (const std::uint32_t row : rows) {
        const geo::ShapeView shape = drawn.shapes[row];
        if (shape.dimension() != geo::Dimension::area || !in_window(shape.box(), 1))
            continue;
        const StyleContext context = context_of(drawn, row);
        by_colour[{layer.colour("fill-color", context), layer.number("fill-opacity", context)}].push_back(row);
    }
    const PlanePath path(cairo_.get(), view_, window_);
    for (const auto& [look, members] : by_colour) {
        cairo_new_path(cairo_.get());
        for (const std::uint32_t row : members)
            path.add_rings(drawn.shapes[row]);
        set_colour(cairo_.get(), look.first, look.second);
        cairo_fill(cairo_.get());
    }
    if (!layer.has("fill-outline-color"))
        return;
    cairo_new_path(cairo_.get());
    add_boundaries(drawn, view_.pixels_per_css);
    const StyleContext context{view_.zoom, &drawn.rows(), 0};
    set_colour(cairo_.get(), layer.colour("fill-outline-color", context), layer.number("fill-opacity", context));
    cairo_set_dash(cairo_.get(), nullptr, 0, 0);
    cairo_set_line_width(cairo_.get(), view_.pixels_per_css);
    cairo_stroke(cairo_.get());
}

void MapPainter::draw_pattern(const Style& style, const StyleLayer& layer, const DrawnLayer& drawn,
                              const std::vector<std::uint32_t>& rows) {
    std::map<std::pair<std::string, double>, std::vector<std::uint32_t>> by_pattern;
    for (const std::uint32_t row : rows) {
        const geo::ShapeView shape = drawn.shapes[row];
        if (shape.dimension() != geo::Dimension::area || !in_window(shape.box(), 1))
            continue;
        const StyleContext context = context_of(drawn, row);
        by_pattern[{layer.text("fill-pattern", context), layer.number("fill-opacity", context)}].push_back(row);
    }
    const PlanePath path(cairo_.get(), view_, window_);
    for (const auto& [look, members] : by_pattern) {
        const auto hatch = style.hatches.find(look.first);
        if (hatch == style.hatches.end())
            throw Error(
                ErrorKind::usage, "unknown-pattern",
                {"style layer " + layer.id + ": fill-pattern " + look.first +
                     " is not among metadata.corebelt:patterns",
                 "样式图层 " + layer.id + "：fill-pattern " + look.first + " 未在 metadata.corebelt:patterns 中定义"});
        cairo_save(cairo_.get());
        cairo_new_path(cairo_.get());
        for (const std::uint32_t row : members)
            path.add_rings(drawn.shapes[row]);
        cairo_clip(cairo_.get());
        draw_hatch(cairo_.get(), hatch->second, {-static_cast<double>(window_.left), -static_cast<double>(window_.top)},
                   view_.pixels_per_css, look.second);
        cairo_restore(cairo_.get());
    }
}

/// Adds the boundaries of areas, shared stretches once.
void MapPainter::add_boundaries(const DrawnLayer& drawn, double reach) const {
    const PlanePath path(cairo_.get(), view_, window_);
    const auto number = static_cast<std::size_t>(&drawn - map_.layers.data());
    const auto lines = candidates_.empty() ? all_of(drawn.boundaries.size()) : candidates_[number].boundaries;
    for (const std::uint32_t line : lines) {
        const auto points = drawn.boundaries[line].ring(0);
        if (in_window(drawn.boundaries.box[line], reach))
            path.add(points, points.size() > 2 && points.front() == points.back());
    }
}

bool reads_feature(const StyleLayer& layer) {
    return layer.filter.has_value() || std::any_of(layer.properties.begin(), layer.properties.end(),
                                                   [](const auto& entry) { return entry.second.reads_feature(); });
}

void MapPainter::draw_lines(const StyleLayer& layer, const DrawnLayer& drawn, const std::vector<std::uint32_t>& rows) {
    const StyleContext any{view_.zoom, &drawn.rows(), 0};
    const PlanePath path(cairo_.get(), view_, window_);
    if (!reads_feature(layer)) {
        const double reach = 2 * layer.number("line-width", any) * view_.pixels_per_css + 2;
        cairo_new_path(cairo_.get());
        add_boundaries(drawn, reach);
        for (const std::uint32_t row : rows)
            if (const auto shape = drawn.shapes[row];
                shape.dimension() == geo::Dimension::line && in_window(shape.box(), reach))
                path.add_rings(shape);
        stroke_line(cairo_.get(), layer, any, view_.pixels_per_css);
        return;
    }
    using Look = std::tuple<Colour, double, double, std::vector<double>>;
    std::map<Look, std::vector<std::uint32_t>> by_look;
    for (const std::uint32_t row : rows) {
        const StyleContext context = context_of(drawn, row);
        const Look look{layer.colour("line-color", context), layer.number("line-opacity", context),
                        layer.number("line-width", context), layer.numbers("line-dasharray", context)};
        const auto shape = drawn.shapes[row];
        if (shape.dimension() != geo::Dimension::point &&
            in_window(shape.box(), 2 * std::get<2>(look) * view_.pixels_per_css + 2))
            by_look[look].push_back(row);
    }
    for (const auto& [look, members] : by_look) {
        cairo_new_path(cairo_.get());
        for (const std::uint32_t row : members)
            path.add_rings(drawn.shapes[row]);
        stroke_line(cairo_.get(), layer, context_of(drawn, members.front()), view_.pixels_per_css);
    }
}

void MapPainter::draw_circles(const StyleLayer& layer, const DrawnLayer& drawn,
                              const std::vector<std::uint32_t>& rows) {
    struct Mark {
        double y, x, radius, opacity, stroke_width;
        Colour colour, stroke;
        auto operator<=>(const Mark&) const = default;
    };
    const PlanePath path(cairo_.get(), view_, window_);
    std::vector<Mark> marks;
    for (const std::uint32_t row : rows) {
        const geo::ShapeView shape = drawn.shapes[row];
        if (shape.dimension() != geo::Dimension::point)
            continue;
        const StyleContext context = context_of(drawn, row);
        const double radius = layer.number("circle-radius", context) * view_.pixels_per_css;
        const double stroke = layer.number("circle-stroke-width", context) * view_.pixels_per_css;
        if (!in_window(shape.box(), radius + stroke + 1))
            continue;
        for (const XY point : shape.vertices()) {
            const XY p = path.to_window(point);
            marks.push_back({p.y, p.x, radius, layer.number("circle-opacity", context), stroke,
                             layer.colour("circle-color", context), layer.colour("circle-stroke-color", context)});
        }
    }
    std::sort(marks.begin(), marks.end());
    for (const Mark& m : marks) {
        cairo_new_path(cairo_.get());
        cairo_arc(cairo_.get(), m.x, m.y, m.radius, 0, 2 * std::numbers::pi);
        set_colour(cairo_.get(), m.colour, m.opacity);
        cairo_fill_preserve(cairo_.get());
        if (m.stroke_width > 0) {
            set_colour(cairo_.get(), m.stroke, m.opacity);
            cairo_set_dash(cairo_.get(), nullptr, 0, 0);
            cairo_set_line_width(cairo_.get(), m.stroke_width);
            cairo_stroke(cairo_.get());
        }
        cairo_new_path(cairo_.get());
    }
}

void MapPainter::draw_labels(std::span<const PlacedLabel> labels, std::size_t style_layer) {
    cairo_t* cairo = cairo_.get();
    for (const PlacedLabel& label : labels) {
        if (label.style_layer != style_layer || !label.box.touches(window_.box()))
            continue;
        cairo_save(cairo);
        cairo_translate(cairo, label.at.x - static_cast<double>(window_.left),
                        label.at.y - static_cast<double>(window_.top));
        cairo_new_path(cairo);
        cairo_append_path(cairo, label.outline.get());
        if (label.halo_width > 0 && label.halo.a > 0) {
            set_colour(cairo, label.halo);
            cairo_set_dash(cairo, nullptr, 0, 0);
            cairo_set_line_join(cairo, CAIRO_LINE_JOIN_ROUND);
            cairo_set_line_width(cairo, 2 * label.halo_width);
            cairo_stroke_preserve(cairo);
        }
        set_colour(cairo, label.colour);
        cairo_fill(cairo);
        cairo_restore(cairo);
    }
    check(cairo);
}

} // namespace

DrawnMap::DrawnMap(const Scene& scene, const std::optional<geo::Crs>& target) {
    for (const SceneLayer& source : scene.layers) {
        throw_if_stopped();
        DrawnLayer drawn;
        drawn.scene = &source;
        drawn.shapes = source.table.rows.shapes;
        // Boundaries are found before transforming, while shared edges are still equal.
        drawn.boundaries = boundary_lines(drawn.shapes);
        if (target && !target->same_as(scene.crs)) {
            const geo::Transform transform(scene.crs, *target);
            transform.apply(drawn.shapes);
            transform.apply(drawn.boundaries, chord_error_m);
        }
        drawn.label_points.resize(drawn.shapes.size());
        for (std::size_t row = 0; row < drawn.shapes.size(); ++row) {
            const geo::ShapeView shape = drawn.shapes[row];
            if (shape.empty())
                continue;
            drawn.label_points[row] = shape.dimension() == geo::Dimension::area
                                          ? geo::label_point(shape)
                                          : shape.vertices()[shape.vertices().size() / 2];
        }
        layers.push_back(std::move(drawn));
    }
}

const DrawnLayer* DrawnMap::find(const std::string& source) const {
    const auto found =
        std::find_if(layers.begin(), layers.end(), [&](const DrawnLayer& l) { return l.scene->layer.key == source; });
    return found != layers.end() ? &*found : nullptr;
}

Box DrawnMap::extent() const {
    Box box;
    for (const DrawnLayer& layer : layers)
        for (const Box& b : layer.shapes.box)
            box.add(b);
    return box;
}

DrawCounts draw_map(Picture& picture, const Window& window, const DrawnMap& map, const Style& style,
                    const MapView& view, std::span<const Candidates> candidates, std::span<const PlacedLabel> labels,
                    bool with_background, unsigned jobs) {
    COREBELT_EXPECTS(picture.width() >= window.width && picture.height() >= window.height);
    COREBELT_EXPECTS(candidates.empty() || candidates.size() == map.layers.size());
    MapPainter painter(picture, window, map, view, candidates, jobs);
    for (std::size_t i = 0; i < style.layers.size(); ++i) {
        const StyleLayer& layer = style.layers[i];
        if (!layer.shown_at(view.zoom))
            continue;
        if (layer.type == StyleLayerType::background) {
            if (with_background)
                painter.draw_background(layer);
        } else if (layer.type == StyleLayerType::symbol) {
            painter.draw_labels(labels, i);
        } else {
            painter.draw(style, layer);
        }
    }
    return painter.counts();
}

void lay_over(Picture& below, const Picture& above, int x, int y, double opacity) {
    const auto dim = static_cast<std::uint32_t>(std::lround(std::clamp(opacity, 0.0, 1.0) * 255));
    const auto product = [](std::uint32_t a, std::uint32_t b) { return (a * b + 127) / 255; };
    for (int row = 0; row < above.height(); ++row)
        for (int column = 0; column < above.width(); ++column) {
            const std::uint32_t source = above.at(column, row);
            if (source >> 24U == 0)
                continue;
            std::uint32_t& target = below.at(x + column, y + row);
            const std::uint32_t alpha = product(source >> 24U, dim);
            std::uint32_t result = 0;
            for (const unsigned shift : {24U, 16U, 8U, 0U}) {
                const std::uint32_t over = product((source >> shift) & 255U, dim);
                const std::uint32_t under = product((target >> shift) & 255U, 255 - alpha);
                result |= std::min(255U, over + under) << shift;
            }
            target = result;
        }
}

void set_colour(cairo_t* cairo, Colour colour, double opacity) {
    cairo_set_source_rgba(cairo, colour.r / 255.0, colour.g / 255.0, colour.b / 255.0, colour.a / 255.0 * opacity);
}

void draw_hatch(cairo_t* cairo, const Hatch& hatch, geo::XY origin, double scale, double opacity) {
    double x0 = 0, y0 = 0, x1 = 0, y1 = 0;
    cairo_clip_extents(cairo, &x0, &y0, &x1, &y1);
    if (!(x0 < x1 && y0 < y1))
        return;
    const double spacing = hatch.spacing * scale;
    cairo_new_path(cairo);
    for (const double turn : {0.0, 90.0}) {
        if (turn > 0 && !hatch.crossed)
            break;
        const double angle = (hatch.angle_deg + turn) * std::numbers::pi / 180;
        const XY along{std::cos(angle), -std::sin(angle)}, across{std::sin(angle), std::cos(angle)};
        Box reach; // in (along, across) about the plane's origin
        for (const XY corner : {XY{x0, y0}, XY{x1, y0}, XY{x0, y1}, XY{x1, y1}}) {
            const XY p{corner.x - origin.x, corner.y - origin.y};
            reach.add(XY{p.x * along.x + p.y * along.y, p.x * across.x + p.y * across.y});
        }
        // Lines begin at whole multiples of the spacing, so that dashes of neighbouring windows meet too.
        const double begin = std::floor(reach.min_x / spacing) * spacing, end = reach.max_x + spacing;
        for (double k = std::floor(reach.min_y / spacing); k * spacing <= reach.max_y; ++k) {
            const double offset = k * spacing;
            cairo_move_to(cairo, origin.x + begin * along.x + offset * across.x,
                          origin.y + begin * along.y + offset * across.y);
            cairo_line_to(cairo, origin.x + end * along.x + offset * across.x,
                          origin.y + end * along.y + offset * across.y);
        }
    }
    std::vector<double> dashes;
    for (const double d : hatch.dash)
        dashes.push_back(d * scale);
    cairo_set_dash(cairo, dashes.data(), static_cast<int>(dashes.size()), 0);
    cairo_set_line_cap(cairo, CAIRO_LINE_CAP_BUTT);
    cairo_set_line_width(cairo, hatch.width * scale);
    set_colour(cairo, hatch.colour, opacity);
    cairo_stroke(cairo);
}

void stroke_line(cairo_t* cairo, const StyleLayer& layer, const StyleContext& context, double scale) {
    const double width = layer.number("line-width", context) * scale;
    std::vector<double> dashes; // the specification counts them in line widths
    double dash_sum = 0;
    for (const double d : layer.numbers("line-dasharray", context)) {
        dashes.push_back(d * width);
        dash_sum += d;
    }
    if (!(dash_sum > 0))
        dashes.clear();
    const std::string cap = layer.text("line-cap", context), join = layer.text("line-join", context);
    cairo_line_cap_t cairo_cap = CAIRO_LINE_CAP_BUTT;
    if (cap == "round")
        cairo_cap = CAIRO_LINE_CAP_ROUND;
    else if (cap == "square")
        cairo_cap = CAIRO_LINE_CAP_SQUARE;
    cairo_line_join_t cairo_join = CAIRO_LINE_JOIN_MITER;
    if (join == "round")
        cairo_join = CAIRO_LINE_JOIN_ROUND;
    else if (join == "bevel")
        cairo_join = CAIRO_LINE_JOIN_BEVEL;
    cairo_set_line_cap(cairo, cairo_cap);
    cairo_set_line_join(cairo, cairo_join);
    cairo_set_dash(cairo, dashes.data(), static_cast<int>(dashes.size()), 0);
    cairo_set_line_width(cairo, width);
    set_colour(cairo, layer.colour("line-color", context), layer.number("line-opacity", context));
    cairo_stroke(cairo);
}

} // namespace corebelt::styles
