/// corebelt_bench: makes a province, measures reading, kernel, GEOS and the whole program on it, writes a page.

#include "bare_read.hpp"
#include "child_process.hpp"
#include "geos_overlap.hpp"
#include "province_file.hpp"
#include "recheck.hpp"
#include "stopwatch.hpp"

#include "corebelt/geo/amount.hpp"
#include "corebelt/geo/control_set.hpp"
#include "corebelt/geo/crs.hpp"
#include "corebelt/geo/overlap.hpp"
#include "corebelt/geo/versions.hpp"
#include "corebelt/layers/dataset.hpp"

#include <fmt/format.h>

#include <atomic>
#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <map>
#include <stdexcept>
#include <thread>

using namespace corebelt;

namespace {

struct Options {
    bench::ProvinceSpec province;
    std::filesystem::path folder = std::filesystem::temp_directory_path() / "corebelt-bench";
    std::filesystem::path results = COREBELT_RESULTS, program = COREBELT_PROGRAM;
    std::string driver = "GPKG";
    int rounds = 7;
    std::uint32_t recheck_parcels = 100'000;
};

[[noreturn]] void usage(const std::string& problem) {
    fmt::print(stderr,
               "corebelt_bench: {}\n"
               "usage: corebelt_bench [--parcels N] [--controls N] [--control-vertices N] [--seed N] [--rounds N]\n"
               "                      [--recheck-parcels N] [--driver GPKG|FlatGeobuf] [--folder DIR] [--program CLI]\n"
               "                      [-o RESULTS.md]\n"
               "with --rounds 0 it only makes the files\n",
               problem);
    std::exit(2);
}

Options parse(int argc, char** argv) {
    Options options;
    for (int i = 1; i < argc; i += 2) {
        const std::string key = argv[i];
        if (i + 1 == argc)
            usage(key + " needs a value");
        const std::string value = argv[i + 1];
        const auto number = [&] {
            try {
                return static_cast<std::uint32_t>(std::stoul(value));
            } catch (const std::exception&) {
                usage(key + " needs a number, not " + value);
            }
        };
        if (key == "--parcels")
            options.province.parcels = number();
        else if (key == "--controls")
            options.province.controls = number();
        else if (key == "--control-vertices")
            options.province.control_vertices = number();
        else if (key == "--seed")
            options.province.seed = number();
        else if (key == "--recheck-parcels")
            options.recheck_parcels = number();
        else if (key == "--rounds")
            options.rounds = static_cast<int>(number());
        else if (key == "--driver")
            options.driver = value;
        else if (key == "--folder")
            options.folder = value;
        else if (key == "--program")
            options.program = value;
        else if (key == "-o")
            options.results = value;
        else
            usage("unknown option " + key);
    }
    return options;
}

/// A Markdown page that grows and is shown while it does.
class Page {
public:
    template <typename... Args>
    void line(fmt::format_string<Args...> text, Args&&... args) {
        const std::string formatted = fmt::format(text, std::forward<Args>(args)...) + "\n";
        std::fputs(formatted.c_str(), stdout);
        std::fflush(stdout);
        text_ += formatted;
    }
    [[nodiscard]] const std::string& text() const { return text_; }

private:
    std::string text_;
};

std::string processor() {
    std::ifstream in("/proc/cpuinfo");
    for (std::string line; std::getline(in, line);)
        if (line.starts_with("model name"))
            return line.substr(line.find(':') + 2);
    return "unknown processor";
}

std::string millions(std::uint64_t n) {
    return fmt::format("{:.2f} M", static_cast<double>(n) / 1e6);
}

layers::Table read_areas(const std::string& path) {
    layers::OpenOptions options;
    options.trust_geometry = true;
    const auto source = layers::open_layer(path, options);
    return layers::read_all(*source);
}

struct KernelRun {
    double seconds = 0, cpu_seconds = 0;
    geo::Amount planar, ground;
    std::uint64_t pairs = 0, crossings = 0, parity_violations = 0;
};

/// Area of each parcel in each control, summed, as `tabulate` asks for it.
KernelRun kernel_run(const geo::Shapes& parcels, const geo::ControlSet& controls, const geo::AreaForm& planar,
                     const geo::AreaForm* ground, unsigned jobs, std::size_t first = 0, std::size_t stride = 1) {
    const bench::Stopwatch watch;
    constexpr std::size_t slice = 512;
    std::vector<KernelRun> parts(jobs);
    std::atomic<std::size_t> next{0};
    const auto work = [&](KernelRun& run) {
        geo::OverlapKernel kernel(planar, ground);
        std::vector<std::uint32_t> found;
        for (;;) {
            const std::size_t begin = next.fetch_add(slice);
            if (begin >= parcels.size())
                return;
            const std::size_t skipped = begin <= first ? first - begin : (stride - (begin - first) % stride) % stride;
            for (std::size_t i = begin + skipped; i < std::min(begin + slice, parcels.size()); i += stride) {
                controls.find(parcels.box[i], found);
                for (const std::uint32_t c : found) {
                    const geo::Overlap overlap = kernel.overlap(parcels[i], controls[c]);
                    run.planar += geo::Amount(overlap.planar_m2);
                    run.ground += geo::Amount(overlap.ground_m2);
                    run.crossings += overlap.crossings;
                    run.parity_violations += overlap.parity_violations;
                }
                run.pairs += found.size();
            }
        }
    };
    std::vector<std::thread> threads;
    for (unsigned t = 1; t < jobs; ++t)
        threads.emplace_back([&, t] { work(parts[t]); });
    work(parts[0]);
    for (std::thread& thread : threads)
        thread.join();
    KernelRun total;
    for (const KernelRun& part : parts) {
        total.planar += part.planar;
        total.ground += part.ground;
        total.pairs += part.pairs;
        total.crossings += part.crossings;
        total.parity_violations += part.parity_violations;
    }
    total.seconds = watch.seconds();
    total.cpu_seconds = watch.cpu_seconds();
    return total;
}

struct Repeated {
    KernelRun last;
    double seconds = 0, cpu_seconds = 0; ///< medians
};

template <typename Run>
Repeated repeated(int rounds, const Run& run) {
    Repeated result;
    std::vector<double> seconds;
    std::vector<double> cpu_seconds;
    for (int i = 0; i < rounds; ++i) {
        result.last = run();
        seconds.push_back(result.last.seconds);
        cpu_seconds.push_back(result.last.cpu_seconds);
    }
    result.seconds = bench::median(seconds);
    result.cpu_seconds = bench::median(cpu_seconds);
    return result;
}

void bench_kernel(Page& page, const Options& options, const bench::ProvinceFiles& files) {
    const layers::Table parcels = read_areas(files.parcels.path);
    const geo::Shapes& shapes = parcels.rows.shapes;
    const geo::AreaForm planar = geo::AreaForm::planar(*parcels.info.crs);
    const geo::AreaForm ground = geo::AreaForm::ground(*parcels.info.crs);
    page.line("\n## Kernel against prepared GEOS\n");
    page.line(
        "Parcels and controls in memory, area of each parcel in each control, planar unless said otherwise. CPU: "
        "processor time of one thread. GEOS: prepared controls, STR tree, covers before intersection, on every nth "
        "parcel and scaled by parcels; building geometries is not counted. Ratio: GEOS CPU over our CPU. Gain: one "
        "thread over two by the clock.\n");
    page.line("| controls | vertices | pairs | crossings | prepare s | CPU s | clock 1 s | clock 2 s | gain | "
              "cn2008 CPU s | ns a crossing | GEOS CPU s (sample) | ratio | areas apart |");
    page.line("|---|---|---|---|---|---|---|---|---|---|---|---|---|---|");
    const std::pair<const char*, const bench::LayerFile*> sets[] = {{"independent", &files.independent},
                                                                    {"unions of parcels", &files.dissolved},
                                                                    {"the same jittered 1 mm", &files.jittered},
                                                                    {"parks", &files.parks}};
    for (const auto& [name, file] : sets) {
        const layers::Table held = read_areas(file->path);
        const bench::Stopwatch preparing;
        const geo::ControlSet controls(held.rows.shapes);
        const double prepare_s = preparing.seconds();
        const auto one = repeated(options.rounds, [&] { return kernel_run(shapes, controls, planar, nullptr, 1); });
        const auto two = repeated(options.rounds, [&] { return kernel_run(shapes, controls, planar, nullptr, 2); });
        const auto law = repeated(options.rounds, [&] { return kernel_run(shapes, controls, planar, &ground, 1); });
        if (!(one.last.planar == two.last.planar) || one.last.parity_violations != 0)
            throw std::runtime_error("two threads do not sum to the same, or winding numbers do not close");
        // As many parcels as GEOS does in a few seconds.
        const std::size_t trial = std::max<std::size_t>(1, shapes.size() / 2000);
        const double trial_s =
            bench::geos_overlap(shapes, held.rows.shapes, 0, trial).cpu_seconds * static_cast<double>(trial);
        const auto stride = static_cast<std::size_t>(std::max(1.0, trial_s / 3));
        std::vector<double> geos_s;
        bench::GeosSum geos;
        const int geos_rounds = std::min(options.rounds, 3);
        double apart = 0;
        for (int i = 0; i < geos_rounds; ++i) {
            const std::size_t first = static_cast<std::size_t>(i) * stride / static_cast<std::size_t>(geos_rounds);
            geos = bench::geos_overlap(shapes, held.rows.shapes, first, stride);
            const double asked = static_cast<double>((shapes.size() - first + stride - 1) / stride);
            geos_s.push_back(geos.cpu_seconds * static_cast<double>(shapes.size()) / asked);
            const double ours = kernel_run(shapes, controls, planar, nullptr, 1, first, stride).planar.value();
            apart = std::max(apart, std::abs(ours - geos.area_m2) / geos.area_m2);
        }
        const double geos_median = bench::median(geos_s);
        page.line(
            "| {} | {} | {} | {} | {:.2f} | {:.3f} | {:.3f} | {:.3f} | {:.2f} × | {:.3f} | {:.0f} | {:.1f} (1/{}) | "
            "{:.0f} × | {:.1e} |",
            name, millions(file->vertices), one.last.pairs, one.last.crossings, prepare_s, one.cpu_seconds, one.seconds,
            two.seconds, one.seconds / two.seconds, law.cpu_seconds,
            1e9 * one.cpu_seconds / static_cast<double>(std::max<std::uint64_t>(1, one.last.crossings)), geos_median,
            stride, geos_median / one.cpu_seconds, apart);
    }
}

void bench_whole(Page& page, const Options& options, const bench::ProvinceFiles& files, bench::Launcher& launcher) {
    page.line("\n## Reading and the whole program\n");
    page.line("Bare read: GDAL's Arrow stream over both files, only the fields that `tabulate` needs, best batch size, "
              "in turn "
              "with the program. Program: process start to end.\n");
    std::map<std::uint32_t, std::vector<double>> reads;
    const auto bare = [&](const bench::LayerFile& controls, std::uint32_t batch) {
        const bench::ReadCost subject = bench::bare_read(files.parcels.path, {"dlbm"}, batch);
        const bench::ReadCost held = bench::bare_read(controls.path, {"id"}, batch);
        return bench::ReadCost{subject.seconds + held.seconds, subject.cpu_seconds + held.cpu_seconds};
    };
    for (int i = 0; i < std::min(3, options.rounds); ++i)
        for (const std::uint32_t batch : {1024U, 4096U, 16384U, 65536U})
            reads[batch].push_back(bare(files.independent, batch).seconds);
    std::uint32_t best = 0;
    for (const auto& [batch, seconds] : reads) {
        page.line("- bare read, batches of {}: {:.3f} s", batch, bench::median(seconds));
        if (best == 0 || bench::median(seconds) < bench::median(reads[best]))
            best = batch;
    }
    page.line("\n| controls | area | validity | threads | program s | CPU s | resident MB | bare read s | CPU s | "
              "ratio | of CPU |");
    page.line("|---|---|---|---|---|---|---|---|---|---|---|");
    struct Case {
        const char* name;
        const bench::LayerFile* controls;
        const char* area;
        bool trusted;
        const char* jobs;
    };
    const Case cases[] = {{"independent", &files.independent, "planar", true, "1"},
                          {"independent", &files.independent, "planar", true, "2"},
                          {"independent", &files.independent, "planar", false, "2"},
                          {"independent", &files.independent, "cn2008", true, "2"},
                          {"independent", &files.independent, "cn2008", false, "2"},
                          {"unions of parcels", &files.dissolved, "planar", true, "2"},
                          {"the same jittered 1 mm", &files.jittered, "planar", true, "2"},
                          {"parks", &files.parks, "planar", true, "2"}};
    for (const Case& c : cases) {
        std::vector<std::string> command{options.program.string(),
                                         "tabulate",
                                         c.controls->path,
                                         files.parcels.path,
                                         "--zone",
                                         "id",
                                         "--by",
                                         "dlbm",
                                         "--area",
                                         c.area,
                                         "--jobs",
                                         c.jobs,
                                         "--quiet",
                                         "--format",
                                         "json"};
        if (c.trusted)
            command.emplace_back("--trust-geometry");
        std::vector<double> program_s;
        std::vector<double> cpu_s;
        std::vector<double> read_s;
        std::vector<double> read_cpu_s;
        bench::ChildCost cost;
        for (int i = 0; i < options.rounds; ++i) {
            const bench::ReadCost read = bare(*c.controls, best);
            read_s.push_back(read.seconds);
            read_cpu_s.push_back(read.cpu_seconds);
            cost = launcher.run(command);
            if (cost.exit_code != 0)
                break;
            program_s.push_back(cost.seconds);
            cpu_s.push_back(cost.cpu_seconds);
        }
        if (cost.exit_code != 0) {
            page.line("| {} | {} | {} | {} | exit {} | | | | | | |", c.name, c.area, c.trusted ? "trusted" : "tested",
                      c.jobs, cost.exit_code);
            continue;
        }
        page.line("| {} | {} | {} | {} | {:.3f} | {:.3f} | {:.0f} | {:.3f} | {:.3f} | {:.2f} × | {:.2f} × |", c.name,
                  c.area, c.trusted ? "trusted" : "tested", c.jobs, bench::median(program_s), bench::median(cpu_s),
                  cost.resident_mb, bench::median(read_s), bench::median(read_cpu_s),
                  bench::median(program_s) / bench::median(read_s), bench::median(cpu_s) / bench::median(read_cpu_s));
    }
}

void bench_all(const Options& options) {
    bench::Launcher launcher; // first: while this process is small
    Page page;
    page.line("# Benchmark\n");
    page.line(
        "Made by `./run bench`. Medians of {} rounds unless said otherwise; ratios are of the same run. Growth to 10⁷ "
        "parcels: GROWTH.md; PostGIS and GeoPandas: PEERS.md; pairs against exact areas: ORACLE.md.\n",
        options.rounds);
    page.line("- machine: {}, {} processors", processor(), std::thread::hardware_concurrency());
    page.line("- corebelt {}, GDAL {}, GEOS {}, PROJ {}, compiler {}", geo::engine_version(), layers::gdal_version(),
              geo::geos_version(), geo::proj_version(), __VERSION__);
    const bench::Province province(options.province);
    const bench::Stopwatch making;
    const bench::ProvinceFiles files = bench::write_province(province, options.folder, options.driver);
    page.line("- province: seed {}, {} parcels with {} vertices on {:.0f} km², {}; written in {:.1f} s",
              options.province.seed, files.parcels.features, millions(files.parcels.vertices),
              province.side_m() * province.side_m() / 1e6, options.driver, making.seconds());
    for (const bench::LayerFile* file : {&files.independent, &files.dissolved, &files.jittered, &files.parks})
        page.line("- {}: {} features, {} vertices", std::filesystem::path(file->path).stem().string(), file->features,
                  millions(file->vertices));
    if (options.rounds == 0)
        return;
    bench_kernel(page, options, files);
    bench_whole(page, options, files, launcher);
    if (std::filesystem::exists(options.program))
        for (const std::string& line : bench::recheck_table(
                 {options.folder, options.program, options.recheck_parcels, options.province.seed, options.rounds},
                 launcher))
            page.line("{}", line);
    std::ofstream out(options.results, std::ios::binary);
    out << page.text();
    if (!out.flush())
        throw std::runtime_error("cannot write " + options.results.string());
}

} // namespace

int main(int argc, char** argv) {
    const Options options = parse(argc, argv);
    try {
        bench_all(options);
    } catch (const std::exception& e) {
        fmt::print(stderr, "corebelt_bench: {}\n", e.what());
        return 1;
    }
    return 0;
}
