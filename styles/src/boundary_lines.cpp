#include "corebelt/styles/boundary_lines.hpp"

#include <algorithm>
#include <cstdint>
#include <tuple>
#include <utility>
#include <vector>

namespace corebelt::styles {

namespace {

using geo::XY;

bool before(XY a, XY b) {
    return std::tie(a.x, a.y) < std::tie(b.x, b.y);
}

struct Edge {
    XY a, b;                        ///< a before b
    std::uint32_t from = 0, to = 0; ///< numbers of a and b among the sorted vertices
};

std::vector<Edge> distinct_edges(const geo::Shapes& shapes) {
    std::vector<Edge> edges;
    for (std::size_t i = 0; i < shapes.size(); ++i) {
        const geo::ShapeView shape = shapes[i];
        if (shape.dimension() != geo::Dimension::area)
            continue;
        for (std::size_t r = 0; r < shape.ring_count(); ++r) {
            const auto ring = shape.ring(r);
            for (std::size_t v = 1; v < ring.size(); ++v) {
                XY a = ring[v - 1], b = ring[v];
                if (a == b)
                    continue;
                if (before(b, a))
                    std::swap(a, b);
                edges.push_back({a, b});
            }
        }
    }
    const auto key = [](const Edge& e) { return std::tie(e.a.x, e.a.y, e.b.x, e.b.y); };
    std::sort(edges.begin(), edges.end(), [&](const Edge& e, const Edge& f) { return key(e) < key(f); });
    edges.erase(std::unique(edges.begin(), edges.end(), [&](const Edge& e, const Edge& f) { return key(e) == key(f); }),
                edges.end());
    return edges;
}

/// Vertices in order, and which edges meet at each.
struct Network {
    std::vector<XY> vertices;
    std::vector<std::uint32_t> first; ///< into `incident`; one more than vertices
    std::vector<std::uint32_t> incident;

    explicit Network(std::vector<Edge>& edges) {
        for (const Edge& e : edges) {
            vertices.push_back(e.a);
            vertices.push_back(e.b);
        }
        std::sort(vertices.begin(), vertices.end(), before);
        vertices.erase(std::unique(vertices.begin(), vertices.end()), vertices.end());
        const auto number = [&](XY p) {
            return static_cast<std::uint32_t>(std::lower_bound(vertices.begin(), vertices.end(), p, before) -
                                              vertices.begin());
        };
        first.assign(vertices.size() + 1, 0);
        for (Edge& e : edges) {
            e.from = number(e.a);
            e.to = number(e.b);
            ++first[e.from + 1];
            ++first[e.to + 1];
        }
        for (std::size_t v = 0; v < vertices.size(); ++v)
            first[v + 1] += first[v];
        incident.resize(2 * edges.size());
        std::vector<std::uint32_t> next(first.begin(), first.end() - 1);
        for (std::uint32_t e = 0; e < edges.size(); ++e) {
            incident[next[edges[e].from]++] = e;
            incident[next[edges[e].to]++] = e;
        }
    }
    [[nodiscard]] std::uint32_t degree(std::uint32_t v) const { return first[v + 1] - first[v]; }
};

} // namespace

geo::Shapes boundary_lines(const geo::Shapes& shapes) {
    std::vector<Edge> edges = distinct_edges(shapes);
    const Network network(edges);
    std::vector<std::uint8_t> used(edges.size(), 0);
    geo::Shapes lines;

    const auto walk = [&](std::uint32_t start, std::uint32_t edge) {
        std::uint32_t at = start;
        lines.add(network.vertices[at]);
        while (true) {
            used[edge] = 1;
            at = edges[edge].from == at ? edges[edge].to : edges[edge].from;
            lines.add(network.vertices[at]);
            if (network.degree(at) != 2)
                break;
            const std::uint32_t one = network.incident[network.first[at]];
            const std::uint32_t other = network.incident[network.first[at] + 1];
            edge = one == edge ? other : one;
            if (used[edge] != 0)
                break;
        }
        lines.end_ring();
        lines.end_part();
        lines.end_shape(geo::Dimension::line);
    };
    for (std::uint32_t v = 0; v < network.vertices.size(); ++v) {
        if (network.degree(v) == 2)
            continue;
        for (std::uint32_t i = network.first[v]; i < network.first[v + 1]; ++i)
            if (used[network.incident[i]] == 0)
                walk(v, network.incident[i]);
    }
    for (std::uint32_t e = 0; e < edges.size(); ++e) // what is left closes on itself
        if (used[e] == 0)
            walk(edges[e].from, e);
    return lines;
}

} // namespace corebelt::styles
