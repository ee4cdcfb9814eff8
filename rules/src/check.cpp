#include "corebelt/rules/check.hpp"

#include "coverage.hpp"
#include "evaluation.hpp"
#include "judge.hpp"

#include "corebelt/geo/error.hpp"
#include "corebelt/geo/expects.hpp"
#include "corebelt/geo/nearest_name.hpp"
#include "corebelt/geo/stop.hpp"
#include "corebelt/layers/sink.hpp"

#include <algorithm>
#include <filesystem>
#include <future>
#include <map>
#include <utility>

namespace corebelt::rules {

namespace {

/// A rule of the project: being evaluated, or already answered (off, or an input is missing).
struct RuleInHand {
    const project::Rule* rule;
    std::unique_ptr<RuleEvaluation> evaluation;
    std::optional<RuleOutcome> answered;
};

std::unique_ptr<RuleEvaluation> make_evaluation(const Context& context, const project::Rule& rule,
                                                Coverages& coverages) {
    struct Maker {
        const Context& context;
        const project::Rule& rule;
        Coverages& coverages;
        using Made = std::unique_ptr<RuleEvaluation>;

        Made operator()(const project::ShareRule&) const { return make_share_evaluation(context, rule, coverages); }
        Made operator()(const project::NoOverlapRule&) const { return make_overlap_evaluation(context, rule); }
        Made operator()(const project::WithinRule&) const { return make_overlap_evaluation(context, rule); }
        Made operator()(const project::AreaMatchRule&) const { return make_area_match_evaluation(context, rule); }
        Made operator()(const project::CountRule&) const { return make_count_evaluation(context, rule); }
        Made operator()(const project::AdjacentRule&) const { return make_boundary_evaluation(context, rule); }
        Made operator()(const project::DistanceRule&) const { return make_boundary_evaluation(context, rule); }
        Made operator()(const project::StructureRule&) const { return make_structure_evaluation(context, rule); }
    };
    return std::visit(Maker{context, rule, coverages}, rule.what);
}

RuleInHand take_up(const Context& context, const project::Rule& rule, Coverages& coverages) {
    RuleInHand in_hand{&rule, nullptr, std::nullopt};
    if (!rule.off_reason.empty()) {
        in_hand.answered = without_subjects(rule, Verdict::not_applicable,
                                            {"switched off: " + rule.off_reason, "已停用：" + rule.off_reason});
        return in_hand;
    }
    try {
        in_hand.evaluation = make_evaluation(context, rule, coverages);
    } catch (const Unavailable& missing) {
        RuleResult result = begin_result(rule);
        in_hand.answered = without_subjects(rule, Verdict::undecided, missing.why);
    }
    return in_hand;
}

std::vector<const project::Rule*> chosen_rules(const project::Project& project, const CheckOptions& options) {
    std::vector<std::string> ids;
    std::vector<const project::Rule*> rules;
    for (const auto& rule : project.rules) {
        ids.push_back(rule.id);
        if (options.only_rules.empty() ||
            std::find(options.only_rules.begin(), options.only_rules.end(), rule.id) != options.only_rules.end())
            rules.push_back(&rule);
    }
    for (const auto& wanted : options.only_rules) {
        if (std::find(ids.begin(), ids.end(), wanted) != ids.end())
            continue;
        Text text{project.path + " has no rule \"" + wanted + "\"", project.path + " 中没有规则“" + wanted + "”"};
        if (const auto nearest = geo::nearest_name(wanted, ids)) {
            text.en += "; did you mean \"" + *nearest + "\"?";
            text.zh += "，是否为“" + *nearest + "”？";
        }
        throw Error(ErrorKind::usage, "unknown-rule", std::move(text));
    }
    return rules;
}

/// One thread's work on one layer: every rule that reads it gets each batch.
class LayerFold {
public:
    LayerFold(const PlanLayer& layer, const Context& context, const std::vector<StreamUser*>& users)
        : layer_(layer), context_(context), tools_(context) {
        for (const auto* user : users)
            gatherers_.push_back(user->gather(layer));
    }
    void add(const ReadBatch& batch) {
        BatchView view(layer_, batch, context_, tools_);
        for (const auto& gatherer : gatherers_)
            gatherer->add(view);
    }
    [[nodiscard]] const std::vector<std::unique_ptr<Gatherer>>& gatherers() const { return gatherers_; }
    [[nodiscard]] ThreadTools& tools() { return tools_; }

private:
    const PlanLayer& layer_;
    const Context& context_;
    ThreadTools tools_;
    std::vector<std::unique_ptr<Gatherer>> gatherers_;
};

/// Reads each layer that some rule streams, once.
void stream_layers(const Context& context, const std::vector<StreamUser*>& all, ThreadTools& tools) {
    for (const auto& layer : context.layers.all()) {
        std::vector<StreamUser*> users;
        std::copy_if(all.begin(), all.end(), std::back_inserter(users),
                     [&](const StreamUser* user) { return user->reads(*layer); });
        if (users.empty())
            continue;
        const auto source = context.layers.stream(*layer);
        std::vector<std::unique_ptr<LayerFold>> folds;
        for (unsigned job = 0; job < context.options.jobs; ++job)
            folds.push_back(std::make_unique<LayerFold>(*layer, context, users));
        Progress progress;
        if (context.options.progress)
            progress = [&](std::uint64_t done, std::uint64_t total) {
                context.options.progress(layer->key(), done, total);
            };
        read_into(*source, folds, progress);
        context.layers.finish_reading(*layer, *source);
        for (const auto& fold : folds) {
            for (std::size_t u = 0; u < users.size(); ++u)
                users[u]->absorb(*fold->gatherers()[u]);
            tools.counts += fold->tools().counts;
            tools.issues.merge(fold->tools().issues);
        }
    }
}

/// Digests of the inputs, worked out on a thread of their own while the layers are read and the rules judged.
class DigestsAhead {
public:
    explicit DigestsAhead(const LayerAccess& access) : access_(access) {}

    /// @pre the layers' files are watched for changes from before this call until after of().
    void begin(const PlanLayers& layers) {
        std::vector<std::string> paths;
        for (const auto& layer : layers.all())
            paths.push_back(layer->layer.path);
        ahead_ = std::async(std::launch::async, [this, paths = std::move(paths)] {
            std::map<std::string, std::string> digests;
            for (const auto& path : paths)
                if (!digests.contains(path))
                    digests[path] = access_.sha256(path);
            return digests;
        });
    }
    [[nodiscard]] std::string of(const std::string& path) {
        if (!ahead_.valid())
            return access_.sha256(path);
        return ahead_.get().at(path);
    }

private:
    const LayerAccess& access_;
    std::shared_future<std::map<std::string, std::string>> ahead_;
};

/// Listing order, each thing once: several rules may come upon the same one.
std::vector<layers::Issue> listed(const layers::IssueLog& log) {
    auto issues = log.sorted();
    const auto same = [](const layers::Issue& a, const layers::Issue& b) { return !(a < b) && !(b < a); };
    issues.erase(std::unique(issues.begin(), issues.end(), same), issues.end());
    return issues;
}

} // namespace

LayerAccess LayerAccess::files() {
    LayerAccess access;
    access.open = [](const std::string& path, const layers::OpenOptions& options) {
        return layers::open_layer(path, options);
    };
    access.sha256 = [](const std::string& path) {
        const std::string file = layers::DatasetRef::parse(path).dataset;
        return std::filesystem::exists(file) ? layers::sha256_of(file) : std::string();
    };
    return access;
}

CheckResult check(const project::Project& project, const CheckOptions& options) {
    return check(project, options, LayerAccess::files());
}

CheckResult check(const project::Project& project, const CheckOptions& options, const LayerAccess& access) {
    COREBELT_EXPECTS(options.jobs > 0);
    const auto rules = chosen_rules(project, options);
    DigestsAhead digests(access);
    LayerAccess with_digests = access;
    with_digests.sha256 = [&digests](const std::string& path) { return digests.of(path); };
    PlanLayers layers(project, options, with_digests);
    if (options.jobs > 1)
        digests.begin(layers);
    const Surfaces surfaces(layers.crs(), project.area);
    const Context context{project, options, layers, surfaces, layers.remembered()};

    Coverages coverages;
    std::vector<RuleInHand> in_hand;
    std::vector<StreamUser*> users;
    for (const auto* rule : rules) {
        in_hand.push_back(take_up(context, *rule, coverages));
        if (in_hand.back().evaluation)
            users.push_back(in_hand.back().evaluation.get());
    }
    for (const auto& coverage : coverages.all())
        users.push_back(coverage.get());

    layers.read_held();
    for (auto* user : users)
        user->prepare();
    ThreadTools tools(context);
    stream_layers(context, users, tools);

    CheckResult result;
    result.project_title = project.title;
    result.project_path = project.path;
    result.as_of = project.as_of;
    result.note = project.note;
    result.crs_label = layers.crs().label();
    result.crs_wkt = layers.crs().wkt();
    result.crs_name = layers.crs().name();
    result.area = project.area;
    for (auto& rule : in_hand) {
        throw_if_stopped();
        if (options.progress)
            options.progress(rule.rule->id, 0, 0);
        RuleOutcome outcome = rule.answered ? std::move(*rule.answered) : rule.evaluation->finish(tools);
        result.verdict = worse(result.verdict, outcome.counted);
        result.rules.push_back(std::move(outcome.result));
    }
    result.inputs = layers.records();
    layers.issues().merge(tools.issues);
    result.issues = listed(layers.issues());
    result.kernel_pairs = tools.counts.pairs;
    result.kernel_cut = tools.counts.cut;
    result.parity_violations = tools.counts.parity_violations;
    return result;
}

} // namespace corebelt::rules
