#include "recheck.hpp"

#include "bare_read.hpp"
#include "province_file.hpp"
#include "stopwatch.hpp"

#include <fmt/format.h>
#include <gdal_priv.h>
#include <ogrsf_frmts.h>

#include <fstream>
#include <iterator>
#include <stdexcept>

namespace corebelt::bench {

namespace {

void require(bool done, const std::string& what) {
    if (!done)
        throw std::runtime_error(what);
}

/// Moves one vertex of one parcel by a metre and saves the file, as an editor does.
void edit_parcel(const std::string& path, std::int64_t fid) {
    const GDALDatasetUniquePtr dataset(GDALDataset::Open(path.c_str(), GDAL_OF_VECTOR | GDAL_OF_UPDATE));
    require(dataset != nullptr, "cannot edit " + path);
    OGRLayer* const layer = dataset->GetLayer(0);
    const OGRFeatureUniquePtr feature(layer->GetFeature(fid));
    require(feature != nullptr, "no such parcel in " + path);
    OGRGeometry* geometry = feature->GetGeometryRef();
    if (wkbFlatten(geometry->getGeometryType()) == wkbMultiPolygon)
        geometry = geometry->toMultiPolygon()->getGeometryRef(0);
    OGRLinearRing* const ring = geometry->toPolygon()->getExteriorRing();
    const int middle = ring->getNumPoints() / 2;
    ring->setPoint(middle, ring->getX(middle) + 1, ring->getY(middle));
    require(layer->SetFeature(feature.get()) == OGRERR_NONE, "cannot save " + path);
}

std::string read_whole(const std::filesystem::path& path) {
    std::ifstream in(path, std::ios::binary);
    return {std::istreambuf_iterator<char>(in), std::istreambuf_iterator<char>()};
}

/// A project that asks for the land uses of parks and for overlaps of parks with control lines.
void write_plan(const std::filesystem::path& path, const ProvinceFiles& files, const LayerFile& controls) {
    std::ofstream(path) << fmt::format(R"([project]
title = "one parcel edited"
crs   = "EPSG:4522"

[layers.parks]
source = "{}"
theme  = "park"
id     = "id"

[layers.parcels]
source      = "{}"
theme       = "landuse-current"
id          = "id"
scheme      = "SD"
class_field = "dlbm"

[layers.redline]
source   = "{}"
theme    = "eco-redline"
id       = "id"
coverage = "declared"
coverage_source = "made for measuring"

[[rules]]
id       = "farmland-share"
kind     = "share"
subject  = "parks"
per      = "feature"
of       = {{ layer = "parcels", class = ["01"] }}
max      = 0.7
binding  = true
verified = true
clause   = "made for measuring"
source   = "made for measuring"

[[rules]]
id       = "red-line"
kind     = "no-overlap"
subject  = "parks"
object   = "redline"
binding  = true
verified = true
clause   = "made for measuring"
source   = "made for measuring"
)",
                                       std::filesystem::path(files.parks.path).filename().string(),
                                       std::filesystem::path(files.parcels.path).filename().string(),
                                       std::filesystem::path(controls.path).filename().string());
}

struct Work {
    std::string name;
    std::vector<std::string> command; ///< without program and outputs
};

} // namespace

std::vector<std::string> recheck_table(const RecheckOptions& options, Launcher& launcher) {
    const auto folder = options.folder / "recheck";
    std::filesystem::create_directories(folder);
    ProvinceSpec spec;
    spec.seed = options.seed;
    spec.parcels = options.parcels;
    const ProvinceFiles files = write_province(Province(spec), folder, "GPKG");
    write_plan(folder / "dissolved.toml", files, files.dissolved);
    write_plan(folder / "independent.toml", files, files.independent);
    const std::string& parcels = files.parcels.path;
    const std::vector<Work> works{
        {"tabulate, parks", {"tabulate", files.parks.path, parcels, "--zone", "id", "--by", "dlbm"}},
        {"tabulate, controls", {"tabulate", files.independent.path, parcels, "--zone", "id", "--by", "dlbm"}},
        {"measure overlap, controls", {"measure", parcels, files.independent.path, "--id", "id", "--other-id", "id"}},
        {"check: land-use share of parks, overlap with unions of parcels",
         {"check", (folder / "dissolved.toml").string()}},
        {"check: the same with controls (28 MB of evidence)", {"check", (folder / "independent.toml").string()}}};

    std::vector<std::string> lines{
        "",
        "## One parcel edited",
        "",
        fmt::format(
            "{} parcels with {:.2f} M vertices, controls with {:.2f} M; cn2008, validity tested, 2 threads, whole "
            "process, report as JSON. Full: without a memo. First: with `--remember` and no memo yet. Edited: "
            "one vertex of one parcel moved and the file saved before each run; the same bytes as a full run, "
            "compared each time. Bare read of the parcels: {:.3f} s.",
            files.parcels.features, static_cast<double>(files.parcels.vertices) / 1e6,
            static_cast<double>(files.independent.vertices) / 1e6, bare_read(parcels, {"dlbm"}, 4096).seconds),
        "",
        "| work | full s | CPU s | first s | edited s | CPU s | resident MB | memo MB | bar | aim |",
        "|---|---|---|---|---|---|---|---|---|---|"};
    const auto report = folder / "report.json";
    const auto full_report = folder / "full.json";
    const auto memo = folder / "report.memo";
    std::int64_t fid = static_cast<std::int64_t>(files.parcels.features) / 2;
    for (const Work& work : works) {
        const auto run = [&](const std::filesystem::path& output, bool remember) {
            std::vector<std::string> command{options.program.string()};
            command.insert(command.end(), work.command.begin(), work.command.end());
            command.insert(command.end(), {"--jobs", "2", "--quiet", "-o", output.string()});
            if (remember)
                command.insert(command.end(), {"--remember", memo.string()});
            const ChildCost cost = launcher.run(command);
            // check: 1 and 4 are answers too
            require(cost.exit_code == 0 || cost.exit_code == 1 || cost.exit_code == 4,
                    fmt::format("{} ended with {}", work.name, cost.exit_code));
            return cost;
        };
        std::filesystem::remove(memo);
        const ChildCost first = run(report, true);
        std::vector<double> full_s, full_cpu_s, edited_s, edited_cpu_s;
        double resident_mb = 0;
        for (int round = 0; round < options.rounds; ++round) {
            edit_parcel(parcels, fid);
            fid += 37;
            const ChildCost edited = run(report, true);
            const ChildCost full = run(full_report, false);
            require(read_whole(report) == read_whole(full_report), work.name + ": the bytes differ from a full run's");
            edited_s.push_back(edited.seconds);
            edited_cpu_s.push_back(edited.cpu_seconds);
            full_s.push_back(full.seconds);
            full_cpu_s.push_back(full.cpu_seconds);
            resident_mb = std::max(resident_mb, edited.resident_mb);
        }
        lines.push_back(fmt::format("| {} | {:.3f} | {:.3f} | {:.3f} | {:.3f} | {:.3f} | {:.0f} | {:.1f} | 0.3 | 0.1 |",
                                    work.name, median(full_s), median(full_cpu_s), first.seconds, median(edited_s),
                                    median(edited_cpu_s), resident_mb,
                                    static_cast<double>(std::filesystem::file_size(memo)) / 1e6));
    }
    return lines;
}

} // namespace corebelt::bench
