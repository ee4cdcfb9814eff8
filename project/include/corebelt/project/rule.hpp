#pragma once
/// Rules as data: what each kind needs, read from TOML and checked, not yet evaluated.

#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <variant>
#include <vector>

namespace corebelt::project {

/// A choice of features: a layer (key or theme), a filter, land-use classes (code and descendants).
struct Selection {
    std::string layer;
    std::string where;                ///< CQL2 over rules' names of fields
    std::vector<std::string> classes; ///< empty: all
};

/// `subject = "zones"` or `subject = { layer = "zones", where = "…" }`.
using Subject = Selection;

enum class Per { feature, group, all };

/// One reading of a share: a named pair of numerator and denominator.
struct Reading {
    std::string id, title;
    Selection of;
    std::optional<Selection> in; ///< none: the subject's area
};

struct ShareRule {
    std::optional<Selection> of; ///< none where readings are given
    std::optional<Selection> in;
    std::optional<double> min, max; ///< 0..1
    std::vector<Reading> readings;
};
enum class Counting { union_, each };
struct NoOverlapRule {
    Selection object;
    double max_m2 = 0;
    Counting counting = Counting::union_;
};
struct WithinRule {
    Selection object;
    double max_outside_m2 = 0;
};
struct AreaMatchRule {
    std::string declared_field;                           ///< rules' name of a field, or empty
    std::vector<std::pair<std::string, double>> declared; ///< name → value, file order
    std::string unit = "m2";                              ///< m2 | ha | km2 | mu
    std::optional<double> max_abs_m2, max_rel;
};
struct CountRule {
    Selection of; ///< counted where they touch the subject
    std::optional<std::int64_t> min, max;
};
struct AdjacentRule {
    Selection object;
    double gap_m = 0;
    double min_shared_m = 0; ///< adjacent: at least this long (> 0 where 0); not-adjacent: at most
    bool wanted = true;      ///< adjacent or not-adjacent
};
struct DistanceRule {
    Selection object;
    std::optional<double> min_m, max_m;
    std::string min_field; ///< distance required, read from the subject
};
/// The pattern of [structure] holds: roles and numbers of parts, parts apart from each other, nothing unassigned.
struct StructureRule {
    std::optional<double> max_part_gap_m; ///< pieces of one part may lie this far apart; none: any distance
};

using RuleKind = std::variant<ShareRule, NoOverlapRule, WithinRule, AreaMatchRule, CountRule, AdjacentRule,
                              DistanceRule, StructureRule>;

struct Rule {
    std::string id;
    std::string kind; ///< "share", "no-overlap", … as written
    std::string title, clause, source, edition;
    Subject subject;
    std::optional<Per> per; ///< none: the kind's default
    bool binding = false;
    bool verified = false;
    std::string valid_from, valid_to; ///< ISO dates or empty
    std::optional<double> tolerance_area_m2, tolerance_length_m;
    std::string override_reason; ///< where the file changes a catalogue's rule
    std::string off_reason;      ///< [profile] off: not evaluated, listed as not_applicable with the reason
    std::string origin;          ///< "plan.toml:57" or "control-lines"
    RuleKind what;
};

} // namespace corebelt::project
