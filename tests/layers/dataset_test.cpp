#include "made_dataset.hpp"
#include "support/catch.hpp"
#include "support/temp_dir.hpp"

#include "corebelt/geo/error.hpp"
#include "corebelt/layers/dataset.hpp"

#include <algorithm>
#include <filesystem>
#include <fstream>

namespace corebelt::layers {
namespace {

namespace fs = std::filesystem;
using test_data::Feature;
using test_data::Kind;
using test_data::Layer;
using test_data::make_dataset;
using test_data::rectangle;

/// Five parcels at 500 km east, 2 700 km north of EPSG:4543.
Layer parcels(const std::string& name = "parcels") {
    Layer layer;
    layer.name = name;
    layer.geometry = "Unknown";
    layer.fields = {{"code", Kind::text}, {"count", Kind::integer}, {"far", Kind::real}, {"surveyed", Kind::date}};
    layer.features = {{rectangle(500000, 2700000, 100, 50), {"1001", "7", "1.25", "2024/02/29"}},
                      {rectangle(500100, 2700000, 100, 50), {"1101", "8", nullptr, nullptr}},
                      {"", {"1207", nullptr, "0.5", "1999/12/31"}},
                      {"MULTIPOLYGON(((500300 2700000,500310 2700000,500310 2700010,500300 2700000)),"
                       "((500400 2700000,500410 2700000,500410 2700010,500400 2700000)))",
                       {"1001", "9", "2", "2024/02/29"}},
                      {rectangle(500500, 2700000, 100, 50), {nullptr, "10", "3.5", nullptr}}};
    return layer;
}

std::string path_of(const test::TempDir& dir, const std::string& driver) {
    const std::string extension = driver == "GPKG"             ? "gpkg"
                                  : driver == "ESRI Shapefile" ? "shp"
                                  : driver == "FlatGeobuf"     ? "fgb"
                                  : driver == "MapInfo File"   ? "tab"
                                                               : "geojson";
    return dir / ("parcels." + extension);
}

/// Runs `call`, which must fail, and gives what it said.
template <typename Call>
Error error_of(Call call) {
    try {
        call();
    } catch (const Error& error) {
        CHECK_FALSE(error.text().zh.empty());
        return error;
    }
    throw std::runtime_error("no error where one was expected");
}

bool says(const Error& error, const std::string& part) {
    return error.text().en.find(part) != std::string::npos && error.text().zh.find(part) != std::string::npos;
}

std::vector<std::string> texts(const Table& table, const std::string& field) {
    std::vector<std::string> result;
    const Column* column = table.rows.find(field);
    REQUIRE(column != nullptr);
    for (std::size_t i = 0; i < table.rows.size(); ++i)
        result.push_back(is_null(column->value(i)) ? "null" : to_string(column->value(i)));
    return result;
}

TEST_CASE("attributes and geometry come through every driver the same", "[dataset]") {
    const test::TempDir dir;
    const std::string driver = GENERATE("GPKG", "FlatGeobuf", "ESRI Shapefile", "GeoJSON");
    CAPTURE(driver);
    auto layer = parcels();
    if (driver == "ESRI Shapefile")
        layer.geometry = "Polygon";
    if (driver == "FlatGeobuf") {
        layer.options = {"SPATIAL_INDEX=NO"}; // else features are sorted
        layer.features[2].wkt = rectangle(500200, 2700000, 1, 1);
    }
    if (driver == "GeoJSON") {
        layer.epsg = 4490;
        for (auto& feature : layer.features)
            feature.wkt = feature.wkt.empty() ? "" : rectangle(102.5, 24.25, 0.125, 0.25);
    }
    make_dataset(path_of(dir, driver), driver, {layer});

    OpenOptions options;
    options.all_fields = true;
    const Table table = read_all(*open_layer(path_of(dir, driver), options));
    REQUIRE(table.rows.size() == 5);
    CHECK(table.info.driver == driver);
    CHECK(table.info.encoding == "UTF-8");
    CHECK(table.info.feature_count == 5);
    CHECK(texts(table, "code") == std::vector<std::string>{"1001", "1101", "1207", "1001", "null"});
    CHECK(table.rows.find("code")->field.type == FieldType::text);
    CHECK(table.rows.find("code")->dictionary.size() == 3);
    CHECK(texts(table, "count") == std::vector<std::string>{"7", "8", "null", "9", "10"});
    CHECK(table.rows.find("count")->field.type == FieldType::integer);
    CHECK(texts(table, "far") == std::vector<std::string>{"1.25", "null", "0.5", "2", "3.5"});
    CHECK(table.rows.find("far")->field.type == FieldType::real);
    const std::string midnight = driver == "FlatGeobuf" ? "T00:00:00" : ""; // it knows no dates without time
    CHECK(texts(table, "surveyed") == std::vector<std::string>{"2024-02-29" + midnight, "null", "1999-12-31" + midnight,
                                                               "2024-02-29" + midnight, "null"});
    CHECK(table.rows.find("surveyed")->field.type == FieldType::date);
    CHECK(table.counts.features == 5);
    CHECK(table.counts.rejected == 0);
    CHECK(table.counts.repaired == 0);
    if (driver == "FlatGeobuf")
        return;
    CHECK(table.counts.empty == 1);
    CHECK(table.rows.shapes[2].empty());
    CHECK(table.issues.counts() == std::map<std::string, std::uint64_t>{{"empty-geometry", 1}});
    if (driver == "GeoJSON") {
        CHECK(table.counts.extent == geo::Box{102.5, 24.25, 102.625, 24.5});
        return;
    }
    CHECK(table.counts.extent == geo::Box{500000, 2700000, 500600, 2700050});
    CHECK(table.rows.shapes[3].part_count() == 2);
    CHECK(table.info.crs->label() == "EPSG:4543");
}

TEST_CASE("only wanted fields are handed out, in the wanted order", "[dataset]") {
    const test::TempDir dir;
    make_dataset(dir / "p.gpkg", "GPKG", {parcels()});
    OpenOptions options;
    options.fields = {"far", "code", "far"};
    options.where = "count >= 8"; // read for the filter, not handed out
    options.id_field = "count";
    const auto source = open_layer(dir / "p.gpkg", options);
    REQUIRE(source->info().fields.size() == 2);
    const Table table = read_all(*source);
    REQUIRE(table.rows.columns.size() == 2);
    CHECK(table.rows.columns[0].field.name == "far");
    CHECK(table.rows.columns[1].field.name == "code");
    CHECK(texts(table, "far") == std::vector<std::string>{"null", "2", "3.5"});
    CHECK(texts(table, "code") == std::vector<std::string>{"1101", "1001", "null"});
    CHECK(table.rows.fid == std::vector<std::int64_t>{2, 4, 5});
}

TEST_CASE("a filter passes the same rows on every driver and never its own helpers", "[dataset]") {
    const test::TempDir dir;
    const std::string driver = GENERATE("GPKG", "ESRI Shapefile", "MapInfo File");
    CAPTURE(driver);
    auto layer = parcels();
    layer.geometry = driver == "ESRI Shapefile" ? "Polygon" : "Unknown";
    make_dataset(path_of(dir, driver), driver, {layer});
    const auto ids = [&](const std::string& where) {
        OpenOptions options;
        options.where = where;
        options.fields = {"count"};
        return texts(read_all(*open_layer(path_of(dir, driver), options)), "count");
    };
    using Ids = std::vector<std::string>;
    CHECK(ids("code = '1001'") == Ids{"7", "9"});
    CHECK(ids("code LIKE '10%'") == Ids{"7", "9"});
    CHECK(ids("code LIKE '10%' AND far > 1.5") == Ids{"9"});
    CHECK(ids("code IN ('1101','9999') OR count = 10") == Ids{"8", "10"});
    CHECK(ids("code = 'nothing'") == Ids{});
}

TEST_CASE("batches keep to the wanted number of features and bytes, and give the same rows", "[dataset]") {
    const test::TempDir dir;
    auto layer = parcels();
    for (int i = 0; i < 95; ++i)
        layer.features.push_back({rectangle(501000 + 10 * i, 2700000, 10, 10), {"08", "11", "1", nullptr}});
    make_dataset(dir / "p.gpkg", "GPKG", {layer});
    OpenOptions options;
    options.all_fields = true;
    const Table whole = read_all(*open_layer(dir / "p.gpkg", options));
    REQUIRE(whole.rows.size() == 100);

    options.batch_features = GENERATE(1U, 7U, 100U);
    options.batch_bytes = GENERATE(1U, 300U, 16U << 20U);
    CAPTURE(options.batch_features, options.batch_bytes);
    const auto source = open_layer(dir / "p.gpkg", options);
    Batch batch;
    Table table;
    while (source->next(batch)) {
        REQUIRE(batch.size() >= 1);
        REQUIRE(batch.size() <= options.batch_features);
        if (options.batch_bytes == 300)
            REQUIRE(batch.size() <= 8); // a rectangle is 93 bytes, two null-to-small ones may come with them
        table.rows.append(batch);
    }
    CHECK_FALSE(source->next(batch));
    CHECK(table.rows.fid == whole.rows.fid);
    CHECK(table.rows.shapes.xy == whole.rows.shapes.xy);
    CHECK(texts(table, "code") == texts(whole, "code"));
    CHECK(table.rows.columns[0].dictionary == whole.rows.columns[0].dictionary);
    CHECK(source->counts().extent == whole.counts.extent);
    CHECK(source->counts().features == 100);
}

TEST_CASE("a field may be called like the FID or the geometry", "[dataset]") {
    const test::TempDir dir;
    const std::string driver = GENERATE("GPKG", "ESRI Shapefile", "GeoJSON");
    CAPTURE(driver);
    Layer layer;
    layer.epsg = 4490;
    layer.geometry = "Polygon";
    layer.fields = {{"OGC_FID", Kind::integer}, {"wkb_geom", Kind::text}, {"geometry", Kind::text}};
    layer.options =
        driver == "GPKG" ? std::vector<std::string>{"FID=id", "GEOMETRY_NAME=SHAPE"} : std::vector<std::string>{};
    layer.features = {{rectangle(102, 24, 1, 1), {"70", "a", "b"}}, {rectangle(102, 24, 1, 1), {"80", "c", "d"}}};
    make_dataset(path_of(dir, driver), driver, {layer});
    OpenOptions options;
    options.all_fields = true;
    const Table table = read_all(*open_layer(path_of(dir, driver), options));
    CHECK(texts(table, "OGC_FID") == std::vector<std::string>{"70", "80"});
    CHECK(texts(table, "wkb_geom") == std::vector<std::string>{"a", "c"});
    CHECK(texts(table, "geometry") == std::vector<std::string>{"b", "d"});
    CHECK(table.rows.shapes.xy.size() == 10);
    const std::int64_t first = driver == "GPKG" ? 1 : 0;
    CHECK(table.rows.fid == std::vector<std::int64_t>{first, first + 1});
}

TEST_CASE("numbers of every width and booleans read right past one byte of a bit field", "[dataset]") {
    const test::TempDir dir;
    const std::string driver = GENERATE("GPKG", "FlatGeobuf", "GeoJSON");
    const bool filtered = GENERATE(false, true);
    CAPTURE(driver, filtered);
    Layer layer;
    layer.epsg = 4490;
    layer.fields = {{"binding", Kind::boolean},   {"small", Kind::short_integer}, {"big", Kind::long_integer},
                    {"narrow", Kind::short_real}, {"second", Kind::boolean},      {"at", Kind::time}};
    layer.options = driver == "FlatGeobuf" ? std::vector<std::string>{"SPATIAL_INDEX=NO"} : std::vector<std::string>{};
    const char* flags[] = {"1", "0", nullptr};
    for (int i = 0; i < 21; ++i)
        layer.features.push_back(
            {rectangle(102, 24, 1, 1),
             {flags[i % 3], "-32000", "9007199254740993", "0.5", flags[(i + 1) % 3], "2026/11/22 08:30:15"}});
    make_dataset(path_of(dir, driver), driver, {layer});
    OpenOptions options;
    options.all_fields = true;
    if (filtered)
        options.where = "binding = 1";
    const Table table = read_all(*open_layer(path_of(dir, driver), options));
    const auto expected = [&](const char* a, const char* b, const char* c) {
        std::vector<std::string> values;
        for (int i = 0; i < 21; ++i)
            if (!filtered || i % 3 == 0)
                values.emplace_back(i % 3 == 0 ? a : i % 3 == 1 ? b : c);
        return values;
    };
    CHECK(texts(table, "binding") == expected("1", "0", "null"));
    CHECK(texts(table, "second") == expected("0", "null", "1"));
    const auto all = [&](const char* value) { return expected(value, value, value); };
    CHECK(texts(table, "small") == all("-32000"));
    CHECK(texts(table, "big") == all("9007199254740993"));
    CHECK(texts(table, "narrow") == all("0.5"));
    CHECK(texts(table, "at") == all("2026-11-22T08:30:15"));
    CHECK(table.rows.find("binding")->field.type == FieldType::integer);
    CHECK(table.info.driver == driver);
}

TEST_CASE("two layers of one file stream at the same time", "[dataset]") {
    const test::TempDir dir;
    make_dataset(dir / "two.gpkg", "GPKG", {parcels("a"), parcels("b")});
    OpenOptions options;
    options.fields = {"code"};
    options.batch_features = 1;
    const auto a = open_layer(dir / "two.gpkg|layer=a", options);
    const auto b = open_layer(dir / "two.gpkg|layer=b", options);
    const auto a_again = open_layer(dir / "two.gpkg|layer=a", options);
    Batch batch;
    for (int i = 0; i < 5; ++i) {
        CHECK(a->next(batch));
        CHECK(b->next(batch));
        CHECK(a_again->next(batch));
        CHECK(batch.fid[0] == i + 1);
    }
    CHECK_FALSE(a->next(batch));
    CHECK_FALSE(b->next(batch));
}

TEST_CASE("points, lines and areas of one layer keep their dimension", "[dataset]") {
    const test::TempDir dir;
    Layer layer;
    layer.geometry = "Unknown";
    layer.features = {{"POINT(500000 2700000)", {}},
                      {"LINESTRING(500000 2700000,500010 2700000)", {}},
                      {rectangle(500000, 2700000, 1, 1), {}},
                      {"GEOMETRYCOLLECTION(POINT(500000 2700000),POLYGON((500000 2700000,500001 2700000,500001 "
                       "2700001,500000 2700000)))",
                       {}}};
    make_dataset(dir / "mixed.gpkg", "GPKG", {layer});
    const auto source = open_layer(dir / "mixed.gpkg", {});
    CHECK(source->info().geometry_type == "Mixed");
    const Table table = read_all(*source);
    CHECK(table.rows.shapes.dimension == std::vector<geo::Dimension>{geo::Dimension::point, geo::Dimension::line,
                                                                     geo::Dimension::area, geo::Dimension::area});
    CHECK(table.issues.counts() == std::map<std::string, std::uint64_t>{{"mixed-geometry", 1}});
}

TEST_CASE("arcs are drawn with chords and said so", "[dataset]") {
    const test::TempDir dir;
    Layer layer;
    layer.geometry = "CurvePolygon";
    layer.features = {{"CURVEPOLYGON(CIRCULARSTRING(500100 2700000,500000 2700100,499900 2700000,500000 2699900,"
                       "500100 2700000))",
                       {}}};
    make_dataset(dir / "circle.gpkg", "GPKG", {layer});
    const Table table = read_all(*open_layer(dir / "circle.gpkg", {}));
    REQUIRE(table.rows.shapes[0].ring_count() == 1);
    double twice_area = 0;
    const auto ring = table.rows.shapes[0].ring(0);
    for (std::size_t i = 0; i + 1 < ring.size(); ++i)
        twice_area += (ring[i].x - ring[0].x) * (ring[i + 1].y - ring[0].y) -
                      (ring[i + 1].x - ring[0].x) * (ring[i].y - ring[0].y);
    // A circle of 100 m: 31 415.9265 m²; chords of 0.1° lack 5.1e-7 of it.
    CHECK(twice_area / 2 == Approx(31415.9265).epsilon(0).margin(0.02));
    CHECK(table.issues.counts() == std::map<std::string, std::uint64_t>{{"curves-linearised", 1}});
}

TEST_CASE("a missing file names the nearest, a missing folder is named", "[dataset][error]") {
    const test::TempDir dir;
    make_dataset(dir / "parcels.gpkg", "GPKG", {parcels()});
    const auto file = error_of([&] { (void)open_layer(dir / "parcel.gpkg", {}); });
    CHECK(file.kind() == ErrorKind::input);
    CHECK(file.code() == "not-found");
    CHECK(says(file, "parcel.gpkg"));
    CHECK(says(file, "parcels.gpkg"));
    const auto folder = error_of([&] { (void)open_layer(dir / "no/parcels.gpkg", {}); });
    CHECK(folder.code() == "not-found");
    CHECK(says(folder, dir / "no"));
}

TEST_CASE("what is no dataset is an input error with GDAL's reason", "[dataset][error]") {
    const test::TempDir dir;
    test::write_text(dir.path() / "notes.gpkg", "not a database");
    const auto error = error_of([&] { (void)open_layer(dir / "notes.gpkg", {}); });
    CHECK(error.kind() == ErrorKind::input);
    CHECK(error.code() == "cannot-open");
    CHECK(says(error, "notes.gpkg"));
    CHECK(says(error, "not recognized"));
}

TEST_CASE("several layers are listed with type and count, a wrong name with the nearest", "[dataset][error]") {
    const test::TempDir dir;
    auto roads = parcels("roads");
    roads.geometry = "LineString";
    roads.features.clear();
    make_dataset(dir / "plan.gpkg", "GPKG", {parcels(), roads});
    const auto several = error_of([&] { (void)open_layer(dir / "plan.gpkg", {}); });
    CHECK(several.kind() == ErrorKind::usage);
    CHECK(several.code() == "several-layers");
    CHECK(says(several, "parcels (Mixed, 5)"));
    CHECK(says(several, "roads (LineString, 0)"));
    const auto wrong = error_of([&] { (void)open_layer(dir / "plan.gpkg|layer=parcel", {}); });
    CHECK(wrong.kind() == ErrorKind::input);
    CHECK(wrong.code() == "no-such-layer");
    CHECK(says(wrong, "parcels"));
    CHECK(open_layer(dir / "plan.gpkg|layer=roads", {})->info().layer == "roads");
}

TEST_CASE("styles and attribute tables do not count as layers", "[dataset]") {
    const test::TempDir dir;
    auto styles = parcels("layer_styles");
    auto table = parcels("statistics");
    table.geometry = "None";
    for (auto& feature : table.features)
        feature.wkt.clear();
    make_dataset(dir / "plan.gpkg", "GPKG", {styles, parcels(), table});
    CHECK(open_layer(dir / "plan.gpkg", {})->info().layer == "parcels");
    REQUIRE(list_layers(dir / "plan.gpkg", {}).size() == 1);
    CHECK(list_layers(dir / "plan.gpkg", {})[0].fields.size() == 4);
    const Table statistics = read_attribute_table(dir / "plan.gpkg|layer=statistics", {});
    CHECK(texts(statistics, "code") == std::vector<std::string>{"1001", "1101", "1207", "1001", "null"});
    CHECK(statistics.rows.shapes.size() == 5);

    make_dataset(dir / "table.gpkg", "GPKG", {table});
    const auto error = error_of([&] { (void)open_layer(dir / "table.gpkg", {}); });
    CHECK(error.kind() == ErrorKind::input);
    CHECK(error.code() == "no-spatial-layer");
}

TEST_CASE("an unknown field names the nearest, in the field list and in the filter", "[dataset][error]") {
    const test::TempDir dir;
    make_dataset(dir / "p.gpkg", "GPKG", {parcels()});
    OpenOptions fields;
    fields.fields = {"coed"};
    OpenOptions filter;
    filter.where = "coed = '1'";
    for (const auto& options : {fields, filter}) {
        const auto error = error_of([&] { (void)open_layer(dir / "p.gpkg", options); });
        CHECK(error.kind() == ErrorKind::usage);
        CHECK(error.code() == "unknown-field");
        CHECK(says(error, "coed"));
        CHECK(says(error, "code"));
    }
}

TEST_CASE("an empty layer has no batch and keeps its fields", "[dataset]") {
    const test::TempDir dir;
    auto layer = parcels();
    layer.features.clear();
    make_dataset(dir / "p.gpkg", "GPKG", {layer});
    OpenOptions options;
    options.all_fields = true;
    const auto source = open_layer(dir / "p.gpkg", options);
    CHECK(source->info().feature_count == 0);
    Batch batch;
    CHECK_FALSE(source->next(batch));
    CHECK(read_all(*open_layer(dir / "p.gpkg", options)).rows.columns.size() == 4);
}

TEST_CASE("a GeoPackage cut off anywhere is an input error, never a short answer", "[dataset][error]") {
    const test::TempDir dir;
    auto layer = parcels();
    for (int i = 0; i < 3000; ++i)
        layer.features.push_back({rectangle(501000 + 10 * i, 2700000, 10, 10), {"08", "11", "1", nullptr}});
    make_dataset(dir / "whole.gpkg", "GPKG", {layer});
    const std::string bytes = test::read_text(dir.path() / "whole.gpkg");
    REQUIRE(bytes.size() > 300000);
    std::size_t opened = 0;
    for (int tenth = 1; tenth < 10; ++tenth) {
        test::write_text(dir.path() / "cut.gpkg", bytes.substr(0, bytes.size() / 10 * static_cast<std::size_t>(tenth)));
        CAPTURE(tenth);
        const auto error = error_of([&] {
            const auto source = open_layer(dir / "cut.gpkg", {});
            ++opened;
            (void)read_all(*source);
        });
        CHECK(error.kind() == ErrorKind::input);
        CHECK((error.code() == "cannot-open" || error.code() == "cannot-read"));
        CHECK(says(error, "cut.gpkg"));
    }
}

TEST_CASE("a page destroyed in the middle stops the reading with GDAL's reason", "[dataset][error]") {
    const test::TempDir dir;
    auto layer = parcels();
    for (int i = 0; i < 3000; ++i)
        layer.features.push_back({rectangle(501000 + 10 * i, 2700000, 10, 10), {"08", "11", "1", nullptr}});
    layer.options = {"SPATIAL_INDEX=NO"};
    make_dataset(dir / "whole.gpkg", "GPKG", {layer});
    std::string bytes = test::read_text(dir.path() / "whole.gpkg");
    // Pages of 4096 bytes; the last ones hold rows. 0xFF is no b-tree page.
    for (std::size_t page = bytes.size() / 4096 - 8; page < bytes.size() / 4096 - 4; ++page)
        std::fill_n(bytes.begin() + static_cast<std::ptrdiff_t>(page * 4096), 4096, '\xFF');
    test::write_text(dir.path() / "broken.gpkg", bytes);
    const auto error = error_of([&] { (void)read_all(*open_layer(dir / "broken.gpkg", {})); });
    CHECK(error.kind() == ErrorKind::input);
    CHECK((error.code() == "cannot-open" || error.code() == "cannot-read"));
    CHECK(says(error, "malformed"));
}

TEST_CASE("a CSV table reads with types, codes with leading zeros stay text", "[dataset]") {
    const test::TempDir dir;
    test::write_text(
        dir.path() / "stats.csv",
        "park,code,declared_km2,plants,note,share\n核心区,0703,10.29,4,,0.5\n红塔片区,1001,12.60,,,-1e-3\n");
    const Table table = read_attribute_table(dir / "stats.csv", {});
    CHECK(table.info.encoding == "UTF-8");
    CHECK(table.info.encoding_why == "utf8-valid");
    CHECK(texts(table, "park") == std::vector<std::string>{"核心区", "红塔片区"});
    CHECK(texts(table, "code") == std::vector<std::string>{"0703", "1001"});
    CHECK(table.rows.find("declared_km2")->field.type == FieldType::real);
    CHECK(table.rows.find("plants")->field.type == FieldType::integer);
    CHECK(texts(table, "plants") == std::vector<std::string>{"4", "null"});
    CHECK(texts(table, "note") == std::vector<std::string>{"", ""});
    CHECK(texts(table, "share") == std::vector<std::string>{"0.5", "-0.001"});
    CHECK(table.info.fields[3].type == FieldType::integer);
    const auto spatial = error_of([&] { (void)open_layer(dir / "stats.csv", {}); });
    CHECK(spatial.code() == "no-spatial-layer");
}

TEST_CASE("a dataset reference keeps everything before its last layer mark", "[dataset]") {
    CHECK(DatasetRef::parse("a.gpkg").dataset == "a.gpkg");
    CHECK_FALSE(DatasetRef::parse("a.gpkg").layer.has_value());
    const auto ref = DatasetRef::parse("PG:dbname=plan|layer=地块");
    CHECK(ref.dataset == "PG:dbname=plan");
    CHECK(ref.layer == "地块");
    CHECK(ref.to_string() == "PG:dbname=plan|layer=地块");
}

} // namespace
} // namespace corebelt::layers
