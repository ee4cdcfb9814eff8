#include "corebelt/geo/error.hpp"
#include "corebelt/geo/evidence.hpp"
#include "corebelt/geo/validity.hpp"

#include <fmt/format.h>

#include <array>
#include <charconv>
#include <cstddef>
#include <iterator>
#include <system_error>

namespace corebelt::geo {

namespace {

void write_path(std::span<const XY> path, int decimals, std::string& out) {
    out += '(';
    for (std::size_t i = 0; i < path.size(); ++i) {
        if (i > 0)
            out += ", ";
        for (const double value : {path[i].x, path[i].y}) {
            const std::size_t start = out.size();
            fmt::format_to(std::back_inserter(out), "{:.{}f}", value, decimals);
            if (out[start] == '-' && out.find_first_not_of("-0.", start) == std::string::npos)
                out.erase(start, 1); // no negative zero
            out += ' ';
        }
        out.pop_back();
    }
    out += ')';
}

void write_part(const ShapeView& shape, std::size_t part, int decimals, std::string& out) {
    const auto [first, last] = shape.rings_of_part(part);
    if (shape.dimension() != Dimension::area) {
        write_path(shape.ring(first), decimals, out);
        return;
    }
    for (std::size_t r = first; r < last; ++r) {
        out += r == first ? "(" : ", ";
        write_path(shape.ring(r), decimals, out);
    }
    out += ')';
}

/// Recursive descent without recursion: WKT of one feature is at most three parentheses deep.
class Parser {
public:
    explicit Parser(std::string_view text) : text_(text) {}

    Shapes read() {
        struct Kind {
            std::string_view word;
            Dimension dimension;
            bool multi;
        };
        static constexpr std::array<Kind, 6> kinds{{{"POLYGON", Dimension::area, false},
                                                    {"MULTIPOLYGON", Dimension::area, true},
                                                    {"LINESTRING", Dimension::line, false},
                                                    {"MULTILINESTRING", Dimension::line, true},
                                                    {"POINT", Dimension::point, false},
                                                    {"MULTIPOINT", Dimension::point, true}}};
        const std::string name = word();
        const Kind* kind = nullptr;
        for (const Kind& k : kinds)
            if (k.word == name)
                kind = &k;
        if (kind == nullptr)
            fail("a geometry type such as POLYGON", "几何类型（如 POLYGON）");
        std::string next = word();
        if (next == "Z" || next == "M" || next == "ZM")
            next = word();
        if (next == "EMPTY") {
            // no parts
        } else if (!next.empty()) {
            fail("'('", "“(”");
        } else if (kind->multi) {
            expect('(');
            do
                part(kind->dimension, true);
            while (accept(','));
            expect(')');
        } else {
            part(kind->dimension, false);
        }
        skip_space();
        if (at_ != text_.size())
            fail("the end of the text", "文本结尾");
        shapes_.end_shape(kind->dimension);
        if (kind->dimension == Dimension::area)
            orient(shapes_, 0);
        return std::move(shapes_);
    }

private:
    void part(Dimension dimension, bool in_multi) {
        switch (dimension) {
        case Dimension::area:
            expect('(');
            do
                path();
            while (accept(','));
            expect(')');
            break;
        case Dimension::line:
            path();
            break;
        case Dimension::point:
            if (in_multi && !next_is('(')) { // MULTIPOINT (1 2, 3 4), the older form
                position();
            } else {
                expect('(');
                position();
                expect(')');
            }
            shapes_.end_ring();
            break;
        }
        shapes_.end_part();
    }

    void path() {
        expect('(');
        do
            position();
        while (accept(','));
        expect(')');
        shapes_.end_ring();
    }

    /// Two to four numbers; heights and measures are left out.
    void position() {
        XY p;
        p.x = number();
        p.y = number();
        for (int extra = 0; extra < 2 && !next_is(',') && !next_is(')'); ++extra)
            number();
        shapes_.add(p);
    }

    double number() {
        skip_space();
        double value = 0;
        const char* first = text_.data() + at_;
        const auto [end, failure] = std::from_chars(first, text_.data() + text_.size(), value);
        if (failure != std::errc())
            fail("a number", "数字");
        at_ += static_cast<std::size_t>(end - first);
        return value;
    }

    std::string word() {
        skip_space();
        std::string letters;
        while (at_ < text_.size()) {
            char c = text_[at_];
            if (c >= 'a' && c <= 'z')
                c = static_cast<char>(c - 'a' + 'A');
            if (c < 'A' || c > 'Z')
                break;
            letters += c;
            ++at_;
        }
        return letters;
    }

    void skip_space() {
        while (at_ < text_.size() &&
               (text_[at_] == ' ' || text_[at_] == '\t' || text_[at_] == '\n' || text_[at_] == '\r'))
            ++at_;
    }
    bool next_is(char c) {
        skip_space();
        return at_ < text_.size() && text_[at_] == c;
    }
    bool accept(char c) {
        const bool found = next_is(c);
        at_ += found ? 1 : 0;
        return found;
    }
    void expect(char c) {
        if (!accept(c))
            fail("'" + std::string(1, c) + "'", "“" + std::string(1, c) + "”");
    }

    [[noreturn]] void fail(const std::string& wanted, const std::string& wanted_zh) const {
        const std::string where = std::to_string(at_ + 1);
        throw Error(
            ErrorKind::input, "bad-wkt",
            {"WKT: character " + where + ": expected " + wanted, "WKT 第 " + where + " 个字符处应为" + wanted_zh});
    }

    std::string_view text_;
    std::size_t at_ = 0;
    Shapes shapes_;
};

} // namespace

std::string wkt(const ShapeView& shape, int decimals) {
    static constexpr std::array<std::string_view, 3> names{"POINT", "LINESTRING", "POLYGON"};
    std::string out = shape.part_count() > 1 ? "MULTI" : "";
    out += names.at(static_cast<std::size_t>(shape.dimension()));
    if (shape.empty())
        return out + " EMPTY";
    out += ' ';
    if (shape.part_count() == 1) {
        write_part(shape, 0, decimals, out);
        return out;
    }
    out += '(';
    for (std::size_t part = 0; part < shape.part_count(); ++part) {
        if (part > 0)
            out += ", ";
        write_part(shape, part, decimals, out);
    }
    return out + ')';
}

Shapes shapes_from_wkt(std::string_view text) {
    return Parser(text).read();
}

} // namespace corebelt::geo
