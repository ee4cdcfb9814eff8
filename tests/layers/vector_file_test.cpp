// Every output format read back equals the input within the limits that docs/formats.md states.
#include "support/catch.hpp"
#include "support/temp_dir.hpp"

#include "corebelt/geo/error.hpp"
#include "corebelt/layers/dataset.hpp"
#include "corebelt/layers/vector_file.hpp"

#include <gdal_priv.h>
#include <ogrsf_frmts.h>

#include <algorithm>
#include <cmath>
#include <cstring>
#include <filesystem>
#include <set>

namespace corebelt::layers {
namespace {

namespace fs = std::filesystem;

void add_ring(geo::Shapes& shapes, std::initializer_list<geo::XY> ring) {
    for (const auto& p : ring)
        shapes.add(p);
    shapes.end_ring();
}

constexpr double fraction_m = 0.123046875; // 63/512: on the lattice of coordinates

/// Two parcels and a row without geometry: parts, a hole, nulls, an empty text, Chinese, numbers that need every bit.
Table parcels(const std::string& crs = "EPSG:4543") {
    Table table;
    table.info.layer = "地块";
    table.info.crs = geo::Crs::parse(crs);
    table.info.geometry_type = "MultiPolygon";
    for (const auto& field :
         {Field{"id", FieldType::integer}, Field{"规划用地性质名称", FieldType::text},
          Field{"规划用地性质代码", FieldType::text}, Field{"面积", FieldType::real}, Field{"序号", FieldType::integer},
          Field{"批准日期", FieldType::date}, Field{"edited", FieldType::date}}) {
        table.info.fields.push_back(field);
        table.rows.columns.push_back({field, {}, {}, {}, {}, {}});
    }
    const auto add = [&](std::vector<Value> values) {
        table.rows.fid.push_back(std::get<std::int64_t>(values[0]));
        for (std::size_t c = 0; c < values.size(); ++c)
            table.rows.columns[c].push_back(values[c]);
    };
    geo::Shapes& shapes = table.rows.shapes;
    const bool degrees = table.info.crs->is_geographic();
    const double unit = degrees ? 1.0 / 65536 : 1; // a power of two: the lattice holds it
    const double x = degrees ? 102.5 : 500000 + fraction_m;
    const double y = degrees ? 24.25 : 2700000;
    add_ring(shapes, {{x, y}, {x + 100 * unit, y}, {x + 100 * unit, y + 100 * unit}, {x, y}});
    add_ring(shapes, {{x + 60 * unit, y + 20 * unit},
                      {x + 60 * unit, y + 40 * unit},
                      {x + 80 * unit, y + 40 * unit},
                      {x + 60 * unit, y + 20 * unit}});
    shapes.end_part();
    add_ring(shapes, {{x + 200 * unit, y}, {x + 210 * unit, y}, {x + 210 * unit, y + 10 * unit}, {x + 200 * unit, y}});
    shapes.end_part();
    shapes.end_shape(geo::Dimension::area);
    add({std::int64_t{1}, std::string("工业用地"), std::string("1001"), 0.1, std::int64_t{9007199254740993},
         IsoDate{"2026-11-22"}, IsoDate{"2026-11-22T08:30:15"}});
    add_ring(shapes, {{x + 300 * unit, y}, {x + 310 * unit, y}, {x + 310 * unit, y + 10 * unit}, {x + 300 * unit, y}});
    shapes.end_part();
    shapes.end_shape(geo::Dimension::area);
    add({std::int64_t{2}, std::string("一类,\"物流\"仓储用地"), Value{}, Value{}, Value{}, Value{}, Value{}});
    return table;
}

/// With a third row that has no geometry.
Table with_empty(Table table) {
    table.rows.shapes.end_shape(geo::Dimension::area);
    table.rows.fid.push_back(3);
    for (std::size_t c = 0; c < table.rows.columns.size(); ++c)
        table.rows.columns[c].push_back(c == 0 ? Value(std::int64_t{3}) : Value());
    table.counts.empty = 1;
    return table;
}

Table read_back(const std::string& path) {
    OpenOptions options;
    options.all_fields = true;
    options.require_crs = false;
    return read_all(*open_layer(path, options));
}

/// The vertices of a shape whatever vertex its rings begin with.
std::vector<std::set<std::pair<double, double>>> rings_of(const geo::ShapeView& shape) {
    std::vector<std::set<std::pair<double, double>>> rings;
    for (std::size_t r = 0; r < shape.ring_count(); ++r) {
        rings.emplace_back();
        for (const auto& p : shape.ring(r))
            rings.back().insert({p.x, p.y});
    }
    return rings;
}

void check_same_shape(const geo::ShapeView& found, const geo::ShapeView& expected, double tolerance) {
    REQUIRE(found.part_count() == expected.part_count());
    REQUIRE(found.ring_count() == expected.ring_count());
    const auto a = rings_of(found);
    const auto b = rings_of(expected);
    for (std::size_t r = 0; r < a.size(); ++r) {
        CAPTURE(r);
        REQUIRE(a[r].size() == b[r].size());
        for (const auto& wanted : b[r])
            CHECK(std::any_of(a[r].begin(), a[r].end(), [&](const auto& p) {
                return std::abs(p.first - wanted.first) <= tolerance && std::abs(p.second - wanted.second) <= tolerance;
            }));
    }
}

std::size_t row_with_id(const Table& table, std::int64_t id) {
    const Column* ids = table.rows.find("id");
    REQUIRE(ids != nullptr);
    for (std::size_t row = 0; row < table.rows.size(); ++row)
        if (ids->value(row) == Value(id) || ids->value(row) == Value(static_cast<double>(id)))
            return row;
    FAIL("no feature " << id);
    return 0;
}

struct Format {
    const char* file;
    const char* crs;
    double tolerance;               ///< of a coordinate, in the unit of the CRS
    std::vector<const char*> names; ///< of the seven fields as they come back
    Value big_integer;              ///< 9007199254740993 = 2^53 + 1
    Value date, time;
    std::set<std::string> said;
};

TEST_CASE("every output format read back equals the input within its limits", "[formats]") {
    const std::int64_t big = 9007199254740993;
    const std::string big_text = "9007199254740993";
    const std::vector<const char*> same{"id",    "规划用地性质名称", "规划用地性质代码", "面积", "序号", "批准日期",
                                        "edited"};
    const std::vector<const char*> ten_utf8{"id", "规划用", "规划_1", "面积", "序号", "批准日", "edited"};
    const std::vector<const char*> ten_gbk{"id", "规划用地性", "规划用地_1", "面积", "序号", "批准日期", "edited"};
    const IsoDate day{"2026-11-22"};
    const IsoDate moment{"2026-11-22T08:30:15"};
    const std::vector<Format> table = {
        {"a.gpkg", "EPSG:4543", 0, same, big, day, moment, {}},
        {"a.shp", "EPSG:4543", 0, ten_utf8, big, day, moment.text, {"fields-renamed", "types-changed"}},
        {"gbk.shp", "EPSG:4543", 0, ten_gbk, big, day, moment.text, {"fields-renamed", "types-changed"}},
        {"a.geojson", "EPSG:4543", 0, same, big, day, moment, {}},
        {"degrees.geojson", "EPSG:4490", 5.1e-12 /* 11 decimals */, same, big, day, moment, {}},
        {"wgs84.GeoJSON", "EPSG:4326", 5.1e-12 /* 11 decimals */, same, big, day, moment, {}},
        {"a.fgb", "EPSG:4543", 0, same, big, IsoDate{"2026-11-22T00:00:00"}, moment, {}},
        {"a.gdb", "EPSG:4543", 1e-8, same, big_text, IsoDate{"2026-11-22T00:00:00"}, moment, {"types-changed"}},
        {"degrees.gdb", "EPSG:4490", 1e-12, same, big_text, IsoDate{"2026-11-22T00:00:00"}, moment, {"types-changed"}},
        {"a.csv", "EPSG:4543", 5e-9, same, big, day, moment, {}},
    };
    for (const Format& format : table) {
        for (const bool has_empty : {false, true}) {
            CAPTURE(format.file, has_empty);
            const test::TempDir dir;
            const Table written = has_empty ? with_empty(parcels(format.crs)) : parcels(format.crs);
            VectorFileOptions options;
            options.gbk = std::strcmp(format.file, "gbk.shp") == 0;
            const IssueLog issues = write_vector_file(dir / format.file, written, options);
            std::set<std::string> said;
            for (const auto& [code, count] : issues.counts())
                said.insert(code);
            auto expected_said = format.said;
            if (has_empty && std::strcmp(format.file, "a.fgb") == 0)
                expected_said.insert("empty-left-out");
            CHECK(said == expected_said);

            const Table back = read_back(dir / format.file);
            REQUIRE(back.info.crs);
            CHECK(back.info.crs->same_as(*written.info.crs));
            const bool holds_empty = std::strcmp(format.file, "a.fgb") != 0;
            REQUIRE(back.rows.size() == (holds_empty ? written.rows.size() : 2));
            for (std::int64_t id = 1; id <= static_cast<std::int64_t>(back.rows.size()); ++id) {
                CAPTURE(id);
                check_same_shape(back.rows.shapes[row_with_id(back, id)],
                                 written.rows.shapes[static_cast<std::size_t>(id - 1)], format.tolerance);
            }
            const std::size_t first = row_with_id(back, 1);
            const std::size_t second = row_with_id(back, 2);
            const std::vector<Value> expected{
                std::int64_t{1}, std::string("工业用地"), std::string("1001"), 0.1, format.big_integer, format.date,
                format.time};
            for (std::size_t c = 0; c < expected.size(); ++c) {
                CAPTURE(c, format.names[c]);
                const Column* column = back.rows.find(format.names[c]);
                REQUIRE(column != nullptr);
                CHECK(to_string(column->value(first)) == to_string(expected[c]));
                CHECK(column->value(first).index() == expected[c].index());
                if (c >= 2)
                    CHECK(to_string(column->value(second)).empty());
            }
            CHECK(back.rows.find(format.names[1])->value(second) == Value(std::string("一类,\"物流\"仓储用地")));
        }
    }
}

TEST_CASE("KML is WGS 84 and keeps names, texts and shapes", "[formats]") {
    const test::TempDir dir;
    const Table written = parcels();
    const IssueLog issues = write_vector_file(dir / "a.kml", written, {});
    CHECK(issues.counts() == std::map<std::string, std::uint64_t>{{"types-changed", 1}});
    OpenOptions options;
    options.all_fields = true;
    const Table degrees = read_all(*open_layer(dir / "a.kml", options));
    CHECK(degrees.info.crs->datum() == geo::Datum::wgs84);
    CHECK(degrees.info.layer == "地块");
    options.target_crs = geo::Crs::parse("EPSG:4543");
    const Table back = read_all(*open_layer(dir / "a.kml", options));
    REQUIRE(back.rows.size() == 2);
    for (std::size_t row = 0; row < 2; ++row)
        check_same_shape(back.rows.shapes[row], written.rows.shapes[row], 1e-6);
    CHECK(back.rows.find("id")->value(1) == Value(std::int64_t{2}));
    CHECK(back.rows.find("规划用地性质名称")->value(0) == Value(std::string("工业用地")));
    CHECK(back.rows.find("面积")->value(0) == Value(0.1));
    CHECK(to_string(back.rows.find("序号")->value(0)) == "9007199254740993");
    CHECK(to_string(back.rows.find("批准日期")->value(0)) == "2026-11-22");
    CHECK(is_null(back.rows.find("规划用地性质代码")->value(1)));
}

TEST_CASE("DXF holds every ring as a closed polyline on the layer's name and nothing else", "[formats]") {
    const test::TempDir dir;
    const IssueLog issues = write_vector_file(dir / "a.dxf", with_empty(parcels()), {});
    CHECK(issues.counts() == std::map<std::string, std::uint64_t>{{"empty-left-out", 1}, {"fields-left-out", 1}});
    // An independent reading: entities as the file lists them.
    const std::string text = test::read_text(dir / "a.dxf");
    const std::string entities = text.substr(text.find("\nENTITIES"));
    std::size_t polylines = 0;
    for (std::size_t at = entities.find("\nLWPOLYLINE\n"); at != std::string::npos;
         at = entities.find("\nLWPOLYLINE\n", at + 1))
        ++polylines;
    CHECK(polylines == 4); // three outer rings, one hole
    CHECK(entities.find("HATCH") == std::string::npos);
    const Table back = read_back(dir / "a.dxf");
    CHECK(back.rows.size() == 4);
    CHECK(to_string(back.rows.find("Layer")->value(0)) == "地块");
    for (std::size_t row = 0; row < back.rows.size(); ++row)
        CHECK(back.rows.shapes.dimension[row] == geo::Dimension::area);
    CHECK(back.counts.extent.min_x == Approx(500000 + fraction_m).epsilon(0).margin(1e-8));
}

TEST_CASE("boundary-point text is written to the millimetre", "[formats][boundary]") {
    const test::TempDir dir;
    const Table written = parcels();
    for (const bool gbk : {false, true}) {
        VectorFileOptions options;
        options.gbk = gbk;
        const std::string path = dir / (gbk ? "gbk.txt" : "utf8.txt");
        const IssueLog issues = write_vector_file(path, written, options);
        CHECK(issues.counts() == std::map<std::string, std::uint64_t>{{"fields-left-out", 1}});
        OpenOptions open;
        open.target_crs = written.info.crs;
        const Table back = read_all(*open_layer(path, open));
        REQUIRE(back.rows.size() == 2);
        for (std::size_t row = 0; row < 2; ++row)
            check_same_shape(back.rows.shapes[row], written.rows.shapes[row], 0.00051);
    }
    try {
        write_vector_file(dir / "degrees.txt", parcels("EPSG:4490"), {});
        FAIL("no error");
    } catch (const Error& error) {
        CHECK(error.code() == "not-gauss-krueger");
    }
}

TEST_CASE("files say their encoding where other programs look", "[formats][encoding]") {
    const test::TempDir dir;
    write_vector_file(dir / "utf8.shp", parcels(), {});
    CHECK(test::read_text(dir / "utf8.cpg") == "UTF-8");
    VectorFileOptions gbk;
    gbk.gbk = true;
    write_vector_file(dir / "gbk.shp", parcels(), gbk);
    CHECK(test::read_text(dir / "gbk.cpg") == "GBK");
    CHECK(test::read_text(dir / "gbk.dbf").at(29) == 0x4D); // language driver: simplified Chinese, code page 936
    fs::remove(dir / "gbk.cpg");
    CHECK(to_string(read_back(dir / "gbk.shp").rows.find("规划用地性")->value(0)) == "工业用地");

    Table rare = parcels();
    rare.rows.columns[1].dictionary[0] = "\xF0\xA0\x80\x80"; // U+20000, which GBK does not have
    CHECK(write_vector_file(dir / "rare.shp", rare, gbk).counts().count("not-in-gbk") == 1);
    CHECK(write_vector_file(dir / "kept.shp", rare, {}).counts().count("not-in-gbk") == 0);
    CHECK(to_string(read_back(dir / "kept.shp").rows.find("规划用")->value(0)) == "\xF0\xA0\x80\x80");
}

TEST_CASE("a text longer than dBASE holds is cut at a character and said", "[formats]") {
    const test::TempDir dir;
    Table long_text = parcels();
    std::string text;
    for (int i = 0; i < 100; ++i)
        text += "地"; // 300 bytes
    long_text.rows.columns[1].dictionary[0] = text;
    const IssueLog issues = write_vector_file(dir / "a.shp", long_text, {});
    CHECK(issues.counts().at("texts-shortened") == 1);
    CHECK(to_string(read_back(dir / "a.shp").rows.find("规划用")->value(0)) == text.substr(0, 252)); // 84 characters
}

TEST_CASE("nothing is overwritten unasked, nothing partial stays", "[formats][error]") {
    const test::TempDir dir;
    const auto names_in = [&] {
        std::set<std::string> names;
        for (const auto& entry : fs::directory_iterator(dir.path()))
            names.insert(entry.path().filename().string());
        return names;
    };
    for (const char* file : {"a.shp", "a.gdb", "a.gpkg", "b.csv"}) {
        CAPTURE(file);
        write_vector_file(dir / file, parcels(), {});
        try {
            write_vector_file(dir / file, parcels(), {});
            FAIL("no error");
        } catch (const Error& error) {
            CHECK(error.code() == "already-exists");
            CHECK(error.kind() == ErrorKind::output);
        }
        const auto before = names_in();
        VectorFileOptions overwrite;
        overwrite.overwrite = true;
        Table one = parcels();
        one.rows.columns[0].integers[0] = 7;
        write_vector_file(dir / file, one, overwrite);
        CHECK(names_in() == before);
        CHECK(row_with_id(read_back(dir / file), 7) == 0);
    }
    const auto before = names_in();
    // A lone .dbf or .prj of something else is in the way, too.
    test::write_text(dir / "c.dbf", "another table");
    CHECK_THROWS_AS(write_vector_file(dir / "c.shp", parcels(), {}), Error);
    fs::remove(dir / "c.dbf");
    // A job that fails half-way: the second date is none.
    Table broken = parcels();
    broken.rows.columns[6].valid[1] = 1;
    broken.rows.columns[6].code[1] = 1;
    broken.rows.columns[6].dictionary.push_back("yesterday at noon");
    for (const char* file : {"broken.gpkg", "broken.gdb", "broken.geojson", "broken.csv", "broken.fgb"}) {
        CAPTURE(file);
        CHECK_THROWS_AS(write_vector_file(dir / file, broken, {}), Error);
        CHECK(names_in() == before);
    }
}

TEST_CASE("what a format cannot hold is refused with what to do", "[formats][error]") {
    const test::TempDir dir;
    Table mixed = parcels();
    mixed.rows.shapes.clear();
    add_ring(mixed.rows.shapes, {{500000, 2700000}});
    mixed.rows.shapes.end_part();
    mixed.rows.shapes.end_shape(geo::Dimension::point);
    add_ring(mixed.rows.shapes, {{500000, 2700000}, {500001, 2700000}});
    mixed.rows.shapes.end_part();
    mixed.rows.shapes.end_shape(geo::Dimension::line);
    Table local = parcels();
    local.info.crs = geo::Crs::parse("+proj=tmerc +lon_0=102.4 +x_0=500000 +ellps=GRS80 +units=m +type=crs");
    VectorFileOptions named;
    named.layer_name = "x";
    VectorFileOptions gbk;
    gbk.gbk = true;
    struct Case {
        const char* file;
        const Table& table;
        VectorFileOptions options;
        const char* code;
    };
    const Table plain = parcels();
    for (const Case& c : {Case{"a.shp", mixed, {}, "mixed-geometry"}, Case{"a.gdb", mixed, {}, "mixed-geometry"},
                          Case{"a.geojson", local, {}, "no-crs-code"}, Case{"a.docx", plain, {}, "unknown-format"},
                          Case{"a", plain, {}, "unknown-format"}, Case{"a.shp", plain, named, "bad-option"},
                          Case{"a.gpkg", plain, gbk, "bad-option"}, Case{"no/a.gpkg", plain, {}, "no-folder"}}) {
        CAPTURE(c.file, c.code);
        try {
            write_vector_file(dir / c.file, c.table, c.options);
            FAIL("no error");
        } catch (const Error& error) {
            CHECK(error.code() == c.code);
        }
        CHECK(fs::is_empty(dir.path()));
    }
    write_vector_file(dir / "mixed.gpkg", mixed, {});
    CHECK(read_back(dir / "mixed.gpkg").rows.shapes[1].dimension() == geo::Dimension::line);
}

TEST_CASE("fields that the format takes for itself or cannot tell apart are renamed", "[formats]") {
    const test::TempDir dir;
    Table table = parcels();
    table.rows.columns[1].field.name = "OBJECTID";
    table.rows.columns[2].field.name = "ID";
    for (const char* file : {"a.gdb", "a.gpkg", "a.shp"}) {
        CAPTURE(file);
        CHECK(write_vector_file(dir / file, table, {}).counts().at("fields-renamed") == 1);
        const Table back = read_back(dir / file);
        REQUIRE(back.rows.find("ID_1") != nullptr);
        CHECK(back.rows.find("ID_1")->value(0) == Value(std::string("1001")));
    }
}

} // namespace
} // namespace corebelt::layers
