#include "exact_oracle.hpp"

#include <boost/multiprecision/cpp_int.hpp>

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <utility>
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

/// Abscissae of all vertices and of all crossings of edges that are not parallel, and those of `xs`; sorted.
template <class Number>
std::vector<Number> abscissae(const std::vector<Edge<Number>>& edges, std::vector<Number> xs) {
    for (std::size_t i = 0; i < edges.size(); ++i) {
        const Edge<Number>& e = edges[i];
        xs.push_back(e.ax);
        xs.push_back(e.bx);
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

/// Two edges between which the weight is not 0, in one slab.
template <class Number>
struct Span {
    const Edge<Number>* low;
    const Edge<Number>* high;
    Number length; ///< on the slab's middle line
    int weight;
};

/// Calls visit(x0, x1, spans from low to high) for each slab; weight(windings of all features) says what counts. Slabs
/// end at the abscissae of `borders` too.
template <class Number, class Weight, class Visit>
void for_each_slab(const std::vector<Edge<Number>>& edges, std::size_t features, std::vector<Number> borders,
                   const Weight& weight, const Visit& visit) {
    const auto xs = abscissae(edges, std::move(borders));
    std::vector<std::pair<Number, const Edge<Number>*>> line;
    std::vector<Span<Number>> spans;
    std::vector<int> windings;
    for (std::size_t i = 0; i + 1 < xs.size(); ++i) {
        const Number x = (xs[i] + xs[i + 1]) / 2;
        line.clear();
        spans.clear();
        for (const Edge<Number>& e : edges)
            if (e.spans(x))
                line.emplace_back(e.y_at(x), &e);
        std::sort(line.begin(), line.end(), [](const auto& p, const auto& q) { return p.first < q.first; });
        windings.assign(features, 0);
        for (std::size_t k = 0; k + 1 < line.size(); ++k) {
            const Edge<Number>& e = *line[k].second;
            windings[e.feature] += e.ax < e.bx ? 1 : -1; // an edge to the right has its left side above it
            if (const int w = weight(windings); w != 0)
                spans.push_back({&e, line[k + 1].second, line[k + 1].first - line[k].first, w});
        }
        visit(xs[i], xs[i + 1], spans);
    }
}

/// Integrates weight(windings of all features) over the slabs between the first and the last of `borders`; over all of
/// them where there are none.
template <class Number, class Weight>
ExactArea integral(const std::vector<Edge<Number>>& edges, std::size_t features, const std::vector<Number>& borders,
                   const Weight& weight) {
    Number total = 0;
    for_each_slab(edges, features, borders, weight,
                  [&](const Number& x0, const Number& x1, const std::vector<Span<Number>>& spans) {
                      if (!borders.empty() && (x1 <= borders.front() || x0 >= borders.back()))
                          return;
                      Number length = 0;
                      for (const Span<Number>& span : spans)
                          length += span.weight * span.length;
                      total += length * (x1 - x0);
                  });
    const double nearest = to_double(total);
    return {nearest, to_double(Number(total - Number(nearest)))};
}

template <class Number, class Weight>
ExactArea integral(std::span<const geo::ShapeView> features, const Weight& weight) {
    return integral<Number>(edges_of<Number>(features, {features[0].box().min_x, features[0].box().min_y}),
                            features.size(), {}, weight);
}

template <class Weight>
ExactArea integral(std::span<const geo::ShapeView> features, Arithmetic arithmetic, const Weight& weight) {
    return arithmetic == Arithmetic::rational ? integral<Rational>(features, weight) : integral<Quad>(features, weight);
}

/// Only the strip of abscissae that both features reach is integrated, and without edges above the lower one's top:
/// there its winding number is 0. Much less for neighbours.
template <class Number>
ExactArea overlap_in_shared_strip(const geo::ShapeView& a, const geo::ShapeView& b) {
    const geo::Box shared{std::max(a.box().min_x, b.box().min_x), std::max(a.box().min_y, b.box().min_y),
                          std::min(a.box().max_x, b.box().max_x), std::min(a.box().max_y, b.box().max_y)};
    if (shared.min_x >= shared.max_x || shared.min_y >= shared.max_y)
        return {};
    const Number left = 0;
    const Number right = Number(shared.max_x) - Number(shared.min_x);
    const Number top = Number(shared.max_y) - Number(shared.min_y);
    const std::vector<geo::ShapeView> features{a, b};
    auto edges = edges_of<Number>(features, {shared.min_x, shared.min_y});
    std::erase_if(edges, [&](const Edge<Number>& e) {
        return std::max(e.ax, e.bx) <= left || std::min(e.ax, e.bx) >= right || std::min(e.ay, e.by) > top;
    });
    return integral<Number>(edges, features.size(), {left, right},
                            [](const std::vector<int>& w) { return w[0] * w[1]; });
}

} // namespace

ExactArea exact_overlap(const geo::ShapeView& a, const geo::ShapeView& b, Arithmetic arithmetic) {
    return arithmetic == Arithmetic::rational ? overlap_in_shared_strip<Rational>(a, b)
                                              : overlap_in_shared_strip<Quad>(a, b);
}

namespace {

int in_a_and_some_b(const std::vector<int>& w) {
    return std::any_of(w.begin() + 1, w.end(), [](int depth) { return depth > 0; }) ? w[0] : 0;
}

std::vector<geo::ShapeView> together(const geo::ShapeView& a, std::span<const geo::ShapeView> bs) {
    std::vector<geo::ShapeView> features{a};
    features.insert(features.end(), bs.begin(), bs.end());
    return features;
}

/// Intervals of a vertical line, low to high, without common points.
using Intervals = std::vector<std::pair<double, double>>;

double covered(const Intervals& intervals) {
    double sum = 0;
    for (const auto& [low, high] : intervals)
        sum += high - low;
    return sum;
}

double covered_by_both(const Intervals& a, const Intervals& b) {
    double sum = 0;
    for (const auto& [low_a, high_a] : a)
        for (const auto& [low_b, high_b] : b)
            sum += std::max(0.0, std::min(high_a, high_b) - std::max(low_a, low_b));
    return sum;
}

} // namespace

ExactArea exact_overlap_union(const geo::ShapeView& a, std::span<const geo::ShapeView> bs, Arithmetic arithmetic) {
    return integral(together(a, bs), arithmetic, in_a_and_some_b);
}

double overlap_length(const geo::ShapeView& a, std::span<const geo::ShapeView> bs) {
    const auto features = together(a, bs);
    const auto edges = edges_of<Quad>(features, {a.box().min_x, a.box().min_y});
    const Quad no_width = 1e-25;
    double length = 0;
    Quad reached = 0;
    Intervals at_reached; // of the slab before, on its right side
    const auto close = [&](const Intervals& next) {
        length += covered(at_reached) + covered(next) - 2 * covered_by_both(at_reached, next);
    };
    for_each_slab(edges, features.size(), {}, in_a_and_some_b,
                  [&](const Quad& x0, const Quad& x1, const std::vector<Span<Quad>>& spans) {
                      if (x1 - x0 < no_width)
                          return;
                      std::vector<Span<Quad>> merged;
                      Quad top = 0; // of the last merged span, on the middle line
                      const Quad x = (x0 + x1) / 2;
                      for (const Span<Quad>& span : spans) {
                          if (span.length < no_width)
                              continue;
                          if (!merged.empty() && span.low->y_at(x) - top < no_width)
                              merged.back().high = span.high;
                          else
                              merged.push_back(span);
                          top = span.high->y_at(x);
                      }
                      Intervals left;
                      Intervals right;
                      for (const Span<Quad>& span : merged) {
                          for (const Edge<Quad>* const e : {span.low, span.high})
                              length += std::hypot(to_double(x1 - x0), to_double(e->y_at(x1) - e->y_at(x0)));
                          left.emplace_back(to_double(span.low->y_at(x0)), to_double(span.high->y_at(x0)));
                          right.emplace_back(to_double(span.low->y_at(x1)), to_double(span.high->y_at(x1)));
                      }
                      if (x0 - reached > no_width) {
                          close({});
                          at_reached.clear();
                      }
                      close(left);
                      at_reached = right;
                      reached = x1;
                  });
    close({});
    return length;
}

} // namespace corebelt::test
