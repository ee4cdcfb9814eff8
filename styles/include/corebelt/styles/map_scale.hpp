#pragma once
/// Scales of maps: the number, the bar, and the zoom of a style that corresponds.

#include <string>

namespace corebelt::styles {

inline constexpr double css_pixel_mm = 25.4 / 96; ///< the style specification's pixel on paper

/// The smallest of {1, 2, 2.5, 5} × 10ⁿ that is at least `denominator`. @pre denominator > 0.
[[nodiscard]] double rounded_up_scale(double denominator);

/// A graphic bar of `segments` equal segments, each 1, 2 or 5 × 10ⁿ metres.
struct ScaleBar {
    double segment_m = 0;
    int segments = 4;
    double segment_mm = 0; ///< on paper

    [[nodiscard]] double length_m() const { return segment_m * segments; }
    [[nodiscard]] double length_mm() const { return segment_mm * segments; }
};

/// The longest bar of four segments that is not longer than `room_mm`. @pre both > 0.
[[nodiscard]] ScaleBar scale_bar(double denominator, double room_mm);

/// "1:20000".
[[nodiscard]] std::string scale_text(double denominator);

/// Zoom at which a style's pixel covers that much ground at that latitude; 512 pixels a tile, as styles count.
[[nodiscard]] double zoom_of(double ground_m_per_css_pixel, double latitude_deg);

} // namespace corebelt::styles
