#include "column_types.hpp"

#include <algorithm>
#include <charconv>
#include <string_view>

namespace corebelt::layers {

namespace {

/// "7", "-0.5", "12.60", "1e-3"; not "007", "+7", ".5", "nan".
bool looks_like_number(std::string_view text) {
    if (!text.empty() && text.front() == '-')
        text.remove_prefix(1);
    const auto is_digit = [](char c) { return c >= '0' && c <= '9'; };
    if (text.empty() || !is_digit(text.front()))
        return false;
    return text.front() != '0' || text.size() == 1 || !is_digit(text[1]);
}

template <typename T>
bool reads_whole(std::string_view text, T& value) {
    const auto end = std::from_chars(text.data(), text.data() + text.size(), value);
    return end.ec == std::errc{} && end.ptr == text.data() + text.size();
}

template <typename T>
bool all_read(const Column& column) {
    T value{};
    bool any = false;
    for (const auto& text : column.dictionary) {
        if (text.empty())
            continue;
        if (!looks_like_number(text) || !reads_whole(text, value))
            return false;
        any = true;
    }
    return any;
}

template <typename T>
Column converted(const Column& column, FieldType type) {
    Column result{{column.field.name, type}, {}, {}, {}, {}, {}};
    for (std::size_t row = 0; row < column.valid.size(); ++row) {
        T value{};
        const bool present = column.valid[row] != 0 && !column.dictionary[column.code[row]].empty() &&
                             reads_whole(column.dictionary[column.code[row]], value);
        result.push_back(present ? Value(value) : Value());
    }
    return result;
}

} // namespace

void find_types(Table& table) {
    for (std::size_t c = 0; c < table.rows.columns.size(); ++c) {
        Column& column = table.rows.columns[c];
        if (column.field.type != FieldType::text)
            continue;
        if (all_read<std::int64_t>(column))
            column = converted<std::int64_t>(column, FieldType::integer);
        else if (all_read<double>(column))
            column = converted<double>(column, FieldType::real);
        table.info.fields[c].type = column.field.type;
    }
}

} // namespace corebelt::layers
