#include "arrangement.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <stdexcept>
#include <tuple>

namespace corebelt::samples {
namespace {

constexpr std::int64_t cell_mm = 64000;

std::int64_t cell_of(std::int64_t mm) {
    return mm >= 0 ? mm / cell_mm : -((-mm + cell_mm - 1) / cell_mm);
}

bool between(Point a, Point b, Point p) { // p is collinear with a, b
    return p != a && p != b && std::min(a.x, b.x) <= p.x && p.x <= std::max(a.x, b.x) && std::min(a.y, b.y) <= p.y &&
           p.y <= std::max(a.y, b.y);
}

/// Where two segments meet: at most one point per pair and segment is added per round.
void meet(const Segment& s, const Segment& t, std::vector<Point>& on_s, std::vector<Point>& on_t) {
    const std::int64_t ta = turn(s.a, s.b, t.a);
    const std::int64_t tb = turn(s.a, s.b, t.b);
    const std::int64_t sa = turn(t.a, t.b, s.a);
    const std::int64_t sb = turn(t.a, t.b, s.b);
    if (ta == 0 && between(s.a, s.b, t.a))
        on_s.push_back(t.a);
    if (tb == 0 && between(s.a, s.b, t.b))
        on_s.push_back(t.b);
    if (sa == 0 && between(t.a, t.b, s.a))
        on_t.push_back(s.a);
    if (sb == 0 && between(t.a, t.b, s.b))
        on_t.push_back(s.b);
    if (ta == 0 || tb == 0 || sa == 0 || sb == 0 || (ta > 0) == (tb > 0) || (sa > 0) == (sb > 0))
        return;
    const double part = static_cast<double>(ta) / static_cast<double>(ta - tb);
    const Point p{t.a.x + static_cast<std::int64_t>(std::floor(part * static_cast<double>(t.b.x - t.a.x) + 0.5)),
                  t.a.y + static_cast<std::int64_t>(std::floor(part * static_cast<double>(t.b.y - t.a.y) + 0.5))};
    if (p != s.a && p != s.b)
        on_s.push_back(p);
    if (p != t.a && p != t.b)
        on_t.push_back(p);
}

void sort_out(std::vector<Segment>& segments) {
    for (Segment& s : segments)
        if (s.b < s.a)
            std::swap(s.a, s.b);
    std::erase_if(segments, [](const Segment& s) { return s.a == s.b; });
    const auto key = [](const Segment& s) { return std::tie(s.a, s.b); };
    std::sort(segments.begin(), segments.end(), [&](const Segment& s, const Segment& t) { return key(s) < key(t); });
    segments.erase(std::unique(segments.begin(), segments.end(),
                               [&](const Segment& s, const Segment& t) { return key(s) == key(t); }),
                   segments.end());
}

/// One round of putting nodes; true where something was split.
bool node_once(std::vector<Segment>& segments) {
    struct Entry {
        std::int64_t column, row;
        std::uint32_t segment;
    };
    std::vector<Entry> grid;
    for (std::uint32_t i = 0; i < segments.size(); ++i) {
        const Segment& s = segments[i];
        for (std::int64_t c = cell_of(std::min(s.a.x, s.b.x)); c <= cell_of(std::max(s.a.x, s.b.x)); ++c)
            for (std::int64_t r = cell_of(std::min(s.a.y, s.b.y)); r <= cell_of(std::max(s.a.y, s.b.y)); ++r)
                grid.push_back({c, r, i});
    }
    std::sort(grid.begin(), grid.end(), [](const Entry& e, const Entry& f) {
        return std::tie(e.column, e.row, e.segment) < std::tie(f.column, f.row, f.segment);
    });
    std::vector<std::vector<Point>> on(segments.size());
    for (std::size_t begin = 0; begin < grid.size();) {
        std::size_t end = begin;
        while (end < grid.size() && grid[end].column == grid[begin].column && grid[end].row == grid[begin].row)
            ++end;
        for (std::size_t i = begin; i < end; ++i)
            for (std::size_t j = i + 1; j < end; ++j)
                meet(segments[grid[i].segment], segments[grid[j].segment], on[grid[i].segment], on[grid[j].segment]);
        begin = end;
    }
    bool split = false;
    std::vector<Segment> result;
    for (std::size_t i = 0; i < segments.size(); ++i) {
        const Point a = segments[i].a;
        std::vector<Point>& points = on[i];
        split = split || !points.empty();
        const auto along = [&](Point p) {
            return (p.x - a.x) * (segments[i].b.x - a.x) + (p.y - a.y) * (segments[i].b.y - a.y);
        };
        std::sort(points.begin(), points.end(),
                  [&](Point p, Point q) { return std::pair(along(p), p) < std::pair(along(q), q); });
        Point last = a;
        for (const Point& p : points) {
            result.push_back({last, p});
            last = p;
        }
        result.push_back({last, segments[i].b});
    }
    segments = std::move(result);
    sort_out(segments);
    return split;
}

bool upper(Point d) {
    return d.y > 0 || (d.y == 0 && d.x > 0);
}

/// Begins a ring at its smallest vertex.
void normalise(Ring& ring) {
    std::rotate(ring.begin(), std::min_element(ring.begin(), ring.end()), ring.end());
}

/// Splits a closed walk wherever it comes back to a vertex, so that each ring is simple.
void split_walk(const Ring& walk, std::vector<Ring>& rings) {
    Ring open;
    for (const Point& p : walk) {
        const auto seen = std::find(open.begin(), open.end(), p);
        if (seen != open.end()) {
            rings.emplace_back(seen, open.end());
            open.erase(seen, open.end());
        }
        open.push_back(p);
    }
    if (open.size() > 2)
        rings.push_back(std::move(open));
}

} // namespace

void add_ring(std::vector<Segment>& segments, const Ring& ring) {
    for (std::size_t i = 0; i < ring.size(); ++i)
        segments.push_back({ring[i], ring[(i + 1) % ring.size()]});
}

Arrangement::Arrangement(std::vector<Segment> segments) {
    sort_out(segments);
    int rounds = 0;
    while (node_once(segments))
        if (++rounds > 50)
            throw std::logic_error("the arrangement does not settle");

    for (bool loose = true; loose;) { // ends that hang in the air
        std::map<Point, int> degree;
        for (const Segment& s : segments) {
            ++degree[s.a];
            ++degree[s.b];
        }
        const std::size_t before = segments.size();
        std::erase_if(segments, [&](const Segment& s) { return degree[s.a] == 1 || degree[s.b] == 1; });
        loose = segments.size() != before;
    }
    for (const Segment& s : segments) {
        nodes_.push_back(s.a);
        nodes_.push_back(s.b);
    }
    std::sort(nodes_.begin(), nodes_.end());
    nodes_.erase(std::unique(nodes_.begin(), nodes_.end()), nodes_.end());
    const auto number = [&](Point p) {
        return static_cast<std::uint32_t>(std::lower_bound(nodes_.begin(), nodes_.end(), p) - nodes_.begin());
    };
    for (const Segment& s : segments) {
        origin_.push_back(number(s.a));
        origin_.push_back(number(s.b));
    }
    link();
    trace_faces();
}

void Arrangement::link() {
    std::vector<std::vector<std::uint32_t>> leaving(nodes_.size());
    for (std::uint32_t h = 0; h < origin_.size(); ++h)
        leaving[origin_[h]].push_back(h);
    next_.resize(origin_.size());
    clockwise_.resize(origin_.size());
    for (auto& around : leaving) {
        std::sort(around.begin(), around.end(), [&](std::uint32_t g, std::uint32_t h) {
            const Point d{from(g ^ 1U).x - from(g).x, from(g ^ 1U).y - from(g).y};
            const Point e{from(h ^ 1U).x - from(h).x, from(h ^ 1U).y - from(h).y};
            if (upper(d) != upper(e))
                return upper(d);
            return d.x * e.y - d.y * e.x > 0;
        });
        for (std::size_t i = 0; i < around.size(); ++i)
            clockwise_[around[i]] = around[(i + around.size() - 1) % around.size()];
    }
    for (std::uint32_t h = 0; h < origin_.size(); ++h)
        next_[h] = clockwise_[h ^ 1U];
}

void Arrangement::trace_faces() {
    face_.assign(origin_.size(), -2);
    struct Cycle {
        Ring ring;
        std::int64_t twice = 0;
        std::uint32_t half = 0;
    };
    std::vector<Cycle> gaps; // walks with the face on their outer side: rims of islands
    for (std::uint32_t start = 0; start < origin_.size(); ++start) {
        if (face_[start] != -2)
            continue;
        Cycle cycle{{}, 0, start};
        std::uint32_t h = start;
        do {
            face_[h] = -1;
            cycle.ring.push_back(from(h));
            h = next_[h];
        } while (h != start);
        cycle.twice = twice_area_mm2(cycle.ring);
        if (cycle.twice <= 0) {
            gaps.push_back(std::move(cycle));
            continue;
        }
        const int face = static_cast<int>(faces_.size());
        do {
            face_[h] = face;
            h = next_[h];
        } while (h != start);
        faces_.push_back({{std::move(cycle.ring)}, static_cast<double>(cycle.twice) / 2e6, {}});
    }
    for (const Cycle& gap : gaps) {
        // A point beside the rim, outside the island: a hair off the middle of one edge.
        const Vec a = metres(from(gap.half));
        const Vec b = metres(from(gap.half ^ 1U));
        const Vec beside = 0.5 * (a + b) + 1e-5 * left_of(unit(b - a));
        int home = -1;
        for (std::size_t f = 0; f < faces_.size(); ++f)
            if (inside(faces_[f].rings[0], beside) &&
                (home < 0 ||
                 twice_area_mm2(faces_[f].rings[0]) < twice_area_mm2(faces_[static_cast<std::size_t>(home)].rings[0])))
                home = static_cast<int>(f);
        std::uint32_t h = gap.half;
        do {
            face_[h] = home;
            h = next_[h];
        } while (h != gap.half);
        if (home >= 0) {
            Face& face = faces_[static_cast<std::size_t>(home)];
            face.rings.push_back(gap.ring);
            face.planar_m2 += static_cast<double>(gap.twice) / 2e6;
        }
    }
    for (Face& face : faces_)
        face.inner = inner_point(face.rings);
}

std::map<std::pair<std::size_t, std::size_t>, double> Arrangement::borders() const {
    std::map<std::pair<std::size_t, std::size_t>, double> result;
    for (std::size_t h = 0; h < origin_.size(); h += 2) {
        const int f = face_[h];
        const int g = face_[h ^ 1U];
        if (f >= 0 && g >= 0 && f != g)
            result[std::minmax(static_cast<std::size_t>(f), static_cast<std::size_t>(g))] +=
                length(metres(from(h ^ 1U)) - metres(from(h)));
    }
    return result;
}

std::vector<std::pair<int, Polygon>> Arrangement::unions(const std::vector<int>& labels) const {
    const auto label = [&](std::uint32_t h) { return face_[h] < 0 ? -1 : labels[static_cast<std::size_t>(face_[h])]; };
    const auto rim = [&](std::uint32_t h) { return label(h) >= 0 && label(h ^ 1U) != label(h); };
    std::vector<char> done(origin_.size(), 0);
    std::vector<std::pair<int, Ring>> outers;
    std::vector<std::pair<int, Ring>> holes;
    for (std::uint32_t start = 0; start < origin_.size(); ++start) {
        if (done[start] != 0 || !rim(start))
            continue;
        Ring walk;
        std::uint32_t h = start;
        do {
            done[h] = 1;
            walk.push_back(from(h));
            std::uint32_t out = clockwise_[h ^ 1U];
            while (!rim(out) || label(out) != label(h))
                out = clockwise_[out];
            h = out;
        } while (h != start);
        std::vector<Ring> rings;
        split_walk(walk, rings);
        for (Ring& ring : rings) {
            normalise(ring);
            (twice_area_mm2(ring) > 0 ? outers : holes).emplace_back(label(start), std::move(ring));
        }
    }
    std::sort(outers.begin(), outers.end());
    std::sort(holes.begin(), holes.end());
    std::vector<std::pair<int, Polygon>> result;
    result.reserve(outers.size());
    for (auto& [l, ring] : outers)
        result.emplace_back(l, Polygon{std::move(ring), {}});
    for (auto& [l, hole] : holes) {
        // A hole may touch its shell in one vertex, so a point beside an edge is asked.
        const Vec a = metres(hole[0]);
        const Vec b = metres(hole[1]);
        const Vec beside = 0.5 * (a + b) + 1e-5 * left_of(unit(b - a));
        Polygon* home = nullptr;
        for (auto& [other, polygon] : result)
            if (other == l && inside(polygon.outer, beside) &&
                (home == nullptr || twice_area_mm2(polygon.outer) < twice_area_mm2(home->outer)))
                home = &polygon;
        if (home == nullptr)
            throw std::logic_error("a hole without a shell");
        home->holes.push_back(std::move(hole));
    }
    return result;
}

} // namespace corebelt::samples
