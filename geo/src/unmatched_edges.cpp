#include "unmatched_edges.hpp"

#include "edge_finder.hpp"
#include "plane.hpp"

#include "corebelt/geo/parallel_blocks.hpp"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <iterator>
#include <limits>
#include <tuple>

namespace corebelt::geo {

namespace {

constexpr double shortest_in_tolerances = 10;

/// A stretch of one edge beside one other feature, in the direction of its own feature.
struct Beside {
    std::uint32_t feature, other;
    XY from, to;
    XY joint_before, joint_after; ///< where the next one may go on: the edge's ends, where it comes near to them
    double length_m, distance_m;
};

/// Part of an edge within reach of one edge of another feature, metres from the edge's beginning.
struct Reach {
    std::uint32_t other;
    double from, to;
    XY c, d; ///< the other edge, in metres from the beginning
};

double distance_to_edge(XY p, XY c, XY d) {
    const XY along = d - c;
    const double t = std::clamp(dot(p - c, along) / dot(along, along), 0.0, 1.0);
    return length_of(p - (c + t * along));
}

/// Where points s·u, straight across from the edge c→d, lie within `reach` of it: an interval, empty where from > to.
void across_from(XY u, XY c, XY d, double reach, double& from, double& to) {
    from = -std::numeric_limits<double>::infinity();
    to = -from;
    const auto clip = [&](double at_0, double slope, double low, double high) {
        if (slope == 0) {
            if (at_0 < low || at_0 > high)
                to = -std::numeric_limits<double>::infinity();
            return;
        }
        const double s = (low - at_0) / slope;
        const double t = (high - at_0) / slope;
        from = std::max(from, std::min(s, t));
        to = std::min(to, std::max(s, t));
    };
    const double length = length_of(d - c);
    const XY v{(d.x - c.x) / length, (d.y - c.y) / length};
    clip(-dot(v, c), dot(v, u), 0, length);
    clip(-cross(v, c), cross(v, u), -reach, reach);
}

/// The stretches of single edges.
class Searcher {
public:
    Searcher(const BorderEdges& noded, const EdgeFinder& finder, std::span<const std::int64_t> ids,
             const MetreScale& scale, double tolerance_m)
        : noded_(noded), finder_(finder), ids_(ids), scale_(scale), reach_m_(tolerance_m * (1 + 1e-12)) {}

    void search(std::uint32_t edge, std::vector<Beside>& found) {
        const BorderEdge& e = noded_.edges[edge];
        const XY metres = scale_.at({0.5 * (e.a.x + e.b.x), 0.5 * (e.a.y + e.b.y)});
        const auto local = [&](XY p) { return XY{metres.x * (p.x - e.a.x), metres.y * (p.y - e.a.y)}; };
        const XY end = local(e.b);
        const double length = length_of(end);
        const XY u{end.x / length, end.y / length};
        Box near = box_of(e.a, e.b);
        near.min_x -= reach_m_ / metres.x;
        near.max_x += reach_m_ / metres.x;
        near.min_y -= reach_m_ / metres.y;
        near.max_y += reach_m_ / metres.y;
        for (const Border& border : noded_.of(edge)) {
            reaches_.clear();
            finder_.each_touching(near, [&](std::uint32_t i) {
                if (i == edge || borders(i, border.feature))
                    return;
                const XY c = local(noded_.edges[i].a);
                const XY d = local(noded_.edges[i].b);
                if (std::abs(dot(u, d - c)) < std::abs(cross(u, d - c)))
                    return;
                double from = 0;
                double to = 0;
                across_from(u, c, d, reach_m_, from, to);
                from = std::max(from, 0.0);
                to = std::min(to, length);
                if (!(from < to))
                    return;
                const double apart = std::max(distance_to_edge(from * u, c, d), distance_to_edge(to * u, c, d));
                if (apart > 0.999 * reach_m_ && to - from < shortest_in_tolerances * reach_m_)
                    return; // the borders meet or part at an angle
                for (const Border& other : noded_.of(i))
                    if (ids_[border.feature] < ids_[other.feature] && !borders(edge, other.feature))
                        reaches_.push_back({other.feature, from, to, c, d});
            });
            put_together(e, border, u, length, found);
        }
    }

private:
    [[nodiscard]] bool borders(std::uint32_t edge, std::uint32_t feature) const {
        const auto of = noded_.of(edge);
        return std::any_of(of.begin(), of.end(), [&](const Border& b) { return b.feature == feature; });
    }

    void put_together(const BorderEdge& e, const Border& border, XY u, double length, std::vector<Beside>& found) {
        std::sort(reaches_.begin(), reaches_.end(), [&](const Reach& r, const Reach& s) {
            const auto key = [&](const Reach& x) {
                return std::tuple(ids_[x.other], x.from, x.to, x.c.x, x.c.y, x.d.x, x.d.y);
            };
            return key(r) < key(s);
        });
        for (std::size_t first = 0; first < reaches_.size();) {
            const std::size_t begin = first;
            std::size_t last = first;
            double to = reaches_[first].to;
            while (last < reaches_.size() && reaches_[last].other == reaches_[first].other &&
                   reaches_[last].from <= to + reach_m_) // the other border may bend away between two of its edges
                to = std::max(to, reaches_[last++].to);
            const double from = reaches_[first].from;
            const auto at = [&](double s) {
                if (s == 0)
                    return e.a;
                return s == length ? e.b
                                   : XY{e.a.x + s / length * (e.b.x - e.a.x), e.a.y + s / length * (e.b.y - e.a.y)};
            };
            first = last;
            const bool from_start = from <= reach_m_;
            const bool to_end = to >= length - reach_m_;
            Beside b{border.feature, reaches_[last - 1].other,    at(from),
                     at(to),         at(from_start ? 0 : from),   at(to_end ? length : to),
                     to - from,      most_distant(begin, last, u)};
            if (border.turn < 0) {
                std::swap(b.from, b.to);
                std::swap(b.joint_before, b.joint_after);
            }
            found.push_back(b);
        }
    }

    /// The greatest distance from the nearest of the edges; a little more where two are nearest in turn.
    [[nodiscard]] double most_distant(std::size_t first, std::size_t last, XY u) {
        breaks_.clear();
        for (std::size_t r = first; r < last; ++r) {
            breaks_.push_back(reaches_[r].from);
            breaks_.push_back(reaches_[r].to);
        }
        std::sort(breaks_.begin(), breaks_.end());
        double most = 0;
        for (std::size_t k = 1; k < breaks_.size(); ++k) {
            if (breaks_[k] == breaks_[k - 1])
                continue;
            double nearest = std::numeric_limits<double>::infinity();
            for (std::size_t r = first; r < last; ++r) {
                const Reach& reach = reaches_[r];
                if (reach.from > breaks_[k - 1] || reach.to < breaks_[k])
                    continue;
                nearest = std::min(nearest, std::max(distance_to_edge(breaks_[k - 1] * u, reach.c, reach.d),
                                                     distance_to_edge(breaks_[k] * u, reach.c, reach.d)));
            }
            if (nearest <= reach_m_) // else a bend between two edges
                most = std::max(most, nearest);
        }
        return most;
    }

    const BorderEdges& noded_;
    const EdgeFinder& finder_;
    std::span<const std::int64_t> ids_;
    const MetreScale& scale_;
    double reach_m_;
    std::vector<Reach> reaches_;
    std::vector<double> breaks_;
};

/// Stretches of single edges strung together where one ends and the next begins.
class Stringer {
public:
    Stringer(std::vector<Beside> pieces, std::span<const std::int64_t> ids) : pieces_(std::move(pieces)), ids_(ids) {
        std::sort(pieces_.begin(), pieces_.end(), [&](const Beside& p, const Beside& q) { return key(p) < key(q); });
    }

    std::vector<UnmatchedStretch> string(double shortest_m, double resolution_m, Shapes& lines) {
        constexpr std::size_t none = std::numeric_limits<std::size_t>::max();
        std::vector<std::size_t> after(pieces_.size(), none);
        std::vector<char> has_before(pieces_.size(), 0);
        for (std::size_t i = 0; i < pieces_.size(); ++i) {
            const Beside& p = pieces_[i];
            const auto wanted = std::tuple(ids_[p.feature], ids_[p.other], p.joint_after.x, p.joint_after.y);
            auto next = std::lower_bound(pieces_.begin(), pieces_.end(), wanted, [&](const Beside& q, const auto& w) {
                return std::tuple(ids_[q.feature], ids_[q.other], q.joint_before.x, q.joint_before.y) < w;
            });
            for (; next != pieces_.end() && next->feature == p.feature && next->other == p.other &&
                   next->joint_before == p.joint_after;
                 ++next) {
                const auto n = static_cast<std::size_t>(next - pieces_.begin());
                if (n != i && has_before[n] == 0) {
                    after[i] = n;
                    has_before[n] = 1;
                    break;
                }
            }
        }
        std::vector<UnmatchedStretch> stretches;
        std::vector<char> used(pieces_.size(), 0);
        for (std::size_t first = 0, last = 0; first < pieces_.size(); first = last) {
            while (last < pieces_.size() && pieces_[last].feature == pieces_[first].feature &&
                   pieces_[last].other == pieces_[first].other)
                ++last;
            for (const bool closed : {false, true})
                for (std::size_t i = first; i < last; ++i) {
                    if (used[i] != 0 || (!closed && has_before[i] != 0))
                        continue;
                    chain_.clear();
                    for (std::size_t k = i; k != none && used[k] == 0; k = after[k]) {
                        used[k] = 1;
                        chain_.push_back(k);
                    }
                    finish(shortest_m, resolution_m, stretches, lines);
                }
        }
        return stretches;
    }

private:
    using Key = std::tuple<std::int64_t, std::int64_t, double, double, double, double>;
    [[nodiscard]] Key key(const Beside& p) const {
        return {ids_[p.feature], ids_[p.other], p.joint_before.x, p.joint_before.y, p.to.x, p.to.y};
    }

    void finish(double shortest_m, double resolution_m, std::vector<UnmatchedStretch>& stretches, Shapes& lines) const {
        const Beside& begin = pieces_[chain_.front()];
        UnmatchedStretch s{begin.feature, begin.other, 0, 0, {}};
        double longest = -1;
        for (const std::size_t k : chain_) {
            const Beside& p = pieces_[k];
            s.length_m += p.length_m;
            s.distance_m = std::max(s.distance_m, p.distance_m);
            if (p.length_m > longest) {
                longest = p.length_m;
                s.place = {p.from.x + 0.5 * (p.to.x - p.from.x), p.from.y + 0.5 * (p.to.y - p.from.y)};
            }
        }
        if (s.length_m < shortest_m || s.distance_m <= resolution_m)
            return;
        for (const std::size_t k : chain_) {
            if (k == chain_.front() || !(lines.xy.back() == pieces_[k].from))
                lines.add(pieces_[k].from);
            lines.add(pieces_[k].to);
        }
        lines.end_ring();
        lines.end_part();
        lines.end_shape(Dimension::line);
        stretches.push_back(s);
    }

    std::vector<Beside> pieces_;
    std::span<const std::int64_t> ids_;
    std::vector<std::size_t> chain_;
};

} // namespace

std::vector<UnmatchedStretch> unmatched_stretches(const BorderEdges& noded, std::span<const std::int64_t> ids,
                                                  const MetreScale& scale, double tolerance_m, double resolution_m,
                                                  unsigned jobs, Shapes& lines) {
    lines.clear();
    if (tolerance_m == 0)
        return {};
    const EdgeFinder finder(noded.edges);
    std::vector<std::vector<Beside>> found(std::max(jobs, 1U));
    parallel_blocks(noded.edges.size(), 512, jobs, [&](unsigned thread, std::size_t first, std::size_t last) {
        Searcher searcher(noded, finder, ids, scale, tolerance_m);
        for (std::size_t place = first; place < last; ++place)
            searcher.search(finder.edge_at(place), found[thread]);
    });
    std::vector<Beside> pieces = std::move(found[0]);
    for (std::size_t t = 1; t < found.size(); ++t)
        pieces.insert(pieces.end(), found[t].begin(), found[t].end());
    return Stringer(std::move(pieces), ids).string(shortest_in_tolerances * tolerance_m, resolution_m, lines);
}

} // namespace corebelt::geo
