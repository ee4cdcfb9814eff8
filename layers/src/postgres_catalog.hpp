#pragma once
/// What PostgreSQL's catalogue says of a table beyond what GDAL hands on.

#include <gdal_priv.h>

#include <cstdint>
#include <map>
#include <string>

namespace corebelt::layers {

/// Column types whose comparisons on the server are known to be ours.
enum class PostgresKind {
    integer,      ///< int2, int4, int8
    boolean,      ///< handed out as 0 and 1
    real,         ///< float8, float4
    decimal,      ///< numeric(p,s) that fits into a double's range
    text,         ///< text, varchar, equal only where the bytes are
    collated_text ///< text, varchar of a collation that calls different bytes equal
};

struct PostgresTable {
    std::map<std::string, PostgresKind> columns; ///< those of the kinds above
    std::uint64_t bytes = 0;                     ///< on the server's disk without indexes; 0 for views
};

/// `layer` as GDAL calls it: "table", "schema.table", "table(geometry column)". Without columns where the server does
/// not tell, or where the name could mean two tables. @pre No result of the dataset is being read.
[[nodiscard]] PostgresTable postgres_table(GDALDataset& dataset, const std::string& layer);

/// A text as a literal that does not depend on the server's settings.
[[nodiscard]] std::string postgres_literal(const std::string& text);
/// A name in double quotes.
[[nodiscard]] std::string postgres_name(const std::string& name);

} // namespace corebelt::layers
