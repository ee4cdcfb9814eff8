#include "support/catch.hpp"

#include "corebelt/layers/batch.hpp"
#include "corebelt/layers/issue.hpp"
#include "corebelt/layers/source.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <vector>

namespace corebelt::layers {
namespace {

void add_point(geo::Shapes& shapes, double x, double y) {
    shapes.add({x, y});
    shapes.end_ring();
    shapes.end_part();
    shapes.end_shape(geo::Dimension::point);
}

Batch rows(const std::vector<Value>& names, std::int64_t first_fid) {
    Batch batch;
    batch.columns.push_back({{"name", FieldType::text}, {}, {}, {}, {}, {}});
    for (const auto& name : names) {
        add_point(batch.shapes, static_cast<double>(first_fid), 1);
        batch.fid.push_back(first_fid++);
        batch.columns[0].push_back(name);
    }
    return batch;
}

TEST_CASE("values sort numbers by value, then texts by bytes, null last", "[value]") {
    const std::int64_t big = 9007199254740993; // 2^53 + 1: its double neighbour is smaller
    std::vector<Value> values{Value{},
                              std::string("b"),
                              std::string("大"),
                              IsoDate{"2026-11-22"},
                              2.5,
                              std::int64_t{10},
                              std::int64_t{-3},
                              big,
                              9007199254740992.0,
                              std::numeric_limits<double>::infinity(),
                              std::string("")};
    std::sort(values.begin(), values.end(), value_less);
    std::vector<std::string> texts;
    for (const auto& value : values)
        texts.push_back(to_string(value));
    CHECK(texts == std::vector<std::string>{"-3", "2.5", "10", "9007199254740992", "9007199254740993", "inf", "",
                                            "2026-11-22", "b", "大", ""});
    CHECK(is_null(values.back()));
}

TEST_CASE("a not-a-number stands after every number and before texts", "[value]") {
    const Value nan = std::numeric_limits<double>::quiet_NaN();
    CHECK(value_less(Value{1e300}, nan));
    CHECK_FALSE(value_less(nan, Value{1e300}));
    CHECK_FALSE(value_less(nan, nan));
    CHECK(value_less(nan, Value{std::string("a")}));
}

TEST_CASE("a value is printed without trailing zeros", "[value]") {
    CHECK(to_string(Value{0.7}) == "0.7");
    CHECK(to_string(Value{1200.0}) == "1200");
    CHECK(to_string(Value{-0.0}) == "0");
    CHECK(to_string(Value{34554795.1505}) == "34554795.1505");
    CHECK(to_string(Value{1e-9}) == "1e-09");
}

TEST_CASE("appending a batch joins dictionaries in order of first appearance", "[batch]") {
    Batch all = rows({std::string("水田"), Value{}, std::string("工业")}, 1);
    all.append(rows({std::string("工业"), std::string("绿地"), std::string("水田"), Value{}}, 10));
    REQUIRE(all.size() == 7);
    CHECK(all.columns[0].dictionary == std::vector<std::string>{"水田", "工业", "绿地"});
    const std::vector<Value> expected{
        std::string("水田"), Value{}, std::string("工业"), std::string("工业"), std::string("绿地"),
        std::string("水田"), Value{}};
    for (std::size_t i = 0; i < all.size(); ++i)
        CHECK(all.columns[0].value(i) == expected[i]);
    CHECK(all.fid == std::vector<std::int64_t>{1, 2, 3, 10, 11, 12, 13});
    CHECK(all.shapes[3].vertices()[0] == geo::XY{10, 1});
    CHECK(all.find("name") == &all.columns[0]);
    CHECK(all.find("NAME") == nullptr);
}

TEST_CASE("a table handed out in batches of any size reads back equal", "[source]") {
    Table table;
    table.info.fields = {{"name", FieldType::text}};
    table.rows = rows({std::string("a"), std::string("b"), Value{}, std::string("a"), std::string("c")}, 1);
    const std::size_t batch_size = GENERATE(1U, 2U, 3U, 5U, 4096U);
    CAPTURE(batch_size);
    const auto source = source_over(table, batch_size);
    const Table back = read_all(*source);
    REQUIRE(back.rows.size() == 5);
    CHECK(back.counts.features == 5);
    CHECK(back.counts.vertices == 5);
    CHECK(back.counts.extent == geo::Box{1, 1, 5, 1});
    CHECK(back.rows.columns[0].dictionary == std::vector<std::string>{"a", "b", "c"});
    for (std::size_t i = 0; i < 5; ++i) {
        CHECK(back.rows.columns[0].value(i) == table.rows.columns[0].value(i));
        CHECK(back.rows.shapes[i].vertices()[0] == table.rows.shapes[i].vertices()[0]);
    }
    Batch batch;
    CHECK_FALSE(source->next(batch));
    CHECK(batch.size() == 0);
}

TEST_CASE("an empty table keeps its fields", "[source]") {
    Table table;
    table.info.fields = {{"name", FieldType::text}, {"area", FieldType::real}};
    const Table back = read_all(*source_over(table));
    REQUIRE(back.rows.columns.size() == 2);
    CHECK(back.rows.columns[1].field.name == "area");
}

TEST_CASE("issues list by layer, code and feature number whatever the order of adding", "[issue]") {
    const std::vector<Issue> issues{{"self-crossing", "parcels", "9", std::nullopt, {"x", "x"}},
                                    {"self-crossing", "parcels", "10", geo::XY{1, 2}, {"x", "x"}},
                                    {"empty-geometry", "parcels", "Z1", std::nullopt, {"x", "x"}},
                                    {"self-crossing", "lines", "11", std::nullopt, {"x", "x"}}};
    std::vector<std::size_t> order{0, 1, 2, 3};
    do {
        IssueLog first;
        IssueLog second;
        for (std::size_t i = 0; i < order.size(); ++i)
            (i < 2 ? first : second).add(issues[order[i]]);
        first.merge(second);
        std::vector<std::string> features;
        for (const auto& issue : first.sorted())
            features.push_back(issue.feature);
        REQUIRE(features == std::vector<std::string>{"11", "Z1", "9", "10"});
        REQUIRE(first.counts() == std::map<std::string, std::uint64_t>{{"empty-geometry", 1}, {"self-crossing", 3}});
    } while (std::next_permutation(order.begin(), order.end()));
}

} // namespace
} // namespace corebelt::layers

TEST_CASE("a small layer is cut so that every thread gets some of it, a large one into batches of the usual size",
          "[batch]") {
    CHECK(corebelt::layers::batch_for_threads(89, 2, 4096) == 2);
    CHECK(corebelt::layers::batch_for_threads(6400, 2, 4096) == 200);
    CHECK(corebelt::layers::batch_for_threads(10'000'000, 2, 4096) == 4096);
    CHECK(corebelt::layers::batch_for_threads(0, 2, 4096) == 1);
    CHECK(corebelt::layers::batch_for_threads(1000, 1, 0) == 1);
}
