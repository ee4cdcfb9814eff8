#include "corebelt/styles/colour.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <cstdio>
#include <vector>

namespace corebelt::styles {

namespace {

std::optional<int> hex_digit(char c) {
    if (c >= '0' && c <= '9')
        return c - '0';
    if (c >= 'a' && c <= 'f')
        return c - 'a' + 10;
    if (c >= 'A' && c <= 'F')
        return c - 'A' + 10;
    return std::nullopt;
}

std::optional<Colour> parse_hex(std::string_view digits) {
    std::vector<int> values;
    for (const char c : digits) {
        const auto value = hex_digit(c);
        if (!value)
            return std::nullopt;
        values.push_back(*value);
    }
    const auto byte = [](int v) { return static_cast<std::uint8_t>(v); };
    switch (values.size()) {
    case 3:
        return Colour{byte(values[0] * 17), byte(values[1] * 17), byte(values[2] * 17)};
    case 6:
        return Colour{byte(values[0] * 16 + values[1]), byte(values[2] * 16 + values[3]),
                      byte(values[4] * 16 + values[5])};
    case 8:
        return Colour{byte(values[0] * 16 + values[1]), byte(values[2] * 16 + values[3]),
                      byte(values[4] * 16 + values[5]), byte(values[6] * 16 + values[7])};
    default:
        return std::nullopt;
    }
}

/// Numbers between the parentheses of rgb(…) and rgba(…).
std::optional<Colour> parse_function(std::string_view inside, std::size_t count) {
    std::vector<double> numbers;
    while (!inside.empty()) {
        const std::size_t comma = inside.find(',');
        std::string_view part = inside.substr(0, comma);
        inside = comma == std::string_view::npos ? std::string_view{} : inside.substr(comma + 1);
        while (!part.empty() && part.front() == ' ')
            part.remove_prefix(1);
        while (!part.empty() && part.back() == ' ')
            part.remove_suffix(1);
        double number = 0;
        const auto [end, error] = std::from_chars(part.data(), part.data() + part.size(), number);
        if (error != std::errc{} || end != part.data() + part.size())
            return std::nullopt;
        numbers.push_back(number);
    }
    if (numbers.size() != count)
        return std::nullopt;
    const auto byte = [](double v) { return static_cast<std::uint8_t>(std::lround(std::clamp(v, 0.0, 255.0))); };
    return Colour{byte(numbers[0]), byte(numbers[1]), byte(numbers[2]),
                  count == 4 ? byte(numbers[3] * 255) : byte(255)};
}

} // namespace

std::optional<Colour> parse_colour(std::string_view text) {
    static constexpr std::array<std::pair<std::string_view, Colour>, 7> names{{{"black", {0, 0, 0}},
                                                                               {"white", {255, 255, 255}},
                                                                               {"transparent", {0, 0, 0, 0}},
                                                                               {"red", {255, 0, 0}},
                                                                               {"green", {0, 128, 0}},
                                                                               {"blue", {0, 0, 255}},
                                                                               {"gray", {128, 128, 128}}}};
    for (const auto& [name, colour] : names)
        if (text == name)
            return colour;
    if (text.starts_with('#'))
        return parse_hex(text.substr(1));
    if (text.starts_with("rgb(") && text.ends_with(')'))
        return parse_function(text.substr(4, text.size() - 5), 3);
    if (text.starts_with("rgba(") && text.ends_with(')'))
        return parse_function(text.substr(5, text.size() - 6), 4);
    return std::nullopt;
}

std::string to_string(const Colour& colour) {
    std::array<char, 16> text{};
    if (colour.a == 255)
        std::snprintf(text.data(), text.size(), "#%02x%02x%02x", colour.r, colour.g, colour.b);
    else
        std::snprintf(text.data(), text.size(), "#%02x%02x%02x%02x", colour.r, colour.g, colour.b, colour.a);
    return text.data();
}

Colour with_lightness(const Colour& colour, double factor) {
    // In HSL with hue and saturation kept, each channel is lightness ± chroma/2 · something, and chroma scales with
    // 1 − |2L − 1|.
    const double r = colour.r / 255.0, g = colour.g / 255.0, b = colour.b / 255.0;
    const double high = std::max({r, g, b}), low = std::min({r, g, b});
    const double lightness = (high + low) / 2;
    const double wanted = std::clamp(lightness * factor, 0.0, 1.0);
    const double room_before = 1 - std::abs(2 * lightness - 1), room_after = 1 - std::abs(2 * wanted - 1);
    const double chroma_factor = room_before > 0 ? room_after / room_before : 0;
    const auto channel = [&](double c) {
        return static_cast<std::uint8_t>(
            std::lround(255 * std::clamp(wanted + (c - lightness) * chroma_factor, 0.0, 1.0)));
    };
    return {channel(r), channel(g), channel(b), colour.a};
}

} // namespace corebelt::styles
