#include "recognition.hpp"

#include "corebelt/layers/dataset.hpp"
#include "corebelt/layers/land_use.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <string_view>
#include <vector>

namespace corebelt::cli {

namespace {

/// One way to know a theme: words in the layer's or the file's name, or one of the fields.
struct Sign {
    const char* theme;
    const char* key;
    std::vector<std::string_view> names; ///< parts of a name, upper case
    std::vector<std::string_view> fields;
};

/// In order of certainty: a farmland layer carries DLBM like any survey layer, so it is asked first.
const std::vector<Sign>& signs() {
    static const std::vector<Sign> list{
        {"permanent-farmland",
         "farmland",
         {"YJJBNT", "JBNTBH", "基本农田", "FARMLAND"},
         {"YJJBNTTBBH", "YJJBNTTBMJ", "YJJBNTMJ", "JBNTMJ", "JBNTTBBH"}},
        {"eco-redline", "redline", {"STBHHX", "生态保护红线", "生态红线", "REDLINE"}, {"STBHHXLX"}},
        {"growth-boundary", "growth", {"CZKFBJ", "CSKFBJ", "开发边界", "GROWTH"}, {"GHFQDM", "GHFQMC"}},
        {"landuse-planned", "parcels", {}, {"YDYHFLDM", "YDYHDM", "GHYDLBDM", "GHDLBM", "GHFLDM2", "GHFLDM1"}},
        {"landuse-current", "current", {}, {"DLBM", "JQDLBM"}},
        {"zone", "zones", {"KFYQ", "KFQFW", "开发区范围", "园区范围", "片区", "ZONES"}, {"KFYQMC", "KFQMC", "YQMC"}},
        {"road", "roads", {"道路", "ROADS"}, {}},
    };
    return list;
}

std::string upper(std::string text) {
    for (char& c : text)
        if (c >= 'a' && c <= 'z')
            c = static_cast<char>(c - 'a' + 'A');
    return text;
}

/// The file's spelling of a field, empty where there is none.
std::string field_called(const layers::LayerInfo& layer, std::string_view name) {
    for (const layers::Field& field : layer.fields)
        if (upper(field.name) == name)
            return field.name;
    return {};
}

std::string first_field(const layers::LayerInfo& layer, const std::vector<std::string_view>& names) {
    for (const std::string_view name : names)
        if (std::string found = field_called(layer, name); !found.empty())
            return found;
    return {};
}

/// The scheme that knows most of the codes; of equals the first.
std::string scheme_of(const std::string& source, const std::string& field, bool planned) {
    layers::OpenOptions options;
    options.fields = {field};
    options.require_crs = false;
    options.trust_geometry = true;
    const layers::Table table = layers::read_all(*layers::open_layer(source, options));
    const layers::Column* codes = table.rows.find(field);
    const std::vector<const char*> candidates = planned
                                                    ? std::vector<const char*>{"YDYH2023", "YDYH2020", "GB50137-2011"}
                                                    : std::vector<const char*>{"SD", "GBT21010-2017", "YDYH2023"};
    std::string best;
    std::size_t most = 0;
    for (const char* name : candidates) {
        const auto& scheme = layers::LandUseScheme::get(name);
        std::size_t known = 0;
        for (std::size_t row = 0; codes != nullptr && row < table.rows.size(); ++row)
            known += scheme.find(layers::to_string(codes->value(row))) != nullptr ? 1U : 0U;
        if (known > most) {
            most = known;
            best = name;
        }
    }
    return best;
}

} // namespace

std::optional<Recognised> recognise(const layers::LayerInfo& layer, const std::string& source,
                                    const std::string& stem) {
    const bool area = layer.geometry_type.find("Polygon") != std::string::npos || layer.geometry_type == "Mixed" ||
                      layer.geometry_type == "MultiSurface";
    for (const Sign& sign : signs()) {
        const bool is_road = std::string_view(sign.theme) == "road";
        if (!area && !is_road)
            continue;
        std::string evidence;
        for (const std::string& name : {layer.layer, stem})
            for (const std::string_view part : sign.names)
                if (evidence.empty() && upper(name).find(part) != std::string::npos)
                    evidence = name;
        const bool by_name = !evidence.empty();
        if (!by_name)
            evidence = first_field(layer, sign.fields);
        if (evidence.empty())
            continue;
        Recognised found;
        found.theme = sign.theme;
        found.key = sign.key;
        found.why =
            by_name ? Text{"name " + evidence, "名称 " + evidence} : Text{"field " + evidence, "字段 " + evidence};
        const bool planned = found.theme == "landuse-planned";
        if (planned || found.theme == "landuse-current") {
            found.class_field = evidence;
            found.scheme = scheme_of(source, evidence, planned);
            if (found.scheme.empty())
                continue; // codes of no scheme we know
        }
        found.id_field = first_field(layer, {"BSM"});
        found.name_field = first_field(layer, {"KFYQMC", "KFQMC", "YQMC", "MC", "NAME", "名称"});
        return found;
    }
    if (layer.driver == "boundary-text" || field_called(layer, "地块编号") == "地块编号") {
        Recognised found{"zone", "zones", {"boundary-point text", "界址点文本"}, {}, {}, {}, {}};
        found.name_field = field_called(layer, "地块名称");
        return found;
    }
    return std::nullopt;
}

} // namespace corebelt::cli
