// Tables, views and columns of a database as layers.
#include "postgis/private_cluster.hpp"
#include "support/catch.hpp"
#include "support/process.hpp"

#include "corebelt/geo/error.hpp"
#include "corebelt/layers/connection.hpp"
#include "corebelt/layers/dataset.hpp"

#include <algorithm>
#include <string_view>

namespace corebelt::layers {
namespace {

using test::cluster;
using test::Outcome;
using test::run_corebelt;

Table read(const std::string& layer, OpenOptions options = {}) {
    options.all_fields = options.fields.empty();
    return read_all(*open_layer(cluster()->source() + "|layer=" + layer, options));
}

/// Error code of opening, "" where it opens.
std::string error_of(const std::string& source, std::string* text = nullptr) {
    try {
        static_cast<void>(read_all(*open_layer(source, {})));
    } catch (const Error& error) {
        if (text != nullptr)
            *text = error.text().en + error.text().zh;
        return error.code();
    }
    return "";
}

std::vector<std::string> names_of(const std::vector<Field>& fields) {
    std::vector<std::string> names;
    for (const Field& field : fields)
        names.push_back(field.name);
    return names;
}

void make_tables() {
    static_cast<void>(cluster()->sql(R"(
DROP SCHEMA IF EXISTS "规划" CASCADE; DROP TABLE IF EXISTS two, geog, mixed, unplaced, keyed, "Empty" CASCADE;
CREATE SCHEMA "规划";
CREATE TABLE "规划"."地块"("标识码" int PRIMARY KEY, "地类 名称" text, "Share%" numeric(6,3), tags text[], "更新" timestamptz,
    geom geometry(Polygon, 4543));
INSERT INTO "规划"."地块" VALUES (70, '工业用地', 0.125, '{a,"b,c"}', '2026-11-22 08:30:00+08',
    'SRID=4543;POLYGON((500000 2700000,500010 2700000,500010 2700010,500000 2700000))'),
    (7, NULL, NULL, NULL, NULL, NULL);
CREATE VIEW "规划"."视图" AS SELECT "地类 名称", geom FROM "规划"."地块";
CREATE TABLE two(k serial PRIMARY KEY, a geometry(Point, 4490), b geometry(Polygon, 4543));
INSERT INTO two(a, b) VALUES ('SRID=4490;POINT(102 24)',
    'SRID=4543;POLYGON((500000 2700000,500010 2700000,500010 2700010,500000 2700000))');
CREATE TABLE geog(fid serial PRIMARY KEY, g geography(Polygon));
INSERT INTO geog(g) VALUES ('POLYGON((102 24,102.5 24,102.5 24.5,102 24))');
CREATE TABLE mixed(fid serial PRIMARY KEY, geom geometry(Geometry, 4543));
INSERT INTO mixed(geom) VALUES ('SRID=4543;POINT(500000 2700000)'),
    ('SRID=4543;LINESTRING(500000 2700000,500010 2700000)'),
    ('SRID=4543;CURVEPOLYGON(CIRCULARSTRING(500000 2700000,500010 2700000,500010 2700010,500000 2700010,500000 2700000))'),
    ('SRID=4543;MULTIPOLYGON(((500000 2700000,500010 2700000,500010 2700010,500000 2700000)))'), (NULL),
    ('SRID=4543;GEOMETRYCOLLECTION(POINT(500000 2700000),POLYGON((500000 2700000,500010 2700000,500010 2700010,500000 2700000)))');
CREATE TABLE unplaced(fid serial PRIMARY KEY, geom geometry);
INSERT INTO unplaced(geom) VALUES ('POLYGON((0 0,1 0,1 1,0 0))');
CREATE TABLE "Empty"(fid serial PRIMARY KEY, geom geometry(Polygon, 4543));
CREATE TABLE keyed(park text PRIMARY KEY, "产值" float8);
INSERT INTO keyed VALUES ('东区', 1.5), ('西区', 2.5);
)"));
}

} // namespace

TEST_CASE("a table of a Chinese schema reads with its names, its key and its values", "[postgis]") {
    if (cluster() == nullptr)
        return;
    make_tables();
    const Table table = read("规划.地块");
    CHECK(table.info.driver == "PostgreSQL");
    CHECK(table.info.encoding == "UTF-8");
    CHECK(table.info.crs->label() == "EPSG:4543");
    CHECK(names_of(table.info.fields) ==
          std::vector<std::string>{"地类 名称", "Share%", "tags", "更新", "标识码"}); // the key is a field too
    REQUIRE(table.rows.size() == 2);
    const std::size_t first = table.rows.fid[0] == 70 ? 0 : 1;
    const auto value = [&](const char* field) { return table.rows.find(field)->value(first); };
    CHECK(table.rows.fid[first] == 70);
    CHECK(value("标识码") == Value{std::int64_t{70}});
    CHECK(value("地类 名称") == Value{std::string("工业用地")});
    CHECK(value("Share%") == Value{0.125});
    CHECK(to_string(value("tags")) == "[a, b,c]");
    CHECK(to_string(value("更新")) == "2026-11-22T00:30:00"); // UTC, whatever the server's time zone
    CHECK(is_null(table.rows.find("地类 名称")->value(1 - first)));
    CHECK(table.counts.empty == 1);
    CHECK(table.rows.shapes[first].part_count() == 1);

    OpenOptions chosen;
    chosen.fields = {"标识码"};
    chosen.where = "标识码 > 10";
    chosen.id_field = "标识码";
    const Table filtered = read("规划.地块", chosen);
    REQUIRE(filtered.rows.size() == 1);
    CHECK(filtered.rows.columns[0].value(0) == Value{std::int64_t{70}});
}

TEST_CASE("views, geography, mixed types and columns without SRID have a stated treatment", "[postgis]") {
    if (cluster() == nullptr)
        return;
    make_tables();
    const Table view = read("规划.视图"); // no key: numbered as they come
    CHECK(view.rows.size() == 2);
    CHECK(view.info.crs->label() == "EPSG:4543");

    const Table geography = read("geog");
    CHECK(geography.info.crs->label() == "EPSG:4326");
    CHECK(geography.rows.shapes[0].ring(0)[0].x == 102); // longitude first

    const Table mixed = read("mixed");
    CHECK(mixed.info.geometry_type == "Mixed");
    REQUIRE(mixed.rows.size() == 6);
    CHECK(mixed.counts.empty == 1);
    CHECK(mixed.issues.counts().at("mixed-geometry") == 1);

    std::string text;
    CHECK(error_of(cluster()->source() + "|layer=unplaced", &text) == "no-crs");
    CHECK(text.find("unplaced") != std::string::npos);
    OpenOptions declared;
    declared.declared_crs = geo::Crs::parse("EPSG:4543");
    CHECK(read("unplaced", declared).rows.size() == 1);

    CHECK(read("Empty").rows.size() == 0);
}

TEST_CASE("a table of two geometry columns is two layers", "[postgis]") {
    if (cluster() == nullptr)
        return;
    make_tables();
    std::string text;
    CHECK(error_of(cluster()->source() + "|layer=two", &text) == "several-layers");
    CHECK(text.find("two(a), two(b)") != std::string::npos);
    CHECK(read("two(a)").info.crs->label() == "EPSG:4490");
    const Table polygons = read("two(b)");
    CHECK(polygons.info.crs->label() == "EPSG:4543");
    CHECK(polygons.rows.shapes[0].dimension() == geo::Dimension::area);
    CHECK(names_of(polygons.info.fields) == std::vector<std::string>{"k"});

    std::vector<std::string> listed;
    OpenOptions any;
    any.require_crs = false;
    for (const LayerInfo& layer : list_layers(cluster()->source() + " tables=two,规划.地块", any))
        listed.push_back(layer.layer);
    CHECK(listed == std::vector<std::string>{"规划.地块", "two(a)", "two(b)"});
}

TEST_CASE("tables without geometry serve as attribute tables, not as layers", "[postgis]") {
    if (cluster() == nullptr)
        return;
    make_tables();
    CHECK(error_of(cluster()->source() + "|layer=keyed") == "no-spatial-layer");
    const Table table = read_attribute_table(cluster()->source() + "|layer=keyed", {});
    REQUIRE(table.rows.size() == 2);
    CHECK(names_of(table.info.fields) == std::vector<std::string>{"park", "产值"});
    std::string text;
    CHECK(error_of(cluster()->source() + "|layer=mixd", &text) == "no-such-layer");
    CHECK(text.find("\"mixed\"") != std::string::npos);
}

TEST_CASE("a password opens the database and is never printed", "[postgis][error]") {
    if (cluster() == nullptr)
        return;
    make_tables();
    static_cast<void>(cluster()->sql("GRANT SELECT ON ALL TABLES IN SCHEMA public TO planner"));
    const std::string host = "PG:host=" + cluster()->folder() + " dbname=gis user=planner";
    const std::string good = host + " password='S3cret wort'|layer=unplaced";
    struct Case {
        std::vector<std::string> arguments;
        int exit_code;
    };
    const test::TempDir dir;
    test::write_text(dir / "plan.toml", "[project]\ntitle = \"t\"\ncrs = \"EPSG:4543\"\nas_of = 2026-11-22\n"
                                        "[layers.zones]\nsource = \"" +
                                            good + "\"\ntheme = \"zone\"\ncrs = \"EPSG:4543\"\nid = \"nix\"\n");
    test::write_text(dir / "lost.toml", "[project]\ntitle = \"t\"\ncrs = \"EPSG:4543\"\nas_of = 2026-11-22\n"
                                        "[layers.zones]\nsource = \"" +
                                            host + " password='S3cret wurt'|layer=unplaced\"\ntheme = \"zone\"\n");
    const char* lang = "zh";
    for (const Case& c : {
             Case{{"info", good}, 0},
             Case{{"info", good, "--format", "json"}, 0},
             Case{{"info", host + " password='S3cret wurt'"}, 3},
             Case{{"info", host + " password=S3cret wort"}, 3}, // not quoted: libpq cites the second word
             Case{{"info", host, "password=S3cret wort"}, 3},
             Case{{"info", "postgresql://planner:S3cret wort@/gis?host=" + cluster()->folder() + "x"}, 3},
             Case{{"info", host + " password='S3cret wort'|layer=nix"}, 3},
             Case{{"info", host + " password='S3cret wort'|layer=geog"}, 0},
             Case{{"tabulate", good, good, "--by", "nix"}, 3},
             Case{{"convert", good, dir / "out.gpkg", "--source-crs", "EPSG:4543"}, 0},
             Case{{"convert", good, dir / "out2.gpkg"}, 3},
             Case{{"convert", dir / "out.gpkg", good}, 5},                                       // exists
             Case{{"convert", dir / "out.gpkg", host + " password='S3cret wort'|layer=neu"}, 5}, // no right to create
             Case{{"convert", dir / "out.gpkg", host + " password='S3cret wurt'|layer=neu"}, 5},
             Case{{"check", dir / "plan.toml"}, 2},
             Case{{"check", dir / "lost.toml"}, 3},
             Case{{"check", dir / "lost.toml", "--format", "json"}, 3},
         }) {
        lang = lang == std::string_view("zh") ? "en" : "zh";
        auto arguments = c.arguments;
        arguments.insert(arguments.end(), {"--lang", lang});
        const Outcome r = run_corebelt(arguments);
        CAPTURE(arguments, r.out, r.err);
        CHECK(r.exit_code == c.exit_code);
        for (const char* word : {"S3cret", "wort", "wurt"}) {
            CHECK(r.out.find(word) == std::string::npos);
            CHECK(r.err.find(word) == std::string::npos);
        }
    }
}

TEST_CASE("a password is hidden in every way to write it", "[postgis]") {
    CHECK(without_password("PG:dbname=gis password=geheim user=a|layer=b") ==
          "PG:dbname=gis password=*** user=a|layer=b");
    CHECK(without_password("PG:dbname=gis PASSWORD = 'ge\\'heim x' user=a") == "PG:dbname=gis PASSWORD = *** user=a");
    CHECK(without_password("PG:password=ge|he;im&x") == "PG:password=***");
    CHECK(without_password("PG:password=ge heim dbname=gis") == "PG:password=*** dbname=gis");
    CHECK(without_password("PG:password='open") == "PG:password=***");
    CHECK(without_password("postgresql://me:ge@he/im@host/gis?sslpassword=x&y=1|layer=z") ==
          "postgresql://me:***@host/gis?sslpassword=***&y=1|layer=z");
    CHECK(without_password("MSSQL:server=a;PWD=geheim;database=b") == "MSSQL:server=a;PWD=***;database=b");
    CHECK(without_password("无法打开 PG:dbname=x password=***：拒绝") == "无法打开 PG:dbname=x password=***：拒绝");
    CHECK(without_password("error: password=geheim does not exist") == "error: password=*** does not exist");
    for (const char* plain : {"parcels.gpkg|layer=password", "PG:dbname=password", "https://host:80/a@b?c=d",
                              "PG:passfile=/home/x dbname=y", ""})
        CHECK(without_password(plain) == plain);
    CHECK(without_password("missing \"=\" after \"heim\"", "PG:password=ge heim") == "missing \"=\" after \"***\"");
}

} // namespace corebelt::layers
