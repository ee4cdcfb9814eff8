#pragma once
/// Finding where the boundaries of two features pass through each other, the second one thought shifted.

#include "box_lanes.hpp"
#include "edge_tree.hpp"
#include "plane.hpp"
#include "tie.hpp"

#include <algorithm>
#include <array>
#include <bit>
#include <cmath>
#include <cstdint>
#include <vector>

namespace corebelt::geo {

/// An edge and the run that holds it.
struct EdgeOfRun {
    std::uint32_t run = 0;
    std::uint32_t edge = 0;
};

/// Calls `visit.crossing(e, f, s)` for each crossing of edge e of `a`, which stays, with edge f of `b`, which is
/// thought shifted; s = +1 where e passes from the right of f to its left, −1 the other way. Calls
/// `visit.along(e, f, same_direction, side)` for edges on one line whose boxes touch; the shift puts f to the left
/// (side +1) or right (−1) of e. The order of the calls depends on the two features only.
template <class Visit>
class CrossingSearch {
public:
    CrossingSearch(const EdgeTree& a, const EdgeTree& b, Visit& visit)
        : a_(a), b_(b), xa_(a.vertices().data()), xb_(b.vertices().data()), visit_(visit) {}

    /// Each run of the one list with each of the other.
    void lists(const std::vector<std::uint32_t>& runs_a, const std::vector<std::uint32_t>& runs_b) {
        for (const std::uint32_t ra : runs_a) {
            const Box box = a_.boxes().leaf(ra);
            for (const std::uint32_t rb : runs_b)
                if (box.touches(b_.boxes().leaf(rb)))
                    pair_of_runs(ra, rb);
        }
    }

    /// Each run of the list of `a` with all of `b`.
    void list_of_a(const std::vector<std::uint32_t>& runs_a) {
        for (const std::uint32_t ra : runs_a)
            b_.boxes().each_touching(a_.boxes().leaf(ra), [&](std::uint32_t rb) { pair_of_runs(ra, rb); });
    }
    /// All of `a` with each run of the list of `b`.
    void list_of_b(const std::vector<std::uint32_t>& runs_b) {
        for (const std::uint32_t rb : runs_b)
            a_.boxes().each_touching(b_.boxes().leaf(rb), [&](std::uint32_t ra) { pair_of_runs(ra, rb); });
    }

    /// Both trees together, within the box.
    void trees(const Box& within) {
        const BoxTree& in_a = a_.boxes();
        const BoxTree& in_b = b_.boxes();
        for (std::uint32_t bits = in_a.touching(in_a.top(), 0, within); bits != 0; bits &= bits - 1)
            for (std::uint32_t other = in_b.touching(in_b.top(), 0, within); other != 0; other &= other - 1)
                pair_of_nodes(in_a.top(), lowest(bits), in_b.top(), lowest(other), within);
    }

private:
    static std::uint32_t lowest(std::uint32_t bits) { return static_cast<std::uint32_t>(std::countr_zero(bits)); }

    void pair_of_nodes(std::uint32_t level_a, std::uint32_t i, std::uint32_t level_b, std::uint32_t j,
                       const Box& within) {
        const BoxTree& in_a = a_.boxes();
        const BoxTree& in_b = b_.boxes();
        const Box box_a = in_a.box(level_a, i);
        const Box box_b = in_b.box(level_b, j);
        if (!box_a.touches(box_b))
            return;
        if (level_a == 0 && level_b == 0) {
            pair_of_runs(i, j);
        } else if (level_a >= level_b) {
            const Box both = common(within, box_b);
            for (std::uint32_t bits = in_a.touching(level_a - 1, i, both); bits != 0; bits &= bits - 1)
                pair_of_nodes(level_a - 1, i * BoxTree::fan_out + lowest(bits), level_b, j, within);
        } else {
            const Box both = common(within, box_a);
            for (std::uint32_t bits = in_b.touching(level_b - 1, j, both); bits != 0; bits &= bits - 1)
                pair_of_nodes(level_a, i, level_b - 1, j * BoxTree::fan_out + lowest(bits), within);
        }
    }

    void pair_of_runs(std::uint32_t run_a, std::uint32_t run_b) {
        const EdgeTree::Run ra = a_.runs()[run_a];
        const EdgeTree::Run rb = b_.runs()[run_b];
        const BoxLanes box_a(a_.boxes().leaf(run_a));
        const BoxLanes box_b(b_.boxes().leaf(run_b));
        std::array<std::uint32_t, EdgeTree::run_size> near;
        std::uint32_t count = 0;
        for (std::uint32_t f = rb.first; f < rb.first + rb.count; ++f) {
            near[count] = f;
            count += box_a.touches({xb_[f], xb_[f + 1]}) ? 1U : 0U;
        }
        if (count == 0)
            return;
        for (std::uint32_t e = ra.first; e < ra.first + ra.count; ++e) {
            const BoxLanes box(xa_[e], xa_[e + 1]);
            if (!box.touches(box_b))
                continue;
            for (std::uint32_t k = 0; k < count; ++k)
                if (box.touches({xb_[near[k]], xb_[near[k] + 1]}))
                    pair_of_edges({run_a, e}, {run_b, near[k]});
        }
    }

    void pair_of_edges(EdgeOfRun ea, EdgeOfRun eb) {
        const std::uint32_t e = ea.edge;
        const std::uint32_t f = eb.edge;
        const XY a = xa_[e];
        const XY b = xa_[e + 1];
        const XY u = xb_[f];
        const XY v = xb_[f + 1];
        const int from = exact::orientation(u, v, a);
        const int to = exact::orientation(u, v, b);
        if (from == to) {
            if (from == 0 && !(a == b) && !(u == v))
                visit_.along(ea, eb, same_direction(a, b, u, v), tie::tie_of_shifted_point(a, b));
            return;
        }
        const int tie = tie::tie_of_shifted_edge(u, v);
        const int side = to != 0 ? to : tie;
        if ((from != 0 ? from : tie) == side)
            return;
        if (tie::side_of_shifted_point(a, b, u) != tie::side_of_shifted_point(a, b, v))
            visit_.crossing(ea, eb, side);
    }

    /// For edges on one line: the change of one coordinate decides.
    static bool same_direction(XY a, XY b, XY u, XY v) {
        return a.x != b.x ? (a.x < b.x) == (u.x < v.x) : (a.y < b.y) == (u.y < v.y);
    }

    const EdgeTree& a_;
    const EdgeTree& b_;
    const XY* xa_;
    const XY* xb_;
    Visit& visit_;
};

/// Where the line of u→v meets the edge a→b that crosses it, as a share of a→b in [0, 1].
[[nodiscard]] inline double crossing_share(XY a, XY b, XY u, XY v) {
    const double share = exact::cross_of_differences(a, u, u, v) / exact::cross_of_differences(a, b, u, v);
    return std::clamp(share, 0.0, 1.0);
}

/// Length of the stretch that two edges on one line share.
[[nodiscard]] inline double shared_length(XY a, XY b, XY u, XY v) {
    const auto stretch = [](double a0, double a1, double b0, double b1) {
        return std::max(0.0,
                        std::min(std::max(a0, a1), std::max(b0, b1)) - std::max(std::min(a0, a1), std::min(b0, b1)));
    };
    return std::hypot(stretch(a.x, b.x, u.x, v.x), stretch(a.y, b.y, u.y, v.y));
}

} // namespace corebelt::geo
