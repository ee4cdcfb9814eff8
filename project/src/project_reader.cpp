#include "catalogue.hpp"
#include "document.hpp"
#include "rule_reader.hpp"
#include "selection_reader.hpp"
#include "table_reader.hpp"

#include "corebelt/geo/error.hpp"
#include "corebelt/geo/nearest_name.hpp"
#include "corebelt/layers/connection.hpp"
#include "corebelt/layers/land_use.hpp"
#include "corebelt/project/project.hpp"
#include "corebelt/project/structure_pattern.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <functional>
#include <iterator>
#include <set>
#include <utility>

namespace corebelt::project {

namespace {

/// "PG:dbname=…", "/vsizip/…" and absolute paths are taken as written, the rest lies beside the project file.
std::string resolved(const std::string& source, const std::string& folder) {
    const std::size_t colon = source.find(':');
    const bool is_connection =
        colon != std::string::npos && colon >= 2 && source.find_first_of("/|") > colon; // one letter is a drive
    if (is_connection || source.starts_with('/') || folder.empty())
        return source;
    const std::size_t bar = source.find('|');
    const auto path = (std::filesystem::path(folder) / source.substr(0, bar)).lexically_normal();
    return path.string() + (bar == std::string::npos ? "" : source.substr(bar));
}

Text header(const std::string& group, const std::string& key) {
    const std::string shown = fmt::format("[{}.{}]", group, key);
    return {shown, shown + " "};
}

Text header(const std::string& group) {
    const std::string shown = fmt::format("[{}]", group);
    return {shown, shown + " "};
}

class ProjectReader {
public:
    ProjectReader(const std::string& text, const std::string& path) : document_(parse_document(text, path)) {
        project_.path = path;
        project_.folder = std::filesystem::path(path).parent_path().string();
    }

    Project run() {
        const TableReader top(
            document_, {"the project file", "项目文件"},
            {"project", "layers", "tables", "facts", "structure", "rules", "profile", "waivers", "sheets"});
        read_heading(top.require("project"));
        read_group(top, "layers", &ProjectReader::read_layer);
        read_group(top, "tables", &ProjectReader::read_table);
        read_group(top, "facts", &ProjectReader::read_fact);
        if (const Value* const structure = top.find("structure"))
            read_structure(*structure);
        if (const Value* const profile = top.find("profile"))
            read_profile(*profile);
        read_rules(top.find("rules"));
        read_list(top, "waivers", &ProjectReader::read_waiver);
        read_list(top, "sheets", &ProjectReader::read_sheet);
        require_as_of();
        return std::move(project_);
    }

private:
    void read_group(const TableReader& top, const std::string& name,
                    void (ProjectReader::*read)(const std::string&, const Value&)) {
        const Value* const group = top.find(name);
        if (group == nullptr)
            return;
        require_type(*group, Value::Type::table, top.name(), name);
        for (const Entry& entry : group->entries)
            (this->*read)(entry.key, entry.value);
    }

    static void for_each(const Value* list, const Text& owner, const std::string& name,
                         const std::function<void(const Value&)>& read) {
        if (list == nullptr)
            return;
        require_type(*list, Value::Type::array, owner, name);
        for (const Value& item : list->items)
            read(item);
    }

    void read_list(const TableReader& top, const std::string& name, void (ProjectReader::*read)(const Value&)) {
        for_each(top.find(name), top.name(), name, [&](const Value& item) { (this->*read)(item); });
    }

    void read_heading(const Value& value) {
        const TableReader table(value, header("project"),
                                {"title", "crs", "area", "lang", "as_of", "extends", "tolerance", "note"});
        project_.title = table.text("title");
        project_.crs_text = table.text_or_empty("crs");
        if (!project_.crs_text.empty())
            project_.crs = parse_crs(project_.crs_text, table.place("crs"));
        const std::string area = table.choice("area", {"cn2008", "geodesic", "planar"}, "cn2008");
        project_.area = area == "cn2008"     ? geo::AreaMethod::cn2008
                        : area == "geodesic" ? geo::AreaMethod::geodesic
                                             : geo::AreaMethod::planar;
        const std::string lang = table.choice("lang", {"zh", "en"}, "");
        if (!lang.empty())
            project_.lang = lang == "zh" ? Lang::zh : Lang::en;
        project_.as_of = table.date_or_empty("as_of");
        project_.note = table.text_or_empty("note");
        project_.extends = table.texts("extends");
        require_catalogues(table);
        if (const Value* const tolerance = table.find("tolerance"))
            read_tolerance(*tolerance);
    }

    static geo::Crs parse_crs(const std::string& text, const Place& place) {
        try {
            return geo::Crs::parse(text);
        } catch (const Error& error) {
            fail(place, error.code(), error.text().en, error.text().zh);
        }
    }

    void require_catalogues(const TableReader& table) const {
        const std::vector<std::string> known = catalogue_names();
        std::set<std::string> seen;
        for (const std::string& name : project_.extends) {
            if (std::find(known.begin(), known.end(), name) == known.end()) {
                const NotOneOf answer = not_one_of(name, known);
                fail(table.place("extends"), "unknown-catalogue", fmt::format("no rule catalogue: {}", answer.en),
                     fmt::format("没有这个规则目录：{}", answer.zh));
            }
            if (!seen.insert(name).second)
                table.bad_value("extends", fmt::format("\"{}\" is there twice", name), fmt::format("“{}”重复", name));
        }
    }

    void read_tolerance(const Value& value) {
        const TableReader table(value, {"\"tolerance\" of [project]", "[project] 的“tolerance”"},
                                {"length_m", "area_m2"});
        project_.tolerance.length_m = table.number_not_negative("length_m").value_or(project_.tolerance.length_m);
        project_.tolerance.area_m2 = table.number_not_negative("area_m2").value_or(project_.tolerance.area_m2);
    }

    void read_layer(const std::string& key, const Value& value) {
        const TableReader table(value, header("layers", key),
                                {"source", "theme", "id", "name", "fields", "scheme", "class_field", "coverage",
                                 "coverage_source", "crs", "encoding", "offset", "where", "union"});
        Layer layer;
        layer.key = key;
        const std::string source = table.text("source");
        layer.source = layers::without_password(source);
        layer.path = resolved(source, project_.folder);
        layer.theme = table.choice("theme", themes(), "");
        if (layer.theme != key && std::find(themes().begin(), themes().end(), key) != themes().end())
            fail(table.place(""), "bad-value",
                 fmt::format("layer \"{}\" is called like a theme but its theme is \"{}\"; rename the layer", key,
                             layer.theme),
                 fmt::format("图层名“{}”与主题同名，而它的主题是“{}”；请给图层改名", key, layer.theme));
        layer.id_field = table.text_or_empty("id");
        layer.name_field = table.text_or_empty("name");
        read_fields(table, layer);
        read_scheme(table, layer);
        read_coverage(table, layer);
        layer.crs = table.text_or_empty("crs");
        if (!layer.crs.empty())
            static_cast<void>(parse_crs(layer.crs, table.place("crs")));
        layer.encoding = table.text_or_empty("encoding");
        layer.offset = table.choice("offset", {"GCJ-02", "BD-09", "none"}, "");
        layer.where = table.text_or_empty("where");
        if (!layer.where.empty())
            require_filter(layer.where, table.place("where"));
        layer.union_with_theme = table.flag_or_false("union");
        if (layer.union_with_theme && layer.theme.empty())
            table.missing("theme", ": union joins the layers of one theme", "：union 用于合并同一主题的图层");
        project_.layers.push_back(std::move(layer));
    }

    static void read_fields(const TableReader& table, Layer& layer) {
        const Value* const fields = table.find("fields");
        if (fields == nullptr)
            return;
        require_type(*fields, Value::Type::table, table.name(), "fields");
        for (const Entry& entry : fields->entries) {
            require_type(entry.value, Value::Type::text, table.name(), "fields." + entry.key);
            if (entry.value.text.empty())
                fail(entry.place, "bad-value", fmt::format("field \"{}\" must not be empty", entry.key),
                     fmt::format("字段“{}”不能为空", entry.key));
            layer.fields[entry.key] = entry.value.text;
        }
    }

    static void read_scheme(const TableReader& table, Layer& layer) {
        layer.scheme = table.choice("scheme", layers::LandUseScheme::names(), "");
        layer.class_field = table.text_or_empty("class_field");
        if (!layer.class_field.empty() && layer.scheme.empty())
            fail(table.place("class_field"), "missing-scheme",
                 fmt::format("{} has class codes but no scheme; one of {}", table.name().en,
                             fmt::join(layers::LandUseScheme::names(), ", ")),
                 fmt::format("{}写了 class_field 却没有 scheme；可用的分类标准：{}", table.name().zh,
                             fmt::join(layers::LandUseScheme::names(), "、")));
        if (!layer.scheme.empty() && layer.class_field.empty())
            table.missing("class_field", ": the field that holds the codes", "：存放编码的字段");
    }

    void read_coverage(const TableReader& table, Layer& layer) const {
        layer.coverage = table.text_or_empty("coverage");
        layer.coverage_source = table.text_or_empty("coverage_source");
        if (!layer.coverage.empty() && layer.coverage != "declared")
            layer.coverage = resolved(layer.coverage, project_.folder);
        if (layer.coverage == "declared" && layer.coverage_source.empty())
            table.missing("coverage_source", ": who declares the layer complete", "：图层完整性由哪份成果说明");
    }

    void read_table(const std::string& key, const Value& value) {
        const TableReader table(value, header("tables", key), {"source", "key"});
        TableRef ref;
        ref.key = key;
        const std::string source = table.text("source");
        ref.source = layers::without_password(source);
        ref.path = resolved(source, project_.folder);
        ref.key_field = table.text("key");
        project_.tables.push_back(std::move(ref));
    }

    void read_fact(const std::string& key, const Value& value) {
        const TableReader table(value, header("facts", key), {"value", "source"});
        const Value& content = table.require("value");
        Fact fact;
        fact.source = table.text("source");
        switch (content.type) {
        case Value::Type::boolean:
            fact.value = content.boolean;
            break;
        case Value::Type::integer:
            fact.value = content.integer;
            break;
        case Value::Type::real:
            fact.value = table.number("value").value();
            break;
        case Value::Type::text:
        case Value::Type::date:
            fact.value = content.text;
            break;
        case Value::Type::other_time:
        case Value::Type::array:
        case Value::Type::table:
            fail(content.place, "wrong-type",
                 fmt::format("\"value\" in {} must be true, false, a number, text or a date, not {}", table.name().en,
                             name_of(content.type).en),
                 fmt::format("{}的“value”应为布尔值、数值、文本或日期，实际为{}", table.name().zh,
                             name_of(content.type).zh));
        }
        project_.facts[key] = std::move(fact);
    }

    void read_structure(const Value& value) {
        const TableReader table(value, header("structure"), {"pattern", "layer", "group", "parts"});
        std::vector<std::string> patterns;
        for (const StructurePattern& pattern : structure_patterns())
            patterns.push_back(pattern.name);
        Structure structure;
        static_cast<void>(table.require("pattern"));
        structure.pattern = table.choice("pattern", patterns, "");
        structure.layer = table.text("layer");
        require_layer_key(table, "layer", structure.layer);
        structure.group = table.text("group");
        read_parts(table, structure);
        project_.structure = std::move(structure);
    }

    static void read_parts(const TableReader& table, Structure& structure) {
        const Value& parts = table.require("parts");
        require_type(parts, Value::Type::table, table.name(), "parts");
        std::vector<std::string> roles;
        for (const RoleCount& role : find_structure_pattern(structure.pattern)->roles)
            roles.push_back(role.role);
        for (const Entry& entry : parts.entries) {
            require_type(entry.value, Value::Type::text, table.name(), "parts." + entry.key);
            if (std::find(roles.begin(), roles.end(), entry.value.text) == roles.end()) {
                const NotOneOf answer = not_one_of(entry.value.text, roles);
                fail(entry.place, "bad-value",
                     fmt::format("role of part \"{}\" in {}: {}", entry.key, structure.pattern, answer.en),
                     fmt::format("{} 中组成部分“{}”的角色：{}", structure.pattern, entry.key, answer.zh));
            }
            structure.parts.emplace_back(entry.key, entry.value.text);
        }
        if (structure.parts.empty())
            table.bad_value("parts", "names no part", "没有列出任何组成部分");
    }

    void require_layer_key(const TableReader& table, const std::string& key, const std::string& layer) const {
        if (project_.find_layer(layer) != nullptr)
            return;
        std::vector<std::string> keys;
        for (const Layer& known : project_.layers)
            keys.push_back(known.key);
        const auto nearest = geo::nearest_name(layer, keys);
        fail(table.place(key), "unknown-layer",
             fmt::format("\"{}\" in {} names no layer of this project: \"{}\"{}", key, table.name().en, layer,
                         nearest ? fmt::format("; the nearest is \"{}\"", *nearest) : "; there are none"),
             fmt::format("{}的“{}”不是本项目的图层：“{}”{}", table.name().zh, key, layer,
                         nearest ? fmt::format("，最接近的是“{}”", *nearest) : "；项目中没有图层"));
    }

    void read_profile(const Value& value) {
        const TableReader table(value, header("profile"), {"off"});
        for_each(table.find("off"), table.name(), "off", [&](const Value& item) {
            const TableReader entry(item, {"\"off\" of [profile]", "[profile] 的“off”"}, {"rule", "reason"});
            off_.push_back({entry.text("rule"), entry.text("reason"), entry.place("rule")});
            for (std::size_t i = 0; i + 1 < off_.size(); ++i)
                if (off_[i].rule == off_.back().rule)
                    entry.bad_value("rule", fmt::format("\"{}\" is off already", off_[i].rule),
                                    fmt::format("“{}”已经关闭", off_[i].rule));
        });
    }

    /// Catalogues first, in the order of `extends`; then the file's own. A rule of the file with a catalogue's id
    /// changes that rule in place.
    void read_rules(const Value* own) {
        std::vector<Value> tables;
        for (const std::string& name : project_.extends)
            for (Value& rule : catalogue_rules(name))
                tables.push_back(std::move(rule));
        std::vector<std::string> origins;
        origins.reserve(tables.size());
        for (const Value& rule : tables)
            origins.push_back(*rule.place.file);
        const std::size_t from_catalogues = tables.size();
        std::set<std::string> own_ids;
        for_each(own, {"the project file", "项目文件"}, "rules", [&](const Value& rule) {
            const std::string id = rule_id(rule);
            if (!own_ids.insert(id).second)
                fail(rule.find("id")->place, "bad-value", fmt::format("rule \"{}\" is there twice", id),
                     fmt::format("规则“{}”重复", id));
            const auto end = tables.begin() + static_cast<std::ptrdiff_t>(from_catalogues);
            const auto base = std::find_if(tables.begin(), end, [&](const Value& t) { return rule_id(t) == id; });
            if (base != end) {
                override_rule(*base, rule, id);
                origins[static_cast<std::size_t>(base - tables.begin())] += ", " + rule.place.to_string();
                return;
            }
            if (const Entry* const reason = rule.find("override_reason"))
                nothing_to_override(id, reason->place, tables);
            tables.push_back(rule);
            origins.push_back(rule.place.to_string());
        });
        for (std::size_t i = 0; i < tables.size(); ++i)
            add_rule(tables[i], origins[i]);
        for (const Off& off : off_)
            require_rule(off.rule, off.place);
    }

    static void override_rule(Value& base, const Value& changes, const std::string& id) {
        if (changes.find("override_reason") == nullptr)
            fail(changes.place, "missing-key",
                 fmt::format("rule \"{}\" changes a rule of catalogue {} and needs the key \"override_reason\"", id,
                             *base.place.file),
                 fmt::format("规则“{}”改写了规则目录 {} 中的规则，缺少键“override_reason”", id, *base.place.file));
        for (const Entry& change : changes.entries) {
            const auto same = std::find_if(base.entries.begin(), base.entries.end(),
                                           [&](const Entry& entry) { return entry.key == change.key; });
            if (same == base.entries.end())
                base.entries.push_back(change);
            else if (change.key == "kind" && change.value.text != same->value.text)
                fail(change.place, "bad-value",
                     fmt::format("rule \"{}\" is a {} in the catalogue; another kind needs another id", id,
                                 same->value.text),
                     fmt::format("规则“{}”在目录中的类型是 {}；换类型请另起 id", id, same->value.text));
            else
                *same = change;
        }
    }

    [[noreturn]] static void nothing_to_override(const std::string& id, const Place& place,
                                                 const std::vector<Value>& tables) {
        std::vector<std::string> ids;
        ids.reserve(tables.size());
        for (const Value& rule : tables)
            ids.push_back(rule_id(rule));
        const auto nearest = geo::nearest_name(id, ids);
        fail(place, "bad-value",
             fmt::format("no extended catalogue has a rule \"{}\" to override{}", id,
                         nearest ? fmt::format("; the nearest is \"{}\"", *nearest) : ""),
             fmt::format("所引用的规则目录中没有可改写的规则“{}”{}", id,
                         nearest ? fmt::format("，最接近的是“{}”", *nearest) : ""));
    }

    void add_rule(const Value& value, const std::string& origin) {
        const std::string id = rule_id(value);
        const auto off = std::find_if(off_.begin(), off_.end(), [&](const Off& o) { return o.rule == id; });
        Rule rule = read_rule(value, off == off_.end() ? &project_ : nullptr);
        rule.origin = origin;
        if (off != off_.end())
            rule.off_reason = off->reason;
        project_.rules.push_back(std::move(rule));
    }

    void require_rule(const std::string& id, const Place& place) const {
        std::vector<std::string> ids;
        for (const Rule& rule : project_.rules)
            ids.push_back(rule.id);
        if (std::find(ids.begin(), ids.end(), id) != ids.end())
            return;
        const auto nearest = geo::nearest_name(id, ids);
        fail(place, "unknown-rule",
             fmt::format("no rule \"{}\"{}", id, nearest ? fmt::format("; the nearest is \"{}\"", *nearest) : ""),
             fmt::format("没有规则“{}”{}", id, nearest ? fmt::format("，最接近的是“{}”", *nearest) : ""));
    }

    void read_waiver(const Value& value) {
        const TableReader table(value, {"[[waivers]]", "[[waivers]] "}, {"rule", "subject", "reason", "by", "until"});
        Waiver waiver;
        waiver.rule = table.text("rule");
        require_rule(waiver.rule, table.place("rule"));
        waiver.subject = table.text("subject");
        waiver.reason = table.text("reason");
        waiver.by = table.text("by");
        static_cast<void>(table.require("until"));
        waiver.until = table.date_or_empty("until");
        project_.waivers.push_back(std::move(waiver));
    }

    void read_sheet(const Value& value) {
        const TableReader table(value, {"[[sheets]]", "[[sheets]] "},
                                {"id", "title", "layers", "paper", "landscape", "scale", "notes"});
        Sheet sheet;
        sheet.id = table.text("id");
        if (sheet.id.find_first_of("/\\:*?\"<>|") != std::string::npos || sheet.id.starts_with('.'))
            table.bad_value("id", "becomes a file name; it must not hold / \\ : * ? \" < > | or begin with a dot",
                            "将用作文件名，不能含有 / \\ : * ? \" < > |，也不能以点开头");
        for (const Sheet& other : project_.sheets)
            if (other.id == sheet.id)
                table.bad_value("id", fmt::format("\"{}\" is there twice", sheet.id),
                                fmt::format("“{}”重复", sheet.id));
        sheet.title = table.text("title");
        sheet.layers = table.texts("layers");
        for (const std::string& layer : sheet.layers)
            require_layer_key(table, "layers", layer);
        sheet.paper = table.choice("paper", {"A0", "A1", "A2", "A3", "A4"}, sheet.paper);
        if (table.has("landscape"))
            sheet.landscape = table.flag_or_false("landscape");
        sheet.scale = table.number("scale");
        if (sheet.scale && *sheet.scale < 1)
            table.bad_value("scale", "is the denominator: 10000 for 1:10000", "应写比例尺分母：1:10000 写作 10000");
        sheet.notes = table.texts("notes");
        project_.sheets.push_back(std::move(sheet));
    }

    /// Rules that begin or end and waivers need to know the day.
    void require_as_of() const {
        if (!project_.as_of.empty())
            return;
        for (const Rule& rule : project_.rules)
            if (rule.off_reason.empty() && !(rule.valid_from.empty() && rule.valid_to.empty()))
                no_as_of(fmt::format("rule \"{}\" is dated", rule.id), fmt::format("规则“{}”有有效期", rule.id));
        for (const Waiver& waiver : project_.waivers)
            no_as_of(fmt::format("the waiver of rule \"{}\" is dated", waiver.rule),
                     fmt::format("规则“{}”的豁免有期限", waiver.rule));
    }

    [[noreturn]] void no_as_of(const std::string& en, const std::string& zh) const {
        fail(document_.find("project")->place, "missing-key",
             fmt::format("[project] needs the key \"as_of\": {}; give the day of judgement, as_of = 2026-11-22", en),
             fmt::format("[project] 缺少键“as_of”：{}，请写明判定日期，如 as_of = 2026-11-22", zh));
    }

    struct Off {
        std::string rule, reason;
        Place place;
    };

    Value document_;
    Project project_;
    std::vector<Off> off_;
};

std::string read_file(const std::string& path) {
    const auto unreadable = [&](const std::string& code, const std::string& en, const std::string& zh) {
        return Error(ErrorKind::input, code,
                     {fmt::format("cannot read the project file {}: {}", path, en),
                      fmt::format("无法读取项目文件 {}：{}", path, zh)});
    };
    std::error_code ignored;
    if (!std::filesystem::exists(path, ignored))
        throw unreadable("not-found", "there is no such file", "文件不存在");
    if (std::filesystem::is_directory(path, ignored))
        throw unreadable("cannot-open", "it is a folder", "这是一个文件夹");
    std::ifstream in(path, std::ios::binary);
    std::string text{std::istreambuf_iterator<char>(in), std::istreambuf_iterator<char>()};
    if (!in.good() && !in.eof())
        throw unreadable("cannot-open", std::strerror(errno), std::strerror(errno));
    return text;
}

} // namespace

Project load_project(const std::string& path) {
    return parse_project(read_file(path), path);
}

Project parse_project(const std::string& text, const std::string& path) {
    return ProjectReader(text, path).run();
}

} // namespace corebelt::project
