#pragma once
/// Rule catalogues that ship with corebelt: the files of data/catalogues, compiled in.

#include "document.hpp"

#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace corebelt::project {

/// Name and TOML text, by name.
[[nodiscard]] std::span<const std::pair<std::string_view, std::string_view>> catalogue_files();

/// The [[rules]] tables of a catalogue, in its order. @pre The name is one of catalogue_names().
[[nodiscard]] std::vector<Value> catalogue_rules(const std::string& name);

} // namespace corebelt::project
