// What names and digits say of a CRS, and what they cannot say.
#include "crs_statement.hpp"
#include "made_dataset.hpp"
#include "support/catch.hpp"
#include "support/temp_dir.hpp"

#include "corebelt/geo/error.hpp"
#include "corebelt/layers/dataset.hpp"

#include <filesystem>
#include <fstream>

namespace corebelt::layers {
namespace {

using test_data::rectangle;

/// As ArcGIS writes a .prj.
std::string prj(const std::string& name, double meridian_deg, double false_easting_m) {
    return "PROJCS[\"" + name +
           "\",GEOGCS[\"GCS_China_Geodetic_Coordinate_System_2000\",DATUM[\"D_China_2000\",SPHEROID[\"CGCS2000\","
           "6378137.0,298.257222101]],PRIMEM[\"Greenwich\",0.0],UNIT[\"Degree\",0.0174532925199433]],PROJECTION["
           "\"Gauss_Kruger\"],PARAMETER[\"False_Easting\"," +
           std::to_string(false_easting_m) + "],PARAMETER[\"False_Northing\",0.0],PARAMETER[\"Central_Meridian\"," +
           std::to_string(meridian_deg) +
           "],PARAMETER[\"Scale_Factor\",1.0],PARAMETER[\"Latitude_Of_Origin\",0.0],UNIT[\"Meter\",1.0]]";
}

geo::Crs gauss_krueger(const std::string& name, double meridian_deg, double false_easting_m) {
    return geo::Crs::parse(prj(name, meridian_deg, false_easting_m));
}

TEST_CASE("a CRS whose name belies its parameters is said, and the parameters count", "[crs]") {
    struct Case {
        const char* name;
        double meridian_deg, false_easting_m;
        bool contradicts;
    };
    for (const Case& c :
         {Case{"CGCS2000_3_Degree_GK_Zone_34", 102, 34500000, false},
          Case{"CGCS_2000_3_Degree_GK_Zone_34", 102, 500000, true},
          Case{"CGCS2000_3_Degree_GK_Zone_34", 105, 34500000, true},
          Case{"CGCS2000_3_Degree_GK_CM_102E", 102, 500000, false},
          Case{"CGCS2000_3_Degree_GK_CM_102E", 102, 34500000, true},
          Case{"CGCS2000_3_Degree_GK_CM_102E", 105, 500000, true}, Case{"CGCS2000_GK_Zone_17N", 99, 500000, false},
          Case{"CGCS2000_GK_Zone_17N", 99, 17500000, true}, Case{"地方坐标系", 102, 500000, false},
          Case{"GK_local", 102.5, 500000, false}}) {
        CAPTURE(c.name, c.meridian_deg, c.false_easting_m);
        const auto text = name_contradiction(gauss_krueger(c.name, c.meridian_deg, c.false_easting_m));
        CHECK(text.has_value() == c.contradicts);
    }
    for (const int epsg :
         {4491, 4502, 4513, 4522, 4534, 4543, 2327, 2338, 2349, 2370, 21413, 21453, 2401, 2422, 32648}) {
        CAPTURE(epsg);
        CHECK_FALSE(name_contradiction(geo::Crs::parse("EPSG:" + std::to_string(epsg))));
    }
}

TEST_CASE("digits tell the strip at most, never the datum", "[crs]") {
    const auto says = [](const geo::Box& box, const char* what) {
        const Text text = missing_crs(box);
        CAPTURE(text.en, text.zh, what);
        return text.en.find(what) != std::string::npos && !text.zh.empty();
    };
    const geo::Box prefixed{34554000, 2694000, 34555000, 2695000};
    CHECK(says(prefixed, "zone 34"));
    CHECK(says(prefixed, "EPSG:4522 (CGCS2000), EPSG:2358 (Xian 1980), EPSG:2410 (Beijing 1954)"));
    CHECK(says({17554000, 2694000, 17555000, 2695000}, "6° strip, central meridian 99°E"));
    CHECK(says({2694000, 34554000, 2695000, 34555000}, "northing stands first"));
    CHECK(says({554000, 2694000, 555000, 2695000}, "no zone prefix"));
    CHECK(says({102.5, 24.3, 102.6, 24.4}, "GCJ-02"));
    // No certainty: two prefixes, a zone that China does not have, a northing that is none.
    CHECK_FALSE(says({34554000, 2694000, 35455000, 2695000}, "zone"));
    CHECK_FALSE(says({24554000, 2694000, 24555000, 2695000}, "zone 24"));
    CHECK_FALSE(says({34554000, 0, 34555000, 1000}, "zone 34"));
    CHECK(says({}, "no coordinate system"));
}

TEST_CASE("a layer without CRS is looked at with a warning and refused where a CRS is needed", "[crs]") {
    const test::TempDir dir;
    const std::string path = dir / "地块.shp";
    test_data::make_dataset(path, "ESRI Shapefile",
                            {{"地块", 0, "Polygon", {}, {{rectangle(34554000, 2694000, 100, 50), {}}}, {}}});
    OpenOptions options;
    options.require_crs = false;
    const Table table = read_all(*open_layer(path, options));
    CHECK(table.issues.counts() == std::map<std::string, std::uint64_t>{{"crs-missing", 1}});
    CHECK(table.issues.sorted()[0].text.zh.find("带号为 34") != std::string::npos);
    try {
        (void)open_layer(path, {});
        FAIL("no error");
    } catch (const Error& error) {
        CHECK(error.code() == "no-crs");
        CHECK(error.text().en.find("EPSG:4522") != std::string::npos);
    }
}

TEST_CASE("a name that belies its parameters is an issue of the layer", "[crs]") {
    const test::TempDir dir;
    const std::string path = dir / "a.shp";
    test_data::make_dataset(path, "ESRI Shapefile",
                            {{"a", 0, "Polygon", {}, {{rectangle(554000, 2694000, 100, 50), {}}}, {}}});
    std::ofstream(dir / "a.prj") << prj("CGCS2000_3_Degree_GK_Zone_34", 102, 500000);
    const Table table = read_all(*open_layer(path, {}));
    CHECK(table.issues.counts() == std::map<std::string, std::uint64_t>{{"crs-name-mismatch", 1}});
    CHECK(table.info.crs->gauss_krueger()->false_easting_m == 500000);
}

} // namespace
} // namespace corebelt::layers
