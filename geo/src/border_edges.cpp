#include "border_edges.hpp"

#include "corebelt/geo/parallel_blocks.hpp"

#include <algorithm>
#include <array>
#include <bit>
#include <tuple>
#include <utility>

namespace corebelt::geo {

namespace {

/// An edge by the vertex it begins at, with a hash of its ends that does not depend on its direction.
struct HashedEdge {
    std::uint32_t hash;
    std::uint32_t vertex;
};

std::uint64_t bits(double value) {
    return std::bit_cast<std::uint64_t>(value + 0.0); // −0 is 0
}

std::uint64_t mixed(std::uint64_t h) {
    h ^= h >> 32U;
    h *= 0xd6e8feb86659fd93U;
    h ^= h >> 32U;
    h *= 0xd6e8feb86659fd93U;
    return h ^ (h >> 32U);
}

std::uint64_t vertex_hash(XY p) {
    return mixed(mixed(bits(p.x)) + 0x9e3779b97f4a7c15U * bits(p.y));
}

/// Features shared out so that each share has about as many vertices.
std::vector<std::size_t> shares_of(const Shapes& shapes, unsigned jobs) {
    std::vector<std::size_t> first{0};
    std::size_t feature = 0;
    for (unsigned j = 1; j < jobs; ++j) {
        const std::size_t wanted = shapes.xy.size() / jobs * j;
        while (feature < shapes.size() && shapes.ring_first[shapes.part_first[shapes.shape_first[feature]]] < wanted)
            ++feature;
        first.push_back(feature);
    }
    first.push_back(shapes.size());
    return first;
}

/// Calls visit(vertex, hash) for every edge of the areal features first … last−1.
template <class Visit>
void each_edge(const Shapes& shapes, std::size_t first, std::size_t last, const Visit& visit) {
    for (std::size_t f = first; f < last; ++f) {
        if (f % 1024 == 0)
            throw_if_stopped();
        if (shapes.dimension[f] != Dimension::area)
            continue;
        const std::uint32_t ring_first = shapes.part_first[shapes.shape_first[f]];
        const std::uint32_t ring_last = shapes.part_first[shapes.shape_first[f + 1]];
        for (std::uint32_t r = ring_first; r < ring_last; ++r) {
            const std::uint32_t end = shapes.ring_first[r + 1];
            std::uint64_t hash = end > shapes.ring_first[r] ? vertex_hash(shapes.xy[shapes.ring_first[r]]) : 0;
            for (std::uint32_t v = shapes.ring_first[r]; v + 1 < end; ++v) {
                const std::uint64_t next = vertex_hash(shapes.xy[v + 1]);
                if (!(shapes.xy[v] == shapes.xy[v + 1]))
                    visit(v, mixed(hash + next));
                hash = next;
            }
        }
    }
}

/// Which features the vertices of a store belong to.
class FeatureOf {
public:
    explicit FeatureOf(const Shapes& shapes) : shapes_(shapes) {}
    std::uint32_t operator()(std::uint32_t vertex) const {
        return range_with(shapes_.shape_first, range_with(shapes_.part_first, range_with(shapes_.ring_first, vertex)));
    }

private:
    static std::uint32_t range_with(const std::vector<std::uint32_t>& first, std::uint32_t i) {
        return static_cast<std::uint32_t>(std::upper_bound(first.begin(), first.end(), i) - first.begin()) - 1;
    }
    const Shapes& shapes_;
};

/// Finds what does not cancel among edges of one bucket.
class Bucket {
public:
    Bucket(const Shapes& shapes, std::vector<LooseBorder>& left_over)
        : shapes_(shapes), feature_of_(shapes), left_over_(left_over) {}

    void settle(HashedEdge* first, HashedEdge* last) {
        std::sort(first, last, [](const HashedEdge& p, const HashedEdge& q) {
            return p.hash != q.hash ? p.hash < q.hash : p.vertex < q.vertex;
        });
        while (first != last) {
            HashedEdge* end = first + 1;
            while (end != last && end->hash == first->hash)
                ++end;
            settle_equal_hashes(first, end);
            first = end;
        }
    }

private:
    [[nodiscard]] bool opposite(std::uint32_t v, std::uint32_t w) const {
        return shapes_.xy[v] == shapes_.xy[w + 1] && shapes_.xy[v + 1] == shapes_.xy[w];
    }
    [[nodiscard]] LooseBorder loose(std::uint32_t v) const {
        const XY a = shapes_.xy[v];
        const XY b = shapes_.xy[v + 1];
        if (before(a, b))
            return {a, b, {feature_of_(v), 1}};
        return {b, a, {feature_of_(v), -1}};
    }
    void settle_equal_hashes(const HashedEdge* first, const HashedEdge* last) {
        if (last - first == 2 && opposite(first[0].vertex, first[1].vertex))
            return;
        group_.clear();
        for (const HashedEdge* e = first; e != last; ++e)
            group_.push_back(loose(e->vertex));
        const auto ends = [](const LooseBorder& e) { return std::tuple(e.a.x, e.a.y, e.b.x, e.b.y); };
        std::sort(group_.begin(), group_.end(),
                  [&](const LooseBorder& p, const LooseBorder& q) { return ends(p) < ends(q); });
        for (auto begin = group_.begin(); begin != group_.end();) {
            auto end = begin;
            std::int32_t turn = 0;
            for (; end != group_.end() && ends(*end) == ends(*begin); ++end)
                turn += end->border.turn;
            if (turn != 0)
                left_over_.insert(left_over_.end(), begin, end);
            begin = end;
        }
    }

    const Shapes& shapes_;
    FeatureOf feature_of_;
    std::vector<LooseBorder>& left_over_;
    std::vector<LooseBorder> group_;
};

} // namespace

BorderEdges joined(std::vector<LooseBorder>& loose, std::span<const std::int64_t> ids) {
    const auto key = [&](const LooseBorder& e) {
        return std::tuple(e.a.x, e.a.y, e.b.x, e.b.y, ids[e.border.feature], e.border.turn);
    };
    std::sort(loose.begin(), loose.end(), [&](const LooseBorder& p, const LooseBorder& q) { return key(p) < key(q); });
    throw_if_stopped();
    BorderEdges out;
    for (std::size_t i = 0; i < loose.size();) {
        std::size_t end = i;
        std::int32_t turn = 0;
        for (; end < loose.size() && loose[end].a == loose[i].a && loose[end].b == loose[i].b; ++end)
            turn += loose[end].border.turn;
        if (turn != 0) {
            out.edges.push_back({loose[i].a, loose[i].b, turn, static_cast<std::uint32_t>(out.borders.size())});
            for (std::size_t k = i; k < end; ++k)
                out.borders.push_back(loose[k].border);
        }
        i = end;
    }
    return out;
}

BorderEdges unshared_edges(const Shapes& shapes, std::span<const std::int64_t> ids, unsigned jobs,
                           std::uint64_t& edges) {
    // Edges are dealt into buckets by their hash, so that equal ones meet in a bucket small enough for the cache.
    constexpr std::size_t edges_in_bucket = 4096;
    const std::size_t bucket_count = std::bit_ceil(shapes.xy.size() / edges_in_bucket + 1);
    const auto bucket_of = [&](std::uint64_t hash) { return (hash >> 32U) & (bucket_count - 1); };
    const auto share_first = shares_of(shapes, std::max(jobs, 1U));
    const std::size_t shares = share_first.size() - 1;
    std::vector<std::vector<std::uint32_t>> at(shares, std::vector<std::uint32_t>(bucket_count, 0));
    parallel_blocks(shares, 1, jobs, [&](unsigned, std::size_t s, std::size_t) {
        each_edge(shapes, share_first[s], share_first[s + 1],
                  [&](std::uint32_t, std::uint64_t hash) { ++at[s][bucket_of(hash)]; });
    });
    std::vector<std::uint32_t> bucket_first(bucket_count + 1, 0);
    std::uint32_t sum = 0;
    for (std::size_t b = 0; b < bucket_count; ++b) {
        bucket_first[b] = sum;
        for (auto& counts : at)
            sum += std::exchange(counts[b], sum);
    }
    bucket_first[bucket_count] = sum;
    edges = sum;
    std::vector<HashedEdge> dealt(sum);
    parallel_blocks(shares, 1, jobs, [&](unsigned, std::size_t s, std::size_t) {
        each_edge(shapes, share_first[s], share_first[s + 1], [&](std::uint32_t vertex, std::uint64_t hash) {
            dealt[at[s][bucket_of(hash)]++] = {static_cast<std::uint32_t>(hash), vertex};
        });
    });
    std::vector<std::vector<LooseBorder>> left_over(std::max(jobs, 1U));
    parallel_blocks(bucket_count, 16, jobs, [&](unsigned thread, std::size_t first, std::size_t last) {
        Bucket bucket(shapes, left_over[thread]);
        for (std::size_t b = first; b < last; ++b)
            bucket.settle(dealt.data() + bucket_first[b], dealt.data() + bucket_first[b + 1]);
    });
    std::vector<LooseBorder> all = std::move(left_over[0]);
    for (std::size_t t = 1; t < left_over.size(); ++t)
        all.insert(all.end(), left_over[t].begin(), left_over[t].end());
    return joined(all, ids);
}

} // namespace corebelt::geo
