// What the server selects is what our own filter selects, on texts and numbers that databases see differently.
#include "postgis/private_cluster.hpp"
#include "postgres_catalog.hpp"
#include "postgres_filter.hpp"
#include "support/catch.hpp"

#include "corebelt/layers/dataset.hpp"
#include "corebelt/layers/filter.hpp"

#include <gdal_priv.h>
#include <ogrsf_frmts.h>

#include <algorithm>

namespace corebelt::layers {
namespace {

using test::cluster;

/// Texts whose order differs between bytes and Chinese (or any) collation, whose case differs, that hold what LIKE and
/// SQL treat specially; numbers beside the limits of their types.
constexpr const char* rows_sql = R"(
DROP TABLE IF EXISTS "条件";
CREATE TABLE "条件"(fid serial PRIMARY KEY, "用地" text, "variant" varchar COLLATE ignoring_case, "Padded" char(6),
    "n" int, "big" bigint, "r" float8, "short" real, "dec" numeric(12,3), "free" numeric, "yes" boolean, "day" date,
    geom geometry(Point, 4543));
INSERT INTO "条件"("用地", "variant", "Padded", n, big, r, short, dec, free, yes, day)
SELECT t, t, left(t, 6), i - 7, 9007199254740990 + i, (i - 7) / 3.0, (i - 7) / 10.0, (i - 7) / 8.0, (i - 7) / 10.0,
    i % 2 = 0, date '2026-11-01' + i::int
FROM unnest(ARRAY['工业用地', '工业', '公园绿地', '绿地', '绿 地', '中', '国', '一类工业用地', 'a', 'A', 'b', 'B', 'ä', 'z', 'Z',
    '', ' ', 'abc ', 'abc', '1001', '100101', '%', '_', '\', '\%', '''', '"', '𠮷野', 'ﬀ', '100%', 'é', 'e' || U&'\0301'])
    WITH ORDINALITY AS given(t, i);
INSERT INTO "条件"(n, r, short) VALUES (NULL, NULL, NULL), (0, '-0', '-0'), (1, 'Infinity', '-Infinity');
)";

std::vector<std::int64_t> sorted(std::vector<std::int64_t> ids) {
    std::sort(ids.begin(), ids.end());
    return ids;
}

class Conditions {
public:
    Conditions() {
        static_cast<void>(cluster()->sql("CREATE COLLATION IF NOT EXISTS ignoring_case "
                                         "(provider = icu, locale = 'und-u-ks-level2', deterministic = false)"));
        static_cast<void>(cluster()->sql(rows_sql));
        OpenOptions options;
        options.all_fields = true;
        rows_ = read_all(*open_layer(source(), options));
        server_.reset(GDALDataset::Open(cluster()->source().c_str(), GDAL_OF_VECTOR));
        REQUIRE(server_);
        table_ = postgres_table(*server_, "条件");
    }

    [[nodiscard]] static std::string source() { return cluster()->source() + "|layer=条件"; }
    [[nodiscard]] const Table& rows() const { return rows_; }

    /// Our own answer over every row.
    [[nodiscard]] std::vector<std::int64_t> ours(const std::string& where) const {
        std::vector<std::uint8_t> pass;
        Filter::parse(where, rows_.info.fields).select(rows_.rows, pass);
        std::vector<std::int64_t> ids;
        for (std::size_t row = 0; row < pass.size(); ++row)
            if (pass[row] != 0)
                ids.push_back(rows_.rows.fid[row]);
        return sorted(ids);
    }
    [[nodiscard]] std::optional<std::string> condition(const std::string& where) const {
        return postgres_condition(Filter::parse(where, rows_.info.fields).root(), table_);
    }
    /// What the server alone selects.
    [[nodiscard]] std::vector<std::int64_t> servers(const std::string& condition) const {
        OGRLayer* result =
            server_->ExecuteSQL(("SELECT fid FROM \"条件\" WHERE " + condition).c_str(), nullptr, nullptr);
        REQUIRE(result != nullptr);
        std::vector<std::int64_t> ids;
        for (const auto& row : *result)
            ids.push_back(row->GetFieldAsInteger64(0));
        server_->ReleaseResultSet(result);
        return sorted(ids);
    }
    [[nodiscard]] static std::vector<std::int64_t> opened(const std::string& where) {
        OpenOptions options;
        options.where = where;
        return sorted(read_all(*open_layer(source(), options)).rows.fid);
    }

private:
    Table rows_;
    GDALDatasetUniquePtr server_;
    PostgresTable table_;
};

std::string quoted(const std::string& text) {
    std::string result = "'";
    for (const char c : text)
        result += c == '\'' ? "''" : std::string(1, c);
    return result + "'";
}

} // namespace

TEST_CASE("every comparison of texts selects the same rows on the server and here", "[postgis][filter]") {
    if (cluster() == nullptr)
        return;
    const Conditions conditions;
    REQUIRE(conditions.rows().rows.size() == 35);
    std::size_t told_apart = 0;
    for (const char* field : {"用地", "variant"})
        for (const char* text : {"工业用地", "绿地", "中", "a", "B", "z", "", " ", "abc", "abc ", "1001", "%", "_",
                                 "\\x", "'", "\"", "𠮷野", "é"})
            for (const char* comparison : {"=", "<>", "<", "<=", ">", ">="})
                for (const char* sign : {"", "NOT "}) {
                    const std::string where =
                        std::string(sign) + "\"" + field + "\" " + comparison + " " + quoted(text);
                    CAPTURE(where);
                    const auto condition = conditions.condition(where);
                    REQUIRE(condition);
                    CAPTURE(*condition);
                    const auto expected = conditions.ours(where);
                    REQUIRE(conditions.servers(*condition) == expected);
                    told_apart += expected.empty() || expected.size() == 32 ? 0 : 1;
                }
    CHECK(told_apart > 300);
    // The columns are what makes this a test: a bare comparison on this server does not go by bytes.
    CHECK(conditions.servers("\"用地\" < '绿地'") != conditions.ours("用地 < '绿地'"));
    CHECK(conditions.servers("\"variant\" = 'a'") != conditions.ours("variant = 'a'"));
}

TEST_CASE("LIKE, IN, BETWEEN and IS NULL select the same rows on the server and here", "[postgis][filter]") {
    if (cluster() == nullptr)
        return;
    const Conditions conditions;
    for (const std::string where : {R"("用地" LIKE '%用地')",
                                    R"("用地" LIKE '工_')",
                                    R"("用地" LIKE '_')",
                                    R"("用地" LIKE '__')",
                                    R"("用地" LIKE 'A%')",
                                    R"("用地" LIKE '')",
                                    R"("用地" LIKE '%')",
                                    R"("用地" LIKE '100\%')",
                                    R"("用地" LIKE '\_')",
                                    R"("用地" LIKE '\\\\x')",
                                    R"("用地" LIKE '\\\%')",
                                    R"("用地" LIKE '\a')",
                                    R"("用地" LIKE '''')",
                                    R"("用地" LIKE '𠮷_')",
                                    R"("variant" LIKE 'A')",
                                    R"("用地" IN ('工业用地', '绿地', 'a', ''))",
                                    R"("用地" NOT IN ('工业用地', '绿地', 'a'))",
                                    R"("variant" IN ('A', '绿地'))",
                                    R"("用地" BETWEEN '中' AND '绿')",
                                    R"("用地" NOT BETWEEN 'A' AND 'a')",
                                    R"("用地" IS NULL)",
                                    R"("用地" IS NOT NULL)",
                                    R"(NOT ("用地" IS NULL OR "用地" LIKE '%地'))",
                                    "n IS NULL",
                                    R"(("用地" LIKE '%地' OR n < 0) AND NOT (r > 1 AND "用地" <> '中'))"}) {
        CAPTURE(where);
        for (const std::string& condition_text : {where, "NOT (" + where + ")"}) {
            CAPTURE(condition_text);
            const auto condition = conditions.condition(condition_text);
            REQUIRE(condition);
            CAPTURE(*condition);
            REQUIRE(conditions.servers(*condition) == conditions.ours(condition_text));
        }
        REQUIRE(Conditions::opened(where) == conditions.ours(where));
    }
}

TEST_CASE("numbers compare on the server as they do here", "[postgis][filter]") {
    if (cluster() == nullptr)
        return;
    const Conditions conditions;
    std::size_t pushed = 0;
    for (const char* field : {"n", "big", "r", "short", "dec", "yes"})
        for (const char* number : {"0", "-0.0", "1", "-1", "0.1", "0.3", "-0.7", "2.5", "0.125", "0.3333333333333333",
                                   "9007199254740993", "9007199254740992.5", "1e300", "-3"})
            for (const char* comparison : {"=", "<>", "<", "<=", ">", ">="})
                for (const char* sign : {"", "NOT "}) {
                    const std::string where = std::string(sign) + field + " " + comparison + " " + number;
                    CAPTURE(where);
                    const auto condition = conditions.condition(where);
                    if (!condition)
                        continue; // left to us
                    ++pushed;
                    CAPTURE(*condition);
                    REQUIRE(conditions.servers(*condition) == conditions.ours(where));
                }
    CHECK(pushed > 800);
    CHECK(conditions.ours("short = 0.5").size() == 1);
    CHECK(conditions.ours("short = 0.3").empty()); // the float4 of 0.3 is no double's 0.3, here as there
    CHECK(conditions.ours("yes = 1").size() == 16);
}

TEST_CASE("what the server would answer differently is left to us", "[postgis][filter]") {
    if (cluster() == nullptr)
        return;
    const Conditions conditions;
    for (const char* where : {R"("Padded" = 'abc')", "free = 0.1", "day < '2026-11-05'", "n = r", "n = 0.5",
                              R"("用地" = '中' OR "Padded" = 'a')"}) {
        CAPTURE(where);
        CHECK_FALSE(conditions.condition(where));
        CHECK(Conditions::opened(where) == conditions.ours(where));
    }
    // Of an AND, what can be said is: fewer rows come over, the rest is decided here.
    const std::string both = R"("用地" LIKE '%地' AND "Padded" = '绿地    ')";
    const auto condition = conditions.condition(both);
    REQUIRE(condition);
    CHECK(conditions.servers(*condition).size() == 5);
    CHECK(conditions.ours(both).size() == 1);
    CHECK(Conditions::opened(both) == conditions.ours(both));
    CHECK(cluster()->log().find("LIKE E'%地'") != std::string::npos); // it was the server that was asked
}

TEST_CASE("NaN may come over but never passes", "[postgis][filter]") {
    if (cluster() == nullptr)
        return;
    static_cast<void>(cluster()->sql("DROP TABLE IF EXISTS nans; CREATE TABLE nans(fid serial PRIMARY KEY, r float8, "
                                     "geom geometry(Point,4543)); INSERT INTO nans(r) VALUES ('NaN'), (1), (NULL)"));
    OpenOptions options;
    for (const char* where : {"r > 0", "NOT r < 0", "r <> 5", "r = 1", "NOT (r = 5)"}) {
        options.where = where;
        CAPTURE(where);
        CHECK(read_all(*open_layer(cluster()->source() + "|layer=nans", options)).rows.fid ==
              std::vector<std::int64_t>{2});
    }
}

} // namespace corebelt::layers
