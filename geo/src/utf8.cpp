#include "corebelt/geo/utf8.hpp"

#include <algorithm>

namespace corebelt::geo {

namespace {

bool is_continuation(char c) {
    return (static_cast<unsigned char>(c) & 0xC0U) == 0x80U;
}

} // namespace

bool is_utf8(std::string_view bytes) {
    std::size_t i = 0;
    while (i < bytes.size()) {
        const unsigned lead = static_cast<unsigned char>(bytes[i]);
        if (lead < 0x80U) {
            ++i;
            continue;
        }
        // The second byte of some leads has a narrower range: no overlong forms, no surrogates, no more than U+10FFFF.
        std::size_t length = 0;
        unsigned low = 0x80U;
        unsigned high = 0xBFU;
        if (lead >= 0xC2U && lead <= 0xDFU) {
            length = 2;
        } else if (lead >= 0xE0U && lead <= 0xEFU) {
            length = 3;
            if (lead == 0xE0U)
                low = 0xA0U;
            if (lead == 0xEDU)
                high = 0x9FU;
        } else if (lead >= 0xF0U && lead <= 0xF4U) {
            length = 4;
            if (lead == 0xF0U)
                low = 0x90U;
            if (lead == 0xF4U)
                high = 0x8FU;
        } else {
            return false;
        }
        if (bytes.size() - i < length)
            return false;
        const unsigned second = static_cast<unsigned char>(bytes[i + 1]);
        if (second < low || second > high)
            return false;
        for (std::size_t k = 2; k < length; ++k)
            if (!is_continuation(bytes[i + k]))
                return false;
        i += length;
    }
    return true;
}

std::size_t character_count(std::string_view utf8) {
    return static_cast<std::size_t>(
        std::count_if(utf8.begin(), utf8.end(), [](char c) { return !is_continuation(c); }));
}

} // namespace corebelt::geo
