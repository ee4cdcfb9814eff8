#include "edge_faces.hpp"

#include "exact.hpp"

#include "corebelt/geo/stop.hpp"

#include <algorithm>
#include <limits>
#include <numeric>
#include <optional>
#include <set>

namespace corebelt::geo {

namespace {

constexpr std::uint32_t none = std::numeric_limits<std::uint32_t>::max();
constexpr std::size_t steps_between_stops = 1U << 16U;

/// South of west counter-clockwise to west itself.
int quarter_of(XY from, XY to) {
    if (to.y != from.y)
        return to.y < from.y ? 0 : 2;
    return to.x > from.x ? 1 : 3;
}

class Groups {
public:
    explicit Groups(std::size_t n) : parent_(n) { std::iota(parent_.begin(), parent_.end(), 0U); }
    std::uint32_t first_of(std::uint32_t i) {
        while (parent_[i] != i)
            i = parent_[i] = parent_[parent_[i]];
        return i;
    }
    /// The smaller number stands for the group.
    void join(std::uint32_t i, std::uint32_t j) {
        i = first_of(i);
        j = first_of(j);
        parent_[std::max(i, j)] = std::min(i, j);
    }

private:
    std::vector<std::uint32_t> parent_;
};

/// The edges over one abscissa from south to north. Edges have no points in common but ends.
class SweepLine {
public:
    explicit SweepLine(const std::vector<BorderEdge>& edges) : active_(Order{&edges}) {}

    void insert(std::uint32_t edge) { active_.insert(edge); }
    void erase(std::uint32_t edge) { active_.erase(edge); }
    [[nodiscard]] std::optional<std::uint32_t> below(XY p) const {
        const auto above = active_.lower_bound(p);
        return above == active_.begin() ? std::nullopt : std::optional(*std::prev(above));
    }

private:
    struct Order {
        using is_transparent = void;
        const std::vector<BorderEdge>* edges;

        bool operator()(std::uint32_t i, std::uint32_t j) const {
            const BorderEdge& s = (*edges)[i];
            const BorderEdge& t = (*edges)[j];
            if (s.a == t.a)
                return exact::orientation(s.a, s.b, t.b) > 0;
            if (before(s.a, t.a))
                return exact::orientation(s.a, s.b, t.a) > 0;
            return exact::orientation(t.a, t.b, s.a) < 0;
        }
        bool operator()(std::uint32_t i, XY p) const { return exact::orientation((*edges)[i].a, (*edges)[i].b, p) > 0; }
    };

    std::set<std::uint32_t, Order> active_;
};

} // namespace

EdgeFaces::EdgeFaces(const BorderEdges& noded) : noded_(noded) {
    link_around_vertices();
    walk();
    find_depths();
    list_walks();
}

void EdgeFaces::link_around_vertices() {
    const std::size_t half_edges = 2 * noded_.edges.size();
    spokes_.resize(half_edges);
    std::iota(spokes_.begin(), spokes_.end(), 0U);
    const auto counter_clockwise = [this](std::uint32_t g, std::uint32_t h) {
        const XY at = from(g);
        const XY p = from(g ^ 1U);
        const XY q = from(h ^ 1U);
        const int gq = quarter_of(at, p);
        const int hq = quarter_of(at, q);
        return gq != hq ? gq < hq : exact::orientation(at, p, q) > 0;
    };
    std::sort(spokes_.begin(), spokes_.end(), [&](std::uint32_t g, std::uint32_t h) {
        const XY p = from(g);
        const XY q = from(h);
        return p == q ? counter_clockwise(g, h) : before(p, q);
    });
    throw_if_stopped();
    vertex_of_.resize(half_edges);
    next_.resize(half_edges);
    for (std::uint32_t s = 0; s < half_edges; ++s) {
        if (s == 0 || !(from(spokes_[s]) == from(spokes_[s - 1])))
            spoke_first_.push_back(s);
        vertex_of_[spokes_[s]] = static_cast<std::uint32_t>(spoke_first_.size()) - 1;
    }
    spoke_first_.push_back(static_cast<std::uint32_t>(half_edges));
    // Who arrives at a vertex goes on by the spoke that is next clockwise from the one back, so that nothing lies
    // between the two on the left.
    for (std::size_t v = 0; v + 1 < spoke_first_.size(); ++v)
        for (std::uint32_t s = spoke_first_[v]; s < spoke_first_[v + 1]; ++s)
            next_[spokes_[s] ^ 1U] = spokes_[s == spoke_first_[v] ? spoke_first_[v + 1] - 1 : s - 1];
}

void EdgeFaces::walk() {
    walk_of_.assign(next_.size(), none);
    for (std::uint32_t h = 0; h < next_.size(); ++h) {
        if (walk_of_[h] != none)
            continue;
        for (std::uint32_t g = h; walk_of_[g] == none; g = next_[g])
            walk_of_[g] = static_cast<std::uint32_t>(walk_start_.size());
        walk_start_.push_back(h);
    }
    throw_if_stopped();
}

void EdgeFaces::find_depths() {
    Groups groups(spoke_first_.size());
    for (std::uint32_t e = 0; e < noded_.edges.size(); ++e)
        groups.join(vertex_of_[std::size_t{2} * e], vertex_of_[std::size_t{2} * e + 1]);
    face_of_walk_.assign(walk_start_.size(), none);
    depth_.assign(1, 0);
    SweepLine sweep(noded_.edges);
    std::vector<std::uint32_t> waiting;
    for (std::uint32_t v = 0; v + 1 < spoke_first_.size(); ++v) {
        if (v % steps_between_stops == 0)
            throw_if_stopped();
        const std::uint32_t first = spoke_first_[v];
        const std::uint32_t last = spoke_first_[v + 1];
        for (std::uint32_t s = first; s < last; ++s)
            if (spokes_[s] % 2 == 1)
                sweep.erase(spokes_[s] / 2);
        if (groups.first_of(v) == v) {
            // The first vertex of what hangs together: all around it is one face, that of the edge below, and the
            // walk on the left of its northernmost spoke goes along that face.
            const auto below = sweep.below(from(spokes_[first]));
            const std::uint32_t around = walk_of_[spokes_[last - 1]];
            face_of_walk_[around] = below ? face_of(2 * *below) : 0;
            waiting.assign(1, around);
            while (!waiting.empty()) {
                const std::uint32_t walk = waiting.back();
                waiting.pop_back();
                const std::int32_t left = depth_[face_of_walk_[walk]];
                std::uint32_t h = walk_start_[walk];
                do {
                    const std::uint32_t across = walk_of_[h ^ 1U];
                    if (face_of_walk_[across] == none) {
                        const std::int32_t turn = noded_.edges[h / 2].turn;
                        face_of_walk_[across] = static_cast<std::uint32_t>(depth_.size());
                        depth_.push_back(h % 2 == 0 ? left - turn : left + turn);
                        waiting.push_back(across);
                    }
                    h = next_[h];
                } while (h != walk_start_[walk]);
            }
        }
        for (std::uint32_t s = first; s < last; ++s)
            if (spokes_[s] % 2 == 0)
                sweep.insert(spokes_[s] / 2);
    }
}

void EdgeFaces::list_walks() {
    walks_first_.assign(depth_.size() + 1, 0);
    for (const std::uint32_t face : face_of_walk_)
        ++walks_first_[face + 1];
    std::partial_sum(walks_first_.begin(), walks_first_.end(), walks_first_.begin());
    std::vector<std::uint32_t> at(walks_first_.begin(), walks_first_.end() - 1);
    walks_.resize(walk_start_.size());
    for (std::size_t walk = 0; walk < walk_start_.size(); ++walk)
        walks_[at[face_of_walk_[walk]]++] = walk_start_[walk];
}

} // namespace corebelt::geo
