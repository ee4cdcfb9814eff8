#include "exact_oracle.hpp"
#include "geos_opinion.hpp"
#include "metre_form.hpp"
#include "random_areas.hpp"
#include "support/catch.hpp"
#include "support/temp_dir.hpp"

#include "corebelt/geo/overlap.hpp"
#include "corebelt/geo/validity.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdlib>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

using namespace corebelt::geo;
using namespace corebelt::test;

namespace {

/// Unpacks ../shared/data/conformance/<archive>; says why not where it cannot.
bool unpack(const std::string& archive, const TempDir& folder) {
    const auto shared = shared_folder();
    if (!shared || !std::filesystem::exists(*shared / "data" / "conformance" / archive)) {
        WARN("skipped: no shared folder with data/conformance/" << archive);
        return false;
    }
    const std::string path = (*shared / "data" / "conformance" / archive).string();
    const std::string to = folder.path().string();
    if (std::system(fmt::format("unzip -q -o '{}' -d '{}' 2>/dev/null", path, to).c_str()) != 0 &&
        std::system(fmt::format("python3 -m zipfile -e '{}' '{}' 2>/dev/null", path, to).c_str()) != 0) {
        WARN("skipped: neither unzip nor python3 to unpack " << archive);
        return false;
    }
    return true;
}

std::vector<std::filesystem::path> files_below(const std::filesystem::path& folder, const std::string& name_end) {
    std::vector<std::filesystem::path> files;
    for (const auto& entry : std::filesystem::recursive_directory_iterator(folder))
        if (entry.is_regular_file() && entry.path().string().ends_with(name_end))
            files.push_back(entry.path());
    std::sort(files.begin(), files.end());
    return files;
}

/// Text between <tag …> and </tag>, from `at` on; moves `at` behind it.
std::optional<std::string> element(const std::string& xml, const std::string& tag, std::size_t& at) {
    std::size_t open = xml.find("<" + tag, at);
    while (open != std::string::npos && xml[open + tag.size() + 1] != '>' && xml[open + tag.size() + 1] != ' ')
        open = xml.find("<" + tag, open + 1);
    if (open == std::string::npos)
        return std::nullopt;
    const std::size_t from = xml.find('>', open) + 1;
    const std::size_t to = xml.find("</" + tag + ">", from);
    if (to == std::string::npos)
        return std::nullopt;
    at = to + tag.size() + 3;
    return xml.substr(from, to - from);
}

/// Areas by the kernel, each checked against the oracle, and how a suite's own numbers compare.
class Suite {
public:
    /// All features valid and positively oriented.
    static bool usable(const Shapes& shapes) {
        for (std::size_t i = 0; i < shapes.size(); ++i) {
            if (shapes[i].empty())
                continue;
            const std::array itself{shapes[i]};
            if (find_fault(shapes[i]) || exact_overlap_union(shapes[i], itself, Arithmetic::quad).nearest <= 0)
                return false;
        }
        return true;
    }

    /// Area of feature `a` that lies in some of the features `bs`.
    double overlap(const Shapes& shapes, std::size_t a, const std::vector<std::size_t>& bs) {
        if (shapes[a].empty())
            return 0;
        std::vector<PreparedArea> prepared;
        std::vector<const PreparedArea*> order;
        std::vector<ShapeView> views;
        prepared.reserve(bs.size());
        for (const std::size_t b : bs)
            if (!shapes[b].empty()) {
                prepared.emplace_back(shapes[b]);
                order.push_back(&prepared.back());
                views.push_back(shapes[b]);
            }
        if (order.empty())
            return 0;
        const Overlap r = kernel_.overlap_union(shapes[a], order);
        const ExactArea exact = exact_overlap_union(shapes[a], views, Arithmetic::quad);
        const double extent =
            std::max(shapes.box[a].max_x - shapes.box[a].min_x, shapes.box[a].max_y - shapes.box[a].min_y);
        CAPTURE(exact.nearest, r.planar_m2, r.bound_m2);
        CHECK(std::abs(exact.error_of(r.planar_m2)) <= r.bound_m2 + 1e-26 * extent * extent);
        CHECK(r.parity_violations == 0);
        return r.planar_m2;
    }

    /// Both orders of the first two features.
    void check_against_oracle(const Shapes& shapes) {
        ++pairs;
        overlap(shapes, 0, {1});
        overlap(shapes, 1, {0});
    }

    double whole(const Shapes& shapes, std::size_t a) { return overlap(shapes, a, {a}); }

    double intersection(const Shapes& s) { return overlap(s, 0, {1}); }
    double difference(const Shapes& s) { return whole(s, 0) - overlap(s, 0, others(s, 0)); }
    double united(const Shapes& s) {
        double sum = 0;
        std::vector<std::size_t> before;
        for (std::size_t i = 0; i < s.size(); ++i) {
            sum += whole(s, i) - overlap(s, i, before);
            before.push_back(i);
        }
        return sum;
    }
    double exclusive(const Shapes& s) { return whole(s, 0) + whole(s, 1) - 2 * intersection(s); }

    /// Counts the case; one that differs is named, for the kernel's own numbers were checked against the oracle.
    void compare(const std::string& name, double expected, double by_kernel, const Box& box) {
        ++compared;
        const double size =
            std::max({std::abs(box.min_x), std::abs(box.max_x), std::abs(box.min_y), std::abs(box.max_y)});
        const double perimeter = 2 * (box.max_x - box.min_x + box.max_y - box.min_y);
        // The suite's vertices are rounded to doubles, and stand for a shape only to that.
        if (std::abs(expected - by_kernel) > std::max(1e-9 * std::abs(expected), 1e-12 * size * perimeter))
            differing.push_back(fmt::format("{}: suite {}, kernel {}", name, expected, by_kernel));
    }

    int pairs = 0;    ///< of valid areas
    int compared = 0; ///< areas of the suite
    int unusable = 0; ///< cases of other than valid areas
    std::vector<std::string> differing;

private:
    static std::vector<std::size_t> others(const Shapes& s, std::size_t a) {
        std::vector<std::size_t> list;
        for (std::size_t i = 0; i < s.size(); ++i)
            if (i != a)
                list.push_back(i);
        return list;
    }

    OverlapKernel kernel_{metre_form(), nullptr};
};

Box box_of(const Shapes& shapes) {
    Box box;
    for (const Box& b : shapes.box)
        box.add(b);
    return box;
}

} // namespace

TEST_CASE("areas of the overlay cases of GEOS' suite", "[overlap][conformance]") {
    const TempDir folder;
    if (!unpack("geos_xml_general_validate.zip", folder))
        return;
    const GeosOpinion geos;
    Suite suite;
    for (const auto& file : files_below(folder.path(), ".xml")) {
        const std::string xml = read_text(file);
        if (xml.find("<precisionModel") != std::string::npos && xml.find("FLOATING") == std::string::npos)
            continue; // results on a coarse grid
        std::size_t at = 0;
        for (int number = 1; const auto one = element(xml, "case", at); ++number) {
            std::size_t in_case = 0;
            const auto a = element(*one, "a", in_case);
            const auto b = a ? element(*one, "b", in_case) : std::nullopt;
            if (!a || !b)
                continue;
            const auto ga = geos.from_wkt(*a);
            const auto gb = geos.from_wkt(*b);
            if (!ga || !gb)
                continue;
            auto shapes = geos.areas(*ga, false);
            const auto second = geos.areas(*gb, false);
            if (!shapes || !second || !(shapes->append((*second)[0]), Suite::usable(*shapes))) {
                ++suite.unusable;
                continue;
            }
            suite.check_against_oracle(*shapes); // also those that have predicates only
            while (true) {
                const std::size_t op_at = one->find("<op", in_case);
                const auto result = element(*one, "op", in_case);
                if (!result)
                    break;
                const std::string attributes = one->substr(op_at, one->find('>', op_at) - op_at);
                const auto expected = geos.from_wkt(*result);
                // A third argument is the grid of a rounded result; B − A is not what is computed here.
                if (!expected || attributes.find("arg3") != std::string::npos ||
                    attributes.find("arg1=\"B\"") != std::string::npos ||
                    attributes.find("arg1=\"b\"") != std::string::npos)
                    continue;
                const auto is = [&](const std::string& name) {
                    return attributes.find("name=\"" + name + "\"") != std::string::npos ||
                           attributes.find("name=\"" + name + "NG\"") != std::string::npos;
                };
                const std::string name = fmt::format("{} case {} {}", file.filename().string(), number, attributes);
                CAPTURE(name);
                const double area = geos.area(*expected);
                if (is("intersection"))
                    suite.compare(name, area, suite.intersection(*shapes), box_of(*shapes));
                else if (is("difference"))
                    suite.compare(name, area, suite.difference(*shapes), box_of(*shapes));
                else if (is("union") && attributes.find("arg2") != std::string::npos)
                    suite.compare(name, area, suite.united(*shapes), box_of(*shapes));
                else if (is("symdifference"))
                    suite.compare(name, area, suite.exclusive(*shapes), box_of(*shapes));
            }
        }
    }
    CAPTURE(suite.pairs, suite.compared, suite.unusable, suite.differing);
    CHECK(suite.pairs > 200);
    CHECK(suite.compared > 150);
    CHECK(suite.differing.empty());
}

TEST_CASE("areas of the cases of the polygon-clipping suite", "[overlap][conformance]") {
    const TempDir folder;
    if (!unpack("polygon_clipping_e2e.zip", folder))
        return;
    const GeosOpinion geos;
    Suite suite;
    for (const auto& file : files_below(folder.path(), "args.geojson")) {
        const auto args = geos.from_geojson(read_text(file));
        const auto shapes = args ? geos.areas(*args, true) : std::nullopt;
        if (!shapes || !Suite::usable(*shapes)) {
            ++suite.unusable;
            continue;
        }
        const std::string name = file.parent_path().filename().string();
        CAPTURE(name);
        const auto expected = [&](const std::string& operation) -> std::optional<double> {
            auto path = file.parent_path() / (operation + ".geojson");
            if (!std::filesystem::exists(path))
                path = file.parent_path() / "all.geojson";
            const auto result = std::filesystem::exists(path) ? geos.from_geojson(read_text(path)) : nullptr;
            return result ? std::optional(geos.area(*result)) : std::nullopt;
        };
        const Box box = box_of(*shapes);
        if (const auto area = expected("union"))
            suite.compare(name + " union", *area, suite.united(*shapes), box);
        if (const auto area = expected("difference"); area && shapes->size() > 1)
            suite.compare(name + " difference", *area, suite.difference(*shapes), box);
        if (const auto area = expected("intersection"); area && shapes->size() == 2)
            suite.compare(name + " intersection", *area, suite.intersection(*shapes), box);
        if (const auto area = expected("xor"); area && shapes->size() == 2)
            suite.compare(name + " xor", *area, suite.exclusive(*shapes), box);
    }
    CAPTURE(suite.compared, suite.unusable, suite.differing);
    CHECK(suite.compared > 60);
    CHECK(suite.differing.empty());
}

namespace {

/// A blob like a parcel or a zone: `vertices` points around a middle, m metres across, on the millimetre, with a hole
/// half its size in one of three.
Shapes blob(Dice& dice, XY middle, double radius_m, int vertices) {
    const auto on_millimetres = [](double v) {
        return std::nearbyint(std::nearbyint(v * 1000) / 1000 * 0x1p27) * 0x1p-27;
    };
    const double wave = 3 * dice.signed_unit();
    const double depth = 0.3 * dice.signed_unit();
    const auto ring = [&](double radius, int count) {
        Ring r;
        for (int i = 0; i < count; ++i) {
            const double turn = 8 * std::atan(1.0) * i / count;
            const double at = radius * (1 + depth * std::sin(3 * turn + wave) + 0.05 * dice.signed_unit());
            r.push_back(
                {on_millimetres(middle.x + at * std::cos(turn)), on_millimetres(middle.y + at * std::sin(turn))});
        }
        return r;
    };
    Rings rings{ring(radius_m, vertices)};
    if (dice.one_in(3)) {
        rings.push_back(ring(radius_m / 2, std::max(4, vertices / 2)));
        std::reverse(rings.back().begin(), rings.back().end());
    }
    return polygon(rings);
}

} // namespace

TEST_CASE("areas and lengths of credible parcels and zones agree with GEOS", "[overlap][conformance]") {
    const XY place = GENERATE(XY{0, 0}, XY{34554000, 3456000});
    CAPTURE(place.x);
    const GeosOpinion geos;
    OverlapKernel kernel(metre_form(), nullptr);
    int settled = 0;
    for (std::uint64_t seed = 1; seed <= 2000; ++seed) {
        CAPTURE(seed);
        Dice dice(seed);
        const Shapes a = blob(dice, place, dice.between(5, 150), dice.between(8, 60));
        const XY middle{place.x + 150 * dice.signed_unit(), place.y + 150 * dice.signed_unit()};
        const Shapes b = blob(dice, middle, dice.between(20, 500), dice.between(20, 250));
        if (find_fault(a[0]) || find_fault(b[0]))
            continue; // a hole may touch the outer ring
        const PreparedArea prepared(b[0]);
        const Overlap r = kernel.overlap(a[0], prepared);
        const auto ga = geos.from_shape(a[0]);
        const auto gb = geos.from_shape(b[0]);
        const auto common = geos.intersection(*ga, *gb);
        REQUIRE(common);
        CHECK(r.parity_violations == 0);
        CHECK(r.length ==
              Approx(geos.polygon_length(*common)).epsilon(0).margin(1e-4)); // m; GEOS' vertices are rounded
        const double tolerance_m2 = std::max(1e-9 * std::min(geos.area(*ga), geos.area(*gb)),
                                             1e-12 * std::max(place.x, 1000.0) * geos.polygon_length(*ga));
        if (std::abs(r.planar_m2 - geos.area(*common)) > tolerance_m2) {
            ++settled;
            const ExactArea exact = exact_overlap(a[0], b[0], Arithmetic::quad);
            CHECK(std::abs(exact.error_of(r.planar_m2)) <= r.bound_m2);
        }
    }
    CHECK(settled < 20);
}
