/// The validity test. Rings are cut into chains that run monotonously in x and in y: a chain cannot meet itself, the
/// box of any stretch of it is the box of the stretch's two ends, and boxes over runs of chains in ring order make
/// an index without sorting. Pairs of edges that may meet are judged by exact orientations alone; rings that only
/// touch are remembered, and the touches then decide nesting and whether the interior hangs together.

#include "box_lanes.hpp"
#include "box_tree.hpp"
#include "exact.hpp"

#include "corebelt/geo/expects.hpp"
#include "corebelt/geo/validity.hpp"

#include <algorithm>
#include <bit>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <numeric>
#include <tuple>
#include <vector>

namespace corebelt::geo {

namespace {

using Index = std::uint32_t;

/// Edges first → first+1 → … → last of one ring.
struct Chain {
    Index first, last, ring;
};

/// Two rings meet at `place` without crossing there.
struct Touch {
    XY place;
    Index a, b;
    bool a_left_of_b, b_left_of_a;
};

bool before(XY a, XY b) {
    return a.x != b.x ? a.x < b.x : a.y < b.y;
}

int sign(double from, double to) {
    return (from < to) - (to < from);
}

/// Whether the direction x→p points into the left side of the path a→x→b. @pre it lies on neither arm.
bool points_left(XY a, XY x, XY b, XY p) {
    const bool left_of_arrival = exact::orientation(a, x, p) > 0;
    const bool left_of_departure = exact::orientation(x, b, p) > 0;
    return exact::orientation(a, x, b) > 0 ? left_of_arrival && left_of_departure
                                           : left_of_arrival || left_of_departure;
}

/// Where two crossing edges meet, to rounding; for messages only.
XY crossing_place(XY p, XY q, XY u, XY v) {
    const double dx = q.x - p.x;
    const double dy = q.y - p.y;
    const double ex = v.x - u.x;
    const double ey = v.y - u.y;
    const double t = ((u.x - p.x) * ey - (u.y - p.y) * ex) / (dx * ey - dy * ex);
    return std::isfinite(t) ? XY{p.x + t * dx, p.y + t * dy} : p;
}

class FaultFinder {
public:
    std::optional<FaultPlace> find(const ShapeView& shape) {
        fault_.reset();
        if (!take(shape))
            return fault_;
        build_index();
        if (!meet_within(boxes_.top(), 0))
            return fault_;
        if (ring_part_.size() > 1)
            judge_nesting() && judge_connection();
        return fault_;
    }

private:
    /// Beyond this products of differences could overflow and signs would no longer be exact.
    static constexpr double largest = 1e100;

    bool report(Fault fault, XY place) {
        fault_ = FaultPlace{fault, place};
        return false;
    }

    /// Copies the rings without repeated vertices and cuts them into chains.
    bool take(const ShapeView& shape) {
        // Room for everything at once: the loop below only stores. At most every edge is a chain.
        const std::size_t most_points = shape.vertices().size() + shape.ring_count();
        if (points_.size() < most_points) {
            points_.resize(most_points);
            chains_.resize(most_points);
        }
        point_count_ = chain_count_ = 0;
        ring_first_.assign(1, 0);
        ring_part_.clear();
        touches_.clear();
        Index parts = 0; // those that have rings
        for (std::size_t part = 0; part < shape.part_count(); ++part) {
            const auto [first, last] = shape.rings_of_part(part);
            for (std::size_t r = first; r < last; ++r)
                if (!take_ring(shape.ring(r), parts))
                    return false;
            parts += first < last ? 1 : 0;
        }
        return true;
    }

    [[nodiscard]] static bool is_usable(XY p) { return std::abs(p.x) <= largest && std::abs(p.y) <= largest; }

    bool take_ring(std::span<const XY> ring, Index part) {
        const auto ring_number = static_cast<Index>(ring_part_.size());
        const Index first = point_count_;
        if (ring.empty())
            return report(Fault::too_few_points, {});
        // Whether a vertex repeats the one before and whether a chain ends there is as good as random, so both are
        // counted and not branched on.
        XY* const points = points_.data();
        Chain* const chains = chains_.data();
        XY previous = ring.front();
        bool usable = is_usable(previous);
        Index last = first; // of points
        points[last] = previous;
        Index chain_first = first;
        int run_x = 0;
        int run_y = 0;
        const auto step = [&](XY p) {
            const int dx = sign(previous.x, p.x);
            const int dy = sign(previous.y, p.y);
            const bool turns = (dx * run_x < 0) | (dy * run_y < 0);
            chains[chain_count_] = {chain_first, last, ring_number};
            chain_count_ += turns ? 1U : 0U;
            chain_first = turns ? last : chain_first;
            run_x = turns ? dx : run_x | dx;
            run_y = turns ? dy : run_y | dy;
            last += (dx | dy) != 0 ? 1U : 0U;
            points[last] = p;
            previous = p;
        };
        for (const XY p : ring.subspan(1)) {
            usable &= is_usable(p);
            step(p);
        }
        if (!usable)
            return report(Fault::not_finite, *std::find_if_not(ring.begin(), ring.end(), is_usable));
        step(ring.front()); // nothing where the ring is closed
        if (last + 1 - first < 4)
            return report(Fault::too_few_points, ring.front());
        chains[chain_count_++] = {chain_first, last, ring_number};
        point_count_ = last + 1;
        ring_first_.push_back(point_count_);
        ring_part_.push_back(part);
        return true;
    }

    void build_index() {
        boxes_.clear();
        for (Index c = 0; c < chain_count_; ++c)
            boxes_.append(stretch(chains_[c].first, chains_[c].last).box());
        boxes_.finish();
    }

    /// Judges all pairs of chains below one group of boxes.
    bool meet_within(Index level, Index group) {
        const Index first = group * BoxTree::fan_out;
        const Index count = std::min(BoxTree::fan_out, boxes_.size(level) - first);
        for (Index k = 0; k < count; ++k) {
            const Index a = first + k;
            if (level > 0 && !meet_within(level - 1, a))
                return false;
            const Index later = ~Index{1} << k; // in the group
            for (Index bits = boxes_.touching(level, group, boxes_.box(level, a)) & later; bits != 0; bits &= bits - 1)
                if (!meet_between(level, a, first + lowest(bits)))
                    return false;
        }
        return true;
    }

    /// Judges the pairs of a chain below box i and one below box j.
    bool meet_between(Index level, Index i, Index j) {
        if (level == 0)
            return chains_meet(chains_[i], chains_[j]);
        for (Index bits_a = boxes_.touching(level - 1, i, boxes_.box(level, j)); bits_a != 0; bits_a &= bits_a - 1) {
            const Index a = i * BoxTree::fan_out + lowest(bits_a);
            for (Index bits_b = boxes_.touching(level - 1, j, boxes_.box(level - 1, a)); bits_b != 0;
                 bits_b &= bits_b - 1)
                if (!meet_between(level - 1, a, j * BoxTree::fan_out + lowest(bits_b)))
                    return false;
        }
        return true;
    }

    static Index lowest(Index bits) { return static_cast<Index>(std::countr_zero(bits)); }

    bool chains_meet(const Chain& a, const Chain& b) {
        ring_a_ = a.ring;
        ring_b_ = b.ring;
        return stretches_meet({a.first, a.last, stretch(a.first, a.last)}, {b.first, b.last, stretch(b.first, b.last)});
    }

    /// The box of a stretch of a chain is that of its ends.
    [[nodiscard]] BoxLanes stretch(Index first, Index last) const { return {points_[first], points_[last]}; }

    struct Stretch {
        Index first, last;
        BoxLanes box;
    };

    /// Judges the pairs of edges of two stretches whose boxes touch.
    bool stretches_meet(const Stretch& a, const Stretch& b) {
        const Index edges_a = a.last - a.first;
        const Index edges_b = b.last - b.first;
        if (edges_a == 1 && edges_b == 1)
            return edges_meet(a.first, b.first);
        const bool split_a = edges_a >= edges_b;
        const auto half_meets = [&](Index first, Index last) {
            const Stretch half{first, last, stretch(first, last)};
            if (!half.box.touches(split_a ? b.box : a.box))
                return true;
            return split_a ? stretches_meet(half, b) : stretches_meet(a, half);
        };
        const Stretch& longer = split_a ? a : b;
        const Index middle = longer.first + (longer.last - longer.first) / 2;
        return half_meets(longer.first, middle) && half_meets(middle, longer.last);
    }

    /// Judges edges i and j, i < j; false ends the search with a fault.
    bool edges_meet(Index i, Index j) {
        const XY p = points_[i];
        const XY q = points_[i + 1];
        const XY u = points_[j];
        const XY v = points_[j + 1];
        const bool same_ring = ring_a_ == ring_b_;
        if (same_ring && j == i + 1)
            return turns_without_folding(p, q, v);
        if (same_ring && i == ring_first_[ring_a_] && j + 2 == ring_first_[ring_a_ + 1])
            return turns_without_folding(u, v, q);
        const int pq_u = exact::orientation(p, q, u);
        const int pq_v = exact::orientation(p, q, v);
        if (pq_u * pq_v > 0)
            return true;
        const int uv_p = exact::orientation(u, v, p);
        const int uv_q = exact::orientation(u, v, q);
        if (uv_p * uv_q > 0)
            return true;
        const Fault crossing = same_ring ? Fault::self_crossing : Fault::rings_cross;
        XY place = p;
        if (pq_u == 0 && pq_v == 0) {
            const XY low = std::max(std::min(p, q, before), std::min(u, v, before), before);
            const XY high = std::min(std::max(p, q, before), std::max(u, v, before), before);
            if (before(low, high))
                return report(crossing, low);
            if (before(high, low))
                return true;
            place = low;
        } else if (pq_u == 0) {
            place = u;
        } else if (pq_v == 0) {
            place = v;
        } else if (uv_q == 0) {
            place = q;
        } else if (uv_p != 0) {
            return report(crossing, crossing_place(p, q, u, v));
        }
        if (same_ring)
            return report(Fault::self_crossing, place);
        // A vertex belongs to the edge that it begins, so that each meeting of two rings is seen once.
        if (place == q || place == v)
            return true;
        const XY a_from = place == p ? before_vertex(i, ring_a_) : p;
        const XY b_from = place == u ? before_vertex(j, ring_b_) : u;
        const bool b_leaves_left = points_left(a_from, place, q, v);
        if (points_left(a_from, place, q, b_from) != b_leaves_left)
            return report(Fault::rings_cross, place);
        touches_.push_back({place, ring_a_, ring_b_, points_left(b_from, place, v, q), b_leaves_left});
        return true;
    }

    /// Neighbouring edges meet in their common vertex b only, unless the ring turns back on itself there.
    bool turns_without_folding(XY a, XY b, XY c) {
        if (exact::orientation(a, b, c) != 0 || before(a, b) == before(b, c))
            return true;
        return report(Fault::self_crossing, b);
    }

    [[nodiscard]] XY before_vertex(Index i, Index ring) const {
        return points_[i == ring_first_[ring] ? ring_first_[ring + 1] - 2 : i - 1];
    }

    /// From here on no two rings cross, so each lies wholly inside or wholly outside each other.
    bool judge_nesting() {
        const auto rings = static_cast<Index>(ring_part_.size());
        counter_clockwise_.resize(rings);
        part_shell_.clear();
        for (Index r = 0; r < rings; ++r) {
            counter_clockwise_[r] = runs_counter_clockwise(r) ? 1 : 0;
            if (r == 0 || ring_part_[r] != ring_part_[r - 1])
                part_shell_.push_back(r);
        }
        touches_of_.clear();
        for (const Touch& t : touches_) {
            touches_of_.push_back({t.a, t.b, t.a_left_of_b == (counter_clockwise_[t.b] != 0)});
            touches_of_.push_back({t.b, t.a, t.b_left_of_a == (counter_clockwise_[t.a] != 0)});
        }
        std::sort(touches_of_.begin(), touches_of_.end());
        inside_.assign(rings, 0);
        std::size_t next_touch = 0;
        for (Index r = 0; r < rings; ++r) {
            around_.clear();
            cast_ray(points_[ring_first_[r]]);
            inside_[r] = 0;
            for (; next_touch < touches_of_.size() && touches_of_[next_touch].ring == r; ++next_touch) {
                const auto& [ring, other, within] = touches_of_[next_touch];
                inside_[other] = within ? 1 : 0;
                around_.push_back(other);
            }
            const bool good = ring_well_placed(r);
            for (const Index other : around_)
                inside_[other] = 0;
            if (!good)
                return false;
        }
        return true;
    }

    /// A simple ring turns at its smallest vertex the way it runs.
    [[nodiscard]] bool runs_counter_clockwise(Index r) const {
        Index smallest = ring_first_[r];
        for (Index i = smallest + 1; i + 1 < ring_first_[r + 1]; ++i)
            if (before(points_[i], points_[smallest]))
                smallest = i;
        return exact::orientation(before_vertex(smallest, r), points_[smallest], points_[smallest + 1]) > 0;
    }

    bool ring_well_placed(Index r) {
        const XY place = points_[ring_first_[r]];
        const Index shell = part_shell_[ring_part_[r]];
        if (r != shell && inside_[shell] == 0)
            return report(Fault::hole_outside, place);
        for (const Index other : around_) {
            if (inside_[other] == 0)
                continue;
            const Index other_part = ring_part_[other];
            if (r != shell) {
                if (other != shell && other_part == ring_part_[r])
                    return report(Fault::nested, place);
            } else if (other == part_shell_[other_part]) {
                const bool in_its_hole = std::any_of(around_.begin(), around_.end(), [&](Index h) {
                    return h != other && ring_part_[h] == other_part && inside_[h] != 0;
                });
                if (!in_its_hole)
                    return report(Fault::nested, place);
            }
        }
        return true;
    }

    /// Turns inside_ over for every ring edge right of the point; rings met are listed in around_.
    void cast_ray(XY from) {
        const Box ray{from.x, from.y, std::numeric_limits<double>::infinity(), from.y};
        boxes_.each_touching(ray, [&](Index chain) { cross(chains_[chain], from); });
    }

    void cross(const Chain& chain, XY from) {
        const bool starts_above = points_[chain.first].y > from.y;
        if (starts_above == (points_[chain.last].y > from.y))
            return;
        const auto first = points_.begin() + chain.first;
        const auto crossed = std::partition_point(first, points_.begin() + chain.last,
                                                  [&](XY p) { return (p.y > from.y) == starts_above; });
        const XY a = *(crossed - 1);
        const XY b = *crossed;
        if ((starts_above ? exact::orientation(b, a, from) : exact::orientation(a, b, from)) > 0) {
            inside_[chain.ring] ^= 1U;
            around_.push_back(chain.ring);
        }
    }

    /// Rings of a part that touch each other around a loop cut its interior in two; rings that share one point do not.
    bool judge_connection() {
        std::erase_if(touches_, [&](const Touch& t) { return ring_part_[t.a] != ring_part_[t.b]; });
        std::sort(touches_.begin(), touches_.end(), [&](const Touch& s, const Touch& t) {
            return std::make_tuple(ring_part_[s.a], s.place.x, s.place.y, s.a, s.b) <
                   std::make_tuple(ring_part_[t.a], t.place.x, t.place.y, t.a, t.b);
        });
        linked_.resize(ring_part_.size());
        std::iota(linked_.begin(), linked_.end(), Index{0});
        for (std::size_t i = 0; i < touches_.size();) {
            const Touch& first = touches_[i];
            around_.clear();
            for (; i < touches_.size() && touches_[i].place == first.place &&
                   ring_part_[touches_[i].a] == ring_part_[first.a];
                 ++i) {
                around_.push_back(touches_[i].a);
                around_.push_back(touches_[i].b);
            }
            std::sort(around_.begin(), around_.end());
            around_.erase(std::unique(around_.begin(), around_.end()), around_.end());
            for (std::size_t k = 1; k < around_.size(); ++k) {
                const Index a = link_end(around_[0]);
                const Index b = link_end(around_[k]);
                if (a == b)
                    return report(Fault::disconnected, first.place);
                linked_[b] = a;
            }
        }
        return true;
    }

    Index link_end(Index ring) {
        while (linked_[ring] != ring)
            ring = linked_[ring] = linked_[linked_[ring]];
        return ring;
    }

    struct Neighbour {
        Index ring, other;
        bool within; ///< ring lies inside other
        friend auto operator<=>(const Neighbour&, const Neighbour&) = default;
    };

    std::optional<FaultPlace> fault_;
    std::vector<XY> points_; ///< closed rings without repeated vertices, and behind them room
    Index point_count_ = 0;
    std::vector<Index> ring_first_; ///< one more than rings
    std::vector<Index> ring_part_;
    std::vector<Chain> chains_; ///< and behind them room
    Index chain_count_ = 0;
    BoxTree boxes_;    ///< of the chains
    Index ring_a_ = 0; ///< rings of the chains being compared
    Index ring_b_ = 0;
    std::vector<Touch> touches_;
    std::vector<Neighbour> touches_of_;
    std::vector<Index> part_shell_;
    std::vector<Index> linked_;
    std::vector<Index> around_;
    std::vector<std::uint8_t> counter_clockwise_;
    std::vector<std::uint8_t> inside_;
};

} // namespace

std::optional<FaultPlace> find_fault(const ShapeView& shape) {
    COREBELT_EXPECTS(shape.dimension() == Dimension::area);
    if (shape.empty())
        return std::nullopt;
    thread_local FaultFinder finder;
    return finder.find(shape);
}

} // namespace corebelt::geo
