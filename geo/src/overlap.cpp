#include "corebelt/geo/overlap.hpp"

#include "pair_sum.hpp"
#include "prepared_index.hpp"
#include "union_sum.hpp"

#include "corebelt/geo/expects.hpp"

#include <optional>

namespace corebelt::geo {

namespace {

/// Above this many pairs of runs both trees are walked together instead.
constexpr std::size_t most_run_pairs = 4096;

} // namespace

struct OverlapKernel::Scratch {
    double m2_per_unit2 = 1;
    std::optional<AreaForm> ground;
    std::optional<GroundForm> ground_at_origin;
    EdgeTree tree; ///< of an A that came unprepared
    Side a;
    Side b;
    std::vector<const PreparedArea*> near; ///< the B that come into A
    UnionSum union_sum;

    /// The ground form about the corner of A's box; A is often the same for several calls.
    const GroundForm* ground_of(const Box& box_a) {
        if (!ground)
            return nullptr;
        const XY origin = low_corner(box_a);
        if (!ground_at_origin || !(ground_at_origin->origin == origin))
            ground_at_origin = GroundForm{ground->local(origin), origin};
        return &*ground_at_origin;
    }

    PairSum pair(const EdgeTree& tree_a, const Box& box_a, const EdgeTree& tree_b, const Box& box_b) {
        const Box shared = common(box_a, box_b);
        a.reach(tree_a, shared);
        b.reach(tree_b, shared);
        PairSum sum(a, b, box_a, box_b, ground_of(box_a));
        CrossingSearch search(tree_a, tree_b, sum);
        if (a.runs.size() * b.runs.size() <= most_run_pairs)
            search.lists(a.runs, b.runs);
        else
            search.trees(shared);
        sum.edges();
        return sum;
    }
};

OverlapKernel::OverlapKernel(const AreaForm& planar, const AreaForm* ground) : scratch_(std::make_unique<Scratch>()) {
    // The planar sum is taken here, where differences are exact; only its factor comes from the form.
    scratch_->m2_per_unit2 = 2 * planar.local({0, 0}).segment_m2({1, 0}, {1, 1});
    if (ground != nullptr)
        scratch_->ground = *ground;
}

OverlapKernel::~OverlapKernel() = default;
OverlapKernel::OverlapKernel(OverlapKernel&&) noexcept = default;
OverlapKernel& OverlapKernel::operator=(OverlapKernel&&) noexcept = default;

Overlap OverlapKernel::overlap(const ShapeView& a, const PreparedArea& b) {
    COREBELT_EXPECTS(a.dimension() == Dimension::area);
    if (!a.box().touches(b.box()))
        return {};
    scratch_->tree.build(a);
    return scratch_->pair(scratch_->tree, a.box(), b.index().tree, b.box()).result(scratch_->m2_per_unit2);
}

Overlap OverlapKernel::overlap(const PreparedArea& a, const PreparedArea& b) {
    if (!a.box().touches(b.box()))
        return {};
    return scratch_->pair(a.index().tree, a.box(), b.index().tree, b.box()).result(scratch_->m2_per_unit2);
}

Overlap OverlapKernel::overlap_union(const ShapeView& a, std::span<const PreparedArea* const> bs) {
    COREBELT_EXPECTS(a.dimension() == Dimension::area);
    Scratch& s = *scratch_;
    s.near.clear();
    Overlap only;
    bool built = false;
    std::uint32_t parity_violations = 0;
    for (const PreparedArea* const b : bs) {
        if (!a.box().touches(b->box()))
            continue;
        if (!built)
            s.tree.build(a);
        built = true;
        const PairSum sum = s.pair(s.tree, a.box(), b->index().tree, b->box());
        parity_violations += sum.parity_violations();
        if (sum.apart())
            continue;
        only = sum.result(s.m2_per_unit2);
        if (sum.covered(s.tree.edge_count()))
            return only;
        s.near.push_back(b);
    }
    Overlap r = s.near.size() < 2 ? only : s.union_sum(s.tree, a.box(), s.near, s.m2_per_unit2, s.ground_of(a.box()));
    r.parity_violations = parity_violations + (s.near.size() < 2 ? 0 : r.parity_violations);
    return r;
}

} // namespace corebelt::geo
