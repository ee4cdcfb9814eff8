#pragma once
/// Expressions of a style: what a property is for a feature at a zoom.

#include "corebelt/layers/batch.hpp"
#include "corebelt/styles/colour.hpp"

#include <map>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <variant>
#include <vector>

namespace corebelt::styles {

/// Null, boolean, number, text, colour, list of numbers.
using StyleValue = std::variant<std::monostate, bool, double, std::string, Colour, std::vector<double>>;

/// What an expression may ask for.
struct StyleContext {
    double zoom = 0;                         ///< of the style: 512 pixels a tile, as MapLibre counts
    const layers::Batch* features = nullptr; ///< null: no feature
    std::size_t row = 0;
};

/// An immutable tree; cheap to copy, safe from any thread.
///
/// Operators: literal, get, has, match, case, ==, !=, <, <=, >, >=, !, all, any, coalesce, to-string, concat, zoom,
/// interpolate (linear, over zoom), step (over zoom). `get` of a field that the layer does not have is null.
class Expression {
public:
    enum class Op {
        literal,
        get,
        has,
        match,
        case_,
        equal,
        not_equal,
        less,
        less_equal,
        greater,
        greater_equal,
        not_,
        all,
        any,
        coalesce,
        to_string,
        concat,
        zoom,
        interpolate,
        step
    };
    struct Node {
        Op op = Op::literal;
        StyleValue literal;                             ///< literal
        std::string field;                              ///< get, has
        std::vector<Node> arguments;                    ///< match: input, outputs …, fallback
        std::map<std::string, std::size_t> text_labels; ///< match: label → argument
        std::map<double, std::size_t> number_labels;    ///< match: label → argument
        std::vector<double> stops;                      ///< interpolate, step
    };

    explicit Expression(Node root) : root_(std::make_shared<const Node>(std::move(root))) {}
    explicit Expression(StyleValue value);

    [[nodiscard]] StyleValue evaluate(const StyleContext& context) const;
    /// True where the value depends on the feature and not on the zoom alone.
    [[nodiscard]] bool reads_feature() const;

private:
    std::shared_ptr<const Node> root_;
};

/// Operators by the names that the style specification gives them.
[[nodiscard]] const std::map<std::string, Expression::Op, std::less<>>& operators();

} // namespace corebelt::styles
