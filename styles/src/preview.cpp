#include "corebelt/styles/preview.hpp"

#include "cairo_handles.hpp"
#include "pen.hpp"

#include "corebelt/geo/expects.hpp"

#include <algorithm>
#include <cmath>
#include <numbers>

namespace corebelt::styles {

namespace {

constexpr int panel_width = 360; ///< pixels; the picture is a multiple of panels
constexpr int map_height = 270;
constexpr int words_height = 50;
constexpr int per_row = 3;
constexpr double margin = 10;
constexpr Colour paper{255, 255, 255};
constexpr Colour frame_grey{170, 170, 170};
constexpr Colour outline{70, 70, 70};
constexpr Colour plain_fill{214, 226, 240};
constexpr Colour line_blue{40, 90, 160};
constexpr Colour place_red{200, 0, 0};

/// From the coordinates of a layer into its panel, y upwards.
struct Fit {
    double left, top, scale_x, scale_y;
    geo::Box box;

    [[nodiscard]] geo::XY operator()(geo::XY p) const {
        return {left + (p.x - box.min_x) * scale_x, top + (box.max_y - p.y) * scale_y};
    }
};

Fit fitted(const geo::Box& box, bool geographic, double left, double top) {
    const double room_x = panel_width - 2 * margin, room_y = map_height - 2 * margin;
    // A degree of longitude is shorter than one of latitude: by its cosine in the middle of the layer.
    const double middle_deg = std::clamp((box.min_y + box.max_y) / 2, -85.0, 85.0);
    const double squeeze = geographic ? std::cos(middle_deg * std::numbers::pi / 180) : 1;
    const double width = (box.max_x - box.min_x) * squeeze, height = box.max_y - box.min_y;
    const double scale = std::min(width > 0 ? room_x / width : HUGE_VAL, height > 0 ? room_y / height : HUGE_VAL);
    const double usable = std::isfinite(scale) ? scale : 1; // a single point
    return {left + margin + (room_x - width * usable) / 2, top + margin + (room_y - height * usable) / 2,
            usable * squeeze, usable, box};
}

void trace(cairo_t* cairo, const geo::ShapeView& shape, const Fit& fit) {
    cairo_new_path(cairo);
    for (std::size_t r = 0; r < shape.ring_count(); ++r) {
        const auto ring = shape.ring(r);
        for (std::size_t i = 0; i < ring.size(); ++i) {
            const geo::XY p = fit(ring[i]);
            if (i == 0)
                cairo_move_to(cairo, p.x, p.y);
            else
                cairo_line_to(cairo, p.x, p.y);
        }
        if (shape.dimension() == geo::Dimension::area)
            cairo_close_path(cairo);
    }
}

void draw_shape(cairo_t* cairo, const geo::ShapeView& shape, const Fit& fit, Colour fill) {
    if (shape.dimension() == geo::Dimension::point) {
        for (const geo::XY vertex : shape.vertices()) {
            const geo::XY p = fit(vertex);
            cairo_new_path(cairo);
            cairo_arc(cairo, p.x, p.y, 2, 0, 2 * std::numbers::pi);
            set_colour(cairo, line_blue);
            cairo_fill(cairo);
        }
        return;
    }
    trace(cairo, shape, fit);
    if (shape.dimension() == geo::Dimension::area) {
        set_colour(cairo, fill);
        cairo_fill_preserve(cairo);
    }
    const bool area = shape.dimension() == geo::Dimension::area;
    set_colour(cairo, area ? outline : line_blue);
    cairo_set_line_width(cairo, area ? 0.35 : 0.8);
    cairo_stroke(cairo);
}

void draw_panel(const Pen& pen, const PreviewLayer& layer, double left, double top) {
    cairo_t* cairo = pen.cairo();
    geo::Box box;
    for (const geo::Box& one : layer.shapes.box)
        if (!one.empty())
            box.add(one);
    cairo_save(cairo);
    cairo_rectangle(cairo, left, top, panel_width, map_height);
    cairo_clip(cairo);
    if (!box.empty()) {
        const Fit fit = fitted(box, layer.geographic, left, top);
        for (std::size_t i = 0; i < layer.shapes.size(); ++i)
            if (!layer.shapes[i].empty())
                draw_shape(cairo, layer.shapes[i], fit, layer.fill.empty() ? plain_fill : layer.fill[i]);
        for (const geo::XY place : layer.crosses) {
            const geo::XY p = fit(place);
            cairo_new_path(cairo);
            cairo_arc(cairo, p.x, p.y, 4.5, 0, 2 * std::numbers::pi);
            set_colour(cairo, place_red);
            cairo_set_line_width(cairo, 1.2);
            cairo_stroke(cairo);
        }
    }
    cairo_restore(cairo);
    const double room = panel_width - 2 * margin;
    pen.frame({left + 0.5, top + 0.5, panel_width - 1, map_height + words_height - 1}, 1, frame_grey);
    pen.line(left, top + map_height + 0.5, left + panel_width, top + map_height + 0.5, 1, frame_grey);
    pen.text(left + margin, top + map_height + 15, layer.title, {14, true, Align::left, outline, room});
    pen.text(left + margin, top + map_height + 36, layer.note, {12, false, Align::left, outline, room});
}

} // namespace

Picture draw_preview(std::span<const PreviewLayer> layers) {
    COREBELT_EXPECTS(!layers.empty());
    const int count = static_cast<int>(layers.size());
    const int columns = std::min(count, per_row);
    const int rows = (count + per_row - 1) / per_row;
    Picture picture(columns * panel_width, rows * (map_height + words_height));
    {
        const SurfacePtr surface = surface_over(picture);
        const CairoPtr cairo = context_on(surface.get());
        const Pen pen(cairo.get());
        pen.fill({0, 0, static_cast<double>(picture.width()), static_cast<double>(picture.height())}, paper);
        cairo_set_fill_rule(cairo.get(), CAIRO_FILL_RULE_EVEN_ODD);
        cairo_set_line_join(cairo.get(), CAIRO_LINE_JOIN_ROUND);
        for (int i = 0; i < count; ++i) {
            const int row = i / per_row;
            draw_panel(pen, layers[static_cast<std::size_t>(i)], i % per_row * panel_width,
                       row * (map_height + words_height));
        }
        check(cairo.get());
        cairo_surface_flush(surface.get());
    }
    return picture;
}

} // namespace corebelt::styles
