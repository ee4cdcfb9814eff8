#pragma once
/// CQL2 Text, the subset = <> < <= > >= IN LIKE BETWEEN IS NULL AND OR NOT ( ).

#include "corebelt/layers/batch.hpp"

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace corebelt::layers {

/// A parsed filter. Strings stand in single quotes ('' for a quote inside), fields in double quotes or bare; LIKE is
/// case-sensitive with % and _ (one character) and \ before a literal one. Numbers compare with numbers, texts with
/// texts by UTF-8 bytes, dates with 'YYYY-MM-DD' (or DATE('…'), TIMESTAMP('…')) by bytes; anything else is an error.
/// Null and NaN compare as unknown (three-valued logic); only rows that are true pass. Immutable.
class Filter {
public:
    /// @throws Error{usage, "bad-filter"} with the place; Error{usage, "unknown-field"} naming the nearest field.
    [[nodiscard]] static Filter parse(const std::string& text, const std::vector<Field>& fields);

    /// Fields that a filter names, in order of first appearance, where the layer is not open yet.
    /// @throws Error{usage, "bad-filter"} for what can be seen without knowing the fields' types.
    [[nodiscard]] static std::vector<std::string> fields_of(const std::string& text);
    /// The text with its fields renamed (rules' name → file's name); names that the map lacks stay.
    /// @throws Error{usage, "bad-filter"}.
    [[nodiscard]] static std::string rename_fields(const std::string& text,
                                                   const std::map<std::string, std::string>& names);

    /// One byte a row, 1 where the filter is true.
    /// @pre The batch has every field of fields(), with the type that parse() was given.
    void select(const Batch& batch, std::vector<std::uint8_t>& pass) const;
    /// Fields that the filter reads, in order of first appearance.
    [[nodiscard]] const std::vector<std::string>& fields() const { return fields_; }
    /// The same condition in OGR SQL where it means exactly the same on every driver, else none. What a driver lets
    /// through is still put to select(): rows with NaN are drivers' own business.
    [[nodiscard]] const std::optional<std::string>& ogr_sql() const { return ogr_sql_; }

    struct Node;
    /// The parsed form, for other ways to say the condition to a server.
    [[nodiscard]] const Node& root() const { return *root_; }

private:
    std::shared_ptr<const Node> root_;
    std::vector<std::string> fields_;
    std::optional<std::string> ogr_sql_;
};

} // namespace corebelt::layers
