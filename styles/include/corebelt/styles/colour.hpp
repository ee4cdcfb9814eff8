#pragma once
/// Colours as styles write them.

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace corebelt::styles {

/// sRGB, straight (not premultiplied) alpha.
struct Colour {
    std::uint8_t r = 0, g = 0, b = 0, a = 255;

    friend auto operator<=>(const Colour&, const Colour&) = default;
};

/// Reads #rgb, #rrggbb, #rrggbbaa, rgb(…), rgba(…) with alpha 0..1, and the names black, white, transparent, red,
/// green, blue, gray. None where the text is no such colour.
[[nodiscard]] std::optional<Colour> parse_colour(std::string_view text);

/// "#rrggbb", or "#rrggbbaa" where it is not opaque.
[[nodiscard]] std::string to_string(const Colour& colour);

/// The colour with its HSL lightness scaled by `factor` (0.85: 15 % darker). Clamped to white.
[[nodiscard]] Colour with_lightness(const Colour& colour, double factor);

} // namespace corebelt::styles
