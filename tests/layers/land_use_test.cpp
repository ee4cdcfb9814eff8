#include "support/catch.hpp"

#include "corebelt/geo/error.hpp"
#include "corebelt/geo/expects.hpp"
#include "corebelt/layers/land_use.hpp"

#include <algorithm>
#include <array>
#include <cstdint>
#include <stdexcept>
#include <string>
#include <vector>

using corebelt::Error;
using corebelt::layers::LandUseClass;
using corebelt::layers::LandUseScheme;

TEST_CASE("five schemes are compiled in, each with all its classes", "[land-use]") {
    CHECK(LandUseScheme::names() ==
          std::vector<std::string>{"GB50137-2011", "GBT21010-2017", "SD", "YDYH2020", "YDYH2023"});
    CHECK(LandUseScheme::get("YDYH2023").classes().size() == 175);
    CHECK(LandUseScheme::get("YDYH2020").classes().size() == 169);
    CHECK(LandUseScheme::get("SD").classes().size() == 81);
    CHECK(LandUseScheme::get("GBT21010-2017").classes().size() == 85); // 12 first-level and 73 second-level classes
    CHECK(LandUseScheme::get("GB50137-2011").classes().size() == 110);
}

TEST_CASE("every class has names, a parent one level up, and a colour form that is kept", "[land-use]") {
    for (const std::string& name : LandUseScheme::names()) {
        const LandUseScheme& scheme = LandUseScheme::get(name);
        CAPTURE(name);
        std::string before;
        for (const LandUseClass& c : scheme.classes()) {
            CAPTURE(c.code);
            CHECK(before < c.code);
            before = c.code;
            CHECK_FALSE(c.name_zh.empty());
            CHECK_FALSE(c.name_en.empty());
            CHECK((!c.colour_explicit || c.colour.has_value()));
            const LandUseClass* const parent = scheme.find(c.parent);
            CHECK((c.parent.empty() ? c.level == 1 : parent != nullptr && parent->level + 1 == c.level));
        }
    }
}

TEST_CASE("one code means different land in different schemes", "[land-use]") {
    struct Case {
        std::string scheme, code, name;
    };
    const auto [scheme, code, name] = GENERATE(values<Case>({
        {"YDYH2023", "1001", "工业用地"},
        {"SD", "1001", "铁路用地"},
        {"GBT21010-2017", "1001", "铁路用地"},
        {"YDYH2023", "0601", "农村道路"},
        {"YDYH2020", "0601", "乡村道路用地"},
        {"SD", "0601", "工业用地"},
        {"YDYH2023", "1207", "城镇村道路用地"},
        {"YDYH2020", "1207", "城镇道路用地"},
        {"SD", "1207", "裸岩石砾地"},
        {"YDYH2023", "0204", "油料园地"},
        {"YDYH2020", "0204", "其他园地"},
        {"GB50137-2011", "M1", "一类工业用地"},
    }));
    CAPTURE(scheme, code);
    const LandUseClass* const found = LandUseScheme::get(scheme).find(code);
    REQUIRE(found != nullptr);
    CHECK(found->name_zh == name);
}

TEST_CASE("the colours of the drawing rules' annex are those of the table", "[land-use]") {
    struct Case {
        std::string code;
        std::array<std::uint8_t, 3> rgb;
    };
    const auto [code, rgb] = GENERATE(values<Case>({
        {"1001", {187, 150, 116}}, {"1002", {158, 108, 84}},  {"11", {135, 97, 211}},    {"1102", {153, 153, 255}},
        {"0701", {255, 255, 45}},  {"0703", {255, 211, 128}}, {"0801", {255, 0, 255}},   {"09", {255, 0, 0}},
        {"13", {0, 99, 128}},      {"1401", {0, 255, 0}},     {"1402", {20, 141, 74}},   {"1403", {172, 255, 207}},
        {"12", {183, 183, 183}},   {"1202", {173, 173, 173}}, {"1207", {163, 163, 163}}, {"15", {133, 145, 86}},
        {"16", {255, 255, 255}},   {"17", {51, 142, 192}},    {"01", {245, 248, 220}},   {"02", {191, 233, 170}},
        {"03", {104, 177, 103}},   {"04", {205, 245, 122}},   {"05", {101, 205, 170}},
    }));
    CAPTURE(code);
    const LandUseClass* const found = LandUseScheme::get("YDYH2023").find(code);
    REQUIRE(found != nullptr);
    CHECK(found->colour == rgb);
    CHECK(found->colour_explicit);
}

TEST_CASE("classes without a colour of their own are drawn like the class above", "[land-use]") {
    const LandUseScheme& scheme = LandUseScheme::get("YDYH2023");
    CHECK(scheme.find("100102")->colour == scheme.find("1001")->colour);
    CHECK_FALSE(scheme.find("100102")->colour_explicit);
    const auto all = scheme.classes();
    CHECK(std::count_if(all.begin(), all.end(), [](const LandUseClass& c) { return c.colour_explicit; }) == 39);
    CHECK_FALSE(LandUseScheme::get("GBT21010-2017").find("0501")->colour.has_value());
}

TEST_CASE("descent follows the parent column, not the digits", "[land-use]") {
    const LandUseScheme& ydyh = LandUseScheme::get("YDYH2023");
    CHECK(ydyh.is_within("1001", "1001"));
    CHECK(ydyh.is_within("100103", "1001"));
    CHECK(ydyh.is_within("100103", "10"));
    CHECK_FALSE(ydyh.is_within("10", "1001"));
    CHECK_FALSE(ydyh.is_within("1101", "10"));
    const LandUseScheme& survey = LandUseScheme::get("SD");
    CHECK(survey.is_within("0303", "00")); // mangrove is wetland there
    CHECK_FALSE(survey.is_within("0303", "03"));
    CHECK(survey.is_within("0201K", "02"));
    CHECK(LandUseScheme::get("GB50137-2011").is_within("R21", "R"));
}

TEST_CASE("an unknown code counts below its longest known prefix", "[land-use]") {
    const LandUseScheme& scheme = LandUseScheme::get("YDYH2023");
    CHECK(scheme.find("100109") == nullptr);
    CHECK(scheme.find_nearest("100109")->code == "1001");
    CHECK(scheme.is_within("100109", "1001"));
    CHECK(scheme.is_within("10010301", "10"));
    CHECK(scheme.is_within("99", "99"));
    CHECK_FALSE(scheme.is_within("99", "10"));
    CHECK(scheme.find_nearest("") == nullptr);
    CHECK_FALSE(scheme.is_within("", "10"));
}

TEST_CASE("which classes are construction land is stated, or left open where sources disagree", "[land-use]") {
    const LandUseScheme& scheme = LandUseScheme::get("YDYH2023");
    CHECK(scheme.find("1001")->construction == "建设用地");
    CHECK(scheme.find("1701")->construction == "非建设用地");
    CHECK(scheme.find("1901")->construction == "海域");
    CHECK(scheme.find("0601")->construction.empty()); // farm roads: farmland by law, construction in practice
}

TEST_CASE("an unknown scheme is answered with the ones there are", "[land-use][error]") {
    try {
        static_cast<void>(LandUseScheme::get("YDYH2021"));
        FAIL("accepted");
    } catch (const Error& error) {
        CHECK(error.code() == "unknown-scheme");
        CHECK(error.text().en.find("the nearest is YDYH2020; there are GB50137-2011") != std::string::npos);
        CHECK(error.text().zh.find("没有名为“YDYH2021”的用地分类标准") != std::string::npos);
    }
}

TEST_CASE("a table with a missing parent, a repeated code or a circle is a caller's bug", "[land-use][error]") {
    const auto throwing = [](const char* condition, const char*, int) { throw std::logic_error(condition); };
    const auto before = corebelt::set_contract_handler(throwing);
    const auto row = [](const std::string& code, const std::string& parent) {
        LandUseClass c;
        c.code = code;
        c.parent = parent;
        return c;
    };
    CHECK_THROWS_AS(LandUseScheme("x", {row("2", "1")}), std::logic_error);
    CHECK_THROWS_AS(LandUseScheme("x", {row("1", ""), row("1", "")}), std::logic_error);
    CHECK_THROWS_AS(LandUseScheme("x", {row("1", "2"), row("2", "1")}), std::logic_error);
    CHECK_NOTHROW(LandUseScheme("x", {row("2", "1"), row("1", "")}));
    corebelt::set_contract_handler(before);
}
