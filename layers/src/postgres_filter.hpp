#pragma once
/// A filter as a condition for PostgreSQL.

#include "filter_node.hpp"
#include "postgres_catalog.hpp"

#include <optional>
#include <string>

namespace corebelt::layers {

/// A condition that lets through every row that the filter selects, and no other where all of it could be said in SQL:
/// of an AND the parts that mean the same on the server, of an OR all parts or nothing. None where nothing can be said.
/// Rows with NaN may come through besides: PostgreSQL orders NaN above every number.
///
/// Texts are equal where their bytes are; they are ordered, and matched by LIKE, under COLLATE "C", which compares
/// bytes too. Numbers are compared as the doubles that are handed out. Not said: dates (infinity, years beyond 9999),
/// char(n) (its padding), types that are only handed out as texts (uuid, json, …), two columns with one another.
[[nodiscard]] std::optional<std::string> postgres_condition(const Filter::Node& node, const PostgresTable& table);

} // namespace corebelt::layers
