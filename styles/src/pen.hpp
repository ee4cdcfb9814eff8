#pragma once
/// Drawing furniture on paper: lines, boxes and text in millimetres.

#include "drawn_map.hpp"

#include <string>

namespace corebelt::styles {

/// Millimetres from the upper left corner of the sheet.
struct Rect {
    double x = 0, y = 0, width = 0, height = 0;

    [[nodiscard]] double right() const { return x + width; }
    [[nodiscard]] double bottom() const { return y + height; }
    [[nodiscard]] Rect inset(double by) const { return {x + by, y + by, width - 2 * by, height - 2 * by}; }
};

enum class Align { left, centre, right };

struct Lettering {
    double size_mm = 3;
    bool bold = false;
    Align align = Align::left;
    Colour colour{26, 26, 26};
    double room_mm = 0; ///< > 0: the text is set smaller, then condensed, until it is not wider
};

inline constexpr double smallest_text_mm = 2.47; ///< 7 pt: the least that is legible in print

/// Draws in the user space of a context whose unit is the millimetre.
class Pen {
public:
    explicit Pen(cairo_t* cairo) : cairo_(cairo) {}

    /// One line of text, its optical middle at `y`; returns its width.
    double text(double x, double y, const std::string& text, const Lettering& lettering) const;
    [[nodiscard]] double width_of(const std::string& text, double size_mm, bool bold) const;

    void line(double x0, double y0, double x1, double y1, double width_mm, Colour colour = {26, 26, 26}) const;
    void frame(const Rect& rect, double width_mm, Colour colour = {26, 26, 26}) const;
    void fill(const Rect& rect, Colour colour) const;

    [[nodiscard]] cairo_t* cairo() const { return cairo_; }

private:
    cairo_t* cairo_;
};

} // namespace corebelt::styles
