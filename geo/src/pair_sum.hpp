#pragma once
/// The Green sum of A ∩ B.

#include "cell_grid.hpp"
#include "crossings.hpp"
#include "sum.hpp"

#include "corebelt/geo/overlap.hpp"

#include <optional>

namespace corebelt::geo {

inline constexpr double unit_roundoff = 0x1p-53;

/// A form of ground area about a place, which its points are relative to.
struct GroundForm {
    LocalAreaForm form;
    XY origin{};
};

/// The runs of one feature that come near the other, and how its edges there change the other's winding.
struct Side {
    const EdgeTree* tree = nullptr;
    const CellGrid* grid = nullptr;          ///< none where the feature came unprepared
    std::vector<std::uint32_t> runs;         ///< in ring order
    std::vector<std::uint32_t> place_of_run; ///< where a run stands in `runs`; meant for those only
    std::vector<std::int32_t> change;        ///< of the other's winding along an edge; run_size entries a run

    void reach(const EdgeTree& of, const CellGrid* cells, const Box& within) {
        tree = &of;
        grid = cells;
        runs.clear();
        of.boxes().each_touching(within, [&](std::uint32_t run) { runs.push_back(run); });
        if (place_of_run.size() < of.runs().size())
            place_of_run.resize(of.runs().size());
        for (std::uint32_t i = 0; i < runs.size(); ++i)
            place_of_run[runs[i]] = i;
        change.assign(runs.size() * EdgeTree::run_size, 0);
    }
    /// Winding number of the feature about a point.
    [[nodiscard]] int winding_about(XY point, Shifted shifted) const {
        const std::optional<int> known = grid != nullptr ? grid->winding_at(point) : std::nullopt;
        return known ? *known : winding(*tree, point, shifted);
    }
    [[nodiscard]] std::int32_t& change_of(EdgeOfRun e) {
        return change[place_of_run[e.run] * EdgeTree::run_size + (e.edge - tree->runs()[e.run].first)];
    }
};

/// The Green sum of one pair. Every point that a term multiplies lies in the box that the features share, so
/// terms are taken about its corner.
class PairSum {
public:
    /// @param ground  also integrated where not null.
    PairSum(Side& a, Side& b, const Box& box_a, const Box& box_b, const GroundForm* ground)
        : a_(a),
          b_(b),
          shared_(common(box_a, box_b)),
          origin_(low_corner(shared_)),
          diameter_a_(diameter(box_a)),
          ground_form_(ground) {}

    void crossing(EdgeOfRun e, EdgeOfRun f, int s) {
        a_.change_of(e) += s;
        b_.change_of(f) -= s;
        const XY* const at = &a_.tree->vertices()[e.edge];
        const XY* const bt = &b_.tree->vertices()[f.edge];
        const XY a = at[0];
        const XY b = at[1];
        const XY u = bt[0];
        const XY v = bt[1];
        const double share = crossing_share(a, b, u, v);
        const XY along = b - a;
        const XY x = (a - origin_) + share * along; // used for both edges
        sums_.doubled.add(s * cross(x, b - v));
        const double length_a = length_of(along);
        const double length_b = length_of(v - u);
        error_ += length_a * (length_a + diameter_a_) + diameter_a_ * length_b;
        sums_.length += s * ((1 - share) * length_a - length_of((v - origin_) - x));
        if (ground_form_ != nullptr) {
            const XY g = (a - ground_form_->origin) + share * along;
            sums_.ground.add(s * (ground_form_->form.segment_m2(g, b - ground_form_->origin) -
                                  ground_form_->form.segment_m2(g, v - ground_form_->origin)));
        }
        ++crossings_;
    }

    /// Where the shift leaves a strip of both features between opposite edges, both were counted as boundary, though
    /// it has no width; of a gap neither was, and of equal directions one.
    void along(EdgeOfRun e, EdgeOfRun f, bool same_direction, int side_of_f) {
        if (same_direction || side_of_f < 0)
            return;
        const XY* const at = &a_.tree->vertices()[e.edge];
        const XY* const bt = &b_.tree->vertices()[f.edge];
        doubled_length_ += 2 * shared_length(at[0], at[1], bt[0], bt[1]);
    }

    /// The edges of both features, after all crossings are known.
    void edges() {
        edges_of(a_, b_, Shifted::feature);
        whole_edges_of_a_ = sums_.edges;
        edges_of(b_, a_, Shifted::point);
    }

    /// Where b's winding number is w over all of a.
    void whole(const ShapeView& a, int w) {
        Sums sums = sums_;
        for (std::size_t r = 0; r < a.ring_count(); ++r) {
            const auto ring = a.ring(r);
            for (std::size_t i = 0; i + 1 < ring.size(); ++i)
                whole_edge(sums, w, ring[i], ring[i + 1]);
        }
        sums_ = sums;
    }

    /// True where the features have no place in common.
    [[nodiscard]] bool apart() const { return crossings_ == 0 && sums_.edges == 0; }
    /// True where b covers a once, and nothing of b's boundary lies in a.
    [[nodiscard]] bool covered(std::size_t edges_of_a) const {
        return crossings_ == 0 && sums_.edges == whole_edges_of_a_ && sums_.edges == edges_of_a && !sums_.counted_twice;
    }

    [[nodiscard]] std::uint32_t parity_violations() const { return parity_violations_; }

    [[nodiscard]] Overlap result(double m2_per_unit2) const {
        Overlap r;
        r.planar_m2 = m2_per_unit2 * 0.5 * sums_.doubled.value();
        r.ground_m2 = sums_.ground.value();
        r.bound_m2 = m2_per_unit2 * unit_roundoff *
                     (8 * error_ + (static_cast<double>(crossings_) + static_cast<double>(sums_.edges) + 2) *
                                       diameter_a_ * sums_.whole_length);
        r.length = std::max(0.0, sums_.length - doubled_length_);
        r.crossings = crossings_;
        r.parity_violations = parity_violations_;
        return r;
    }

private:
    /// What edges add to. Loops over edges add to a copy: unlike a member it can stay in registers.
    struct Sums {
        CompensatedSum doubled; ///< twice the area in squared units
        CompensatedSum ground;  ///< m²
        double length = 0;
        double whole_length = 0; ///< of the edges that begin in the other feature
        std::size_t edges = 0;   ///< those
        bool counted_twice = false;
    };

    void edges_of(const Side& side, const Side& other, Shifted shifted) {
        Sums sums = sums_;
        const XY* const at = side.tree->vertices().data();
        const auto& all_runs = side.tree->runs();
        int w = 0;               // of the other feature, at the vertex reached
        int w_at_ring_start = 0; // also where the ring's first run stays outside the shared box
        for (std::size_t i = 0; i < side.runs.size(); ++i) {
            const EdgeTree::Run run = all_runs[side.runs[i]];
            if (run.begins_ring) {
                w = contains(shared_, at[run.first]) ? other.winding_about(at[run.first], shifted) : 0;
                w_at_ring_start = w;
            } else if (i == 0 || side.runs[i - 1] + 1 != side.runs[i]) {
                w = 0; // the run before stays outside the shared box
            }
            const std::int32_t* const change = &side.change[i * EdgeTree::run_size];
            for (std::uint32_t k = 0; k < run.count; ++k) {
                if (w != 0)
                    whole_edge(sums, w, at[run.first + k], at[run.first + k + 1]);
                w += change[k];
            }
            if (run.ends_ring) {
                parity_violations_ += w != w_at_ring_start ? 1U : 0U;
                w_at_ring_start = 0;
            } else if (i + 1 == side.runs.size() || side.runs[i + 1] != side.runs[i] + 1) {
                parity_violations_ += w != 0 ? 1U : 0U;
            }
        }
        sums_ = sums;
    }

    [[gnu::always_inline]] void whole_edge(Sums& sums, int w, XY p, XY q) const { // else sums stay in memory
        const XY along = q - p;
        sums.doubled.add(w * cross(p - origin_, along));
        const double length = length_of(along);
        sums.length += w * length;
        sums.whole_length += std::abs(w) * length;
        sums.counted_twice = sums.counted_twice || w != 1;
        ++sums.edges;
        if (ground_form_ != nullptr)
            sums.ground.add(w * ground_form_->form.segment_m2(p - ground_form_->origin, q - ground_form_->origin));
    }

    Side& a_;
    Side& b_;
    Box shared_;
    XY origin_;
    double diameter_a_;
    const GroundForm* ground_form_;
    Sums sums_;
    double error_ = 0;
    double doubled_length_ = 0;
    std::uint32_t crossings_ = 0;
    std::size_t whole_edges_of_a_ = 0;
    std::uint32_t parity_violations_ = 0;
};

} // namespace corebelt::geo
