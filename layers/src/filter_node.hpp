#pragma once
/// The parsed form of a filter.

#include "corebelt/layers/filter.hpp"

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <variant>
#include <vector>

namespace corebelt::layers {

enum class Comparison { equal, not_equal, less, at_most, greater, at_least };

/// Text serves texts and dates: both compare by bytes.
using Literal = std::variant<std::int64_t, double, std::string>;

struct Filter::Node {
    enum class Kind { and_, or_, not_, compare, compare_fields, in_list, like, is_null };
    Kind kind = Kind::and_;
    Comparison comparison = Comparison::equal;         ///< compare, compare_fields
    std::string field;                                 ///< every kind but the first three
    FieldType type = FieldType::text;                  ///< of the field
    std::string other_field;                           ///< compare_fields
    std::vector<Literal> literals;                     ///< compare: one; in_list: any number; like: the pattern
    std::vector<std::unique_ptr<const Node>> children; ///< and, or: two or more; not: one
};

/// `x` where field < literal is what `literal > field` says.
[[nodiscard]] Comparison mirrored(Comparison comparison);
/// What NOT makes of a comparison where both sides are known.
[[nodiscard]] Comparison negated(Comparison comparison);
[[nodiscard]] const char* symbol_of(Comparison comparison);

/// OGR SQL that selects the same rows, none where a driver may read it differently.
[[nodiscard]] std::optional<std::string> exact_ogr_sql(const Filter::Node& node, const std::vector<Field>& fields);

} // namespace corebelt::layers
