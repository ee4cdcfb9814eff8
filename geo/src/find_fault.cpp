/// The validity test. Rings are cut into chains that run monotonously in x and in y: a chain cannot meet itself, the
/// box of any stretch of it is the box of the stretch's two ends, and boxes over runs of chains in ring order make
/// an index without sorting. Pairs of edges that may meet are judged by exact orientations alone; rings that only
/// touch are remembered, and the touches then decide nesting and whether the interior hangs together.

#include "box_levels.hpp"
#include "exact.hpp"

#include "corebelt/geo/expects.hpp"
#include "corebelt/geo/validity.hpp"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
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
        if (!meet_within(levels_.top(), 0))
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
        points_.clear();
        ring_first_.assign(1, 0);
        ring_part_.clear();
        chains_.clear();
        touches_.clear();
        points_.reserve(shape.vertices().size() + shape.ring_count());
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

    bool take_ring(std::span<const XY> ring, Index part) {
        const auto ring_number = static_cast<Index>(ring_part_.size());
        const Index first = ring_first_.back();
        if (ring.empty())
            return report(Fault::too_few_points, {});
        XY previous = ring.front();
        if (!(std::abs(previous.x) <= largest && std::abs(previous.y) <= largest))
            return report(Fault::not_finite, previous);
        points_.push_back(previous);
        int run_x = 0;
        int run_y = 0;
        Index chain_first = first;
        const auto step = [&](XY p) {
            const int dx = sign(previous.x, p.x);
            const int dy = sign(previous.y, p.y);
            if (dx * run_x < 0 || dy * run_y < 0) {
                const auto here = static_cast<Index>(points_.size() - 1);
                chains_.push_back({chain_first, here, ring_number});
                chain_first = here;
                run_x = dx;
                run_y = dy;
            } else {
                run_x |= dx;
                run_y |= dy;
            }
            points_.push_back(p);
            previous = p;
        };
        for (const XY p : ring.subspan(1)) {
            if (!(std::abs(p.x) <= largest && std::abs(p.y) <= largest))
                return report(Fault::not_finite, p);
            if (p != previous)
                step(p);
        }
        if (previous != ring.front())
            step(ring.front());
        const auto end = static_cast<Index>(points_.size());
        if (end - first < 4)
            return report(Fault::too_few_points, ring.front());
        chains_.push_back({chain_first, end - 1, ring_number});
        ring_first_.push_back(end);
        ring_part_.push_back(part);
        return true;
    }

    [[nodiscard]] static Box stretch(XY a, XY b) {
        return {std::min(a.x, b.x), std::min(a.y, b.y), std::max(a.x, b.x), std::max(a.y, b.y)};
    }

    void build_index() {
        boxes_.clear();
        for (const Chain& c : chains_)
            boxes_.push_back(stretch(points_[c.first], points_[c.last]));
        BoxLevels::append_levels(boxes_, 0);
        levels_ = BoxLevels(boxes_.data(), chains_.size());
    }

    /// Judges all pairs of chains below one box.
    bool meet_within(std::size_t level, std::size_t i) {
        if (level == 0)
            return true;
        const auto [first, last] = levels_.below(level, i);
        for (std::size_t a = first; a < last; ++a) {
            if (!meet_within(level - 1, a))
                return false;
            const Box& box = levels_.box(level - 1, a);
            for (std::size_t b = a + 1; b < last; ++b)
                if (box.touches(levels_.box(level - 1, b)) && !meet_between(level - 1, a, b))
                    return false;
        }
        return true;
    }

    /// Judges the pairs of a chain below box i and one below box j.
    bool meet_between(std::size_t level, std::size_t i, std::size_t j) {
        if (level == 0)
            return chains_meet(chains_[i], chains_[j]);
        const auto [first_a, last_a] = levels_.below(level, i);
        const auto [first_b, last_b] = levels_.below(level, j);
        const Box& whole_b = levels_.box(level, j);
        for (std::size_t a = first_a; a < last_a; ++a) {
            const Box& box = levels_.box(level - 1, a);
            if (!box.touches(whole_b))
                continue;
            for (std::size_t b = first_b; b < last_b; ++b)
                if (box.touches(levels_.box(level - 1, b)) && !meet_between(level - 1, a, b))
                    return false;
        }
        return true;
    }

    bool chains_meet(const Chain& a, const Chain& b) {
        ring_a_ = a.ring;
        ring_b_ = b.ring;
        return stretches_meet(a.first, a.last, b.first, b.last);
    }

    bool stretches_meet(Index a_first, Index a_last, Index b_first, Index b_last) {
        if (!stretch(points_[a_first], points_[a_last]).touches(stretch(points_[b_first], points_[b_last])))
            return true;
        if (a_last - a_first == 1 && b_last - b_first == 1)
            return edges_meet(a_first, b_first);
        if (a_last - a_first >= b_last - b_first) {
            const Index middle = a_first + (a_last - a_first) / 2;
            return stretches_meet(a_first, middle, b_first, b_last) && stretches_meet(middle, a_last, b_first, b_last);
        }
        const Index middle = b_first + (b_last - b_first) / 2;
        return stretches_meet(a_first, a_last, b_first, middle) && stretches_meet(a_first, a_last, middle, b_last);
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
            cast_ray(points_[ring_first_[r]], levels_.top(), 0);
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
    void cast_ray(XY from, std::size_t level, std::size_t i) {
        const Box& box = levels_.box(level, i);
        if (box.max_x < from.x || box.min_y > from.y || box.max_y < from.y)
            return;
        if (level > 0) {
            const auto [first, last] = levels_.below(level, i);
            for (std::size_t c = first; c < last; ++c)
                cast_ray(from, level - 1, c);
            return;
        }
        const Chain& chain = chains_[i];
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
    std::vector<XY> points_;        ///< closed rings without repeated vertices
    std::vector<Index> ring_first_; ///< one more than rings
    std::vector<Index> ring_part_;
    std::vector<Chain> chains_;
    std::vector<Box> boxes_; ///< of the chains, then level upon level
    BoxLevels levels_;
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
