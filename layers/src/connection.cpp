#include "corebelt/layers/connection.hpp"

#include "filter_lexer.hpp"

#include <algorithm>
#include <array>
#include <cctype>
#include <string_view>
#include <vector>

namespace corebelt::layers {

namespace {

constexpr std::string_view hidden = "***";

struct Span {
    std::size_t begin = 0;
    std::size_t end = 0;
};

bool is_word_character(char c) {
    return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '_';
}

std::size_t skip_blanks(std::string_view text, std::size_t at) {
    while (at < text.size() && std::isspace(static_cast<unsigned char>(text[at])) != 0)
        ++at;
    return at;
}

std::size_t word_end(std::string_view text, std::size_t at) {
    while (at < text.size() && is_word_character(text[at]))
        ++at;
    return at;
}

/// 'a quoted value', where \ stands before a literal ' or \.
std::size_t quoted_end(std::string_view text, std::size_t at) {
    for (++at; at < text.size(); ++at) {
        if (text[at] == '\\')
            ++at;
        else if (text[at] == '\'')
            return at + 1;
    }
    return text.size();
}

/// In a connection string of keywords and values: up to the next " keyword=", so that a password with blanks that
/// somebody forgot to quote is hidden whole.
std::size_t value_end_before_keyword(std::string_view text, std::size_t at) {
    for (; at < text.size(); ++at) {
        if (std::isspace(static_cast<unsigned char>(text[at])) == 0)
            continue;
        const std::size_t word = skip_blanks(text, at);
        const std::size_t after = word_end(text, word);
        if (after > word && skip_blanks(text, after) < text.size() && text[skip_blanks(text, after)] == '=')
            return at;
    }
    return text.size();
}

std::size_t value_end(std::string_view text, std::size_t at, bool keywords_and_values) {
    if (at < text.size() && text[at] == '\'')
        return quoted_end(text, at);
    if (keywords_and_values)
        return value_end_before_keyword(text, at);
    return std::min(text.find_first_of(" \t\r\n,;&|\"'", at), text.size());
}

bool is_secret_keyword(std::string_view word) {
    constexpr std::array<std::string_view, 4> keywords{"password", "passwd", "pwd", "sslpassword"};
    return std::any_of(keywords.begin(), keywords.end(), [&](std::string_view k) { return same_word(k, word); });
}

/// Places of the passwords in a dataset's name or a message, in order.
std::vector<Span> passwords_in(std::string_view text) {
    std::vector<Span> found;
    const std::size_t scheme = text.find("://");
    const bool keywords_and_values = text.starts_with("PG:") && scheme == std::string_view::npos;
    std::size_t at = 0;
    if (scheme != std::string_view::npos) {
        // A password of PostgreSQL that nobody encoded may hold anything; elsewhere the host ends at the first slash.
        const std::size_t user = scheme + 3;
        const char* const ends = text.starts_with("postgresql://") ? "?" : " /?";
        const std::size_t host = text.substr(0, text.find_first_of(ends, user)).rfind('@');
        const std::size_t colon = text.find(':', user);
        if (host != std::string_view::npos && colon != std::string_view::npos && colon < host) {
            found.push_back({colon + 1, host});
            at = host;
        }
    }
    while (at < text.size()) {
        const std::size_t end = word_end(text, at);
        if (end == at) {
            ++at;
            continue;
        }
        const std::size_t sign = skip_blanks(text, end);
        if (is_secret_keyword(text.substr(at, end - at)) && sign < text.size() && text[sign] == '=') {
            const std::size_t value = skip_blanks(text, sign + 1);
            const bool done_already = text.substr(value).starts_with(hidden);
            const std::size_t after =
                done_already ? value + hidden.size() : value_end(text, value, keywords_and_values);
            found.push_back({value, after});
            at = after;
        } else {
            at = end;
        }
    }
    return found;
}

/// The part before "|layer=", where there is one.
std::size_t dataset_size(const std::string& source) {
    const std::size_t mark = source.rfind("|layer=");
    return mark == std::string::npos ? source.size() : mark;
}

} // namespace

bool is_database(const std::string& source) {
    return source.starts_with("PG:") || source.starts_with("postgresql://");
}

std::string without_password(const std::string& source) {
    const std::string_view dataset(source.data(), is_database(source) ? dataset_size(source) : source.size());
    std::string text;
    std::size_t at = 0;
    for (const Span& password : passwords_in(dataset)) {
        text += source.substr(at, password.begin - at);
        text += hidden;
        at = password.end;
    }
    return text + source.substr(at);
}

std::string without_password(std::string message, const std::string& source) {
    const std::string_view dataset(source.data(), dataset_size(source));
    for (const Span& password : passwords_in(dataset)) {
        for (std::size_t at = password.begin; at < password.end;) {
            const std::size_t begin = skip_blanks(dataset, at);
            const std::size_t end = std::min(dataset.find_first_of(" \t\r\n", begin), password.end);
            at = end;
            if (begin >= end)
                break;
            const std::string quoted = "\"" + std::string(dataset.substr(begin, end - begin)) + "\"";
            for (std::size_t place = message.find(quoted); place != std::string::npos;
                 place = message.find(quoted, place + 1))
                message.replace(place, quoted.size(), "\"" + std::string(hidden) + "\"");
        }
    }
    return message;
}

} // namespace corebelt::layers
