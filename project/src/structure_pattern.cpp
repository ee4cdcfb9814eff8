#include "corebelt/project/structure_pattern.hpp"

#include <algorithm>

namespace corebelt::project {

const std::vector<StructurePattern>& structure_patterns() {
    static const std::vector<StructurePattern> patterns = {
        {"one-core-three-zones", "一核三片区", {{"core", 1, 1}, {"zone", 3, 3}}},
        {"one-core-one-belt-many-points", "一核一带多点", {{"core", 1, 1}, {"belt", 1, 1}, {"point", 2, std::nullopt}}},
        {"one-core-four-parks", "一核四园", {{"core", 1, 1}, {"park", 4, 4}}},
        {"one-zone-two-parks", "一区两园", {{"park", 2, 2}}},
    };
    return patterns;
}

const StructurePattern* find_structure_pattern(const std::string& name) {
    const auto& all = structure_patterns();
    const auto found = std::find_if(all.begin(), all.end(), [&](const StructurePattern& p) { return p.name == name; });
    return found == all.end() ? nullptr : &*found;
}

} // namespace corebelt::project
