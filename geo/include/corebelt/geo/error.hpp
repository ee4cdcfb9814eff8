#pragma once
/// The job cannot be done: one exception type for the whole tree.

#include "corebelt/geo/text.hpp"

#include <exception>
#include <string>

namespace corebelt {

/// Which of the exit codes an error leads to.
enum class ErrorKind {
    usage,    ///< 2: wrong option or project file, a named field that does not exist
    input,    ///< 3: a declared source or layer cannot be opened or read
    output,   ///< 5: permission, disk, missing glyph, port
    internal, ///< 70: a defect of corebelt
    stopped,  ///< 130: interrupted by the user
};

/// A job that cannot be done. `code` is a stable English word such as `unknown-key`, printed as
/// `corebelt: error[unknown-key]: text`; the text names file, layer, feature and the library's own reason,
/// and says what to do.
class Error : public std::exception {
public:
    Error(ErrorKind kind, std::string code, Text text);

    [[nodiscard]] ErrorKind kind() const noexcept { return kind_; }
    [[nodiscard]] const std::string& code() const noexcept { return code_; }
    [[nodiscard]] const Text& text() const noexcept { return text_; }
    [[nodiscard]] const char* what() const noexcept override { return text_.en.c_str(); }

private:
    ErrorKind kind_;
    std::string code_;
    Text text_;
};

/// Exit code of the process for an error of this kind (CONTRACT section 2).
[[nodiscard]] int exit_code(ErrorKind kind) noexcept;

} // namespace corebelt
