#include "support/catch.hpp"

#include "corebelt/reports/text_table.hpp"

#include <sstream>

using namespace corebelt::reports;

TEST_CASE("Chinese characters take two cells and combining marks none", "[text-table]") {
    CHECK(display_width("玉溪") == 4);
    CHECK(display_width("A区（1）") == 1 + 2 + 2 + 1 + 2);
    CHECK(display_width("e\xCC\x81") == 1);
    CHECK(display_width("\xFF\xFE") == 2); // broken bytes count one each
}

TEST_CASE("a cut text ends in an ellipsis and never splits a character", "[text-table]") {
    CHECK(fit("工业用地", 8) == "工业用地");
    CHECK(fit("工业用地", 7) == "工业用…");
    CHECK(fit("工业用地", 6) == "工业…"); // 4 cells and the ellipsis; half a character is not shown
    CHECK(fit("abc", 0).empty());
}

TEST_CASE("every line of a table keeps within the width asked for", "[text-table]") {
    TextTable table({{"规则", Align::left, true}, {"结论"}, {"实测", Align::right}});
    table.row({"生态保护红线内，自然保护地核心保护区外，禁止开发性、生产性建设活动", "不通过", "22,139.80 m²"});
    table.row({"industrial share of the whole of the park", "通过", "71.23 %"});
    for (const std::size_t width : {120U, 80U, 40U, 30U}) {
        CAPTURE(width);
        std::istringstream lines(table.to_string(width, false));
        for (std::string line; std::getline(lines, line);)
            CHECK(display_width(line) <= width);
    }
}

TEST_CASE("numbers line up on the right whatever stands before them", "[text-table]") {
    TextTable table({{"名称"}, {"m²", Align::right}});
    table.row({"核心区", "1.00"});
    table.row({"A", "22.00"});
    CHECK(table.to_string(80, false) == "名称       m²\n─────────────\n核心区   1.00\nA       22.00\n");
}

TEST_CASE("colour appears only where it is asked for", "[text-table]") {
    TextTable table({{"v"}});
    table.row({"fail"}, {Ink::bad});
    CHECK(table.to_string(80, false).find('\x1b') == std::string::npos);
    CHECK(table.to_string(80, true).find("\x1b[31;1mfail\x1b[0m") != std::string::npos);
}
