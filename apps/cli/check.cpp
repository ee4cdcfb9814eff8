#include "corebelt/rules/check.hpp"

#include "memory_limit.hpp"
#include "remembered_run.hpp"
#include "verbs.hpp"

namespace corebelt::cli {

namespace {

int exit_code_of(const rules::CheckResult& result, bool fail_on_warn) {
    bool undecided = false;
    for (const rules::RuleResult& r : result.rules)
        undecided = undecided || r.verdict == rules::Verdict::undecided;
    if (result.verdict == rules::Verdict::fail)
        return 1;
    if (fail_on_warn)
        for (const rules::RuleResult& r : result.rules)
            if (r.verdict == rules::Verdict::warn)
                return 1;
    return undecided ? 4 : 0;
}

} // namespace

int run_check(const CheckArguments& arguments, Console& console) {
    check_outputs(arguments.common, {"text", "json", "csv", "gpkg"});
    const project::Project project = project::load_project(arguments.project);
    console.prefer_lang(project.lang);
    RememberedRun remembered(arguments.common, console);

    rules::CheckOptions options;
    options.jobs = jobs_of(arguments.common);
    options.batch_features = arguments.batch_features;
    options.trust_geometry = arguments.trust_geometry;
    options.only_rules = arguments.rules;
    options.memo = remembered.memo();
    options.progress = [&](const std::string& what, std::uint64_t done, std::uint64_t total) {
        keep_within_memory(arguments.common.memory_bytes);
        console.progress(what, done, total);
    };
    const rules::CheckResult result = rules::check(project, options);
    write_outputs(arguments.common,
                  {{"text", [&] { return reports::check_text(result, console.text_style()); }, {}},
                   {"json", [&] { return reports::check_json(result, console.lang()); }, {}},
                   {"csv", [&] { return reports::check_csv(result, console.lang()); }, {}},
                   {"gpkg", {}, [&](const std::string& path) { reports::check_gpkg(result, path, console.lang()); }}},
                  console);
    remembered.save();
    return exit_code_of(result, arguments.fail_on_warn);
}

} // namespace corebelt::cli
