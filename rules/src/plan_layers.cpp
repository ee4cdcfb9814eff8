#include "plan_layers.hpp"

#include "attribute.hpp"

#include "corebelt/geo/error.hpp"
#include "corebelt/geo/expects.hpp"
#include "corebelt/geo/nearest_name.hpp"
#include "corebelt/geo/transform.hpp"
#include "corebelt/layers/connection.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

namespace corebelt::rules {

namespace {

/// Edges over 100 m keep within this distance of their curve when a layer arrives in another CRS.
constexpr double chord_error_m = 0.001;

bool is_dataset(const std::string& coverage) {
    return !coverage.empty() && coverage != "declared";
}

layers::Issue layer_issue(const char* code, const std::string& layer, Text text) {
    layers::Issue issue{code, layer, {}, {}, {}};
    issue.text = std::move(text);
    return issue;
}

} // namespace

Held::Held(const Chosen& chosen, const std::string& group_field, const Remembered& remembered)
    : remembered_(remembered) {
    std::vector<std::uint8_t> rows;
    for (std::size_t l = 0; l < chosen.layers.size(); ++l) {
        const PlanLayer& layer = *chosen.layers[l];
        COREBELT_EXPECTS(layer.table.has_value());
        const layers::Batch& batch = layer.table->rows;
        const auto& doubtful = layer.table->counts.doubtful_fids;
        const FeatureNames names(layer, batch, group_field);
        chosen.choosers[l].choose(batch, rows);
        const bool all = chosen.layers.size() == 1 && std::all_of(rows.begin(), rows.end(), [](auto r) { return r; });
        for (std::size_t row = 0; row < batch.size(); ++row) {
            if (rows[row] == 0)
                continue;
            const bool doubted = std::find(doubtful.begin(), doubtful.end(), batch.fid[row]) != doubtful.end();
            features_.push_back({&layer, batch.fid[row], names.id(row), names.group(row), names.name(row), doubted});
            if (!all)
                own_.append(batch.shapes[row]);
        }
        if (all)
            shapes_ = &batch.shapes;
    }
    if (shapes_ == nullptr)
        shapes_ = &own_;
}

const geo::ControlSet& Held::areas() const {
    std::call_once(areas_made_, [this] {
        areas_ = std::make_unique<geo::ControlSet>(geo::ControlSet::prepared_when_asked(*shapes_));
    });
    return *areas_;
}

const HeldKeys& Held::keys() const {
    std::call_once(keys_made_, [this] { keys_ = remembered_.keys_of(*shapes_); });
    return keys_;
}

Against Held::against() const {
    return {areas(), keys()};
}

Asked Held::asked(std::size_t i) const {
    return {(*shapes_)[i], keys().each[i]};
}

const geo::EdgeSet& Held::edges() const {
    std::call_once(edges_made_, [this] { edges_ = std::make_unique<geo::EdgeSet>(*shapes_); });
    return *edges_;
}

FeatureNames::FeatureNames(const PlanLayer& layer, const layers::Batch& batch, const std::string& group_field)
    : batch_(batch) {
    if (!layer.layer.id_field.empty())
        id_ = batch.find(layer.layer.file_field(layer.layer.id_field));
    if (!layer.layer.name_field.empty())
        name_ = batch.find(layer.layer.file_field(layer.layer.name_field));
    if (!group_field.empty())
        group_ = batch.find(layer.layer.file_field(group_field));
}

layers::Value FeatureNames::id(std::size_t row) const {
    return key_of(batch_, id_, row);
}

std::string FeatureNames::name(std::size_t row) const {
    return name_ == nullptr ? std::string() : layers::to_string(name_->value(row));
}

layers::Value FeatureNames::group(std::size_t row) const {
    return group_ == nullptr ? layers::Value{} : key_of(batch_, group_, row);
}

PlanLayers::PlanLayers(const project::Project& project, const CheckOptions& options, const LayerAccess& access)
    : project_(project), options_(options), access_(access) {
    if (project.structure)
        group_field_ = project.structure->group;
    for (const auto& layer : project.layers) {
        probe(layer);
        if (!is_dataset(layer.coverage))
            continue;
        project::Layer coverage;
        coverage.key = layer.key + ".coverage";
        coverage.source = layers::without_password(layer.coverage);
        coverage.path = layer.coverage;
        coverage.encoding = layer.encoding;
        probe(coverage);
    }
    choose_crs();
    remembered_.emplace(options.memo, *crs_, project.area, true); // both surfaces are measured
    for (const auto& layer : layers_)
        if (!judge_offset(*layer))
            judge_transform(*layer);
}

PlanLayer& PlanLayers::probe(const project::Layer& layer) {
    auto plan = std::make_unique<PlanLayer>();
    plan->layer = layer;
    plan->number = static_cast<std::uint32_t>(layers_.size());
    layers::OpenOptions options;
    options.label = layer.key;
    options.all_fields = true;
    if (!layer.encoding.empty())
        options.encoding = layer.encoding;
    if (!layer.crs.empty())
        options.declared_crs = geo::Crs::parse(layer.crs);
    options.declared_offset = layer.offset;
    plan->stamps = layers::FileStamps(layers::DatasetRef::parse(layer.path).dataset);
    plan->info = access_.open(layer.path, options)->info();
    for (const auto* field : {&layer.id_field, &layer.name_field})
        if (!field->empty())
            want_field(*plan, layer.file_field(*field));
    layers_.push_back(std::move(plan));
    return *layers_.back();
}

void PlanLayers::choose_crs() {
    crs_ = project_.crs;
    const auto take = [this](const PlanLayer& layer) {
        if (!crs_ && layer.info.crs)
            crs_ = layer.info.crs;
    };
    for (const auto& layer : layers_)
        if (layer->layer.theme == "zone" || layer->layer.theme == "park")
            take(*layer);
    for (const auto& layer : layers_)
        take(*layer);
    if (!crs_)
        crs_ = geo::Crs::parse("EPSG:4490"); // a project without layers: nothing is measured
}

/// One layer in another strip than the work: nothing is wrong, but its planar numbers differ from its supplier's.
void PlanLayers::judge_zone(const PlanLayer& layer) {
    const auto& own = layer.info.crs ? layer.info.crs->gauss_krueger() : std::nullopt;
    const auto& work = crs_->gauss_krueger();
    if (!own || !work || own->central_meridian_deg == work->central_meridian_deg)
        return;
    const std::string from = fmt::format("{:g}°E", own->central_meridian_deg);
    const std::string to = fmt::format("{:g}°E", work->central_meridian_deg);
    issues_.add(layer_issue("layer-of-another-zone", layer.key(),
                            {"its central meridian is " + from + ", the project works in the strip of " + to +
                                 ": ellipsoidal areas do not depend on the strip; planar areas and lengths of the two "
                                 "strips must not be compared",
                             "中央经线为 " + from + "，项目在中央经线 " + to +
                                 " 的投影带内计算：椭球面积与分带无关，两带的平面面积和长度不可直接比较"}));
}

/// Offset coordinates cannot be judged by, whatever CRS they claim.
bool PlanLayers::judge_offset(PlanLayer& layer) {
    if (layer.info.offset.empty())
        return false;
    layer.unusable = Text{"layer " + layer.key() + " is in " + layer.info.offset + " (" + layer.info.offset_why.en +
                              "): offset coordinates are no ground for a verdict; deliver survey coordinates",
                          "图层 " + layer.key() + " 的坐标为 " + layer.info.offset + "（" + layer.info.offset_why.zh +
                              "），含偏移，不能据以判定；请提供测绘成果坐标"};
    issues_.add(layer_issue("offset-coordinates", layer.key(), *layer.unusable));
    return true;
}

void PlanLayers::judge_transform(PlanLayer& layer) {
    if (!layer.info.crs || layer.info.crs->same_as(*crs_))
        return;
    const std::string from = layer.info.crs->label();
    const std::string to = crs_->label();
    try {
        const geo::Transform tried(*layer.info.crs, *crs_);
    } catch (const Error& error) {
        if (error.code() != "ballpark-transform")
            throw;
        layer.unusable = Text{"layer " + layer.key() + " is in " + from +
                                  ", and there is no accurate transformation to " + to + "; deliver it in " + to,
                              "图层 " + layer.key() + " 的坐标系为 " + from + "，无法精确转换到 " + to + "；请提供 " +
                                  to + " 坐标系的数据"};
        issues_.add(layer_issue("ballpark-transform", layer.key(), *layer.unusable));
        return;
    }
    issues_.add(layer_issue("layer-transformed", layer.key(),
                            {"transformed from " + from + " to " + to +
                                 "; edges over 100 m were densified to keep within 1 mm of their course",
                             "已由 " + from + " 转换到 " + to + "；长度超过 100 米的边已加密，弦差不大于 1 毫米"}));
    judge_zone(layer);
}

void PlanLayers::want_field(PlanLayer& layer, const std::string& file_field) const {
    std::vector<std::string> names;
    for (const auto& field : layer.info.fields)
        names.push_back(field.name);
    if (std::find(names.begin(), names.end(), file_field) != names.end()) {
        layer.wanted.insert(file_field);
        return;
    }
    Text text{"layer " + layer.key() + " (" + layer.layer.source + ") has no field \"" + file_field + "\"",
              "图层 " + layer.key() + "（" + layer.layer.source + "）中没有字段“" + file_field + "”"};
    if (const auto nearest = geo::nearest_name(file_field, names)) {
        text.en += "; did you mean \"" + *nearest + "\"?";
        text.zh += "，是否为“" + *nearest + "”？";
    }
    throw Error(ErrorKind::usage, "unknown-field", std::move(text));
}

Chosen PlanLayers::bind(const project::Selection& selection, bool held) {
    Chosen chosen;
    for (const auto* found : project_.resolve(selection.layer)) {
        const auto at =
            std::find_if(layers_.begin(), layers_.end(), [&](const auto& layer) { return layer->key() == found->key; });
        COREBELT_EXPECTS(at != layers_.end());
        PlanLayer& layer = **at;
        if (layer.unusable)
            throw Unavailable{*layer.unusable};
        chosen.layers.push_back(&layer);
        chosen.choosers.emplace_back(layer.layer, selection, layer.info.fields);
        for (const auto& field : chosen.choosers.back().fields())
            want_field(layer, field);
        const std::string group = group_field_.empty() ? std::string() : layer.layer.file_field(group_field_);
        for (const auto& field : layer.info.fields)
            if (field.name == group)
                layer.wanted.insert(group);
        layer.held = layer.held || held;
        chosen.label += layer.key() + '\n';
    }
    if (chosen.layers.empty())
        throw Unavailable{{"the project has no layer \"" + selection.layer + "\"",
                           "项目中没有图层（或主题）“" + selection.layer + "”"}};
    chosen.label += "\n" + selection.where + "\n";
    for (const auto& code : selection.classes)
        chosen.label += code + ',';
    return chosen;
}

Chosen PlanLayers::bind_coverage(const PlanLayer& layer) {
    COREBELT_EXPECTS(is_dataset(layer.layer.coverage));
    PlanLayer& coverage = *layers_[layer.number + 1];
    if (coverage.unusable)
        throw Unavailable{*coverage.unusable};
    coverage.held = true;
    Chosen chosen;
    chosen.layers.push_back(&coverage);
    chosen.choosers.emplace_back(coverage.layer, project::Selection{}, coverage.info.fields);
    chosen.label = coverage.key() + '\n';
    return chosen;
}

void PlanLayers::want(const Chosen& chosen, const std::string& field) {
    for (auto* layer : chosen.layers)
        want_field(*layer, layer->layer.file_field(field));
}

layers::OpenOptions PlanLayers::options_for(const PlanLayer& layer) const {
    layers::OpenOptions options;
    options.label = layer.key();
    options.target_crs = crs_;
    options.max_chord_error_m = chord_error_m;
    options.fields.assign(layer.wanted.begin(), layer.wanted.end());
    options.where = in_file_names(layer.layer.where, layer.layer.fields);
    options.trust_geometry = options_.trust_geometry;
    options.batch_features = options_.batch_features;
    options.memo = options_.memo;
    if (!layer.layer.encoding.empty())
        options.encoding = layer.layer.encoding;
    if (!layer.layer.crs.empty())
        options.declared_crs = geo::Crs::parse(layer.layer.crs);
    options.declared_offset = layer.layer.offset;
    return options;
}

void PlanLayers::read_held() {
    for (const auto& layer : layers_) {
        if (!layer->held)
            continue;
        if (options_.progress)
            options_.progress(layer->key(), 0, layers::expected_rows(layer->info));
        const auto source = access_.open(layer->layer.path, options_for(*layer));
        layer->table = layers::read_all(*source, options_.jobs);
        finish_reading(*layer, *source);
    }
}

std::shared_ptr<const Held> PlanLayers::hold(const Chosen& chosen) {
    auto& held = held_[chosen.label];
    if (!held)
        held = std::make_shared<Held>(chosen, group_field_, *remembered_);
    return held;
}

std::unique_ptr<layers::BatchSource> PlanLayers::stream(PlanLayer& layer) {
    if (layer.table)
        return layers::source_over(
            *layer.table, layers::batch_for_threads(layer.table->rows.size(), options_.jobs, options_.batch_features));
    return access_.open(layer.layer.path, options_for(layer));
}

void PlanLayers::finish_reading(PlanLayer& layer, const layers::BatchSource& source) {
    if (std::exchange(layer.was_read, true))
        return;
    layer.counts = source.counts();
    issues_.merge(source.issues());
}

std::vector<InputRecord> PlanLayers::records() const {
    std::vector<InputRecord> records;
    for (const auto& layer : layers_) {
        InputRecord record;
        record.name = layer->key();
        record.source = layer->layer.source;
        record.sha256 = access_.sha256(layer->layer.path);
        layer->stamps.require_unchanged();
        record.crs = layer->info.crs ? layer->info.crs->label() : "";
        record.encoding = layer->info.encoding;
        record.encoding_why = layer->info.encoding_why;
        record.features = layer->was_read ? layer->counts.features : layers::expected_rows(layer->info);
        record.repaired = layer->counts.repaired;
        record.rejected = layer->counts.rejected;
        records.push_back(std::move(record));
    }
    return records;
}

} // namespace corebelt::rules
