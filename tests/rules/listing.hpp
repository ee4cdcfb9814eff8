#pragma once
/// A result with all that it says, line by line, so that two of them can be compared.

#include "corebelt/rules/tabulate.hpp"

#include <string>

namespace corebelt::test {

[[nodiscard]] std::string dump(const rules::TabulateResult& result);

} // namespace corebelt::test
