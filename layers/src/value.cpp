#include "corebelt/layers/value.hpp"

#include "number_order.hpp"

#include <charconv>
#include <cmath>

namespace corebelt::layers {

namespace {

/// Numbers first, then texts and dates, null last.
int rank_of(const Value& value) {
    if (is_null(value))
        return 2;
    return std::holds_alternative<std::int64_t>(value) || std::holds_alternative<double>(value) ? 0 : 1;
}

/// NaN stands after every other number, so that the order is total.
bool number_less(const Value& a, const Value& b) {
    const auto* ai = std::get_if<std::int64_t>(&a);
    const auto* bi = std::get_if<std::int64_t>(&b);
    if (ai != nullptr && bi != nullptr)
        return *ai < *bi;
    const double ad = ai != nullptr ? 0 : std::get<double>(a);
    const double bd = bi != nullptr ? 0 : std::get<double>(b);
    if (std::isnan(ad) || std::isnan(bd))
        return !std::isnan(ad);
    if (ai != nullptr)
        return std::is_lt(number_order(*ai, bd));
    if (bi != nullptr)
        return std::is_gt(number_order(*bi, ad));
    return ad < bd;
}

const std::string& text_of(const Value& value) {
    const auto* text = std::get_if<std::string>(&value);
    return text != nullptr ? *text : std::get<IsoDate>(value).text;
}

std::string shortest(double real) {
    if (std::isnan(real))
        return "nan";
    if (std::isinf(real))
        return real > 0 ? "inf" : "-inf";
    if (real == 0)
        return "0"; // no "-0"
    char buffer[64];
    const double size = std::abs(real);
    const bool fixed = size >= 1e-6 && size < 1e17;
    const auto end = fixed ? std::to_chars(buffer, buffer + sizeof buffer, real, std::chars_format::fixed)
                           : std::to_chars(buffer, buffer + sizeof buffer, real);
    return {buffer, end.ptr};
}

} // namespace

bool value_less(const Value& a, const Value& b) {
    const int rank_a = rank_of(a);
    const int rank_b = rank_of(b);
    if (rank_a != rank_b)
        return rank_a < rank_b;
    if (rank_a == 0)
        return number_less(a, b);
    if (rank_a == 2)
        return false;
    // char_traits<char>::compare compares as unsigned bytes, which is the order of code points in UTF-8.
    if (const int order = text_of(a).compare(text_of(b)); order != 0)
        return order < 0;
    return a.index() < b.index();
}

std::string to_string(const Value& value) {
    if (const auto* integer = std::get_if<std::int64_t>(&value))
        return std::to_string(*integer);
    if (const auto* real = std::get_if<double>(&value))
        return shortest(*real);
    return is_null(value) ? std::string{} : text_of(value);
}

} // namespace corebelt::layers
