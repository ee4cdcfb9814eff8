#include "corebelt/reports/text_table.hpp"

#include <algorithm>
#include <array>
#include <cstdint>

namespace corebelt::reports {

namespace {

struct Range {
    char32_t first, last;
};

// East Asian Width W and F of Unicode 15, joined into ranges that matter for names, signs and numbers.
constexpr std::array<Range, 13> wide_ranges{{{0x1100, 0x115F},
                                             {0x2E80, 0x303E},
                                             {0x3041, 0x33FF},
                                             {0x3400, 0x4DBF},
                                             {0x4E00, 0x9FFF},
                                             {0xA000, 0xA4CF},
                                             {0xAC00, 0xD7A3},
                                             {0xF900, 0xFAFF},
                                             {0xFE30, 0xFE6F},
                                             {0xFF00, 0xFF60},
                                             {0xFFE0, 0xFFE6},
                                             {0x1F300, 0x1FAFF},
                                             {0x20000, 0x3FFFD}}};
constexpr std::array<Range, 3> zero_ranges{{{0x0300, 0x036F}, {0x200B, 0x200F}, {0xFE00, 0xFE0F}}};

std::size_t cells_of(char32_t c) {
    const auto holds = [c](const Range& r) { return r.first <= c && c <= r.last; };
    if (std::any_of(zero_ranges.begin(), zero_ranges.end(), holds))
        return 0;
    return std::any_of(wide_ranges.begin(), wide_ranges.end(), holds) ? 2 : 1;
}

/// Next code point of valid or invalid UTF-8; an invalid byte counts as one character of its own.
char32_t next_code_point(std::string_view text, std::size_t& at) {
    const auto byte = [&](std::size_t i) { return static_cast<unsigned char>(text[i]); };
    const unsigned char lead = byte(at);
    const std::size_t length = lead < 0x80 ? 1 : lead >= 0xF0 ? 4 : lead >= 0xE0 ? 3 : lead >= 0xC0 ? 2 : 1;
    if (length == 1 || at + length > text.size()) {
        ++at;
        return lead;
    }
    char32_t c = lead & (0x7FU >> length);
    for (std::size_t i = 1; i < length; ++i)
        c = (c << 6U) | (byte(at + i) & 0x3FU);
    at += length;
    return c;
}

constexpr std::size_t gap = 2;
constexpr std::size_t narrowest = 4;

std::string_view ansi(Ink ink) {
    switch (ink) {
    case Ink::good:
        return "\x1b[32m";
    case Ink::bad:
        return "\x1b[31;1m";
    case Ink::caution:
        return "\x1b[33m";
    case Ink::dim:
        return "\x1b[2m";
    case Ink::strong:
        return "\x1b[1m";
    case Ink::plain:
        break;
    }
    return {};
}

} // namespace

std::size_t display_width(std::string_view utf8) {
    std::size_t width = 0;
    for (std::size_t at = 0; at < utf8.size();)
        width += cells_of(next_code_point(utf8, at));
    return width;
}

std::string fit(std::string_view utf8, std::size_t cells) {
    if (display_width(utf8) <= cells)
        return std::string(utf8);
    if (cells == 0)
        return {};
    std::size_t width = 0;
    std::size_t at = 0;
    while (at < utf8.size()) {
        std::size_t next = at;
        const std::size_t c = cells_of(next_code_point(utf8, next));
        if (width + c > cells - 1)
            break;
        width += c;
        at = next;
    }
    return std::string(utf8.substr(0, at)) + "…";
}

void TextTable::row(std::vector<std::string> cells, std::vector<Ink> inks) {
    cells.resize(columns_.size());
    inks.resize(columns_.size(), Ink::plain);
    rows_.push_back({std::move(cells), std::move(inks), false});
}

void TextTable::rule() {
    rows_.push_back({{}, {}, true});
}

std::string TextTable::to_string(std::size_t width, bool colour) const {
    std::vector<std::size_t> widths;
    for (std::size_t c = 0; c < columns_.size(); ++c) {
        std::size_t widest = display_width(columns_[c].title);
        for (const Row& r : rows_)
            if (!r.is_rule)
                widest = std::max(widest, display_width(r.cells[c]));
        widths.push_back(widest);
    }
    const auto total = [&] {
        std::size_t sum = columns_.empty() ? 0 : gap * (columns_.size() - 1);
        for (const std::size_t w : widths)
            sum += w;
        return sum;
    };
    // The widest column gives first: those that may shrink, and where that is not enough, all.
    for (const bool only_shrinking : {true, false}) {
        while (total() > width) {
            std::size_t widest = columns_.size();
            for (std::size_t c = 0; c < columns_.size(); ++c)
                if ((columns_[c].shrinks || !only_shrinking) && widths[c] > narrowest &&
                    (widest == columns_.size() || widths[c] > widths[widest]))
                    widest = c;
            if (widest == columns_.size())
                break;
            --widths[widest];
        }
    }

    std::string out;
    const auto line = [&](const std::vector<std::string>& cells, const std::vector<Ink>& inks) {
        std::string text;
        for (std::size_t c = 0; c < columns_.size(); ++c) {
            const std::string cell = fit(cells[c], widths[c]);
            const std::string pad(widths[c] - display_width(cell), ' ');
            const std::string_view on = colour ? ansi(inks[c]) : std::string_view{};
            const std::string_view off = on.empty() ? "" : "\x1b[0m";
            if (columns_[c].align == Align::right)
                text += pad;
            text += on;
            text += cell;
            text += off;
            if (columns_[c].align == Align::left)
                text += pad;
            if (c + 1 < columns_.size())
                text.append(gap, ' ');
        }
        text.erase(text.find_last_not_of(' ') + 1);
        out += text + "\n";
    };
    std::vector<std::string> titles;
    for (const TextColumn& c : columns_)
        titles.push_back(c.title);
    std::string dashes;
    for (std::size_t i = 0; i < std::min(total(), width); ++i)
        dashes += "─";
    line(titles, std::vector<Ink>(columns_.size(), Ink::strong));
    out += dashes + "\n";
    for (const Row& r : rows_) {
        if (r.is_rule)
            out += dashes + "\n";
        else
            line(r.cells, r.inks);
    }
    return out;
}

} // namespace corebelt::reports
