#include "furniture.hpp"

#include "corebelt/layers/value.hpp"

#include <algorithm>
#include <array>
#include <cmath>

namespace corebelt::styles {

namespace {

constexpr Colour ink{26, 26, 26};
constexpr Colour grid_grey{140, 140, 140};
constexpr Colour stamp_red{192, 0, 0};
constexpr Colour white{255, 255, 255};

/// 1, 2 or 5 × 10ⁿ kilometres, so that grid lines stand at least `least_mm` apart.
double grid_step_m(double denominator, double least_mm) {
    const double least_m = least_mm * denominator / 1000;
    const double power = std::pow(10, std::floor(std::log10(least_m)));
    for (const double step : {1.0, 2.0, 5.0})
        if (step * power >= least_m * (1 - 1e-9))
            return step * power;
    return 10 * power;
}

std::string trimmed_number(double value) {
    return layers::to_string(layers::Value{value});
}

} // namespace

void draw_north_arrow(const Pen& pen, const Rect& rect, Lang lang) {
    cairo_t* cairo = pen.cairo();
    const double x = rect.x + rect.width / 2, letter = rect.height * 0.16, foot = rect.height * 0.15;
    const double top = rect.y + letter + 1, bottom = rect.bottom() - foot;
    const double half = rect.width * 0.24, notch = bottom - (bottom - top) * 0.22;
    pen.text(x, rect.y + letter * 0.4, "N", {letter * 1.15, true, Align::centre, ink, 0});
    const auto half_arrow = [&](double side, bool filled) {
        cairo_new_path(cairo);
        cairo_move_to(cairo, x, top);
        cairo_line_to(cairo, x + side * half, bottom);
        cairo_line_to(cairo, x, notch);
        cairo_close_path(cairo);
        set_colour(cairo, filled ? ink : white);
        cairo_fill_preserve(cairo);
        set_colour(cairo, ink);
        cairo_set_dash(cairo, nullptr, 0, 0);
        cairo_set_line_join(cairo, CAIRO_LINE_JOIN_MITER);
        cairo_set_line_width(cairo, 0.25);
        cairo_stroke(cairo);
    };
    half_arrow(-1, true);
    half_arrow(1, false);
    pen.text(x, rect.bottom() - foot * 0.25, lang == Lang::zh ? "坐标北" : "grid north",
             {2.6, false, Align::centre, ink, 0});
}

void draw_scale_bar(const Pen& pen, double x, double y, const ScaleBar& bar, Lang lang) {
    const bool kilometres = bar.segment_m >= 1000 || bar.length_m() >= 4000;
    const double label_y = y + 1.3, top = y + 3.4, height = 1.8;
    for (int i = 0; i <= bar.segments; ++i) {
        const double at = x + i * bar.segment_mm;
        const double metres = i * bar.segment_m;
        std::string label = trimmed_number(kilometres ? metres / 1000 : metres);
        pen.text(at, label_y, label, {smallest_text_mm, false, Align::centre, ink, 0});
        if (i == bar.segments) {
            const double half = pen.width_of(label, smallest_text_mm, false) / 2;
            const char* unit = kilometres ? (lang == Lang::zh ? "千米" : "km") : (lang == Lang::zh ? "米" : "m");
            pen.text(at + half + 0.8, label_y, unit, {smallest_text_mm, false, Align::left, ink, 0});
        } else {
            pen.fill({at, top, bar.segment_mm, height}, i % 2 == 0 ? ink : white);
        }
    }
    pen.frame({x, top, bar.length_mm(), height}, 0.2);
}

void draw_grid(const Pen& pen, const Rect& panel, geo::XY centre, double metres_per_unit, double units_per_mm,
               double denominator, double label_band) {
    cairo_t* cairo = pen.cairo();
    const double step = grid_step_m(denominator, 40) / metres_per_unit; // units of the CRS
    const double left = centre.x - panel.width / 2 * units_per_mm, top = centre.y + panel.height / 2 * units_per_mm;
    const auto columns = [&](auto f) {
        for (double e = std::ceil(left / step) * step; e <= left + panel.width * units_per_mm; e += step)
            f(panel.x + (e - left) / units_per_mm, e);
    };
    const auto rows = [&](auto f) {
        for (double n = std::floor(top / step) * step; n >= top - panel.height * units_per_mm; n -= step)
            f(panel.y + (top - n) / units_per_mm, n);
    };
    constexpr double tick = 2, arm = 1.6;
    cairo_save(cairo);
    cairo_rectangle(cairo, panel.x, panel.y, panel.width, panel.height);
    cairo_clip(cairo);
    columns([&](double x, double) {
        pen.line(x, panel.y, x, panel.y + tick, 0.15, grid_grey);
        pen.line(x, panel.bottom() - tick, x, panel.bottom(), 0.15, grid_grey);
        rows([&](double y, double) {
            pen.line(x - arm, y, x + arm, y, 0.12, grid_grey);
            pen.line(x, y - arm, x, y + arm, 0.12, grid_grey);
        });
    });
    rows([&](double y, double) {
        pen.line(panel.x, y, panel.x + tick, y, 0.15, grid_grey);
        pen.line(panel.right() - tick, y, panel.right(), y, 0.15, grid_grey);
    });
    cairo_restore(cairo);
    if (label_band <= 0)
        return;
    const Lettering small{smallest_text_mm, false, Align::centre, {70, 70, 70}, 0};
    columns([&](double x, double e) {
        const std::string label = trimmed_number(e * metres_per_unit / 1000);
        if (const double half = pen.width_of(label, smallest_text_mm, false) / 2;
            x - half < panel.x || x + half > panel.right())
            return;
        pen.text(x, panel.y - label_band / 2, label, small);
        pen.text(x, panel.bottom() + label_band / 2, label, small);
    });
    const auto upright = [&](double x, double y, const std::string& label) {
        cairo_save(cairo);
        cairo_translate(cairo, x, y);
        cairo_rotate(cairo, -1.5707963267948966);
        pen.text(0, 0, label, small);
        cairo_restore(cairo);
    };
    rows([&](double y, double n) {
        const std::string label = trimmed_number(n * metres_per_unit / 1000);
        if (const double half = pen.width_of(label, smallest_text_mm, false) / 2;
            y - half < panel.y || y + half > panel.bottom())
            return;
        upright(panel.x - label_band / 2, y, label); // beside the right edge stands the legend
    });
}

Rect stamp_rect(const Pen& pen, double x, double y, const std::string& text, double size_mm) {
    return {x, y, pen.width_of(text, size_mm, true) + size_mm * 0.9, size_mm * 1.7};
}

Rect draw_stamp(const Pen& pen, double x, double y, const std::string& text, double size_mm) {
    const Rect rect = stamp_rect(pen, x, y, text, size_mm);
    pen.fill(rect, {255, 255, 255, 225});
    pen.frame(rect, 0.35, stamp_red);
    pen.text(rect.x + rect.width / 2, rect.y + rect.height / 2, text, {size_mm, true, Align::centre, stamp_red, 0});
    return rect;
}

void draw_title_block(const Pen& pen, const Rect& rect, const std::vector<std::pair<std::string, std::string>>& rows) {
    constexpr double size = 2.7, padding = 1.4;
    double names = 0;
    for (const auto& [name, value] : rows)
        names = std::max(names, pen.width_of(name, size, false));
    const double split = rect.x + names + 2 * padding;
    const double pitch = rect.height / static_cast<double>(rows.size());
    for (std::size_t i = 0; i < rows.size(); ++i) {
        const double y = rect.y + pitch * static_cast<double>(i);
        if (i > 0)
            pen.line(rect.x, y, rect.right(), y, 0.15);
        pen.text(rect.x + padding, y + pitch / 2, rows[i].first, {size, false, Align::left, ink, 0});
        pen.text(split + padding, y + pitch / 2, rows[i].second,
                 {i == 1 ? 3.4 : size, i <= 1, Align::left, ink, rect.right() - split - 2 * padding});
    }
    pen.line(split, rect.y, split, rect.bottom(), 0.15);
    pen.frame(rect, 0.35);
}

Text crs_note(const geo::Crs& crs) {
    Text datum{crs.name(), crs.name()};
    switch (crs.datum()) {
    case geo::Datum::cgcs2000:
        datum = {"CGCS2000", "2000国家大地坐标系"};
        break;
    case geo::Datum::xian1980:
        datum = {"Xian 1980", "1980西安坐标系"};
        break;
    case geo::Datum::beijing1954:
        datum = {"Beijing 1954", "1954年北京坐标系"};
        break;
    case geo::Datum::wgs84:
        datum = {"WGS 84", "WGS-84坐标系"};
        break;
    case geo::Datum::other:
        break;
    }
    const auto& projection = crs.gauss_krueger();
    if (!projection)
        return datum.en == crs.name() ? datum : Text{datum.en + ", " + crs.name(), datum.zh + "，" + crs.name()};
    const std::string meridian = trimmed_number(projection->central_meridian_deg) + "°";
    if (projection->scale != 1) // UTM and its like
        return {datum.en + ", transverse Mercator (scale " + trimmed_number(projection->scale) +
                    "), central meridian " + meridian,
                datum.zh + "，横轴墨卡托投影（比例因子" + trimmed_number(projection->scale) + "），中央经线" +
                    meridian};
    const char* strip = projection->three_degree ? "3" : "6";
    Text note{datum.en + ", Gauss–Krüger, " + strip + "° strips, central meridian " + meridian,
              datum.zh + "，高斯-克吕格投影，" + strip + "度分带，中央经线" + meridian};
    if (projection->zone_prefix) {
        note.en += ", zone " + std::to_string(*projection->zone_prefix);
        note.zh += "，带号" + std::to_string(*projection->zone_prefix);
    }
    return note;
}

} // namespace corebelt::styles
