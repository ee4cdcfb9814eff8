#pragma once
/// Layers, themes, filters and classes as rules name them.

#include "document.hpp"

#include "corebelt/geo/text.hpp"
#include "corebelt/project/project.hpp"

#include <string>

namespace corebelt::project {

/// Reads `"zones"` or `{ layer = "zones", where = "…", class = ["1001"], scheme = "YDYH2023" }`.
/// @param owner     what messages call the place: "rule “red-line”".
/// @param project   what names are looked up in; null: only the form is checked.
[[nodiscard]] Selection read_selection(const Value& value, const std::string& key, const Text& owner,
                                       const Project* project);

/// @throws Error{usage, "bad-filter"} with file and line where the CQL2 text cannot be parsed.
void require_filter(const std::string& filter, const Place& place);

} // namespace corebelt::project
