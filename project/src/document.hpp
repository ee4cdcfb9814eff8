#pragma once
/// A TOML file as values with their places; the parser itself stays in document.cpp.

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

namespace corebelt::project {

/// Where a key or a value stands: "plan.toml:12".
struct Place {
    std::shared_ptr<const std::string> file;
    std::uint32_t line = 0;

    [[nodiscard]] std::string to_string() const;
};

struct Entry;

struct Value {
    enum class Type { boolean, integer, real, text, date, other_time, array, table };
    Type type = Type::table;
    bool boolean = false;
    std::int64_t integer = 0;
    double real = 0;            ///< of integers too
    std::string text;           ///< text; ISO form of a date
    std::vector<Value> items;   ///< array
    std::vector<Entry> entries; ///< table, in file order
    Place place;

    [[nodiscard]] const Entry* find(const std::string& key) const; ///< null where absent or no table
};

struct Entry {
    std::string key;
    Place place; ///< of the key
    Value value;
};

/// Parses a TOML text; `file` names it in messages.
/// @throws Error{usage, "bad-toml"}: line, column and the parser's reason; or that the text is not UTF-8 and what it
///         probably is.
[[nodiscard]] Value parse_document(const std::string& text, const std::string& file);

/// @throws Error{usage, code} whose text begins with the place.
[[noreturn]] void fail(const Place& place, const std::string& code, const std::string& en, const std::string& zh);

} // namespace corebelt::project
