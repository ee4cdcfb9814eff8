// What goes wrong outside corebelt: message, exit code, nothing partial left, and the next run works.
#include "made_layers.hpp"
#include "support/catch.hpp"
#include "support/process.hpp"
#include "support/temp_dir.hpp"

#include <sys/mount.h>

#include <filesystem>
#include <set>
#include <string>
#include <vector>

using namespace corebelt::test;

namespace {

namespace fs = std::filesystem;

std::set<std::string> names_in(const fs::path& folder) {
    std::set<std::string> names;
    for (const auto& entry : fs::directory_iterator(folder))
        names.insert(entry.path().filename().string());
    return names;
}

/// A layer of some 200 kB.
void write_layer(const std::string& path) {
    std::vector<MadeFeature> features;
    for (int i = 0; i < 1000; ++i) {
        const double x = 500000 + 10.0 * (i % 40), y = 2700000 + 10.0 * (i / 40);
        features.push_back({rectangle(x, y, x + 10, y + 10), R"({"DKBH":")" + std::to_string(i) + R"("})"});
    }
    write_text(path, feature_collection(4543, features));
}

/// A file system of 64 kB for as long as the object lives.
class SmallDisk {
public:
    explicit SmallDisk(fs::path folder) : folder_(std::move(folder)) {
        fs::create_directories(folder_);
        mounted_ = ::mount("tmpfs", folder_.c_str(), "tmpfs", 0, "size=64k") == 0;
    }
    ~SmallDisk() {
        if (mounted_)
            ::umount(folder_.c_str());
    }
    SmallDisk(const SmallDisk&) = delete;
    SmallDisk& operator=(const SmallDisk&) = delete;
    [[nodiscard]] bool mounted() const { return mounted_; }

private:
    fs::path folder_;
    bool mounted_ = false;
};

} // namespace

TEST_CASE("a full disk leaves nothing of an output, in any format, and the next run works", "[e2e][fault]") {
    const TempDir dir;
    write_layer(dir / "in.geojson");
    const fs::path folder = dir.path() / "disk";
    const SmallDisk disk(folder);
    if (!disk.mounted()) {
        WARN("skipped: no right to mount a small file system");
        return;
    }
    for (const char* name :
         {"out.gpkg", "out.shp", "out.geojson", "out.fgb", "out.kml", "out.dxf", "out.gdb", "out.csv", "out.txt"}) {
        CAPTURE(name);
        const Outcome r = run_corebelt({"convert", dir / "in.geojson", (folder / name).string()});
        CAPTURE(r.err);
        CHECK(r.exit_code == 5);
        CHECK(r.err.find("error[cannot-write]") != std::string::npos);
        CHECK(names_in(folder).empty());
    }
    const Outcome text =
        run_corebelt({"convert", dir / "in.geojson", (folder / "few.txt").string(), "--where", "DKBH = '7'"});
    CAPTURE(text.err);
    CHECK(text.exit_code == 0);
    CHECK(names_in(folder) == std::set<std::string>{"few.txt"});
}

TEST_CASE("a layer that cannot be read ends the run before anything is written", "[e2e][fault]") {
    const TempDir dir;
    write_layer(dir / "zones.geojson");
    write_layer(dir / "whole.geojson");
    REQUIRE(run_corebelt({"convert", dir / "whole.geojson", dir / "redline.gpkg"}).exit_code == 0);
    REQUIRE(run_corebelt({"convert", dir / "whole.geojson", dir / "redline.shp"}).exit_code == 0);
    REQUIRE(run_corebelt({"convert", dir / "whole.geojson", dir / "redline.fgb"}).exit_code == 0);
    const auto project = [&](const std::string& source) {
        write_text(dir / "plan.toml", "[project]\ntitle = \"x\"\nextends = [\"control-lines\"]\n"
                                      "[layers.zones]\nsource = \"zones.geojson\"\ntheme = \"zone\"\n"
                                      "[layers.redline]\nsource = \"" +
                                          source + "\"\ntheme = \"eco-redline\"\n");
        return run_corebelt({"check", dir / "plan.toml", "-o", dir / "report.json"});
    };
    for (const char* name : {"redline.gpkg", "redline.shp", "redline.fgb"}) {
        CAPTURE(name);
        const std::string bytes = read_text(dir / name);
        write_text(dir / name, bytes.substr(0, bytes.size() / 2));
        const Outcome cut = project(name);
        CAPTURE(cut.err, cut.out);
        CHECK(cut.exit_code == 3);
        CHECK(cut.err.find("redline") != std::string::npos);
        CHECK_FALSE(fs::exists(dir / "report.json"));
        write_text(dir / name, bytes);
        CHECK(project(name).exit_code == 1); // the zones lie on themselves
        CHECK(fs::exists(dir / "report.json"));
        fs::remove(dir / "report.json");
    }
}
