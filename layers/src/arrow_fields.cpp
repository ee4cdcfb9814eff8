#include "arrow_fields.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <string>
#include <unordered_map>

namespace corebelt::layers {

namespace {

std::string_view as_text(std::span<const std::uint8_t> bytes) {
    return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}

std::string date_text(std::int64_t days) {
    const std::chrono::year_month_day date{std::chrono::sys_days{std::chrono::days{days}}};
    return fmt::format("{:04}-{:02}-{:02}", static_cast<int>(date.year()), static_cast<unsigned>(date.month()),
                       static_cast<unsigned>(date.day()));
}

std::string time_text(std::int64_t milliseconds) {
    const std::int64_t seconds = milliseconds / 1000;
    const std::string whole = fmt::format("{:02}:{:02}:{:02}", seconds / 3600, seconds / 60 % 60, seconds % 60);
    return milliseconds % 1000 == 0 ? whole : fmt::format("{}.{:03}", whole, milliseconds % 1000);
}

std::string timestamp_text(std::int64_t count, std::int64_t per_second) {
    const std::int64_t day = 86400 * per_second;
    const std::int64_t days = count >= 0 ? count / day : -((-count + day - 1) / day);
    const std::int64_t rest = count - days * day;
    const std::int64_t milliseconds = per_second >= 1000 ? rest / (per_second / 1000) : rest * 1000;
    return date_text(days) + "T" + time_text(milliseconds);
}

std::int64_t ticks_per_second(char unit) {
    switch (unit) {
    case 's':
        return 1;
    case 'm':
        return 1000;
    case 'u':
        return 1000000;
    default:
        return 1000000000;
    }
}

/// An integer of any Arrow width.
std::int64_t integer_at(const ArrowColumn& from, char format, std::size_t row) {
    switch (format) {
    case 'b':
        return from.bit(row) ? 1 : 0;
    case 'c':
        return from.number<std::int8_t>(row);
    case 'C':
        return from.number<std::uint8_t>(row);
    case 's':
        return from.number<std::int16_t>(row);
    case 'S':
        return from.number<std::uint16_t>(row);
    case 'i':
        return from.number<std::int32_t>(row);
    case 'I':
        return from.number<std::uint32_t>(row);
    case 'L':
        return static_cast<std::int64_t>(from.number<std::uint64_t>(row));
    default:
        return from.number<std::int64_t>(row);
    }
}

double real_at(const ArrowColumn& from, char format, std::size_t row) {
    return format == 'f' ? static_cast<double>(from.number<float>(row)) : from.number<double>(row);
}

/// Dates, times and lists, which are made into text value by value.
std::string composed_text(const ArrowSchema& schema, const ArrowColumn& from, std::size_t row) {
    const std::string_view format = schema.format;
    if (format == "tdD")
        return date_text(from.number<std::int32_t>(row));
    if (format == "tdm")
        return timestamp_text(from.number<std::int64_t>(row), 1000).substr(0, 10);
    if (format.substr(0, 2) == "ts")
        return timestamp_text(from.number<std::int64_t>(row), ticks_per_second(format[2]));
    if (format == "ttm")
        return time_text(from.number<std::int32_t>(row));
    if (format == "tts")
        return time_text(std::int64_t{from.number<std::int32_t>(row)} * 1000);
    if (format.substr(0, 2) == "tt")
        return time_text(from.number<std::int64_t>(row) * 1000 / ticks_per_second(format[2]));

    const auto* ends = static_cast<const std::int32_t*>(from.array().buffers[1]) + row + from.offset();
    const ArrowSchema& item_schema = *schema.children[0];
    const ArrowArray item_parent{0,       0,       0,      0, from.array().n_children, nullptr, from.array().children,
                                 nullptr, nullptr, nullptr};
    const ArrowColumn items(item_parent, 0);
    std::string list = "[";
    for (auto i = static_cast<std::size_t>(ends[0]); i < static_cast<std::size_t>(ends[1]); ++i) {
        if (list.size() > 1)
            list += ", ";
        const char item_format = item_schema.format[0];
        if (!items.valid(i))
            list += "null";
        else if (item_format == 'u')
            list += as_text(items.bytes<std::int32_t>(i));
        else if (item_format == 'f' || item_format == 'g')
            list += to_string(Value{real_at(items, item_format, i)});
        else
            list += std::to_string(integer_at(items, item_format, i));
    }
    return list + "]";
}

/// Codes for texts of one batch.
class Codes {
public:
    Codes(const TextDecoder& decoder, Column& column) : decoder_(decoder), column_(column) {}

    struct Coded {
        std::uint32_t code = 0;
        bool cut = false;
        bool undecodable = false;
    };

    Coded code_of(std::string_view raw) {
        if (raw == last_raw_ && seen_any_)
            return last_;
        const auto found = by_raw_.find(raw);
        last_ = found != by_raw_.end() ? found->second : by_raw_.emplace(raw, new_code(raw)).first->second;
        last_raw_ = raw;
        seen_any_ = true;
        return last_;
    }

private:
    Coded new_code(std::string_view raw) {
        auto decoded = decoder_.decode(raw);
        auto& dictionary = column_.dictionary;
        // Different bytes may read as the same text only where some of them were bad.
        any_bad_ = any_bad_ || decoded.cut || decoded.undecodable;
        if (any_bad_) {
            const auto same = std::find(dictionary.begin(), dictionary.end(), decoded.text);
            if (same != dictionary.end())
                return {static_cast<std::uint32_t>(same - dictionary.begin()), decoded.cut, decoded.undecodable};
        }
        dictionary.push_back(std::move(decoded.text));
        return {static_cast<std::uint32_t>(dictionary.size() - 1), decoded.cut, decoded.undecodable};
    }

    const TextDecoder& decoder_;
    Column& column_;
    std::unordered_map<std::string_view, Coded> by_raw_; ///< views into the Arrow array
    std::string_view last_raw_;
    Coded last_;
    bool seen_any_ = false;
    bool any_bad_ = false;
};

template <typename Offset>
void read_texts(const ArrowColumn& from, std::size_t first, std::size_t last, const TextDecoder& decoder,
                std::size_t column_number, Column& column, std::vector<BadText>& bad) {
    Codes codes(decoder, column);
    for (std::size_t row = first; row < last; ++row) {
        Codes::Coded coded;
        if (from.valid(row)) {
            coded = codes.code_of(as_text(from.bytes<Offset>(row)));
            if (coded.cut || coded.undecodable)
                bad.push_back({row - first, column_number, coded.cut});
        }
        column.code.push_back(coded.code);
    }
}

void read_composed(const ArrowSchema& schema, const ArrowColumn& from, std::size_t first, std::size_t last,
                   Column& column) {
    std::unordered_map<std::string, std::uint32_t> code_of;
    for (std::size_t row = first; row < last; ++row) {
        std::uint32_t code = 0;
        if (from.valid(row)) {
            const auto next = static_cast<std::uint32_t>(column.dictionary.size());
            const auto [place, is_new] = code_of.emplace(composed_text(schema, from, row), next);
            if (is_new)
                column.dictionary.push_back(place->first);
            code = place->second;
        }
        column.code.push_back(code);
    }
}

} // namespace

void read_rows(const ArrowSchema& schema, const ArrowColumn& from, std::size_t first, std::size_t last,
               const TextDecoder& decoder, std::size_t column_number, Column& column, std::vector<BadText>& bad) {
    const std::string_view format = schema.format;
    const std::size_t before = column.valid.size();
    column.valid.resize(before + (last - first), 1);
    for (std::size_t row = first; row < last; ++row)
        column.valid[before + row - first] = from.valid(row) ? 1 : 0;

    if (column.field.type == FieldType::integer) {
        for (std::size_t row = first; row < last; ++row)
            column.integers.push_back(from.valid(row) ? integer_at(from, format[0], row) : 0);
    } else if (column.field.type == FieldType::real) {
        for (std::size_t row = first; row < last; ++row)
            column.reals.push_back(from.valid(row) ? real_at(from, format[0], row) : 0);
    } else if (format == "u") {
        read_texts<std::int32_t>(from, first, last, decoder, column_number, column, bad);
    } else if (format == "U") {
        read_texts<std::int64_t>(from, first, last, decoder, column_number, column, bad);
    } else {
        read_composed(schema, from, first, last, column);
    }
}

} // namespace corebelt::layers
