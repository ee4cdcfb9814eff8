#include "made_dataset.hpp"
#include "support/catch.hpp"
#include "support/temp_dir.hpp"

#include "corebelt/geo/error.hpp"
#include "corebelt/geo/validity.hpp"
#include "corebelt/layers/dataset.hpp"

#include <algorithm>
#include <cmath>

namespace corebelt::layers {
namespace {

using test_data::Kind;
using test_data::Layer;
using test_data::rectangle;
using Counts = std::map<std::string, std::uint64_t>;

Table read_layer(const Layer& layer, const OpenOptions& options = {}) {
    const test::TempDir dir;
    test_data::make_dataset(dir / "plan.gpkg", "GPKG", {layer});
    return read_all(*open_layer(dir / "plan.gpkg", options));
}

Layer with(std::vector<std::string> wkts, int epsg = 4543) {
    Layer layer;
    layer.epsg = epsg;
    layer.geometry = "Unknown";
    layer.fields = {{"id", Kind::text}};
    for (auto& wkt : wkts)
        layer.features.push_back({wkt, {"Z"}});
    return layer;
}

double signed_area(std::span<const geo::XY> ring) {
    double twice = 0;
    for (std::size_t i = 0; i + 1 < ring.size(); ++i)
        twice += (ring[i].x - ring[0].x) * (ring[i + 1].y - ring[0].y) -
                 (ring[i + 1].x - ring[0].x) * (ring[i].y - ring[0].y);
    return twice / 2;
}

TEST_CASE("rings come out closed, outer ones counter-clockwise and holes clockwise", "[door]") {
    const Table table =
        read_layer(with({"POLYGON((500000 2700000,500000 2700010,500010 2700010,500010 2700000,500000 2700000),"
                         "(500002 2700002,500004 2700002,500004 2700004,500002 2700004,500002 2700002))"}));
    REQUIRE(table.rows.shapes[0].ring_count() == 2);
    CHECK(signed_area(table.rows.shapes[0].ring(0)) == 100);
    CHECK(signed_area(table.rows.shapes[0].ring(1)) == -4);
    CHECK(table.issues.empty());
}

TEST_CASE("coordinates lie on the lattice where differences are exact", "[door]") {
    const Table metres = read_layer(with({rectangle(500000.1, 2700000.3, 10, 10)}));
    for (const auto& p : metres.rows.shapes.xy) {
        CHECK(std::ldexp(p.x, 27) == std::floor(std::ldexp(p.x, 27)));
        CHECK(std::ldexp(p.y, 27) == std::floor(std::ldexp(p.y, 27)));
        CHECK(std::abs(p.x - std::round(p.x * 10) / 10) < 4e-9);
    }
    const Table degrees = read_layer(with({rectangle(102.1, 24.3, 0.1, 0.1)}, 4490));
    for (const auto& p : degrees.rows.shapes.xy)
        CHECK(std::ldexp(p.x, 45) == std::floor(std::ldexp(p.x, 45)));
    CHECK(degrees.rows.shapes.box[0].min_x == degrees.rows.shapes.xy[0].x);
}

TEST_CASE("a bow-tie is repaired, listed with place and areas, and doubtful", "[door]") {
    // Two triangles of 25 m² each; the signed sum of the crossing ring is 0.
    const auto layer = with({rectangle(500100, 2700000, 10, 10),
                             "POLYGON((500000 2700000,500010 2700010,500010 2700000,500000 2700010,500000 2700000))"});
    const Table table = read_layer(layer);
    CHECK(table.counts.repaired == 1);
    CHECK(table.counts.rejected == 0);
    CHECK(table.counts.doubtful_fids == std::vector<std::int64_t>{2});
    CHECK(table.issues.counts() == Counts{{"self-crossing", 1}});
    const Issue issue = table.issues.sorted()[0];
    CHECK(issue.feature == "2");
    REQUIRE(issue.place.has_value());
    CHECK(issue.place->x == Approx(500005).margin(1e-6));
    CHECK(issue.place->y == Approx(2700005).margin(1e-6));
    CHECK(issue.text.en.find("0.00 → 50.00 m²") != std::string::npos);
    CHECK(issue.text.zh.find("0.00 → 50.00 m²") != std::string::npos);
    REQUIRE(table.rows.shapes[1].part_count() == 2);
    CHECK(signed_area(table.rows.shapes[1].ring(0)) + signed_area(table.rows.shapes[1].ring(1)) ==
          Approx(50).margin(1e-6));
    CHECK(table.rows.shapes[0].vertices()[0] == geo::XY{500100, 2700000});
    CHECK_FALSE(geo::find_fault(table.rows.shapes[1]).has_value());

    OpenOptions trusted;
    trusted.trust_geometry = true;
    const Table as_is = read_layer(layer, trusted);
    CHECK(as_is.counts.repaired == 0);
    CHECK(as_is.issues.empty());
    CHECK(as_is.rows.shapes[1].vertices().size() == 5);
}

TEST_CASE("a repair that moves less than 1 m² is not doubtful", "[door]") {
    // A spike of no width: the area stays.
    const Table table = read_layer(with({"POLYGON((500000 2700000,500100 2700000,500100 2700100,500050 2700100,"
                                         "500050 2700150,500050 2700100,500000 2700100,500000 2700000))"}));
    CHECK(table.counts.repaired == 1);
    CHECK(table.counts.doubtful_fids.empty());
    CHECK(signed_area(table.rows.shapes[0].ring(0)) == 10000);
}

TEST_CASE("nan coordinates and collapsed areas are set aside and counted", "[door]") {
    OpenOptions options;
    options.all_fields = true;
    options.trust_geometry = GENERATE(false, true);
    const Table table = read_layer(
        with({rectangle(500000, 2700000, 10, 10), "POLYGON((500000 2700000,500010 2700000,nan 2700010,500000 2700000))",
              "POLYGON((500000 2700000,500010 2700000,500000 2700000,500000 2700000))",
              rectangle(500020, 2700000, 5, 5)}),
        options);
    CHECK(table.counts.features == 4);
    if (options.trust_geometry) {
        CHECK(table.counts.rejected == 1);
        CHECK(table.rows.fid == std::vector<std::int64_t>{1, 3, 4});
        return;
    }
    CHECK(table.counts.rejected == 2);
    CHECK(table.rows.fid == std::vector<std::int64_t>{1, 4});
    CHECK(table.rows.columns[0].valid.size() == 2);
    CHECK(table.rows.shapes.size() == 2);
    CHECK(table.counts.vertices == 10);
    CHECK(table.counts.extent == geo::Box{500000, 2700000, 500025, 2700010});
    CHECK(table.issues.counts() == Counts{{"not-finite", 1}, {"too-few-points", 1}});
}

TEST_CASE("null and empty geometries are handed out without parts and listed", "[door]") {
    const Table table = read_layer(with({"", "POLYGON EMPTY", rectangle(500000, 2700000, 1, 1)}));
    CHECK(table.rows.size() == 3);
    CHECK(table.counts.empty == 2);
    CHECK(table.issues.counts() == Counts{{"empty-geometry", 2}});
}

TEST_CASE("issues name features by the id field where there is one", "[door]") {
    auto layer = with({"", ""});
    layer.features[0].values = {"地块甲"};
    layer.features[1].values = {nullptr};
    OpenOptions options;
    options.id_field = "id";
    options.label = "parcels";
    const Table table = read_layer(layer, options);
    const auto issues = table.issues.sorted();
    REQUIRE(issues.size() == 2);
    CHECK(issues[0].layer == "parcels");
    CHECK(issues[0].feature == "2");
    CHECK(issues[1].feature == "地块甲");
}

TEST_CASE("a layer without CRS is refused unless one is declared", "[door][crs][error]") {
    const auto layer = with({rectangle(500000, 2700000, 1, 1)}, 0);
    try {
        (void)read_layer(layer);
        FAIL("no error");
    } catch (const Error& error) {
        CHECK(error.kind() == ErrorKind::input);
        CHECK(error.code() == "no-crs");
        CHECK(error.text().zh.find("坐标系") != std::string::npos);
    }
    OpenOptions declared;
    declared.declared_crs = geo::Crs::parse("EPSG:4543");
    CHECK(read_layer(layer, declared).info.crs->label() == "EPSG:4543");
    OpenOptions any;
    any.require_crs = false;
    CHECK_FALSE(read_layer(layer, any).info.crs.has_value());
}

TEST_CASE("a declaration that contradicts the layer is an issue and the layer's CRS is used", "[door][crs]") {
    OpenOptions options;
    options.declared_crs = geo::Crs::parse("EPSG:4544");
    const Table table = read_layer(with({rectangle(500000, 2700000, 1, 1)}), options);
    CHECK(table.info.crs->label() == "EPSG:4543");
    CHECK(table.issues.counts() == Counts{{"crs-declared-differs", 1}});
    options.declared_crs = geo::Crs::parse("EPSG:4543");
    CHECK(read_layer(with({rectangle(500000, 2700000, 1, 1)}), options).issues.empty());
}

TEST_CASE("each contradiction of coordinates and CRS has a code of its own and says what to do", "[door][crs]") {
    struct Case {
        const char* what;
        int epsg;
        double x, y;
        const char* code;    ///< empty: nothing to say
        const char* mention; ///< in both texts
    };
    const auto item = GENERATE(
        Case{"at home, unprefixed", 4543, 554000, 2694000, "", ""},
        Case{"at home, prefixed", 4522, 34554000, 2694000, "", ""},
        Case{"prefix under an unprefixed CRS", 4543, 34554000, 2694000, "crs-prefix-unexpected", "EPSG:4522"},
        Case{"prefix of 6° under an unprefixed CRS", 4506, 17554000, 2694000, "crs-prefix-unexpected", "EPSG:4495"},
        Case{"no prefix under a prefixed CRS", 4522, 554000, 2694000, "crs-prefix-missing", "EPSG:4543"},
        Case{"prefix of another zone, prefixed CRS", 4522, 35554000, 2694000, "crs-zone-mismatch", "EPSG:4523"},
        Case{"prefix of another zone, unprefixed CRS", 4543, 35554000, 2694000, "crs-zone-mismatch", "EPSG:4523"},
        Case{"Xian 1980 prefix", 2379, 34554000, 2694000, "crs-prefix-unexpected", "EPSG:2358"},
        Case{"northing first, unprefixed", 4543, 2694000, 554000, "axes-swapped", "2694050"},
        Case{"northing first, prefixed", 4522, 2694000, 34554000, "axes-swapped", "34554050"},
        Case{"latitude first", 4490, 24.35, 102.54, "axes-swapped", "102.54"},
        Case{"longitude first", 4490, 102.54, 24.35, "", ""},
        Case{"a park over the strip's limit", 4543, 653000, 2694000, "crs-beyond-strip", "EPSG:4543"},
        Case{"a strip's width beyond it", 4543, 700000, 2694000, "crs-beyond-strip", "EPSG:4543"},
        Case{"outside the strip", 4543, 800000, 2694000, "crs-out-of-range", "EPSG:4543"},
        Case{"outside the country", 4490, 10, 50, "crs-out-of-range", "EPSG:4490"},
        Case{"metres under degrees", 4490, 554000, 2694000, "crs-out-of-range", "554000"},
        Case{"UTM at home", 32632, 690000, 5060000, "", ""},
        Case{"UTM elsewhere", 32632, 690000, -5060000, "crs-out-of-range", "EPSG:32632"});
    CAPTURE(item.what);
    const double size = item.epsg == 4490 ? 0.001 : 100;
    const Table table =
        read_layer(with({rectangle(item.x, item.y, size, size), rectangle(item.x, item.y, size, size)}, item.epsg));
    CHECK(table.rows.size() == 2);
    if (std::string(item.code).empty()) {
        CHECK(table.issues.empty());
        return;
    }
    REQUIRE(table.issues.counts() == Counts{{item.code, 1}}); // once a layer
    const Issue issue = table.issues.sorted()[0];
    CHECK(issue.feature.empty());
    CHECK(issue.place.has_value());
    CHECK(issue.text.en.find("2 features") != std::string::npos);
    CHECK(issue.text.en.find(item.mention) != std::string::npos);
    CHECK(issue.text.zh.find(item.mention) != std::string::npos);
}

TEST_CASE("only the features outside are counted, whatever the batches and the order", "[door][crs]") {
    std::vector<std::string> wkts{rectangle(554000, 2694000, 1, 1), rectangle(800000, 2694000, 1, 1),
                                  rectangle(554000, 2694000, 1, 1), rectangle(780000, 2694000, 1, 1)};
    OpenOptions options;
    options.batch_features = GENERATE(1U, 3U, 4096U);
    const auto forward = read_layer(with(wkts), options).issues.sorted();
    std::reverse(wkts.begin(), wkts.end());
    const auto backward = read_layer(with(wkts), options).issues.sorted();
    REQUIRE(forward.size() == 1);
    CHECK(forward[0].text.en.rfind("2 features", 0) == 0);
    REQUIRE(backward.size() == 1);
    // The file's name is another one each time; the rest is the same.
    CHECK(backward[0].text.en == forward[0].text.en);
    CHECK(backward[0].place == forward[0].place);
}

TEST_CASE("a layer is transformed at the door into the target CRS", "[door][crs]") {
    OpenOptions options;
    options.target_crs = geo::Crs::parse("EPSG:4522");
    const Table prefixed = read_layer(with({rectangle(554000.25, 2694000, 100, 50)}), options);
    CHECK(prefixed.info.crs->label() == "EPSG:4522");
    CHECK(prefixed.counts.extent == geo::Box{34554000.25, 2694000, 34554100.25, 2694050});

    // 24.354° N, 102.540° E is X = 2694604.4551, Y = 34554795.1505 in zone 34 (PROJ and a Krüger series agree).
    const Table degrees = read_layer(with({"POINT(102.540 24.354)"}, 4490), options);
    CHECK(degrees.rows.shapes.xy[0].x == Approx(34554795.1505).epsilon(0).margin(1e-4));
    CHECK(degrees.rows.shapes.xy[0].y == Approx(2694604.4551).epsilon(0).margin(1e-4));
    CHECK(degrees.rows.shapes.box[0].min_x == degrees.rows.shapes.xy[0].x);
}

TEST_CASE("a datum change without parameters is refused and names the layer", "[door][crs][error]") {
    OpenOptions options;
    options.label = "parcels";
    options.target_crs = geo::Crs::parse("EPSG:4543");
    try {
        (void)read_layer(with({rectangle(554000, 2694000, 1, 1)}, 2379), options);
        FAIL("no error");
    } catch (const Error& error) {
        CHECK(error.kind() == ErrorKind::input);
        CHECK(error.code() == "ballpark-transform");
        CHECK(error.text().en.rfind("parcels: ", 0) == 0);
    }
}

TEST_CASE("coordinates that PROJ cannot transform are set aside; where all are, the error says why", "[door][crs]") {
    OpenOptions options;
    options.target_crs = geo::Crs::parse("EPSG:4543");
    const std::string good = rectangle(102.5, 24.5, 0.001, 0.001);
    const std::string bad = rectangle(24.5, 102.5, 0.001, 0.001); // latitude 102.5°
    options.batch_features = GENERATE(1U, 4096U);
    const Table some = read_layer(with({bad, good}, 4490), options);
    CHECK(some.counts.rejected == 1);
    CHECK(some.rows.fid == std::vector<std::int64_t>{2});
    CHECK(some.issues.counts() == Counts{{"axes-swapped", 1}, {"transform-failed", 1}});
    try {
        (void)read_layer(with({bad, bad}, 4490), options);
        FAIL("no error");
    } catch (const Error& error) {
        CHECK(error.kind() == ErrorKind::input);
        CHECK(error.code() == "transform-failed");
        CHECK(error.text().en.find("exchange the two columns") != std::string::npos);
        CHECK(error.text().zh.find("对调") != std::string::npos);
    }
}

} // namespace
} // namespace corebelt::layers
