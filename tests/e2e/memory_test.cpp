// --memory: what does not fit goes to disk, and nobody sees a difference.
#include "made_layers.hpp"
#include "support/catch.hpp"
#include "support/process.hpp"
#include "support/temp_dir.hpp"

#include <algorithm>
#include <csignal>
#include <filesystem>

using namespace corebelt::test;

namespace {

/// Squares of 10 m with a border that overlaps the next one, as a GeoPackage, which is read without being held.
void make_squares(const TempDir& dir, const std::string& name, std::size_t across, double grown) {
    std::vector<MadeFeature> features;
    for (std::size_t i = 0; i < across; ++i)
        for (std::size_t k = 0; k < across; ++k) {
            const double x = 500000 + 10.0 * static_cast<double>(i);
            const double y = 2700000 + 10.0 * static_cast<double>(k);
            features.push_back({rectangle(x, y, x + 10 + (k % 5 == 0 ? grown : 0), y + 10),
                                R"({"code":"K)" + std::to_string((i / 4 + k / 4) % 7) + R"("})"});
        }
    write_text(dir / "made.geojson", feature_collection(4543, features));
    const Outcome made = run_corebelt({"convert", dir / "made.geojson", dir / name});
    CAPTURE(made.err);
    REQUIRE(made.exit_code == 0);
    std::filesystem::remove(dir / "made.geojson");
}

std::size_t entries_of(const std::string& folder) {
    std::size_t entries = 0;
    for (const auto& entry : std::filesystem::directory_iterator(folder))
        entries += entry.exists() ? 1 : 0;
    return entries;
}

/// A sanitizer's shadow and what it keeps of freed memory take more than the program itself: no limit can be kept.
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
constexpr bool memory_is_ours = false;
#else
constexpr bool memory_is_ours = true;
#endif

constexpr const char* little = "144M";
constexpr std::uint64_t little_bytes = 144U << 20U;

} // namespace

TEST_CASE("little memory gives the same bytes and is kept", "[e2e][memory]") {
    if (!memory_is_ours) {
        WARN("skipped: a sanitizer takes memory of its own");
        return;
    }
    const TempDir dir;
    make_squares(dir, "zones.gpkg", 200, 1);
    make_squares(dir, "parcels.gpkg", 210, 0.5);
    using Words = std::vector<std::string>;
    const Words tabulate{"tabulate", dir / "zones.gpkg", dir / "parcels.gpkg", "--zone", "code", "--by",
                         "code",     "--coverage"};
    const Words measure{
        "measure", dir / "zones.gpkg", dir / "parcels.gpkg", "--what", "overlap", "--id", "code", "--other-id", "code"};
    for (const Words& words : {tabulate, measure}) {
        CAPTURE(words[0]);
        std::string expected;
        std::uint64_t unbounded = 0;
        for (const char* jobs : {"1", "2", "7"})
            for (const bool bounded : {false, true}) {
                CAPTURE(jobs, bounded);
                auto with = words;
                with.insert(with.end(), {"--jobs", jobs, "--format", "json", "--quiet"});
                if (bounded)
                    with.insert(with.end(), {"--memory", std::string(jobs) == "7" ? "320M" : little});
                const Outcome r = run_corebelt(with, {{{"TMPDIR", dir.path().string()}}, 0, "", false});
                CAPTURE(r.err);
                REQUIRE(r.exit_code == 0);
                if (expected.empty())
                    expected = r.out;
                CHECK(r.out == expected);
                if (!bounded)
                    unbounded = std::max(unbounded, r.peak_resident_bytes);
                else if (std::string(jobs) != "7")
                    CHECK(r.peak_resident_bytes < little_bytes * 12 / 10);
            }
        CAPTURE(unbounded);
        CHECK(unbounded > 0);
        CHECK(entries_of(dir.path().string()) == 2);
    }
}

TEST_CASE("with little memory and a memo a later run, and one after an edit, give the same bytes too",
          "[e2e][memory]") {
    if (!memory_is_ours) {
        WARN("skipped: a sanitizer takes memory of its own");
        return;
    }
    const TempDir dir;
    make_squares(dir, "zones.gpkg", 200, 1);
    make_squares(dir, "parcels.gpkg", 200, 0.5);
    const std::vector<std::string> words{
        "tabulate", dir / "zones.gpkg", dir / "parcels.gpkg", "--zone", "code",   "--by",
        "code",     "--coverage",       "--format",           "json",   "--quiet"};
    const auto run = [&](bool bounded, bool remembering) {
        auto with = words;
        if (bounded)
            with.insert(with.end(), {"--memory", "224M", "--jobs", "2"}); // zones and parcels do not fit
        if (remembering)
            with.insert(with.end(), {"--remember", dir / "memo"});
        const Outcome r = run_corebelt(with, {{{"TMPDIR", dir.path().string()}}, 0, "", false});
        CAPTURE(bounded, remembering, r.err);
        REQUIRE(r.exit_code == 0);
        return r.out;
    };
    const std::string expected = run(false, false);
    CHECK(run(true, true) == expected); // makes the memo
    const auto memo_bytes = std::filesystem::file_size(dir / "memo");
    CHECK(memo_bytes > 40000 * 16); // at least a key a parcel
    CHECK(run(true, true) == expected);
    CHECK(run(false, true) == expected); // whoever wrote it
    std::filesystem::remove(dir / "parcels.gpkg");
    make_squares(dir, "parcels.gpkg", 200, 0.75);
    const std::string edited = run(false, false);
    CHECK(edited != expected);
    CHECK(run(true, true) == edited);

    auto nowhere = words; // that the runs above did put something aside
    nowhere.insert(nowhere.end(), {"--memory", "224M", "--jobs", "2", "--remember", dir / "memo"});
    CHECK(run_corebelt(nowhere, {{{"TMPDIR", dir / "missing"}}, 0, "", false}).exit_code == 5);
}

TEST_CASE("a run that is killed leaves nothing in the folder of its intermediate files", "[e2e][memory][signal]") {
    if (!memory_is_ours) {
        WARN("skipped: a sanitizer takes memory of its own");
        return;
    }
    const TempDir dir;
    make_squares(dir, "s.gpkg", 150, 1);
    std::filesystem::create_directory(dir / "tmp");
    const std::vector<std::string> words{"tabulate", dir / "s.gpkg", dir / "s.gpkg",  "--memory", little, "--jobs",
                                         "1",        "-o",           dir / "out.json"};
    ProcessOptions options;
    options.environment = {{"TMPDIR", dir / "tmp"}};
    const Outcome whole = run_corebelt(words, options);
    CAPTURE(whole.err);
    REQUIRE(whole.exit_code == 0);
    const std::string expected = read_text(dir / "out.json");
    std::filesystem::remove(dir / "out.json");
    for (const int signal : {SIGKILL, SIGINT}) {
        CAPTURE(signal);
        options.interrupt_signal = signal;
        options.interrupt_after_s = 0.5 * whole.seconds;
        const Outcome r = run_corebelt(words, options);
        CHECK((r.exit_code == 128 + signal || r.exit_code == 0)); // over already on a machine that was busy before
        CHECK(std::filesystem::exists(dir / "out.json") == (r.exit_code == 0));
        CHECK(entries_of(dir / "tmp") == 0);
        std::filesystem::remove(dir / "out.json");
    }
    options.interrupt_after_s = 0;
    CHECK(run_corebelt(words, options).exit_code == 0);
    CHECK(read_text(dir / "out.json") == expected);
}

TEST_CASE("no room for intermediate files is said with 5, and nothing is written", "[e2e][memory]") {
    if (!memory_is_ours) {
        WARN("skipped: a sanitizer takes memory of its own");
        return;
    }
    const TempDir dir;
    make_squares(dir, "s.gpkg", 150, 1);
    ProcessOptions options;
    options.environment = {{"TMPDIR", dir.path().string()}};
    options.largest_file = 256 * 1024;
    const std::vector<std::string> words{"tabulate", dir / "s.gpkg", dir / "s.gpkg",  "--memory",
                                         little,     "-o",           dir / "out.json"};
    const Outcome full = run_corebelt(words, options);
    CAPTURE(full.err);
    CHECK(full.exit_code == 5);
    CHECK(full.err.find("error[spill-full]") != std::string::npos);
    CHECK(full.err.find(dir.path().string()) != std::string::npos);
    CHECK_FALSE(std::filesystem::exists(dir / "out.json"));

    options.largest_file = 0;
    options.environment = {{"TMPDIR", dir / "missing"}};
    const Outcome missing = run_corebelt(words, options);
    CHECK(missing.exit_code == 5);
    CHECK(missing.err.find("error[spill-folder]") != std::string::npos);
    CHECK(entries_of(dir.path().string()) == 1);
}
