#include "made_dataset.hpp"
#include "support/catch.hpp"
#include "support/temp_dir.hpp"
#include "text_decoder.hpp"

#include "corebelt/geo/error.hpp"
#include "corebelt/layers/dataset.hpp"

#include <filesystem>
#include <fstream>

namespace corebelt::layers {
namespace {

namespace fs = std::filesystem;
using test_data::Kind;
using test_data::Layer;

/// A shapefile whose table is in `encoding`, without .cpg and with the given language byte.
void make_shapefile(const test::TempDir& dir, const std::string& encoding, unsigned char language_byte,
                    const char* name = "水浇地") {
    Layer layer;
    layer.name = "plan";
    layer.geometry = "Polygon";
    layer.fields = {{"地类名", Kind::text}, {"code", Kind::text}};
    layer.features = {{test_data::rectangle(500000, 2700000, 10, 10), {name, "0102"}},
                      {test_data::rectangle(500010, 2700000, 10, 10), {nullptr, "0103"}}};
    layer.options = {"ENCODING=" + encoding};
    if (encoding == "ASCII" || encoding == "ISO-8859-1")
        layer.fields[0].first = "name";
    test_data::make_dataset(dir / "plan.shp", "ESRI Shapefile", {layer});
    fs::remove(dir.path() / "plan.cpg");
    std::fstream dbf(dir.path() / "plan.dbf", std::ios::in | std::ios::out | std::ios::binary);
    dbf.seekp(29);
    dbf.put(static_cast<char>(language_byte));
}

Table read_plan(const test::TempDir& dir, OpenOptions options = {}) {
    options.all_fields = true;
    return read_all(*open_layer(dir / "plan.shp", options));
}

std::string first_text(const Table& table) {
    return to_string(table.rows.columns[0].value(0));
}

TEST_CASE("a GBK table without declaration is found and its names are read", "[encoding]") {
    const test::TempDir dir;
    const auto nothing =
        static_cast<unsigned char>(GENERATE(0x00, 0x57)); // 0x57: "the system's ANSI page", which is nobody's
    make_shapefile(dir, "GBK", nothing);
    const Table table = read_plan(dir);
    CHECK(table.info.encoding == "GB18030");
    CHECK(table.info.encoding_why == "fallback");
    CHECK(table.info.fields[0].name == "地类名");
    CHECK(first_text(table) == "水浇地");
    CHECK(is_null(table.rows.columns[0].value(1)));
    CHECK(table.issues.counts().count("text-undecodable") == 0);
}

TEST_CASE("a UTF-8 table without declaration is found", "[encoding]") {
    const test::TempDir dir;
    make_shapefile(dir, "UTF-8", 0);
    const Table table = read_plan(dir);
    CHECK(table.info.encoding == "UTF-8");
    CHECK(table.info.encoding_why == "utf8-valid");
    CHECK(first_text(table) == "水浇地");
}

TEST_CASE("the order is: override, .cpg, language byte, UTF-8, GB18030", "[encoding]") {
    const test::TempDir dir;
    make_shapefile(dir, "GBK", 0x4D);
    CHECK(read_plan(dir).info.encoding_why == "ldid");
    CHECK(first_text(read_plan(dir)) == "水浇地");

    test::write_text(dir.path() / "plan.cpg", "GBK\r\n");
    CHECK(read_plan(dir).info.encoding_why == "cpg");
    CHECK(first_text(read_plan(dir)) == "水浇地");

    test::write_text(dir.path() / "plan.cpg", "ISO-8859-1"); // wrong, but stated: what is stated is used
    CHECK(first_text(read_plan(dir)) == "Ë®½½µØ");

    OpenOptions options;
    options.encoding = "gb2312";
    const Table table = read_plan(dir, options);
    CHECK(table.info.encoding_why == "declared");
    CHECK(table.info.encoding == "GB18030");
    CHECK(first_text(table) == "水浇地");
    CHECK(list_layers(dir / "plan.shp", options)[0].fields[0].name == "地类名");
}

TEST_CASE("a .cpg that names no known encoding is passed over", "[encoding]") {
    const test::TempDir dir;
    make_shapefile(dir, "GBK", 0);
    test::write_text(dir.path() / "plan.cpg", "no such thing");
    CHECK(read_plan(dir).info.encoding_why == "fallback");
    CHECK(first_text(read_plan(dir)) == "水浇地");
}

TEST_CASE("an ANSI table that is neither UTF-8 nor GB18030 is ISO-8859-1", "[encoding]") {
    const test::TempDir dir;
    make_shapefile(dir, "ISO-8859-1", 0x57, "caf\xC3\xA9 x"); // "é " is no GB18030
    const Table table = read_plan(dir);
    CHECK(table.info.encoding == "ISO-8859-1");
    CHECK(table.info.encoding_why == "ldid");
    CHECK(first_text(table) == "café x");
}

TEST_CASE("an ANSI table of words with accents is ISO-8859-1 even where its bytes could be rare Chinese",
          "[encoding]") {
    const test::TempDir dir;
    make_shapefile(dir, "ISO-8859-1", 0x57,
                   "R\xC3\xA9gion Cr\xC3\xA9\xC3\xA9"
                   "e, d\xC3\xA9partement"); // "ég" is 間 in GBK
    const Table table = read_plan(dir);
    CHECK(table.info.encoding == "ISO-8859-1");
    CHECK(table.info.encoding_why == "ldid");
    CHECK(first_text(table) == "Région Créée, département");
    make_shapefile(dir, "GBK", 0x57, "朱镕基路"); // 镕 ends in a byte that is a letter
    CHECK(read_plan(dir).info.encoding == "GB18030");
    CHECK(first_text(read_plan(dir)) == "朱镕基路");
}

TEST_CASE("a text cut in half a character by its field is read up to there and listed", "[encoding]") {
    const test::TempDir dir;
    make_shapefile(dir, "GBK", 0);
    // The field is 80 bytes wide: fill it with 39 whole characters, one letter and half a character.
    std::fstream dbf(dir.path() / "plan.dbf", std::ios::in | std::ios::out | std::ios::binary);
    std::string full;
    for (int i = 0; i < 39; ++i)
        full += "\xB5\xD8"; // 地
    full += "x\xB5";
    const std::string bytes = test::read_text(dir.path() / "plan.dbf");
    const std::size_t header = static_cast<unsigned char>(bytes[8]) + 256U * static_cast<unsigned char>(bytes[9]);
    dbf.seekp(static_cast<std::streamoff>(header + 1));
    dbf.write(full.data(), 80);
    dbf.close();
    const Table table = read_plan(dir);
    CHECK(table.info.encoding == "GB18030");
    std::string expected;
    for (int i = 0; i < 39; ++i)
        expected += "地";
    CHECK(first_text(table) == expected + "x");
    REQUIRE(table.issues.counts().count("text-cut") == 1);
    CHECK(table.issues.sorted()[0].feature == "0");
    CHECK(table.issues.sorted()[0].text.zh.find("地类名") != std::string::npos);
}

TEST_CASE("a filter on a GBK table compares UTF-8 texts", "[encoding]") {
    const test::TempDir dir;
    make_shapefile(dir, "GBK", 0);
    OpenOptions options;
    options.where = "\"地类名\" = '水浇地'";
    CHECK(read_plan(dir, options).rows.size() == 1);
    options.where = "\"地类名\" LIKE '水%'";
    CHECK(read_plan(dir, options).rows.size() == 1);
    options.where = "\"地类名\" <> '水浇地'";
    CHECK(read_plan(dir, options).rows.size() == 0);
}

TEST_CASE("an unknown encoding is a usage error", "[encoding][error]") {
    const test::TempDir dir;
    make_shapefile(dir, "GBK", 0);
    OpenOptions options;
    options.encoding = "GB-nothing";
    try {
        (void)read_plan(dir, options);
        FAIL("no error");
    } catch (const Error& error) {
        CHECK(error.kind() == ErrorKind::usage);
        CHECK(error.code() == "unknown-encoding");
    }
}

TEST_CASE("a CSV in GBK reads as UTF-8", "[encoding]") {
    const test::TempDir dir;
    const std::string gbk_name = "\xD4\xB0\xC7\xF8";                  // 园区
    const std::string gbk_value = "\xBA\xEC\xCB\xFE\xC6\xAC\xC7\xF8"; // 红塔片区
    test::write_text(dir.path() / "stats.csv", gbk_name + ",km2\n" + gbk_value + ",12.60\n");
    const Table table = read_attribute_table(dir / "stats.csv", {});
    CHECK(table.info.encoding == "GB18030");
    CHECK(table.info.encoding_why == "fallback");
    REQUIRE(table.rows.find("园区") != nullptr);
    CHECK(to_string(table.rows.find("园区")->value(0)) == "红塔片区");
    CHECK(to_string(table.rows.find("km2")->value(0)) == "12.6");
}

TEST_CASE("names of encodings are known as people write them", "[encoding]") {
    for (const char* name :
         {"GBK", "gb2312", "936", "cp936", "CP 936", "ANSI 936", "OEM 936", "GB 18030", "windows-936"})
        CHECK(encoding_called(name) == "GB18030");
    for (const char* name : {"UTF-8", "utf8", "65001", " UTF-8\n"})
        CHECK(encoding_called(name) == "UTF-8");
    CHECK(encoding_called("1252") == "CP1252");
    CHECK(encoding_called("88591") == "ISO-8859-1");
    CHECK(encoding_called("Big5") == "BIG5");
    CHECK_FALSE(encoding_called("no such thing").has_value());
    CHECK_FALSE(encoding_called("").has_value());
    CHECK_FALSE(encoding_called("UTF-16//TRANSLIT").has_value());
}

TEST_CASE("bytes that are not in the encoding become replacement characters", "[encoding]") {
    const TextDecoder gb18030("GB18030");
    CHECK(gb18030.decode("\xB5\xD8").text == "地");
    const auto bad = gb18030.decode("a\xFF\xB5\xD8");
    CHECK(bad.undecodable);
    CHECK(bad.text == "a\uFFFD地");
    const auto cut = gb18030.decode("ab\xB5");
    CHECK(cut.cut);
    CHECK_FALSE(cut.undecodable);
    CHECK(cut.text == "ab");

    const TextDecoder utf8("UTF-8");
    CHECK(utf8.decode("地").text == "地");
    const auto cut_utf8 = utf8.decode("a\xE5\x9C");
    CHECK(cut_utf8.cut);
    CHECK(cut_utf8.text == "a");
    const auto bad_utf8 = utf8.decode("\xE5x\xE5\x9C\xB0");
    CHECK(bad_utf8.undecodable);
    CHECK(bad_utf8.text == "\uFFFDx地");

    std::string longer;
    for (int i = 0; i < 1000; ++i)
        longer += "\xB5\xD8"; // longer than the decoder's own buffer
    CHECK(gb18030.decode(longer).text.size() == 3000);
}

} // namespace
} // namespace corebelt::layers
