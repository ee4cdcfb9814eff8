#pragma once
/// Reads one table of the project file strictly: known keys only, right types, no empty texts.

#include "document.hpp"

#include "corebelt/geo/text.hpp"

#include <optional>
#include <string>
#include <vector>

namespace corebelt::project {

/// Errors are Error{usage}: "unknown-key", "wrong-type", "missing-key", "bad-value", each with file and line.
class TableReader {
public:
    /// @param name  what messages call the table: "[layers.zones]", "rule “red-line”".
    /// @throws "wrong-type" where the value is no table, "unknown-key" naming the nearest known key.
    TableReader(const Value& table, Text name, std::vector<std::string> known);

    [[nodiscard]] const Text& name() const { return name_; }
    [[nodiscard]] const Value* find(const std::string& key) const; ///< null where absent
    [[nodiscard]] bool has(const std::string& key) const { return find(key) != nullptr; }
    [[nodiscard]] const Value& require(const std::string& key) const;
    [[nodiscard]] Place place(const std::string& key) const; ///< of the key, of the table where absent

    [[nodiscard]] std::string text(const std::string& key) const; ///< required
    [[nodiscard]] std::string text_or_empty(const std::string& key) const;
    /// One of `allowed`; the fallback where absent.
    [[nodiscard]] std::string choice(const std::string& key, const std::vector<std::string>& allowed,
                                     const std::string& fallback) const;
    [[nodiscard]] bool flag_or_false(const std::string& key) const;
    [[nodiscard]] std::optional<double> number(const std::string& key) const; ///< finite
    [[nodiscard]] std::optional<double> number_not_negative(const std::string& key) const;
    [[nodiscard]] std::optional<std::int64_t> count(const std::string& key) const; ///< integer ≥ 0
    [[nodiscard]] std::string date_or_empty(const std::string& key) const;         ///< ISO
    [[nodiscard]] std::vector<std::string> texts(const std::string& key) const;    ///< empty where absent

    [[noreturn]] void bad_value(const std::string& key, const std::string& en, const std::string& zh) const;
    [[noreturn]] void missing(const std::string& key, const std::string& en = "", const std::string& zh = "") const;

private:
    [[nodiscard]] const Value* find_typed(const std::string& key, Value::Type type) const;

    const Value& table_;
    Text name_;
};

/// "text", "文本" …
[[nodiscard]] Text name_of(Value::Type type);

/// @throws "wrong-type" where the value has another type.
void require_type(const Value& value, Value::Type type, const Text& table, const std::string& key);

/// What a text that should be one of several names is answered with.
struct NotOneOf {
    std::string en, zh;
};
[[nodiscard]] NotOneOf not_one_of(const std::string& value, const std::vector<std::string>& allowed);

} // namespace corebelt::project
