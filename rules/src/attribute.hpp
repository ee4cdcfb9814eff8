#pragma once
/// Attributes as keys: rows grouped by field values that keep their type.

#include "corebelt/layers/batch.hpp"
#include "corebelt/layers/source.hpp"

#include <string>
#include <vector>

namespace corebelt::rules {

/// A field's column. @throws Error{usage, "unknown-field"} naming layer and fields where it is absent.
[[nodiscard]] const layers::Column& column_of(const layers::Batch& batch, const std::string& field,
                                              const layers::LayerInfo& info);

/// Key of a row: the column's value, or the FID where `column` is null. A number that is none (nan) is null.
[[nodiscard]] layers::Value key_of(const layers::Batch& batch, const layers::Column* column, std::size_t row);

struct ValueLess {
    bool operator()(const layers::Value& a, const layers::Value& b) const { return layers::value_less(a, b); }
    bool operator()(const std::vector<layers::Value>& a, const std::vector<layers::Value>& b) const;
};

/// As messages show a value: (空值) and (null) stand for null.
[[nodiscard]] std::string shown(const layers::Value& value, bool chinese);

} // namespace corebelt::rules
