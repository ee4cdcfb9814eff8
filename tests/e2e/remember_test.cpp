// --remember: after any edit the report is the one of a full run, byte for byte, and little is measured again.
#include "json_document.hpp"
#include "made_layers.hpp"
#include "support/catch.hpp"
#include "support/process.hpp"
#include "support/temp_dir.hpp"

#include <algorithm>
#include <filesystem>
#include <random>
#include <regex>
#include <sstream>

using namespace corebelt::test;

namespace {

/// A GeoJSON file as the samples and made_layers write it: one feature a line.
class EditedFile {
public:
    explicit EditedFile(std::string path) : path_(std::move(path)) {
        std::istringstream in(read_text(path_));
        for (std::string line; std::getline(in, line);) {
            if (line.find("\"type\":\"Feature\",") == std::string::npos) {
                (features_.empty() ? head_ : tail_) += line + '\n';
                continue;
            }
            if (line.back() == ',')
                line.pop_back();
            features_.push_back(line);
        }
    }
    std::vector<std::string>& features() { return features_; }
    void save() const {
        std::string text = head_;
        for (std::size_t i = 0; i < features_.size(); ++i)
            text += features_[i] + (i + 1 < features_.size() ? ",\n" : "\n");
        write_text(path_, text + tail_);
    }

private:
    std::string path_, head_, tail_;
    std::vector<std::string> features_;
};

using Random = std::mt19937;

/// Moves one vertex of a feature; by half a kilometre a polygon may well cross itself.
void move_vertex(std::string& feature, Random& random) {
    static const std::regex pair(R"(\[(-?[0-9.]+),(-?[0-9.]+)\])");
    const std::vector<std::smatch> vertices(std::sregex_iterator(feature.begin(), feature.end(), pair),
                                            std::sregex_iterator());
    if (vertices.empty())
        return;
    const auto& vertex = vertices[random() % vertices.size()];
    const double steps[] = {0.001, 0.5, 20, 500};
    const double step = steps[random() % 4];
    std::ostringstream moved;
    moved.precision(15);
    moved << '[' << std::stod(vertex[1]) + step << ',' << std::stod(vertex[2]) - step << ']';
    feature = vertex.prefix().str() + moved.str() + vertex.suffix().str();
}

void replace_all(std::string& text, const std::string& from, const std::string& to) {
    for (std::size_t at = text.find(from); at != std::string::npos; at = text.find(from, at + to.size()))
        text.replace(at, from.size(), to);
}

/// One random edit, told in words for messages.
std::string edit(const std::string& path, Random& random) {
    EditedFile file(path);
    auto& features = file.features();
    if (features.empty())
        return "nothing left to edit";
    std::string& feature = features[random() % features.size()];
    std::string what;
    switch (random() % 5) {
    case 0:
    case 1:
        what = "vertex moved";
        move_vertex(feature, random);
        break;
    case 2:
        what = "feature deleted";
        std::swap(feature, features.back());
        features.pop_back();
        break;
    case 3: {
        what = "copy added";
        std::string copy = feature;
        move_vertex(copy, random);
        features.push_back(copy);
        break;
    }
    default:
        what = "reordered";
        std::shuffle(features.begin(), features.end(), random);
    }
    file.save();
    return what + " in " + std::filesystem::path(path).filename().string();
}

void copy_sample(const std::string& name, const std::filesystem::path& to) {
    for (const auto& entry : std::filesystem::directory_iterator(std::string(COREBELT_SOURCE_DIR) + "/data/" + name))
        std::filesystem::copy(entry.path(), to / entry.path().filename());
}

std::vector<std::string> operator+(std::vector<std::string> a, const std::vector<std::string>& b) {
    a.insert(a.end(), b.begin(), b.end());
    return a;
}

/// "measured 3 of 250, the rest …" → {3, 250}.
std::pair<int, int> measured_again(const Outcome& outcome) {
    static const std::regex said(R"(measured ([0-9]+) of ([0-9]+),)");
    std::smatch numbers;
    REQUIRE(std::regex_search(outcome.err, numbers, said));
    return {std::stoi(numbers[1]), std::stoi(numbers[2])};
}

std::string many_squares(int columns) {
    std::vector<MadeFeature> features;
    for (int i = 0; i < columns; ++i)
        for (int k = 0; k < columns; ++k) {
            const double x = 500000 + 10.0 * i;
            const double y = 2700000 + 10.0 * k;
            features.push_back({rectangle(x, y, x + 10, y + 10), R"({"use":")" + std::to_string(k % 3) + R"("})"});
        }
    return feature_collection(4543, features);
}

std::string four_zones() {
    std::vector<MadeFeature> features;
    for (int i = 0; i < 4; ++i) // 97 m wide where squares are 10 m: their edges cut squares
        features.push_back({rectangle(500000 + 97.0 * i, 2700000, 500097 + 97.0 * i, 2700400),
                            R"({"code":"Z)" + std::to_string(i) + R"("})"});
    return feature_collection(4543, features);
}

} // namespace

TEST_CASE("after random edits a remembered run gives the bytes of a full one", "[e2e][remember]") {
    const TempDir dir;
    copy_sample("demo-park", dir.path());
    const std::string zones = dir / "zones.geojson";
    const std::string parcels = dir / "parcels.geojson";
    const std::vector<std::vector<std::string>> runs{
        {"check", dir / "planted.toml"},
        {"tabulate", zones, parcels, "--zone", "PQDM", "--by", "YDYHFLDM", "--coverage"},
        {"tabulate", zones, parcels, "--by", "PQMC", "--area", "planar"},
        {"measure", parcels, dir / "redline.geojson", "--id", "DKBH"},
        {"measure", zones, parcels, "--counting", "union"},
        {"measure", parcels, zones, "--what", "outside"},
        {"measure", parcels, dir / "roads.geojson", "--what", "distance", "--nearest"},
        {"measure", zones, dir / "facilities.geojson", "--what", "distance"},
        {"measure", parcels, dir / "roads.geojson", "--what", "shared-boundary", "--gap", "0.01"}};
    const char* files[] = {"parcels", "parcels", "parcels", "zones", "redline", "growth", "roads", "facilities"};
    const char* jobs[] = {"1", "2", "7"};
    const unsigned seed = 20261122;
    Random random(seed);
    std::string told = "as shipped";
    for (int step = 0; step < 5; ++step) {
        CAPTURE(seed, step, told);
        for (std::size_t r = 0; r < runs.size(); ++r) {
            CAPTURE(r);
            const auto words = runs[r] + std::vector<std::string>{"--format", "json", "--lang", "en"};
            const Outcome full = run_corebelt(words);
            const std::string memo = dir / (std::to_string(r) + ".memo");
            const Outcome remembered =
                run_corebelt(words + std::vector<std::string>{"--jobs", jobs[random() % 3], "--remember", memo});
            CAPTURE(full.err, remembered.err);
            REQUIRE(remembered.exit_code == full.exit_code);
            REQUIRE(remembered.out == full.out);
            if (full.exit_code == 3)
                continue; // an edit may leave nothing that can be read
            const auto [again, asked] = measured_again(remembered);
            CHECK(again <= asked);
            if (step == 0)
                CHECK(again == asked);
        }
        told = edit(dir / (std::string(files[random() % 8]) + ".geojson"), random);
    }
}

TEST_CASE("runs of every kind may share a memo: none takes the answer to another question", "[e2e][remember]") {
    const TempDir dir;
    copy_sample("demo-park", dir.path());
    const std::string zones = dir / "zones.geojson";
    const std::string parcels = dir / "parcels.geojson";
    const std::string redline = dir / "redline.geojson";
    std::string planar = read_text(dir / "planted.toml");
    replace_all(planar, "area  = \"cn2008\"", "area  = \"planar\"");
    write_text(dir / "planar.toml", planar);
    const std::vector<std::vector<std::string>> runs{{"tabulate", zones, redline, "--area", "planar"},
                                                     {"measure", zones, redline, "--area", "planar"},
                                                     {"check", dir / "planar.toml"},
                                                     {"measure", redline, zones, "--area", "planar"},
                                                     {"check", dir / "planted.toml"},
                                                     {"tabulate", zones, redline},
                                                     {"measure", zones, redline, "--area", "geodesic"},
                                                     {"measure", zones, redline, "--counting", "union"},
                                                     {"tabulate", zones, parcels, "--coverage"}};
    for (const auto& run : runs) {
        CAPTURE(run);
        const auto words = run + std::vector<std::string>{"--format", "json", "--lang", "en"};
        const Outcome full = run_corebelt(words);
        const Outcome remembered = run_corebelt(words + std::vector<std::string>{"--remember", dir / "one.memo"});
        CAPTURE(remembered.err);
        REQUIRE(full.exit_code <= 1);
        REQUIRE(remembered.exit_code == full.exit_code);
        CHECK(remembered.out == full.out);
        CHECK(measured_again(remembered).second > 0);
    }
}

TEST_CASE("after an edit only what changed is measured again", "[e2e][remember]") {
    const TempDir dir;
    write_text(dir / "zones.geojson", four_zones());
    write_text(dir / "parcels.geojson", many_squares(40));
    const std::vector<std::string> words{
        "tabulate", dir / "zones.geojson", dir / "parcels.geojson", "--zone", "code", "--by", "use", "--area", "planar",
        "-o",       dir / "r.json"};
    const auto remembering = words + std::vector<std::string>{"--remember", dir / "r.memo"};
    const auto run = [&] {
        const Outcome outcome = run_corebelt(remembering);
        CAPTURE(outcome.err);
        REQUIRE(outcome.exit_code == 0);
        const std::string report = read_text(dir / "r.json");
        REQUIRE(run_corebelt(words).exit_code == 0);
        REQUIRE(read_text(dir / "r.json") == report);
        return measured_again(outcome);
    };
    const auto first = run();
    CHECK(first.first == first.second);
    CHECK(first.first > 3200); // 1600 squares: tested once, measured with a zone or two
    CHECK(run().first == 0);

    EditedFile parcels(dir / "parcels.geojson");
    replace_all(parcels.features()[5], "500000", "499999"); // its western edge, by 1 m
    parcels.save();
    const int one_parcel = run().first;
    CHECK(one_parcel == 3); // its validity, its overlap with the one zone about it, its area

    auto& recoded = parcels.features()[100];
    recoded.replace(recoded.find("\"use\":\""), 8, "\"use\":\"7");
    std::reverse(parcels.features().begin(), parcels.features().end());
    parcels.save();
    CHECK(run().first == 0); // shapes are as they were

    EditedFile zones(dir / "zones.geojson");
    zones.features().pop_back();
    zones.save();
    CHECK(run().first == 0);
    replace_all(zones.features()[0], "500097", "500095"); // its eastern edge
    zones.save();
    const int one_zone = run().first;
    CHECK(one_zone > 400);                 // the squares about the zone: 10 columns of 40
    CHECK(one_zone < first.first * 2 / 5); // and no others
}

TEST_CASE("a memo is no part of the answer: other options, other layers, damage", "[e2e][remember]") {
    const TempDir dir;
    write_text(dir / "zones.geojson", four_zones());
    write_text(dir / "parcels.geojson", many_squares(12));
    const std::string memo = dir / "r.memo";
    const auto compare = [&](const std::vector<std::string>& options) {
        const std::vector<std::string> words =
            std::vector<std::string>{
                "tabulate", dir / "zones.geojson", dir / "parcels.geojson", "--zone", "code", "--format", "json"} +
            options;
        const Outcome full = run_corebelt(words);
        const Outcome remembered = run_corebelt(words + std::vector<std::string>{"--remember", memo});
        CAPTURE(remembered.err);
        REQUIRE(full.exit_code == 0);
        REQUIRE(remembered.exit_code == 0);
        REQUIRE(remembered.out == full.out);
        return remembered;
    };
    compare({"--by", "use", "--area", "planar"});
    const auto planar = compare({"--area", "planar"});
    CHECK(measured_again(planar).first == 0); // classes are no measure
    const auto official = compare({"--area", "cn2008"});
    CHECK(measured_again(official).first > 0);
    CHECK(measured_again(compare({"--area", "cn2008", "--unit", "mu"})).first == 0);

    std::string bytes = read_text(memo);
    bytes[bytes.size() / 2] = static_cast<char>(bytes[bytes.size() / 2] ^ 4);
    write_text(memo, bytes);
    const Outcome damaged = compare({"--area", "cn2008"});
    CHECK(damaged.err.find("warning[memo-ignored]") != std::string::npos);
    const auto [again, asked] = measured_again(damaged);
    CHECK(again == asked);
    CHECK(measured_again(compare({"--area", "cn2008"})).first == 0); // written anew

    write_text(memo, "my own notes");
    const Outcome foreign = compare({"--area", "cn2008"});
    CHECK(foreign.err.find("warning[memo-ignored]") != std::string::npos);
    CHECK(read_text(memo) == "my own notes");

    const Outcome nowhere = run_corebelt(
        {"tabulate", dir / "zones.geojson", dir / "parcels.geojson", "--remember", dir / "no such folder/r.memo"});
    CHECK(nowhere.exit_code == 5);
    CHECK(nowhere.err.find("error[no-folder]") != std::string::npos);
}
