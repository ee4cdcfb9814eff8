// Layers put aside on disk and measured place by place give what they give in memory.
#include "partitions.hpp"
#include "rules/listing.hpp"
#include "rules/plan_tables.hpp"
#include "support/catch.hpp"
#include "support/temp_dir.hpp"

#include "corebelt/rules/measure.hpp"
#include "corebelt/rules/tabulate.hpp"

#include <algorithm>
#include <random>
#include <set>
#include <sstream>

using namespace corebelt;
using layers::FieldType;
using layers::Value;
using rules::Partitions;
using rules::PlacedRows;
using test::Plot;
using test::Rect;
using test::TableMaker;
using test::TempDir;

namespace {

/// Squares side by side around the origin of the coordinates, so that some are negative; every seventh is left out, and
/// some that lie on others' borders, stretch over many or hold all of them.
TableMaker made(const std::string& name, std::uint32_t seed, int across, double side, bool with_giants) {
    std::mt19937 random(seed);
    TableMaker maker(name, {{"code", FieldType::text}, {"level", FieldType::integer}}, "EPSG:4543", {0, 0});
    const auto code = [&] { return std::string("K") + std::to_string(random() % 5); };
    for (int i = 0; i < across; ++i)
        for (int k = 0; k < across; ++k) {
            if ((i * across + k) % 7 == 0)
                continue;
            const double x = (i - across / 2) * side;
            const double y = (k - across / 2) * side;
            const double grown = random() % 4 == 0 ? side / 8 : 0; // overlaps its neighbours
            maker.add(Rect{x - grown, y, x + side + grown, y + side},
                      {code(), std::int64_t{static_cast<int>(random() % 3)}});
        }
    if (with_giants) {
        const double reach = across * side;
        maker.add(Rect{-reach, -reach, reach, reach}, {std::string("K9"), std::int64_t{9}});
        maker.add(Rect{-reach, -side / 3, reach, side / 3}, {std::string("K1"), std::int64_t{9}});
        maker.add(Plot{{{{-reach / 2, -reach / 2, -reach / 2 + side, reach / 2}, {}}, {{0, 0, side, reach / 2}, {}}}},
                  {std::string("K2"), Value{}});
    }
    maker.add(Plot(), {code(), Value{}});
    maker.add_point(1, 1, {code(), Value{}});
    return maker;
}

/// Put aside with little memory for sorting, so that there are several runs and many chunks.
void put_aside(PlacedRows& rows, const layers::Table& table) {
    rows.put_aside();
    const auto source = layers::source_over(table, 50);
    layers::Batch batch;
    while (source->next(batch))
        rows.add(batch);
    rows.finish();
}

} // namespace

TEST_CASE("places in Morton order begin in the south-west and hold together in quarters", "[partitions]") {
    const rules::PlaceOrder order(geo::Crs::parse("EPSG:4543"));
    const auto at = [&](double x, double y) { return order.code_of({x, y, x + 1, y + 1}); };
    CHECK(at(-1, -1) < at(0, -1)); // negative coordinates come before the others
    CHECK(at(0, -1) < at(0, 0));
    CHECK(at(0, 0) < at(1.0 / 16, 0));
    CHECK(at(1.0 / 16, 0) < at(0, 1.0 / 16));
    CHECK(at(0, 0) == at(0.06, 0.06)); // one cell of 1/16 m
    CHECK(at(-1e300, 0) < at(1e300, 0));
    CHECK(at(7, 7) < at(8, 0)); // the quarter of 8 m comes whole before its neighbour
    CHECK(order.size_class({5, 5, 5, 5}) == 0);
    CHECK(order.size_class({0, 0, 1.0 / 16, 0}) == 1);
    CHECK(order.size_class({0, 0, 1, 2}) == order.size_class({0, 0, 3, 1}));
    CHECK(order.size_class({0, 0, 4, 1}) == order.size_class({0, 0, 2, 1}) + 1);
}

TEST_CASE("every subject is in one partition, with every object that its box touches", "[partitions]") {
    const TempDir dir;
    const std::uint32_t seed = GENERATE(1U, 2U);
    const bool giants = GENERATE(false, true);
    CAPTURE(seed, giants);
    const auto subjects = made("subjects", seed, 30, 10, giants).table();
    const auto objects = made("objects", seed + 10, 45, 7, giants).table();
    const geo::Crs crs = *subjects.info.crs;
    const rules::HeldMemory memory{200000, dir.path().string()};
    PlacedRows a(crs, memory);
    PlacedRows b(crs, memory);
    put_aside(a, subjects);
    put_aside(b, objects);
    CHECK(a.chunks().size() > 20);
    const Partitions partitions(a, {{&b, false}}, memory.bytes, true);
    CHECK(partitions.all().size() > 5);
    CHECK(partitions.large().empty() != giants);

    std::multiset<std::int64_t> seen;
    std::size_t missing = 0;
    std::size_t held = 0;
    for (const auto& partition : partitions.all()) {
        const layers::Batch near = partitions.objects(partition);
        held += near.size();
        const std::set<std::int64_t> near_fids(near.fid.begin(), near.fid.end());
        const auto source = partitions.subjects(partition, subjects.info);
        layers::Batch batch;
        while (source->next(batch))
            for (std::size_t row = 0; row < batch.size(); ++row) {
                seen.insert(batch.fid[row]);
                CHECK(partitions.is_subject(partition, batch.shapes.box[row]));
                for (std::size_t o = 0; o < objects.rows.size(); ++o)
                    if (!objects.rows.shapes[o].empty() && objects.rows.shapes.box[o].touches(batch.shapes.box[row]))
                        missing += near_fids.count(objects.rows.fid[o]) == 0 ? 1 : 0;
            }
    }
    CHECK(missing == 0);
    CHECK(held < 8 * objects.rows.size()); // far from everything with everything
    const layers::Batch large = partitions.large_subjects();
    seen.insert(large.fid.begin(), large.fid.end());
    std::multiset<std::int64_t> wanted;
    for (std::size_t row = 0; row < subjects.rows.size(); ++row)
        if (!subjects.rows.shapes[row].empty())
            wanted.insert(subjects.rows.fid[row]);
    CHECK(seen == wanted);

    std::set<std::int64_t> passed_by;
    std::size_t runs = 0;
    partitions.each_run_of_objects(partitions.large(), [&](const layers::Batch& run) {
        ++runs;
        for (const auto fid : run.fid)
            CHECK(passed_by.insert(fid).second); // each once
    });
    CHECK((runs > 1) == giants);
}

TEST_CASE("tabulate gives the same in memory, with zones on disk and with features on disk", "[partitions][tabulate]") {
    const TempDir dir;
    const std::uint32_t seed = GENERATE(3U, 4U);
    const bool giants = GENERATE(false, true);
    const bool coverage = GENERATE(false, true);
    const auto area = GENERATE(geo::AreaMethod::planar, geo::AreaMethod::cn2008);
    CAPTURE(seed, giants, coverage, area);
    auto zones = made("zones", seed, 25, 12, giants).table();
    auto parcels = made("parcels", seed + 10, 35, 8, giants).table();
    if (area == geo::AreaMethod::cn2008)
        for (auto* table : {&zones, &parcels}) { // where the strip is
            for (auto& p : table->rows.shapes.xy)
                p = {p.x + 500000, p.y + 2700000};
            for (auto& box : table->rows.shapes.box)
                if (!box.empty())
                    box = {box.min_x + 500000, box.min_y + 2700000, box.max_x + 500000, box.max_y + 2700000};
        }
    rules::TabulateOptions options;
    options.zone_field = "code";
    options.by = {"level"};
    options.area = area;
    options.coverage = coverage;
    const auto run = [&](std::uint64_t held_bytes, unsigned jobs, std::uint32_t shuffle) {
        options.held = {held_bytes, dir.path().string()};
        options.jobs = jobs;
        const auto mixed_zones = shuffle == 0 ? zones : test::shuffled(zones, shuffle);
        const auto mixed_parcels = shuffle == 0 ? parcels : test::shuffled(parcels, shuffle);
        const auto zone_source = layers::source_over(mixed_zones, 60);
        const auto source = layers::source_over(mixed_parcels, 70);
        return test::dump(rules::tabulate(*zone_source, *source, options));
    };
    const std::string in_memory = run(0, 1, 0);
    CHECK(in_memory.find("zones-overlap") != std::string::npos);
    CHECK(run(0, 2, 5) == in_memory);
    CHECK(run(100000, 1, 0) == in_memory); // both on disk
    CHECK(run(100000, 7, 6) == in_memory);
    CHECK(run(1200000, 2, 0) == in_memory); // zones held, features that lie in them put aside
    CHECK(run(1U << 30U, 2, 7) == in_memory);
}

TEST_CASE("measure gives the same in memory and on disk", "[partitions][measure]") {
    using rules::Amounts;
    const TempDir dir;
    const auto what = GENERATE(Amounts::overlap, Amounts::outside, Amounts::shared_boundary);
    const bool each = GENERATE(true, false);
    const bool giants = GENERATE(false, true);
    CAPTURE(static_cast<int>(what), each, giants);
    const auto a = made("a", 21, 25, 12, giants).table();
    // One that holds all of A would leave nothing outside.
    const auto b = made("b", 22, 35, 8, giants && what != Amounts::outside).table();
    rules::MeasureOptions options;
    options.what = what;
    options.each = each;
    options.other_id_field = each ? "" : "code";
    options.area = geo::AreaMethod::planar;
    options.gap_m = 0.5;
    const auto run = [&](std::uint64_t held_bytes, unsigned jobs, std::uint32_t shuffle) {
        options.held = {held_bytes, dir.path().string()};
        options.jobs = jobs;
        const auto mixed_a = shuffle == 0 ? a : test::shuffled(a, shuffle);
        const auto mixed_b = shuffle == 0 ? b : test::shuffled(b, shuffle);
        const auto a_source = layers::source_over(mixed_a, 60);
        const auto b_source = layers::source_over(mixed_b, 70);
        const auto result = rules::measure(*a_source, *b_source, options);
        std::ostringstream out;
        for (const auto& row : result.rows)
            out << layers::to_string(row.a) << ' ' << layers::to_string(row.b) << ' ' << row.value << '\n';
        for (const auto& issue : result.issues)
            out << issue.code << ' ' << issue.text.en << '\n';
        return out.str();
    };
    const std::string in_memory = run(0, 1, 0);
    CHECK(std::count(in_memory.begin(), in_memory.end(), '\n') > 100);
    CHECK(run(0, 2, 5) == in_memory);
    CHECK(run(100000, 1, 0) == in_memory);
    CHECK(run(100000, 7, 6) == in_memory);
}
