// One plan in every form in which it may arrive: the same verdicts, the same amounts.
#include "json_document.hpp"
#include "support/catch.hpp"
#include "support/process.hpp"
#include "support/temp_dir.hpp"

#include <algorithm>
#include <cmath>
#include <filesystem>
#include <map>
#include <string>
#include <vector>

using namespace corebelt::test;

namespace {

namespace fs = std::filesystem;

const fs::path sample = fs::path(COREBELT_SOURCE_DIR) / "data/demo-park";

struct Form {
    const char* name;
    const char* extension;
    std::vector<std::string> options; ///< of convert
    bool bare = false;                ///< the shapefile loses .cpg, .prj and its language byte
    double relative = 1e-8;           ///< that amounts may differ by
};

struct Judged {
    std::string verdict;
    double measured;
    std::string unit;
};

/// By rule and subject.
std::map<std::pair<std::string, std::string>, Judged> judged(const std::string& project) {
    const Outcome r = run_corebelt({"check", project, "--format", "json", "--quiet"});
    CAPTURE(project, r.err);
    REQUIRE(r.exit_code == 1);
    const JsonDocument report(r.out);
    std::map<std::pair<std::string, std::string>, Judged> all;
    for (std::size_t i = 0; i < report.size("/rules"); ++i) {
        const std::string rule = "/rules/" + std::to_string(i);
        for (std::size_t s = 0; s < report.size(rule + "/subjects"); ++s) {
            const std::string subject = rule + "/subjects/" + std::to_string(s);
            all[{report.text(rule + "/id"), report.text(subject + "/id")}] = {
                report.text(subject + "/verdict"),
                report.is_null(subject + "/measured") ? 0 : report.number(subject + "/measured"),
                report.text(subject + "/unit")};
        }
    }
    return all;
}

void make_bare(const fs::path& shapefile) {
    for (const char* companion : {".cpg", ".prj"})
        fs::remove(fs::path(shapefile).replace_extension(companion));
    const fs::path table = fs::path(shapefile).replace_extension(".dbf");
    std::string bytes = read_text(table);
    constexpr std::size_t language_byte = 29;
    bytes.at(language_byte) = '\0';
    write_text(table, bytes);
}

/// The planted project over converted layers; the project file's path.
std::string project_in(const Form& form, const fs::path& folder) {
    std::string text = read_text(sample / "planted.toml");
    for (const char* layer : {"zones", "parcels", "redline", "farmland", "growth", "facilities", "roads"}) {
        const std::string file = std::string(layer) + form.extension;
        std::vector<std::string> convert{"convert", (sample / layer).string() + ".geojson", (folder / file).string()};
        convert.insert(convert.end(), form.options.begin(), form.options.end());
        const Outcome r = run_corebelt(convert);
        CAPTURE(form.name, layer, r.err);
        REQUIRE(r.exit_code == 0);
        if (form.bare)
            make_bare(folder / file);
        const std::string from = '"' + std::string(layer) + ".geojson\"";
        const std::size_t at = text.find(from);
        REQUIRE(at != std::string::npos);
        text.replace(at, from.size(), '"' + file + '"' + (form.bare ? "\ncrs = \"EPSG:4522\"" : ""));
    }
    write_text(folder / "planted.toml", text);
    return (folder / "planted.toml").string();
}

} // namespace

TEST_CASE("the same plan in every form has the same verdicts and amounts", "[e2e][forms]") {
    const auto expected = judged((sample / "planted.toml").string());
    REQUIRE(expected.size() > 20);
    for (const Form& form :
         {Form{"GBK shapefile without .cpg and .prj", ".shp", {"--encoding", "gbk"}, true}, Form{"FileGDB", ".gdb", {}},
          Form{"GeoJSON", ".geojson", {}}, Form{"FlatGeobuf", ".fgb", {}},
          Form{"GeoPackage, prefixed zone 34", ".gpkg", {"--crs", "EPSG:4522"}},
          Form{"GeoPackage, unprefixed zone 34", ".gpkg", {"--crs", "EPSG:4543"}, false, 1e-6},
          Form{"GeoPackage, unprefixed zone 35", ".gpkg", {"--crs", "EPSG:4544"}, false, 1e-6},
          Form{"GeoJSON in degrees", ".geojson", {"--crs", "EPSG:4490"}, false, 1e-6}}) {
        const TempDir dir;
        const auto found = judged(project_in(form, dir.path()));
        CAPTURE(form.name);
        REQUIRE(found.size() == expected.size());
        const double step_m = 1e-6; // of degrees in GeoJSON; the other forms are finer
        for (const auto& [key, want] : expected) {
            CAPTURE(key.first, key.second, want.measured);
            REQUIRE(found.count(key) == 1);
            const Judged& have = found.at(key);
            CHECK(have.verdict == want.verdict);
            CHECK(have.unit == want.unit);
            // The larger of the relative bound and 2 · perimeter · step, for perimeters up to 10 km; lengths to 1 µm.
            const double slack = form.relative > 1e-8 ? 2 * 10000 * step_m : 1e-6;
            const double allowed = std::max(form.relative * std::abs(want.measured), want.unit == "m" ? 1e-4 : slack);
            CHECK(std::abs(have.measured - want.measured) <= (want.unit == "ratio" ? form.relative
                                                              : want.unit == "km2" ? form.relative * want.measured
                                                                                   : allowed));
        }
    }
}
