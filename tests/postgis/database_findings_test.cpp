// check -o PG:…: findings become tables, all in one transaction, and what stands there stays unless it may be replaced.
#include "postgis/private_cluster.hpp"
#include "support/catch.hpp"
#include "support/process.hpp"

namespace corebelt {
namespace {

using test::cluster;
using test::Outcome;
using test::run_corebelt;

std::string plan() {
    return std::string(COREBELT_SOURCE_DIR) + "/data/demo-park/planted.toml";
}

Outcome check(const std::string& place, const std::vector<std::string>& more = {}) {
    std::vector<std::string> words{"check", plan(), "--lang", "en", "--format", "json", "-o", place};
    words.insert(words.end(), more.begin(), more.end());
    return run_corebelt(words);
}

std::string in_database(const std::string& table) {
    return cluster()->source() + "|layer=" + table;
}

void make_schema() {
    static_cast<void>(cluster()->sql("DROP SCHEMA IF EXISTS \"成果\" CASCADE; CREATE SCHEMA \"成果\""));
}

std::string count_of(const std::string& table) {
    return cluster()->sql("SELECT count(*) FROM \"成果\"." + table);
}

} // namespace

TEST_CASE("findings in a database are those of a file, row by row", "[postgis][findings]") {
    if (cluster() == nullptr)
        return;
    make_schema();
    const Outcome r = check(in_database("成果.findings"));
    CAPTURE(r.err);
    REQUIRE(r.exit_code == 1);
    CHECK(r.err.find("dbname=gis|layer=成果.findings") != std::string::npos);
    const test::TempDir dir;
    REQUIRE(check(dir / "f.shp").exit_code == 1); // every layer is there, as in the database
    for (const std::string suffix : {"", "_lines", "_points"}) {
        const auto as_csv = [&](const std::string& source) {
            const std::string file = dir / ("read" + suffix + ".csv");
            const Outcome read = run_corebelt({"convert", source, file, "--overwrite"});
            CAPTURE(read.err);
            REQUIRE(read.exit_code == 0);
            return test::read_text(file);
        };
        const std::string rows = count_of("findings" + suffix);
        CAPTURE(suffix, rows);
        CHECK((rows != "0") == (suffix != "_points"));
        CHECK((as_csv(in_database("成果.findings" + suffix)) == as_csv(dir / ("f" + suffix + ".shp"))));
        CHECK(cluster()->sql("SELECT Find_SRID('成果', 'findings" + suffix + "', 'geom')") == "4522");
    }
    // Amounts to the last bit: a planted overlap of 50 m × 60 m.
    CHECK(cluster()->sql("SELECT bool_and(abs(measured - 2999.9547) < 0.01) FROM \"成果\".findings "
                         "WHERE rule = 'red-line' AND object = 'ST0007'") == "t");
}

TEST_CASE("tables of findings are replaced all together, and only where that is asked for", "[postgis][findings]") {
    if (cluster() == nullptr)
        return;
    make_schema();
    const std::string place = in_database("成果.f");
    REQUIRE(check(place).exit_code == 1);
    const std::string rows = count_of("f_lines");
    static_cast<void>(cluster()->sql("DELETE FROM \"成果\".f; DROP TABLE \"成果\".f_points"));
    const Outcome again = check(place);
    CHECK(again.exit_code == 5);
    CHECK(again.err.find("error[already-exists]") != std::string::npos);
    CHECK(again.out.empty()); // before the work
    CHECK(count_of("f") == "0");

    // The first table could be replaced, the second cannot: a view hangs on it.
    static_cast<void>(cluster()->sql("CREATE VIEW \"成果\".seen AS SELECT rule FROM \"成果\".f_lines"));
    const Outcome hindered = check(place, {"--overwrite"});
    CHECK(hindered.exit_code == 5);
    CHECK(hindered.err.find("error[cannot-write]") != std::string::npos);
    CHECK(count_of("f") == "0");
    static_cast<void>(cluster()->sql("DROP VIEW \"成果\".seen"));
    CHECK(check(place, {"--overwrite"}).exit_code == 1);
    CHECK(count_of("f") != "0");
    CHECK(count_of("f_lines") == rows);
    CHECK(count_of("f_points") == "0");
}

TEST_CASE("a database lost between two tables of findings keeps none of them, and the next run works",
          "[postgis][findings][faults]") {
    if (cluster() == nullptr)
        return;
    make_schema();
    const std::string place = in_database("成果.f");
    REQUIRE(check(place).exit_code == 1);
    static_cast<void>(cluster()->sql("DELETE FROM \"成果\".f"));
    // The server hangs up when the second table is made: the first one has its rows by then.
    static_cast<void>(cluster()->sql(
        "CREATE OR REPLACE FUNCTION hang_up() RETURNS event_trigger LANGUAGE plpgsql AS $$ BEGIN "
        "IF EXISTS (SELECT FROM pg_event_trigger_ddl_commands() WHERE object_identity LIKE '%f_lines') THEN "
        "PERFORM pg_terminate_backend(pg_backend_pid()); END IF; END $$; "
        "CREATE EVENT TRIGGER on_second_table ON ddl_command_end WHEN TAG IN ('CREATE TABLE') "
        "EXECUTE FUNCTION hang_up()"));
    const Outcome lost = check(place, {"--overwrite"});
    static_cast<void>(cluster()->sql("DROP EVENT TRIGGER on_second_table"));
    CAPTURE(lost.err);
    CHECK(lost.exit_code == 5);
    CHECK(lost.err.find("error[cannot-write]") != std::string::npos);
    CHECK(count_of("f") == "0"); // as it was

    cluster()->stop_at_once();
    const Outcome gone = check(place, {"--overwrite"});
    CHECK(gone.exit_code == 5);
    CHECK(gone.out.empty());
    cluster()->start_again();
    CHECK(check(place, {"--overwrite"}).exit_code == 1);
    CHECK(count_of("f") != "0");
}

TEST_CASE("where findings may not be written no password is printed", "[postgis][findings]") {
    if (cluster() == nullptr)
        return;
    make_schema();
    const std::string place =
        "PG:host=" + cluster()->folder() + " user=planner password='S3cret wort' dbname=gis|layer=";
    const Outcome refused = check(place + "成果.f");
    CHECK(refused.exit_code == 5);
    CHECK(refused.err.find("***") != std::string::npos);
    static_cast<void>(cluster()->sql("GRANT ALL ON SCHEMA \"成果\" TO planner"));
    const Outcome written = check(place + "成果.f");
    CHECK(written.exit_code == 1);
    CHECK(written.err.find("***") != std::string::npos);
    for (const std::string& said : {refused.err, refused.out, written.err, written.out}) {
        CHECK(said.find("S3cret") == std::string::npos);
        CHECK(said.find("wort") == std::string::npos);
    }
    const Outcome twice = run_corebelt({"check", plan(), "--format", "postgis"});
    CHECK(twice.exit_code == 2);
}

} // namespace corebelt
