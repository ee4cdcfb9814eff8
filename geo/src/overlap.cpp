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

    /// @param grid_a  none where A came unprepared.
    PairSum pair(const EdgeTree& tree_a, const CellGrid* grid_a, const Box& box_a, const PreparedArea& prepared_b) {
        const PreparedArea::Index& index_b = prepared_b.index();
        const Box& box_b = prepared_b.box();
        const Box shared = common(box_a, box_b);
        a.reach(tree_a, grid_a, shared);
        b.reach(index_b.tree, &index_b.grid, shared);
        PairSum sum(a, b, box_a, box_b, ground_of(box_a));
        CrossingSearch search(tree_a, index_b.tree, sum);
        if (a.runs.size() * b.runs.size() <= most_run_pairs)
            search.lists(a.runs, b.runs);
        else
            search.trees(shared);
        sum.edges();
        return sum;
    }

    /// Where the boundary of B stays away from A's box; w is B's winding number there.
    Overlap uncut(const ShapeView& shape_a, const PreparedArea& prepared_b, int w) {
        if (w == 0)
            return {};
        PairSum sum(a, b, shape_a.box(), prepared_b.box(), ground_of(shape_a.box()));
        sum.whole(shape_a, w);
        return sum.result(m2_per_unit2);
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
    if (const auto w = b.index().grid.winding_over(a.box()))
        return scratch_->uncut(a, b, *w);
    scratch_->tree.build(a);
    return scratch_->pair(scratch_->tree, nullptr, a.box(), b).result(scratch_->m2_per_unit2);
}

Overlap OverlapKernel::overlap(const PreparedArea& a, const PreparedArea& b) {
    if (!a.box().touches(b.box()))
        return {};
    if (const auto w = b.index().grid.winding_over(a.box()))
        return scratch_->uncut(a.shape(), b, *w);
    return scratch_->pair(a.index().tree, &a.index().grid, a.box(), b).result(scratch_->m2_per_unit2);
}

Overlap OverlapKernel::overlap_union(const ShapeView& a, std::span<const PreparedArea* const> bs) {
    COREBELT_EXPECTS(a.dimension() == Dimension::area);
    Scratch& s = *scratch_;
    s.near.clear();
    for (const PreparedArea* const b : bs) {
        if (!a.box().touches(b->box()))
            continue;
        const auto w = b->index().grid.winding_over(a.box());
        if (w == 1)
            return s.uncut(a, *b, 1);
        if (w != 0)
            s.near.push_back(b);
    }
    if (s.near.empty())
        return {};

    s.tree.build(a);
    Overlap only;
    std::uint32_t parity_violations = 0;
    std::size_t kept = 0;
    for (const PreparedArea* const b : s.near) {
        const PairSum sum = s.pair(s.tree, nullptr, a.box(), *b);
        parity_violations += sum.parity_violations();
        if (sum.apart())
            continue;
        only = sum.result(s.m2_per_unit2);
        if (sum.covered(s.tree.edge_count()))
            return only;
        s.near[kept++] = b;
    }
    s.near.resize(kept);
    Overlap r = kept < 2 ? only : s.union_sum(s.tree, a.box(), s.near, s.m2_per_unit2, s.ground_of(a.box()));
    r.parity_violations = parity_violations + (kept < 2 ? 0 : r.parity_violations);
    return r;
}

} // namespace corebelt::geo
