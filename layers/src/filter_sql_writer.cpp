#include "filter_sql_writer.hpp"

#include <fmt/format.h>

namespace corebelt::layers {

using Kind = Filter::Node::Kind;

std::optional<std::string> FilterSqlWriter::write(const Filter::Node& node, bool negative) const {
    switch (node.kind) {
    case Kind::not_:
        return write(*node.children.front(), !negative);
    case Kind::and_:
    case Kind::or_:
        return joined(node, negative);
    case Kind::compare:
        return one(node, negative ? negated(node.comparison) : node.comparison, node.literals.front());
    case Kind::in_list:
        return list(node, negative);
    case Kind::is_null:
        if (const auto name = field(node.field))
            return fmt::format("{} IS {}NULL", *name, negative ? "NOT " : "");
        return std::nullopt;
    case Kind::like:
        return like(node, negative);
    case Kind::compare_fields:
        break;
    }
    return std::nullopt;
}

std::optional<std::string> FilterSqlWriter::joined(const Filter::Node& node, bool negative) const {
    const bool conjunction = (node.kind == Kind::and_) != negative;
    const bool may_leave_out = conjunction && unsaid_ == Unsaid::left_out;
    std::string sql = "(";
    for (const auto& child : node.children) {
        const auto part = write(*child, negative);
        if (!part && !may_leave_out)
            return std::nullopt;
        if (part)
            sql += (sql.size() == 1 ? "" : conjunction ? " AND " : " OR ") + *part;
    }
    return sql.size() == 1 ? std::nullopt : std::optional(sql + ")");
}

std::optional<std::string> FilterSqlWriter::list(const Filter::Node& node, bool negative) const {
    std::string sql = "(";
    for (const Literal& literal : node.literals) {
        const auto part = one(node, negative ? Comparison::not_equal : Comparison::equal, literal);
        if (!part)
            return std::nullopt;
        sql += (sql.size() == 1 ? "" : negative ? " AND " : " OR ") + *part;
    }
    return sql + ")";
}

} // namespace corebelt::layers
