#include "made_dataset.hpp"
#include "support/catch.hpp"
#include "support/temp_dir.hpp"

#include "corebelt/geo/error.hpp"
#include "corebelt/geo/stop.hpp"
#include "corebelt/layers/dataset.hpp"
#include "corebelt/layers/parallel_read.hpp"

#include <algorithm>
#include <atomic>
#include <mutex>
#include <set>
#include <stdexcept>
#include <string>

namespace corebelt::layers {
namespace {

using test_data::Kind;
using test_data::rectangle;

/// 300 features; every 7th is a bow-tie of two triangles of 25 m² each, every 11th encloses nothing, every 13th has
/// no geometry. A bow-tie has no area by the shoelace and 50 m² after repair: doubtful.
std::string mixed_layer(const test::TempDir& dir) {
    test_data::Layer layer;
    layer.geometry = "Unknown";
    layer.fields = {{"code", Kind::text}, {"number", Kind::integer}};
    for (int i = 0; i < 300; ++i) {
        const double x = 500000 + 20.0 * i;
        const auto point = [x](double dx, double dy) {
            return std::to_string(x + dx) + " " + std::to_string(2700000 + dy);
        };
        std::string wkt = rectangle(x, 2700000, 10, 10);
        if (i % 7 == 0)
            wkt = "POLYGON((" + point(0, 0) + "," + point(10, 10) + "," + point(10, 0) + "," + point(0, 10) + "," +
                  point(0, 0) + "))";
        else if (i % 11 == 0)
            wkt = "POLYGON((" + point(0, 0) + "," + point(5, 5) + "," + point(10, 10) + "," + point(0, 0) + "))";
        else if (i % 13 == 0)
            wkt.clear();
        layer.features.push_back({wkt, {i % 3 == 0 ? "1001" : i % 3 == 1 ? "1101" : nullptr, "5"}});
    }
    test_data::make_dataset(dir / "mixed.gpkg", "GPKG", {layer});
    return dir / "mixed.gpkg";
}

std::unique_ptr<BatchSource> open_mixed(const std::string& path, std::uint32_t batch_features) {
    OpenOptions options;
    options.all_fields = true;
    options.batch_features = batch_features;
    return open_layer(path, options);
}

std::string listed(const IssueLog& log) {
    std::string text;
    for (const auto& issue : log.sorted())
        text += issue.code + " " + issue.feature + " " + issue.text.en + "\n";
    return text;
}

void check_same(const Table& a, const Table& b) {
    CHECK(a.rows.fid == b.rows.fid);
    CHECK(a.rows.shapes.xy == b.rows.shapes.xy);
    CHECK(a.rows.shapes.ring_first == b.rows.shapes.ring_first);
    CHECK(a.rows.shapes.part_first == b.rows.shapes.part_first);
    CHECK(a.rows.shapes.shape_first == b.rows.shapes.shape_first);
    REQUIRE(a.rows.columns.size() == b.rows.columns.size());
    for (std::size_t c = 0; c < a.rows.columns.size(); ++c) {
        CHECK(a.rows.columns[c].valid == b.rows.columns[c].valid);
        CHECK(a.rows.columns[c].code == b.rows.columns[c].code);
        CHECK(a.rows.columns[c].dictionary == b.rows.columns[c].dictionary);
    }
    CHECK(a.counts.features == b.counts.features);
    CHECK(a.counts.empty == b.counts.empty);
    CHECK(a.counts.repaired == b.counts.repaired);
    CHECK(a.counts.rejected == b.counts.rejected);
    CHECK(a.counts.vertices == b.counts.vertices);
    CHECK(a.counts.largest_vertices == b.counts.largest_vertices);
    CHECK(a.counts.doubtful_fids == b.counts.doubtful_fids);
    CHECK(a.counts.extent.max_x == b.counts.extent.max_x);
    CHECK(listed(a.issues) == listed(b.issues));
}

TEST_CASE("a layer reads the same with any number of threads, batch size and reading ahead", "[parallel]") {
    const test::TempDir dir;
    const std::string path = mixed_layer(dir);
    const Table alone = read_all(*open_mixed(path, 4096));
    // Of 0 … 299, 43 are multiples of 7, and 24 multiples of 11 but not of 7.
    REQUIRE(alone.counts.features == 300);
    REQUIRE(alone.counts.repaired == 43);
    REQUIRE(alone.counts.doubtful_fids.size() == 43);
    REQUIRE(alone.counts.rejected == 24);
    REQUIRE(alone.rows.size() == 276);

    const unsigned jobs = GENERATE(1U, 2U, 5U);
    const std::uint32_t batch_features = GENERATE(1U, 7U, 300U);
    CAPTURE(jobs, batch_features);
    check_same(read_all(*open_mixed(path, batch_features), jobs), alone);
    check_same(read_all(*read_ahead(open_mixed(path, batch_features)), jobs), alone);
    check_same(read_all(*read_ahead(open_mixed(path, batch_features), 1), jobs), alone);
    check_same(read_all(*source_over(alone, batch_features), jobs), alone);
}

TEST_CASE("each batch tells which of its own features are doubtful, on every thread", "[parallel]") {
    const test::TempDir dir;
    const auto source = open_mixed(mixed_layer(dir), 10);
    std::mutex mutex;
    std::set<std::uint64_t> numbers;
    std::size_t doubtful = 0;
    read_in_parallel(*source, 3, [&](unsigned thread, JudgedBatch& batch) {
        const std::lock_guard lock(mutex);
        CHECK(thread < 3);
        CHECK(numbers.insert(batch.number).second);
        for (const std::int64_t fid : batch.doubtful_fids) {
            CHECK(std::find(batch.rows.fid.begin(), batch.rows.fid.end(), fid) != batch.rows.fid.end());
            CHECK((fid - 1) % 7 == 0); // FIDs count from 1
        }
        doubtful += batch.doubtful_fids.size();
    });
    CHECK(numbers.size() == 30);
    CHECK(*numbers.rbegin() == 29);
    CHECK(doubtful == 43);
    CHECK(source->counts().doubtful_fids.size() == 43);
}

TEST_CASE("batch by batch and in steps a layer is the same", "[parallel]") {
    const test::TempDir dir;
    const std::string path = mixed_layer(dir);
    for (const bool ahead : {false, true}) {
        auto source = open_mixed(path, 10);
        if (ahead)
            source = read_ahead(std::move(source), 1);
        std::size_t rows = 0;
        for (Batch batch; source->next(batch);) {
            CHECK(batch.size() > 0);
            rows += batch.size();
        }
        Batch after;
        CHECK_FALSE(source->next(after));
        CHECK(rows == 276);
        CHECK(source->counts().repaired == 43);
    }
}

TEST_CASE("a source read ahead may be left before its end", "[parallel]") {
    const test::TempDir dir;
    const auto source = read_ahead(open_mixed(mixed_layer(dir), 10), 1);
    Batch batch;
    CHECK(source->next(batch));
}

TEST_CASE("the first failure of any thread ends the reading", "[parallel][error]") {
    const test::TempDir dir;
    const unsigned jobs = GENERATE(1U, 2U, 4U);
    const auto source = read_ahead(open_mixed(mixed_layer(dir), 1));
    std::atomic<int> seen{0};
    CHECK_THROWS_AS(read_in_parallel(*source, jobs,
                                     [&](unsigned, JudgedBatch&) {
                                         if (++seen == 20)
                                             throw std::runtime_error("enough");
                                     }),
                    std::runtime_error);
    if (jobs == 1)
        CHECK(seen == 20); // others may take some more while the first one fails
}

TEST_CASE("a request to stop ends reading on several threads", "[parallel][error]") {
    const test::TempDir dir;
    const auto source = open_mixed(mixed_layer(dir), 1);
    std::string code;
    try {
        read_in_parallel(*source, 3, [](unsigned, JudgedBatch& batch) {
            if (batch.number >= 30)
                stop_requested = true;
        });
    } catch (const Error& error) {
        code = error.code();
    }
    stop_requested = false;
    CHECK(code == "interrupted");
}

TEST_CASE("features copied as a run are those copied one by one", "[parallel]") {
    const test::TempDir dir;
    const Table table = read_all(*open_mixed(mixed_layer(dir), 300));
    const geo::Shapes& from = table.rows.shapes;
    geo::Shapes runs;
    geo::Shapes singly;
    for (const auto& [first, last] : {std::pair<std::size_t, std::size_t>{5, 5}, {3, 100}, {0, 20}, {250, 276}}) {
        runs.append(from, first, last);
        for (std::size_t i = first; i < last; ++i)
            singly.append(from[i]);
    }
    CHECK(runs.xy == singly.xy);
    CHECK(runs.ring_first == singly.ring_first);
    CHECK(runs.part_first == singly.part_first);
    CHECK(runs.shape_first == singly.shape_first);
    CHECK(runs.dimension == singly.dimension);
    REQUIRE(runs.box.size() == singly.box.size());
    for (std::size_t i = 0; i < runs.box.size(); ++i)
        CHECK(runs.box[i].max_x == singly.box[i].max_x);
}

} // namespace
} // namespace corebelt::layers
