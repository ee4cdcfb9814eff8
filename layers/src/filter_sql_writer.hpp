#pragma once
/// A filter written as SQL: the walk that every dialect shares. NOT is pushed down to the leaves first, so that
/// "unknown" and "false" need not be told apart.

#include "filter_node.hpp"

#include <optional>
#include <string>

namespace corebelt::layers {

class FilterSqlWriter {
public:
    virtual ~FilterSqlWriter() = default;
    /// A condition for the rows that the filter takes; none where the dialect cannot say it.
    [[nodiscard]] std::optional<std::string> write(const Filter::Node& node, bool negative = false) const;

protected:
    /// What becomes of an AND of which the dialect can say only a part.
    enum class Unsaid { refused, left_out };
    explicit FilterSqlWriter(Unsaid unsaid) : unsaid_(unsaid) {}

private:
    /// The field as the dialect writes it.
    [[nodiscard]] virtual std::optional<std::string> field(const std::string& name) const = 0;
    [[nodiscard]] virtual std::optional<std::string> one(const Filter::Node& node, Comparison comparison,
                                                         const Literal& literal) const = 0;
    [[nodiscard]] virtual std::optional<std::string> like(const Filter::Node& node, bool negative) const = 0;

    [[nodiscard]] std::optional<std::string> joined(const Filter::Node& node, bool negative) const;
    [[nodiscard]] std::optional<std::string> list(const Filter::Node& node, bool negative) const;

    Unsaid unsaid_;
};

} // namespace corebelt::layers
