// convert into a database: everything arrives, in one transaction, and nothing is replaced unasked.
#include "postgis/private_cluster.hpp"
#include "support/catch.hpp"
#include "support/process.hpp"

#include "corebelt/geo/error.hpp"
#include "corebelt/geo/stop.hpp"
#include "corebelt/layers/dataset.hpp"
#include "corebelt/layers/vector_file.hpp"

#include <cmath>
#include <limits>
#include <sstream>

namespace corebelt::layers {
namespace {

using test::cluster;
using test::Outcome;
using test::run_corebelt;

std::string target(const std::string& table) {
    return cluster()->source() + "|layer=" + table;
}

void add_square(geo::Shapes& shapes, double x, double y, double side) {
    for (const geo::XY p : {geo::XY{x, y}, {x + side, y}, {x + side, y + side}, {x, y + side}, {x, y}})
        shapes.add(p);
    shapes.end_ring();
    shapes.end_part();
}

constexpr double fraction_m = 0.123046875; // 63/512: on the lattice of coordinates
const std::string long_name = "这个字段的名称比服务器能够保存的六十三个字节还要长得多一些";

/// Two areas, one of two parts, and a row without geometry; values that need every bit; names that the server reserves,
/// cuts, or would fold.
Table parcels() {
    Table table;
    table.info.layer = "地块 v1.2";
    table.info.crs = geo::Crs::parse("EPSG:4543");
    table.info.geometry_type = "MultiPolygon";
    for (const auto& field :
         {Field{"fid", FieldType::integer}, Field{"用地 \"名称\"", FieldType::text}, Field{"Area", FieldType::real},
          Field{"ctid", FieldType::text}, Field{long_name, FieldType::integer}, Field{"批准日期", FieldType::date},
          Field{"edited", FieldType::date}, Field{"a=b,c", FieldType::real}}) {
        table.info.fields.push_back(field);
        table.rows.columns.push_back({field, {}, {}, {}, {}, {}});
    }
    const auto add = [&](std::vector<Value> values) {
        table.rows.fid.push_back(std::get<std::int64_t>(values[0]));
        for (std::size_t c = 0; c < values.size(); ++c)
            table.rows.columns[c].push_back(values[c]);
    };
    add({std::int64_t{7}, std::string("一类\t工业\n用地\\N 'x'"), 0.1 + 0.2, std::string("a"),
         std::numeric_limits<std::int64_t>::max(), IsoDate{"2026-11-22"}, IsoDate{"2026-11-22T08:30:00.250"}, 1e-300});
    add_square(table.rows.shapes, 500000 + fraction_m, 2700000, 100);
    add_square(table.rows.shapes, 500200, 2700000, 10);
    table.rows.shapes.end_shape(geo::Dimension::area);
    add({std::int64_t{3}, std::string(), std::numeric_limits<double>::infinity(), std::string("\\."),
         std::numeric_limits<std::int64_t>::min(), Value(), IsoDate{"1999-12-31T23:59:59"}, 1.0 / 3});
    add_square(table.rows.shapes, 500300, 2700000 + fraction_m, 50);
    table.rows.shapes.end_shape(geo::Dimension::area);
    add({std::int64_t{5}, Value(), std::nan(""), Value(), Value(), Value(), Value(), Value()});
    table.rows.shapes.end_shape(geo::Dimension::area);
    return table;
}

std::string code_of(const std::string& path, const Table& table, const VectorFileOptions& options = {}) {
    try {
        static_cast<void>(write_vector_file(path, table, options));
    } catch (const Error& error) {
        return error.code() + std::string(error.kind() == ErrorKind::output ? " 5" : "");
    }
    return "";
}

std::string count_of(const std::string& table) {
    return cluster()->sql("SELECT count(*) FROM " + table);
}

bool exists(const std::string& table) {
    return cluster()->sql("SELECT count(*) FROM pg_class WHERE relname = '" + table + "'") != "0";
}

} // namespace

TEST_CASE("what is written into a table reads back bit by bit", "[postgis][convert]") {
    if (cluster() == nullptr)
        return;
    static_cast<void>(cluster()->sql("DROP TABLE IF EXISTS \"往返\""));
    const Table table = parcels();
    const IssueLog issues = write_vector_file(target("往返"), table, {});
    CHECK(issues.counts() == std::map<std::string, std::uint64_t>{{"fields-renamed", 1}});

    OpenOptions options;
    options.all_fields = true;
    const Table back = read_all(*open_layer(target("往返"), options));
    CHECK(back.info.crs->label() == "EPSG:4543");
    REQUIRE(back.rows.size() == 3);
    CHECK(back.counts.repaired == 0);
    for (std::size_t row = 0; row < 3; ++row) {
        REQUIRE(back.rows.shapes[row].part_count() == table.rows.shapes[row].part_count());
        for (std::size_t part = 0; part < back.rows.shapes[row].part_count(); ++part) {
            const auto a = table.rows.shapes[row].ring(part);
            const auto b = back.rows.shapes[row].ring(part);
            REQUIRE(a.size() == b.size());
            for (std::size_t i = 0; i < a.size(); ++i)
                CHECK((a[i].x == b[i].x && a[i].y == b[i].y));
        }
    }
    // The key of the table is another column than the field that is called fid.
    REQUIRE(back.rows.columns.size() == table.rows.columns.size() + 1);
    CHECK(back.rows.columns.back().field.name == "_fid");
    for (std::size_t c = 0; c < table.rows.columns.size(); ++c) {
        const Column& a = table.rows.columns[c];
        const Column& b = back.rows.columns[c];
        CAPTURE(a.field.name, b.field.name);
        CHECK((a.field.name == b.field.name) == (a.field.name != "ctid" && a.field.name != long_name));
        for (std::size_t row = 0; row < 3; ++row) {
            CAPTURE(row, to_string(a.value(row)), to_string(b.value(row)));
            if (a.field.name == "Area" && row == 2)
                CHECK(std::isnan(b.reals[2]));
            else
                CHECK(a.value(row) == b.value(row));
        }
    }
    CHECK(cluster()->sql("SELECT Find_SRID('public', '往返', 'geom')") == "4543");
    CHECK(cluster()->sql("SELECT count(*) FROM pg_indexes WHERE tablename = '往返' AND indexdef LIKE '%gist%'") == "1");
    CHECK(cluster()->log().find("COPY \"往返\"") != std::string::npos); // in bulk
}

TEST_CASE("a table takes the name that it is given", "[postgis][convert]") {
    if (cluster() == nullptr)
        return;
    static_cast<void>(cluster()->sql("DROP SCHEMA IF EXISTS \"成果\" CASCADE; CREATE SCHEMA \"成果\";"
                                     "DROP TABLE IF EXISTS \"地块 v1.2\", \"Named\""));
    const Table table = parcels();
    CHECK(code_of(target("成果.地块"), table).empty());
    CHECK(count_of("\"成果\".\"地块\"") == "3");
    CHECK(code_of(cluster()->source(), table).empty()); // as the layer is called
    CHECK(count_of("\"地块 v1.2\"") == "3");
    VectorFileOptions named;
    named.layer_name = "Named";
    CHECK(code_of(cluster()->source(), table, named).empty());
    CHECK(count_of("\"Named\"") == "3");
    named.layer_name = "其他";
    CHECK(code_of(target("地块"), table, named) == "bad-option");
    CHECK(code_of(target("没有的模式.地块"), table) == "cannot-write 5");
    CHECK(code_of(target(long_name), table) == "bad-option");
    VectorFileOptions gbk;
    gbk.gbk = true;
    CHECK_THROWS_AS(check_vector_file(target("x"), gbk), Error);
}

TEST_CASE("a table that is there stays, unless it may be replaced", "[postgis][convert]") {
    if (cluster() == nullptr)
        return;
    static_cast<void>(cluster()->sql("DROP VIEW IF EXISTS \"引用\"; DROP TABLE IF EXISTS kept; "
                                     "CREATE TABLE kept(v int); INSERT INTO kept VALUES (1)"));
    const Table table = parcels();
    CHECK(code_of(target("kept"), table) == "already-exists 5");
    CHECK(count_of("kept") == "1");
    CHECK_THROWS_AS(check_vector_file(target("kept"), {}), Error); // before anything is read
    VectorFileOptions replace;
    replace.overwrite = true;

    static_cast<void>(cluster()->sql("CREATE VIEW \"引用\" AS SELECT v FROM kept"));
    CHECK(code_of(target("kept"), table, replace) == "cannot-write 5"); // a view hangs on it
    CHECK(count_of("\"引用\"") == "1");
    CHECK(code_of(target("引用"), table, replace) == "already-exists 5"); // a view is nothing to replace
    static_cast<void>(cluster()->sql("DROP VIEW \"引用\""));

    stop_requested = true; // the table is dropped and made again by then
    CHECK(code_of(target("kept"), table, replace) == "interrupted");
    stop_requested = false;
    CHECK(cluster()->sql("SELECT v FROM kept") == "1");

    Table bad = parcels();
    bad.rows.columns[5].dictionary[0] = "no date";
    CHECK(code_of(target("kept"), bad, replace) == "cannot-write 5");
    CHECK(cluster()->sql("SELECT v FROM kept") == "1");

    CHECK(code_of(target("kept"), table, replace).empty());
    CHECK(count_of("kept") == "3");
    CHECK(code_of(target("half"), bad) == "cannot-write 5");
    CHECK_FALSE(exists("half"));
}

TEST_CASE("points, lines and areas share a table, and a layer without CRS has SRID 0", "[postgis][convert]") {
    if (cluster() == nullptr)
        return;
    static_cast<void>(cluster()->sql("DROP TABLE IF EXISTS everything, nowhere"));
    Table table = parcels();
    table.rows.shapes = {};
    add_square(table.rows.shapes, 500000, 2700000, 10);
    table.rows.shapes.end_shape(geo::Dimension::area);
    table.rows.shapes.add({500000, 2700000});
    table.rows.shapes.end_ring();
    table.rows.shapes.end_part();
    table.rows.shapes.end_shape(geo::Dimension::point);
    table.rows.shapes.end_shape(geo::Dimension::area);
    CHECK(code_of(target("everything"), table).empty());
    CHECK(cluster()->sql("SELECT string_agg(GeometryType(geom), ',' ORDER BY _fid) FROM everything") ==
          "POLYGON,POINT");
    table.info.crs.reset();
    CHECK(code_of(target("nowhere"), table).empty());
    CHECK(cluster()->sql("SELECT Find_SRID('public', 'nowhere', 'geom')") == "0");
}

TEST_CASE("the sample plans get the same verdicts from a database as from their files", "[postgis][samples]") {
    if (cluster() == nullptr)
        return;
    struct Sample {
        std::string folder;
        std::string plan;
        int exit_code;
    };
    for (const Sample& sample : {Sample{"yuxi", "plan.toml", 0}, Sample{"demo-park", "planted.toml", 1}}) {
        const std::string folder = std::string(COREBELT_SOURCE_DIR) + "/data/" + sample.folder + "/";
        const std::string schema = sample.folder == "yuxi" ? "玉溪" : "示范园区";
        static_cast<void>(
            cluster()->sql("DROP SCHEMA IF EXISTS \"" + schema + "\" CASCADE; CREATE SCHEMA \"" + schema + "\""));
        std::string plan = test::read_text(folder + sample.plan);
        std::size_t moved = 0;
        for (std::size_t at = plan.find(".geojson\""); at != std::string::npos; at = plan.find(".geojson\"")) {
            const std::size_t begin = plan.rfind('"', at) + 1;
            const std::string stem = plan.substr(begin, at - begin);
            std::string table = target(schema + "." + stem);
            const Outcome converted = run_corebelt({"convert", folder + stem + ".geojson", table, "--overwrite"});
            CAPTURE(converted.err);
            REQUIRE(converted.exit_code == 0);
            plan.replace(begin, at + 8 - begin, table);
            ++moved;
        }
        REQUIRE(moved >= 5);
        const test::TempDir dir;
        test::write_text(dir / "plan.toml", plan);
        const Outcome from_files = run_corebelt({"check", folder + sample.plan, "--format", "json"});
        const Outcome from_tables = run_corebelt({"check", dir / "plan.toml", "--format", "json"});
        CAPTURE(sample.folder, from_tables.err);
        CHECK(from_files.exit_code == sample.exit_code);
        CHECK(from_tables.exit_code == sample.exit_code);
        // Everything after the list of inputs but the place of the rules: subjects, amounts to the last digit,
        // findings.
        const auto judged = [](const std::string& json) {
            std::istringstream lines(json.substr(json.find("\"rules\"")));
            std::string kept;
            for (std::string line; std::getline(lines, line);)
                if (line.find("\"origin\"") == std::string::npos)
                    kept += line + "\n";
            return kept;
        };
        CHECK(judged(from_files.out).size() > 10000);
        CHECK((judged(from_files.out) == judged(from_tables.out)));
    }
}

} // namespace corebelt::layers
