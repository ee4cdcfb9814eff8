/// corebelt_bench_scale: provinces of any size as files, pairs against the exact oracle, two very large rings.

#include "exact_pairs.hpp"
#include "province_file.hpp"
#include "stopwatch.hpp"

#include "corebelt/geo/control_set.hpp"
#include "corebelt/geo/crs.hpp"
#include "corebelt/geo/overlap.hpp"
#include "corebelt/geo/versions.hpp"
#include "corebelt/layers/dataset.hpp"

#include <fmt/format.h>

#include <cmath>
#include <cstdlib>
#include <fstream>
#include <iterator>
#include <map>
#include <numbers>
#include <stdexcept>
#include <string>
#include <thread>

using namespace corebelt;

namespace {

constexpr const char* usage_text =
    "usage: corebelt_bench_scale make --folder DIR [--parcels N] [--controls N] [--control-vertices N]\n"
    "       corebelt_bench_scale oracle [--pairs N] [--rational-seconds N] [--real FOLDER] [-o FILE.md]\n"
    "       corebelt_bench_scale rings [--vertices N]\n"
    "       corebelt_bench_scale versions\n";

class Arguments {
public:
    Arguments(int argc, char** argv) {
        for (int i = 2; i + 1 < argc; i += 2)
            values_[argv[i]] = argv[i + 1];
        if (argc < 2 || argc % 2 != 0)
            throw std::invalid_argument(usage_text);
        verb_ = argv[1];
    }
    [[nodiscard]] const std::string& verb() const { return verb_; }
    [[nodiscard]] std::string text(const std::string& key) const {
        const auto found = values_.find(key);
        return found == values_.end() ? "" : found->second;
    }
    [[nodiscard]] std::uint32_t number(const std::string& key, std::uint32_t otherwise) const {
        const std::string value = text(key);
        return value.empty() ? otherwise : static_cast<std::uint32_t>(std::stoul(value));
    }

private:
    std::string verb_;
    std::map<std::string, std::string> values_;
};

std::string processor() {
    std::ifstream in("/proc/cpuinfo");
    for (std::string line; std::getline(in, line);)
        if (line.starts_with("model name"))
            return line.substr(line.find(':') + 2);
    return "unknown processor";
}

std::string versions() {
    return fmt::format("- machine: {}, {} processors\n- corebelt {}, GDAL {}, GEOS {}, PROJ {}, compiler {}\n",
                       processor(), std::thread::hardware_concurrency(), geo::engine_version(), layers::gdal_version(),
                       geo::geos_version(), geo::proj_version(), __VERSION__);
}

void make(const Arguments& arguments) {
    bench::ProvinceSpec spec;
    spec.parcels = arguments.number("--parcels", spec.parcels);
    spec.controls = arguments.number("--controls", spec.controls);
    spec.control_vertices = arguments.number("--control-vertices", spec.control_vertices);
    const bench::Province province(spec);
    const bench::StreamedFiles files = bench::write_streamed(province, arguments.text("--folder"));
    fmt::print("{} {} {} {}\n", files.parcels.features, files.parcels.vertices, files.controls.features,
               files.controls.vertices);
}

std::string pairs_table(const bench::ExactPairs& r, double seconds) {
    const auto share = [&](std::uint64_t n) { return 100.0 * static_cast<double>(n) / static_cast<double>(r.pairs); };
    std::string page = fmt::format(
        "| | pairs | share | oracle | CPU s |\n|---|---|---|---|---|\n"
        "| nothing in common | {} | {:.2f} % | no edges meet: proved and summed in 128-bit integers | {:.0f} (both) |\n"
        "| one within the other | {} | {:.2f} % | the same | |\n"
        "| edges meet | {} | {:.2f} % | slabs in 113-bit floating point | {:.0f} |\n"
        "| of those again | {} | {:.4f} % | slabs in rationals | {:.0f} |\n",
        r.apart, share(r.apart), r.uncut_s, r.within, share(r.within), r.cut, share(r.cut), r.cut_s, r.rational,
        share(r.rational), r.rational_s);
    if (r.left_out > 0)
        page +=
            fmt::format("| edges meet, too many vertices | {} | {:.2f} % | none | |\n", r.left_out, share(r.left_out));
    page += fmt::format("| together | {} | | {:.0f} s by the clock, two threads | |\n\n", r.pairs, seconds);
    page += fmt::format("- greatest difference of a pair: {:.2e} m²\n"
                        "- greatest difference over the bound returned with the area: {:.2e}\n"
                        "- greatest difference over max(0.01 m², 1e-6 · area): {:.2e}\n"
                        "- 113-bit slabs and rational slabs differ by at most {:.1e} m²\n",
                        r.greatest_m2, r.greatest_of_bound, r.greatest_of_equality, r.quad_to_rational_m2);
    return page;
}

geo::Shapes areas_of(const std::string& source) {
    const auto layer = layers::open_layer(source, {});
    return layers::read_all(*layer).rows.shapes;
}

/// Real land cover against itself, neighbours and all, and against layers made from it; once where it lies, then
/// displaced as surveys of different years are, and farther.
std::string real_pairs(const std::string& folder, double rational_s) {
    constexpr std::uint64_t most_vertices = 10'000;
    constexpr geo::XY displacements[] = {{0, 0},  {0.001, 0}, {0.02, -0.01}, {0.5, 0.25},
                                         {-3, 7}, {40, 110},  {900, -500}};
    constexpr const char* others[] = {"landuse", "derived_industrial_parks", "derived_eco_redline",
                                      "derived_permanent_farmland", "derived_urban_growth_boundary"};
    const std::string file = folder + "/thiene_belt.gpkg|layer=";
    const bench::Stopwatch watch;
    const geo::Shapes cover = areas_of(file + others[0]);
    bench::ExactPairs sum;
    for (const char* name : others) {
        const geo::Shapes controls = areas_of(file + name);
        for (const geo::XY by : displacements)
            sum = together(sum, bench::compare_pairs(bench::displaced(cover, by), controls, most_vertices,
                                                     rational_s / (std::size(others) * std::size(displacements))));
    }
    return fmt::format(
               "\n## Real land cover\n\n{} areas with {} vertices (Regione Veneto, IODL 2.0), through the door, with "
               "each other and with the parks, red lines, farmland and growth boundary made from them; where they lie "
               "and displaced by {} vectors of 1 mm to 1 km. Pairs whose edges meet are compared up to {} "
               "vertices.\n\n",
               cover.size(), cover.xy.size(), std::size(displacements) - 1, most_vertices) +
           pairs_table(sum, watch.seconds());
}

void oracle(const Arguments& arguments) {
    bench::ProvinceSpec spec;
    const std::uint32_t wanted = arguments.number("--pairs", 1'000'000);
    spec.parcels = static_cast<std::uint32_t>(wanted * 2.8); // two parcels in five lie at a park's box
    const double rational_s = arguments.number("--rational-seconds", 60);
    const bench::Stopwatch watch;
    const auto r = bench::compare_pairs(bench::Province(spec), wanted, rational_s);
    std::string page = "# Each pair against the exact area\n\nMade by `./run bench oracle`.\n\n" + versions();
    page +=
        fmt::format("\n## Parcels and parks\n\nParcels (3 ha, 42 vertices) of the bench province, seed {}, and its {} "
                    "parks (about 300 vertices), coordinates on the lattice of 2⁻²⁷ m.\n\n",
                    spec.seed, spec.parks) +
        pairs_table(r, watch.seconds());
    if (const std::string folder = arguments.text("--real"); !folder.empty())
        page += real_pairs(folder, rational_s);
    fmt::print("{}", page);
    if (const std::string path = arguments.text("-o"); !path.empty()) {
        std::ofstream out(path, std::ios::binary);
        out << page;
        if (!out.flush())
            throw std::runtime_error("cannot write " + path);
    }
    if (r.greatest_of_bound > 1)
        throw std::runtime_error("a difference exceeds its bound");
}

/// Saw-toothed rings about one centre, one turned by half a tooth: every edge of one crosses the other.
void rings(const Arguments& arguments) {
    const std::uint32_t vertices = arguments.number("--vertices", 200'000);
    const auto saw = [&](double turn) {
        geo::Shapes shapes;
        const std::uint32_t n = vertices - vertices % 2;
        geo::XY first{};
        for (std::uint32_t k = 0; k < n; ++k) {
            const double angle = 2 * std::numbers::pi * (k + turn) / n;
            const double r = 20'000 + (k % 2 == 0 ? 40 : -40);
            const geo::XY p{std::round((34'500'000 + r * std::cos(angle)) * 1000) / 1000,
                            std::round((2'700'000 + r * std::sin(angle)) * 1000) / 1000};
            if (k == 0)
                first = p;
            shapes.add(p);
        }
        shapes.add(first);
        shapes.end_ring();
        shapes.end_part();
        shapes.end_shape(geo::Dimension::area);
        return shapes;
    };
    const geo::Shapes a = saw(0);
    const geo::Shapes b = saw(1);
    std::vector<double> seconds;
    geo::Overlap overlap;
    for (int i = 0; i < 5; ++i) {
        const bench::Stopwatch watch;
        const geo::ControlSet prepared(b);
        geo::OverlapKernel kernel(geo::AreaForm::planar(geo::Crs::parse("EPSG:4522")), nullptr);
        overlap = kernel.overlap(a[0], prepared[0]);
        seconds.push_back(watch.seconds());
    }
    fmt::print("{:.4f} {} {:.0f}\n", bench::median(seconds), overlap.crossings, overlap.planar_m2);
}

} // namespace

int main(int argc, char** argv) {
    try {
        const Arguments arguments(argc, argv);
        if (arguments.verb() == "make")
            make(arguments);
        else if (arguments.verb() == "oracle")
            oracle(arguments);
        else if (arguments.verb() == "rings")
            rings(arguments);
        else if (arguments.verb() == "versions")
            fmt::print("{}", versions());
        else
            throw std::invalid_argument(usage_text);
    } catch (const std::invalid_argument& error) {
        fmt::print(stderr, "{}\n", error.what());
        return 2;
    } catch (const std::exception& error) {
        fmt::print(stderr, "corebelt_bench_scale: {}\n", error.what());
        return 1;
    }
    return 0;
}
