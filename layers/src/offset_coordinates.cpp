#include "offset_coordinates.hpp"

#include "corebelt/geo/expects.hpp"
#include "corebelt/layers/dataset.hpp"

#include <algorithm>
#include <array>
#include <cctype>
#include <filesystem>
#include <string_view>

namespace corebelt::layers {

namespace {

/// Letters in lower case, without the signs that writers put between them: "GCJ_02" and "gcj-02" are one.
std::string essence(std::string_view name) {
    std::string kept;
    for (const char c : name)
        if (c != '-' && c != '_' && c != ' ' && c != '.')
            kept += static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
    return kept;
}

bool holds_any(std::string_view text, std::initializer_list<std::string_view> words) {
    return std::any_of(words.begin(), words.end(),
                       [&](std::string_view word) { return text.find(word) != std::string_view::npos; });
}

/// The one offset system that a name speaks of; empty where it speaks of none, of both, or of another system too.
std::string offset_in(std::string_view name) {
    const std::string text = essence(name);
    const bool gcj = holds_any(text, {"gcj02", "火星坐标"});
    const bool bd = holds_any(text, {"bd09", "百度坐标"});
    if (gcj == bd || holds_any(text, {"wgs", "cgcs", "4326", "4490", "2000坐标", "国家2000"}))
        return {};
    return gcj ? "GCJ-02" : "BD-09";
}

} // namespace

void find_offset(LayerInfo& info, const std::string& declared) {
    COREBELT_EXPECTS(declared.empty() || declared == "none" || declared == "GCJ-02" || declared == "BD-09");
    if (declared == "none")
        return;
    if (!declared.empty()) {
        info.offset = declared;
        info.offset_why = {"declared", "已声明"};
        return;
    }
    const std::string file = std::filesystem::path(DatasetRef::parse(info.source).dataset).filename().string();
    struct Name {
        std::string text;
        Text what;
    };
    const std::array<Name, 3> names{{{info.crs ? info.crs->name() : "", {"CRS name ", "坐标系名 "}},
                                     {info.layer, {"layer name ", "图层名 "}},
                                     {file, {"file name ", "文件名 "}}}};
    for (const Name& name : names)
        if (std::string found = offset_in(name.text); !found.empty()) {
            info.offset = std::move(found);
            info.offset_why = {name.what.en + name.text, name.what.zh + name.text};
            return;
        }
}

Text offset_text(const LayerInfo& info) {
    COREBELT_EXPECTS(!info.offset.empty());
    return {"the coordinates are " + info.offset + " (" + info.offset_why.en +
                "), offset by hundreds of metres that vary from place to place: good for a picture, not for a verdict "
                "on a boundary; ask for the survey's own coordinates",
            "坐标为 " + info.offset + "（" + info.offset_why.zh +
                "），含数百米且各处不同的偏移：可用于示意，不能用于边界判定，请改用测绘成果坐标"};
}

std::string field_of_offset(const LayerInfo& info) {
    for (const Field& field : info.fields)
        if (holds_any(essence(field.name), {"gcj02", "bd09", "火星坐标", "百度坐标", "百度经度", "百度纬度"}))
            return field.name;
    return {};
}

} // namespace corebelt::layers
