#include "corebelt/project/recognition.hpp"

#include "corebelt/layers/land_use.hpp"

#include <algorithm>
#include <array>
#include <map>
#include <utility>

namespace corebelt::project {

namespace {

using Words = std::vector<std::string_view>;

/// One way to know a theme. A standard's name may begin a word of the layer's name (DLTB_2023, STBHHX530402,
/// KFYQGX); words in Chinese may stand anywhere in it; English words must stand alone.
/// Things are known more strictly, `by_head`: the word must be what the name ends in (现状厂房, 危险源分布), because
/// 厂房用地 is land, 危险源防护范围 a buffer and 建筑物控制线 a line; and nothing else may speak for another theme. A
/// word behind = must be all of the name (flood_hazard is none of ours).
struct Sign {
    const char* theme;
    const char* key;
    const char* zh;
    const char* en;
    Words standards; ///< upper case, ASCII
    Words words;     ///< Chinese, or upper-case English
    Words fields;    ///< each is proof enough; upper case
    bool lines = false;
    bool points = false;
    bool by_head = false;
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
        {"hazard",
         "hazards",
         "危险源",
         "sources of danger",
         {"ZDWXY", "WXY", "WXHXP"},
         {"危险源", "危险化学品", "危化品", "危险品", "危险化学品仓库", "危化品仓库", "危险品仓库", "危险品库",
          "危险化学品企业", "危化品企业", "危化企业", "=HAZARDS", "=HAZARD", "MAJOR HAZARDS", "MAJOR HAZARD",
          "HAZARD SOURCES", "HAZARDOUS CHEMICALS", "DANGEROUS GOODS"},
         {"ZDWXYMC", "WXYMC", "重大危险源名称", "危险源名称"},
         false,
         true,
         true},
        {"facility",
         "facilities",
         "设施",
         "facilities",
         {"GGFWSS", "GGSS", "SZGYSS", "SZSS", "JCSS", "PTSS"},
         {"设施", "FACILITIES", "FACILITY"},
         {},
         false,
         true,
         true},
        {"building",
         "buildings",
         "建筑物",
         "buildings",
         {"ZRZ", "JZW", "FWJZ"},
         {"建筑物", "厂房", "房屋", "自然幢", "房屋建筑", "建筑轮廓", "房屋轮廓", "建筑基底", "BUILDINGS", "BUILDING",
          "BUILDING FOOTPRINTS"},
         {"JZWJBYT", "JZWGD", "JZWMC", "建筑物名称"},
         false,
         false,
         true},
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

std::string spaced(std::string name) {
    std::replace(name.begin(), name.end(), '_', ' ');
    return name;
}

/// What may stand behind the word that says what a layer is: the kind of geometry, the year, the edition. Upper case.
std::string_view without_tail(std::string_view name) {
    constexpr std::string_view marks = " _-.()[]0123456789";
    constexpr std::array<std::string_view, 13> chinese{"（",   "）",   "面",   "点",   "图层", "分布图", "分布",
                                                       "位置", "数据", "矢量", "名录", "年",   "更新"};
    constexpr std::array<std::string_view, 11> english{"POLYGONS", "POLYGON", "POINTS", "POINT", "AREA", "LAYER",
                                                       "FREE",     "PY",      "PT",     "P",     "A"};
    for (bool cut = true; cut;) {
        cut = false;
        if (const std::size_t end = name.find_last_not_of(marks); end + 1 < name.size()) {
            name = name.substr(0, end + 1);
            cut = true;
        }
        for (const std::string_view tail : chinese)
            if (name.ends_with(tail)) {
                name.remove_suffix(tail.size());
                cut = true;
            }
        for (const std::string_view tail : english)
            if (name.size() > tail.size() && name.ends_with(tail) && !is_letter(name[name.size() - tail.size() - 1])) {
                name.remove_suffix(tail.size());
                cut = true;
                break;
            }
    }
    return name;
}

/// `head` is what `name`, without its tail, ends in; an ASCII one as whole words. Both upper case.
bool ends_in(std::string_view name, std::string_view head) {
    if (!name.ends_with(head))
        return false;
    name.remove_suffix(head.size());
    return name.empty() || !is_letter(head.front()) || !is_letter(name.back());
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
    if (sign.by_head) {
        const std::string words = spaced(big);
        const std::string_view end = without_tail(words);
        for (const std::string_view standard : sign.standards)
            for (const std::string_view edition : {"", "GX", "D", "M"}) // yearly change; points, areas
                if (ends_in(end, std::string(standard) + std::string(edition)))
                    return Evidence{why, std::string(standard)};
        for (const std::string_view word : sign.words)
            if (word.starts_with('=') ? end == word.substr(1) : ends_in(end, word))
                return Evidence{why, {}};
        return std::nullopt;
    }
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

/// A word of a sign by head stands somewhere in the name, if not at its end.
bool mentions(const Sign& sign, std::string_view name) {
    const std::string big = spaced(upper(name));
    return std::any_of(sign.words.begin(), sign.words.end(), [&](std::string_view word) {
        return is_letter(word.front()) ? holds_word(big, word, true) : big.find(word) != std::string::npos;
    });
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
    found.points = sign.points;
    found.id_fields = fields_called(layer, {"BSM", "DKBH", "TBBH", "YJJBNTTBBH", "JBNTTBBH", "HXBH", "BJBH", "PQDM",
                                            "KFQDM", "ZDWXYBM", "WXYBH", "SSBH", "ZRZH", "地块编号", "CODE", "ID"});
    auto names = fields_called(layer, {"KFYQMC", "KFQMC", "YQMC", "ZDWXYMC", "WXYMC", "SSMC", "JZWMC", "MC", "NAME",
                                       "名称", "地块名称", "重大危险源名称", "危险源名称", "设施名称", "建筑物名称"});
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

/// What the signs say: one theme, none, or two.
struct Judgement {
    std::optional<Recognised> found;
    Text doubt; ///< why none is found though there are signs
};

bool fits_geometry(const Sign& sign, const std::string& geometry_type) {
    if (geometry_type == "None")
        return false;
    if (geometry_type.find("Point") != std::string::npos)
        return sign.points;
    return geometry_type.find("Line") == std::string::npos || sign.lines;
}

std::optional<Recognised> placed(const Sign& sign, const std::optional<Evidence>& evidence,
                                 const layers::LayerInfo& layer) {
    if (!evidence || !fits_geometry(sign, layer.geometry_type))
        return std::nullopt;
    Recognised found = described(sign, *evidence, layer);
    if (found.theme.starts_with("landuse-")) {
        find_class_field(found, layer);
        if (found.class_field.empty())
            return std::nullopt; // a land use whose codes we do not find is of no use
    }
    return found;
}

/// The first sign that holds; where a thing is among those that hold, it must be the only one, and `also` (a mention)
/// must hold for no other.
template <class EvidenceOf, class Also>
Judgement weigh(const layers::LayerInfo& layer, const EvidenceOf& evidence_of, const Also& also) {
    std::vector<std::pair<const Sign*, Recognised>> held;
    for (const Sign& sign : signs())
        if (auto found = placed(sign, evidence_of(sign), layer))
            held.emplace_back(&sign, std::move(*found));
    if (held.empty())
        return {};
    const auto& [first, found] = held.front();
    const bool has_thing = held.back().first->by_head; // they come last
    if (!has_thing)
        return {found, {}};
    const Sign* other = held.size() > 1 ? held[1].first : nullptr;
    for (const Sign& sign : signs())
        if (other == nullptr && &sign != first && sign.by_head && also(sign))
            other = &sign;
    if (other == nullptr)
        return {found, {}};
    return {std::nullopt,
            {found.why.en + " speaks for " + first->theme + " and for " + other->theme,
             found.why.zh + " 既可能是" + first->zh + "，也可能是" + other->zh}};
}

Judgement judge(const layers::LayerInfo& layer, std::string_view stem) {
    const Text by_layer{"layer name", "图层名"};
    const Text by_file{"file name", "文件名"};
    for (const auto& [name, whose] :
         {std::pair<std::string_view, const Text&>{layer.layer, by_layer}, {stem, by_file}}) {
        Judgement judgement = weigh(
            layer, [&, &called = name, &by = whose](const Sign& sign) { return name_evidence(sign, called, by); },
            [&called = name](const Sign& sign) { return mentions(sign, called); });
        if (judgement.found || !judgement.doubt.en.empty())
            return judgement;
    }
    Judgement judgement = weigh(
        layer, [&](const Sign& sign) { return field_evidence(sign, layer); }, [](const Sign&) { return false; });
    if (judgement.found || !judgement.doubt.en.empty())
        return judgement;
    const auto& zone =
        *std::find_if(signs().begin(), signs().end(), [](const Sign& s) { return s.key == std::string_view("zones"); });
    if (!field_called(layer, "地块编号").empty() && !field_called(layer, "申报面积公顷").empty() &&
        fits_geometry(zone, layer.geometry_type))
        judgement.found = described(zone, {{"boundary-point text", "界址点坐标文本"}, {}}, layer);
    return judgement;
}

} // namespace

std::optional<Recognised> recognise(const layers::LayerInfo& layer, std::string_view stem) {
    return judge(layer, stem).found;
}

Text recognition_doubt(const layers::LayerInfo& layer, std::string_view stem) {
    return judge(layer, stem).doubt;
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
