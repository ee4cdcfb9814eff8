// stdout is data, stderr is words; signals end a run tidily.
#include "json_document.hpp"
#include "made_layers.hpp"
#include "support/catch.hpp"
#include "support/process.hpp"
#include "support/temp_dir.hpp"

#include <algorithm>
#include <filesystem>

using namespace corebelt::test;

namespace {

std::string squares(std::size_t columns, std::size_t rows) {
    std::vector<MadeFeature> features;
    for (std::size_t i = 0; i < columns; ++i)
        for (std::size_t k = 0; k < rows; ++k) {
            const double x = 500000 + 10.0 * static_cast<double>(i);
            const double y = 2700000 + 10.0 * static_cast<double>(k);
            features.push_back({rectangle(x, y, x + 10, y + 10), R"({"名称":"第)" + std::to_string(k % 3) + R"(类"})"});
        }
    return feature_collection(4543, features);
}

} // namespace

TEST_CASE("version names the libraries and help exists in both languages", "[e2e]") {
    const Outcome version = run_corebelt({"--version"});
    CHECK(version.exit_code == 0);
    for (const char* library : {"corebelt ", "GDAL ", "GEOS ", "PROJ "})
        CHECK(version.out.find(library) != std::string::npos);
    for (const char* verb : {"info", "tabulate", "measure", "check", "map", "tiles"}) {
        CAPTURE(verb);
        const Outcome en = run_corebelt({verb, "--help"});
        const Outcome zh = run_corebelt({verb, "--help"}, {{{"LANG", "zh_CN.UTF-8"}}, 0, "", false});
        CHECK(en.exit_code == 0);
        CHECK(zh.exit_code == 0);
        CHECK(en.out.find("Example") != std::string::npos);
        CHECK(zh.out.find("示例") != std::string::npos);
        CHECK(en.err.empty());
    }
}

TEST_CASE("Chinese paths, fields and values come through", "[e2e]") {
    const TempDir dir;
    std::filesystem::create_directory(dir / "玉溪 规划");
    const std::string path = dir / "玉溪 规划/地块.geojson";
    write_text(path, squares(3, 3));
    const Outcome r = run_corebelt(
        {"tabulate", path, path, "--zone", "名称", "--by", "名称", "--area", "planar", "--format", "json"});
    CAPTURE(r.err);
    REQUIRE(r.exit_code == 0);
    const JsonDocument j(r.out);
    REQUIRE(j.size("/zones") == 3);
    CHECK(j.text("/zones/0/zone") == "第0类");
    CHECK(j.number("/zones/0/area") == Approx(300).margin(1e-4)); // three squares of 10 m
    CHECK(j.number("/zones/0/covered") == Approx(300).margin(1e-4));
    const Outcome text = run_corebelt({"tabulate", path, path, "--zone", "名称", "--lang", "zh"});
    CHECK(text.out.find("第2类") != std::string::npos);
    CHECK(text.out.find('\x1b') == std::string::npos);
}

TEST_CASE("several outputs are written at once and stdout stays silent then", "[e2e]") {
    const TempDir dir;
    write_text(dir / "s.geojson", squares(2, 2));
    const Outcome r = run_corebelt({"tabulate", dir / "s.geojson", dir / "s.geojson", "-o", dir / "a.json", "-o",
                                    dir / "a.csv", "-o", dir / "a.txt"});
    CAPTURE(r.err);
    REQUIRE(r.exit_code == 0);
    CHECK(r.out.empty());
    CHECK(r.err.find("a.csv") != std::string::npos);
    const Outcome direct =
        run_corebelt({"tabulate", dir / "s.geojson", dir / "s.geojson", "--format", "json", "--quiet"});
    CHECK(direct.out == read_text(dir / "a.json"));
    CHECK(direct.err.empty());
}

TEST_CASE("the same bytes for any number of threads", "[e2e]") {
    const TempDir dir;
    write_text(dir / "s.geojson", squares(40, 40));
    const std::vector<std::string> words = {"tabulate", dir / "s.geojson", dir / "s.geojson", "--zone", "名称", "--by",
                                            "名称",     "--coverage",      "--format",        "json"};
    std::string first;
    for (const char* jobs : {"1", "2", "7"}) {
        auto with_jobs = words;
        with_jobs.insert(with_jobs.end(), {"--jobs", jobs});
        const Outcome r = run_corebelt(with_jobs);
        REQUIRE(r.exit_code == 0);
        if (first.empty())
            first = r.out;
        CHECK(r.out == first);
    }
}

TEST_CASE("a run stops rather than take more memory than it was allowed", "[e2e]") {
    const TempDir dir;
    write_text(dir / "s.geojson", squares(3, 3));
    const Outcome r =
        run_corebelt({"tabulate", dir / "s.geojson", dir / "s.geojson", "--memory", "1M", "-o", dir / "cut.json"});
    CAPTURE(r.err);
    CHECK(r.exit_code == 2);
    CHECK(r.err.find("error[memory]") != std::string::npos);
    CHECK_FALSE(std::filesystem::exists(dir / "cut.json"));
    CHECK(run_corebelt({"tabulate", dir / "s.geojson", dir / "s.geojson", "--memory", "1G"}).exit_code == 0);
}

TEST_CASE("an interrupt ends the run within a second, with 130 and no file", "[e2e][signal]") {
    const TempDir dir;
    write_text(dir / "s.geojson", squares(300, 300));
    const Outcome whole = run_corebelt({"tabulate", dir / "s.geojson", dir / "s.geojson", "-o", dir / "whole.json"});
    REQUIRE(whole.exit_code == 0);
    // Interrupted at several moments: before reading, while reading, while measuring.
    for (const double share : {0.05, 0.3, 0.6}) {
        CAPTURE(share, whole.seconds);
        double at = std::max(0.02, share * whole.seconds);
        const auto interrupted = [&] {
            return run_corebelt({"tabulate", dir / "s.geojson", dir / "s.geojson", "-o", dir / "cut.json"},
                                {{}, at, "", false});
        };
        Outcome r = interrupted();
        for (int again = 0; r.seconds < at && again < 5; ++again) { // over before: the machine was busier before
            std::filesystem::remove(dir / "cut.json");
            at = share * r.seconds;
            r = interrupted();
        }
        CAPTURE(r.err);
        CHECK(r.exit_code == 130);
        // A second; more only where the machine is so busy that the whole run took long.
        CHECK(r.seconds < at + std::max(1.0, 0.3 * whole.seconds));
        CHECK_FALSE(std::filesystem::exists(dir / "cut.json"));
        std::size_t entries = 0;
        for (const auto& entry : std::filesystem::directory_iterator(dir.path()))
            entries += entry.exists() ? 1 : 0;
        CHECK(entries == 2);
    }
}

TEST_CASE("an input that changes while it is read ends the run with 3 and no file", "[e2e]") {
    const TempDir dir;
    write_text(dir / "s.geojson", squares(100, 100));
    std::filesystem::create_directory(dir / "project");
    write_text(dir / "project/zones.geojson",
               feature_collection(4543, {{rectangle(500000, 2700000, 500500, 2700500), R"({"id":1})"}}));
    write_text(dir / "project/plan.toml", "[project]\ntitle = \"t\"\n"
                                          "[layers.zones]\nsource = \"zones.geojson\"\ntheme = \"zone\"\n"
                                          "[layers.parcels]\nsource = \"../s.geojson\"\ntheme = \"plant\"\n"
                                          "[[rules]]\nid = \"r\"\nkind = \"count\"\nsubject = \"zones\"\n"
                                          "of = { layer = \"parcels\" }\nmin = 1\n");
    using Words = std::vector<std::string>;
    for (const Words& words : {Words{"tabulate", dir / "project/zones.geojson", dir / "s.geojson"},
                               Words{"measure", dir / "project/zones.geojson", dir / "s.geojson"},
                               Words{"check", dir / "project/plan.toml"}}) {
        CAPTURE(words[0]);
        auto with_output = words;
        with_output.insert(with_output.end(), {"-o", dir / "cut.json"});
        ProcessOptions disturbed;
        disturbed.meanwhile = [&] {
            std::filesystem::last_write_time(dir / "s.geojson", std::filesystem::file_time_type::clock::now());
        };
        const Outcome r = run_corebelt(with_output, disturbed);
        CAPTURE(r.err);
        CHECK(r.exit_code == 3);
        CHECK(r.err.find("error[changed-while-reading]") != std::string::npos);
        CHECK(r.err.find("s.geojson") != std::string::npos);
        CHECK_FALSE(std::filesystem::exists(dir / "cut.json"));
        const Outcome again = run_corebelt(words);
        CAPTURE(again.err);
        CHECK(again.exit_code == 0);
    }
}

TEST_CASE("a reader that goes away does not make corebelt hang or crash", "[e2e]") {
    const TempDir dir;
    write_text(dir / "s.geojson", squares(100, 100));
    const Outcome r =
        run_corebelt({"tabulate", dir / "s.geojson", dir / "s.geojson", "--format", "json"}, {{}, 0, "", true});
    CHECK((r.exit_code == 141 || r.exit_code == 5)); // SIGPIPE, or the write that failed
    CHECK(r.seconds < 30);
}
