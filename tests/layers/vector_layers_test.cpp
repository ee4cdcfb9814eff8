// Several layers written together, as far as the format can hold them: all of them or none.
#include "support/catch.hpp"
#include "support/temp_dir.hpp"

#include "corebelt/geo/error.hpp"
#include "corebelt/layers/dataset.hpp"
#include "corebelt/layers/sink.hpp"
#include "corebelt/layers/vector_file.hpp"

#include <chrono>
#include <filesystem>
#include <set>
#include <thread>

namespace corebelt::layers {
namespace {

namespace fs = std::filesystem;

Table table_of(const char* geometry_type) {
    Table table;
    table.info.layer = "findings";
    table.info.crs = geo::Crs::parse("EPSG:4543");
    table.info.geometry_type = geometry_type;
    for (const auto& field : {Field{"规则", FieldType::text}, Field{"area_m2", FieldType::real},
                              Field{"fid", FieldType::integer}, Field{"checked", FieldType::date}})
        table.rows.columns.push_back({field, {}, {}, {}, {}, {}});
    return table;
}

void add_row(Table& table, geo::Dimension dimension, const std::vector<geo::XY>& points, const std::string& rule,
             const std::string& day = "2026-11-22") {
    for (const geo::XY& p : points)
        table.rows.shapes.add(p);
    table.rows.shapes.end_ring();
    table.rows.shapes.end_part();
    table.rows.shapes.end_shape(dimension);
    table.rows.fid.push_back(static_cast<std::int64_t>(table.rows.fid.size()) + 1);
    const std::vector<Value> values{rule, 0.1, std::int64_t{9007199254740993}, IsoDate{day}};
    for (std::size_t c = 0; c < values.size(); ++c)
        table.rows.columns[c].push_back(values[c]);
}

/// Two areas, a line, no point.
struct Findings {
    Table areas = table_of("Polygon"), lines = table_of("LineString"), points = table_of("Point");

    Findings() {
        for (const double x : {500000.0, 500100.0})
            add_row(areas, geo::Dimension::area,
                    {{x, 2700000}, {x + 10, 2700000}, {x + 10, 2700010}, {x + 0.125, 2700010}, {x, 2700000}},
                    "生态保护红线");
        add_row(lines, geo::Dimension::line, {{500000, 2700000}, {500300, 2700400}}, "安全距离");
    }
    [[nodiscard]] IssueLog write(const std::string& path, bool overwrite = false) const {
        VectorFileOptions options;
        options.overwrite = overwrite;
        return write_vector_layers(
            path, std::vector<VectorLayer>{{"", &areas}, {"_lines", &lines}, {"_points", &points}}, options);
    }
};

std::string code_of(const Findings& findings, const std::string& path, bool overwrite = false) {
    try {
        static_cast<void>(findings.write(path, overwrite));
    } catch (const Error& error) {
        return error.code();
    }
    return "";
}

Table read_back(const std::string& path) {
    OpenOptions options;
    options.all_fields = true;
    options.require_crs = false;
    return read_all(*open_layer(path, options));
}

/// "areas lines points" of one layer.
std::string counts_in(const std::string& path) {
    const Table table = read_back(path);
    int counts[3] = {};
    for (std::size_t row = 0; row < table.rows.size(); ++row)
        ++counts[static_cast<int>(table.rows.shapes[row].dimension())];
    return std::to_string(counts[static_cast<int>(geo::Dimension::area)]) + " " +
           std::to_string(counts[static_cast<int>(geo::Dimension::line)]) + " " +
           std::to_string(counts[static_cast<int>(geo::Dimension::point)]);
}

std::set<std::string> names_in(const fs::path& folder) {
    std::set<std::string> names;
    for (const auto& entry : fs::directory_iterator(folder))
        names.insert(entry.path().filename().string());
    return names;
}

} // namespace

TEST_CASE(
    "layers share a file where the format holds several, a layer where it holds mixed types, else have a file each",
    "[formats]") {
    const test::TempDir dir;
    const Findings findings;
    OpenOptions any_crs;
    any_crs.require_crs = false;
    struct Case {
        const char* file;
        std::vector<std::pair<const char*, const char*>> layers; ///< dataset, areas lines points
    };
    for (const Case& c :
         {Case{"out.gpkg", {{"out.gpkg|layer=findings", "2 0 0"}, {"out.gpkg|layer=findings_lines", "0 1 0"}}},
          Case{"out.gdb", {{"out.gdb|layer=findings", "2 0 0"}, {"out.gdb|layer=findings_lines", "0 1 0"}}},
          Case{"out.kml", {{"out.kml|layer=findings", "2 0 0"}, {"out.kml|layer=findings_lines", "0 1 0"}}},
          Case{"out.geojson", {{"out.geojson", "2 1 0"}}}, Case{"out.fgb", {{"out.fgb", "2 1 0"}}},
          Case{"out.dxf", {{"out.dxf", "2 1 0"}}}, Case{"table.csv", {{"table.csv", "2 1 0"}}},
          Case{"out.shp", {{"out.shp", "2 0 0"}, {"out_lines.shp", "0 1 0"}, {"out_points.shp", "0 0 0"}}}}) {
        CAPTURE(c.file);
        REQUIRE(code_of(findings, dir / c.file).empty());
        for (const auto& [dataset, counts] : c.layers) {
            CAPTURE(dataset);
            CHECK(counts_in(dir / dataset) == counts);
        }
        CHECK(list_layers(dir / c.file, any_crs).size() == (c.file == std::string("out.shp") ? 1 : c.layers.size()));
        CHECK(code_of(findings, dir / c.file) == "already-exists");
        CHECK(code_of(findings, dir / c.file, true).empty());
    }
    const Table back = read_back(dir / "out.gpkg|layer=findings");
    CHECK(back.rows.shapes.xy == findings.areas.rows.shapes.xy);
    CHECK(back.info.crs->label() == "EPSG:4543");
    for (std::size_t c = 0; c < 4; ++c) {
        CHECK(back.rows.columns[c].field.name == findings.areas.rows.columns[c].field.name);
        CHECK(back.rows.columns[c].value(1) == findings.areas.rows.columns[c].value(1));
    }
}

TEST_CASE("a layer of its own file that has no rows any more replaces the rows of an earlier run", "[formats]") {
    const test::TempDir dir;
    Findings findings;
    REQUIRE(code_of(findings, dir / "out.shp").empty());
    CHECK(counts_in(dir / "out_lines.shp") == "0 1 0");
    findings.lines = table_of("LineString");
    REQUIRE(code_of(findings, dir / "out.shp", true).empty());
    CHECK(counts_in(dir / "out_lines.shp") == "0 0 0");
    fs::remove(dir / "out.shp"); // what stands under any of the names is in the way
    for (const char* rest : {"out.shx", "out.dbf", "out.prj", "out.cpg"})
        fs::remove(dir / rest);
    CHECK(code_of(findings, dir / "out.shp") == "already-exists");
}

TEST_CASE("without any row the first layer is there all the same", "[formats]") {
    const test::TempDir dir;
    Findings findings;
    findings.areas = table_of("Polygon");
    findings.lines = table_of("LineString");
    REQUIRE(code_of(findings, dir / "out.gpkg").empty());
    const auto layers = list_layers(dir / "out.gpkg", {});
    REQUIRE(layers.size() == 1);
    CHECK(layers[0].layer == "findings");
    CHECK(layers[0].geometry_type == "Polygon");
    CHECK(layers[0].feature_count == 0);
}

TEST_CASE("a layer that cannot be written takes the others with it, and spares the old files", "[formats][error]") {
    const test::TempDir dir;
    const Findings good;
    Findings bad;
    bad.lines = table_of("LineString");
    add_row(bad.lines, geo::Dimension::line, {{0, 0}, {1, 1}}, "安全距离", "no date");
    for (const char* file : {"out.gpkg", "out.shp", "out.geojson", "out.fgb", "out.gdb"}) {
        CAPTURE(file);
        CHECK(code_of(bad, dir / file) == "cannot-write");
        CHECK(names_in(dir.path()).empty());
        REQUIRE(code_of(good, dir / file).empty());
        const auto before = names_in(dir.path());
        const std::string digest = sha256_of(dir / file);
        CHECK(code_of(bad, dir / file, true) == "cannot-write");
        CHECK(names_in(dir.path()) == before);
        CHECK(sha256_of(dir / file) == digest);
        for (const std::string& name : before)
            fs::remove_all(dir / name);
    }
}

TEST_CASE("the same layers written twice give the same bytes", "[formats]") {
    const test::TempDir dir;
    const Findings findings;
    REQUIRE(code_of(findings, dir / "a.gpkg").empty());
    std::this_thread::sleep_for(std::chrono::milliseconds(1100)); // GeoPackage times would differ by now
    REQUIRE(code_of(findings, dir / "b.gpkg").empty());
    CHECK((test::read_text(dir / "a.gpkg") == test::read_text(dir / "b.gpkg")));
}

} // namespace corebelt::layers
