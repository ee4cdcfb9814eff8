// The server goes away in the middle: a message, an exit code, no half table, and the next run works.
#include "postgis/private_cluster.hpp"
#include "support/catch.hpp"
#include "support/process.hpp"

#include "corebelt/geo/error.hpp"
#include "corebelt/layers/dataset.hpp"

#include <fmt/format.h>

#include <chrono>
#include <future>
#include <stdexcept>

namespace corebelt::layers {
namespace {

using test::cluster;
using test::Outcome;
using test::run_corebelt;

constexpr int rows = 10000;

std::string source() {
    return cluster()->source() + "|layer=many";
}

/// Enough rows that reading and writing take a while; each carries 2 kB, so that no buffer holds them all.
void make_many() {
    static_cast<void>(cluster()->sql(
        fmt::format("CREATE TABLE IF NOT EXISTS many(fid serial PRIMARY KEY, note text, geom geometry(Polygon, 4543)); "
                    "TRUNCATE many; INSERT INTO many(note, geom) SELECT repeat(md5(i::text), 60), "
                    "ST_MakeEnvelope(500000 + i, 2700000, 500001 + i, 2700001, 4543) FROM generate_series(1, {}) i",
                    rows)));
}

/// Reads the first batch, then something happens, then the rest. The error's texts, "" where there was none.
std::string read_around(const std::function<void()>& what_happens) {
    OpenOptions options;
    options.all_fields = true;
    options.batch_features = 256;
    const auto reader = open_layer(source(), options);
    Batch batch;
    REQUIRE(reader->next(batch));
    what_happens();
    try {
        while (reader->next(batch)) {
        }
    } catch (const Error& error) {
        CHECK(error.kind() == ErrorKind::input);
        CHECK(error.code() == "cannot-read");
        return error.text().en + error.text().zh;
    }
    return "";
}

/// Runs on the server until `action` has been done to a backend whose query begins with `query`; at most ten seconds.
std::string when_backend(const std::string& query, const std::string& action) {
    return fmt::format("DO $$ BEGIN FOR i IN 1..5000 LOOP PERFORM pg_stat_clear_snapshot(); "
                       "PERFORM {} FROM pg_stat_activity WHERE query LIKE '{}%' AND state = 'active' "
                       "AND backend_type = 'client backend' AND pid <> pg_backend_pid(); "
                       "IF FOUND THEN RETURN; END IF; PERFORM pg_sleep(0.002); END LOOP; "
                       "RAISE EXCEPTION 'nobody came'; END $$",
                       action, query);
}

bool exists(const std::string& table) {
    return cluster()->sql("SELECT count(*) FROM pg_class WHERE relname = '" + table + "'") != "0";
}

std::uint64_t count_all() {
    const auto reader = open_layer(source(), {});
    return read_all(*reader).rows.size();
}

} // namespace

TEST_CASE("a connection that is cut while reading ends the run with a message", "[postgis][faults]") {
    if (cluster() == nullptr)
        return;
    make_many();
    CHECK(read_around([] {}).empty());
    const std::string cut = read_around([] {
        static_cast<void>(cluster()->sql("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE "
                                         "backend_type = 'client backend' AND pid <> pg_backend_pid()"));
    });
    CAPTURE(cut);
    CHECK(cut.find("many") != std::string::npos);
    CHECK(cut.find("server") != std::string::npos);
    CHECK(cut.find("damaged") == std::string::npos); // advice for files
    CHECK(count_all() == rows);

    const std::string place = source();
    const std::string stopped = read_around([] { cluster()->stop_at_once(); });
    CAPTURE(stopped);
    CHECK_FALSE(stopped.empty());
    const Outcome closed = run_corebelt({"info", place, "--lang", "en"});
    CHECK(closed.exit_code == 3);
    CHECK(closed.err.find("error[cannot-open]") != std::string::npos);
    cluster()->start_again();
    CHECK(count_all() == rows);
}

TEST_CASE("the program reports a database lost while reading and leaves no output", "[postgis][faults]") {
    if (cluster() == nullptr)
        return;
    make_many();
    const test::TempDir dir;
    auto killer = std::async(std::launch::async,
                             [] { return cluster()->sql(when_backend("FETCH", "pg_terminate_backend(pid)")); });
    const Outcome r = run_corebelt({"convert", source(), dir / "out.gpkg", "--lang", "en"});
    CHECK_NOTHROW(killer.get());
    CAPTURE(r.err);
    CHECK(r.exit_code == 3);
    CHECK(r.err.find("error[cannot-read]") != std::string::npos);
    CHECK(std::filesystem::is_empty(dir.path()));
    CHECK(run_corebelt({"convert", source(), dir / "out.gpkg"}).exit_code == 0);
}

TEST_CASE("a database lost while writing keeps no table, and the next run works", "[postgis][faults]") {
    if (cluster() == nullptr)
        return;
    make_many();
    static_cast<void>(cluster()->sql("DROP TABLE IF EXISTS written"));
    const test::TempDir dir;
    const std::string in = dir / "in.gpkg";
    REQUIRE(run_corebelt({"convert", source(), in}).exit_code == 0);
    const std::vector<std::string> write{"convert", in, cluster()->source() + "|layer=written", "--lang", "en"};

    auto killer = std::async(std::launch::async,
                             [] { return cluster()->sql(when_backend("COPY", "pg_terminate_backend(pid)")); });
    const Outcome killed = run_corebelt(write);
    CHECK_NOTHROW(killer.get());
    CAPTURE(killed.err);
    CHECK(killed.exit_code == 5);
    CHECK(killed.err.find("error[cannot-write]") != std::string::npos);
    CHECK_FALSE(exists("written"));

    auto stopper = std::async(std::launch::async, [] {
        static_cast<void>(cluster()->sql(when_backend("COPY", "pid")));
        cluster()->stop_at_once();
    });
    const Outcome stopped = run_corebelt(write);
    CHECK_NOTHROW(stopper.get());
    CAPTURE(stopped.err);
    CHECK(stopped.exit_code == 5);
    const Outcome closed = run_corebelt(write);
    CHECK(closed.exit_code == 5);
    cluster()->start_again();
    CHECK_FALSE(exists("written"));

    auto interrupter =
        std::async(std::launch::async, [] { return cluster()->sql(when_backend("COPY", "pg_cancel_backend(pid)")); });
    CHECK(run_corebelt(write).exit_code == 5); // cancelled by the server's owner
    CHECK_NOTHROW(interrupter.get());
    CHECK_FALSE(exists("written"));

    CHECK(run_corebelt(write).exit_code == 0);
    CHECK(cluster()->sql("SELECT count(*) FROM written") == std::to_string(rows));
    CHECK(cluster()->sql(
              "SELECT count(*) FROM many JOIN written USING (note) WHERE ST_Equals(many.geom, written.geom)") ==
          std::to_string(rows));
}

} // namespace corebelt::layers
