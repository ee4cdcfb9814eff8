#pragma once
/// CQL2 Text, the subset = <> < <= > >= IN LIKE BETWEEN IS NULL AND OR NOT ( ).

#include "corebelt/layers/batch.hpp"

#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace corebelt::layers {

/// A parsed filter. Strings stand in single quotes, fields in double quotes or bare; LIKE is case-sensitive with
/// % and _. Null compares as unknown (three-valued logic); only rows that are true pass. Immutable.
class Filter {
  public:
    /// @throws Error{usage, "bad-filter"} with the place; Error{usage, "unknown-field"} naming the nearest field.
    [[nodiscard]] static Filter parse(const std::string& text, const std::vector<Field>& fields);

    /// One byte a row, 1 where the filter is true.
    void select(const Batch& batch, std::vector<std::uint8_t>& pass) const;
    /// Fields that the filter reads.
    [[nodiscard]] const std::vector<std::string>& fields() const;
    /// The same condition in OGR SQL where it means exactly the same there, else none.
    [[nodiscard]] std::optional<std::string> ogr_sql() const;

    struct Node;

  private:
    std::shared_ptr<const Node> root_;
    std::vector<std::string> fields_;
};

} // namespace corebelt::layers
