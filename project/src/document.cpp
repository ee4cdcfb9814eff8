#include "document.hpp"

#include "corebelt/geo/error.hpp"
#include "corebelt/geo/utf8.hpp"

#include <fmt/format.h>
#include <toml++/toml.h>

#include <algorithm>
#include <string_view>
#include <tuple>
#include <utility>

namespace corebelt::project {

namespace {

using File = std::shared_ptr<const std::string>;

std::string iso_date(const toml::date& date) {
    return fmt::format("{:04}-{:02}-{:02}", unsigned{date.year}, unsigned{date.month}, unsigned{date.day});
}

Value value_of(const toml::node& node, const File& file);

void take_table(const toml::table& table, const File& file, Value& value) {
    std::vector<std::tuple<std::uint32_t, std::uint32_t, const toml::key*, const toml::node*>> in_file_order;
    for (const auto& [key, node] : table)
        in_file_order.emplace_back(key.source().begin.line, key.source().begin.column, &key, &node);
    std::stable_sort(in_file_order.begin(), in_file_order.end(), [](const auto& a, const auto& b) {
        return std::tie(std::get<0>(a), std::get<1>(a)) < std::tie(std::get<0>(b), std::get<1>(b));
    });
    for (const auto& [line, column, key, node] : in_file_order)
        value.entries.push_back({std::string(key->str()), {file, line}, value_of(*node, file)});
}

Value value_of(const toml::node& node, const File& file) {
    Value value;
    value.place = {file, node.source().begin.line};
    node.visit([&](const auto& typed) {
        using Node = std::decay_t<decltype(typed)>;
        if constexpr (toml::is_table<Node>) {
            value.type = Value::Type::table;
            take_table(typed, file, value);
        } else if constexpr (toml::is_array<Node>) {
            value.type = Value::Type::array;
            for (const toml::node& item : typed)
                value.items.push_back(value_of(item, file));
        } else if constexpr (toml::is_string<Node>) {
            value.type = Value::Type::text;
            value.text = *typed;
        } else if constexpr (toml::is_integer<Node>) {
            value.type = Value::Type::integer;
            value.integer = *typed;
            value.real = static_cast<double>(*typed);
        } else if constexpr (toml::is_floating_point<Node>) {
            value.type = Value::Type::real;
            value.real = *typed;
        } else if constexpr (toml::is_boolean<Node>) {
            value.type = Value::Type::boolean;
            value.boolean = *typed;
        } else if constexpr (toml::is_date<Node>) {
            value.type = Value::Type::date;
            value.text = iso_date(*typed);
        } else {
            value.type = Value::Type::other_time;
        }
    });
    return value;
}

/// Line of the first byte that is not UTF-8; a character may be cut at the end of a line only by another encoding.
std::uint32_t first_line_not_utf8(std::string_view text) {
    std::uint32_t line = 1;
    for (std::size_t begin = 0; begin < text.size(); ++line) {
        const std::size_t end = std::min(text.find('\n', begin), text.size());
        if (!geo::is_utf8(text.substr(begin, end - begin)))
            return line;
        begin = end + 1;
    }
    return line;
}

void require_utf8(const std::string& text, const File& file) {
    using namespace std::string_view_literals;
    if (text.starts_with("\xFF\xFE"sv) || text.starts_with("\xFE\xFF"sv))
        fail({file, 1}, "bad-toml", "the file is UTF-16; save it as UTF-8", "文件是 UTF-16 编码，请另存为 UTF-8");
    if (!geo::is_utf8(text))
        fail({file, first_line_not_utf8(text)}, "bad-toml",
             "the file is not UTF-8, most likely GBK or GB18030 (ANSI); save it as UTF-8",
             "文件不是 UTF-8 编码，很可能是 GBK/GB18030（ANSI），请另存为 UTF-8");
}

} // namespace

std::string Place::to_string() const {
    return fmt::format("{}:{}", *file, line);
}

const Entry* Value::find(const std::string& key) const {
    const auto found = std::find_if(entries.begin(), entries.end(), [&](const Entry& e) { return e.key == key; });
    return found == entries.end() ? nullptr : &*found;
}

Value parse_document(const std::string& text, const std::string& file) {
    const auto name = std::make_shared<const std::string>(file);
    require_utf8(text, name);
    try {
        return value_of(toml::parse(text), name);
    } catch (const toml::parse_error& error) {
        const std::string reason(error.description());
        fail({name, error.source().begin.line}, "bad-toml",
             fmt::format("not valid TOML, column {}: {}", error.source().begin.column, reason),
             fmt::format("TOML 语法错误（第 {} 列）：{}", error.source().begin.column, reason));
    }
}

void fail(const Place& place, const std::string& code, const std::string& en, const std::string& zh) {
    throw Error(ErrorKind::usage, code,
                {fmt::format("{}: {}", place.to_string(), en), fmt::format("{}：{}", place.to_string(), zh)});
}

} // namespace corebelt::project
