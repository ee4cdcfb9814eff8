#pragma once
/// Land-use code tables: scheme, code, parent, names, colours.

#include <array>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace corebelt::layers {

struct LandUseClass {
    std::string code;
    std::string parent; ///< empty at the top
    int level = 1;
    std::string name_zh;
    std::string name_en;
    std::optional<std::array<std::uint8_t, 3>> colour; ///< sRGB; none where no source gives one
    /// True where a source colours this very class; false where the colour comes from an ancestor or from the same
    /// class of another scheme.
    bool colour_explicit = false;
    std::string
        construction; ///< 建设用地, 非建设用地, 农用地, 未利用地, 海域; empty where unknown or where sources disagree
};

/// One scheme: YDYH2020, YDYH2023, SD, GBT21010-2017, GB50137-2011. Immutable.
class LandUseScheme {
public:
    /// @throws Error{usage, "unknown-scheme"} listing the schemes there are.
    [[nodiscard]] static const LandUseScheme& get(std::string_view name);
    [[nodiscard]] static std::vector<std::string> names();

    [[nodiscard]] const std::string& name() const { return name_; }
    [[nodiscard]] const LandUseClass* find(std::string_view code) const;
    /// `code` is `ancestor` or lies below it in the table (by parent, not by prefix). A code that the table does
    /// not have counts below its longest known prefix.
    [[nodiscard]] bool is_within(std::string_view code, std::string_view ancestor) const;
    /// The code itself where the table has it, else its longest known prefix, else null.
    [[nodiscard]] const LandUseClass* find_nearest(std::string_view code) const;
    [[nodiscard]] std::span<const LandUseClass> classes() const { return classes_; } ///< code order (bytes)

    /// @pre Codes are distinct, every parent is there, no class is its own ancestor.
    LandUseScheme(std::string name, std::vector<LandUseClass> classes);

private:
    std::string name_;
    std::vector<LandUseClass> classes_;
};

} // namespace corebelt::layers
