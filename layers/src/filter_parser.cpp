#include "filter_lexer.hpp"
#include "filter_node.hpp"

#include "corebelt/geo/error.hpp"
#include "corebelt/geo/nearest_name.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cstddef>
#include <string_view>
#include <utility>

namespace corebelt::layers {

namespace {

using Kind = FilterToken::Kind;
using Node = Filter::Node;
using NodePtr = std::unique_ptr<Node>;

/// Parentheses and NOTs inside each other; deeper ones are no filter a person wrote.
constexpr int deepest = 100;

constexpr std::array<std::string_view, 7> keywords = {"AND", "OR", "NOT", "IN", "LIKE", "BETWEEN", "IS"};
constexpr std::array<std::string_view, 3> values_of_other_kinds = {"NULL", "TRUE", "FALSE"};

bool is_keyword(const FilterToken& token) {
    return token.kind == Kind::name && std::any_of(keywords.begin(), keywords.end(), [&](std::string_view keyword) {
               return same_word(token.value, keyword);
           });
}

bool is_iso_date(std::string_view text) {
    constexpr std::string_view shape = "0000-00-00";
    if (text.size() < shape.size())
        return false;
    for (std::size_t i = 0; i < shape.size(); ++i)
        if (shape[i] == '-' ? text[i] != '-' : (text[i] < '0' || text[i] > '9'))
            return false;
    return text.size() == shape.size() || text[shape.size()] == 'T' || text[shape.size()] == ' ';
}

/// A field or a literal, with its place.
struct Operand {
    bool is_field = false;
    bool is_date_literal = false; ///< DATE('…'), TIMESTAMP('…')
    FilterToken token;
};

class Parser {
public:
    /// `fields` null: names and types are not known, and not checked.
    Parser(const std::string& text, const std::vector<Field>* fields)
        : text_(text), fields_(fields), tokens_(filter_tokens(text)) {}

    NodePtr run() {
        if (peek().kind == Kind::end)
            fail(peek(), "the filter is empty", "筛选条件为空");
        NodePtr root = disjunction();
        if (is_symbol(")"))
            fail(peek(), "this ) closes nothing", "此处的右括号没有配对");
        if (peek().kind != Kind::end)
            fail(peek(), fmt::format("expected AND, OR or the end, found {}", shown(peek())),
                 fmt::format("此处应为 AND、OR 或条件结尾，实际为 {}", shown_zh(peek())));
        return root;
    }

    [[nodiscard]] const std::vector<std::string>& used() const { return used_; }
    [[nodiscard]] const std::vector<FilterToken>& tokens_of_fields() const { return field_tokens_; }

private:
    [[nodiscard]] const FilterToken& peek() const { return tokens_[at_]; }
    FilterToken take() { return tokens_[at_ + 1 < tokens_.size() ? at_++ : at_]; }
    [[nodiscard]] bool is_word(std::string_view word) const {
        return peek().kind == Kind::name && same_word(peek().value, word);
    }
    [[nodiscard]] bool is_symbol(std::string_view symbol) const {
        return peek().kind == Kind::symbol && peek().value == symbol;
    }
    bool take_word(std::string_view word) {
        const bool found = is_word(word);
        if (found)
            take();
        return found;
    }
    bool take_symbol(std::string_view symbol) {
        const bool found = is_symbol(symbol);
        if (found)
            take();
        return found;
    }

    [[noreturn]] void fail(const FilterToken& at, const std::string& en, const std::string& zh) const {
        filter_error(text_, at.begin, en, zh);
    }
    [[nodiscard]] std::string shown(const FilterToken& token) const {
        return token.kind == Kind::end ? "the end" : text_.substr(token.begin, token.end - token.begin);
    }
    [[nodiscard]] std::string shown_zh(const FilterToken& token) const {
        return token.kind == Kind::end ? "条件结尾" : text_.substr(token.begin, token.end - token.begin);
    }
    void expect_symbol(std::string_view symbol) {
        if (!take_symbol(symbol))
            fail(peek(), fmt::format("expected {}, found {}", symbol, shown(peek())),
                 fmt::format("此处应为 {}，实际为 {}", symbol, shown_zh(peek())));
    }

    NodePtr joined(Node::Kind kind, std::string_view word, NodePtr (Parser::*part)()) {
        NodePtr first = (this->*part)();
        if (!is_word(word))
            return first;
        auto node = std::make_unique<Node>();
        node->kind = kind;
        node->children.push_back(std::move(first));
        while (take_word(word))
            node->children.push_back((this->*part)());
        return node;
    }
    NodePtr disjunction() { return joined(Node::Kind::or_, "OR", &Parser::conjunction); }
    NodePtr conjunction() { return joined(Node::Kind::and_, "AND", &Parser::factor); }

    NodePtr factor() {
        const FilterToken start = peek();
        if (++depth_ > deepest)
            fail(start, fmt::format("more than {} parentheses and NOTs inside each other", deepest),
                 fmt::format("括号与 NOT 嵌套超过 {} 层", deepest));
        NodePtr node;
        if (take_word("NOT")) {
            node = negation(factor());
        } else if (take_symbol("(")) {
            node = disjunction();
            if (!take_symbol(")"))
                fail(peek(),
                     fmt::format("expected ) for the ( at character {}, found {}", filter_place(text_, start.begin),
                                 shown(peek())),
                     fmt::format("缺少与左括号配对的右括号，实际为 {}", shown_zh(peek())));
        } else {
            node = predicate();
        }
        --depth_;
        return node;
    }

    static NodePtr negation(NodePtr child) {
        auto node = std::make_unique<Node>();
        node->kind = Node::Kind::not_;
        node->children.push_back(std::move(child));
        return node;
    }

    NodePtr predicate() {
        const Operand left = operand("a field, a value or (", "字段、取值或左括号");
        if (const auto comparison = take_comparison()) {
            const Operand right = operand("a value or a field", "取值或字段");
            return compare(left, *comparison, right);
        }
        if (take_word("IS")) {
            const bool without = take_word("NOT");
            if (!take_word("NULL"))
                fail(peek(), fmt::format("expected NULL after IS, found {}", shown(peek())),
                     fmt::format("IS 之后应为 NULL，实际为 {}", shown_zh(peek())));
            auto node = field_node(Node::Kind::is_null, left);
            return without ? negation(std::move(node)) : std::move(node);
        }
        const bool without = take_word("NOT");
        NodePtr node;
        if (take_word("IN"))
            node = in_list(left);
        else if (take_word("LIKE"))
            node = like(left);
        else if (take_word("BETWEEN"))
            node = between(left);
        else if (without)
            fail(peek(), fmt::format("expected IN, LIKE or BETWEEN after NOT, found {}", shown(peek())),
                 fmt::format("NOT 之后应为 IN、LIKE 或 BETWEEN，实际为 {}", shown_zh(peek())));
        else
            fail(peek(),
                 fmt::format("expected = <> < <= > >= IN LIKE BETWEEN or IS after {}, found {}", shown(left.token),
                             shown(peek())),
                 fmt::format("{} 之后应为 = <> < <= > >= IN LIKE BETWEEN 或 IS，实际为 {}", shown_zh(left.token),
                             shown_zh(peek())));
        return without ? negation(std::move(node)) : std::move(node);
    }

    std::optional<Comparison> take_comparison() {
        constexpr std::array<std::pair<std::string_view, Comparison>, 6> all = {{{"=", Comparison::equal},
                                                                                 {"<>", Comparison::not_equal},
                                                                                 {"<", Comparison::less},
                                                                                 {"<=", Comparison::at_most},
                                                                                 {">", Comparison::greater},
                                                                                 {">=", Comparison::at_least}}};
        for (const auto& [symbol, comparison] : all)
            if (take_symbol(symbol))
                return comparison;
        return std::nullopt;
    }

    Operand operand(std::string_view en, std::string_view zh) {
        const FilterToken& token = peek();
        const bool is_name = (token.kind == Kind::name && !is_keyword(token)) || token.kind == Kind::quoted_name;
        const bool is_value = token.kind == Kind::text || token.kind == Kind::integer || token.kind == Kind::real;
        if (!is_name && !is_value)
            fail(token, fmt::format("expected {}, found {}", en, shown(token)),
                 fmt::format("此处应为{}，实际为 {}", zh, shown_zh(token)));
        if (is_value)
            return {false, false, take()};
        const bool followed_by_call = tokens_[at_ + 1].kind == Kind::symbol && tokens_[at_ + 1].value == "(";
        if (token.kind == Kind::name && followed_by_call)
            return call();
        if (token.kind == Kind::name)
            refuse_value_words(token);
        note_field(token);
        return {true, false, take()};
    }

    void refuse_value_words(const FilterToken& token) const {
        for (const std::string_view word : values_of_other_kinds)
            if (same_word(token.value, word))
                fail(token,
                     word == "NULL" ? "nothing equals NULL; write IS NULL or IS NOT NULL"
                                    : "true and false are written 1 and 0",
                     word == "NULL" ? "NULL 不能参与比较，请写 IS NULL 或 IS NOT NULL" : "布尔值请写 1 或 0");
    }

    /// DATE('2026-11-22') and TIMESTAMP('2026-11-22T08:00:00Z').
    Operand call() {
        const FilterToken name = take();
        if (!same_word(name.value, "DATE") && !same_word(name.value, "TIMESTAMP"))
            fail(name, fmt::format("functions are not part of the filter: {}", name.value),
                 fmt::format("筛选条件不支持函数 {}", name.value));
        take();
        const FilterToken value = take();
        if (value.kind != Kind::text || !is_iso_date(value.value))
            fail(value, fmt::format("expected a date such as '2026-11-22', found {}", shown(value)),
                 fmt::format("此处应为形如 '2026-11-22' 的日期，实际为 {}", shown_zh(value)));
        expect_symbol(")");
        return {false, true, value};
    }

    void note_field(const FilterToken& token) {
        field_tokens_.push_back(token);
        if (fields_ != nullptr && find(token.value) == nullptr)
            unknown_field(token);
        if (std::find(used_.begin(), used_.end(), token.value) == used_.end())
            used_.push_back(token.value);
    }

    [[nodiscard]] const Field* find(const std::string& name) const {
        for (const Field& field : *fields_)
            if (field.name == name)
                return &field;
        return nullptr;
    }

    [[noreturn]] void unknown_field(const FilterToken& token) const {
        std::vector<std::string> names;
        for (const Field& field : *fields_)
            names.push_back(field.name);
        const auto nearest = geo::nearest_name(token.value, names);
        std::string en = fmt::format("no field {} (filter: {})", token.value, text_);
        std::string zh = fmt::format("没有字段 {}（条件原文：{}）", token.value, text_);
        if (nearest) {
            en += fmt::format("; the nearest is {}", *nearest);
            zh += fmt::format("，最接近的是 {}", *nearest);
        } else {
            en += "; the layer has no attribute fields";
            zh += "，该图层没有属性字段";
        }
        if (token.kind == Kind::quoted_name) {
            en += "; double quotes hold fields, text stands in single quotes";
            zh += "；双引号表示字段，文本请用单引号";
        }
        throw Error(ErrorKind::usage, "unknown-field", {std::move(en), std::move(zh)});
    }

    NodePtr field_node(Node::Kind kind, const Operand& operand) const {
        if (!operand.is_field)
            fail(operand.token, fmt::format("expected a field here, found the value {}", shown(operand.token)),
                 fmt::format("此处应为字段，实际为取值 {}", shown_zh(operand.token)));
        auto node = std::make_unique<Node>();
        node->kind = kind;
        node->field = operand.token.value;
        if (fields_ != nullptr)
            node->type = find(operand.token.value)->type;
        return node;
    }

    NodePtr compare(const Operand& left, Comparison comparison, const Operand& right) const {
        if (!left.is_field && !right.is_field)
            fail(left.token, "one side of a comparison must be a field", "比较的一侧必须是字段");
        if (!left.is_field)
            return compare(right, mirrored(comparison), left);
        NodePtr node = field_node(right.is_field ? Node::Kind::compare_fields : Node::Kind::compare, left);
        node->comparison = comparison;
        if (!right.is_field) {
            node->literals.push_back(literal(*node, right));
            return node;
        }
        node->other_field = right.token.value;
        if (fields_ != nullptr)
            require_comparable(*node, right.token, find(right.token.value)->type);
        return node;
    }

    static bool is_number(FieldType type) { return type == FieldType::integer || type == FieldType::real; }

    void require_comparable(const Node& node, const FilterToken& other, FieldType other_type) const {
        if (is_number(node.type) == is_number(other_type) &&
            (node.type == FieldType::date) == (other_type == FieldType::date))
            return;
        fail(other, fmt::format("fields {} and {} hold different kinds of values", node.field, other.value),
             fmt::format("字段 {} 与 {} 的类型不同，不能比较", node.field, other.value));
    }

    /// The literal as the field's kind needs it; a text for a number is never guessed.
    Literal literal(const Node& node, const Operand& operand) const {
        const FilterToken& token = operand.token;
        if (operand.is_field)
            fail(token, fmt::format("expected a value here, found the field {}", token.value),
                 fmt::format("此处应为取值，实际为字段 {}", token.value));
        const bool is_text = token.kind == Kind::text;
        if (fields_ != nullptr)
            require_fit(node, operand);
        if (is_text)
            return token.value;
        if (token.kind == Kind::integer)
            return token.integer;
        return token.real;
    }

    void require_fit(const Node& node, const Operand& operand) const {
        const FilterToken& token = operand.token;
        const bool is_text = token.kind == Kind::text;
        if (is_number(node.type) && is_text)
            fail(token,
                 fmt::format("field {} holds numbers, {} is a text; write the number without quotes", node.field,
                             shown(token)),
                 fmt::format("字段 {} 是数值，而 {} 是文本；数值请不要加引号", node.field, shown_zh(token)));
        if (!is_number(node.type) && !is_text)
            fail(token,
                 fmt::format("field {} holds {}, {} is a number; write '{}'", node.field,
                             node.type == FieldType::date ? "dates" : "text", shown(token),
                             node.type == FieldType::date ? "2026-11-22" : shown(token)),
                 fmt::format("字段 {} 是{}，而 {} 是数值；请写作 '{}'", node.field,
                             node.type == FieldType::date ? "日期" : "文本", shown_zh(token),
                             node.type == FieldType::date ? "2026-11-22" : shown(token)));
        if (node.type == FieldType::date && !is_iso_date(token.value))
            fail(token, fmt::format("field {} holds dates; write them as '2026-11-22'", node.field),
                 fmt::format("字段 {} 是日期，请写作 '2026-11-22'", node.field));
        if (node.type == FieldType::text && operand.is_date_literal)
            fail(token, fmt::format("field {} holds text, not dates", node.field),
                 fmt::format("字段 {} 是文本，不是日期", node.field));
    }

    NodePtr in_list(const Operand& left) {
        NodePtr node = field_node(Node::Kind::in_list, left);
        expect_symbol("(");
        do
            node->literals.push_back(literal(*node, operand("a value", "取值")));
        while (take_symbol(","));
        expect_symbol(")");
        return node;
    }

    NodePtr like(const Operand& left) {
        NodePtr node = field_node(Node::Kind::like, left);
        const FilterToken pattern = peek();
        if (pattern.kind != Kind::text)
            fail(pattern, fmt::format("expected a pattern such as '10%' after LIKE, found {}", shown(pattern)),
                 fmt::format("LIKE 之后应为形如 '10%' 的模式，实际为 {}", shown_zh(pattern)));
        if (fields_ != nullptr && node->type != FieldType::text)
            fail(left.token, fmt::format("LIKE needs a text field, {} is none", node->field),
                 fmt::format("LIKE 只用于文本字段，{} 不是文本", node->field));
        node->literals.emplace_back(take().value);
        return node;
    }

    NodePtr between(const Operand& left) {
        NodePtr low = field_node(Node::Kind::compare, left);
        low->comparison = Comparison::at_least;
        low->literals.push_back(literal(*low, operand("a value", "取值")));
        if (!take_word("AND"))
            fail(peek(), fmt::format("expected AND between the two limits of BETWEEN, found {}", shown(peek())),
                 fmt::format("BETWEEN 的上下限之间应为 AND，实际为 {}", shown_zh(peek())));
        NodePtr high = field_node(Node::Kind::compare, left);
        high->comparison = Comparison::at_most;
        high->literals.push_back(literal(*high, operand("a value", "取值")));
        auto node = std::make_unique<Node>();
        node->kind = Node::Kind::and_;
        node->children.push_back(std::move(low));
        node->children.push_back(std::move(high));
        return node;
    }

    const std::string& text_;
    const std::vector<Field>* fields_;
    std::vector<FilterToken> tokens_;
    std::vector<FilterToken> field_tokens_;
    std::vector<std::string> used_;
    std::size_t at_ = 0;
    int depth_ = 0;
};

} // namespace

Filter Filter::parse(const std::string& text, const std::vector<Field>& fields) {
    Parser parser(text, &fields);
    Filter filter;
    filter.root_ = parser.run();
    filter.fields_ = parser.used();
    filter.ogr_sql_ = exact_ogr_sql(*filter.root_, fields);
    return filter;
}

std::vector<std::string> Filter::fields_of(const std::string& text) {
    Parser parser(text, nullptr);
    static_cast<void>(parser.run());
    return parser.used();
}

std::string Filter::rename_fields(const std::string& text, const std::map<std::string, std::string>& names) {
    Parser parser(text, nullptr);
    static_cast<void>(parser.run());
    std::string renamed;
    std::size_t copied = 0;
    for (const FilterToken& token : parser.tokens_of_fields()) {
        const auto found = names.find(token.value);
        if (found == names.end())
            continue;
        renamed += text.substr(copied, token.begin - copied);
        renamed += '"';
        for (const char c : found->second)
            renamed += c == '"' ? std::string("\"\"") : std::string(1, c);
        renamed += '"';
        copied = token.end;
    }
    return renamed + text.substr(copied);
}

} // namespace corebelt::layers
