#include "postgres_catalog.hpp"

#include "gdal_errors.hpp"

#include <fmt/format.h>
#include <ogrsf_frmts.h>

#include <optional>
#include <string_view>

namespace corebelt::layers {

namespace {

/// numeric(p,s) keeps p << 16 | s, plus 4, in its type modifier; -1 where it has none.
bool fits_double(int modifier) {
    constexpr int largest_precision = 300;
    const int packed = modifier - 4;
    return packed >= 0 && (packed >> 16) <= largest_precision && (packed & 0x7ff) <= largest_precision;
}

std::optional<PostgresKind> kind_of(std::string_view type, int modifier, bool deterministic, bool utf8) {
    if (type == "int2" || type == "int4" || type == "int8")
        return PostgresKind::integer;
    if (type == "bool")
        return PostgresKind::boolean;
    if (type == "float8" || type == "float4")
        return PostgresKind::real;
    if (type == "numeric" && fits_double(modifier))
        return PostgresKind::decimal;
    // bpchar is handed out padded but compared without its padding; the rest compares by rules of its own.
    if ((type == "text" || type == "varchar") && utf8)
        return deterministic ? PostgresKind::text : PostgresKind::collated_text;
    return std::nullopt;
}

} // namespace

PostgresTable postgres_table(GDALDataset& dataset, const std::string& layer) {
    const GdalErrors quiet; // an older server, or no right to look: then nothing is known
    const std::string name = postgres_literal(layer);
    const std::string plain = postgres_literal(layer.substr(0, layer.rfind('(')));
    const std::string sql = fmt::format(
        "SELECT r.oid::text, a.attname::text, t.typname::text, a.atttypmod, "
        "COALESCE(c.collisdeterministic, true)::int4, "
        "(pg_encoding_to_char(d.encoding) = 'UTF8')::int4, "
        "CASE WHEN r.relkind IN ('r', 'm', 'p') THEN pg_table_size(r.oid) ELSE 0 END "
        "FROM pg_catalog.pg_class r JOIN pg_catalog.pg_namespace s ON s.oid = r.relnamespace "
        "JOIN pg_catalog.pg_database d ON d.datname = current_database() "
        "JOIN pg_catalog.pg_attribute a ON a.attrelid = r.oid AND a.attnum > 0 AND NOT a.attisdropped "
        "JOIN pg_catalog.pg_type t ON t.oid = a.atttypid AND t.typnamespace = 'pg_catalog'::regnamespace "
        "LEFT JOIN pg_catalog.pg_collation c ON c.oid = a.attcollation "
        "WHERE r.relkind IN ('r', 'v', 'm', 'f', 'p') AND "
        "(s.nspname || '.' || r.relname IN ({0}, {1}) OR (r.relname IN ({0}, {1}) AND s.nspname = current_schema())) "
        "ORDER BY 1",
        name, plain);
    OGRLayer* result = dataset.ExecuteSQL(sql.c_str(), nullptr, nullptr);
    if (result == nullptr)
        return {};
    PostgresTable table;
    std::string first_relation;
    bool ambiguous = false;
    for (const auto& row : *result) {
        const std::string relation = row->GetFieldAsString(0);
        if (first_relation.empty())
            first_relation = relation;
        ambiguous = ambiguous || relation != first_relation;
        if (const auto kind = kind_of(row->GetFieldAsString(2), row->GetFieldAsInteger(3),
                                      row->GetFieldAsInteger(4) != 0, row->GetFieldAsInteger(5) != 0))
            table.columns.emplace(row->GetFieldAsString(1), *kind);
        table.bytes = static_cast<std::uint64_t>(row->GetFieldAsInteger64(6));
    }
    dataset.ReleaseResultSet(result);
    return ambiguous || quiet.failed() ? PostgresTable{} : table;
}

std::string postgres_literal(const std::string& text) {
    std::string literal = "E'";
    for (const char c : text) {
        if (c == '\'' || c == '\\')
            literal += c;
        literal += c;
    }
    return literal + "'";
}

std::string postgres_name(const std::string& name) {
    std::string quoted = "\"";
    for (const char c : name) {
        if (c == '"')
            quoted += c;
        quoted += c;
    }
    return quoted + "\"";
}

} // namespace corebelt::layers
