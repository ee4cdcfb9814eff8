#pragma once
/// Layouts of a development zone that [structure] may name, and how many parts of each role they have.

#include <optional>
#include <string>
#include <vector>

namespace corebelt::project {

struct RoleCount {
    std::string role; ///< "core", "zone", "belt", "point", "park"
    int min = 0;
    std::optional<int> max; ///< none: any number
};

struct StructurePattern {
    std::string name;    ///< "one-core-three-zones"
    std::string name_zh; ///< "一核三片区"
    std::vector<RoleCount> roles;
};

/// In the order of the reference page.
[[nodiscard]] const std::vector<StructurePattern>& structure_patterns();
[[nodiscard]] const StructurePattern* find_structure_pattern(const std::string& name); ///< null where there is none

} // namespace corebelt::project
