/// Which filters mean the same in OGR SQL, in SQLite and in PostgreSQL, so that a driver may skip rows for us.
///
/// Taken: comparisons of numbers that no driver rounds, IS NULL, and equality of texts made of digits and a few
/// signs. Left out, and why: equality of texts with letters (OGR's own evaluator ignores case); < and > on texts
/// (databases collate); <> on texts (padded columns); LIKE (ignores case on some drivers); dates (OGR parses them,
/// SQLite does not); decimals that are not exact in binary (readers of decimals differ in the last bit).

#include "filter_lexer.hpp"
#include "filter_node.hpp"
#include "filter_sql_writer.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdlib>
#include <string_view>

namespace corebelt::layers {

namespace {

/// Names that OGR SQL reads as something else than a field.
constexpr std::array<std::string_view, 5> special_fields = {"FID", "OGR_GEOMETRY", "OGR_STYLE", "OGR_GEOM_WKT",
                                                            "OGR_GEOM_AREA"};

std::optional<std::string> field_sql(const std::string& name, const std::vector<Field>& fields) {
    if (name.empty() || name.find_first_of("\"\\") != std::string::npos)
        return std::nullopt;
    for (const std::string_view special : special_fields)
        if (same_word(name, special))
            return std::nullopt;
    const auto alike =
        std::count_if(fields.begin(), fields.end(), [&](const Field& field) { return same_word(field.name, name); });
    if (alike != 1) // OGR finds fields without regard to case
        return std::nullopt;
    return fmt::format("\"{}\"", name);
}

std::optional<std::string> integer_sql(std::int64_t value) {
    constexpr std::int64_t exact_in_doubles = std::int64_t{1} << 53U;
    if (value < -exact_in_doubles || value > exact_in_doubles)
        return std::nullopt;
    return std::to_string(value);
}

/// A literal that every reader turns into the same number.
std::optional<std::string> number_sql(const Literal& literal, FieldType type) {
    if (const auto* integer = std::get_if<std::int64_t>(&literal))
        return integer_sql(*integer);
    const double value = std::get<double>(literal);
    const double eighths = value * 8;
    if (type == FieldType::integer || std::abs(value) > 1e9 || eighths != std::trunc(eighths))
        return std::nullopt;
    return fmt::format("{:.3f}", value);
}

std::optional<std::string> text_sql(const std::string& text) {
    const bool plain = !text.empty() && std::all_of(text.begin(), text.end(), [](char c) {
        return (c >= '0' && c <= '9') || c == '-' || c == '.' || c == '_';
    });
    return plain ? std::optional(fmt::format("'{}'", text)) : std::nullopt;
}

class Writer final : public FilterSqlWriter {
public:
    explicit Writer(const std::vector<Field>& fields) : FilterSqlWriter(Unsaid::refused), fields_(fields) {}

private:
    [[nodiscard]] std::optional<std::string> field(const std::string& name) const override {
        return field_sql(name, fields_);
    }
    [[nodiscard]] std::optional<std::string> like(const Filter::Node& /*node*/, bool /*negative*/) const override {
        return std::nullopt;
    }

    [[nodiscard]] std::optional<std::string> one(const Filter::Node& node, Comparison comparison,
                                                 const Literal& literal) const override {
        std::optional<std::string> value;
        if (node.type == FieldType::integer || node.type == FieldType::real)
            value = number_sql(literal, node.type);
        else if (node.type == FieldType::text && comparison == Comparison::equal)
            value = text_sql(std::get<std::string>(literal));
        const auto name = field(node.field);
        if (!value || !name)
            return std::nullopt;
        return fmt::format("{} {} {}", *name, symbol_of(comparison), *value);
    }

    const std::vector<Field>& fields_;
};

} // namespace

std::optional<std::string> exact_ogr_sql(const Filter::Node& node, const std::vector<Field>& fields) {
    return Writer(fields).write(node);
}

} // namespace corebelt::layers
