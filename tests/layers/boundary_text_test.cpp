// 界址点坐标交换格式: dialects read, doubts said with their line, written back and read again.
#include "support/catch.hpp"
#include "support/temp_dir.hpp"

#include "corebelt/geo/area.hpp"
#include "corebelt/geo/error.hpp"
#include "corebelt/layers/boundary_text.hpp"

#include <algorithm>

using namespace corebelt;
using namespace corebelt::layers;
using test::TempDir;

namespace {

const char* const head =
    "[属性描述]\n格式版本号=1.01版本\n坐标系=2000国家大地坐标系\n几度分带=3\n投影类型=高斯克吕格\n计量单位=米\n"
    "带号=34\n精度=0.001\n转换参数=0,0,0,0,0,0,0\n[地块坐标]\n";

/// One square kilometre whose ellipsoidal area is known: 999 926.6637 m² (99.9927 ha).
const char* const square =
    "5,99.9927,1,地块一,面,,工业用地,,@\n"
    "J1,1,2694000.000,34554000.000\nJ2,1,2694000.000,34555000.000\n"
    "J3,1,2695000.000,34555000.000\nJ4,1,2695000.000,34554000.000\nJ1,1,2694000.000,34554000.000\n";

Table read(const TempDir& dir, const std::string& bytes, OpenOptions options = {}) {
    test::write_text(dir / "t.txt", bytes);
    options.all_fields = true;
    return read_boundary_text(dir / "t.txt", options);
}

std::string text_of(const Table& table, const char* field, std::size_t row = 0) {
    return to_string(table.rows.find(field)->value(row));
}

std::vector<std::string> codes(const Table& table) {
    std::vector<std::string> list;
    for (const auto& [code, count] : table.issues.counts())
        list.push_back(code);
    return list;
}

std::string replaced(std::string text, const std::string& from, const std::string& to) {
    for (std::size_t at = text.find(from); at != std::string::npos; at = text.find(from, at + to.size()))
        text.replace(at, from.size(), to);
    return text;
}

double planar(const Table& table, std::size_t row = 0) {
    return geo::planar_m2(table.rows.shapes[row], *table.info.crs);
}

} // namespace

TEST_CASE("the national form is read with its system, its fields and its area", "[boundary-text]") {
    const TempDir dir;
    const Table t = read(dir, std::string(head) + square);
    REQUIRE(t.rows.size() == 1);
    CHECK(t.info.crs->label() == "EPSG:4522");
    CHECK(t.info.encoding == "UTF-8");
    CHECK(text_of(t, "地块编号") == "1");
    CHECK(text_of(t, "地块名称") == "地块一");
    CHECK(text_of(t, "地块用途") == "工业用地");
    CHECK(text_of(t, "申报面积公顷") == "99.9927");
    CHECK(text_of(t, "面积吻合") == "椭球");
    CHECK(text_of(t, "转换参数") == "0,0,0,0,0,0,0"); // split at the first = only
    CHECK(planar(t) == 1e6);
    CHECK(t.rows.shapes.box[0] == geo::Box{34554000, 2694000, 34555000, 2695000}); // easting first
    CHECK(t.issues.empty());
}

TEST_CASE("dialects give the same land", "[boundary-text]") {
    const TempDir dir;
    const std::string plain = std::string(head) + square;
    struct Dialect {
        const char* name;
        std::string bytes;
        const char* encoding;
        const char* crs;
        std::vector<std::string> codes;
    };
    const std::string swapped =
        replaced(replaced(replaced(replaced(plain, "2694000.000,34554000.000", "34554000.000,2694000.000"),
                                   "2694000.000,34555000.000", "34555000.000,2694000.000"),
                          "2695000.000,34555000.000", "34555000.000,2695000.000"),
                 "2695000.000,34554000.000", "34554000.000,2695000.000");
    const std::string open_ring = plain.substr(0, plain.rfind("J1,1,"));
    const std::vector<Dialect> dialects = {
        {"as the rule says", plain, "UTF-8", "EPSG:4522", {}},
        {"with byte order mark", "\xEF\xBB\xBF" + plain, "UTF-8", "EPSG:4522", {}},
        {"CRLF", replaced(plain, "\n", "\r\n"), "UTF-8", "EPSG:4522", {}},
        {"no zone prefix", replaced(plain, ",345", ",5"), "UTF-8", "EPSG:4543", {}},
        {"columns swapped", swapped, "UTF-8", "EPSG:4522", {"axes-swapped"}},
        {"ring not closed", open_ring, "UTF-8", "EPSG:4522", {"point-count", "ring-not-closed"}},
        {"full-width punctuation",
         replaced(replaced(plain, "[地块坐标]", "【地块坐标】"), "J2,1,", "J2，1，"),
         "UTF-8",
         "EPSG:4522",
         {"full-width-punctuation"}},
        {"zone contradicts the eastings",
         replaced(plain, "带号=34", "带号=38"),
         "UTF-8",
         "EPSG:4522",
         {"zone-mismatch"}},
        {"strip width contradicts the zone",
         replaced(plain, "几度分带=3", "几度分带=6"),
         "UTF-8",
         "EPSG:4522",
         {"strip-width-mismatch"}},
        {"district and village first",
         replaced(plain, "5,99.9927,1,地块一,", "5,99.9927,530402,某村,1,地块一,"),
         "UTF-8",
         "EPSG:4522",
         {}},
        {"fields after the class", replaced(plain, "工业用地,,@", "工业用地,0601,9,备注,@"), "UTF-8", "EPSG:4522", {}},
        {"hectares spelled out", replaced(plain, "99.9927,", "99.9927公顷,"), "UTF-8", "EPSG:4522", {}},
        {"square metres", replaced(plain, "99.9927,", "999926.66平方米,"), "UTF-8", "EPSG:4522", {"area-unit"}},
        {"Xian 1980", replaced(plain, "2000国家大地坐标系", "1980西安坐标系"), "UTF-8", "EPSG:2358", {}},
        {"Beijing 1954", replaced(plain, "2000国家大地坐标系", "1954北京坐标系"), "UTF-8", "EPSG:2410", {}},
    };
    for (const Dialect& d : dialects) {
        CAPTURE(d.name);
        const Table t = read(dir, d.bytes);
        REQUIRE(t.rows.size() == 1);
        CHECK(t.info.encoding == d.encoding);
        CHECK(t.info.crs->label() == d.crs);
        CHECK(codes(t) == d.codes);
        CHECK(planar(t) == 1e6);
        CHECK(text_of(t, "地块编号") == "1");
        CHECK(text_of(t, "地块名称") == "地块一");
        CHECK(text_of(t, "地块用途") == "工业用地");
    }
}

TEST_CASE("issues carry the line they speak of", "[boundary-text]") {
    const TempDir dir;
    const Table t = read(dir, replaced(std::string(head) + square, "J3,1,2695000.000", "J3,1,26950OO.000"));
    CHECK(t.rows.size() == 0);
    CHECK(t.counts.rejected == 1);
    const auto issues = t.issues.sorted();
    const auto bad =
        std::find_if(issues.begin(), issues.end(), [](const Issue& i) { return i.code == "unreadable-point"; });
    REQUIRE(bad != issues.end());
    CHECK(bad->text.en.find("line 14:") != std::string::npos); // ten lines of head, header, J1, J2, J3
    CHECK(bad->text.zh.find("第 14 行") != std::string::npos);
}

TEST_CASE("rings become holes or parts by where they lie, whatever their numbers say", "[boundary-text]") {
    const TempDir dir;
    const auto ring = [](int number, double x, double y, double side) {
        std::string out;
        const double corners[5][2] = {{0, 0}, {0, 1}, {1, 1}, {1, 0}, {0, 0}};
        for (const auto& c : corners)
            out += "J," + std::to_string(number) + "," + std::to_string(2694000 + y + c[1] * side) + "," +
                   std::to_string(34554000 + x + c[0] * side) + "\n";
        return out;
    };
    const auto plot = [&](const std::string& rings, int points) {
        return std::string(head) + std::to_string(points) + ",,A,,面,,,,@\n" + rings;
    };
    const Table hole = read(dir, plot(ring(1, 0, 0, 100) + ring(2, 10, 10, 20), 10));
    CHECK(planar(hole) == 100 * 100 - 20 * 20);
    CHECK(hole.rows.shapes[0].part_count() == 1);
    const Table part = read(dir, plot(ring(1, 0, 0, 100) + ring(2, 200, 0, 20), 10));
    CHECK(planar(part) == 100 * 100 + 20 * 20);
    CHECK(part.rows.shapes[0].part_count() == 2);
    const Table island = read(dir, plot(ring(1, 0, 0, 100) + ring(2, 10, 10, 50) + ring(3, 20, 20, 10), 15));
    CHECK(planar(island) == 100 * 100 - 50 * 50 + 10 * 10);
    const Table same_number = read(dir, plot(ring(1, 0, 0, 100) + ring(1, 10, 10, 20), 10));
    CHECK(planar(same_number) == 100 * 100 - 20 * 20);
    const Table hole_first = read(dir, plot(ring(1, 10, 10, 20) + ring(2, 0, 0, 100), 10));
    CHECK(planar(hole_first) == 100 * 100 - 20 * 20);
}

TEST_CASE("a bow-tie is repaired at the door like everywhere else", "[boundary-text]") {
    const TempDir dir;
    const Table t =
        read(dir, std::string(head) + "5,1.0000,K,蝴蝶结,面,,,,@\nJ1,1,2695300,34554000\nJ2,1,2695400,34554100\n"
                                      "J3,1,2695400,34554000\nJ4,1,2695300,34554100\nJ1,1,2695300,34554000\n");
    CHECK(t.counts.repaired == 1);
    CHECK(planar(t) == Approx(5000).margin(1e-6)); // two triangles of 100 m × 50 m / 2
    const auto list = codes(t);
    CHECK(std::find(list.begin(), list.end(), "self-crossing") != list.end());
    CHECK(std::find(list.begin(), list.end(), "declared-area-differs") != list.end()); // 1 ha declared, 0.5 ha found
}

TEST_CASE("a system that is not certain is not guessed", "[boundary-text][error]") {
    const TempDir dir;
    const std::string no_zone = replaced(replaced(std::string(head) + square, ",345", ",5"), "带号=34", "带号=");
    CHECK_THROWS_AS(read(dir, no_zone), Error);
    OpenOptions declared;
    declared.declared_crs = geo::Crs::parse("EPSG:4543");
    CHECK(planar(read(dir, no_zone, declared)) == 1e6);
    const std::string no_system = replaced(std::string(head) + square, "坐标系=2000国家大地坐标系", "坐标系=");
    CHECK_THROWS_AS(read(dir, no_system), Error);
    CHECK_THROWS_AS(read(dir, "just a text\n"), Error);
}

TEST_CASE("what is written is read back the same, in both encodings", "[boundary-text]") {
    const TempDir dir;
    const Table t =
        read(dir, std::string(head) +
                      "10,,DK1,红塔工业园1号地块,面,G48,工业用地,0601,@\n"
                      "J1,1,2694000.001,34554000.002\nJ2,1,2694100.123,34554000.456\nJ3,1,2694100.789,34554100.5\n"
                      "J4,1,2694000.25,34554100.75\nJ1,1,2694000.001,34554000.002\n"
                      "J5,2,2694040,34554040\nJ6,2,2694040,34554060\nJ7,2,2694060,34554060\nJ8,2,2694060,34554040\nJ5,"
                      "2,2694040,34554040\n");
    REQUIRE(t.issues.empty());
    for (const bool gb18030 : {false, true}) {
        CAPTURE(gb18030);
        BoundaryTextOptions options;
        options.gb18030 = gb18030;
        write_boundary_text(dir / "out.txt", t, options);
        OpenOptions all;
        all.all_fields = true;
        const Table back = read_boundary_text(dir / "out.txt", all);
        CHECK(back.info.encoding == (gb18030 ? "GB18030" : "UTF-8"));
        CHECK(back.issues.empty());
        REQUIRE(back.rows.size() == 1);
        CHECK(back.rows.shapes.xy == t.rows.shapes.xy);
        CHECK(back.rows.shapes.ring_first == t.rows.shapes.ring_first);
        for (const char* field : {"地块编号", "地块名称", "图形属性", "图幅号", "地块用途", "地类编码"})
            CHECK(text_of(back, field) == text_of(t, field));
    }
}

TEST_CASE("the eight real and made sample files read as their notes say", "[boundary-text]") {
    const auto shared = test::shared_folder();
    if (!shared) {
        WARN("skipped: no ../shared");
        return;
    }
    struct Row {
        const char* file;
        std::size_t plots;
        std::size_t vertices; ///< closing points included
        const char* crs;
        const char* encoding;
        const char* agrees;
    };
    // Counted by hand in the files.
    const Row rows[] = {{"44120000072.txt", 1, 6, "EPSG:4526", "UTF-8", "平面"},
                        {"44120000120.txt", 1, 9, "EPSG:4526", "UTF-8", "平面"},
                        {"plot_000_closing_label_J6.txt", 1, 6, "EPSG:4526", "UTF-8", ""},
                        {"hangzhou_pengbu_R14.txt", 1, 66, "EPSG:4528", "UTF-8", nullptr},
                        {"gbk_crlf.txt", 1, 66, "EPSG:4528", "GB18030", nullptr},
                        {"yuxi_zone34_hole_and_two_parcels.txt", 2, 0, "EPSG:4522", "UTF-8", nullptr}};
    const TempDir dir;
    for (const Row& row : rows) {
        CAPTURE(row.file);
        OpenOptions all;
        all.all_fields = true;
        const Table t = read_boundary_text((*shared / "data/parcel_txt" / row.file).string(), all);
        CHECK(t.rows.size() == row.plots);
        if (row.vertices > 0)
            CHECK(t.rows.shapes.xy.size() == row.vertices);
        CHECK(t.info.crs->label() == row.crs);
        CHECK(t.info.encoding == row.encoding);
        if (row.agrees != nullptr)
            CHECK(text_of(t, "面积吻合") == row.agrees);
        // Both ways: the same coordinates.
        write_boundary_text(dir / "back.txt", t, {});
        CHECK(read_boundary_text(dir / "back.txt", all).rows.shapes.xy == t.rows.shapes.xy);
    }
}
