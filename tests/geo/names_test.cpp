#include "support/catch.hpp"

#include "corebelt/geo/nearest_name.hpp"
#include "corebelt/geo/utf8.hpp"

#include <string>
#include <vector>

using corebelt::geo::character_count;
using corebelt::geo::is_utf8;
using corebelt::geo::nearest_name;

TEST_CASE("the nearest name is the one with the fewest slips", "[names]") {
    const std::vector<std::string> names = {"source", "theme", "scheme", "class_field", "YDYHFLDM", "YDYHFLMC", "面积"};
    CHECK(nearest_name("sorce", names) == "source");
    CHECK(nearest_name("themes", names) == "theme");
    CHECK(nearest_name("shceme", names) == "scheme"); // one swap, against two replacements for "theme"
    CHECK(nearest_name("ydyhfldm", names) == "YDYHFLDM");
    CHECK(nearest_name("YDYHFLD", names) == "YDYHFLDM");
    CHECK(nearest_name("面机", names) == "面积"); // by characters: one of two differs, not one byte of six
    CHECK(nearest_name("anything", {}) == std::nullopt);
}

TEST_CASE("among names that differ only in case the same case is nearer, else the earlier", "[names]") {
    const std::vector<std::string> names = {"CODE", "code", "Code"};
    CHECK(nearest_name("code", names) == "code");
    CHECK(nearest_name("xyz", std::vector<std::string>{"abc", "def"}) == "abc");
    CHECK(nearest_name(std::string(100000, 'x'), names) == "CODE"); // long names are cut, not multiplied out
}

TEST_CASE("UTF-8 is recognised strictly", "[names]") {
    CHECK(is_utf8(""));
    CHECK(is_utf8("工业用地 Ω \U0001F600 \U0010FFFF"));
    CHECK_FALSE(is_utf8("\xB9\xA4\xD2\xB5")); // 工业 in GBK
    CHECK_FALSE(is_utf8("\xC0\xAF"));         // overlong /
    CHECK_FALSE(is_utf8("\xE0\x80\xAF"));     // overlong /
    CHECK_FALSE(is_utf8("\xED\xA0\x80"));     // surrogate
    CHECK_FALSE(is_utf8("\xF4\x90\x80\x80")); // above U+10FFFF
    CHECK_FALSE(is_utf8("\xE5\xB7"));         // cut short
    CHECK_FALSE(is_utf8("\xE5\xB7\x41"));     // broken in the last byte
    CHECK(character_count("工业 land") == 7);
}
