#include "pen.hpp"

#include "text_layout.hpp"

#include <algorithm>

namespace corebelt::styles {

double Pen::text(double x, double y, const std::string& text, const Lettering& lettering) const {
    if (text.empty())
        return 0;
    double size = lettering.size_mm;
    if (lettering.room_mm > 0) {
        const double natural = width_of(text, size, lettering.bold);
        if (natural > lettering.room_mm)
            size = std::max(smallest_text_mm, size * lettering.room_mm / natural);
    }
    const TextLayout layout(cairo_, text, {size, lettering.bold, false, 0});
    double left = x;
    if (lettering.align == Align::centre)
        left -= layout.width() / 2;
    else if (lettering.align == Align::right)
        left -= layout.width();
    set_colour(cairo_, lettering.colour);
    layout.show(left, y - layout.middle());
    return layout.width();
}

double Pen::paragraph(double x, double y, const std::string& text, double size_mm, double width_mm) const {
    const TextLayout layout(cairo_, text, {size_mm, false, false, width_mm});
    set_colour(cairo_, {26, 26, 26});
    layout.show(x, y);
    return layout.height();
}

double Pen::width_of(const std::string& text, double size_mm, bool bold) const {
    return TextLayout(cairo_, text, {size_mm, bold, false, 0}).width();
}

void Pen::line(double x0, double y0, double x1, double y1, double width_mm, Colour colour) const {
    cairo_new_path(cairo_);
    cairo_move_to(cairo_, x0, y0);
    cairo_line_to(cairo_, x1, y1);
    cairo_set_dash(cairo_, nullptr, 0, 0);
    cairo_set_line_cap(cairo_, CAIRO_LINE_CAP_BUTT);
    cairo_set_line_width(cairo_, width_mm);
    set_colour(cairo_, colour);
    cairo_stroke(cairo_);
}

void Pen::frame(const Rect& rect, double width_mm, Colour colour) const {
    cairo_new_path(cairo_);
    cairo_rectangle(cairo_, rect.x, rect.y, rect.width, rect.height);
    cairo_set_dash(cairo_, nullptr, 0, 0);
    cairo_set_line_join(cairo_, CAIRO_LINE_JOIN_MITER);
    cairo_set_line_width(cairo_, width_mm);
    set_colour(cairo_, colour);
    cairo_stroke(cairo_);
}

void Pen::fill(const Rect& rect, Colour colour) const {
    cairo_new_path(cairo_);
    cairo_rectangle(cairo_, rect.x, rect.y, rect.width, rect.height);
    set_colour(cairo_, colour);
    cairo_fill(cairo_);
}

} // namespace corebelt::styles
