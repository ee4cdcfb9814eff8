#include "border_edges.hpp"
#include "edge_finder.hpp"
#include "exact.hpp"
#include "plane.hpp"

#include "corebelt/geo/error.hpp"
#include "corebelt/geo/parallel_blocks.hpp"
#include "corebelt/geo/validity.hpp"

#include <algorithm>
#include <utility>

namespace corebelt::geo {

namespace {

/// A part of an unshared edge.
struct Piece {
    XY a, b; ///< a before b
    std::uint32_t edge;
    bool turned; ///< runs against the edge it is of
    bool moved;  ///< not tested since an end of it was rounded
};

struct Cut {
    std::uint32_t piece;
    XY at;
    bool rounded;
};

class Noder {
public:
    Noder(const BorderEdges& unshared, bool geographic, unsigned jobs) : geographic_(geographic), jobs_(jobs) {
        pieces_.reserve(unshared.edges.size());
        for (std::uint32_t i = 0; i < unshared.edges.size(); ++i)
            pieces_.push_back({unshared.edges[i].a, unshared.edges[i].b, i, false, true});
    }

    /// Cuts once; false where there was nothing to cut. Edges that cross take up each other's ends within `reach`; with
    /// `tie` those that do not cross, too. `moved` tells whether an edge was moved.
    bool round(double reach, bool tie, bool& moved) {
        reach_ = reach;
        tie_ = tie;
        if (std::none_of(pieces_.begin(), pieces_.end(), [](const Piece& piece) { return piece.moved; }))
            return moved = false;
        std::vector<Cut> cuts = find_cuts();
        for (Piece& piece : pieces_)
            piece.moved = false;
        moved = std::any_of(cuts.begin(), cuts.end(), [](const Cut& cut) { return cut.rounded; });
        if (cuts.empty())
            return false;
        apply(cuts);
        return true;
    }
    [[nodiscard]] const std::vector<Piece>& pieces() const { return pieces_; }

private:
    std::vector<Cut> find_cuts() const {
        const EdgeFinder finder(pieces_);
        std::vector<std::vector<Cut>> found(std::max(jobs_, 1U));
        parallel_blocks(pieces_.size(), 512, jobs_, [&](unsigned thread, std::size_t first, std::size_t last) {
            for (std::size_t place = first; place < last; ++place) {
                const std::uint32_t i = finder.edge_at(place);
                if (!pieces_[i].moved)
                    continue;
                finder.each_touching(box_of(pieces_[i].a, pieces_[i].b).grown(reach_), [&](std::uint32_t j) {
                    if (j != i && (!pieces_[j].moved || i < j))
                        compare(std::min(i, j), std::max(i, j), found[thread]);
                });
            }
        });
        std::vector<Cut> cuts = std::move(found[0]);
        for (std::size_t t = 1; t < found.size(); ++t)
            cuts.insert(cuts.end(), found[t].begin(), found[t].end());
        return cuts;
    }

    void compare(std::uint32_t i, std::uint32_t j, std::vector<Cut>& cuts) const {
        const Piece& p = pieces_[i];
        const Piece& q = pieces_[j];
        const bool crosses = exact::orientation(p.a, p.b, q.a) * exact::orientation(p.a, p.b, q.b) < 0 &&
                             exact::orientation(q.a, q.b, p.a) * exact::orientation(q.a, q.b, p.b) < 0;
        // Ends on the other piece are taken up. So are ends near it, where the two cross and once in any case: without
        // that, lines that nearly coincide would cross anew after every rounding.
        const std::size_t before = cuts.size();
        const auto take_up = [&](std::uint32_t k, XY end) {
            const bool beside = exact::orientation(pieces_[k].a, pieces_[k].b, end) != 0;
            if ((crosses || tie_ || !beside) && lies_on(pieces_[k], end))
                cuts.push_back({k, end, beside});
        };
        take_up(i, q.a);
        take_up(i, q.b);
        take_up(j, p.a);
        take_up(j, p.b);
        if (!crosses || cuts.size() != before)
            return;
        const XY at = crossing(p, q);
        for (const std::uint32_t k : {i, j})
            if (!(at == pieces_[k].a) && !(at == pieces_[k].b))
                cuts.push_back({k, at, true});
    }

    /// Within reach of the piece and nearer to each of its ends than these are to each other, so that pieces only get
    /// shorter and cutting comes to an end.
    [[nodiscard]] bool lies_on(const Piece& p, XY end) const {
        const XY along = p.b - p.a;
        const XY to = end - p.a;
        if (!(dot(to, end - p.b) < 0))
            return false;
        const double across = cross(along, to);
        return across * across <= reach_ * reach_ * dot(along, along);
    }

    /// On the shorter one, to within a few units of the last place of its length before it is rounded.
    [[nodiscard]] XY crossing(const Piece& p, const Piece& q) const {
        const bool p_shorter = length_of(p.b - p.a) <= length_of(q.b - q.a);
        const Piece& s = p_shorter ? p : q;
        const Piece& l = p_shorter ? q : p;
        const double t =
            exact::cross_of_differences(s.a, l.a, l.a, l.b) / exact::cross_of_differences(s.a, s.b, l.a, l.b);
        return rounded(s.a + t * (s.b - s.a), geographic_);
    }

    void apply(std::vector<Cut>& cuts) {
        const auto along = [&](const Cut& cut) {
            const Piece& p = pieces_[cut.piece];
            return dot(cut.at - p.a, p.b - p.a);
        };
        std::sort(cuts.begin(), cuts.end(), [&](const Cut& c, const Cut& d) {
            if (c.piece != d.piece)
                return c.piece < d.piece;
            const double s = along(c);
            const double t = along(d);
            if (s != t)
                return s < t;
            return !(c.at == d.at) ? before(c.at, d.at) : c.rounded < d.rounded;
        });
        std::vector<Piece> cut_pieces;
        for (std::size_t first = 0; first < cuts.size();) {
            std::size_t last = first;
            bool moved = false;
            for (; last < cuts.size() && cuts[last].piece == cuts[first].piece; ++last)
                moved = moved || cuts[last].rounded;
            const Piece whole = pieces_[cuts[first].piece];
            XY from = whole.a;
            const auto add = [&](XY to) {
                if (from == to)
                    return;
                const bool back = before(to, from);
                cut_pieces.push_back({back ? to : from, back ? from : to, whole.edge, whole.turned != back, moved});
                from = to;
            };
            for (std::size_t c = first; c < last; ++c)
                add(cuts[c].at);
            add(whole.b);
            pieces_[cuts[first].piece] = cut_pieces.back();
            cut_pieces.pop_back();
            first = last;
        }
        pieces_.insert(pieces_.end(), cut_pieces.begin(), cut_pieces.end());
    }

    std::vector<Piece> pieces_;
    bool geographic_;
    unsigned jobs_;
    double reach_ = 0;
    bool tie_ = true;
};

} // namespace

BorderEdges noded(const BorderEdges& unshared, bool geographic, std::span<const std::int64_t> ids, unsigned jobs,
                  double& moved_by) {
    // A lattice step is enough for ordinary data. Where many borders lie within a few steps of each other, each
    // rounding makes new crossings; then a wider reach ties them together.
    constexpr unsigned narrow_rounds = 4;
    constexpr unsigned most_rounds = 24;
    Noder noder(unshared, geographic, jobs);
    moved_by = 0;
    double reach = lattice_step(geographic);
    unsigned rounds = 0;
    for (bool moved = false; noder.round(reach, rounds == 0, moved);) {
        moved_by += moved ? reach : 0;
        if (++rounds >= narrow_rounds)
            reach *= 2;
        if (rounds == most_rounds)
            throw Error(ErrorKind::internal, "noding",
                        {"borders still cross after many rounds of cutting", "边界线段多轮打断后仍有相交"});
    }
    std::vector<LooseBorder> loose;
    loose.reserve(noder.pieces().size());
    for (const Piece& piece : noder.pieces())
        for (const Border& border : unshared.of(piece.edge))
            loose.push_back({piece.a, piece.b, {border.feature, piece.turned ? -border.turn : border.turn}});
    return joined(loose, ids);
}

} // namespace corebelt::geo
