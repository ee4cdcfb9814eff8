#include "support/catch.hpp"

#include "corebelt/project/project.hpp"
#include "corebelt/project/structure_pattern.hpp"

#include <algorithm>
#include <set>
#include <string>
#include <variant>
#include <vector>

using namespace corebelt::project;

namespace {

/// A project that extends one catalogue and has no layers.
Project extending(const std::string& catalogue) {
    return parse_project("[project]\ntitle = 'x'\nextends = ['" + catalogue + "']\n", "p.toml");
}

/// The same with a layer for every theme that catalogues name.
Project furnished(const std::string& catalogue) {
    std::string text = "[project]\ntitle = 'x'\nextends = ['" + catalogue + "']\n";
    for (const std::string& theme : themes()) {
        text += "[layers.l-" + theme + "]\nsource = 'x.gpkg'\ntheme = '" + theme + "'\n";
        if (theme == "landuse-planned")
            text += "scheme = 'YDYH2023'\nclass_field = 'YDYHFLDM'\n";
    }
    return parse_project(text, "p.toml");
}

} // namespace

TEST_CASE("every catalogue loads, with and without layers", "[catalogue]") {
    CHECK(catalogue_names() == std::vector<std::string>{"control-lines", "yunnan-2021"});
    for (const std::string& name : catalogue_names()) {
        CAPTURE(name);
        CHECK_FALSE(extending(name).rules.empty());
        CHECK(furnished(name).rules.size() == extending(name).rules.size());
    }
}

TEST_CASE("every catalogue rule has a short Chinese title, a clause and its source", "[catalogue]") {
    std::set<std::string> ids;
    for (const std::string& name : catalogue_names()) {
        for (const Rule& rule : extending(name).rules) {
            CAPTURE(rule.id);
            CHECK(ids.insert(rule.id).second); // catalogues can be extended together
            CHECK_FALSE(rule.title.empty());
            CHECK(rule.title.size() <= 60); // twenty characters
            CHECK_FALSE(rule.clause.empty());
            CHECK_FALSE(rule.source.empty());
            CHECK(rule.origin == name);
        }
    }
}

TEST_CASE("only clauses that were read and bind can fail a plan", "[catalogue]") {
    std::vector<std::string> may_fail;
    for (const std::string& name : catalogue_names())
        for (const Rule& rule : extending(name).rules)
            if (rule.binding && rule.verified)
                may_fail.push_back(rule.id);
    CHECK(may_fail == std::vector<std::string>{"C01", "C02", "A01", "B04"});
}

TEST_CASE("the industrial share is read in six ways, three numerators by two denominators", "[catalogue]") {
    const Project project = furnished("yunnan-2021");
    const auto rule =
        std::find_if(project.rules.begin(), project.rules.end(), [](const Rule& r) { return r.id == "A01"; });
    REQUIRE(rule != project.rules.end());
    const auto& share = std::get<ShareRule>(rule->what);
    CHECK(share.min == 0.70);
    REQUIRE(share.readings.size() == 6);
    const std::vector<std::vector<std::string>> numerators = {{"1001"}, {"1001", "1101"}, {"10", "11"}};
    for (std::size_t i = 0; i < share.readings.size(); ++i) {
        CHECK(share.readings[i].of.classes == numerators[i % 3]);
        CHECK(share.readings[i].in.has_value() == (i >= 3));
    }
}

TEST_CASE("structure patterns state how many parts of each role there are", "[catalogue]") {
    const StructurePattern* const yuxi = find_structure_pattern("one-core-three-zones");
    REQUIRE(yuxi != nullptr);
    CHECK(yuxi->name_zh == "一核三片区");
    CHECK(yuxi->roles[0].role == "core");
    CHECK(yuxi->roles[1].min == 3);
    CHECK(yuxi->roles[1].max == 3);
    const StructurePattern* const province = find_structure_pattern("one-core-one-belt-many-points");
    REQUIRE(province != nullptr);
    CHECK_FALSE(province->roles[2].max.has_value());
    CHECK(find_structure_pattern("one-core") == nullptr);
}
