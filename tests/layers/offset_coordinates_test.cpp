// GCJ-02 and BD-09: declared, or said by a name; never guessed from coordinates.
#include "made_dataset.hpp"
#include "offset_coordinates.hpp"
#include "support/catch.hpp"
#include "support/temp_dir.hpp"

#include "corebelt/layers/dataset.hpp"

namespace corebelt::layers {
namespace {

std::string offset_of(const std::string& file, const std::string& layer, const std::string& declared = {}) {
    LayerInfo info;
    info.source = file;
    info.layer = layer;
    find_offset(info, declared);
    return info.offset;
}

TEST_CASE("offset coordinates are known by declaration or by a name that says nothing else", "[offset]") {
    CHECK(offset_of("a.shp", "a") == "");
    CHECK(offset_of("a.shp", "a", "BD-09") == "BD-09");
    CHECK(offset_of("边界_GCJ02.shp", "a") == "GCJ-02");
    CHECK(offset_of("边界.shp", "gcj-02 边界") == "GCJ-02");
    CHECK(offset_of("a.gpkg|layer=x", "百度坐标") == "BD-09");
    CHECK(offset_of("poi_bd09ll.geojson", "poi") == "BD-09");
    CHECK(offset_of("x/gcj02/a.shp", "a") == ""); // a folder is not the file's name
    // Converted, or in both: nothing is certain.
    CHECK(offset_of("gcj02_to_wgs84.shp", "a") == "");
    CHECK(offset_of("gcj02转CGCS2000.shp", "a") == "");
    CHECK(offset_of("gcj02_bd09.shp", "a") == "");
    CHECK(offset_of("边界_gcj02.shp", "a", "none") == "");
}

TEST_CASE("offset coordinates and fields that speak of them are issues of the layer", "[offset]") {
    const test::TempDir dir;
    const test_data::Layer layer{
        "a", 4326, "Point", {{"lng_gcj02", test_data::Kind::real}}, {{"POINT(102.5 24.3)", {"102.5"}}}, {}};
    test_data::make_dataset(dir / "poi.shp", "ESRI Shapefile", {layer});
    CHECK(read_all(*open_layer(dir / "poi.shp", {})).issues.counts() ==
          std::map<std::string, std::uint64_t>{{"offset-suspected", 1}});
    OpenOptions declared;
    declared.declared_offset = "GCJ-02";
    const Table table = read_all(*open_layer(dir / "poi.shp", declared));
    CHECK(table.issues.counts() == std::map<std::string, std::uint64_t>{{"offset-coordinates", 1}});
    CHECK(table.info.offset == "GCJ-02");
    CHECK(list_layers(dir / "poi.shp", declared).front().offset == "GCJ-02");
}

} // namespace
} // namespace corebelt::layers
