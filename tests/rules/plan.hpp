#pragma once
/// Projects over layers in memory.

#include "rules/plan_tables.hpp"

#include "corebelt/rules/check.hpp"

#include <map>
#include <string>

namespace corebelt::test {

/// A project file in the making; its layers are tables.
class Plan {
public:
    Plan();

    /// Adds a layer; returned so that a test can say more about it.
    project::Layer& layer(const std::string& key, const std::string& theme, layers::Table table);
    /// A table that a layer names as its coverage.
    void dataset(const std::string& path, layers::Table table) { tables[path] = std::move(table); }
    /// Adds a rule that is binding and verified.
    project::Rule& rule(const std::string& id, const std::string& kind, project::RuleKind what,
                        const std::string& subject = "zones");

    [[nodiscard]] rules::CheckResult check(unsigned jobs = 1, std::uint32_t batch = 4096,
                                           std::uint32_t shuffle_seed = 0) const;
    /// The only rule's result.
    [[nodiscard]] rules::RuleResult check_one() const;

    project::Project project;
    std::map<std::string, layers::Table> tables; ///< by path
    rules::CheckOptions options;
};

/// "pass", "fail", … of each subject in order, joined by spaces.
[[nodiscard]] std::string verdicts(const rules::RuleResult& rule);
/// Everything in a result, numbers in full, for comparing bytes.
[[nodiscard]] std::string dump(const rules::CheckResult& result);

[[nodiscard]] project::Selection select(const std::string& layer, const std::string& where = {},
                                        std::vector<std::string> classes = {});

} // namespace corebelt::test
