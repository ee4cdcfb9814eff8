#pragma once
/// Verdicts and how they combine.

#include <string_view>

namespace corebelt::rules {

enum class Verdict { pass, warn, fail, undecided, not_applicable, info };

/// "pass", "warn", … as in JSON.
[[nodiscard]] std::string_view name_of(Verdict verdict);

/// First present of fail, undecided, warn, pass; not_applicable where neither is there.
[[nodiscard]] Verdict worse(Verdict a, Verdict b);

} // namespace corebelt::rules
