#include "table_reader.hpp"

#include "corebelt/geo/nearest_name.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <utility>

namespace corebelt::project {

Text name_of(Value::Type type) {
    switch (type) {
    case Value::Type::boolean:
        return {"true or false", "布尔值（true 或 false）"};
    case Value::Type::integer:
        return {"an integer", "整数"};
    case Value::Type::real:
        return {"a number", "数值"};
    case Value::Type::text:
        return {"text", "文本"};
    case Value::Type::date:
        return {"a date", "日期"};
    case Value::Type::other_time:
        return {"a time", "时间"};
    case Value::Type::array:
        return {"an array", "数组"};
    case Value::Type::table:
        break;
    }
    return {"a table", "表"};
}

void require_type(const Value& value, Value::Type type, const Text& table, const std::string& key) {
    const bool integer_for_number = type == Value::Type::real && value.type == Value::Type::integer;
    if (value.type == type || integer_for_number)
        return;
    const Text expected = name_of(type);
    const Text actual = name_of(value.type);
    const bool quoted_date = type == Value::Type::date && value.type == Value::Type::text;
    fail(value.place, "wrong-type",
         fmt::format("\"{}\" in {} must be {}, not {}{}", key, table.en, expected.en, actual.en,
                     quoted_date ? "; write the date without quotes: 2026-11-22" : ""),
         fmt::format("{}的“{}”应为{}，实际为{}{}", table.zh, key, expected.zh, actual.zh,
                     quoted_date ? "；日期请不要加引号：2026-11-22" : ""));
}

NotOneOf not_one_of(const std::string& value, const std::vector<std::string>& allowed) {
    const std::string nearest = geo::nearest_name(value, allowed).value_or("");
    return {fmt::format("\"{}\" is not one of {}; the nearest is {}", value, fmt::join(allowed, ", "), nearest),
            fmt::format("“{}”不在可用取值之内（{}），最接近的是 {}", value, fmt::join(allowed, "、"), nearest)};
}

TableReader::TableReader(const Value& table, Text name, std::vector<std::string> known)
    : table_(table), name_(std::move(name)) {
    if (table.type != Value::Type::table) {
        const Text actual = project::name_of(table.type);
        fail(table.place, "wrong-type", fmt::format("{} must be a table, not {}", name_.en, actual.en),
             fmt::format("{}应为表，实际为{}", name_.zh, actual.zh));
    }
    for (const Entry& entry : table.entries) {
        if (std::find(known.begin(), known.end(), entry.key) != known.end())
            continue;
        const std::string nearest = geo::nearest_name(entry.key, known).value_or("");
        fail(entry.place, "unknown-key",
             fmt::format("unknown key \"{}\" in {}; the nearest known key is \"{}\"", entry.key, name_.en, nearest),
             fmt::format("{}中有未知的键“{}”，最接近的已知键是“{}”", name_.zh, entry.key, nearest));
    }
}

const Value* TableReader::find(const std::string& key) const {
    const Entry* const entry = table_.find(key);
    return entry == nullptr ? nullptr : &entry->value;
}

Place TableReader::place(const std::string& key) const {
    const Entry* const entry = table_.find(key);
    return entry == nullptr ? table_.place : entry->place;
}

void TableReader::bad_value(const std::string& key, const std::string& en, const std::string& zh) const {
    fail(place(key), "bad-value", fmt::format("\"{}\" in {}: {}", key, name_.en, en),
         fmt::format("{}的“{}”：{}", name_.zh, key, zh));
}

void TableReader::missing(const std::string& key, const std::string& en, const std::string& zh) const {
    fail(table_.place, "missing-key", fmt::format("{} needs the key \"{}\"{}", name_.en, key, en),
         fmt::format("{}缺少键“{}”{}", name_.zh, key, zh));
}

const Value& TableReader::require(const std::string& key) const {
    const Value* const value = find(key);
    if (value == nullptr)
        missing(key);
    return *value;
}

const Value* TableReader::find_typed(const std::string& key, Value::Type type) const {
    const Value* const value = find(key);
    if (value != nullptr)
        require_type(*value, type, name_, key);
    return value;
}

std::string TableReader::text(const std::string& key) const {
    static_cast<void>(require(key));
    return text_or_empty(key);
}

std::string TableReader::text_or_empty(const std::string& key) const {
    const Value* const value = find_typed(key, Value::Type::text);
    if (value == nullptr)
        return {};
    if (value->text.find_first_not_of(" \t\r\n") == std::string::npos)
        bad_value(key, "must not be empty", "不能为空");
    return value->text;
}

std::string TableReader::choice(const std::string& key, const std::vector<std::string>& allowed,
                                const std::string& fallback) const {
    if (!has(key))
        return fallback;
    std::string value = text(key);
    if (std::find(allowed.begin(), allowed.end(), value) == allowed.end()) {
        const NotOneOf answer = not_one_of(value, allowed);
        bad_value(key, answer.en, answer.zh);
    }
    return value;
}

bool TableReader::flag_or_false(const std::string& key) const {
    const Value* const value = find_typed(key, Value::Type::boolean);
    return value != nullptr && value->boolean;
}

std::optional<double> TableReader::number(const std::string& key) const {
    const Value* const value = find_typed(key, Value::Type::real);
    if (value == nullptr)
        return std::nullopt;
    if (!std::isfinite(value->real))
        bad_value(key, "must be a finite number", "必须是有限的数值");
    return value->real;
}

std::optional<double> TableReader::number_not_negative(const std::string& key) const {
    const auto value = number(key);
    if (value && *value < 0)
        bad_value(key, fmt::format("{} is negative", *value), fmt::format("{} 不能为负", *value));
    return value;
}

std::optional<std::int64_t> TableReader::count(const std::string& key) const {
    const Value* const value = find_typed(key, Value::Type::integer);
    if (value == nullptr)
        return std::nullopt;
    if (value->integer < 0)
        bad_value(key, fmt::format("{} is negative", value->integer), fmt::format("{} 不能为负", value->integer));
    return value->integer;
}

std::string TableReader::date_or_empty(const std::string& key) const {
    const Value* const value = find_typed(key, Value::Type::date);
    return value == nullptr ? std::string() : value->text;
}

std::vector<std::string> TableReader::texts(const std::string& key) const {
    const Value* const value = find_typed(key, Value::Type::array);
    std::vector<std::string> result;
    if (value == nullptr)
        return result;
    for (const Value& item : value->items) {
        require_type(item, Value::Type::text, name_, key);
        if (item.text.empty())
            bad_value(key, "must not hold empty texts", "不能含有空文本");
        result.push_back(item.text);
    }
    return result;
}

} // namespace corebelt::project
