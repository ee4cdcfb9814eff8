#pragma once
/// One attribute value, keeping the type of its field.

#include <compare>
#include <cstdint>
#include <string>
#include <variant>

namespace corebelt::layers {

struct IsoDate {
    std::string text; ///< "2026-11-22" or with time; sorts by bytes
    friend auto operator<=>(const IsoDate&, const IsoDate&) = default;
};

/// Null, integer, real, text, date.
using Value = std::variant<std::monostate, std::int64_t, double, std::string, IsoDate>;

/// Numbers by value, then texts and dates by UTF-8 bytes, null last.
[[nodiscard]] bool value_less(const Value& a, const Value& b);
/// As a person reads it: no trailing zeros, "" for an empty text, "" for null.
[[nodiscard]] std::string to_string(const Value& value);
[[nodiscard]] inline bool is_null(const Value& value) {
    return std::holds_alternative<std::monostate>(value);
}

} // namespace corebelt::layers
