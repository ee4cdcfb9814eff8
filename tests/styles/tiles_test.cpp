#include "styles/decoded_png.hpp"
#include "styles/golden.hpp"
#include "styles/small_plan.hpp"
#include "support/catch.hpp"
#include "support/temp_dir.hpp"

#include "corebelt/geo/error.hpp"
#include "corebelt/geo/transform.hpp"
#include "corebelt/styles/sheet.hpp"

#include <algorithm>
#include <array>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <map>
#include <string>

using namespace corebelt; // NOLINT(google-build-using-namespace)
using styles::TileOptions;
using test::small_plan;

namespace {

TileOptions zooms(std::uint32_t low, std::uint32_t high) {
    TileOptions options;
    options.min_zoom = low;
    options.max_zoom = high;
    return options;
}

/// Tiles over the small plan at a zoom, by its own corner points.
geo::TileRange tiles_of_plan(std::uint32_t zoom) {
    const geo::Transform to_web(geo::Crs::parse("EPSG:4543"), geo::Crs::parse("EPSG:3857"));
    std::array<geo::XY, 2> corners = {geo::XY{test::plan_east - 700, test::plan_north - 200},
                                      {test::plan_east + 1500, test::plan_north + 1200}};
    to_web.apply(corners);
    geo::Box box;
    for (const geo::XY p : corners)
        box.add(p);
    return geo::tiles_over(box, zoom);
}

std::map<std::string, std::string> files_below(const std::filesystem::path& folder) {
    std::map<std::string, std::string> files;
    for (const auto& entry : std::filesystem::recursive_directory_iterator(folder))
        if (entry.is_regular_file())
            files[std::filesystem::relative(entry.path(), folder).generic_string()] = test::read_text(entry.path());
    return files;
}

} // namespace

TEST_CASE("tiles join without a seam: each equals its part of one large picture", "[tiles]") {
    auto scene = small_plan();
    test::add_farmland(scene);
    scene.project.note = "虚构示例，非真实边界";
    const std::uint32_t zoom = 16;
    const test::TempDir folder;
    const auto summary = styles::write_tile_folder(scene, folder / "tiles", zooms(zoom, zoom));
    CHECK(summary.written > 6);

    const geo::TileRange range = tiles_of_plan(zoom);
    const auto whole = test::decode_png(styles::encode_png(styles::draw_tile_block(scene, range, 256)));
    std::size_t compared = 0, differing = 0;
    int largest = 0;
    for (std::uint32_t y = range.min_y; y <= range.max_y; ++y)
        for (std::uint32_t x = range.min_x; x <= range.max_x; ++x) {
            const auto path =
                folder.path() / "tiles" / std::to_string(zoom) / std::to_string(x) / (std::to_string(y) + ".png");
            const int left = static_cast<int>(x - range.min_x) * 256, top = static_cast<int>(y - range.min_y) * 256;
            const bool there = std::filesystem::exists(path);
            const auto tile = there ? test::decode_png(test::read_text(path)) : test::DecodedPng{};
            for (int v = 0; v < 256; ++v)
                for (int u = 0; u < 256; ++u) {
                    const auto expected = whole.at(left + u, top + v);
                    const auto found = there ? tile.at(u, v) : test::DecodedPng::Pixel{0, 0, 0, 0};
                    const int worst = std::max({std::abs(found.r - expected.r), std::abs(found.g - expected.g),
                                                std::abs(found.b - expected.b), std::abs(found.a - expected.a)});
                    largest = std::max(largest, worst);
                    differing += worst > 0;
                    ++compared;
                }
        }
    CAPTURE(compared, differing, largest);
    // Fills, hatches' clips and labels are equal; cairo clips long strokes and dashes to the picture in its own steps,
    // which moves an edge by less than 0.06 pixel.
    CHECK(largest <= 16);
    CHECK(differing <= compared / 1000);
}

TEST_CASE("the same tile bytes for any order of features and any number of threads", "[tiles]") {
    const test::TempDir folder;
    auto options = zooms(13, 15);
    styles::write_tile_folder(small_plan(), folder / "a", options);
    options.jobs = 3;
    styles::write_tile_folder(small_plan(5), folder / "b", options);
    const auto a = files_below(folder.path() / "a"), b = files_below(folder.path() / "b");
    CHECK(a.size() > 3);
    CHECK(a == b);
}

TEST_CASE("empty tiles are not written and the automatic range begins where the plan is a picture", "[tiles]") {
    const test::TempDir folder;
    const auto scene = small_plan();
    std::uint64_t last_done = 0, last_total = 0;
    bool rising = true;
    TileOptions options;
    options.progress = [&](std::uint64_t done, std::uint64_t total) {
        rising = rising && done >= last_done;
        last_done = done;
        last_total = total;
    };
    const auto summary = styles::write_tile_folder(scene, folder / "t", options);
    CHECK(summary.min_zoom >= 12);
    CHECK(summary.max_zoom == summary.min_zoom + 6);
    CHECK(rising);
    CHECK(last_done == last_total);
    std::uint64_t bytes = 0;
    for (const auto& [name, content] : files_below(folder.path() / "t")) {
        CAPTURE(name);
        bytes += content.size();
        const auto png = test::decode_png(content);
        bool shows = false;
        for (std::size_t i = 3; i < png.rgba.size(); i += 4)
            shows = shows || png.rgba[i] != 0;
        CHECK(shows);
    }
    CHECK(bytes == summary.bytes);
    CHECK(files_below(folder.path() / "t").size() == summary.written);
}

TEST_CASE("a tile folder appears whole or not at all", "[tiles][error]") {
    const test::TempDir folder;
    std::filesystem::create_directories(folder.path() / "busy");
    std::ofstream(folder.path() / "busy" / "file") << "x";
    CHECK_THROWS_AS(styles::write_tile_folder(small_plan(), folder / "busy", zooms(13, 13)), Error);
    CHECK(files_below(folder.path() / "busy").size() == 1);

    auto broken = small_plan(); // fails in the middle: a name that cannot be drawn
    auto& names = broken.layers[1].table.rows.columns[0];
    names = {};
    names.field = {"name", layers::FieldType::text};
    names.push_back(layers::Value{std::string("\xF3\xB0\x80\x81")});
    CHECK_THROWS_AS(styles::write_tile_folder(broken, folder / "new", zooms(13, 14)), Error);
    CHECK_FALSE(std::filesystem::exists(folder.path() / "new"));
    CHECK_FALSE(std::filesystem::exists(folder.path() / "new.part"));

    styles::write_tile_folder(small_plan(), folder / "deep/er/tiles", zooms(13, 13));
    CHECK(std::filesystem::exists(folder.path() / "deep/er/tiles/13"));
}

TEST_CASE("a tile without text looks as it always did", "[tiles][golden]") {
    auto scene = small_plan();
    test::add_farmland(scene);
    for (auto& layer : scene.project.layers) // names are drawn by whatever version of the font is installed
        layer.name_field.clear();
    const std::uint32_t zoom = 13; // below the zoom of parcel codes
    const geo::TileRange range = tiles_of_plan(zoom);
    const auto drawn = [&] { return styles::encode_png(styles::draw_tile_block(scene, range, 256)); };
    const auto png = drawn();
    const auto difference = test::difference_from_golden("small-plan-13", png, 3);
    CAPTURE(difference.largest, difference.min_x, difference.min_y, difference.max_x, difference.max_y);
    CHECK(difference.differing == 0);

    auto& codes = scene.layers[0].table.rows.columns[0].code;
    codes[0] = codes[99]; // industry becomes commerce
    CHECK(test::compare(test::decode_png(png), test::decode_png(drawn()), 3).differing > 0);
}
