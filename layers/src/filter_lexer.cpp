#include "filter_lexer.hpp"

#include "corebelt/geo/error.hpp"
#include "corebelt/geo/utf8.hpp"

#include <fmt/format.h>

#include <array>
#include <charconv>
#include <system_error>

namespace corebelt::layers {

namespace {

bool is_digit(char c) {
    return c >= '0' && c <= '9';
}

bool begins_name(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' || static_cast<unsigned char>(c) >= 0x80U;
}

bool continues_name(char c) {
    return begins_name(c) || is_digit(c) || c == '.' || c == ':';
}

/// Characters that Chinese keyboards give instead of ASCII ones; they never stand in a bare field name.
struct FullWidth {
    std::string_view written;
    std::string_view meant;
};
constexpr std::array<FullWidth, 14> full_width = {{{"（", "("},
                                                   {"）", ")"},
                                                   {"＝", "="},
                                                   {"＜", "<"},
                                                   {"＞", ">"},
                                                   {"≤", "<="},
                                                   {"≥", ">="},
                                                   {"≠", "<>"},
                                                   {"，", ","},
                                                   {"‘", "'"},
                                                   {"’", "'"},
                                                   {"“", "\""},
                                                   {"”", "\""},
                                                   {"\u3000", "an ordinary space"}}};

const FullWidth* full_width_at(std::string_view rest) {
    for (const FullWidth& f : full_width)
        if (rest.starts_with(f.written))
            return &f;
    return nullptr;
}

class Lexer {
public:
    explicit Lexer(const std::string& filter) : filter_(filter) {}

    std::vector<FilterToken> run() {
        std::vector<FilterToken> tokens;
        do
            tokens.push_back(next());
        while (tokens.back().kind != FilterToken::Kind::end);
        return tokens;
    }

private:
    [[nodiscard]] char at(std::size_t i) const { return i < filter_.size() ? filter_[i] : '\0'; }
    [[nodiscard]] std::string_view rest() const { return std::string_view(filter_).substr(at_); }

    FilterToken next() {
        while (at(at_) == ' ' || at(at_) == '\t' || at(at_) == '\n' || at(at_) == '\r')
            ++at_;
        FilterToken token;
        token.begin = at_;
        if (at_ < filter_.size())
            read(token);
        token.end = at_;
        return token;
    }

    void read(FilterToken& token) {
        const char c = at(at_);
        refuse_full_width();
        if (c == '\'' || c == '"')
            read_quoted(token, c);
        else if (is_digit(c) || (c == '.' && is_digit(at(at_ + 1))) || c == '-' || c == '+')
            read_number(token);
        else if (begins_name(c))
            read_name(token);
        else
            read_symbol(token);
    }

    void refuse_full_width() const {
        if (const FullWidth* f = full_width_at(rest()))
            filter_error(filter_, at_, fmt::format("full-width character {}; write {}", f->written, f->meant),
                         fmt::format("出现全角字符 {}，请改用半角 {}", f->written,
                                     f->meant == "an ordinary space" ? "空格" : f->meant));
    }

    void read_quoted(FilterToken& token, char quote) {
        token.kind = quote == '\'' ? FilterToken::Kind::text : FilterToken::Kind::quoted_name;
        for (std::size_t i = at_ + 1; i < filter_.size(); ++i) {
            if (filter_[i] == '\\' && quote == '\'' && at(i + 1) == '\'') {
                token.value += '\'';
                ++i;
            } else if (filter_[i] != quote) {
                token.value += filter_[i];
            } else if (at(i + 1) == quote) {
                token.value += quote;
                ++i;
            } else {
                at_ = i + 1;
                return;
            }
        }
        filter_error(filter_, at_, fmt::format("the {} that opens here is never closed", quote),
                     fmt::format("此处的引号 {} 没有配对", quote));
    }

    void read_number(FilterToken& token) {
        std::size_t i = at_;
        if (at(i) == '-' || at(i) == '+')
            ++i;
        const std::size_t digits = i;
        while (is_digit(at(i)))
            ++i;
        bool whole = true;
        if (at(i) == '.') {
            whole = false;
            ++i;
            while (is_digit(at(i)))
                ++i;
        }
        if ((at(i) == 'e' || at(i) == 'E') &&
            (is_digit(at(i + 1)) || ((at(i + 1) == '-' || at(i + 1) == '+') && is_digit(at(i + 2))))) {
            whole = false;
            i += 2;
            while (is_digit(at(i)))
                ++i;
        }
        const bool signed_only = i == digits;
        if (signed_only || continues_name(at(i)))
            filter_error(filter_, at_,
                         signed_only ? "a sign without a number; arithmetic is not part of the filter"
                                     : "a number runs into a word; text stands in single quotes",
                         signed_only ? "符号后面没有数字；筛选条件不支持算术运算"
                                     : "数字与文字相连；文本请用单引号括起");
        token.value = filter_.substr(at_, i - at_);
        const char* const first = filter_.data() + (at(at_) == '+' ? digits : at_);
        const char* const last = filter_.data() + i;
        token.kind = FilterToken::Kind::real;
        if (whole && std::from_chars(first, last, token.integer).ec == std::errc{})
            token.kind = FilterToken::Kind::integer;
        if (std::from_chars(first, last, token.real).ec != std::errc{})
            filter_error(filter_, at_, "a number beyond the range of doubles", "数值超出双精度范围");
        at_ = i;
    }

    void read_name(FilterToken& token) {
        token.kind = FilterToken::Kind::name;
        std::size_t i = at_;
        while (continues_name(at(i)) && full_width_at(std::string_view(filter_).substr(i)) == nullptr)
            ++i;
        token.value = filter_.substr(at_, i - at_);
        at_ = i;
    }

    void read_symbol(FilterToken& token) {
        token.kind = FilterToken::Kind::symbol;
        for (const std::string_view symbol : {"<>", "<=", ">=", "<", ">", "=", "(", ")", ","}) {
            if (rest().starts_with(symbol)) {
                token.value = symbol;
                at_ += symbol.size();
                break;
            }
        }
        if (rest().starts_with("!=") || token.value.empty())
            filter_error(filter_, token.begin,
                         rest().starts_with("!=") ? "!= is written <>"
                                                  : fmt::format("the character {} has no meaning here", shown()),
                         rest().starts_with("!=") ? "“不等于”请写作 <>"
                                                  : fmt::format("此处不允许出现字符 {}", shown()));
        if (token.value == "=" && at(at_) == '=')
            filter_error(filter_, token.begin, "== is written =", "“等于”请写作 =");
    }

    [[nodiscard]] std::string shown() const {
        const char c = at(at_);
        if (static_cast<unsigned char>(c) < 0x20U || c == '\x7f')
            return fmt::format("U+{:04X}", static_cast<unsigned>(c));
        return {c};
    }

    const std::string& filter_;
    std::size_t at_ = 0;
};

} // namespace

std::vector<FilterToken> filter_tokens(const std::string& filter) {
    if (!geo::is_utf8(filter))
        throw Error(ErrorKind::usage, "bad-filter",
                    {"the filter is not UTF-8; save the file or set the terminal to UTF-8",
                     "筛选条件不是 UTF-8 编码；请将文件或终端改为 UTF-8"});
    return Lexer(filter).run();
}

std::size_t filter_place(const std::string& filter, std::size_t byte_offset) {
    return geo::character_count(std::string_view(filter).substr(0, byte_offset)) + 1;
}

void filter_error(const std::string& filter, std::size_t byte_offset, const std::string& en, const std::string& zh) {
    const std::size_t place = filter_place(filter, byte_offset);
    throw Error(ErrorKind::usage, "bad-filter",
                {fmt::format("filter, character {}: {} (filter: {})", place, en, filter),
                 fmt::format("筛选条件第 {} 个字符处：{}（条件原文：{}）", place, zh, filter)});
}

bool same_word(std::string_view a, std::string_view b) {
    const auto lower = [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; };
    if (a.size() != b.size())
        return false;
    for (std::size_t i = 0; i < a.size(); ++i)
        if (lower(a[i]) != lower(b[i]))
            return false;
    return true;
}

} // namespace corebelt::layers
