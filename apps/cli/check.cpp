#include "corebelt/rules/check.hpp"

#include "memory_limit.hpp"
#include "remembered_run.hpp"
#include "verbs.hpp"

#include "corebelt/layers/dataset.hpp"
#include "corebelt/layers/vector_file.hpp"

#include <fmt/format.h>

#include <array>
#include <filesystem>
#include <map>

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

/// Formats in which findings are layers. A file is replaced as by every -o; what is more than a file, or may hold other
/// people's data, only where the user says so.
struct FindingsFormat {
    const char* name;
    bool one_file;
};
constexpr std::array<FindingsFormat, 8> findings_formats{{{"gpkg", true},
                                                          {"shp", false},
                                                          {"geojson", true},
                                                          {"fgb", true},
                                                          {"kml", true},
                                                          {"dxf", true},
                                                          {"gdb", false},
                                                          {"postgis", false}}};

/// Findings must not take the place of what they were found in.
void spare_inputs(const std::vector<std::string>& outputs, const project::Project& project) {
    std::vector<std::string> inputs{project.path};
    for (const project::Layer& layer : project.layers) {
        inputs.push_back(layers::DatasetRef::parse(layer.path).dataset);
        inputs.push_back(layers::DatasetRef::parse(layer.coverage).dataset);
    }
    for (const project::TableRef& table : project.tables)
        inputs.push_back(layers::DatasetRef::parse(table.path).dataset);
    for (const std::string& output : outputs)
        for (const std::string& input : inputs) {
            std::error_code not_both_there;
            if (std::filesystem::equivalent(output, input, not_both_there))
                throw Error(ErrorKind::usage, "output-is-input",
                            {fmt::format("-o {}: the project reads this file; choose another name", output),
                             fmt::format("-o {}：该文件是本项目的输入，请另取文件名", output)});
        }
}

} // namespace

int run_check(const CheckArguments& arguments, Console& console) {
    std::map<std::string, layers::VectorFileOptions> findings_options;
    std::vector<std::string> findings_names;
    for (const FindingsFormat& format : findings_formats) {
        findings_names.emplace_back(format.name);
        findings_options[format.name].overwrite = arguments.overwrite || format.one_file;
    }
    check_outputs(arguments.common, {"text", "json", "csv"}, findings_names);
    const project::Project project = project::load_project(arguments.project);
    console.prefer_lang(project.lang);
    spare_inputs(arguments.common.outputs, project);
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
