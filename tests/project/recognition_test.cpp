#include "support/catch.hpp"

#include "corebelt/project/recognition.hpp"

using namespace corebelt;
using namespace corebelt::project;

namespace {

layers::LayerInfo layer(const std::string& name, const std::string& geometry, const std::vector<std::string>& fields) {
    layers::LayerInfo info;
    info.layer = name;
    info.geometry_type = geometry;
    for (const auto& field : fields)
        info.fields.push_back({field, layers::FieldType::text});
    return info;
}

layers::Batch codes(const std::vector<std::pair<const char*, const char*>>& rows) {
    layers::Batch batch;
    batch.columns = {{{"DM", layers::FieldType::text}, {}, {}, {}, {}, {}},
                     {{"MC", layers::FieldType::text}, {}, {}, {}, {}, {}}};
    for (const auto& [code, name] : rows) {
        batch.columns[0].push_back(layers::Value{std::string(code)});
        batch.columns[1].push_back(layers::Value{std::string(name)});
        batch.fid.push_back(static_cast<std::int64_t>(batch.fid.size()));
        batch.shapes.end_shape(geo::Dimension::area);
    }
    return batch;
}

std::string scheme_of(const char* theme, const std::string& name_field,
                      const std::vector<std::pair<const char*, const char*>>& rows) {
    Recognised what;
    what.theme = theme;
    what.class_field = "DM";
    what.class_name_field = name_field;
    SchemeVote vote(what);
    vote.add(codes(rows));
    const auto winner = vote.winner();
    return winner ? winner->scheme : "none";
}

} // namespace

TEST_CASE("layers are recognised by name, then by fields", "[recognition]") {
    struct Case {
        layers::LayerInfo info;
        const char* stem;
        const char* theme; ///< empty: not recognised
    };
    const Case cases[] = {
        {layer("YJJBNTBHTB", "MultiPolygon", {"DLBM"}), "x", "permanent-farmland"},
        {layer("图斑", "Polygon", {"YJJBNTTBMJ", "DLBM"}), "x", "permanent-farmland"},
        {layer("STBHHX530402", "Polygon", {}), "x", "eco-redline"},
        {layer("layer0", "Polygon", {}), "玉溪市生态保护红线2022", "eco-redline"},
        {layer("CZKFBJGX", "Polygon", {}), "x", "growth-boundary"},
        {layer("a", "Polygon", {"ghfqmc"}), "x", "growth-boundary"},
        {layer("DLTB_2023", "Polygon", {"DLBM", "DLMC"}), "x", "landuse-current"},
        {layer("a", "Polygon", {"DLBM", "GHDLBM"}), "x", "landuse-planned"},
        {layer("GHDK", "Polygon", {"用地代码"}), "x", "landuse-planned"},
        {layer("KFYQ", "Polygon", {}), "x", "zone"},
        {layer("a", "Polygon", {"KFQMC"}), "x", "zone"},
        {layer("a", "Polygon", {"地块编号", "申报面积公顷"}), "x", "zone"},
        {layer("roads", "LineString", {}), "x", "road"},
        {layer("XZQ", "MultiPolygon", {"XZQDM"}), "x", "admin"},
        {layer("GYYDKZX", "Polygon", {}), "x", "industrial-line"},
        {layer("重大危险源（2024年）", "Point", {}), "x", "hazard"},
        {layer("园区危化品企业分布", "MultiPoint", {}), "x", "hazard"},
        {layer("ZDWXY_PT", "Point", {}), "x", "hazard"},
        {layer("layer0", "Polygon", {}), "wxhxp2023", "hazard"},
        {layer("hazards", "Point", {}), "x", "hazard"},
        {layer("a", "Point", {"WXYMC"}), "x", "hazard"},
        {layer("公共服务设施点", "Point", {}), "x", "facility"},
        {layer("GGFWSSD", "Point", {}), "x", "facility"},
        {layer("municipal_facilities", "Polygon", {}), "x", "facility"},
        {layer("现状厂房", "Polygon", {}), "x", "building"},
        {layer("ZRZ", "MultiPolygon", {"ZRZH"}), "x", "building"},
        {layer("gis_osm_buildings_a_free_1", "MultiPolygon", {}), "x", "building"},
        {layer("a", "Polygon", {"jzwjbyt"}), "x", "building"},
        // Not: a name inside another word, a land use without codes, points, lines where areas are meant.
        {layer("railroads", "LineString", {}), "x", ""},
        {layer("DLTB", "Polygon", {"x"}), "x", ""},
        {layer("KFYQ", "Point", {}), "x", ""},
        {layer("STBHHX", "LineString", {}), "x", ""},
        {layer("parcels_zone34", "Polygon", {}), "x", ""},
        {layer("KFYQ", "None", {"KFYQMC"}), "x", ""},
        // Not: what the thing is only part of the name of.
        {layer("厂房用地", "Polygon", {}), "x", ""},
        {layer("建筑物控制线", "Polygon", {}), "x", ""},
        {layer("危险源防护范围", "Polygon", {}), "x", ""},
        {layer("房屋征收范围", "Polygon", {}), "x", ""},
        {layer("设施农用地", "Polygon", {}), "x", ""},
        {layer("GGFWSSYD", "Polygon", {}), "x", ""}, // 公共服务设施用地
        {layer("flood_hazard", "Polygon", {}), "x", ""},
        {layer("building_lines", "Polygon", {}), "x", ""},
        {layer("outbuildings", "Polygon", {}), "x", ""},
        {layer("建筑物", "Point", {}), "x", ""},
        {layer("危险源", "LineString", {}), "x", ""},
        {layer("a", "Polygon", {"重大危险源等级"}), "x", ""}, // an enterprise may have that, too
    };
    for (const Case& c : cases) {
        CAPTURE(c.info.layer, c.stem, c.theme);
        const auto found = recognise(c.info, c.stem);
        CHECK((found ? found->theme : "") == c.theme);
    }
}

TEST_CASE("a layer that could be two things is neither, and that is said", "[recognition]") {
    struct Case {
        layers::LayerInfo info;
        const char* stem;
        const char* one;
        const char* other;
    };
    const Case cases[] = {
        {layer("危险化学品设施", "Point", {}), "x", "facility", "hazard"},
        {layer("危险品仓库厂房", "Polygon", {}), "x", "building", "hazard"},
        {layer("hazardous_chemicals_facilities", "Point", {}), "x", "facility", "hazard"},
        {layer("园区范围内建筑物", "Polygon", {}), "x", "zone", "building"},
        {layer("道路设施", "Polygon", {}), "x", "road", "facility"},
        {layer("a", "Polygon", {"DLBM", "JZWJBYT"}), "x", "landuse-current", "building"},
        {layer("a", "Polygon", {"WXYMC", "JZWMC"}), "x", "hazard", "building"},
        {layer("layer0", "Polygon", {"KFYQMC"}), "危化品设施", "facility", "hazard"}, // the file's name comes before
    };
    for (const Case& c : cases) {
        CAPTURE(c.info.layer, c.stem);
        CHECK_FALSE(recognise(c.info, c.stem));
        const Text doubt = recognition_doubt(c.info, c.stem);
        CAPTURE(doubt.en, doubt.zh);
        CHECK(doubt.en.find(c.one) != std::string::npos);
        CHECK(doubt.en.find(c.other) != std::string::npos);
        CHECK(doubt.zh.find("也可能是") != std::string::npos);
    }
    // A point cannot be a zone; a land use without codes does not count.
    CHECK(recognise(layer("片区公共服务设施", "Point", {}), "x")->theme == "facility");
    CHECK(recognise(layer("规划用地内建筑物", "Polygon", {}), "x")->theme == "building");
    CHECK(recognition_doubt(layer("图斑", "Polygon", {}), "x").en.empty());
    CHECK(recognition_doubt(layer("KFYQ", "Polygon", {}), "x").en.empty());
}

TEST_CASE("a recognised layer names the fields as the file spells them", "[recognition]") {
    const auto found = recognise(layer("a", "Polygon", {"dkbh", "Ydyhfldm", "YDYHFLMC", "BSM"}), "x");
    REQUIRE(found);
    CHECK(found->class_field == "Ydyhfldm");
    CHECK(found->class_name_field == "YDYHFLMC");
    CHECK(found->name_field == "YDYHFLMC");
    CHECK(found->id_fields == std::vector<std::string>{"BSM", "dkbh"});
    CHECK(found->schema.empty());
    CHECK(found->why.zh == "字段 Ydyhfldm");
    CHECK(recognise(layer("stbhhx_2022", "Polygon", {}), "x")->schema == "STBHHX");
}

TEST_CASE("names decide the scheme where codes alone mean several things", "[recognition]") {
    // 1001 is industrial land in the planning scheme and railway in the survey one; 0601 the other way round.
    CHECK(scheme_of("landuse-planned", "", {{"100101", ""}, {"1001", ""}}) == "YDYH2023");
    CHECK(scheme_of("landuse-current", "MC", {{"0601", "工业用地"}, {"1001", "铁路用地"}}) == "SD");
    CHECK(scheme_of("landuse-current", "MC", {{"1001", "工业用地"}, {"1001", "工业用地"}}) == "YDYH2023");
    CHECK(scheme_of("landuse-current", "", {{"201A", ""}, {"1107A", ""}}) == "SD");
    CHECK(scheme_of("landuse-planned", "", {{"M1", ""}, {"R2", ""}, {"?", ""}}) == "GB50137-2011");
    CHECK(scheme_of("landuse-planned", "", {{"工业用地", ""}}) == "none");
    CHECK(scheme_of("landuse-planned", "", {}) == "none");
}
