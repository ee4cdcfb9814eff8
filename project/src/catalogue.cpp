#include "catalogue.hpp"

#include "table_reader.hpp"

#include "corebelt/geo/expects.hpp"
#include "corebelt/project/project.hpp"

#include <algorithm>

namespace corebelt::project {

std::vector<std::string> catalogue_names() {
    std::vector<std::string> names;
    for (const auto& [name, text] : catalogue_files())
        names.emplace_back(name);
    return names;
}

std::vector<Value> catalogue_rules(const std::string& name) {
    const auto files = catalogue_files();
    const auto found = std::find_if(files.begin(), files.end(), [&](const auto& file) { return file.first == name; });
    COREBELT_EXPECTS(found != files.end());
    const Value document = parse_document(std::string(found->second), name);
    const TableReader top(document, {"the catalogue", "规则目录"}, {"catalogue", "rules"});
    const TableReader heading(top.require("catalogue"), {"[catalogue]", "[catalogue] "}, {"title", "about"});
    static_cast<void>(heading.text("title"));
    const Value& rules = top.require("rules");
    require_type(rules, Value::Type::array, top.name(), "rules");
    return rules.items;
}

} // namespace corebelt::project
