#include "corebelt/styles/map_scale.hpp"

#include "corebelt/geo/expects.hpp"
#include "corebelt/geo/tile.hpp"

#include <cmath>
#include <numbers>

namespace corebelt::styles {

double rounded_up_scale(double denominator) {
    COREBELT_EXPECTS(denominator > 0 && std::isfinite(denominator));
    const double power = std::pow(10, std::floor(std::log10(denominator)) - 1); // one too low, against rounding
    for (const double ten : {1.0, 10.0, 100.0})
        for (const double step : {1.0, 2.0, 2.5, 5.0})
            if (const double scale = step * ten * power; scale >= denominator * (1 - 1e-12))
                return scale;
    return 1000 * power;
}

ScaleBar scale_bar(double denominator, double room_mm) {
    COREBELT_EXPECTS(denominator > 0 && room_mm > 0);
    ScaleBar bar;
    const double most_m = room_mm / bar.segments * denominator / 1000;
    const double power = std::pow(10, std::floor(std::log10(most_m)));
    bar.segment_m = power;
    for (const double step : {2.0, 5.0})
        if (step * power <= most_m)
            bar.segment_m = step * power;
    bar.segment_mm = bar.segment_m * 1000 / denominator;
    return bar;
}

std::string scale_text(double denominator) {
    return "1:" + std::to_string(std::llround(denominator));
}

double zoom_of(double ground_m_per_css_pixel, double latitude_deg) {
    const double at_zoom_0 =
        2 * geo::mercator_half_m * std::cos(latitude_deg * std::numbers::pi / 180) / 512; // ground metres a pixel
    return std::log2(at_zoom_0 / ground_m_per_css_pixel);
}

} // namespace corebelt::styles
