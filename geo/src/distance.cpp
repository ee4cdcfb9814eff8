#include "corebelt/geo/distance.hpp"

#include "box_levels.hpp"
#include "exact.hpp"
#include "point_in_area.hpp"

#include "corebelt/geo/expects.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <limits>
#include <queue>
#include <span>
#include <tuple>
#include <utility>

namespace corebelt::geo {

namespace {

/// Edges first → … → last of one ring; a single point where first = last.
struct Run {
    std::uint32_t first, last;
    std::uint32_t ring_first, ring_last;
};

constexpr std::uint32_t edges_in_run = 8;

Box edge_box(XY a, XY b) {
    return {std::min(a.x, b.x), std::min(a.y, b.y), std::max(a.x, b.x), std::max(a.y, b.y)};
}

double squared_distance(const Box& a, const Box& b) {
    const double dx = std::max({0.0, a.min_x - b.max_x, b.min_x - a.max_x});
    const double dy = std::max({0.0, a.min_y - b.max_y, b.min_y - a.max_y});
    return dx * dx + dy * dy;
}

/// p·q − r·s to within two units of the last place, however much cancels (Kahan).
double difference_of_products(double p, double q, double r, double s) {
    const double rs = r * s;
    const double rest = std::fma(-r, s, rs);
    return std::fma(p, q, -rs) + rest;
}

struct Closest {
    double d2 = std::numeric_limits<double>::infinity();
    XY on_first{}, on_second{};
};

/// p against the edge a→b; a and b may be equal.
Closest point_to_edge(XY p, XY a, XY b) {
    const double ex = b.x - a.x;
    const double ey = b.y - a.y;
    const double wx = p.x - a.x;
    const double wy = p.y - a.y;
    const double length2 = ex * ex + ey * ey;
    const double along = wx * ex + wy * ey;
    if (!(along > 0))
        return {wx * wx + wy * wy, p, a};
    if (along >= length2) {
        const double vx = p.x - b.x;
        const double vy = p.y - b.y;
        return {vx * vx + vy * vy, p, b};
    }
    const double cross = difference_of_products(ex, wy, ey, wx);
    const double t = along / length2;
    return {cross * cross / length2, p, {a.x + t * ex, a.y + t * ey}};
}

Closest edge_to_edge(XY a, XY b, XY c, XY d) {
    if (edge_box(a, b).touches(edge_box(c, d)) && exact::orientation(a, b, c) * exact::orientation(a, b, d) < 0 &&
        exact::orientation(c, d, a) * exact::orientation(c, d, b) < 0) {
        const double ex = b.x - a.x;
        const double ey = b.y - a.y;
        const double fx = d.x - c.x;
        const double fy = d.y - c.y;
        const double t = std::clamp(
            difference_of_products(c.x - a.x, fy, c.y - a.y, fx) / difference_of_products(ex, fy, ey, fx), 0.0, 1.0);
        const XY place{a.x + t * ex, a.y + t * ey};
        return {0, place, place};
    }
    Closest best = point_to_edge(a, c, d);
    if (const Closest other = point_to_edge(b, c, d); other.d2 < best.d2)
        best = other;
    if (const Closest other = point_to_edge(c, a, b); other.d2 < best.d2)
        best = {other.d2, other.on_second, other.on_first};
    if (const Closest other = point_to_edge(d, a, b); other.d2 < best.d2)
        best = {other.d2, other.on_second, other.on_first};
    return best;
}

/// Lower bounds of boxes are compared with distances of edges that were rounded on another path.
bool surely_beyond(double lower_bound2, double d2) {
    return lower_bound2 * (1 - 1e-14) > d2;
}

/// The edges of one feature with boxes over runs of them.
struct EdgeTree {
    const XY* xy = nullptr;
    const Run* runs = nullptr;
    std::size_t run_count = 0;
    BoxLevels boxes;
    bool areal = false;

    [[nodiscard]] bool empty() const { return boxes.empty(); }
    [[nodiscard]] const Box& box() const { return boxes.box(boxes.top(), 0); }

    [[nodiscard]] Side side_of(XY p) const {
        RayCount count(p);
        add_to(count, p, boxes.top(), 0);
        return count.side();
    }

private:
    void add_to(RayCount& count, XY p, std::size_t level, std::size_t i) const {
        const Box& box = boxes.box(level, i);
        if (box.max_x < p.x || box.min_y > p.y || box.max_y < p.y)
            return;
        if (level == 0) {
            for (std::uint32_t k = runs[i].first; k < runs[i].last; ++k)
                count.add(xy[k], xy[k + 1]);
            return;
        }
        const auto [first, last] = boxes.below(level, i);
        for (std::size_t c = first; c < last; ++c)
            add_to(count, p, level - 1, c);
    }
};

/// Adds the runs of one feature and the boxes over them. `xy_offset`: where its vertices begin in the store.
void append_runs(const ShapeView& shape, std::uint32_t xy_offset, std::vector<Run>& runs, std::vector<Box>& boxes) {
    const std::size_t first_box = boxes.size();
    std::uint32_t ring_first = xy_offset;
    for (std::size_t r = 0; r < shape.ring_count(); ++r) {
        const auto ring = shape.ring(r);
        if (ring.empty())
            continue;
        const auto ring_last = ring_first + static_cast<std::uint32_t>(ring.size()) - 1;
        std::uint32_t first = ring_first;
        do {
            const std::uint32_t last = std::min(first + edges_in_run, ring_last);
            Box box;
            for (std::uint32_t k = first; k <= last; ++k)
                box.add(ring[k - ring_first]);
            runs.push_back({first, last, ring_first, ring_last});
            boxes.push_back(box);
            first = last;
        } while (first < ring_last);
        ring_first = ring_last + 1;
    }
    BoxLevels::append_levels(boxes, first_box);
}

/// The asked feature's tree in memory that is used again by the next question of this thread.
EdgeTree tree_of(const ShapeView& shape) {
    thread_local std::vector<Run> runs;
    thread_local std::vector<Box> boxes;
    runs.clear();
    boxes.clear();
    append_runs(shape, 0, runs, boxes);
    return {shape.empty() ? nullptr : shape.vertices().data(), runs.data(), runs.size(),
            BoxLevels(boxes.data(), runs.size()), shape.dimension() == Dimension::area};
}

/// Some part of `inner` lies in `outer`, given that the boundaries do not cross: its first vertex decides.
std::optional<XY> vertex_inside(const EdgeTree& outer, const EdgeTree& inner) {
    if (!outer.areal)
        return std::nullopt;
    std::uint32_t ring = std::numeric_limits<std::uint32_t>::max();
    for (std::size_t i = 0; i < inner.run_count; ++i) {
        if (inner.runs[i].ring_first == ring)
            continue;
        ring = inner.runs[i].ring_first;
        const XY p = inner.xy[ring];
        if (outer.box().touches({p.x, p.y, p.x, p.y}) && outer.side_of(p) != Side::outside)
            return p;
    }
    return std::nullopt;
}

/// Depth first over pairs of runs, nearer pairs first.
class ClosestEdges {
public:
    /// Distances up to and including sqrt(limit2) count.
    ClosestEdges(const EdgeTree& a, const EdgeTree& b, double limit2) : a_(a), b_(b) { best_.d2 = limit2; }

    std::optional<Closest> search() {
        visit(a_.boxes.top(), 0, b_.boxes.top(), 0);
        return found_ ? std::optional(best_) : std::nullopt;
    }

private:
    struct Child {
        double bound2;
        std::size_t i;
    };

    void visit(std::size_t level_a, std::size_t i, std::size_t level_b, std::size_t j) {
        if (found_ && best_.d2 == 0)
            return;
        if (level_a == 0 && level_b == 0) {
            compare(a_.runs[i], b_.runs[j]);
            return;
        }
        const bool split_a = level_a >= level_b;
        const EdgeTree& tree = split_a ? a_ : b_;
        const std::size_t level = split_a ? level_a : level_b;
        const Box& other = split_a ? b_.boxes.box(level_b, j) : a_.boxes.box(level_a, i);
        std::array<Child, BoxLevels::fan_out> children;
        std::size_t count = 0;
        const auto [first, last] = tree.boxes.below(level, split_a ? i : j);
        for (std::size_t c = first; c < last; ++c) {
            const double bound2 = squared_distance(tree.boxes.box(level - 1, c), other);
            if (surely_beyond(bound2, best_.d2))
                continue;
            std::size_t at = count++;
            for (; at > 0 && children[at - 1].bound2 > bound2; --at)
                children[at] = children[at - 1];
            children[at] = {bound2, c};
        }
        for (std::size_t k = 0; k < count; ++k) {
            if (surely_beyond(children[k].bound2, best_.d2))
                break;
            if (split_a)
                visit(level_a - 1, children[k].i, level_b, j);
            else
                visit(level_a, i, level_b - 1, children[k].i);
        }
    }

    void compare(const Run& run_a, const Run& run_b) {
        const auto end = [](const Run& run) { return std::max(run.last, run.first + 1); };
        const auto second = [](const EdgeTree& tree, const Run& run, std::uint32_t k) {
            return tree.xy[std::min(k + 1, run.last)]; // a lone point is an edge without length
        };
        Box box_b;
        for (std::uint32_t n = run_b.first; n <= run_b.last; ++n)
            box_b.add(b_.xy[n]);
        for (std::uint32_t m = run_a.first; m < end(run_a); ++m) {
            const XY a = a_.xy[m];
            const XY b = second(a_, run_a, m);
            const Box box_a = edge_box(a, b);
            if (surely_beyond(squared_distance(box_a, box_b), best_.d2))
                continue;
            for (std::uint32_t n = run_b.first; n < end(run_b); ++n) {
                const XY c = b_.xy[n];
                const XY d = second(b_, run_b, n);
                if (surely_beyond(squared_distance(box_a, edge_box(c, d)), best_.d2))
                    continue;
                const Closest pair = edge_to_edge(a, b, c, d);
                if (pair.d2 < best_.d2 || (!found_ && pair.d2 <= best_.d2)) {
                    best_ = pair;
                    found_ = true;
                }
            }
        }
    }

    const EdgeTree& a_;
    const EdgeTree& b_;
    Closest best_;
    bool found_ = false;
};

/// Stretches of one edge, in units of length from its start.
struct Stretch {
    double from, to;
};

/// Where a line x(s) = x0 + s·dx lies between low and high.
Stretch between(double x0, double dx, double low, double high) {
    constexpr double all = std::numeric_limits<double>::infinity();
    if (dx == 0)
        return x0 >= low && x0 <= high ? Stretch{-all, all} : Stretch{all, -all};
    const double s = (low - x0) / dx;
    const double t = (high - x0) / dx;
    return {std::min(s, t), std::max(s, t)};
}

double total_length(std::vector<Stretch>& stretches) {
    std::sort(stretches.begin(), stretches.end(),
              [](const Stretch& a, const Stretch& b) { return a.from != b.from ? a.from < b.from : a.to < b.to; });
    double sum = 0;
    double reached = 0;
    for (const Stretch& s : stretches) {
        if (s.to > reached) {
            sum += s.to - std::max(s.from, reached);
            reached = s.to;
        }
    }
    return sum;
}

/// Finds the stretches of one edge that run along edges of a feature.
class SharedStretches {
public:
    SharedStretches(const EdgeTree& other, double gap) : other_(other), gap_(gap) {}

    double of_edge(XY a, XY b) {
        a_ = a;
        b_ = b;
        length_ = std::hypot(b.x - a.x, b.y - a.y);
        if (!(length_ > 0))
            return 0;
        stretches_.clear();
        visit(edge_box(a, b).grown(gap_), other_.boxes.top(), 0);
        return total_length(stretches_);
    }

private:
    void visit(const Box& near, std::size_t level, std::size_t i) {
        if (!near.touches(other_.boxes.box(level, i)))
            return;
        if (level > 0) {
            const auto [first, last] = other_.boxes.below(level, i);
            for (std::size_t c = first; c < last; ++c)
                visit(near, level - 1, c);
            return;
        }
        const Run& run = other_.runs[i];
        for (std::uint32_t k = run.first; k < run.last; ++k)
            if (near.touches(edge_box(other_.xy[k], other_.xy[k + 1])))
                compare(run, k);
    }

    /// Within 45° of the asked edge's direction, either way.
    [[nodiscard]] bool runs_along(XY c, XY d) const {
        const double ex = b_.x - a_.x;
        const double ey = b_.y - a_.y;
        const double fx = d.x - c.x;
        const double fy = d.y - c.y;
        return std::abs(ex * fx + ey * fy) >= std::abs(ex * fy - ey * fx);
    }

    void compare(const Run& run, std::uint32_t k) {
        const XY c = other_.xy[k];
        const XY d = other_.xy[k + 1];
        if (c == d || !runs_along(c, d))
            return;
        if (gap_ == 0) {
            if (exact::orientation(a_, b_, c) == 0 && exact::orientation(a_, b_, d) == 0) {
                const double s = signed_position(c);
                const double t = signed_position(d);
                keep({std::min(s, t), std::max(s, t)});
            }
            return;
        }
        // The asked edge in the frame of c→d: along it and across it.
        const double other_length = std::hypot(d.x - c.x, d.y - c.y);
        const double ux = (d.x - c.x) / other_length;
        const double uy = (d.y - c.y) / other_length;
        const double ex = (b_.x - a_.x) / length_;
        const double ey = (b_.y - a_.y) / length_;
        const double along = ux * (a_.x - c.x) + uy * (a_.y - c.y);
        const double across = difference_of_products(ux, a_.y - c.y, uy, a_.x - c.x);
        const double reach = gap_ * (1 + 1e-12); // "within" includes the gap itself
        const Stretch facing = between(along, ux * ex + uy * ey, 0, other_length);
        const Stretch close = between(across, difference_of_products(ux, ey, uy, ex), -reach, reach);
        keep({std::max(facing.from, close.from), std::min(facing.to, close.to)});
        // Where the other boundary goes on along the asked edge, the wedge at its bend is near it too.
        if (goes_on(run, k, false))
            keep(within(c, reach));
        if (goes_on(run, k, true))
            keep(within(d, reach));
    }

    /// Whether the next edge with a length, after or before edge k, runs on along the asked edge.
    [[nodiscard]] bool goes_on(const Run& run, std::uint32_t k, bool after) const {
        const bool closed = other_.xy[run.ring_first] == other_.xy[run.ring_last];
        const XY c = other_.xy[k];
        const XY d = other_.xy[k + 1];
        std::uint32_t n = k;
        do {
            if (after) {
                if (n + 1 == run.ring_last && !closed)
                    return false;
                n = n + 1 == run.ring_last ? run.ring_first : n + 1;
            } else {
                if (n == run.ring_first && !closed)
                    return false;
                n = n == run.ring_first ? run.ring_last - 1 : n - 1;
            }
        } while (n != k && other_.xy[n] == other_.xy[n + 1]);
        const XY f = other_.xy[n];
        const XY g = other_.xy[n + 1];
        const bool onward = (d.x - c.x) * (g.x - f.x) + (d.y - c.y) * (g.y - f.y) > 0;
        return onward && runs_along(f, g);
    }

    [[nodiscard]] double signed_position(XY p) const {
        return ((b_.x - a_.x) * (p.x - a_.x) + (b_.y - a_.y) * (p.y - a_.y)) / length_;
    }

    [[nodiscard]] Stretch within(XY p, double reach) const {
        const double across = difference_of_products(b_.x - a_.x, p.y - a_.y, b_.y - a_.y, p.x - a_.x) / length_;
        if (std::abs(across) > reach)
            return {1, 0};
        const double half = std::sqrt((reach - across) * (reach + across));
        const double middle = signed_position(p);
        return {middle - half, middle + half};
    }

    void keep(const Stretch& s) {
        const Stretch cut{std::max(s.from, 0.0), std::min(s.to, length_)};
        if (cut.from < cut.to)
            stretches_.push_back(cut);
    }

    const EdgeTree& other_;
    double gap_;
    XY a_{}, b_{};
    double length_ = 0;
    std::vector<Stretch> stretches_;
};

} // namespace

/// Features in the order of a sort-tile-recursive packing, their edges in file order.
struct EdgeSet::Tree {
    Shapes shapes;
    std::vector<Run> runs;
    std::vector<std::size_t> runs_first;
    std::vector<Box> run_boxes; ///< levels of one feature after those of another
    std::vector<std::size_t> run_boxes_first;
    std::vector<std::uint32_t> packed; ///< features that have a geometry
    std::vector<Box> packed_boxes;     ///< theirs, and the levels above

    [[nodiscard]] EdgeTree edges(std::uint32_t i) const {
        const std::size_t count = runs_first[i + 1] - runs_first[i];
        return {shapes.xy.data(), runs.data() + runs_first[i], count,
                BoxLevels(run_boxes.data() + run_boxes_first[i], count), shapes.dimension[i] == Dimension::area};
    }
    [[nodiscard]] BoxLevels features() const { return {packed_boxes.data(), packed.size()}; }

    void pack();

    /// A total order by geometry: box, then vertices; equal features by their number, which then tells them apart
    /// as little as anything else would.
    [[nodiscard]] bool comes_before(std::uint32_t i, std::uint32_t j) const;

    [[nodiscard]] std::optional<Closest> closest(const EdgeTree& asked, std::uint32_t i, double limit2) const;

    void find(const Box& near, std::size_t level, std::size_t i, std::vector<std::uint32_t>& found) const;
};

void EdgeSet::Tree::pack() {
    const auto centre_x = [&](std::uint32_t i) { return 0.5 * (shapes.box[i].min_x + shapes.box[i].max_x); };
    const auto centre_y = [&](std::uint32_t i) { return 0.5 * (shapes.box[i].min_y + shapes.box[i].max_y); };
    std::sort(packed.begin(), packed.end(), [&](std::uint32_t i, std::uint32_t j) {
        return std::make_pair(centre_x(i), i) < std::make_pair(centre_x(j), j);
    });
    const double leaves = std::ceil(static_cast<double>(packed.size()) / BoxLevels::fan_out);
    const auto slices = static_cast<std::size_t>(std::ceil(std::sqrt(leaves)));
    const std::size_t in_slice = slices * BoxLevels::fan_out;
    for (std::size_t first = 0; first < packed.size(); first += in_slice) {
        const auto begin = packed.begin() + static_cast<std::ptrdiff_t>(first);
        const auto end = packed.begin() + static_cast<std::ptrdiff_t>(std::min(first + in_slice, packed.size()));
        std::sort(begin, end, [&](std::uint32_t i, std::uint32_t j) {
            return std::make_pair(centre_y(i), i) < std::make_pair(centre_y(j), j);
        });
    }
    packed_boxes.reserve(packed.size() + packed.size() / 4);
    for (const std::uint32_t i : packed)
        packed_boxes.push_back(shapes.box[i]);
    BoxLevels::append_levels(packed_boxes, 0);
}

bool EdgeSet::Tree::comes_before(std::uint32_t i, std::uint32_t j) const {
    const auto key = [&](std::uint32_t n) {
        const Box& b = shapes.box[n];
        return std::make_tuple(b.min_x, b.min_y, b.max_x, b.max_y);
    };
    if (key(i) != key(j))
        return key(i) < key(j);
    const auto a = shapes[i].vertices();
    const auto b = shapes[j].vertices();
    const auto smaller = [](XY p, XY q) { return p.x != q.x ? p.x < q.x : p.y < q.y; };
    if (std::lexicographical_compare(a.begin(), a.end(), b.begin(), b.end(), smaller))
        return true;
    if (std::lexicographical_compare(b.begin(), b.end(), a.begin(), a.end(), smaller))
        return false;
    return i < j;
}

std::optional<Closest> EdgeSet::Tree::closest(const EdgeTree& asked, std::uint32_t i, double limit2) const {
    const EdgeTree held = edges(i);
    if (asked.box().touches(held.box())) {
        auto inside = vertex_inside(held, asked);
        if (!inside)
            inside = vertex_inside(asked, held);
        if (inside)
            return Closest{0, *inside, *inside};
    }
    return ClosestEdges(asked, held, limit2).search();
}

void EdgeSet::Tree::find(const Box& near, std::size_t level, std::size_t i, std::vector<std::uint32_t>& found) const {
    const BoxLevels boxes = features();
    if (!near.touches(boxes.box(level, i)))
        return;
    if (level == 0) {
        found.push_back(packed[i]);
        return;
    }
    const auto [first, last] = boxes.below(level, i);
    for (std::size_t c = first; c < last; ++c)
        find(near, level - 1, c, found);
}

EdgeSet::EdgeSet(const Shapes& shapes) : tree_(std::make_unique<Tree>()) {
    tree_->shapes = shapes;
    tree_->runs_first.assign(1, 0);
    tree_->run_boxes_first.assign(1, 0);
    for (std::uint32_t i = 0; i < shapes.size(); ++i) {
        const std::uint32_t first_vertex = shapes.ring_first[shapes.part_first[shapes.shape_first[i]]];
        append_runs(shapes[i], first_vertex, tree_->runs, tree_->run_boxes);
        if (tree_->runs.size() > tree_->runs_first.back())
            tree_->packed.push_back(i);
        tree_->runs_first.push_back(tree_->runs.size());
        tree_->run_boxes_first.push_back(tree_->run_boxes.size());
    }
    tree_->pack();
}

EdgeSet::~EdgeSet() = default;
EdgeSet::EdgeSet(EdgeSet&&) noexcept = default;
EdgeSet& EdgeSet::operator=(EdgeSet&&) noexcept = default;

std::optional<EdgeSet::Nearest> EdgeSet::nearest(const ShapeView& to, double limit) const {
    COREBELT_EXPECTS(limit >= 0);
    const EdgeTree asked = tree_of(to);
    const BoxLevels boxes = tree_->features();
    if (asked.empty() || boxes.empty())
        return std::nullopt;

    struct Node {
        double bound2;
        std::size_t level, i;
    };
    const auto farther = [](const Node& a, const Node& b) {
        return std::make_tuple(a.bound2, a.level, a.i) > std::make_tuple(b.bound2, b.level, b.i);
    };
    std::priority_queue<Node, std::vector<Node>, decltype(farther)> waiting(farther);
    waiting.push({squared_distance(asked.box(), boxes.box(boxes.top(), 0)), boxes.top(), 0});
    double best2 = limit * limit;
    std::optional<Nearest> best;
    while (!waiting.empty()) {
        const Node node = waiting.top();
        waiting.pop();
        if (surely_beyond(node.bound2, best2))
            break;
        if (node.level > 0) {
            const auto [first, last] = boxes.below(node.level, node.i);
            for (std::size_t c = first; c < last; ++c) {
                const double bound2 = squared_distance(asked.box(), boxes.box(node.level - 1, c));
                if (!surely_beyond(bound2, best2))
                    waiting.push({bound2, node.level - 1, c});
            }
            continue;
        }
        const std::uint32_t i = tree_->packed[node.i];
        const auto pair = tree_->closest(asked, i, best2);
        if (pair && (!best || pair->d2 < best2 || tree_->comes_before(i, best->index))) {
            best2 = pair->d2;
            best = Nearest{i, std::sqrt(pair->d2), pair->on_first, pair->on_second};
        }
    }
    return best;
}

double EdgeSet::distance(const ShapeView& to, std::uint32_t index) const {
    COREBELT_EXPECTS(index < tree_->shapes.size());
    constexpr double apart = std::numeric_limits<double>::infinity();
    const EdgeTree asked = tree_of(to);
    if (asked.empty() || tree_->edges(index).empty())
        return apart;
    const auto pair = tree_->closest(asked, index, apart);
    return pair ? std::sqrt(pair->d2) : apart;
}

double EdgeSet::shared_boundary_length(const ShapeView& of, std::uint32_t index, double gap) const {
    COREBELT_EXPECTS(index < tree_->shapes.size() && gap >= 0);
    const EdgeTree other = tree_->edges(index);
    if (other.empty() || of.empty())
        return 0;
    const Box near = other.box().grown(gap);
    SharedStretches stretches(other, gap);
    double sum = 0;
    for (std::size_t r = 0; r < of.ring_count(); ++r) {
        const auto ring = of.ring(r);
        for (std::size_t k = 1; k < ring.size(); ++k)
            if (near.touches(edge_box(ring[k - 1], ring[k])))
                sum += stretches.of_edge(ring[k - 1], ring[k]);
    }
    return sum;
}

void EdgeSet::find(const Box& box, double gap, std::vector<std::uint32_t>& found) const {
    found.clear();
    const BoxLevels boxes = tree_->features();
    if (boxes.empty() || box.empty())
        return;
    tree_->find(box.grown(gap), boxes.top(), 0, found);
    std::sort(found.begin(), found.end());
}

} // namespace corebelt::geo
