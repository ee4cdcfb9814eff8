// A file that another program writes while it is read.
#include "layers/made_dataset.hpp"
#include "support/catch.hpp"
#include "support/temp_dir.hpp"

#include "corebelt/geo/error.hpp"
#include "corebelt/layers/dataset.hpp"
#include "corebelt/layers/file_stamps.hpp"

#include <filesystem>
#include <fstream>

using namespace corebelt;
using layers::FileStamps;
using test::TempDir;
using test::write_text;

namespace {

std::string code_of_change(const FileStamps& stamps) {
    try {
        stamps.require_unchanged();
    } catch (const Error& error) {
        CHECK(error.kind() == ErrorKind::input);
        return error.code() + " " + error.text().en;
    }
    return {};
}

void append(const std::string& path) {
    std::ofstream(path, std::ios::app) << " ";
}

} // namespace

TEST_CASE("a file that was written, replaced or removed is no longer the one that was opened", "[stamps]") {
    const TempDir dir;
    const std::string path = dir / "a.geojson";
    write_text(path, "first");
    const FileStamps stamps(path);
    CHECK(code_of_change(stamps).empty());

    SECTION("written") {
        append(path);
    }
    SECTION("replaced by another file of the same size") {
        write_text(dir / "b", "other");
        std::filesystem::last_write_time(dir / "b", std::filesystem::last_write_time(path));
        std::filesystem::rename(dir / "b", path);
    }
    SECTION("removed") {
        std::filesystem::remove(path);
    }
    SECTION("rewritten with the same bytes") {
        std::filesystem::last_write_time(path, std::filesystem::last_write_time(path) + std::chrono::nanoseconds(1000));
    }
    const std::string said = code_of_change(stamps);
    CHECK(said.find("changed-while-reading ") == 0);
    CHECK(said.find(path) != std::string::npos);
}

TEST_CASE("a shapefile's companions and a folder's files count, strangers beside a file do not", "[stamps]") {
    const TempDir dir;
    for (const char* name : {"a.shp", "a.dbf", "a.shx"})
        write_text(dir / name, "x");
    std::filesystem::create_directory(dir / "b.gdb");
    write_text(dir / "b.gdb/a00000001.gdbtable", "x");
    const FileStamps shapefile(dir / "a.shp");
    const FileStamps folder(dir / "b.gdb");
    const FileStamps nothing("PG:dbname=none");

    write_text(dir / "c.dbf", "y");
    write_text(dir / "b.gdb/x.lock", "y");
    CHECK(code_of_change(shapefile).empty());
    CHECK(code_of_change(folder).empty());
    CHECK(code_of_change(nothing).empty());

    append(dir / "a.dbf");
    CHECK(code_of_change(shapefile).find("a.dbf") != std::string::npos);
    write_text(dir / "b.gdb/a00000002.gdbtable", "y");
    CHECK(code_of_change(folder).find("a00000002.gdbtable") != std::string::npos);
}

TEST_CASE("a layer whose file changes before its end is an error, not a result", "[stamps][dataset]") {
    const TempDir dir;
    const std::string path = dir / "p.gpkg";
    layers::test_data::Layer layer;
    layer.features = {{layers::test_data::rectangle(500000, 2700000, 10, 10), {}}};
    layers::test_data::make_dataset(path, "GPKG", {layer});
    const auto undisturbed = layers::open_layer(path, {});
    CHECK(layers::read_all(*undisturbed).rows.size() == 1);

    const auto disturbed = layers::open_layer(path, {});
    std::filesystem::last_write_time(path, std::filesystem::last_write_time(path) + std::chrono::seconds(1));
    try {
        (void)layers::read_all(*disturbed);
        FAIL("the change went unnoticed");
    } catch (const Error& error) {
        CHECK(error.code() == "changed-while-reading");
        CHECK(exit_code(error.kind()) == 3);
    }
}
