#include "geojson_file.hpp"
#include "samples.hpp"
#include "support/catch.hpp"
#include "support/temp_dir.hpp"

#include "corebelt/geo/area.hpp"
#include "corebelt/geo/crs.hpp"
#include "corebelt/geo/validity.hpp"

#include <filesystem>
#include <map>
#include <set>

using namespace corebelt;

namespace {

const std::filesystem::path data_folder = std::filesystem::path(COREBELT_SOURCE_DIR) / "data";

void agrees_with_committed(const std::vector<samples::File>& files) {
    REQUIRE(files.size() >= 6);
    for (const samples::File& file : files) {
        CAPTURE(file.name);
        CHECK(file.bytes.size() < 1'000'000);
        CHECK(file.bytes.find("虚构示例，非真实边界") != std::string::npos);
        const bool same = test::read_text(data_folder / file.name) == file.bytes; // no megabyte in the message
        CHECK(same);
    }
}

using Edge = std::pair<std::array<std::int64_t, 2>, std::array<std::int64_t, 2>>;

/// Directed edges that no neighbour runs the other way.
std::set<Edge> open_edges(const std::vector<test::FileFeature>& features) {
    std::set<Edge> open;
    for (const auto& feature : features)
        for (const auto& ring : feature.rings)
            for (std::size_t i = 0; i + 1 < ring.size(); ++i) {
                if (open.erase({ring[i + 1], ring[i]}) == 0 && !open.insert({ring[i], ring[i + 1]}).second)
                    FAIL("an edge is there twice the same way: two parcels lie on one another");
            }
    return open;
}

/// m² by class prefix, over all parcels.
double share(const test::GeoJsonFile& parcels, const std::vector<std::string>& classes) {
    std::int64_t sum = 0;
    std::int64_t all = 0;
    for (const auto& parcel : parcels.features) {
        const std::int64_t area = parcel.twice_area_mm2();
        all += area;
        for (const auto& prefix : classes)
            if (parcel.properties.at("YDYHFLDM").starts_with(prefix))
                sum += area;
    }
    return static_cast<double>(sum) / static_cast<double>(all);
}

} // namespace

TEST_CASE("the Yuxi sample is made again byte for byte", "[samples]") {
    agrees_with_committed(samples::yuxi());
}

TEST_CASE("the planted sample is made again byte for byte", "[samples]") {
    agrees_with_committed(samples::demo_park());
}

TEST_CASE("parcels of a sample cover its zones without gap or overlap, vertex for vertex", "[samples]") {
    const std::string sample = GENERATE("yuxi", "demo-park");
    CAPTURE(sample);
    const auto zones = test::read_geojson(data_folder / sample / "zones.geojson");
    const auto parcels = test::read_geojson(data_folder / sample / "parcels.geojson");
    CHECK(zones.description == "虚构示例，非真实边界");
    CHECK(zones.crs == parcels.crs);
    // Edges between parcels cancel; what is left is the rim of the zones, edge for edge.
    CHECK(open_edges(parcels.features) == open_edges(zones.features));
    std::int64_t zone_sum = 0;
    std::int64_t parcel_sum = 0;
    for (const auto& zone : zones.features)
        zone_sum += zone.twice_area_mm2();
    for (const auto& parcel : parcels.features) {
        CHECK(parcel.twice_area_mm2() > 0);
        parcel_sum += parcel.twice_area_mm2();
    }
    CHECK(zone_sum == parcel_sum);
}

TEST_CASE("zones of the samples have their declared areas on the ellipsoid", "[samples]") {
    // km²: as the published outline plan declares them, and as the planted sample does but for its planted 2.26.
    const std::map<std::string, std::map<std::string, double>> declared{
        {"yuxi", {{"核心区", 10.29}, {"红塔片区", 12.60}, {"研和片区", 20.42}, {"江川片区", 12.53}}},
        {"demo-park", {{"核心区", 3.40}, {"东片区", 3.04}, {"西片区", 2.20}}},
    };
    for (const auto& [sample, parts] : declared) {
        const auto zones = test::read_geojson(data_folder / sample / "zones.geojson");
        const geo::Crs crs = geo::Crs::parse(sample == "yuxi" ? "EPSG:4543" : "EPSG:4522");
        std::map<std::string, double> official_m2;
        std::map<std::string, double> planar_m2;
        for (const auto& zone : zones.features) {
            geo::Shapes shapes;
            for (const auto& ring : zone.rings) {
                for (const auto& [x_mm, y_mm] : ring)
                    shapes.add({static_cast<double>(x_mm) / 1000, static_cast<double>(y_mm) / 1000});
                shapes.end_ring();
            }
            shapes.end_part();
            shapes.end_shape(geo::Dimension::area);
            CHECK_FALSE(geo::find_fault(shapes[0]).has_value());
            official_m2[zone.properties.at("PQMC")] += geo::official_cn2008_m2(shapes[0], crs);
            planar_m2[zone.properties.at("PQMC")] += static_cast<double>(zone.twice_area_mm2()) / 2e6;
        }
        REQUIRE(official_m2.size() == parts.size());
        for (const auto& [part, km2] : parts) {
            CAPTURE(sample, part);
            CHECK(official_m2.at(part) / 1e6 ==
                  Approx(km2).epsilon(0).margin(0.0005)); // a tenth of the print's precision
            // On the map the land is larger; a mistaken meridian or prefix would not show in the shapes alone.
            CHECK(planar_m2.at(part) > official_m2.at(part));
            CHECK(planar_m2.at(part) < official_m2.at(part) * 1.0002);
        }
    }
}

TEST_CASE("the Yuxi sample has the land use of an industrial park", "[samples]") {
    const auto parcels = test::read_geojson(data_folder / "yuxi/parcels.geojson");
    const auto lies = [&](const std::vector<std::string>& classes, double low, double high) {
        const double found = share(parcels, classes);
        CAPTURE(classes.front(), found);
        CHECK(found >= low);
        CHECK(found <= high);
    };
    lies({"1001"}, 0.70, 0.72);
    lies({"1101"}, 0.04, 0.06);
    lies({"1207"}, 0.10, 0.12);
    lies({"14"}, 0.06, 0.08);
    lies({"07", "08", "09"}, 0.05, 0.07);
    lies({"13"}, 0.01, 0.02);
    std::set<std::string> ids;
    for (const auto& parcel : parcels.features) {
        CHECK(ids.insert(parcel.properties.at("DKBH")).second);
        const std::string& code = parcel.properties.at("YDYHFLDM");
        if (code.starts_with("14") || code == "1207" || code == "1701")
            continue; // belts, streets and rivers have sizes of their own
        CAPTURE(parcel.properties.at("DKBH"));
        CHECK(parcel.twice_area_mm2() / 2 >= 5'000'000'000);   // 0.5 ha
        CHECK(parcel.twice_area_mm2() / 2 <= 150'000'000'000); // 15 ha
    }
}
