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
        // Not: a name inside another word, a land use without codes, points, lines where areas are meant.
        {layer("railroads", "LineString", {}), "x", ""},
        {layer("DLTB", "Polygon", {"x"}), "x", ""},
        {layer("KFYQ", "Point", {}), "x", ""},
        {layer("STBHHX", "LineString", {}), "x", ""},
        {layer("parcels_zone34", "Polygon", {}), "x", ""},
        {layer("KFYQ", "None", {"KFYQMC"}), "x", ""},
    };
    for (const Case& c : cases) {
        CAPTURE(c.info.layer, c.stem, c.theme);
        const auto found = recognise(c.info, c.stem);
        CHECK((found ? found->theme : "") == c.theme);
    }
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
