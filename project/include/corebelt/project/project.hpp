#pragma once
/// The project file: what is checked, against what, under which clause.

#include "corebelt/geo/area.hpp"
#include "corebelt/geo/crs.hpp"
#include "corebelt/geo/text.hpp"
#include "corebelt/project/rule.hpp"

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <variant>
#include <vector>

namespace corebelt::project {

struct Tolerance {
    double length_m = 0.05;
    double area_m2 = 1.0;
};

/// A layer of the project: where it is, and what it means.
struct Layer {
    std::string key;      ///< [layers.<key>]
    std::string source;   ///< as written
    std::string path;     ///< resolved against the project file; what open_layer takes
    std::string theme;    ///< "zone", "eco-redline", …
    std::string id_field; ///< empty: FID
    std::string name_field;
    std::map<std::string, std::string> fields; ///< what rules call it → what the file calls it
    std::string scheme;                        ///< land-use scheme, empty where none
    std::string class_field;
    std::string coverage; ///< empty, "declared", or a dataset reference (resolved)
    std::string coverage_source;
    std::string crs; ///< declared by the project for a layer without one
    std::string encoding;
    std::string offset;            ///< "GCJ-02", "BD-09", "none"; empty: not declared
    std::string where;             ///< CQL2 applied to the whole layer
    bool union_with_theme = false; ///< union = true: layers of one theme count as one

    /// What the file calls a field that rules name; the name itself where `fields` does not list it.
    [[nodiscard]] const std::string& file_field(const std::string& rules_name) const;
};

struct TableRef {
    std::string key, source, path, key_field;
};

struct Fact {
    std::variant<bool, std::int64_t, double, std::string> value;
    std::string source;
};

struct Structure {
    std::string pattern; ///< "one-core-three-zones", "one-core-one-belt-many-points", …
    std::string layer;   ///< layer key
    std::string group;   ///< field (rules' name) that tells the part
    /// group value → role ("core", "zone", "belt", "point", "park"), in file order.
    std::vector<std::pair<std::string, std::string>> parts;
};

struct Waiver {
    std::string rule, subject, reason, by;
    std::string until; ///< ISO date
};

struct Sheet {
    std::string id, title;
    std::vector<std::string> layers; ///< layer keys; empty: what the sheet kind shows
    std::string paper = "A3";
    bool landscape = true;
    std::optional<double> scale; ///< denominator; none: the next of 1, 2, 2.5, 5 × 10ⁿ that fits
    std::vector<std::string> notes;
};

struct Project {
    std::string path; ///< of the file
    std::string folder;
    std::string title;
    std::string crs_text;
    std::optional<geo::Crs> crs; ///< none: the CRS of the first zone/park layer
    geo::AreaMethod area = geo::AreaMethod::cn2008;
    std::optional<Lang> lang;
    std::string as_of; ///< ISO date or empty
    std::vector<std::string> extends;
    std::string note; ///< printed on every report and map: "虚构示例，非真实边界"
    Tolerance tolerance;
    std::vector<Layer> layers; ///< file order
    std::vector<TableRef> tables;
    std::map<std::string, Fact> facts;
    std::optional<Structure> structure;
    std::vector<Rule> rules; ///< catalogues first, in order of `extends`, then the file's own
    std::vector<Waiver> waivers;
    std::vector<Sheet> sheets;

    [[nodiscard]] const Layer* find_layer(const std::string& key) const;
    /// The layer(s) that a key or a theme means. Key first; two layers of one theme need union = true.
    /// Empty where there is none. @throws Error{usage, "ambiguous-theme"}.
    [[nodiscard]] std::vector<const Layer*> resolve(const std::string& key_or_theme) const;
};

/// Reads and checks a project file; nothing is opened yet.
/// @throws Error{usage}: "bad-toml" (line, column, the parser's reason), "unknown-key" (file, line, nearest known
///         key), "wrong-type", "missing-key", "bad-value", "bad-crs", "bad-filter", "unknown-layer",
///         "unknown-catalogue", "unknown-rule", "unknown-class", "unavailable-kind", "missing-scheme",
///         "scheme-mismatch", "ambiguous-theme"; Error{input, "not-found" or "cannot-open"} for the file itself.
[[nodiscard]] Project load_project(const std::string& path);

/// The same from a text that is at hand; `path` names it in messages and sources lie beside it.
[[nodiscard]] Project parse_project(const std::string& text, const std::string& path);

/// Names of the rule catalogues that ship with corebelt.
[[nodiscard]] std::vector<std::string> catalogue_names();

/// Themes that a layer may have, in the order of the reference page.
[[nodiscard]] const std::vector<std::string>& themes();

} // namespace corebelt::project
