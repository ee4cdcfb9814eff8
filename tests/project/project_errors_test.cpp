#include "support/catch.hpp"

#include "corebelt/geo/error.hpp"
#include "corebelt/project/project.hpp"

#include <stdexcept>
#include <string>
#include <vector>

using corebelt::Error;
using corebelt::ErrorKind;
using corebelt::project::parse_project;

namespace {

/// Lines 1–10 of every case; a case goes on from line 11.
const std::string head = "[project]\ntitle = 'x'\n"
                         "[layers.zones]\nsource = 'z.gpkg'\ntheme = 'zone'\n"
                         "[layers.parcels]\nsource = 'p.gpkg'\ntheme = 'landuse-planned'\n"
                         "scheme = 'YDYH2023'\nclass_field = 'DM'\n";

/// A rule without its kind's own keys.
std::string rule(const std::string& kind, const std::string& keys) {
    return "[[rules]]\nid = 'r'\nkind = '" + kind + "'\nsubject = 'zones'\n" + keys + "\n";
}

const std::string structure = "[structure]\npattern = 'one-zone-two-parks'\nlayer = 'zones'\ngroup = 'part'\n"
                              "parts = { 'A区' = 'park', 'B区' = 'park' }\n";

Error error_of(const std::string& text) {
    try {
        static_cast<void>(parse_project(text, "plan.toml"));
    } catch (const Error& error) {
        return error;
    }
    FAIL("accepted:\n" + text);
    throw std::logic_error("unreachable");
}

bool contains(const std::string& text, const std::string& part) {
    return text.find(part) != std::string::npos;
}

struct Case {
    std::string text, code, en, zh;
};

void check_all(const std::vector<Case>& cases) {
    for (const auto& [text, code, en, zh] : cases) {
        CAPTURE(text);
        const Error error = error_of(text);
        CAPTURE(error.text().en, error.text().zh);
        CHECK(error.kind() == ErrorKind::usage);
        CHECK(error.code() == code);
        CHECK(contains(error.text().en, en));
        CHECK(contains(error.text().zh, zh));
    }
}

} // namespace

TEST_CASE("a text that is no TOML is refused with line, column and reason", "[project][error]") {
    check_all({
        {"[project\ntitle = 'x'\n", "bad-toml", "plan.toml:1: not valid TOML, column", "plan.toml:1：TOML 语法错误"},
        {"[project]\ntitle = x\n", "bad-toml", "plan.toml:2:", "plan.toml:2："},
        {"[project]\ntitle = 'x'\ntitle = 'y'\n", "bad-toml", "plan.toml:3:", "语法错误"},
        {"[project]\ntitle = \"\xB9\xA4\xD2\xB5\"\n", "bad-toml",
         "plan.toml:2: the file is not UTF-8, most likely GBK or GB18030", "请另存为 UTF-8"},
        {std::string("\xFF\xFE[\0p\0", 6), "bad-toml", "plan.toml:1: the file is UTF-16; save it as UTF-8",
         "UTF-16 编码"},
        {"", "missing-key", "the project file needs the key \"project\"", "项目文件缺少键“project”"},
    });
}

TEST_CASE("unknown keys name the nearest known one, at every level", "[project][error]") {
    check_all({
        {head + "[layer.x]\nsource = 'y'\n", "unknown-key",
         "plan.toml:11: unknown key \"layer\" in the project file; the nearest known key is \"layers\"",
         "plan.toml:11：项目文件中有未知的键“layer”，最接近的已知键是“layers”"},
        {"[project]\ntitel = 'x'\n", "unknown-key",
         "plan.toml:2: unknown key \"titel\" in [project]; the nearest known key is \"title\"", "“title”"},
        {"[project]\ntitle = 'x'\ntolerance = { area = 1 }\n", "unknown-key",
         "plan.toml:3: unknown key \"area\" in \"tolerance\" of [project]; the nearest known key is \"area_m2\"",
         "area_m2"},
        {"[project]\ntitle = 'x'\n[layers.a]\nsorce = 'y'\n", "unknown-key",
         "plan.toml:4: unknown key \"sorce\" in [layers.a]; the nearest known key is \"source\"",
         "[layers.a] 中有未知的键“sorce”"},
        {head + "[tables.t]\nsource = 'x'\nkeys = 'y'\n", "unknown-key", "nearest known key is \"key\"", "[tables.t]"},
        {head + "[facts]\nf = { value = 1, src = 'x' }\n", "unknown-key", "unknown key \"src\" in [facts.f]",
         "“source”"},
        {head + "[structure]\npatern = 'x'\n", "unknown-key", "nearest known key is \"pattern\"", "[structure]"},
        {head + rule("share", "off = 'parcels'"), "unknown-key",
         "plan.toml:15: unknown key \"off\" in rule \"r\"; the nearest known key is \"of\"",
         "规则“r”中有未知的键“off”"},
        {head + rule("no-overlap", "object = 'parcels'\nmin_m = 3"), "unknown-key", "unknown key \"min_m\"",
         "未知的键"},
        {head + rule("count", "of = { layer = 'parcels', classes = ['1001'] }\nmin = 1"), "unknown-key",
         "unknown key \"classes\" in \"of\" of rule \"r\"; the nearest known key is \"class\"", "规则“r”的“of”"},
        {head + rule("share", "min = 0.7\nreadings = [{ id = 'a', off = 'parcels' }]"), "unknown-key",
         "unknown key \"off\" in a reading of rule \"r\"", "规则“r”的口径"},
        {head + rule("within", "object = 'zone'\ntolerance = { m2 = 1 }"), "unknown-key", "\"tolerance\" of rule \"r\"",
         "最接近的已知键是“area_m2”"},
        {head + "[profile]\non = []\n", "unknown-key", "unknown key \"on\" in [profile]", "“off”"},
        {head + "[profile]\noff = [{ rul = 'x' }]\n", "unknown-key", "nearest known key is \"rule\"", "[profile]"},
        {head + "[[waivers]]\nrules = 'x'\n", "unknown-key", "unknown key \"rules\" in [[waivers]]", "“rule”"},
        {head + "[[sheets]]\nid = 'a'\nsize = 'A3'\n", "unknown-key", "unknown key \"size\" in [[sheets]]",
         "[[sheets]]"},
    });
}

TEST_CASE("a value of the wrong type says what it is and what it should be", "[project][error]") {
    check_all({
        {"[project]\ntitle = 5\n", "wrong-type", "plan.toml:2: \"title\" in [project] must be text, not an integer",
         "plan.toml:2：[project] 的“title”应为文本，实际为整数"},
        {"project = 'x'\n", "wrong-type", "[project] must be a table, not text", "[project] 应为表，实际为文本"},
        {"[project]\ntitle = 'x'\nas_of = '2026-11-22'\n", "wrong-type",
         "\"as_of\" in [project] must be a date, not text; write the date without quotes: 2026-11-22",
         "日期请不要加引号"},
        {"[project]\ntitle = 'x'\nas_of = 2026-11-22T08:00:00\n", "wrong-type", "must be a date, not a time",
         "应为日期，实际为时间"},
        {"[project]\ntitle = 'x'\nextends = 'control-lines'\n", "wrong-type", "must be an array, not text", "应为数组"},
        {"[project]\ntitle = 'x'\nextends = [1]\n", "wrong-type",
         "\"extends\" in [project] must be text, not an integer", "应为文本"},
        {"[project]\ntitle = 'x'\ntolerance = 1\n", "wrong-type", "must be a table, not an integer", "应为表"},
        {"[project]\ntitle = 'x'\ntolerance = { area_m2 = '1' }\n", "wrong-type", "must be a number, not text",
         "应为数值，实际为文本"},
        {"[project]\ntitle = 'x'\n[layers]\na = 'z.gpkg'\n", "wrong-type", "[layers.a] must be a table, not text",
         "应为表"},
        {"[project]\ntitle = 'x'\n[layers.a]\nsource = 'x'\nfields = { a = 1 }\n", "wrong-type",
         "\"fields.a\" in [layers.a] must be text", "fields.a"},
        {"[project]\ntitle = 'x'\n[layers.a]\nsource = 'x'\nunion = 'yes'\n", "wrong-type",
         "must be true or false, not text", "应为布尔值"},
        {head + "[rules]\nid = 'r'\n", "wrong-type", "\"rules\" in the project file must be an array, not a table",
         "应为数组，实际为表"},
        {head + rule("share", "of = ['parcels']\nmin = 0.7"), "wrong-type",
         "\"of\" in rule \"r\" must be a layer name or a table { layer, where, class }, not an array", "应为图层名"},
        {head + rule("share", "of = { layer = 'parcels', class = '1001' }\nmin = 0.7"), "wrong-type",
         "\"class\" in \"of\" of rule \"r\" must be an array, not text", "应为数组"},
        {head + rule("share", "of = { layer = 'parcels', class = [1001] }\nmin = 0.7"), "wrong-type",
         "must be text, not an integer", "实际为整数"},
        {head + rule("count", "of = 'parcels'\nmin = 1.5"), "wrong-type", "must be an integer, not a number",
         "应为整数，实际为数值"},
        {head + rule("area-match", "declared = 5\nmax_rel = 0.1"), "wrong-type",
         "must be a field name or a table of name = value, not an integer", "应为字段名"},
        {head + rule("area-match", "declared = { a = 'x' }\nmax_rel = 0.1"), "wrong-type",
         "\"declared.a\" in rule \"r\" must be a number, not text", "declared.a"},
        {head + "[facts]\nf = { value = [1], source = 'x' }\n", "wrong-type",
         "must be true, false, a number, text or a date, not an array", "实际为数组"},
        {head + "[facts]\nf = true\n", "wrong-type", "[facts.f] must be a table, not true or false", "应为表"},
    });
}

TEST_CASE("a missing key is named", "[project][error]") {
    check_all({
        {"[project]\n", "missing-key", "plan.toml:1: [project] needs the key \"title\"",
         "plan.toml:1：[project] 缺少键“title”"},
        {"[project]\ntitle = 'x'\n[layers.a]\ntheme = 'zone'\n", "missing-key",
         "plan.toml:3: [layers.a] needs the key \"source\"", "缺少键“source”"},
        {"[project]\ntitle = 'x'\n[layers.a]\nsource = 'x'\nscheme = 'SD'\n", "missing-key",
         "needs the key \"class_field\": the field that holds the codes", "存放编码的字段"},
        {"[project]\ntitle = 'x'\n[layers.a]\nsource = 'x'\ncoverage = 'declared'\n", "missing-key",
         "needs the key \"coverage_source\"", "图层完整性"},
        {"[project]\ntitle = 'x'\n[layers.a]\nsource = 'x'\nunion = true\n", "missing-key", "needs the key \"theme\"",
         "合并同一主题"},
        {head + "[tables.t]\nsource = 'x'\n", "missing-key", "[tables.t] needs the key \"key\"", "缺少键“key”"},
        {head + "[facts]\nf = { value = 1 }\n", "missing-key", "[facts.f] needs the key \"source\"", "缺少键“source”"},
        {head + "[structure]\npattern = 'one-zone-two-parks'\nlayer = 'zones'\n", "missing-key",
         "needs the key \"group\"", "[structure]"},
        {head + "[[rules]]\nkind = 'share'\n", "missing-key", "plan.toml:11: [[rules]] needs the key \"id\"",
         "[[rules]] 缺少键“id”"},
        {head + "[[rules]]\nid = 'r'\n", "missing-key", "rule \"r\" needs the key \"kind\"", "规则“r”缺少键“kind”"},
        {head + "[[rules]]\nid = 'r'\nkind = 'within'\nobject = 'zones'\n", "missing-key",
         "rule \"r\" needs the key \"subject\"", "缺少键“subject”"},
        {head + rule("share", "min = 0.7"), "missing-key", "needs the key \"of\", or readings", "或 readings"},
        {head + rule("share", "of = 'parcels'"), "missing-key", "needs the key \"min\" or max", "缺少键“min” 或“max”"},
        {head + rule("share", "min = 0.7\nof = 'parcels'\nreadings = [{ id = 'a', of = 'parcels' }]"), "missing-key",
         "either of or readings, not both", "只能写一个"},
        {head + rule("share", "min = 0.7\nreadings = [{ of = 'parcels' }]"), "missing-key",
         "a reading of rule \"r\" needs the key \"id\"", "口径"},
        {head + rule("no-overlap", ""), "missing-key", "needs the key \"object\"", "缺少键“object”"},
        {head + rule("area-match", "declared = 'MJ'"), "missing-key", "needs the key \"max_abs_m2\" or max_rel",
         "或“max_rel”"},
        {head + rule("distance", "object = 'parcels'"), "missing-key",
         "needs the key \"min_m\", or min_field, or max_m: exactly one of them", "必须且只能写一个"},
        {head + rule("distance", "object = 'parcels'\nmin_m = 3\nmin_field = 'd'"), "missing-key",
         "exactly one of them", "只能写一个"},
        {head + rule("count", "of = { class = ['1001'] }\nmin = 1"), "missing-key",
         "\"of\" of rule \"r\" needs the key \"layer\"", "缺少键“layer”"},
        {head + rule("within", "object = 'zones'\nvalid_to = 2025-12-31"), "missing-key",
         "plan.toml:1: [project] needs the key \"as_of\": rule \"r\" is dated", "规则“r”有有效期"},
        {head + rule("within", "object = 'zones'") +
             "[[waivers]]\nrule = 'r'\nsubject = 'a'\nreason = 'b'\nby = 'c'\nuntil = 2027-01-01\n",
         "missing-key", "needs the key \"as_of\": the waiver of rule \"r\" is dated", "豁免有期限"},
        {head + rule("within", "object = 'zones'") + "[[waivers]]\nrule = 'r'\nsubject = 'a'\nreason = 'b'\nby = 'c'\n",
         "missing-key", "needs the key \"until\"", "缺少键“until”"},
        {head + "[[sheets]]\nid = 'a'\n", "missing-key", "[[sheets]] needs the key \"title\"", "缺少键“title”"},
        {"[project]\ntitle = 'x'\nextends = ['control-lines']\n[[rules]]\nid = 'C02'\nmax_m2 = 5\n", "missing-key",
         "plan.toml:4: rule \"C02\" changes a rule of catalogue control-lines and needs the key \"override_reason\"",
         "缺少键“override_reason”"},
    });
}

TEST_CASE("a value that makes no sense is refused with what would", "[project][error]") {
    check_all({
        {"[project]\ntitle = ' '\n", "bad-value", "\"title\" in [project]: must not be empty", "不能为空"},
        {"[project]\ntitle = 'x'\ncrs = 'EPSG:99999'\n", "bad-crs", "plan.toml:3: ", "plan.toml:3："},
        {"[project]\ntitle = 'x'\narea = 'cn2018'\n", "bad-value",
         "\"area\" in [project]: \"cn2018\" is not one of cn2008, geodesic, planar; the nearest is cn2008",
         "最接近的是 cn2008"},
        {"[project]\ntitle = 'x'\nlang = 'cn'\n", "bad-value", "is not one of zh, en", "不在可用取值之内（zh、en）"},
        {"[project]\ntitle = 'x'\nextends = ['control-line']\n", "unknown-catalogue",
         "plan.toml:3: no rule catalogue: \"control-line\" is not one of control-lines, yunnan-2021; the nearest is "
         "control-lines",
         "没有这个规则目录"},
        {"[project]\ntitle = 'x'\nextends = ['control-lines', 'control-lines']\n", "bad-value",
         "\"control-lines\" is there twice", "重复"},
        {"[project]\ntitle = 'x'\ntolerance = { area_m2 = -1 }\n", "bad-value", "-1 is negative", "-1 不能为负"},
        {"[project]\ntitle = 'x'\ntolerance = { area_m2 = nan }\n", "bad-value", "must be a finite number",
         "必须是有限的数值"},
        {"[project]\ntitle = 'x'\n[layers.a]\nsource = 'x'\ntheme = 'redline'\n", "bad-value",
         "the nearest is eco-redline", "最接近的是 eco-redline"},
        {"[project]\ntitle = 'x'\n[layers.zone]\nsource = 'x'\ntheme = 'park'\n", "bad-value",
         "layer \"zone\" is called like a theme but its theme is \"park\"", "与主题同名"},
        {"[project]\ntitle = 'x'\n[layers.a]\nsource = 'x'\ncrs = 'EPSG:0'\n", "bad-crs",
         "plan.toml:5: ", "plan.toml:5："},
        {"[project]\ntitle = 'x'\n[layers.a]\nsource = 'x'\nwhere = 'a = '\n", "bad-filter",
         "plan.toml:5: filter, character 5: expected a value", "第 5 个字符处"},
        {"[project]\ntitle = 'x'\n[layers.a]\nsource = 'x'\nscheme = 'YDYH2021'\nclass_field = 'a'\n", "bad-value",
         "the nearest is YDYH2020", "最接近的是 YDYH2020"},
        {"[project]\ntitle = 'x'\n[layers.a]\nsource = 'x'\nclass_field = 'a'\n", "missing-scheme",
         "plan.toml:5: [layers.a] has class codes but no scheme", "却没有 scheme"},
        {head + "[structure]\npattern = 'one-core-three-zone'\n", "bad-value", "the nearest is one-core-three-zones",
         "最接近的是 one-core-three-zones"},
        {head + "[structure]\npattern = 'one-zone-two-parks'\nlayer = 'zone'\ngroup = 'g'\nparts = { a = 'park' }\n",
         "unknown-layer", "names no layer of this project: \"zone\"; the nearest is \"zones\"", "不是本项目的图层"},
        {head + "[structure]\npattern = 'one-zone-two-parks'\nlayer = 'zones'\ngroup = 'g'\nparts = { a = 'core' }\n",
         "bad-value", "role of part \"a\" in one-zone-two-parks: \"core\" is not one of park", "“a”的角色"},
        {head + "[structure]\npattern = 'one-zone-two-parks'\nlayer = 'zones'\ngroup = 'g'\nparts = { }\n", "bad-value",
         "names no part", "没有列出任何组成部分"},
        {head + rule("no-overlaps", "object = 'parcels'"), "bad-value",
         "\"no-overlaps\" is not one of share, no-overlap,", "最接近的是 no-overlap"},
        {head + rule("service-cover", "radius_m = 300"), "unavailable-kind",
         "plan.toml:13: kind \"service-cover\" of rule \"r\" is not available in this version; available: share, "
         "no-overlap, within, area-match, count, adjacent, not-adjacent, distance, structure",
         "在本版本中尚不可用；可用：share、no-overlap"},
        {head + rule("within", "object = 'zones'\nper = 'zone'"), "bad-value", "is not one of feature, group, all",
         "feature、group、all"},
        {head + rule("within", "object = 'zones'\nper = 'group'"), "bad-value", "groups need [structure]",
         "按组统计需要 [structure]"},
        {head + rule("structure", ""), "bad-value", "the project has no [structure]", "没有 [structure]"},
        {head + rule("no-overlap", "object = 'parcels'\ncounting = 'sum'"), "bad-value", "is not one of union, each",
         "union、each"},
        {head + rule("no-overlap", "object = 'parcels'\nmax_m2 = -1"), "bad-value", "-1 is negative", "不能为负"},
        {head + rule("share", "of = 'parcels'\nmin = 70"), "bad-value", "70 is no ratio from 0 to 1; 70 % is 0.70",
         "70% 请写作 0.70"},
        {head + rule("share", "of = 'parcels'\nmin = 0.8\nmax = 0.7"), "bad-value", "0.8 is above max, 0.7",
         "下限 0.8 大于上限 0.7"},
        {head + rule("share", "in = 'zones'\nmin = 0.7\nreadings = [{ id = 'a', of = 'parcels' }]"), "bad-value",
         "each reading states its own in", "分别写 in"},
        {head + rule("share", "min = 0.7\nreadings = [{ id = 'a', of = 'parcels' }, { id = 'a', of = 'parcels' }]"),
         "bad-value", "\"a\" is there twice", "“a”重复"},
        {head + rule("count", "of = 'parcels'\nmin = -1"), "bad-value", "-1 is negative", "不能为负"},
        {head + rule("count", "of = 'parcels'\nmin = 3\nmax = 2"), "bad-value", "3 is above max, 2", "大于上限"},
        {head + rule("area-match", "declared = { a = 0 }\nmax_rel = 0.1"), "bad-value",
         "the declared area of \"a\" must be above 0", "必须大于 0"},
        {head + rule("area-match", "declared = { }\nmax_rel = 0.1"), "bad-value", "names no area", "没有列出任何面积"},
        {head + rule("area-match", "declared = { a = 1 }\nmax_rel = 0.1\nunit = 'km'"), "bad-value",
         "is not one of m2, ha, km2, mu", "最接近的是 km2"},
        {head + structure + rule("area-match", "per = 'group'\ndeclared = { 'A' = 1 }\nmax_rel = 0.1"), "bad-value",
         "\"A\" is no part of [structure]; the nearest is \"A区\"", "最接近的是“A区”"},
        {head + rule("within", "object = 'zones'\nvalid_from = 2025-01-02\nvalid_to = 2025-01-01"), "bad-value",
         "2025-01-01 is before valid_from, 2025-01-02", "早于 valid_from"},
        {head + rule("within", "object = 'zones'\nwhere = 'a ='"), "bad-filter", "plan.toml:16: filter, character 4",
         "plan.toml:16："},
        {head + rule("count", "of = { layer = 'parcels', where = '1 = 1' }\nmin = 1"), "bad-filter",
         "one side of a comparison must be a field", "必须是字段"},
        {head + rule("count", "of = { layer = 'parcels', class = [] }\nmin = 1"), "bad-value", "names no class",
         "没有列出编码"},
        {head + rule("count", "of = { layer = 'parcels', scheme = 'SD' }\nmin = 1"), "missing-key",
         "needs the key \"class\"", "编码属于哪个分类标准"},
        {head + "[[rules]]\nid = ''\nkind = 'share'\n", "bad-value", "the id of a rule must not be empty",
         "规则的 id 不能为空"},
        {head + rule("within", "object = 'zones'") + rule("within", "object = 'zones'"), "bad-value",
         "plan.toml:17: rule \"r\" is there twice", "规则“r”重复"},
        {head + "[[rules]]\nid = 'r'\nkind = 'within'\nsubject = { layer = 'zones', where = 'a = 1' }\nwhere = 'b = "
                "1'\nobject = 'zones'\n",
         "bad-value", "the subject has a where already", "只能写一处"},
        {head + "[[sheets]]\nid = '../a'\ntitle = 'x'\n", "bad-value", "becomes a file name", "将用作文件名"},
        {head + "[[sheets]]\nid = 'a'\ntitle = 'x'\npaper = 'A5'\n", "bad-value", "is not one of A0, A1, A2, A3, A4",
         "A0、A1"},
        {head + "[[sheets]]\nid = 'a'\ntitle = 'x'\nscale = 0.0001\n", "bad-value",
         "is the denominator: 10000 for 1:10000", "比例尺分母"},
        {head + "[[sheets]]\nid = 'a'\ntitle = 'x'\n[[sheets]]\nid = 'a'\ntitle = 'y'\n", "bad-value",
         "\"a\" is there twice", "重复"},
        {head + "[[sheets]]\nid = 'a'\ntitle = 'x'\nlayers = ['zonen']\n", "unknown-layer", "the nearest is \"zones\"",
         "最接近的是“zones”"},
    });
}

TEST_CASE("names that mean nothing in this project are refused", "[project][error]") {
    const std::string twice = "[project]\ntitle = 'x'\n[layers.a]\nsource = 'a'\ntheme = 'zone'\n"
                              "[layers.b]\nsource = 'b'\ntheme = 'zone'\n[layers.parcels]\nsource = 'p'\n";
    check_all({
        {head + rule("within", "object = 'parcel'"), "unknown-layer",
         "plan.toml:15: \"parcel\" is neither a layer of this project nor a theme; the nearest is \"parcels\"",
         "既不是本项目的图层，也不是主题名，最接近的是“parcels”"},
        {head + rule("within", "object = { layer = 'eco_redline' }"), "unknown-layer", "the nearest is \"eco-redline\"",
         "eco-redline"},
        {twice + "[[rules]]\nid = 'r'\nkind = 'within'\nsubject = 'zone'\nobject = 'parcels'\n", "ambiguous-theme",
         "plan.toml:14: theme \"zone\" has several layers (a, b); name one of them, or give each union = true",
         "对应多个图层（a、b）"},
        {twice +
             "[[rules]]\nid = 'r'\nkind = 'within'\nsubject = 'a'\nobject = { layer = 'parcels', class = ['1001'] }\n",
         "missing-scheme",
         "plan.toml:15: class codes mean nothing without a scheme; give [layers.parcels] scheme and class_field",
         "没有分类标准，编码就没有含义"},
        {head + rule("within", "object = { layer = 'parcels', class = ['1001', '1004'] }"), "unknown-class",
         "scheme YDYH2023 has no class \"1004\"; the nearest is \"1001\" (Industrial land)",
         "最接近的是“1001”（工业用地）"},
        {head + rule("within", "object = { layer = 'parcels', class = ['M1'] }"), "unknown-class",
         "has no class \"M1\"", "没有编码“M1”"},
        {head + rule("within", "object = { layer = 'parcels', class = ['0601'], scheme = ['SD', 'GBT21010-2017'] }"),
         "scheme-mismatch", "these codes are of scheme SD or GBT21010-2017, but layer \"parcels\" uses YDYH2023",
         "而图层“parcels”采用 YDYH2023"},
        {head + rule("within", "object = { layer = 'landuse-current', class = ['9999'], scheme = 'SD' }"),
         "unknown-class", "scheme SD has no class \"9999\"", "SD"},
        {head + "[profile]\noff = [{ rule = 'C01', reason = 'x' }]\n", "unknown-rule", "plan.toml:12: no rule \"C01\"",
         "没有规则“C01”"},
        {"[project]\ntitle = 'x'\nextends = ['control-lines']\n[profile]\noff = [{ rule = 'C1', reason = 'x' }]\n",
         "unknown-rule", "no rule \"C1\"; the nearest is \"C01\"", "最接近的是“C01”"},
        {"[project]\ntitle = 'x'\nextends = ['control-lines']\n[profile]\noff = [{ rule = 'C01', reason = 'x' }, { "
         "rule = 'C01', reason = 'y' }]\n",
         "bad-value", "\"C01\" is off already", "已经关闭"},
        {head + rule("within", "object = 'zones'") + "[[waivers]]\nrule = 'red'\n", "unknown-rule",
         "no rule \"red\"; the nearest is \"r\"", "没有规则“red”"},
        {head + rule("within", "object = 'zones'\noverride_reason = 'x'"), "bad-value",
         "no extended catalogue has a rule \"r\" to override", "没有可改写的规则“r”"},
        {"[project]\ntitle = 'x'\nextends = ['control-lines']\n[[rules]]\nid = 'C02'\noverride_reason = 'x'\nkind = "
         "'within'\n",
         "bad-value", "plan.toml:7: rule \"C02\" is a no-overlap in the catalogue; another kind needs another id",
         "换类型请另起 id"},
        {"[project]\ntitle = 'x'\nextends = ['control-lines']\n[[rules]]\nid = 'C02'\noverride_reason = 'x'\nobject = "
         "'redline'\n",
         "unknown-layer", "plan.toml:7: \"redline\" is neither", "plan.toml:7：“redline”"},
    });
}

TEST_CASE("the same file always gives the same project and the same error", "[project]") {
    const std::string text = head + rule("within", "object = 'parcel'");
    const Error first = error_of(text);
    for (int i = 0; i < 3; ++i) {
        CHECK(error_of(text).text().en == first.text().en);
        CHECK(error_of(text).text().zh == first.text().zh);
    }
}
