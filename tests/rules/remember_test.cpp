/// Checks that look measures up in a memo: the result is that of a check without one, to the last digit.

#include "rules/plan.hpp"
#include "support/catch.hpp"
#include "support/temp_dir.hpp"

#include "corebelt/layers/memo.hpp"

#include <random>

using namespace corebelt;
using layers::FieldType;
using layers::Memo;
using test::Plan;
using test::Rect;
using test::select;
using test::TableMaker;

namespace {

using Random = std::mt19937;

struct Piece {
    Rect rect;
    std::string code;
    double declared_m2;
};

/// Layers that can be edited and made into a plan with a rule of each kind that measures.
struct Land {
    std::vector<Piece> zones, parcels, redline, growth, roads;

    Land() {
        for (int i = 0; i < 3; ++i)
            zones.push_back({{120.0 * i, 0, 120.0 * i + 110, 100}, "Z" + std::to_string(i), 11000});
        for (int i = 0; i < 12; ++i)
            for (int k = 0; k < 4; ++k)
                parcels.push_back({{30.0 * i, 25.0 * k, 30.0 * i + 30, 25.0 * k + 25},
                                   "P" + std::to_string(i) + '-' + std::to_string(k),
                                   750});
        redline.push_back({{100, 40, 130, 60}, "R1", 0});
        redline.push_back({{120, 30, 125, 80}, "R2", 0});
        growth.push_back({{-10, -10, 355, 70}, "G1", 0});
        growth.push_back({{-10, 60, 200, 110}, "G2", 0});
        for (int i = 0; i < 4; ++i)
            roads.push_back({{-20, 26.0 * i, 0, 26.0 * i + 20}, "L" + std::to_string(i), 0});
    }

    static layers::Table table(const std::string& name, const std::vector<Piece>& pieces) {
        TableMaker maker(name, {{"code", FieldType::text}, {"declared", FieldType::real}});
        for (const auto& piece : pieces)
            maker.add(piece.rect, {piece.code, piece.declared_m2});
        return maker.table();
    }

    [[nodiscard]] Plan plan() const {
        Plan plan;
        plan.project.area = geo::AreaMethod::cn2008;
        const auto add = [&](const char* key, const char* theme, const std::vector<Piece>& pieces) {
            auto& layer = plan.layer(key, theme, table(key, pieces));
            layer.id_field = "code";
            layer.coverage = "declared";
        };
        add("zones", "zone", zones);
        add("parcels", "base", parcels);
        add("redline", "eco-redline", redline);
        add("growth", "growth-boundary", growth);
        add("roads", "road", roads);
        plan.rule("share", "share",
                  project::ShareRule{select("parcels", "code LIKE 'P1%'"), std::nullopt, 0.1, std::nullopt, {}});
        plan.rule("union", "no-overlap", project::NoOverlapRule{select("redline"), 0, project::Counting::union_});
        plan.rule("each", "no-overlap", project::NoOverlapRule{select("redline"), 0, project::Counting::each},
                  "parcels");
        plan.rule("apart", "no-overlap", project::NoOverlapRule{select("parcels"), 0, project::Counting::union_},
                  "parcels");
        plan.rule("within", "within", project::WithinRule{select("growth"), 0}, "parcels");
        plan.rule("declared", "area-match", project::AreaMatchRule{"declared", {}, "m2", 5.0, std::nullopt}, "parcels");
        plan.rule("count", "count", project::CountRule{select("parcels"), 2, std::nullopt});
        plan.rule("on-road", "adjacent", project::AdjacentRule{select("roads"), 0.5, 0, true}, "parcels");
        plan.rule("far", "distance", project::DistanceRule{select("roads"), 40.0, std::nullopt, ""}, "parcels");
        plan.rule("lonely", "distance", project::DistanceRule{select("parcels"), 1.0, std::nullopt, ""}, "parcels");
        return plan;
    }

    void edit(Random& random) {
        std::vector<Piece>* layers[] = {&parcels, &parcels, &parcels, &zones, &redline, &growth, &roads};
        auto& layer = *layers[random() % 7];
        auto& piece = layer[random() % layer.size()];
        const double steps[] = {-3, -0.001, 0.001, 0.25, 7};
        switch (random() % 5) {
        case 0:
            piece.rect.x1 += steps[random() % 5];
            break;
        case 1:
            piece.rect.y0 -= 4;
            break;
        case 2:
            if (layer.size() > 1) {
                std::swap(piece, layer.back());
                layer.pop_back();
            }
            break;
        case 3: {
            const Piece copy = piece; // the same shape twice
            layer.push_back(copy);
            break;
        }
        default:
            piece.code += 'x';
            piece.declared_m2 += 10;
        }
    }
};

} // namespace

TEST_CASE("a check with a memo gives the result of a check without one, whatever was edited", "[check][remember]") {
    const test::TempDir dir;
    const std::string path = dir / "check.memo";
    const unsigned seed = 977;
    Random random(seed);
    Land land;
    std::uint64_t all = 0;
    std::uint64_t again = 0;
    for (int step = 0; step < 25; ++step) {
        CAPTURE(seed, step);
        Plan plan = land.plan();
        const std::string full = test::dump(plan.check(1));
        Memo memo;
        REQUIRE_FALSE(memo.load(path));
        plan.options.memo = &memo;
        const unsigned jobs[] = {1, 2, 7};
        REQUIRE(test::dump(plan.check(jobs[step % 3], 16, static_cast<std::uint32_t>(step))) == full);
        memo.save(path);
        const auto counts = memo.counts();
        if (step > 0) {
            all += counts.known + counts.worked_out;
            again += counts.worked_out;
        }
        land.edit(random);
    }
    CHECK(again > 0);
    CHECK(again < all / 5); // a zone or a road touches many parcels
}

TEST_CASE("a check of the same plan measures nothing again", "[check][remember]") {
    const test::TempDir dir;
    const Land land;
    Plan plan = land.plan();
    Memo first;
    plan.options.memo = &first;
    const std::string full = test::dump(plan.check(2));
    CHECK(first.counts().worked_out > 200);
    first.save(dir / "check.memo");

    Memo second;
    REQUIRE_FALSE(second.load(dir / "check.memo"));
    plan.options.memo = &second;
    CHECK(test::dump(plan.check(1)) == full);
    CHECK(second.counts().known > 200);
    CHECK(second.counts().worked_out == 0);

    Memo third; // another method: the same shapes, other numbers
    REQUIRE_FALSE(third.load(dir / "check.memo"));
    Plan planar = land.plan();
    planar.project.area = geo::AreaMethod::planar;
    const std::string planar_full = test::dump(planar.check(1));
    planar.options.memo = &third;
    CHECK(test::dump(planar.check(1)) == planar_full);
    CHECK(planar_full != full);
}
