#pragma once
/// Text laid out in the one font family that corebelt uses, so that the same text looks the same everywhere.

#include "cairo_handles.hpp"

#include <string>

namespace corebelt::styles {

inline constexpr const char* font_family = "Noto Sans CJK SC";

struct TextFace {
    double size = 0; ///< em, in user units of the context
    bool bold = false;
    bool centred = false; ///< the lines of a text of several
};

/// One laid-out text; lives on the thread that made it.
class TextLayout {
public:
    /// @throws Error{output, "missing-glyph"} naming the character and the text;
    ///         Error{output, "missing-font"} where the font family is not installed.
    TextLayout(cairo_t* cairo, const std::string& text, const TextFace& face);

    [[nodiscard]] double width() const { return width_; }       ///< advance of the longest line
    [[nodiscard]] double height() const { return height_; }     ///< all lines
    [[nodiscard]] double baseline() const { return baseline_; } ///< of the first line, below the top
    /// Height of the ink of the first line's capitals and ideographs, for centring on a row.
    [[nodiscard]] double middle() const { return middle_; } ///< optical middle of the first line, below the top

    /// Adds the outlines of the glyphs to the context's path, upper left corner at (x, y).
    void add_path(double x, double y) const;
    /// Fills the text in the context's source.
    void show(double x, double y) const;

private:
    cairo_t* cairo_;
    LayoutPtr layout_;
    double width_ = 0, height_ = 0, baseline_ = 0, middle_ = 0;
};

} // namespace corebelt::styles
