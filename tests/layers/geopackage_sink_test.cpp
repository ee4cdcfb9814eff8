#include "made_dataset.hpp"
#include "support/catch.hpp"
#include "support/temp_dir.hpp"

#include "corebelt/geo/error.hpp"
#include "corebelt/layers/dataset.hpp"
#include "corebelt/layers/sink.hpp"

#include <chrono>
#include <filesystem>
#include <thread>

namespace corebelt::layers {
namespace {

namespace fs = std::filesystem;

void add_ring(geo::Shapes& shapes, std::initializer_list<geo::XY> ring) {
    for (const auto& p : ring)
        shapes.add(p);
    shapes.end_ring();
}

Batch findings() {
    Batch batch;
    for (const auto& field :
         {Field{"规则", FieldType::text}, Field{"area_m2", FieldType::real}, Field{"fid", FieldType::integer},
          Field{"checked", FieldType::date}, Field{"edited", FieldType::date}})
        batch.columns.push_back({field, {}, {}, {}, {}, {}});
    const auto add = [&](std::int64_t fid, std::vector<Value> values) {
        batch.fid.push_back(fid);
        for (std::size_t c = 0; c < values.size(); ++c)
            batch.columns[c].push_back(values[c]);
    };
    add_ring(batch.shapes, {{500000, 2700000}, {500010, 2700000}, {500010, 2700010}, {500000, 2700000}});
    add_ring(batch.shapes, {{500006, 2700002}, {500006, 2700004}, {500008, 2700004}, {500006, 2700002}});
    batch.shapes.end_part();
    add_ring(batch.shapes, {{600000.125, 2700000}, {600001, 2700000}, {600001, 2700001}, {600000.125, 2700000}});
    batch.shapes.end_part();
    batch.shapes.end_shape(geo::Dimension::area);
    add(5, {std::string("生态保护红线"), 0.1, std::int64_t{9007199254740993}, IsoDate{"2026-11-22"},
            IsoDate{"2026-11-22T08:30:15.250"}});
    batch.shapes.end_shape(geo::Dimension::area);
    add(6, {Value{}, Value{}, Value{}, Value{}, Value{}});
    return batch;
}

void write_findings(const std::string& path) {
    const Batch rows = findings();
    std::vector<Field> fields;
    for (const auto& column : rows.columns)
        fields.push_back(column.field);
    GeoPackageSink sink(path);
    sink.begin_layer("findings", geo::Crs::parse("EPSG:4543"), geo::Dimension::area, fields);
    sink.write(rows);
    sink.begin_layer("nothing", geo::Crs::parse("EPSG:4490"), geo::Dimension::point, {{"id", FieldType::integer}});
    sink.commit();
}

std::size_t entries_in(const fs::path& folder) {
    std::size_t count = 0;
    for ([[maybe_unused]] const auto& entry : fs::directory_iterator(folder))
        ++count;
    return count;
}

TEST_CASE("rows written to a GeoPackage read back equal", "[sink]") {
    const test::TempDir dir;
    write_findings(dir / "out.gpkg");
    CHECK(entries_in(dir.path()) == 1);

    OpenOptions options;
    options.all_fields = true;
    const Table back = read_all(*open_layer(dir / "out.gpkg|layer=findings", options));
    const Batch rows = findings();
    REQUIRE(back.rows.size() == 2);
    REQUIRE(back.rows.columns.size() == rows.columns.size());
    for (std::size_t c = 0; c < rows.columns.size(); ++c) {
        CAPTURE(rows.columns[c].field.name);
        CHECK(back.rows.columns[c].field.name == rows.columns[c].field.name);
        CHECK(back.rows.columns[c].value(0) == rows.columns[c].value(0));
        CHECK(is_null(back.rows.columns[c].value(1)));
    }
    CHECK(back.rows.shapes[0].part_count() == 2);
    CHECK(back.rows.shapes.xy == rows.shapes.xy);
    CHECK(back.rows.shapes[1].empty());
    CHECK(back.info.crs->label() == "EPSG:4543");

    const auto layers = list_layers(dir / "out.gpkg", {});
    REQUIRE(layers.size() == 2);
    CHECK(layers[1].layer == "nothing");
    CHECK(layers[1].crs->label() == "EPSG:4490");
    CHECK(layers[1].feature_count == 0);
}

TEST_CASE("the same rows written twice give the same bytes", "[sink]") {
    const test::TempDir dir;
    write_findings(dir / "a.gpkg");
    std::this_thread::sleep_for(std::chrono::milliseconds(1100)); // GeoPackage times would differ by now
    write_findings(dir / "b.gpkg");
    CHECK(sha256_of(dir / "a.gpkg") == sha256_of(dir / "b.gpkg"));
    CHECK(test::read_text(dir / "a.gpkg") == test::read_text(dir / "b.gpkg"));
}

TEST_CASE("a GeoPackage that is not committed leaves nothing and spares the old file", "[sink]") {
    const test::TempDir dir;
    test::write_text(dir.path() / "out.gpkg", "the old file");
    {
        GeoPackageSink sink(dir / "out.gpkg");
        sink.begin_layer("findings", geo::Crs::parse("EPSG:4543"), geo::Dimension::area, {});
    }
    CHECK(entries_in(dir.path()) == 1);
    CHECK(test::read_text(dir.path() / "out.gpkg") == "the old file");
}

TEST_CASE("a GeoPackage in a folder that does not exist is an output error", "[sink][error]") {
    const test::TempDir dir;
    try {
        GeoPackageSink sink(dir / "missing/out.gpkg");
        FAIL("no error");
    } catch (const Error& error) {
        CHECK(error.kind() == ErrorKind::output);
        CHECK(error.code() == "cannot-write");
        CHECK(error.text().en.find("missing/out.gpkg") != std::string::npos);
    }
}

TEST_CASE("a layer name that exists already is an output error with GDAL's reason", "[sink][error]") {
    const test::TempDir dir;
    GeoPackageSink sink(dir / "out.gpkg");
    const auto crs = geo::Crs::parse("EPSG:4543");
    sink.begin_layer("findings", crs, geo::Dimension::area, {});
    sink.begin_layer("findings", crs, geo::Dimension::area, {});
    CHECK_THROWS_AS(sink.commit(), Error);
}

} // namespace
} // namespace corebelt::layers
