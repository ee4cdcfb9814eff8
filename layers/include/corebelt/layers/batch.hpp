#pragma once
/// A run of features: geometry and attributes in columns.

#include "corebelt/geo/shapes.hpp"
#include "corebelt/layers/value.hpp"

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace corebelt::layers {

enum class FieldType { integer, real, text, date };

struct Field {
    std::string name;
    FieldType type = FieldType::text;
};

/// One attribute of many features. Only the vector of its type is filled; texts and dates are dictionary-encoded.
struct Column {
    Field field;
    std::vector<std::uint8_t> valid; ///< 1 where there is a value
    std::vector<std::int64_t> integers;
    std::vector<double> reals;
    std::vector<std::uint32_t> code;     ///< index into dictionary
    std::vector<std::string> dictionary; ///< in order of first appearance

    [[nodiscard]] Value value(std::size_t row) const;
    void push_back(const Value& value); ///< for tests and small tables; value must fit the type or be null
};

/// Up to a few thousand features of one layer.
struct Batch {
    geo::Shapes shapes;
    std::vector<std::int64_t> fid;
    std::vector<Column> columns;

    [[nodiscard]] std::size_t size() const { return fid.size(); }
    [[nodiscard]] const Column* find(std::string_view field) const; ///< null where absent; exact name
    void append(const Batch& other);                                ///< same columns, in the same order
    void clear();
};

} // namespace corebelt::layers
