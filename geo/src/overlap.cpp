#include "corebelt/geo/overlap.hpp"

#include "crossings.hpp"
#include "prepared_index.hpp"
#include "sum.hpp"

#include "corebelt/geo/expects.hpp"

#include <cmath>
#include <optional>

namespace corebelt::geo {

namespace {

constexpr double unit_roundoff = 0x1p-53;

/// Above this many pairs of runs both trees are walked together instead.
constexpr std::size_t most_run_pairs = 4096;

XY operator+(XY p, XY q) {
    return {p.x + q.x, p.y + q.y};
}
XY operator-(XY p, XY q) {
    return {p.x - q.x, p.y - q.y};
}
XY operator*(double t, XY p) {
    return {t * p.x, t * p.y};
}
double length_of(XY d) {
    return std::sqrt(d.x * d.x + d.y * d.y);
}
double cross(XY p, XY q) {
    return p.x * q.y - p.y * q.x;
}

bool contains(const Box& box, XY p) {
    return box.min_x <= p.x && p.x <= box.max_x && box.min_y <= p.y && p.y <= box.max_y;
}

/// The runs of one feature that come near the other, and how its edges there change the other's winding.
struct Side {
    const EdgeTree* tree = nullptr;
    std::vector<std::uint32_t> runs;         ///< in ring order
    std::vector<std::uint32_t> place_of_run; ///< where a run stands in `runs`; meant for those only
    std::vector<std::int32_t> change;        ///< of the other's winding along an edge; run_size entries a run

    void reach(const EdgeTree& of, const Box& within) {
        tree = &of;
        runs.clear();
        of.boxes().each_touching(within, [&](std::uint32_t run) { runs.push_back(run); });
        if (place_of_run.size() < of.runs().size())
            place_of_run.resize(of.runs().size());
        for (std::uint32_t i = 0; i < runs.size(); ++i)
            place_of_run[runs[i]] = i;
        change.assign(runs.size() * EdgeTree::run_size, 0);
    }
    [[nodiscard]] std::int32_t& change_of(EdgeOfRun e) {
        return change[place_of_run[e.run] * EdgeTree::run_size + (e.edge - tree->runs()[e.run].first)];
    }
};

/// The Green sum of one pair. Every point that a term multiplies lies in the box that the features share, so
/// terms are taken about its corner.
class PairSum {
public:
    PairSum(Side& a, Side& b, const Box& shared, double diameter_a)
        : a_(a), b_(b), shared_(shared), origin_{shared.min_x, shared.min_y}, diameter_a_(diameter_a) {}

    /// Also integrates this form, about its own origin.
    void measure_ground(const LocalAreaForm& form, XY origin) {
        ground_form_ = &form;
        ground_origin_ = origin;
    }

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
        doubled_.add(s * cross(x, b - v));
        const double length_a = length_of(along);
        const double length_b = length_of(v - u);
        error_ += length_a * (length_a + diameter_a_) + diameter_a_ * length_b;
        length_ += s * ((1 - share) * length_a - length_of((v - origin_) - x));
        if (ground_form_ != nullptr) {
            const XY g = (a - ground_origin_) + share * along;
            ground_.add(s * (ground_form_->segment_m2(g, b - ground_origin_) -
                             ground_form_->segment_m2(g, v - ground_origin_)));
        }
        ++crossings_;
        ++terms_;
    }

    /// After the shift the strip between the two edges belongs to both features; it has no width.
    void opposite(EdgeOfRun e, EdgeOfRun f) {
        const XY* const at = &a_.tree->vertices()[e.edge];
        const XY* const bt = &b_.tree->vertices()[f.edge];
        doubled_length_ += 2 * shared_length(at[0], at[1], bt[0], bt[1]);
    }

    /// The edges of both features, after all crossings are known.
    void edges() {
        edges_of(a_, b_, Shifted::feature);
        edges_of(b_, a_, Shifted::point);
    }

    [[nodiscard]] Overlap result(double m2_per_unit2) const {
        Overlap r;
        r.planar_m2 = m2_per_unit2 * 0.5 * doubled_.value();
        r.ground_m2 = ground_.value();
        r.bound_m2 = m2_per_unit2 * unit_roundoff *
                     (8 * error_ + (static_cast<double>(terms_) + 2) * diameter_a_ * whole_length_);
        r.length = std::max(0.0, length_ - doubled_length_);
        r.crossings = crossings_;
        r.parity_violations = parity_violations_;
        return r;
    }

private:
    void edges_of(const Side& side, const Side& other, Shifted shifted) {
        const XY* const at = side.tree->vertices().data();
        const auto& all_runs = side.tree->runs();
        int w = 0;               // of the other feature, at the vertex reached
        int w_at_ring_start = 0; // also where the ring's first run stays outside the shared box
        for (std::size_t i = 0; i < side.runs.size(); ++i) {
            const EdgeTree::Run run = all_runs[side.runs[i]];
            if (run.begins_ring) {
                w = contains(shared_, at[run.first]) ? winding(*other.tree, at[run.first], shifted) : 0;
                w_at_ring_start = w;
            } else if (i == 0 || side.runs[i - 1] + 1 != side.runs[i]) {
                w = 0; // the run before stays outside the shared box
            }
            const std::int32_t* const change = &side.change[i * EdgeTree::run_size];
            for (std::uint32_t k = 0; k < run.count; ++k) {
                if (w != 0)
                    whole_edge(w, at[run.first + k], at[run.first + k + 1]);
                w += change[k];
            }
            if (run.ends_ring) {
                parity_violations_ += w != w_at_ring_start ? 1U : 0U;
                w_at_ring_start = 0;
            } else if (i + 1 == side.runs.size() || side.runs[i + 1] != side.runs[i] + 1) {
                parity_violations_ += w != 0 ? 1U : 0U;
            }
        }
    }

    void whole_edge(int w, XY p, XY q) {
        const XY along = q - p;
        doubled_.add(w * cross(p - origin_, along));
        const double length = length_of(along);
        length_ += w * length;
        whole_length_ += std::abs(w) * length;
        if (ground_form_ != nullptr)
            ground_.add(w * ground_form_->segment_m2(p - ground_origin_, q - ground_origin_));
        ++terms_;
    }

    Side& a_;
    Side& b_;
    Box shared_;
    XY origin_;
    double diameter_a_;
    const LocalAreaForm* ground_form_ = nullptr;
    XY ground_origin_{};
    CompensatedSum doubled_; ///< twice the area in squared units
    CompensatedSum ground_;  ///< m²
    double error_ = 0;
    double length_ = 0;
    double whole_length_ = 0; ///< of the edges that begin in the other feature
    double doubled_length_ = 0;
    std::uint32_t crossings_ = 0;
    std::uint32_t terms_ = 0;
    std::uint32_t parity_violations_ = 0;
};

} // namespace

struct OverlapKernel::Scratch {
    double m2_per_unit2 = 1;
    std::optional<AreaForm> ground;
    LocalAreaForm ground_at_origin;
    XY ground_origin{};
    bool has_ground_origin = false;
    EdgeTree tree; ///< of an A that came unprepared
    Side a;
    Side b;

    Overlap pair(const EdgeTree& tree_a, const Box& box_a, const EdgeTree& tree_b, const Box& box_b) {
        const Box shared = common(box_a, box_b);
        a.reach(tree_a, shared);
        b.reach(tree_b, shared);
        PairSum sum(a, b, shared, length_of({box_a.max_x - box_a.min_x, box_a.max_y - box_a.min_y}));
        if (ground) {
            const XY origin{box_a.min_x, box_a.min_y};
            if (!has_ground_origin || !(ground_origin == origin)) {
                ground_at_origin = ground->local(origin);
                ground_origin = origin;
                has_ground_origin = true;
            }
            sum.measure_ground(ground_at_origin, origin);
        }
        CrossingSearch search(tree_a, tree_b, sum);
        if (a.runs.size() * b.runs.size() <= most_run_pairs)
            search.lists(a.runs, b.runs);
        else
            search.trees(shared);
        sum.edges();
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
    scratch_->tree.build(a);
    return scratch_->pair(scratch_->tree, a.box(), b.index().tree, b.box());
}

Overlap OverlapKernel::overlap(const PreparedArea& a, const PreparedArea& b) {
    if (!a.box().touches(b.box()))
        return {};
    return scratch_->pair(a.index().tree, a.box(), b.index().tree, b.box());
}

} // namespace corebelt::geo
