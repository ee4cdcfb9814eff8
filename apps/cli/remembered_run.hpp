#pragma once
/// --remember FILE: what an earlier run measured, for this one, and what this one measured, for the next.

#include "console.hpp"

#include <memory>
#include <string>

namespace corebelt::layers {
class Memo;
}

namespace corebelt::cli {

class RememberedRun {
public:
    /// Reads the file where the option is given; warns where it cannot be used.
    /// @throws Error{output, "no-folder"} where it could not be written afterwards.
    RememberedRun(const Common& common, Console& console);
    ~RememberedRun();
    RememberedRun(const RememberedRun&) = delete;
    RememberedRun& operator=(const RememberedRun&) = delete;

    /// Null where nothing is to be remembered.
    [[nodiscard]] layers::Memo* memo() const { return memo_.get(); }
    /// After the outputs: writes the file and says how much was measured again.
    /// @throws Error{output, "cannot-write"}.
    void save();

private:
    std::string path_;
    Console& console_;
    std::unique_ptr<layers::Memo> memo_;
};

} // namespace corebelt::cli
