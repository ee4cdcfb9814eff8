#include "support/catch.hpp"

#include "corebelt/geo/error.hpp"
#include "corebelt/layers/filter.hpp"

#include <cstdint>
#include <limits>
#include <stdexcept>
#include <string>
#include <vector>

using corebelt::Error;
using corebelt::ErrorKind;
using corebelt::layers::Batch;
using corebelt::layers::Column;
using corebelt::layers::Field;
using corebelt::layers::FieldType;
using corebelt::layers::Filter;
using corebelt::layers::IsoDate;
using corebelt::layers::Value;

namespace {

const std::vector<Field> fields = {{"YDYHFLDM", FieldType::text},  {"名称", FieldType::text},
                                   {"floors", FieldType::integer}, {"far", FieldType::real},
                                   {"built", FieldType::date},     {"or", FieldType::text}};

/// Five parcels; the last one has no values at all.
Batch parcels() {
    const std::vector<std::vector<Value>> rows = {
        {std::string("1001"), std::string("一类工业用地"), std::int64_t{4}, 1.5, IsoDate{"2019-05-01"},
         std::string("a")},
        {std::string("100102"), std::string("二类工业用地"), std::int64_t{1}, 0.7, IsoDate{"2020-12-31"},
         std::string("b")},
        {std::string("1207"), std::string("城镇村道路用地"), std::int64_t{0}, 0.0, IsoDate{"2021-01-01"},
         std::string("")},
        {std::string("H1"), std::string("O'Hara 50%_a"), std::int64_t{-3}, std::numeric_limits<double>::quiet_NaN(),
         IsoDate{"2021-01-01T08:00:00"}, std::string("A")},
        {Value{}, Value{}, Value{}, Value{}, Value{}, Value{}},
    };
    Batch batch;
    for (const Field& field : fields) {
        Column column;
        column.field = field;
        batch.columns.push_back(column);
    }
    for (std::size_t row = 0; row < rows.size(); ++row) {
        batch.fid.push_back(static_cast<std::int64_t>(row) + 1);
        for (std::size_t c = 0; c < fields.size(); ++c)
            batch.columns[c].push_back(rows[row][c]);
    }
    return batch;
}

/// One digit a row: "11000" where the first two parcels pass.
std::string passing(const std::string& text) {
    std::vector<std::uint8_t> pass;
    Filter::parse(text, fields).select(parcels(), pass);
    std::string result;
    for (const std::uint8_t p : pass)
        result += p != 0 ? '1' : '0';
    return result;
}

bool contains(const std::string& text, const std::string& part) {
    return text.find(part) != std::string::npos;
}

Error error_of(const std::string& text) {
    try {
        static_cast<void>(Filter::parse(text, fields));
    } catch (const Error& error) {
        return error;
    }
    FAIL("accepted: " + text);
    throw std::logic_error("unreachable");
}

std::string sql_of(const std::string& text) {
    return Filter::parse(text, fields).ogr_sql().value_or("none");
}

} // namespace

TEST_CASE("a filter selects the rows that it says", "[filter]") {
    struct Case {
        std::string filter, rows;
    };
    const auto [filter, rows] = GENERATE(values<Case>({
        {"YDYHFLDM = '1001'", "10000"},
        {"'1001' = YDYHFLDM", "10000"},
        {"\"YDYHFLDM\"<>'1001'", "01110"},
        {"ydyhfldm2 IS NULL OR 1 < floors", ""}, // unknown field, below
        {"YDYHFLDM IN ('1207', '1001')", "10100"},
        {"YDYHFLDM NOT IN ('1207', '1001')", "01010"},
        {"YDYHFLDM LIKE '1001%'", "11000"},
        {"YDYHFLDM like '%0_'", "11100"},
        {"名称 LIKE '_类工业用地'", "11000"}, // _ is one character, not one byte
        {"名称 LIKE '%道路%'", "00100"},
        {"名称 NOT LIKE '%工业%'", "00110"},
        {"名称 LIKE '%50\\%\\_a'", "00010"},
        {"名称 LIKE '%50\\%\\_'", "00000"},
        {"名称 = 'O''Hara 50%_a'", "00010"},
        {"名称 = 'O\\'Hara 50%_a'", "00010"},
        {"floors > 0", "11000"},
        {"0 < floors", "11000"},
        {"floors >= -3 AND floors <= 0", "00110"},
        {"floors <> 1", "10110"},
        {"floors = 1.0", "01000"},
        {"floors > 0.5", "11000"},
        {"floors < -2.5", "00010"},
        {"far >= .7", "11000"},
        {"far = 7e-1", "01000"},
        {"far < 1", "01100"}, // NaN is unknown
        {"NOT far < 1", "10000"},
        {"far BETWEEN 0 AND 0.7", "01100"},
        {"far NOT BETWEEN 0 AND 0.7", "10000"},
        {"far > floors", "00000"},
        {"far <= floors", "11100"},
        {"built >= '2021-01-01'", "00110"},
        {"built < DATE('2021-01-01')", "11000"},
        {"built = TIMESTAMP('2021-01-01T08:00:00')", "00010"},
        {"built BETWEEN '2020-01-01' AND '2020-12-31'", "01000"},
        {"\"or\" = 'a'", "10000"}, // case-sensitive
        {"\"or\" = ''", "00100"},
        {"\"or\" IS NULL", "00001"},
        {"NOT \"or\" IS NULL", "11110"},
        {"floors IS NOT NULL", "11110"},
        {"YDYHFLDM = \"or\"", "00000"},
        {"YDYHFLDM <> \"or\"", "11110"},
        {"floors = 4 OR floors = 1 AND far > 1", "10000"}, // AND binds closer
        {"(floors = 4 OR floors = 1) AND far > 1", "10000"},
        {"(floors = 4 OR floors = 1) AND far < 1", "01000"},
        {"NOT floors = 4 AND far < 1", "01100"},   // NOT binds closest
        {"NOT (floors = 4 AND far < 1)", "11110"}, // row 1: true AND false; row 4: false AND unknown
        {"NOT NOT floors = 4", "10000"},
        {"floors = 4 OR floors IS NULL", "10001"},
        {"NOT (YDYHFLDM = 'x' AND floors > 100)", "11110"}, // unknown AND unknown stays unknown
        {"\n floors\t=\r 4 ", "10000"},
    }));
    CAPTURE(filter);
    if (rows.empty())
        CHECK(error_of(filter).code() == "unknown-field");
    else
        CHECK(passing(filter) == rows);
}

TEST_CASE("integers beyond 2^53 compare exactly with decimals", "[filter]") {
    const std::vector<Field> one = {{"n", FieldType::integer}};
    Batch batch;
    batch.columns.push_back({});
    batch.columns[0].field = one[0];
    for (const std::int64_t n : {std::int64_t{9007199254740993}, std::numeric_limits<std::int64_t>::max(),
                                 std::numeric_limits<std::int64_t>::min()}) {
        batch.fid.push_back(n);
        batch.columns[0].push_back(n);
    }
    const auto passes = [&](const std::string& text) {
        std::vector<std::uint8_t> pass;
        Filter::parse(text, one).select(batch, pass);
        return pass;
    };
    using Rows = std::vector<std::uint8_t>;
    CHECK(passes("n = 9007199254740992.0") == Rows{0, 0, 0}); // the row is one more
    CHECK(passes("n > 9007199254740992.0") == Rows{1, 1, 0});
    CHECK(passes("n < 9223372036854775808") == Rows{1, 1, 1}); // 2^63, one above the greatest integer
    CHECK(passes("n >= -9223372036854775808.0") == Rows{1, 1, 1});
    CHECK(passes("n = -9223372036854775808") == Rows{0, 0, 1});
}

TEST_CASE("a dictionary larger than the batch, and an empty batch, are no trouble", "[filter]") {
    Batch batch = parcels();
    for (int i = 0; i < 1000; ++i)
        batch.columns[0].dictionary.push_back("unused" + std::to_string(i));
    std::vector<std::uint8_t> pass(3, 7);
    Filter::parse("YDYHFLDM = '1207'", fields).select(batch, pass);
    CHECK(pass == std::vector<std::uint8_t>{0, 0, 1, 0, 0});
    Batch empty;
    for (const Field& field : fields) {
        empty.columns.push_back({});
        empty.columns.back().field = field;
    }
    Filter::parse("YDYHFLDM = '1207' OR far > floors", fields).select(empty, pass);
    CHECK(pass.empty());
}

TEST_CASE("a bad filter names the place in characters and says what to do", "[filter][error]") {
    struct Case {
        std::string filter, en, zh;
    };
    const auto [filter, en, zh] = GENERATE(values<Case>({
        {"", "character 1: the filter is empty", "第 1 个字符处：筛选条件为空"},
        {"  ", "the filter is empty", "筛选条件为空"},
        {"名称 = ", "character 6: expected a value or a field, found the end", "第 6 个字符处"},
        {"floors", "character 7: expected = <> < <= > >= IN LIKE BETWEEN or IS after floors, found the end",
         "floors 之后应为"},
        {"floors = 4 floors", "character 12: expected AND, OR or the end, found floors", "应为 AND、OR 或条件结尾"},
        {"floors = 4)", "character 11: this ) closes nothing", "右括号没有配对"},
        {"(floors = 4", "expected ) for the ( at character 1, found the end", "缺少与左括号配对的右括号"},
        {"floors = '4'", "field floors holds numbers, '4' is a text; write the number without quotes",
         "数值请不要加引号"},
        {"YDYHFLDM = 1001", "field YDYHFLDM holds text, 1001 is a number; write '1001'", "请写作 '1001'"},
        {"YDYHFLDM IN ('1001', 1002)", "character 22: field YDYHFLDM holds text", "第 22 个字符处"},
        {"built > 2021", "field built holds dates, 2021 is a number; write '2026-11-22'", "是日期"},
        {"built > '2021/1/1'", "field built holds dates; write them as '2026-11-22'", "请写作 '2026-11-22'"},
        {"built > DATE('2021')", "expected a date such as '2026-11-22', found '2021'", "应为形如"},
        {"名称 = DATE('2021-01-01')", "field 名称 holds text, not dates", "不是日期"},
        {"floors LIKE '1%'", "LIKE needs a text field, floors is none", "不是文本"},
        {"名称 LIKE 1", "expected a pattern such as '10%' after LIKE, found 1", "应为形如 '10%' 的模式"},
        {"floors = NULL", "nothing equals NULL; write IS NULL or IS NOT NULL", "请写 IS NULL"},
        {"floors = TRUE", "true and false are written 1 and 0", "布尔值请写 1 或 0"},
        {"floors IS 4", "expected NULL after IS, found 4", "IS 之后应为 NULL"},
        {"floors NOT = 4", "expected IN, LIKE or BETWEEN after NOT, found =", "NOT 之后应为"},
        {"floors BETWEEN 1, 2", "expected AND between the two limits of BETWEEN, found ,", "上下限之间应为 AND"},
        {"floors BETWEEN 1 OR 2", "expected AND between the two limits of BETWEEN, found OR", "上下限之间应为 AND"},
        {"floors IN 4", "expected (, found 4", "此处应为 (，实际为 4"},
        {"floors IN ()", "expected a value, found )", "此处应为取值，实际为 )"},
        {"floors IN (far)", "expected a value here, found the field far", "实际为字段 far"},
        {"4 IN (4)", "expected a field here, found the value 4", "此处应为字段"},
        {"1 = 1", "one side of a comparison must be a field", "比较的一侧必须是字段"},
        {"floors = YDYHFLDM", "fields floors and YDYHFLDM hold different kinds of values", "类型不同"},
        {"built = 名称", "fields built and 名称 hold different kinds of values", "类型不同"},
        {"floors != 4", "!= is written <>", "请写作 <>"},
        {"floors == 4", "== is written =", "请写作 ="},
        {"floors + 1 = 4", "a sign without a number; arithmetic is not part of the filter", "不支持算术运算"},
        {"floors * 1 = 4", "the character * has no meaning here", "不允许出现字符 *"},
        {"floors = 4;", "the character ; has no meaning here", "不允许出现字符 ;"},
        {"floors = 4a", "a number runs into a word; text stands in single quotes", "数字与文字相连"},
        {"floors = 1e999", "a number beyond the range of doubles", "超出双精度范围"},
        {"名称 = '工业", "character 6: the ' that opens here is never closed", "引号 ' 没有配对"},
        {"floors = 4 and (名称＝'a')", "character 19: full-width character ＝; write =", "请改用半角 ="},
        {"名称 = ‘工业’", "full-width character ‘; write '", "请改用半角 '"},
        {"upper(名称) = 'A'", "functions are not part of the filter: upper", "不支持函数 upper"},
        {"and = 4", "character 1: expected a field, a value or (, found and", "此处应为字段、取值或左括号"},
        {std::string(101, '(') + "floors = 4" + std::string(101, ')'), "more than 100 parentheses", "嵌套超过 100 层"},
    }));
    CAPTURE(filter);
    const Error error = error_of(filter);
    CAPTURE(error.text().en, error.text().zh);
    CHECK(error.kind() == ErrorKind::usage);
    CHECK(error.code() == "bad-filter");
    CHECK(contains(error.text().en, en));
    CHECK(contains(error.text().zh, zh));
}

TEST_CASE("a filter that is not UTF-8 is refused as such", "[filter][error]") {
    CHECK(contains(error_of("floors = '\xB9\xA4'").text().en, "not UTF-8"));
}

TEST_CASE("an unknown field is its own error and names the nearest", "[filter][error]") {
    const Error plain = error_of("ydyhfldm = '1001'");
    CHECK(plain.code() == "unknown-field");
    CHECK(contains(plain.text().en, "no field ydyhfldm"));
    CHECK(contains(plain.text().en, "the nearest is YDYHFLDM"));
    CHECK(contains(plain.text().zh, "最接近的是 YDYHFLDM"));
    CHECK(contains(error_of("YDYHFLDM = \"1001\"").text().en, "text stands in single quotes"));
}

TEST_CASE("fields are listed once each, in order, and can be listed without a layer", "[filter]") {
    const std::string text = "far > 1 AND (\"or\" = 'x' OR far < 3) AND NOT floors IS NULL";
    const std::vector<std::string> expected = {"far", "or", "floors"};
    CHECK(Filter::parse(text, fields).fields() == expected);
    CHECK(Filter::fields_of(text) == expected);
    CHECK_THROWS_AS(Filter::fields_of("far >"), Error);
}

TEST_CASE("fields are renamed where they stand as fields, not inside texts", "[filter]") {
    CHECK(Filter::rename_fields("use LIKE 'use%' AND \"use\" <> 'a' AND n > 1", {{"use", "用\"途"}, {"m", "x"}}) ==
          "\"用\"\"途\" LIKE 'use%' AND \"用\"\"途\" <> 'a' AND n > 1");
    CHECK(Filter::rename_fields("built > DATE('2020-01-01')", {{"DATE", "x"}}) == "built > DATE('2020-01-01')");
}

TEST_CASE("only what every driver reads alike becomes OGR SQL", "[filter][pushdown]") {
    struct Case {
        std::string filter, sql;
    };
    const auto [filter, sql] = GENERATE(values<Case>({
        {"YDYHFLDM = '1001'", "\"YDYHFLDM\" = '1001'"},
        {"YDYHFLDM IN ('1001', '1207')", "(\"YDYHFLDM\" = '1001' OR \"YDYHFLDM\" = '1207')"},
        {"YDYHFLDM = 'H1'", "none"},    // OGR ignores case
        {"名称 = '工业'", "none"},      // encodings of the file
        {"YDYHFLDM <> '1001'", "none"}, // padded columns
        {"NOT YDYHFLDM = '1001'", "none"},
        {"YDYHFLDM > '1001'", "none"}, // collation
        {"YDYHFLDM LIKE '10%'", "none"},
        {"\"or\" = ''", "none"}, // empty is null in some formats
        {"built > '2020-01-01'", "none"},
        {"floors > 3", "\"floors\" > 3"},
        {"3 < floors", "\"floors\" > 3"},
        {"NOT floors > 3", "\"floors\" <= 3"},
        {"floors > 2.5", "none"},
        {"floors = 9007199254740993", "none"},
        {"far >= 0.5", "\"far\" >= 0.500"},
        {"far >= 0.7", "none"}, // not exact in binary
        {"far > floors", "none"},
        {"floors IS NULL OR NOT far IS NULL", "(\"floors\" IS NULL OR \"far\" IS NOT NULL)"},
        {"NOT (floors BETWEEN 1 AND 3)", "(\"floors\" < 1 OR \"floors\" > 3)"},
        {"floors NOT IN (1, 2)", "(\"floors\" <> 1 AND \"floors\" <> 2)"},
        {"floors = 1 AND 名称 LIKE '工%'", "none"}, // all or nothing
    }));
    CAPTURE(filter);
    CHECK(sql_of(filter) == sql);
}

TEST_CASE("fields that OGR SQL would mistake are not pushed down", "[filter][pushdown]") {
    const auto sql = [](const std::vector<Field>& of, const std::string& text) {
        return Filter::parse(text, of).ogr_sql().has_value();
    };
    CHECK(sql({{"n", FieldType::integer}}, "n = 1"));
    CHECK_FALSE(sql({{"n", FieldType::integer}, {"N", FieldType::integer}}, "n = 1"));
    CHECK_FALSE(sql({{"fid", FieldType::integer}}, "fid = 1"));
    CHECK_FALSE(sql({{"a\"b", FieldType::integer}}, "\"a\"\"b\" = 1"));
}
