#include "rules/plan.hpp"

#include <cstdio>
#include <stdexcept>
#include <utility>

namespace corebelt::test {

Plan::Plan() {
    project.path = "plan.toml";
    project.crs_text = "EPSG:4543";
    project.crs = geo::Crs::parse(project.crs_text);
    project.area = geo::AreaMethod::planar;
    project.as_of = "2026-11-22";
}

project::Layer& Plan::layer(const std::string& key, const std::string& theme, layers::Table table) {
    project::Layer layer;
    layer.key = key;
    layer.source = key + ".gpkg";
    layer.path = "/" + layer.source;
    layer.theme = theme;
    for (const auto& field : table.info.fields) {
        if (field.name == "code")
            layer.id_field = "code";
        if (field.name == "name")
            layer.name_field = "name";
        if (field.name == "use") {
            layer.class_field = "use";
            layer.scheme = "YDYH2023";
        }
    }
    tables[layer.path] = std::move(table);
    project.layers.push_back(std::move(layer));
    return project.layers.back();
}

project::Rule& Plan::rule(const std::string& id, const std::string& kind, project::RuleKind what,
                          const std::string& subject) {
    project::Rule rule;
    rule.id = id;
    rule.kind = kind;
    rule.what = std::move(what);
    rule.subject = select(subject);
    rule.binding = true;
    rule.verified = true;
    project.rules.push_back(std::move(rule));
    return project.rules.back();
}

namespace {

/// A source that owns its table.
class OwnedSource final : public layers::BatchSource {
public:
    OwnedSource(layers::Table table, std::size_t batch)
        : table_(std::move(table)), source_(layers::source_over(table_, batch)) {}
    [[nodiscard]] const layers::LayerInfo& info() const override { return source_->info(); }
    bool next(layers::Batch& batch) override { return source_->next(batch); }
    [[nodiscard]] const layers::DoorCounts& counts() const override { return source_->counts(); }
    [[nodiscard]] const layers::IssueLog& issues() const override { return source_->issues(); }

private:
    layers::Table table_;
    std::unique_ptr<layers::BatchSource> source_;
};

} // namespace

rules::CheckResult Plan::check(unsigned jobs, std::uint32_t batch, std::uint32_t shuffle_seed) const {
    rules::LayerAccess access;
    access.open = [&](const std::string& path, const layers::OpenOptions&) -> std::unique_ptr<layers::BatchSource> {
        const auto& table = tables.at(path);
        return std::make_unique<OwnedSource>(shuffle_seed == 0 ? table : shuffled(table, shuffle_seed), batch);
    };
    access.sha256 = [](const std::string& path) { return "sha of " + path; };
    rules::CheckOptions with = options;
    with.jobs = jobs;
    with.batch_features = batch;
    return rules::check(project, with, access);
}

rules::RuleResult Plan::check_one() const {
    auto result = check();
    if (result.rules.size() != 1)
        throw std::logic_error("one rule expected");
    return std::move(result.rules[0]);
}

std::string verdicts(const rules::RuleResult& rule) {
    std::string text;
    for (const auto& subject : rule.subjects)
        text += (text.empty() ? "" : " ") + std::string(rules::name_of(subject.verdict));
    return text;
}

namespace {

std::string number(double value) {
    char text[64];
    std::snprintf(text, sizeof text, "%.17g", value);
    return text;
}

std::string number(const std::optional<double>& value) {
    return value ? number(*value) : "-";
}

std::string named(const rules::SubjectName& name) {
    return name.layer + '/' + name.id + '/' + name.name;
}

} // namespace

std::string dump(const rules::CheckResult& result) {
    std::string out = std::string(rules::name_of(result.verdict)) + ' ' + result.crs_label + '\n';
    for (const auto& input : result.inputs)
        out += "input " + input.name + ' ' + input.sha256 + ' ' + std::to_string(input.features) + ' ' +
               std::to_string(input.repaired) + ' ' + std::to_string(input.rejected) + '\n';
    for (const auto& rule : result.rules) {
        out += "rule " + rule.id + ' ' + std::string(rules::name_of(rule.verdict)) + ' ' + number(rule.measured) + ' ' +
               number(rule.error_bound) + ' ' + rule.note.en + rule.note.zh + '\n';
        for (const auto& s : rule.subjects)
            out += "  " + named(s.subject) + ' ' + std::string(rules::name_of(s.verdict)) + ' ' + number(s.measured) +
                   ' ' + number(s.error_bound) + ' ' + number(s.sensitivity) + ' ' + (s.near_limit ? "near" : "") +
                   ' ' + number(s.sliver_area_m2) + ' ' + std::to_string(s.sliver_count) + ' ' + number(s.planar_m2) +
                   ' ' + number(s.ellipsoidal_m2) + ' ' + s.note.en + s.note.zh + '\n';
        for (const auto& r : rule.readings)
            out += "  reading " + r.id + ' ' + named(r.subject) + ' ' + number(r.measured) + ' ' +
                   std::string(rules::name_of(r.verdict)) + '\n';
        for (const auto& f : rule.findings) {
            out += "  finding " + named(f.subject) + ' ' + (f.object ? named(*f.object) : "-") + ' ' +
                   number(f.measured) + ' ' + number(f.expected) + f.unit + ' ' + number(f.bbox.min_x) + ' ' +
                   number(f.bbox.min_y) + ' ' + number(f.bbox.max_x) + ' ' + number(f.bbox.max_y);
            for (const auto p : f.geometry.xy)
                out += ' ' + number(p.x) + ',' + number(p.y);
            out += '\n';
        }
        for (const auto& w : rule.waivers)
            out += "  waiver " + w.subject + ' ' + w.reason + '\n';
    }
    for (const auto& issue : result.issues)
        out += "issue " + issue.code + ' ' + issue.layer + ' ' + issue.feature + ' ' + issue.text.en + issue.text.zh +
               '\n';
    return out + std::to_string(result.kernel_pairs) + ' ' + std::to_string(result.kernel_cut) + ' ' +
           std::to_string(result.parity_violations) + '\n';
}

project::Selection select(const std::string& layer, const std::string& where, std::vector<std::string> classes) {
    return {layer, where, std::move(classes)};
}

} // namespace corebelt::test
