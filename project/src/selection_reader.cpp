#include "selection_reader.hpp"

#include "table_reader.hpp"

#include "corebelt/geo/error.hpp"
#include "corebelt/geo/nearest_name.hpp"
#include "corebelt/layers/filter.hpp"
#include "corebelt/layers/land_use.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

namespace corebelt::project {

namespace {

using layers::LandUseScheme;

bool contains(const std::vector<std::string>& names, const std::string& name) {
    return std::find(names.begin(), names.end(), name) != names.end();
}

void require_layer(const std::string& name, const Place& place, const Project& project) {
    if (project.find_layer(name) != nullptr || contains(themes(), name))
        return;
    std::vector<std::string> known;
    for (const Layer& layer : project.layers)
        known.push_back(layer.key);
    known.insert(known.end(), themes().begin(), themes().end());
    const std::string nearest = geo::nearest_name(name, known).value_or("");
    fail(place, "unknown-layer",
         fmt::format("\"{}\" is neither a layer of this project nor a theme; the nearest is \"{}\"", name, nearest),
         fmt::format("“{}”既不是本项目的图层，也不是主题名，最接近的是“{}”", name, nearest));
}

/// The layers meant; two layers of one theme without `union` are refused here, with the place.
std::vector<const Layer*> layers_of(const std::string& name, const Place& place, const Project& project) {
    require_layer(name, place, project);
    try {
        return project.resolve(name);
    } catch (const Error& error) {
        fail(place, error.code(), error.text().en, error.text().zh);
    }
}

void require_class(const std::string& code, const LandUseScheme& scheme, const Place& place) {
    if (scheme.find(code) != nullptr)
        return;
    std::vector<std::string> codes;
    for (const layers::LandUseClass& c : scheme.classes())
        codes.push_back(c.code);
    const std::string nearest = geo::nearest_name(code, codes).value_or("");
    const layers::LandUseClass* const found = scheme.find(nearest);
    fail(place, "unknown-class",
         fmt::format("scheme {} has no class \"{}\"; the nearest is \"{}\" ({})", scheme.name(), code, nearest,
                     found->name_en),
         fmt::format("分类标准 {} 中没有编码“{}”，最接近的是“{}”（{}）", scheme.name(), code, nearest, found->name_zh));
}

/// Classes need a layer whose scheme says what the codes mean.
void require_classes(const Selection& selection, const std::vector<std::string>& schemes, const Place& place,
                     const Project& project) {
    const auto layers = layers_of(selection.layer, place, project);
    for (const Layer* layer : layers) {
        if (layer->scheme.empty())
            fail(
                place, "missing-scheme",
                fmt::format("class codes mean nothing without a scheme; give [layers.{}] scheme and class_field",
                            layer->key),
                fmt::format("没有分类标准，编码就没有含义；请在 [layers.{}] 中写明 scheme 与 class_field", layer->key));
        if (!schemes.empty() && !contains(schemes, layer->scheme))
            fail(place, "scheme-mismatch",
                 fmt::format("these codes are of scheme {}, but layer \"{}\" uses {}; override this selection or turn "
                             "the rule off in [profile]",
                             fmt::join(schemes, " or "), layer->key, layer->scheme),
                 fmt::format("这些编码属于分类标准 {}，而图层“{}”采用 {}；请改写此处，或在 [profile] 中关闭该规则",
                             fmt::join(schemes, "、"), layer->key, layer->scheme));
        for (const std::string& code : selection.classes)
            require_class(code, LandUseScheme::get(layer->scheme), place);
    }
    if (layers.empty())
        for (const std::string& scheme : schemes)
            for (const std::string& code : selection.classes)
                require_class(code, LandUseScheme::get(scheme), place);
}

std::vector<std::string> read_schemes(const TableReader& table) {
    const Value* const value = table.find("scheme");
    if (value == nullptr)
        return {};
    std::vector<std::string> schemes =
        value->type == Value::Type::array ? table.texts("scheme") : std::vector{table.text("scheme")};
    for (const std::string& scheme : schemes) {
        if (!contains(LandUseScheme::names(), scheme)) {
            const NotOneOf answer = not_one_of(scheme, LandUseScheme::names());
            table.bad_value("scheme", answer.en, answer.zh);
        }
    }
    if (!table.has("class"))
        table.missing("class", ": scheme says which codes are meant", "：scheme 用来说明编码属于哪个分类标准");
    return schemes;
}

} // namespace

void require_filter(const std::string& filter, const Place& place) {
    try {
        static_cast<void>(layers::Filter::fields_of(filter));
    } catch (const Error& error) {
        fail(place, error.code(), error.text().en, error.text().zh);
    }
}

Selection read_selection(const Value& value, const std::string& key, const Text& owner, const Project* project) {
    Selection selection;
    if (value.type == Value::Type::text) {
        if (value.text.empty())
            fail(value.place, "bad-value", fmt::format("\"{}\" in {}: must not be empty", key, owner.en),
                 fmt::format("{}的“{}”：不能为空", owner.zh, key));
        selection.layer = value.text;
        if (project != nullptr)
            static_cast<void>(layers_of(selection.layer, value.place, *project));
        return selection;
    }
    if (value.type != Value::Type::table)
        fail(value.place, "wrong-type",
             fmt::format("\"{}\" in {} must be a layer name or a table {{ layer, where, class }}, not {}", key,
                         owner.en, name_of(value.type).en),
             fmt::format("{}的“{}”应为图层名，或形如 {{ layer, where, class }} 的表，实际为{}", owner.zh, key,
                         name_of(value.type).zh));
    const Text name = {fmt::format("\"{}\" of {}", key, owner.en), fmt::format("{}的“{}”", owner.zh, key)};
    const TableReader table(value, name, {"layer", "where", "class", "scheme"});
    selection.layer = table.text("layer");
    selection.where = table.text_or_empty("where");
    if (!selection.where.empty())
        require_filter(selection.where, table.place("where"));
    selection.classes = table.texts("class");
    if (table.has("class") && selection.classes.empty())
        table.bad_value("class", "names no class; leave the key out for all", "没有列出编码；如需全部，请删去该键");
    const auto schemes = read_schemes(table);
    if (project != nullptr) {
        static_cast<void>(layers_of(selection.layer, table.place("layer"), *project));
        if (!selection.classes.empty())
            require_classes(selection, schemes, table.place("class"), *project);
    }
    return selection;
}

} // namespace corebelt::project
