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
    const TextLayout layout(cairo_, text, {size, lettering.bold, false});
    // What is too wide at the least legible size is condensed.
    const bool condensed = lettering.room_mm > 0 && layout.width() > lettering.room_mm;
    const double stretch = condensed ? lettering.room_mm / layout.width() : 1;
    const double width = layout.width() * stretch;
    double left = x;
    if (lettering.align == Align::centre)
        left -= width / 2;
    else if (lettering.align == Align::right)
        left -= width;
    cairo_save(cairo_);
    cairo_translate(cairo_, left, y - layout.middle());
    cairo_scale(cairo_, stretch, 1);
    set_colour(cairo_, lettering.colour);
    layout.show(0, 0);
    cairo_restore(cairo_);
    return width;
}

double Pen::width_of(const std::string& text, double size_mm, bool bold) const {
    return TextLayout(cairo_, text, {size_mm, bold, false}).width();
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
