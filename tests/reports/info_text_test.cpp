#include "support/catch.hpp"

#include "corebelt/reports/report.hpp"
#include "corebelt/reports/text_table.hpp"

#include <sstream>

using namespace corebelt;

namespace {

reports::DatasetInfo dataset() {
    reports::DatasetInfo::Layer layer;
    layers::LayerInfo& info = layer.table.info;
    info.layer = "永久基本农田保护图斑二〇二二年变更";
    info.driver = "ESRI Shapefile";
    info.geometry_type = "Polygon";
    info.crs = geo::Crs::parse("EPSG:4523");
    info.encoding = "GB18030";
    info.encoding_why = "fallback";
    for (int i = 0; i < 30; ++i)
        info.fields.push_back(
            {"YJJBNT" + std::to_string(i), i % 3 == 0 ? layers::FieldType::real : layers::FieldType::text});
    layer.table.counts.features = 1234567;
    layer.table.counts.vertices = 89012345;
    layer.table.counts.largest_vertices = 200001;
    layer.table.counts.extent = {35345534.39, 2694026.61, 35346555.76, 2695047.98};
    for (int i = 0; i < 4; ++i)
        layer.table.issues.add({"self-crossing",
                                "x",
                                std::to_string(i),
                                std::nullopt,
                                {"the boundary crosses itself at (35345534.39, 2694026.61); repaired",
                                 "边界自相交，位置 (35345534.39, 2694026.61)；已修复，平面面积有变化"}});
    layer.recognised = project::recognise(info, "x");
    return {"数据/永久基本农田.shp", "", {layer}};
}

} // namespace

TEST_CASE("what info says of a layer fits 80 columns and names strip, schema and examples", "[reports][info]") {
    for (const Lang lang : {Lang::zh, Lang::en}) {
        const std::string text = reports::info_text({dataset()}, {lang, 80, false});
        CAPTURE(text);
        std::istringstream lines(text);
        for (std::string line; std::getline(lines, line);) {
            CAPTURE(line);
            CHECK(reports::display_width(line) <= 80);
        }
        CHECK(text.find("[permanent-farmland]") != std::string::npos);
        CHECK(text.find("self-crossing × 4") != std::string::npos);
        CHECK(text.find("\n        1") != std::string::npos); // two examples
        CHECK(text.find("\n        2") == std::string::npos); // not three
        CHECK(text.find("1,234,567") != std::string::npos);
    }
    const std::string zh = reports::info_text({dataset()}, {Lang::zh, 80, false});
    CHECK(zh.find("CGCS2000，3度带第35带，中央经线 105°E，横坐标含带号") != std::string::npos);
    CHECK(zh.find("（1.02 × 1.02") != std::string::npos); // 1021.37 m
    const std::string json = reports::info_json({dataset()}, Lang::zh);
    CHECK(json.find("\"zone\": 35") != std::string::npos);
    CHECK(json.find("\"utm\": null") != std::string::npos);
    CHECK(json.find("\"prefixed\": true") != std::string::npos);
    CHECK(json.find("\"theme\": \"permanent-farmland\"") != std::string::npos);
}

TEST_CASE("a projection of which there is nothing to add leaves no empty line", "[reports][info]") {
    reports::DatasetInfo one = dataset();
    one.layers[0].table.info.crs = geo::Crs::parse("EPSG:21781"); // oblique Mercator, metres
    const std::string text = reports::info_text({one}, {Lang::en, 80, false});
    CAPTURE(text);
    CHECK(text.find("EPSG:21781") != std::string::npos);
    CHECK(text.find(" \n") == std::string::npos);
}

TEST_CASE("a projection is called by the series that it is of", "[reports][info]") {
    struct Case {
        const char* crs;
        const char* en;
        const char* zh;
        const char* strip_deg;
        const char* zone;
        const char* utm;
    };
    const Case cases[] = {
        {"EPSG:25832", "UTM zone 32N, central meridian 9°E", "UTM 32N带，中央经线 9°E", "6", "32", "\"32N\""},
        {"EPSG:32755", "WGS 84, UTM zone 55S, central meridian 147°E", "UTM 55S带", "6", "55", "\"55S\""},
        {"EPSG:32610", "UTM zone 10N, central meridian 123°W", "中央经线 123°W", "6", "10", "\"10N\""},
        {"EPSG:4647", "UTM zone 32N, central meridian 9°E, eastings with zone prefix", "横坐标含带号", "6", "32",
         "\"32N\""},
        {"EPSG:4543", "3° strip 34, central meridian 102°E, eastings without prefix", "3度带第34带", "3", "34", "null"},
        {"EPSG:4496", "6° strip 18, central meridian 105°E, eastings with zone prefix", "6度带第18带", "6", "18",
         "null"},
        // A city's own meridian and the British grid are strips of no series.
        {"+proj=tmerc +lon_0=102.5 +x_0=500000 +ellps=GRS80 +units=m +type=crs",
         "transverse Mercator, central meridian 102.5°E", "横轴墨卡托投影，中央经线 102.5°E", "null", "null", "null"},
        {"EPSG:27700", "transverse Mercator, central meridian 2°W", "横轴墨卡托投影，中央经线 2°W", "null", "null",
         "null"},
    };
    for (const Case& c : cases) {
        CAPTURE(c.crs);
        reports::DatasetInfo one = dataset();
        one.layers[0].table.info.crs = geo::Crs::parse(c.crs);
        const std::string en = reports::info_text({one}, {Lang::en, 200, false});
        const std::string zh = reports::info_text({one}, {Lang::zh, 200, false});
        const std::string json = reports::info_json({one}, Lang::en);
        CAPTURE(en, zh, json);
        CHECK(en.find(c.en) != std::string::npos);
        CHECK(zh.find(c.zh) != std::string::npos);
        CHECK(json.find("\"strip_deg\": " + std::string(c.strip_deg)) != std::string::npos);
        CHECK(json.find("\"zone\": " + std::string(c.zone)) != std::string::npos);
        CHECK(json.find("\"utm\": " + std::string(c.utm)) != std::string::npos);
    }
}
