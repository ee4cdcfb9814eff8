#include "corebelt/project/recognition.hpp"

#include "corebelt/layers/land_use.hpp"

#include <algorithm>
#include <map>
#include <utility>

namespace corebelt::project {

namespace {

using Words = std::vector<std::string_view>;

/// One way to know a theme. A standard's name may begin a word of the layer's name (DLTB_2023, STBHHX530402,
/// KFYQGX); words in Chinese may stand anywhere in it; English words must stand alone.
struct Sign {
    const char* theme;
    const char* key;
    const char* zh;
    const char* en;
    Words standards; ///< upper case, ASCII
    Words words;     ///< Chinese, or upper-case English
    Words fields;    ///< each is proof enough; upper case
    bool lines = false;
};

/// In order of certainty: a farmland layer carries DLBM like any survey layer, so it is asked first.
const std::vector<Sign>& signs() {
    static const std::vector<Sign> list{
        {"permanent-farmland",
         "farmland",
         "永久基本农田",
         "permanent farmland",
         {"YJJBNT", "JBNTBH"},
         {"基本农田", "FARMLAND"},
         {"YJJBNTTBBH", "YJJBNTTBMJ", "YJJBNTMJ", "JBNTMJ", "JBNTTBBH"}},
        {"eco-redline",
         "redline",
         "生态保护红线",
         "ecological red line",
         {"STBHHX"},
         {"生态保护红线", "生态红线", "REDLINE"},
         {"STBHHXLX"}},
        {"growth-boundary",
         "growth",
         "城镇开发边界",
         "urban growth boundary",
         {"CZKFBJ", "CSKFBJ"},
         {"开发边界", "GROWTH"},
         {"GHFQDM", "GHFQMC"}},
        {"industrial-line",
         "industrial_line",
         "工业用地控制线",
         "industrial land line",
         {"GYYDKZX", "GYKZX"},
         {"工业用地控制线", "工业控制线", "工业红线"},
         {}},
        {"landuse-planned",
         "parcels",
         "规划用地",
         "planned land use",
         {"GHDK", "GHYD", "KJGHYD", "TDGHDL"},
         {"规划用地", "用地布局", "用地规划", "规划地块"},
         {"YDYHFLDM", "YDYHDM", "GHYDLBDM", "GHDLBM", "GHFLDM2", "GHFLDM1"}},
        {"landuse-current",
         "current",
         "现状用地",
         "current land use",
         {"DLTB", "JQDLTB"},
         {"地类图斑", "现状用地", "土地利用现状"},
         {"DLBM", "JQDLBM"}},
        {"zone",
         "zones",
         "园区范围",
         "zones of the park",
         {"KFYQ", "KFQFW"},
         {"开发区范围", "园区范围", "规划范围", "片区", "ZONES"},
         {"KFYQMC", "KFQMC", "YQMC"}},
        {"admin", "admin", "行政区", "administrative areas", {"XZQ", "CJDCQ"}, {"行政区"}, {}},
        {"road", "roads", "道路", "roads", {}, {"道路", "ROADS", "ROAD"}, {}, true},
    };
    return list;
}

/// Fields of codes, planning before survey, each with the field of names that stands beside it.
const std::vector<std::pair<std::string_view, std::string_view>>& class_fields(bool planned) {
    static const std::vector<std::pair<std::string_view, std::string_view>> planning{
        {"YDYHFLDM", "YDYHFLMC"}, {"YDYHDM", "YDYHMC"},     {"GHYDLBDM", "GHYDLBMC"},
        {"GHDLBM", "GHDLMC"},     {"GHFLDM2", "GHFLMC2"},   {"GHFLDM1", "GHFLMC1"},
        {"YDDM", "YDMC"},         {"用地代码", "用地名称"}, {"用地代码", "用地性质"}};
    static const std::vector<std::pair<std::string_view, std::string_view>> survey{
        {"DLBM", "DLMC"}, {"JQDLBM", "JQDLMC"}, {"地类编码", "地类名称"}};
    return planned ? planning : survey;
}

/// ASCII letters only: Chinese has no case.
std::string upper(std::string_view text) {
    std::string result(text);
    for (char& c : result)
        if (c >= 'a' && c <= 'z')
            c = static_cast<char>(c - 'a' + 'A');
    return result;
}

bool is_letter(char c) {
    return c >= 'A' && c <= 'Z';
}

/// `word` stands in `name` where no letter comes before it and, where `whole`, none after it. Both upper case.
bool holds_word(std::string_view name, std::string_view word, bool whole) {
    for (std::size_t at = name.find(word); at != std::string_view::npos; at = name.find(word, at + 1)) {
        const std::size_t end = at + word.size();
        if ((at == 0 || !is_letter(name[at - 1])) && (!whole || end == name.size() || !is_letter(name[end])))
            return true;
    }
    return false;
}

/// The file's spelling of a field, empty where there is none.
std::string field_called(const layers::LayerInfo& layer, std::string_view name) {
    for (const layers::Field& field : layer.fields)
        if (upper(field.name) == name)
            return field.name;
    return {};
}

std::vector<std::string> fields_called(const layers::LayerInfo& layer, const Words& names) {
    std::vector<std::string> found;
    for (const std::string_view name : names)
        if (std::string field = field_called(layer, name); !field.empty())
            found.push_back(std::move(field));
    return found;
}

/// Why a sign holds, and the standard's name where that was it.
struct Evidence {
    Text why;
    std::string schema;
};

std::optional<Evidence> name_evidence(const Sign& sign, std::string_view name, const Text& whose) {
    const std::string big = upper(name);
    const Text why{whose.en + " " + std::string(name), whose.zh + " " + std::string(name)};
    for (const std::string_view standard : sign.standards)
        if (holds_word(big, standard, false))
            return Evidence{why, std::string(standard)};
    for (const std::string_view word : sign.words) {
        const bool english = is_letter(word.front());
        if (english ? holds_word(big, word, true) : big.find(word) != std::string::npos)
            return Evidence{why, {}};
    }
    return std::nullopt;
}

std::optional<Evidence> field_evidence(const Sign& sign, const layers::LayerInfo& layer) {
    const auto found = fields_called(layer, sign.fields);
    if (found.empty())
        return std::nullopt;
    return Evidence{{"field " + found.front(), "字段 " + found.front()}, {}};
}

Recognised described(const Sign& sign, const Evidence& evidence, const layers::LayerInfo& layer) {
    Recognised found;
    found.theme = sign.theme;
    found.key = sign.key;
    found.schema = evidence.schema;
    found.what = {sign.en, sign.zh};
    found.why = evidence.why;
    found.lines = sign.lines;
    found.id_fields = fields_called(layer, {"BSM", "DKBH", "TBBH", "YJJBNTTBBH", "JBNTTBBH", "HXBH", "BJBH", "PQDM",
                                            "KFQDM", "地块编号", "CODE", "ID"});
    auto names = fields_called(layer, {"KFYQMC", "KFQMC", "YQMC", "MC", "NAME", "名称", "地块名称"});
    if (names.empty() && found.theme == "zone")
        names = fields_called(layer, {"PQMC"}); // elsewhere it names the zone that a feature lies in
    if (!names.empty())
        found.name_field = names.front();
    return found;
}

void find_class_field(Recognised& found, const layers::LayerInfo& layer) {
    for (const auto& [code, name] : class_fields(found.theme == "landuse-planned")) {
        if (found.class_field.empty())
            found.class_field = field_called(layer, code);
        if (!found.class_field.empty() && upper(found.class_field) == code && found.class_name_field.empty())
            found.class_name_field = field_called(layer, name);
    }
    if (found.name_field.empty())
        found.name_field = found.class_name_field;
}

} // namespace

std::optional<Recognised> recognise(const layers::LayerInfo& layer, std::string_view stem) {
    const bool maybe_area = layer.geometry_type != "None" && layer.geometry_type.find("Point") == std::string::npos;
    const bool maybe_line = layer.geometry_type.find("Line") != std::string::npos;
    const auto weigh = [&](const auto& evidence_of) -> std::optional<Recognised> {
        for (const Sign& sign : signs()) {
            if (!maybe_area || (maybe_line && !sign.lines))
                continue;
            const auto evidence = evidence_of(sign);
            if (!evidence)
                continue;
            Recognised found = described(sign, *evidence, layer);
            if (found.theme.starts_with("landuse-")) {
                find_class_field(found, layer);
                if (found.class_field.empty())
                    continue; // a land use whose codes we do not find is of no use
            }
            return found;
        }
        return std::nullopt;
    };
    const Text by_layer{"layer name", "图层名"};
    const Text by_file{"file name", "文件名"};
    if (auto found = weigh([&](const Sign& sign) { return name_evidence(sign, layer.layer, by_layer); }))
        return found;
    if (auto found = weigh([&](const Sign& sign) { return name_evidence(sign, stem, by_file); }))
        return found;
    if (auto found = weigh([&](const Sign& sign) { return field_evidence(sign, layer); }))
        return found;
    if (!field_called(layer, "地块编号").empty() && !field_called(layer, "申报面积公顷").empty()) {
        const auto zone = std::find_if(signs().begin(), signs().end(),
                                       [](const Sign& s) { return s.key == std::string_view("zones"); });
        return described(*zone, {{"boundary-point text", "界址点坐标文本"}, {}}, layer);
    }
    return std::nullopt;
}

SchemeVote::SchemeVote(const Recognised& what) : code_field_(what.class_field), name_field_(what.class_name_field) {
    const Words planned{"YDYH2023", "YDYH2020", "GB50137-2011"};
    const Words current{"SD", "GBT21010-2017", "YDYH2023"};
    for (const std::string_view scheme : what.theme == "landuse-planned" ? planned : current)
        candidates_.push_back({std::string(scheme), 0, 0});
}

void SchemeVote::add(const layers::Batch& batch) {
    const layers::Column* codes = batch.find(code_field_);
    const layers::Column* names = name_field_.empty() ? nullptr : batch.find(name_field_);
    if (codes == nullptr)
        return;
    std::map<std::pair<std::string, std::string>, std::uint64_t> pairs; // few against the rows
    for (std::size_t row = 0; row < batch.size(); ++row) {
        if (codes->valid[row] == 0)
            continue;
        const std::string code = layers::to_string(codes->value(row));
        if (!code.empty())
            ++pairs[{code, names == nullptr ? std::string() : layers::to_string(names->value(row))}];
    }
    for (const auto& [pair, count] : pairs) {
        features_ += count;
        for (Candidate& candidate : candidates_) {
            const auto* known = layers::LandUseScheme::get(candidate.scheme).find(pair.first);
            candidate.codes += known == nullptr ? 0 : count;
            candidate.names += known == nullptr || known->name_zh != pair.second ? 0 : count;
        }
    }
}

std::optional<SchemeVote::Winner> SchemeVote::winner() const {
    if (features_ == 0)
        return std::nullopt;
    // Names decide where any of them is a scheme's own word; else the codes alone.
    const bool by_name = std::any_of(candidates_.begin(), candidates_.end(),
                                     [this](const Candidate& c) { return 2 * c.names >= features_; });
    const auto score = [by_name](const Candidate& c) { return by_name ? c.names : c.codes; };
    const auto best = std::max_element(candidates_.begin(), candidates_.end(),
                                       [&](const Candidate& a, const Candidate& b) { return score(a) < score(b); });
    if (2 * score(*best) < features_)
        return std::nullopt;
    Winner winner{best->scheme, score(*best), features_};
    for (const Candidate& other : candidates_)
        if (&other != &*best && score(other) == score(*best))
            winner.also_fit.push_back(other.scheme);
    return winner;
}

} // namespace corebelt::project
