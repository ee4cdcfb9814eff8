#pragma once
/// One [[rules]] table turned into a Rule.

#include "document.hpp"

#include "corebelt/project/project.hpp"

#include <string>
#include <vector>

namespace corebelt::project {

/// @param project  what layers, schemes and structure are looked up in; null: only the form is checked (a rule that is
///                 off, a catalogue by itself).
/// Rule::origin is the place of the table; the caller may say more. @throws Error{usage}.
[[nodiscard]] Rule read_rule(const Value& value, const Project* project);

/// The id of a [[rules]] table, checked. @throws Error{usage}.
[[nodiscard]] std::string rule_id(const Value& rule);

} // namespace corebelt::project
