#include "rule_reader.hpp"

#include "selection_reader.hpp"
#include "table_reader.hpp"

#include "corebelt/geo/nearest_name.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <set>
#include <utility>

namespace corebelt::project {

namespace {

const std::vector<std::string> common_keys = {"id",       "kind",       "subject",  "where",     "per",
                                              "title",    "clause",     "source",   "edition",   "binding",
                                              "verified", "valid_from", "valid_to", "tolerance", "override_reason"};

Text title_of(const std::string& id) {
    return {fmt::format("rule \"{}\"", id), fmt::format("规则“{}”", id)};
}

/// Reads the keys of one rule; each kind has a function for its own.
class RuleReader {
public:
    RuleReader(const TableReader& table, const Project* project) : table_(table), project_(project) {}

    [[nodiscard]] RuleKind share() const {
        ShareRule rule;
        rule.of = optional_selection(table_, "of");
        rule.in = optional_selection(table_, "in");
        rule.min = ratio("min");
        rule.max = ratio("max");
        require_limits(rule.min, rule.max);
        if (const Value* const readings = table_.find("readings"))
            read_readings(*readings, rule);
        if (rule.of.has_value() == !rule.readings.empty())
            table_.missing("of", rule.of ? ": either of or readings, not both" : ", or readings",
                           rule.of ? "：of 与 readings 只能写一个" : "，或 readings");
        if (rule.in && !rule.readings.empty())
            table_.bad_value("in", "each reading states its own in", "有 readings 时，请在每个口径内分别写 in");
        return rule;
    }

    [[nodiscard]] RuleKind no_overlap() const {
        NoOverlapRule rule;
        rule.object = selection("object");
        rule.max_m2 = table_.number_not_negative("max_m2").value_or(0);
        rule.counting =
            table_.choice("counting", {"union", "each"}, "union") == "union" ? Counting::union_ : Counting::each;
        return rule;
    }

    [[nodiscard]] RuleKind within() const {
        WithinRule rule;
        rule.object = selection("object");
        rule.max_outside_m2 = table_.number_not_negative("max_outside_m2").value_or(0);
        return rule;
    }

    [[nodiscard]] RuleKind area_match() const {
        AreaMatchRule rule;
        read_declared(rule);
        rule.unit = table_.choice("unit", {"m2", "ha", "km2", "mu"}, "m2");
        rule.max_abs_m2 = table_.number_not_negative("max_abs_m2");
        rule.max_rel = ratio("max_rel");
        if (!rule.max_abs_m2 && !rule.max_rel)
            table_.missing("max_abs_m2", " or max_rel", " 或“max_rel”");
        return rule;
    }

    [[nodiscard]] RuleKind count() const {
        CountRule rule;
        rule.of = selection("of");
        rule.min = table_.count("min");
        rule.max = table_.count("max");
        require_limits(rule.min, rule.max);
        return rule;
    }

    [[nodiscard]] RuleKind adjacent() const { return adjacency(true); }
    [[nodiscard]] RuleKind not_adjacent() const { return adjacency(false); }

    [[nodiscard]] RuleKind distance() const {
        DistanceRule rule;
        rule.object = selection("object");
        rule.min_m = table_.number_not_negative("min_m");
        rule.max_m = table_.number_not_negative("max_m");
        rule.min_field = table_.text_or_empty("min_field");
        const int given = int{rule.min_m.has_value()} + int{rule.max_m.has_value()} + int{!rule.min_field.empty()};
        if (given != 1)
            table_.missing("min_m", ", or min_field, or max_m: exactly one of them",
                           "、“min_field”、“max_m”：三者必须且只能写一个");
        return rule;
    }

    [[nodiscard]] RuleKind structure() const {
        StructureRule rule;
        rule.max_part_gap_m = table_.number_not_negative("max_part_gap_m");
        if (project_ != nullptr && !project_->structure)
            table_.bad_value("kind", "the project has no [structure]", "项目文件没有 [structure]");
        return rule;
    }

    /// `subject`, with the rule's own `where`.
    [[nodiscard]] Subject subject() const {
        Subject subject;
        const bool is_structure = table_.text("kind") == "structure";
        if (is_structure && !table_.has("subject"))
            subject.layer = project_ != nullptr ? project_->structure->layer : "";
        else
            subject = selection("subject");
        const std::string where = table_.text_or_empty("where");
        if (where.empty())
            return subject;
        if (!subject.where.empty())
            table_.bad_value("where", "the subject has a where already; write one of them",
                             "subject 中已写 where，只能写一处");
        require_filter(where, table_.place("where"));
        subject.where = where;
        return subject;
    }

    [[nodiscard]] std::optional<Per> per() const {
        const std::string name = table_.choice("per", {"feature", "group", "all"}, "");
        if (name.empty())
            return std::nullopt;
        if (name == "group" && project_ != nullptr && !project_->structure)
            table_.bad_value("per", "groups need [structure]", "按组统计需要 [structure]");
        return name == "feature" ? Per::feature : name == "group" ? Per::group : Per::all;
    }

private:
    [[nodiscard]] Selection selection(const std::string& key) const {
        return read_selection(table_.require(key), key, table_.name(), project_);
    }
    [[nodiscard]] std::optional<Selection> optional_selection(const TableReader& table, const std::string& key) const {
        const Value* const value = table.find(key);
        if (value == nullptr)
            return std::nullopt;
        return read_selection(*value, key, table.name(), project_);
    }

    [[nodiscard]] std::optional<double> ratio(const std::string& key) const {
        const auto value = table_.number_not_negative(key);
        if (value && *value > 1)
            table_.bad_value(key, fmt::format("{} is no ratio from 0 to 1; 70 % is 0.70", *value),
                             fmt::format("{} 不是 0 到 1 之间的比例；70% 请写作 0.70", *value));
        return value;
    }

    template <typename T>
    void require_limits(const std::optional<T>& min, const std::optional<T>& max) const {
        if (!min && !max)
            table_.missing("min", " or max", " 或“max”");
        if (min && max && *min > *max)
            table_.bad_value("min", fmt::format("{} is above max, {}", *min, *max),
                             fmt::format("下限 {} 大于上限 {}", *min, *max));
    }

    void read_readings(const Value& value, ShareRule& rule) const {
        require_type(value, Value::Type::array, table_.name(), "readings");
        std::set<std::string> ids;
        for (const Value& item : value.items) {
            const Text name = {fmt::format("a reading of {}", table_.name().en),
                               fmt::format("{}的口径", table_.name().zh)};
            const TableReader table(item, name, {"id", "title", "of", "in"});
            Reading reading;
            reading.id = table.text("id");
            if (!ids.insert(reading.id).second)
                table.bad_value("id", fmt::format("\"{}\" is there twice", reading.id),
                                fmt::format("“{}”重复", reading.id));
            reading.title = table.text_or_empty("title");
            reading.of = read_selection(table.require("of"), "of", name, project_);
            reading.in = optional_selection(table, "in");
            rule.readings.push_back(std::move(reading));
        }
        if (rule.readings.empty())
            table_.bad_value("readings", "holds no reading", "没有列出任何口径");
    }

    void read_declared(AreaMatchRule& rule) const {
        const Value& declared = table_.require("declared");
        if (declared.type == Value::Type::text) {
            rule.declared_field = table_.text("declared");
            return;
        }
        if (declared.type != Value::Type::table)
            fail(declared.place, "wrong-type",
                 fmt::format("\"declared\" in {} must be a field name or a table of name = value, not {}",
                             table_.name().en, name_of(declared.type).en),
                 fmt::format("{}的“declared”应为字段名，或“名称 = 面积”的表，实际为{}", table_.name().zh,
                             name_of(declared.type).zh));
        for (const Entry& entry : declared.entries) {
            require_type(entry.value, Value::Type::real, table_.name(), "declared." + entry.key);
            if (!(entry.value.real > 0 && entry.value.real < 1e15))
                fail(entry.place, "bad-value", fmt::format("the declared area of \"{}\" must be above 0", entry.key),
                     fmt::format("“{}”的申报面积必须大于 0", entry.key));
            rule.declared.emplace_back(entry.key, entry.value.real);
        }
        if (rule.declared.empty())
            table_.bad_value("declared", "names no area", "没有列出任何面积");
        require_groups(declared);
    }

    /// Where areas are declared by group, the names must be parts of [structure].
    void require_groups(const Value& declared) const {
        if (project_ == nullptr || !project_->structure || per() != Per::group)
            return;
        std::vector<std::string> groups;
        for (const auto& [group, role] : project_->structure->parts)
            groups.push_back(group);
        for (const Entry& entry : declared.entries) {
            if (std::find(groups.begin(), groups.end(), entry.key) != groups.end())
                continue;
            const std::string nearest = geo::nearest_name(entry.key, groups).value_or("");
            fail(entry.place, "bad-value",
                 fmt::format("\"{}\" is no part of [structure]; the nearest is \"{}\"", entry.key, nearest),
                 fmt::format("“{}”不是 [structure] 中的组成部分，最接近的是“{}”", entry.key, nearest));
        }
    }

    [[nodiscard]] RuleKind adjacency(bool wanted) const {
        AdjacentRule rule;
        rule.object = selection("object");
        rule.gap_m = table_.number_not_negative("gap_m").value_or(0);
        rule.min_shared_m = table_.number_not_negative("min_shared_m").value_or(0);
        rule.wanted = wanted;
        return rule;
    }

    const TableReader& table_;
    const Project* project_;
};

struct Kind {
    std::string name;
    std::vector<std::string> keys;
    RuleKind (RuleReader::*read)() const;
};

const std::vector<Kind>& kinds() {
    static const std::vector<Kind> all = {
        {"share", {"of", "in", "min", "max", "readings"}, &RuleReader::share},
        {"no-overlap", {"object", "max_m2", "counting"}, &RuleReader::no_overlap},
        {"within", {"object", "max_outside_m2"}, &RuleReader::within},
        {"area-match", {"declared", "unit", "max_abs_m2", "max_rel"}, &RuleReader::area_match},
        {"count", {"of", "min", "max"}, &RuleReader::count},
        {"adjacent", {"object", "gap_m", "min_shared_m"}, &RuleReader::adjacent},
        {"not-adjacent", {"object", "gap_m", "min_shared_m"}, &RuleReader::not_adjacent},
        {"distance", {"object", "min_m", "min_field", "max_m"}, &RuleReader::distance},
        {"structure", {"max_part_gap_m"}, &RuleReader::structure},
    };
    return all;
}

const std::vector<std::string> later_kinds = {"service-cover", "density", "intensity", "topology",
                                              "attribute",     "change",  "rank",      "flag"};

const Kind& kind_of(const Value& rule, const Text& title) {
    const Entry* const entry = rule.find("kind");
    if (entry == nullptr)
        fail(rule.place, "missing-key", fmt::format("{} needs the key \"kind\"", title.en),
             fmt::format("{}缺少键“kind”", title.zh));
    require_type(entry->value, Value::Type::text, title, "kind");
    std::vector<std::string> names;
    for (const Kind& kind : kinds()) {
        if (kind.name == entry->value.text)
            return kind;
        names.push_back(kind.name);
    }
    if (std::find(later_kinds.begin(), later_kinds.end(), entry->value.text) != later_kinds.end())
        fail(entry->place, "unavailable-kind",
             fmt::format("kind \"{}\" of {} is not available in this version; available: {}", entry->value.text,
                         title.en, fmt::join(names, ", ")),
             fmt::format("{}的类型“{}”在本版本中尚不可用；可用：{}", title.zh, entry->value.text,
                         fmt::join(names, "、")));
    const NotOneOf answer = not_one_of(entry->value.text, names);
    fail(entry->place, "bad-value", fmt::format("\"kind\" in {}: {}", title.en, answer.en),
         fmt::format("{}的“kind”：{}", title.zh, answer.zh));
}

void read_tolerance(const TableReader& table, Rule& rule) {
    const Value* const value = table.find("tolerance");
    if (value == nullptr)
        return;
    const Text name = {fmt::format("\"tolerance\" of {}", table.name().en),
                       fmt::format("{}的“tolerance”", table.name().zh)};
    const TableReader tolerance(*value, name, {"length_m", "area_m2"});
    rule.tolerance_length_m = tolerance.number_not_negative("length_m");
    rule.tolerance_area_m2 = tolerance.number_not_negative("area_m2");
}

} // namespace

std::string rule_id(const Value& rule) {
    const Text title = {"[[rules]]", "[[rules]] "};
    if (rule.type != Value::Type::table)
        fail(rule.place, "wrong-type", "[[rules]] must be a table", "[[rules]] 应为表");
    const Entry* const id = rule.find("id");
    if (id == nullptr)
        fail(rule.place, "missing-key", "[[rules]] needs the key \"id\"", "[[rules]] 缺少键“id”");
    require_type(id->value, Value::Type::text, title, "id");
    if (id->value.text.empty())
        fail(id->place, "bad-value", "the id of a rule must not be empty", "规则的 id 不能为空");
    return id->value.text;
}

Rule read_rule(const Value& value, const Project* project) {
    Rule rule;
    rule.id = rule_id(value);
    const Text title = title_of(rule.id);
    const Kind& kind = kind_of(value, title);
    std::vector<std::string> keys = common_keys;
    keys.insert(keys.end(), kind.keys.begin(), kind.keys.end());
    const TableReader table(value, title, keys);
    const RuleReader reader(table, project);

    rule.kind = kind.name;
    rule.title = table.text_or_empty("title");
    rule.clause = table.text_or_empty("clause");
    rule.source = table.text_or_empty("source");
    rule.edition = table.text_or_empty("edition");
    rule.binding = table.flag_or_false("binding");
    rule.verified = table.flag_or_false("verified");
    rule.valid_from = table.date_or_empty("valid_from");
    rule.valid_to = table.date_or_empty("valid_to");
    if (!rule.valid_from.empty() && !rule.valid_to.empty() && rule.valid_to < rule.valid_from)
        table.bad_value("valid_to", fmt::format("{} is before valid_from, {}", rule.valid_to, rule.valid_from),
                        fmt::format("{} 早于 valid_from（{}）", rule.valid_to, rule.valid_from));
    read_tolerance(table, rule);
    rule.override_reason = table.text_or_empty("override_reason");
    rule.per = reader.per();
    rule.what = (reader.*kind.read)();
    rule.subject = reader.subject();
    rule.origin = value.place.to_string();
    return rule;
}

} // namespace corebelt::project
