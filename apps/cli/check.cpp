#include "corebelt/rules/check.hpp"

#include "layer_formats.hpp"
#include "memory_limit.hpp"
#include "remembered_run.hpp"
#include "verbs.hpp"

#include "corebelt/layers/dataset.hpp"

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

/// What the project reads, itself included.
std::vector<std::string> inputs_of(const project::Project& project) {
    std::vector<std::string> inputs{project.path};
    for (const project::Layer& layer : project.layers) {
        inputs.push_back(layers::DatasetRef::parse(layer.path).dataset);
        inputs.push_back(layers::DatasetRef::parse(layer.coverage).dataset);
    }
    for (const project::TableRef& table : project.tables)
        inputs.push_back(layers::DatasetRef::parse(table.path).dataset);
    return inputs;
}

} // namespace

int run_check(const CheckArguments& arguments, Console& console) {
    const auto findings_options = layer_formats(arguments.overwrite);
    check_outputs(arguments.common, {"text", "json", "csv"}, names_of(findings_options));
    const project::Project project = project::load_project(arguments.project);
    console.prefer_lang(project.lang);
    spare_inputs(arguments.common.outputs, inputs_of(project));
    for (const std::string& path : arguments.common.outputs)
        if (const auto options = findings_options.find(format_of(path)); options != findings_options.end())
            reports::check_findings_place(path, options->second);
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
    std::vector<OutputFormat> formats{{"text", [&] { return reports::check_text(result, console.text_style()); }, {}},
                                      {"json", [&] { return reports::check_json(result, console.lang()); }, {}},
                                      {"csv", [&] { return reports::check_csv(result, console.lang()); }, {}}};
    for (const auto& [name, findings] : findings_options)
        formats.push_back({name, {}, [&, &options = findings](const std::string& path) {
                               console.warnings(reports::write_findings(result, path, options));
                           }});
    write_outputs(arguments.common, formats, console);
    remembered.save();
    return exit_code_of(result, arguments.fail_on_warn);
}

} // namespace corebelt::cli
