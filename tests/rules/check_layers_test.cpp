/// Where layers come from: CRSs, themes of several layers, missing files, reading once, stopping.

#include "rules/plan.hpp"
#include "support/catch.hpp"

#include "corebelt/geo/error.hpp"
#include "corebelt/geo/stop.hpp"

#include <map>

using namespace corebelt;
using layers::FieldType;
using rules::Verdict;
using test::Plan;
using test::Rect;
using test::select;
using test::TableMaker;
using test::verdicts;

namespace {

TableMaker maker(const std::string& name, const std::string& crs = "EPSG:4543") {
    return TableMaker(name, {{"code", FieldType::text}}, crs);
}

project::NoOverlapRule apart(const std::string& object) {
    return {select(object), 0, project::Counting::union_};
}

} // namespace

TEST_CASE("a datum change that is only ballpark leaves the rules that need it undecided", "[check][crs]") {
    Plan plan;
    plan.layer("zones", "zone", maker("zones").add(Rect{0, 0, 100, 100}, {std::string("Z1")}).table());
    // Beijing 1954: how it lies to CGCS2000 is not public
    plan.layer("redline", "eco-redline",
               maker("redline", "EPSG:2433").add(Rect{0, 0, 9, 9}, {std::string("R1")}).table())
        .coverage = "declared";
    plan.rule("red-line", "no-overlap", apart("redline"));
    plan.rule("self", "no-overlap", apart("zones"));
    const auto result = plan.check();
    CHECK(result.rules[0].verdict == Verdict::undecided);
    CHECK(result.rules[0].note.en.find("no accurate transformation") != std::string::npos);
    CHECK(result.rules[1].verdict == Verdict::pass);
    REQUIRE(result.issues.size() == 1);
    CHECK(result.issues[0].code == "ballpark-transform");
}

TEST_CASE("a layer in another CRS of the datum is transformed, and the report says so", "[check][crs]") {
    Plan plan;
    plan.layer("zones", "zone", maker("zones").add(Rect{0, 0, 100, 100}, {std::string("Z1")}).table());
    plan.layer("redline", "eco-redline",
               maker("redline", "EPSG:4544").add(Rect{0, 0, 9, 9}, {std::string("R1")}).table())
        .coverage = "declared";
    plan.rule("red-line", "no-overlap", apart("redline"));
    const auto result = plan.check();
    REQUIRE(result.issues.size() == 2); // 105°E beside the work's 102°E: the two strips of a park on the limit
    CHECK(result.issues[0].code == "layer-of-another-zone");
    CHECK(result.issues[1].code == "layer-transformed");
    CHECK(result.issues[1].layer == "redline");
}

TEST_CASE("offset coordinates leave the rules that need them undecided, and the others alone", "[check][crs]") {
    Plan plan;
    plan.layer("zones", "zone", maker("zones").add(Rect{0, 0, 100, 100}, {std::string("Z1")}).table());
    layers::Table web = maker("redline").add(Rect{50, 0, 150, 100}, {std::string("R1")}).table();
    web.info.offset = "GCJ-02";
    web.info.offset_why = {"declared", "已声明"};
    plan.layer("redline", "eco-redline", web).coverage = "declared";
    plan.rule("red-line", "no-overlap", apart("redline"));
    plan.rule("self", "no-overlap", apart("zones"));
    const auto result = plan.check();
    CHECK(result.rules[0].verdict == Verdict::undecided); // half of the zone overlaps, but of what?
    CHECK(result.rules[0].note.en.find("GCJ-02") != std::string::npos);
    CHECK(result.rules[1].verdict == Verdict::pass);
    REQUIRE(result.issues.size() == 1);
    CHECK(result.issues[0].code == "offset-coordinates");
    CHECK(result.issues[0].layer == "redline");
}

TEST_CASE("without a CRS of its own a project has that of its first zone or park layer", "[check][crs]") {
    Plan plan;
    plan.project.crs.reset();
    plan.layer("redline", "eco-redline",
               maker("redline", "EPSG:4544").add(Rect{0, 0, 9, 9}, {std::string("R1")}).table());
    plan.layer("parks", "park", maker("parks").add(Rect{0, 0, 100, 100}, {std::string("P1")}).table());
    CHECK(plan.check().crs_label == "EPSG:4543");
}

TEST_CASE("layers of one theme count as one where they say so", "[check][theme]") {
    Plan plan;
    plan.layer("zones", "zone", maker("zones").add(Rect{0, 0, 100, 100}, {std::string("Z1")}).table());
    for (const std::string key : {"north", "south"}) {
        auto& layer = plan.layer(key, "permanent-farmland",
                                 maker(key).add(Rect{0, key == "north" ? 90.0 : 85.0, 10, 95}, {key}).table());
        layer.coverage = "declared";
        layer.union_with_theme = true;
    }
    plan.rule("farmland", "no-overlap", apart("permanent-farmland"));
    const auto rule = plan.check_one();
    CHECK(verdicts(rule) == "fail");
    CHECK(rule.subjects[0].measured == 100.0); // 85 to 95, not 50 + 100
    plan.project.layers[2].coverage.clear();
    plan.tables["/north.gpkg"] = plan.tables["/south.gpkg"] =
        maker("far").add(Rect{900, 0, 910, 10}, {std::string("F")}).table();
    CHECK(verdicts(plan.check_one()) == "undecided"); // one of the two does not say where it is complete
}

TEST_CASE("a declared layer that cannot be opened is an input error, whether or not a rule needs it",
          "[check][error]") {
    project::Project project;
    project.path = "plan.toml";
    project::Layer layer;
    layer.key = "zones";
    layer.theme = "zone";
    layer.path = layer.source = "/nowhere/zones.gpkg";
    project.layers.push_back(layer);
    try {
        (void)rules::check(project, {});
        FAIL("no error");
    } catch (const Error& error) {
        CHECK(error.kind() == ErrorKind::input);
        CHECK(error.code() == "not-found");
    }
}

TEST_CASE("fields that a project or a rule names must exist", "[check][error]") {
    Plan plan;
    auto& layer = plan.layer("zones", "zone", maker("zones").add(Rect{0, 0, 9, 9}, {std::string("Z1")}).table());
    SECTION("id") {
        layer.id_field = "cod";
    }
    SECTION("a rule's own") {
        project::AreaMatchRule match;
        match.declared_field = "cod";
        plan.rule("declared", "area-match", match);
    }
    try {
        (void)plan.check();
        FAIL("no error");
    } catch (const Error& error) {
        CHECK(error.code() == "unknown-field");
        CHECK(error.text().en == "layer zones (zones.gpkg) has no field \"cod\"; did you mean \"code\"?");
    }
}

TEST_CASE("every layer is read once, however many rules need it", "[check][read]") {
    Plan plan;
    plan.layer("zones", "zone", maker("zones").add(Rect{0, 0, 100, 100}, {std::string("Z1")}).table());
    plan.layer("parcels", "landuse-planned", maker("parcels").add(Rect{0, 0, 50, 50}, {std::string("1")}).table());
    plan.layer("unused", "road", maker("unused").add(Rect{0, 0, 50, 50}, {std::string("1")}).table());
    plan.rule("a", "no-overlap", apart("zones"), "parcels");
    plan.rule("b", "within", project::WithinRule{select("zones"), 0}, "parcels");
    plan.rule("c", "no-overlap", apart("parcels"));
    project::CountRule count;
    count.of = select("parcels");
    plan.rule("d", "count", count);

    /// Counts the batches that are taken from it.
    class Counted final : public layers::BatchSource {
    public:
        Counted(const layers::Table& table, int& reads) : source_(layers::source_over(table)), reads_(reads) {}
        [[nodiscard]] const layers::LayerInfo& info() const override { return source_->info(); }
        bool next(layers::Batch& batch) override {
            const bool more = source_->next(batch);
            reads_ += more ? 1 : 0;
            return more;
        }
        [[nodiscard]] const layers::DoorCounts& counts() const override { return source_->counts(); }
        [[nodiscard]] const layers::IssueLog& issues() const override { return source_->issues(); }

    private:
        std::unique_ptr<layers::BatchSource> source_;
        int& reads_;
    };
    std::map<std::string, int> reads;
    rules::LayerAccess access;
    access.open = [&](const std::string& path, const layers::OpenOptions&) {
        return std::make_unique<Counted>(plan.tables.at(path), reads[path]);
    };
    access.sha256 = [](const std::string&) { return std::string(); };
    (void)rules::check(plan.project, {}, access);
    CHECK(reads["/zones.gpkg"] == 1);
    CHECK(reads["/parcels.gpkg"] == 1);
    CHECK(reads["/unused.gpkg"] == 0);
}

TEST_CASE("a requested stop ends a check", "[check][error]") {
    Plan plan;
    plan.layer("zones", "zone", maker("zones").add(Rect{0, 0, 100, 100}, {std::string("Z1")}).table());
    plan.rule("self", "no-overlap", apart("zones"));
    std::string steps;
    plan.options.progress = [&](const std::string& what, std::uint64_t, std::uint64_t) {
        steps += what + ' ';
        stop_requested = true;
    };
    try {
        (void)plan.check(3, 1);
        stop_requested = false;
        FAIL("not stopped");
    } catch (const Error& error) {
        stop_requested = false;
        CHECK(error.kind() == ErrorKind::stopped);
    }
    CHECK(steps == "zones ");
}
