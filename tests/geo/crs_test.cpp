#include "support/catch.hpp"

#include "corebelt/geo/crs.hpp"
#include "corebelt/geo/error.hpp"

#include <string>

using corebelt::Error;
using corebelt::geo::Crs;
using corebelt::geo::Datum;

namespace {

// As ArcGIS writes them beside a shapefile.
const std::string esri_cm_102 =
    R"(PROJCS["CGCS2000_3_Degree_GK_CM_102E",GEOGCS["GCS_China_Geodetic_Coordinate_System_2000",DATUM["D_China_2000",SPHEROID["CGCS2000",6378137.0,298.257222101]],PRIMEM["Greenwich",0.0],UNIT["Degree",0.0174532925199433]],PROJECTION["Gauss_Kruger"],PARAMETER["False_Easting",500000.0],PARAMETER["False_Northing",0.0],PARAMETER["Central_Meridian",102.0],PARAMETER["Scale_Factor",1.0],PARAMETER["Latitude_Of_Origin",0.0],UNIT["Meter",1.0]])";
const std::string esri_zone_35_renamed =
    R"(PROJCS["CGCS_2000_3_Degree_GK_Zone_35",GEOGCS["GCS_China_Geodetic_Coordinate_System_2000",DATUM["D_China_2000",SPHEROID["CGCS2000",6378137.0,298.257222101]],PRIMEM["Greenwich",0.0],UNIT["Degree",0.0174532925199433]],PROJECTION["Transverse_Mercator"],PARAMETER["False_Easting",35500000.0],PARAMETER["False_Northing",0.0],PARAMETER["Central_Meridian",105.0],PARAMETER["Scale_Factor",1.0],PARAMETER["Latitude_Of_Origin",0.0],UNIT["Meter",1.0]])";
const std::string esri_xian_zone_35 =
    R"(PROJCS["Xian_1980_3_Degree_GK_Zone_35",GEOGCS["GCS_Xian_1980",DATUM["D_Xian_1980",SPHEROID["Xian_1980",6378140.0,298.257]],PRIMEM["Greenwich",0.0],UNIT["Degree",0.0174532925199433]],PROJECTION["Gauss_Kruger"],PARAMETER["False_Easting",35500000.0],PARAMETER["False_Northing",0.0],PARAMETER["Central_Meridian",105.0],PARAMETER["Scale_Factor",1.0],PARAMETER["Latitude_Of_Origin",0.0],UNIT["Meter",1.0]])";

} // namespace

TEST_CASE("Gauss-Krüger systems are known by their parameters", "[crs]") {
    const Crs prefixed = Crs::parse("EPSG:4522");
    CHECK(prefixed.is_projected());
    CHECK_FALSE(prefixed.is_geographic());
    CHECK(prefixed.metres_per_unit() == 1);
    CHECK(prefixed.datum() == Datum::cgcs2000);
    CHECK(prefixed.ellipsoid().semi_major_m == 6378137);
    CHECK(prefixed.ellipsoid().inverse_flattening == Approx(298.257222101).epsilon(0).margin(1e-9));
    REQUIRE(prefixed.gauss_krueger());
    CHECK(prefixed.gauss_krueger()->zone_prefix == 34);
    CHECK(prefixed.gauss_krueger()->false_easting_m == 34500000);
    CHECK(prefixed.gauss_krueger()->central_meridian_deg == 102);
    CHECK(prefixed.gauss_krueger()->three_degree);

    const Crs unprefixed = Crs::parse("EPSG:4543");
    REQUIRE(unprefixed.gauss_krueger());
    CHECK_FALSE(unprefixed.gauss_krueger()->zone_prefix);
    CHECK(unprefixed.gauss_krueger()->false_easting_m == 500000);
    CHECK_FALSE(unprefixed.same_as(prefixed));

    const Crs six = Crs::parse("EPSG:4495"); // 6° zone 17, CM 99°
    REQUIRE(six.gauss_krueger());
    CHECK(six.gauss_krueger()->zone_prefix == 17);
    CHECK_FALSE(six.gauss_krueger()->three_degree);
    CHECK_FALSE(Crs::parse("EPSG:4506").gauss_krueger()->three_degree); // 6°, CM 99°, no prefix
    CHECK(Crs::parse("EPSG:4542").gauss_krueger()->three_degree);       // 3°, CM 99°, no prefix

    const Crs utm = Crs::parse("EPSG:32632");
    REQUIRE(utm.gauss_krueger());
    CHECK(utm.gauss_krueger()->scale == 0.9996);
    CHECK_FALSE(utm.gauss_krueger()->three_degree);
    CHECK(utm.datum() == Datum::wgs84);
    CHECK_FALSE(Crs::parse("EPSG:3857").gauss_krueger());
}

TEST_CASE("every Chinese Gauss-Krüger system of the authority is recognised", "[crs]") {
    struct Family {
        int first;
        int count;
        Datum datum;
        bool three;
        bool prefixed;
        int first_strip;
    };
    const auto f = GENERATE(
        Family{4513, 21, Datum::cgcs2000, true, true, 25}, Family{4534, 21, Datum::cgcs2000, true, false, 25},
        Family{4491, 11, Datum::cgcs2000, false, true, 13}, Family{4502, 11, Datum::cgcs2000, false, false, 13},
        Family{2327, 11, Datum::xian1980, false, true, 13}, Family{2338, 11, Datum::xian1980, false, false, 13},
        Family{2349, 21, Datum::xian1980, true, true, 25}, Family{2370, 21, Datum::xian1980, true, false, 25},
        Family{21413, 11, Datum::beijing1954, false, true, 13}, Family{21453, 11, Datum::beijing1954, false, false, 13},
        Family{2401, 21, Datum::beijing1954, true, true, 25}, Family{2422, 21, Datum::beijing1954, true, false, 25});
    for (int i = 0; i < f.count; ++i) {
        const std::string code = "EPSG:" + std::to_string(f.first + i);
        CAPTURE(code);
        const Crs crs = Crs::parse(code);
        const int strip = f.first_strip + i;
        CHECK(crs.datum() == f.datum);
        CHECK(crs.label() == code);
        REQUIRE(crs.gauss_krueger());
        CHECK(crs.gauss_krueger()->three_degree == f.three);
        CHECK(crs.gauss_krueger()->central_meridian_deg == (f.three ? 3.0 * strip : 6.0 * strip - 3));
        CHECK(crs.gauss_krueger()->zone_prefix.has_value() == f.prefixed);
        if (f.prefixed)
            CHECK(*crs.gauss_krueger()->zone_prefix == strip);
        // Without its identifier it must be found by parameters; 6° meridians without a prefix are ambiguous
        // once the area of use is gone.
        if (f.three || f.prefixed) {
            const auto& gk = *crs.gauss_krueger();
            const std::string figure = f.datum == Datum::cgcs2000   ? R"("CGCS2000",6378137,298.257222101)"
                                       : f.datum == Datum::xian1980 ? R"("IAG 1975",6378140,298.257)"
                                                                    : R"("Krassowsky 1940",6378245,298.3)";
            const std::string datum = f.datum == Datum::cgcs2000   ? "D_China_2000"
                                      : f.datum == Datum::xian1980 ? "D_Xian_1980"
                                                                   : "D_Beijing_1954";
            const Crs nameless =
                Crs::parse(R"(PROJCS["local",GEOGCS["local",DATUM[")" + datum + R"(",SPHEROID[)" + figure +
                           R"(]],PRIMEM["Greenwich",0],UNIT["Degree",0.0174532925199433]],)"
                           R"(PROJECTION["Transverse_Mercator"],PARAMETER["False_Easting",)" +
                           std::to_string(gk.false_easting_m) +
                           R"(],PARAMETER["False_Northing",0],PARAMETER["Central_Meridian",)" +
                           std::to_string(gk.central_meridian_deg) +
                           R"(],PARAMETER["Scale_Factor",1],PARAMETER["Latitude_Of_Origin",0],)"
                           R"(UNIT["Meter",1]])");
            CHECK(nameless.label() == code);
            CHECK(nameless.same_as(crs));
            CHECK(crs.same_as(nameless));
        }
    }
}

TEST_CASE("ESRI's projection files are the authority's systems", "[crs]") {
    const Crs cm = Crs::parse(esri_cm_102);
    CHECK(cm.same_as(Crs::parse("EPSG:4543")));
    CHECK_FALSE(cm.same_as(Crs::parse("EPSG:4522")));
    CHECK_FALSE(cm.same_as(Crs::parse("EPSG:4544")));
    CHECK(cm.datum() == Datum::cgcs2000);
    CHECK(cm.label() == "EPSG:4543");
    CHECK(Crs::parse(esri_zone_35_renamed).same_as(Crs::parse("EPSG:4523")));
    CHECK(Crs::parse(esri_zone_35_renamed).label() == "EPSG:4523");
    CHECK(Crs::parse(esri_xian_zone_35).same_as(Crs::parse("EPSG:2359")));
    CHECK_FALSE(Crs::parse(esri_xian_zone_35).same_as(Crs::parse("EPSG:4523")));
}

TEST_CASE("the ellipsoid alone does not make a datum", "[crs]") {
    CHECK(Crs::parse("EPSG:4258").datum() == Datum::other); // ETRS89: GRS 80, the figure of CGCS2000
    CHECK(Crs::parse("EPSG:4284").datum() == Datum::other); // Pulkovo 1942: Krassowsky
    CHECK(Crs::parse("EPSG:4555").datum() == Datum::other); // New Beijing
    CHECK(Crs::parse("EPSG:4490").datum() == Datum::cgcs2000);
    CHECK(Crs::parse("EPSG:4610").datum() == Datum::xian1980);
    CHECK(Crs::parse("EPSG:4214").datum() == Datum::beijing1954);
    CHECK(Crs::parse("EPSG:4326").datum() == Datum::wgs84);
    CHECK(Crs::parse("+proj=longlat +ellps=WGS84 +type=crs").datum() == Datum::other);
    CHECK_FALSE(Crs::parse("EPSG:4258").same_as(Crs::parse("EPSG:4490")));
    CHECK_FALSE(Crs::parse("EPSG:4555").same_as(Crs::parse("EPSG:4214")));
}

TEST_CASE("axis order and three dimensions do not make another system", "[crs]") {
    CHECK(Crs::parse("OGC:CRS84").same_as(Crs::parse("EPSG:4326")));
    CHECK(Crs::parse("EPSG:4522").same_as(Crs::parse("EPSG:4522")));
    CHECK(Crs::parse("EPSG:4522").same_as(Crs::parse(Crs::parse("EPSG:4522").wkt())));
    CHECK(Crs::parse("EPSG:4543+5737").same_as(Crs::parse("EPSG:4543"))); // with heights
    CHECK(Crs::parse("EPSG:2056").same_as(Crs::parse(Crs::parse("EPSG:2056").wkt())));
    CHECK_FALSE(Crs::parse("EPSG:2056").same_as(Crs::parse("EPSG:21781")));
}

TEST_CASE("area of use and units come from the authority", "[crs]") {
    const auto box = Crs::parse("EPSG:4522").area_of_use_deg();
    REQUIRE(box);
    CHECK(box->min_x == Approx(100.5).epsilon(0).margin(1e-9));
    CHECK(box->max_x == Approx(103.5).epsilon(0).margin(1e-9));
    CHECK_FALSE(Crs::parse("+proj=tmerc +lon_0=102 +x_0=500000 +ellps=GRS80 +type=crs").area_of_use_deg());
    CHECK(Crs::parse("EPSG:2225").metres_per_unit() == Approx(1200.0 / 3937.0).epsilon(0).margin(1e-15));
    CHECK(Crs::parse("EPSG:4490").metres_per_unit() == 1);
}

TEST_CASE("a definition that cannot be understood is an error with the reason", "[crs][error]") {
    const auto* definition = GENERATE("EPSG:999999", "not a crs", "EPSG:5773", "EPSG:4978", "");
    CAPTURE(definition);
    try {
        (void)Crs::parse(definition);
        FAIL("no error");
    } catch (const Error& error) {
        CHECK(error.code() == "bad-crs");
        CHECK(error.kind() == corebelt::ErrorKind::usage);
        CHECK(error.text().en.find("\"" + std::string(definition) + "\"") != std::string::npos);
        CHECK_FALSE(error.text().zh.empty());
    }
}
