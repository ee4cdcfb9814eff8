#pragma once
/// Words for people, in the two languages that corebelt speaks.

#include <string>

namespace corebelt {

enum class Lang { en, zh };

/// One message in both languages. Codes, identifiers, paths and numbers are the same in both.
struct Text {
    std::string en;
    std::string zh;

    [[nodiscard]] const std::string& in(Lang lang) const { return lang == Lang::zh ? zh : en; }
};

} // namespace corebelt
