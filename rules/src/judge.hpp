#pragma once
/// From amounts to verdicts (CONTRACT section 6): limits and their numerical bounds, standing of a rule, waivers.

#include "evaluation.hpp"

#include <optional>
#include <set>
#include <string>
#include <vector>

namespace corebelt::rules {

struct Limits {
    std::optional<double> min, max;

    /// The limit that `measured` is nearest to breaking, and how far it is from that; negative where it is broken.
    [[nodiscard]] double margin(double measured) const;
};

enum class Outcome { holds, broken, undecided };

/// A measured value that equals its limit holds. Nearer to it than `bound` on either side, nothing is decided.
[[nodiscard]] Outcome against(const Limits& limits, double measured, double bound);
/// Whether one step of the coordinates' precision could carry the value over its limit.
[[nodiscard]] bool is_near(const Limits& limits, double measured, double sensitivity);

/// One subject on its way to a verdict.
struct Judged {
    SubjectKey key;
    SubjectResult result; ///< verdict: pass, warn, undecided, not_applicable; broken ones are set by the judge
    bool broken = false;
    double margin = 0; ///< distance from the limit; the least one is the rule's `measured`
};

/// The word a broken rule has for it: fail where it is binding and verified, else warn.
[[nodiscard]] Verdict verdict_if_broken(const project::Rule& rule);

/// The rule's own words copied; nothing judged yet.
[[nodiscard]] RuleResult begin_result(const project::Rule& rule);

/// The limits as a report shows them: the lower one first, or the only one.
void state_limits(RuleResult& result, const Limits& limits, const std::string& unit);

/// Layers that an answer rests on, each once. Never walked in an order that shows: it is the order of addresses.
using LayerSet = std::set<const PlanLayer*>;
[[nodiscard]] LayerSet layers_of(const Chosen& subjects, const Chosen& objects);

/// Verdicts of the subjects (sorted here) and of the rule, expiry, waivers, counts; findings are sorted.
/// `rests_on`: layers whose rejected features leave a passed rule undecided.
[[nodiscard]] RuleOutcome conclude(const Context& context, const project::Rule& rule, RuleResult result,
                                   std::vector<Judged> subjects, const LayerSet& rests_on, layers::IssueLog& issues);

/// A rule that nothing was measured for.
[[nodiscard]] RuleOutcome without_subjects(const project::Rule& rule, Verdict verdict, Text note);

/// Appends a sentence to a note.
void add_note(Text& note, const Text& sentence);

/// Notes that several kinds give.
[[nodiscard]] Text no_geometry_note();
[[nodiscard]] Text not_areal_note();
[[nodiscard]] Text doubtful_note();

/// Amount in m² as reports state it: from the integer count of 1e-4 m².
[[nodiscard]] double stated_m2(const geo::Amount& amount);
/// "12.34" and "0.0512": fixed decimals for messages.
[[nodiscard]] std::string fixed(double value, int decimals);

} // namespace corebelt::rules
