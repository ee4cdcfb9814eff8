#include "union_sum.hpp"

#include "plane.hpp"

#include <algorithm>
#include <cstdlib>
#include <tuple>

namespace corebelt::geo {

Overlap UnionSum::operator()(const EdgeTree& a, const Box& box_a, std::span<const PreparedArea* const> bs,
                             double m2_per_unit2, const GroundForm* ground) {
    count_ = bs.size() + 1;
    if (members_.size() < count_)
        members_.resize(count_);
    box_a_ = box_a;
    origin_ = low_corner(box_a);
    diameter_ = diameter(box_a);
    ground_form_ = ground;
    doubled_ = {};
    ground_ = {};
    error_ = length_ = counted_length_ = 0;
    terms_ = 0;
    crossings_ = parity_violations_ = 0;

    for (std::size_t m = 0; m < count_; ++m) {
        Member& member = members_[m];
        member.tree = is_a(m) ? &a : &bs[m]->index().tree;
        member.grid = is_a(m) ? nullptr : &bs[m]->index().grid;
        member.box = is_a(m) ? box_a : bs[m]->box();
        member.events.clear();
        member.runs.clear();
        member.tree->boxes().each_touching(box_a, [&](std::uint32_t run) { member.runs.push_back(run); });
    }
    for (std::size_t i = 0; i < count_; ++i)
        for (std::size_t j = i + 1; j < count_; ++j)
            if (members_[i].box.touches(members_[j].box))
                search(j, i);
    for (std::size_t m = 0; m < count_; ++m)
        member_edges(m);

    Overlap r;
    r.planar_m2 = m2_per_unit2 * 0.5 * doubled_.value();
    r.ground_m2 = ground_.value();
    r.bound_m2 =
        m2_per_unit2 * unit_roundoff * (8 * error_ + (static_cast<double>(terms_) + 2) * diameter_ * counted_length_);
    r.length = length_;
    r.crossings = crossings_;
    r.parity_violations = parity_violations_;
    return r;
}

/// Crossings of two members. The edges in question are those that come near A; each of them needs all its events,
/// also where they lie outside A and the other edge is far from it, so each side is searched for by itself.
void UnionSum::search(std::size_t stays, std::size_t shifted) {
    stays_ = stays;
    shifted_ = shifted;
    CrossingSearch crossings(*members_[stays].tree, *members_[shifted].tree, *this);
    if (is_a(stays)) {
        record_stays_ = record_shifted_ = true;
        crossings.list_of_b(members_[shifted].runs);
        return;
    }
    record_stays_ = true;
    record_shifted_ = false;
    crossings.list_of_a(members_[stays].runs);
    record_stays_ = false;
    record_shifted_ = true;
    crossings.list_of_b(members_[shifted].runs);
}

void UnionSum::crossing(EdgeOfRun e, EdgeOfRun f, int s) {
    const XY* const at = &members_[stays_].tree->vertices()[e.edge];
    const XY* const bt = &members_[shifted_].tree->vertices()[f.edge];
    const XY a = at[0];
    const XY b = at[1];
    const XY u = bt[0];
    const XY v = bt[1];
    const XY along = b - a;
    const double share = crossing_share(a, b, u, v);
    const XY place = (a - origin_) + share * along; // the same for both edges
    const double length_a = length_of(along);
    const double length_b = length_of(v - u);
    const double error = length_a * (length_a + diameter_) + diameter_ * length_b;
    if (record_stays_)
        members_[stays_].events.push_back({e.edge, share, place, {0, s}, {}, error});
    if (record_shifted_) {
        const Winding change = is_a(stays_) ? Winding{-s, 0} : Winding{0, -s};
        members_[shifted_].events.push_back({f.edge, crossing_share(u, v, a, b), place, change, {}, error});
    }
}

void UnionSum::along(EdgeOfRun e, EdgeOfRun f, bool same_direction, int side_of_f) {
    const XY* const at = &members_[stays_].tree->vertices()[e.edge];
    const XY* const bt = &members_[shifted_].tree->vertices()[f.edge];
    const int change = same_direction ? 1 : -1;
    if (record_stays_)
        stack(stays_, e.edge, shifted_, bt[0], bt[1], side_of_f, change);
    if (record_shifted_)
        stack(shifted_, f.edge, stays_, at[0], at[1], same_direction ? -side_of_f : side_of_f, change);
}

/// Between two points on the line of the edge an edge of `other` lies beside it; the winding of `other` changes by
/// `change` across that from right to left, as the edge looks.
void UnionSum::stack(std::size_t m, std::uint32_t edge, std::size_t other, XY from, XY to, int side, int change) {
    Member& member = members_[m];
    const XY p = member.tree->vertices()[edge];
    const XY along = member.tree->vertices()[edge + 1] - p;
    const auto share_of = [&](XY point) { return std::clamp(dot(point - p, along) / dot(along, along), 0.0, 1.0); };
    const auto [first, last] = std::minmax({share_of(from), share_of(to)});
    if (first == last)
        return;
    for (const auto& [share, sign] : {std::pair(first, 1), std::pair(last, -1)}) {
        const int n = sign * side * change; // to the left the change is met forwards, to the right backwards
        const Winding beyond = is_a(other) ? Winding{n, 0} : Winding{0, n};
        const Stack change_of_stack{side > 0 ? beyond : Winding{}, side > 0 ? Winding{} : beyond, other < m ? sign : 0};
        member.events.push_back({edge, share, (p - origin_) + share * along, {}, change_of_stack, 0});
    }
}

/// Winding about a vertex of a member, that member left out.
UnionSum::Winding UnionSum::winding_at(std::size_t member, XY point) const {
    Winding sum;
    for (std::size_t other = 0; other < count_; ++other)
        if (other != member && contains(members_[other].box, point)) {
            const Shifted shifted = other < member ? Shifted::feature : Shifted::point;
            (is_a(other) ? sum.in_a : sum.in_b) += members_[other].winding_about(point, shifted);
        }
    return sum;
}

void UnionSum::member_edges(std::size_t m) {
    Member& member = members_[m];
    std::sort(member.events.begin(), member.events.end(), [](const Event& e, const Event& f) {
        const auto key = [](const Event& x) {
            return std::tuple(x.edge, x.share, x.change.in_a, x.change.in_b, x.place.x, x.place.y, x.error);
        };
        return key(e) < key(f);
    });
    const auto& runs = member.tree->runs();
    for (std::size_t first = 0; first < member.runs.size();) {
        std::size_t end = first;
        bool ring_ended = false;
        do {
            ring_ended = runs[member.runs[end]].ends_ring;
            ++end;
        } while (end < member.runs.size() && !ring_ended && member.runs[end] == member.runs[end - 1] + 1);
        chain(m, first, end);
        first = end;
    }
}

/// The edges of consecutive runs of one ring.
void UnionSum::chain(std::size_t m, std::size_t first_run, std::size_t end_run) {
    const Member& member = members_[m];
    const EdgeTree::Run first = member.tree->runs()[member.runs[first_run]];
    const EdgeTree::Run last = member.tree->runs()[member.runs[end_run - 1]];
    const std::uint32_t end_edge = last.first + last.count;
    const XY* const at = member.tree->vertices().data();
    const bool of_a = is_a(m);
    const auto by_edge = [](const Event& e, std::uint32_t edge) { return e.edge < edge; };
    auto event = std::lower_bound(member.events.begin(), member.events.end(), first.first, by_edge);
    const auto end_event = std::lower_bound(event, member.events.end(), end_edge, by_edge);

    const auto meets_a = [](const Event& e) {
        return e.change.in_a != 0 || e.stack.left.in_a != 0 || e.stack.right.in_a != 0;
    };
    if (!of_a && std::none_of(event, end_event, meets_a) && !comes_into_a(at[first.first]))
        return;
    Winding right = winding_at(m, at[first.first]);
    const Winding at_start = right;
    Stack stack;
    for (std::uint32_t e = first.first; e < end_edge; ++e) {
        const XY whole = at[e + 1] - at[e];
        if (event == end_event || event->edge != e) {
            piece(of_a, right, stack, at[e] - origin_, at[e + 1] - origin_, whole);
            continue;
        }
        XY reached = at[e] - origin_;
        for (; event != end_event && event->edge == e; ++event) {
            piece(of_a, right, stack, reached, event->place, event->place - reached);
            const bool counted = is_boundary(of_a, right);
            right += event->change;
            stack += event->stack;
            if (event->error != 0 && (counted || is_boundary(of_a, right))) {
                error_ += event->error;
                crossings_ += of_a || event->change.in_a == 0 ? 1U : 0U;
            }
            reached = event->place;
        }
        const XY end = at[e + 1] - origin_;
        piece(of_a, right, stack, reached, end, end - reached);
    }

    const bool whole_ring = first.begins_ring && last.ends_ring;
    const Winding at_end = whole_ring ? at_start : winding_at(m, at[end_edge]);
    parity_violations_ += right == at_end ? 0U : 1U;
}

void UnionSum::piece(bool of_a, const Winding& right, const Stack& stack, XY p, XY q, XY along) {
    if (stack.before == 0) {
        Winding far_right = right;
        Winding far_left = right;
        far_right += stack.right;
        far_left += own(of_a);
        far_left += stack.left;
        if (far_right.counts() != far_left.counts())
            length_ += length_of(along);
    }
    if (!is_boundary(of_a, right))
        return;
    const int weight = of_a ? 1 : right.in_a;
    doubled_.add(weight * cross(p, along));
    counted_length_ += std::abs(weight) * length_of(along);
    ++terms_;
    if (ground_form_ != nullptr)
        ground_.add(weight * ground_form_->form.segment_m2(p, q));
}

} // namespace corebelt::geo
