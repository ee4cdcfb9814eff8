#pragma once
/// Preconditions: a caller's bug stops the program in every build; tests replace the handler.

namespace corebelt {

using ContractHandler = void (*)(const char* condition, const char* file, int line);

/// Installs a handler (tests throw from it); returns the one before. The default prints and aborts; one that returns is
/// followed by the abort all the same.
ContractHandler set_contract_handler(ContractHandler handler) noexcept;

/// Called by COREBELT_EXPECTS; not for direct use.
[[noreturn]] void contract_violated(const char* condition, const char* file, int line);

} // namespace corebelt

/// States what the caller must have made true.
#define COREBELT_EXPECTS(condition)                                                                                    \
    (static_cast<bool>(condition) ? void(0) : ::corebelt::contract_violated(#condition, __FILE__, __LINE__))
