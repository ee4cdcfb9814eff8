#pragma once
/// The answer to a field name that a layer does not have.

#include "corebelt/layers/batch.hpp"

#include <string>
#include <vector>

namespace corebelt::layers {

/// @throws Error{usage, "unknown-field"} naming the nearest field.
[[noreturn]] void unknown_field(const std::string& label, const std::string& name, const std::vector<Field>& fields);

} // namespace corebelt::layers
