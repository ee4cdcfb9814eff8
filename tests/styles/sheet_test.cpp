#include "styles/decoded_png.hpp"
#include "styles/small_plan.hpp"
#include "support/catch.hpp"
#include "support/temp_dir.hpp"

#include "corebelt/geo/error.hpp"
#include "corebelt/styles/sheet.hpp"
#include "corebelt/styles/style.hpp"

#include <algorithm>
#include <cmath>
#include <string>

using namespace corebelt; // NOLINT(google-build-using-namespace)
using styles::draw_sheet;
using styles::SheetOptions;
using styles::SheetSummary;
using test::small_plan;

namespace {

project::Sheet sheet() {
    project::Sheet s;
    s.id = "landuse";
    s.title = "用地布局规划图";
    return s;
}

SheetOptions coarse() {
    SheetOptions options;
    options.dpi = 60;
    return options;
}

std::string error_code(const styles::Scene& scene, const project::Sheet& s, Text& text) {
    try {
        SheetSummary summary;
        (void)draw_sheet(scene, s, coarse(), summary);
    } catch (const Error& e) {
        text = e.text();
        return e.code();
    }
    return "no error";
}

/// Columns between the first and the last pixel of exactly that colour.
std::pair<int, int> columns_of(const styles::Picture& picture, std::uint32_t colour) {
    int first = picture.width(), last = -1;
    for (int y = 0; y < picture.height(); ++y)
        for (int x = 0; x < picture.width() * 7 / 10; ++x) // right of it stands the legend
            if (picture.at(x, y) == colour) {
                first = std::min(first, x);
                last = std::max(last, x);
            }
    return {first, last};
}

} // namespace

TEST_CASE("the legend has the classes present, no others, in code order, with areas that add up", "[sheet]") {
    SheetSummary summary;
    (void)draw_sheet(small_plan(), sheet(), coarse(), summary);
    REQUIRE(summary.classes.size() == 4);
    const std::vector<std::string> codes{summary.classes[0].code, summary.classes[1].code, summary.classes[2].code,
                                         summary.classes[3].code};
    CHECK(codes == std::vector<std::string>{"0901", "1001", "1207", "1401"});
    CHECK(summary.classes[1].name == "工业用地");
    CHECK(summary.classes[1].colour == styles::Colour{187, 150, 116});
    CHECK(summary.classes[0].hectares_2 == 500);
    CHECK(summary.classes[1].hectares_2 == 6000);
    CHECK(summary.classes[2].hectares_2 == 1500);
    CHECK(summary.classes[3].hectares_2 == 2000);
    CHECK(summary.classes[1].share_2 == 6000);
    CHECK(summary.total_hectares_2 == 10000);
    CHECK(summary.lines == std::vector<std::string>{"生态保护红线", "片区界"});
    CHECK(summary.points.empty());
    CHECK(summary.issues.empty());
}

TEST_CASE("every colour of the legend is on the map and the map shows no other land use", "[sheet]") {
    auto scene = small_plan();
    SheetSummary summary;
    SheetOptions options = coarse();
    options.dpi = 96;
    const auto picture = draw_sheet(scene, sheet(), options, summary);
    for (const auto& c : summary.classes) {
        CAPTURE(c.code);
        const std::uint32_t pixel =
            0xff000000U | static_cast<std::uint32_t>(c.colour.r << 16 | c.colour.g << 8 | c.colour.b);
        const auto [first, last] = columns_of(picture, pixel);
        CHECK(last > first);
    }
    CHECK(columns_of(picture, 0xffffff2dU).second == -1); // residential yellow is not in the plan
}

TEST_CASE("the scale bar agrees with the map within 0.5 percent", "[sheet]") {
    SheetSummary summary;
    SheetOptions options;
    options.dpi = 300;
    const auto picture = draw_sheet(small_plan(), sheet(), options, summary);
    // Industry fills the zone's lower 600 m from west to east: 1000 m, less half the zone's line on each side.
    const auto [first, last] = columns_of(picture, 0xffbb9674U);
    const double line_mm = 0.9;
    const double map_mm = (last - first + 1) / 300.0 * 25.4 + line_mm;
    CHECK(map_mm / 1000 == Approx(summary.scale_bar_mm / summary.scale_bar_m).epsilon(0.005));
    CHECK(summary.denominator == 5000); // 1 km in a map of about 300 × 250 mm less margins
}

TEST_CASE("the same sheet bytes for any order of features and any number of threads", "[sheet]") {
    SheetSummary summary;
    const std::string expected = styles::encode_png(draw_sheet(small_plan(), sheet(), coarse(), summary));
    const unsigned order = GENERATE(1U, 2U, 3U);
    SheetOptions options = coarse();
    options.jobs = order == 3 ? 7 : order;
    CHECK(styles::encode_png(draw_sheet(small_plan(order), sheet(), options, summary)) == expected);
}

TEST_CASE("a character that the font lacks is an error that names it", "[sheet][error]") {
    auto scene = small_plan();
    scene.project.title = "园区\xF3\xB0\x80\x80"; // U+F0000, private use
    Text text;
    CHECK(error_code(scene, sheet(), text) == "missing-glyph");
    CHECK(text.en.find("U+F0000") != std::string::npos);
    CHECK(text.zh.find("U+F0000") != std::string::npos);

    auto named = small_plan();
    auto& names = named.layers[1].table.rows.columns[0];
    names = {};
    names.field = {"name", layers::FieldType::text};
    names.push_back(layers::Value{std::string("\xF3\xB0\x80\x81")}); // in the data, not in the project
    CHECK(error_code(named, sheet(), text) == "missing-glyph");
    CHECK(text.en.find("U+F0001") != std::string::npos);
}

TEST_CASE("what a sheet cannot be drawn on is said", "[sheet][error]") {
    Text text;
    auto s = sheet();
    s.paper = "B5";
    CHECK(error_code(small_plan(), s, text) == "unknown-paper");
    s = sheet();
    s.scale = 500;
    CHECK(error_code(small_plan(), s, text) == "scale-does-not-fit");
    CHECK(text.en.find("1:5000") != std::string::npos);
}

TEST_CASE("parcels that lie on each other are an issue", "[sheet]") {
    auto scene = small_plan();
    auto& rows = scene.layers[0].table.rows;
    rows.shapes.append(geo::ShapeView(rows.shapes, 7));
    rows.fid.push_back(101);
    rows.columns[0].push_back(layers::Value{std::string("1401")});
    SheetSummary summary;
    (void)draw_sheet(scene, sheet(), coarse(), summary);
    CHECK(summary.issues.counts().contains("layer-overlap"));
    CHECK(summary.total_hectares_2 == 10100); // counted as the layer has it
}

TEST_CASE("parts far apart get panels of one scale, parts near each other one map", "[sheet]") {
    auto scene = small_plan();
    auto& rows = scene.layers[1].table.rows;
    const auto add_zone = [&](double x, double y, const char* name) {
        for (const geo::XY p : {geo::XY{0, 0}, {1000, 0}, {1000, 1000}, {0, 1000}, {0, 0}})
            rows.shapes.add({test::plan_east + x + p.x, test::plan_north + y + p.y});
        rows.shapes.end_ring();
        rows.shapes.end_part();
        rows.shapes.end_shape(geo::Dimension::area);
        rows.fid.push_back(static_cast<std::int64_t>(rows.fid.size()) + 1);
        rows.columns[0].push_back(layers::Value{std::string(name)});
    };
    SheetSummary summary;
    add_zone(1200, 0, "东区");
    (void)draw_sheet(scene, sheet(), coarse(), summary);
    CHECK(summary.panels == 1);
    add_zone(30000, 8000, "远区");
    (void)draw_sheet(scene, sheet(), coarse(), summary);
    CHECK(summary.panels == 2);
    CHECK(summary.denominator <= 20000); // one map of 31 km would be 1:125000 and so 1:200000
}

TEST_CASE("the project's note, the language and the style change the picture", "[sheet]") {
    SheetSummary summary;
    const std::string plain = styles::encode_png(draw_sheet(small_plan(), sheet(), coarse(), summary));
    auto noted = small_plan();
    noted.project.note = "虚构示例，非真实边界";
    CHECK(styles::encode_png(draw_sheet(noted, sheet(), coarse(), summary)) != plain);
    SheetOptions english = coarse();
    english.lang = Lang::en;
    CHECK(styles::encode_png(draw_sheet(small_plan(), sheet(), english, summary)) != plain);
    CHECK(summary.classes[1].name == "Industrial land");
    CHECK(summary.lines.front() == "Ecological protection red line");
}

TEST_CASE("the default style reads back and names the project's layers and fields", "[style]") {
    const auto scene = small_plan();
    const std::string json = styles::default_style_json(scene.project);
    const auto style = styles::parse_style(json, "default");
    const auto fill = std::find_if(style.layers.begin(), style.layers.end(),
                                   [](const styles::StyleLayer& l) { return l.id == "parcels-fill"; });
    REQUIRE(fill != style.layers.end());
    CHECK(fill->coverage);
    const auto& rows = scene.layers[0].table.rows;
    CHECK(fill->colour("fill-color", {12, &rows, 0}) == styles::Colour{187, 150, 116});
    CHECK(fill->colour("fill-color", {12, &rows, 99}) == styles::Colour{255, 0, 0});
    CHECK(json.find("@") == std::string::npos);
    CHECK(style.hatches.contains("farmland"));
    CHECK(json.find("\"plant\"") == std::string::npos); // themes that the project lacks do not appear
}
