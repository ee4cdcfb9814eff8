#include "exact_oracle.hpp"

#include <boost/multiprecision/cpp_int.hpp>

#include <algorithm>
#include <cstddef>
#include <vector>

namespace corebelt::test {

namespace {

__extension__ typedef __float128 Quad;
using Rational = boost::multiprecision::cpp_rational;

double to_double(const Rational& value) {
    return value.convert_to<double>();
}
double to_double(Quad value) {
    return static_cast<double>(value);
}

template <class Number>
struct Edge {
    Number ax, ay, bx, by;
    std::size_t feature;
    bool spans(const Number& x) const { return (ax < x) != (bx < x); }
    Number y_at(const Number& x) const { return ay + (x - ax) * (by - ay) / (bx - ax); }
};

template <class Number>
std::vector<Edge<Number>> edges_of(std::span<const geo::ShapeView> features, geo::XY origin) {
    const Number ox = origin.x;
    const Number oy = origin.y;
    std::vector<Edge<Number>> edges;
    for (std::size_t f = 0; f < features.size(); ++f)
        for (std::size_t r = 0; r < features[f].ring_count(); ++r) {
            const auto ring = features[f].ring(r);
            for (std::size_t i = 0; i + 1 < ring.size(); ++i)
                edges.push_back({Number(ring[i].x) - ox, Number(ring[i].y) - oy, Number(ring[i + 1].x) - ox,
                                 Number(ring[i + 1].y) - oy, f});
        }
    return edges;
}

/// Abscissae of all vertices and of all crossings of edges that are not parallel, sorted.
template <class Number>
std::vector<Number> abscissae(const std::vector<Edge<Number>>& edges) {
    std::vector<Number> xs;
    for (std::size_t i = 0; i < edges.size(); ++i) {
        const Edge<Number>& e = edges[i];
        xs.push_back(e.ax);
        for (std::size_t j = i + 1; j < edges.size(); ++j) {
            const Edge<Number>& f = edges[j];
            if (std::max(e.ax, e.bx) < std::min(f.ax, f.bx) || std::max(f.ax, f.bx) < std::min(e.ax, e.bx) ||
                std::max(e.ay, e.by) < std::min(f.ay, f.by) || std::max(f.ay, f.by) < std::min(e.ay, e.by))
                continue;
            const Number d = (e.bx - e.ax) * (f.by - f.ay) - (e.by - e.ay) * (f.bx - f.ax);
            if (d == 0)
                continue;
            const Number t = ((f.ax - e.ax) * (f.by - f.ay) - (f.ay - e.ay) * (f.bx - f.ax)) / d;
            if (t > 0 && t < 1)
                xs.push_back(e.ax + t * (e.bx - e.ax));
        }
    }
    std::sort(xs.begin(), xs.end());
    xs.erase(std::unique(xs.begin(), xs.end()), xs.end());
    return xs;
}

/// Integrates weight(windings of all features) over the plane.
template <class Number, class Weight>
ExactArea integral(std::span<const geo::ShapeView> features, const Weight& weight) {
    const auto edges = edges_of<Number>(features, {features[0].box().min_x, features[0].box().min_y});
    const auto xs = abscissae(edges);
    Number total = 0;
    std::vector<std::pair<Number, const Edge<Number>*>> line;
    std::vector<int> windings;
    for (std::size_t i = 0; i + 1 < xs.size(); ++i) {
        const Number x = (xs[i] + xs[i + 1]) / 2;
        line.clear();
        for (const Edge<Number>& e : edges)
            if (e.spans(x))
                line.emplace_back(e.y_at(x), &e);
        std::sort(line.begin(), line.end(), [](const auto& p, const auto& q) { return p.first < q.first; });
        windings.assign(features.size(), 0);
        Number length = 0;
        for (std::size_t k = 0; k + 1 < line.size(); ++k) {
            const Edge<Number>& e = *line[k].second;
            windings[e.feature] += e.ax < e.bx ? 1 : -1; // an edge to the right has its left side above it
            const int w = weight(windings);
            if (w != 0)
                length += w * (line[k + 1].first - line[k].first);
        }
        total += length * (xs[i + 1] - xs[i]);
    }
    const double nearest = to_double(total);
    return {nearest, to_double(Number(total - Number(nearest)))};
}

template <class Weight>
ExactArea integral(std::span<const geo::ShapeView> features, Arithmetic arithmetic, const Weight& weight) {
    return arithmetic == Arithmetic::rational ? integral<Rational>(features, weight) : integral<Quad>(features, weight);
}

} // namespace

ExactArea exact_overlap(const geo::ShapeView& a, const geo::ShapeView& b, Arithmetic arithmetic) {
    const std::vector<geo::ShapeView> features{a, b};
    return integral(features, arithmetic, [](const std::vector<int>& w) { return w[0] * w[1]; });
}

ExactArea exact_overlap_union(const geo::ShapeView& a, std::span<const geo::ShapeView> bs, Arithmetic arithmetic) {
    std::vector<geo::ShapeView> features{a};
    features.insert(features.end(), bs.begin(), bs.end());
    return integral(features, arithmetic, [](const std::vector<int>& w) {
        return std::any_of(w.begin() + 1, w.end(), [](int depth) { return depth > 0; }) ? w[0] : 0;
    });
}

} // namespace corebelt::test
