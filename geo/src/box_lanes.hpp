#pragma once
/// A box whose two axes are compared side by side. Comparisons, smaller and larger are exact, so it answers as Box
/// does, with or without vector instructions.

#include "corebelt/geo/coord.hpp"

#include <span>

#ifdef __SSE2__
#include <emmintrin.h>
#endif

namespace corebelt::geo {

#ifdef __SSE2__

class BoxLanes {
public:
    explicit BoxLanes(const Box& box)
        : low_(_mm_set_pd(box.min_y, box.min_x)), high_(_mm_set_pd(box.max_y, box.max_x)) {}
    /// The box of two points.
    BoxLanes(const XY& p, const XY& q)
        : low_(_mm_min_pd(_mm_loadu_pd(&p.x), _mm_loadu_pd(&q.x))),
          high_(_mm_max_pd(_mm_loadu_pd(&p.x), _mm_loadu_pd(&q.x))) {}

    void add(const XY& p) {
        const __m128d at = _mm_loadu_pd(&p.x);
        low_ = _mm_min_pd(at, low_); // as std::min: what was there stays where they are equal
        high_ = _mm_max_pd(at, high_);
    }
    /// True where the closed boxes share at least a point.
    [[nodiscard]] bool touches(const BoxLanes& b) const {
        return _mm_movemask_pd(_mm_and_pd(_mm_cmple_pd(low_, b.high_), _mm_cmple_pd(b.low_, high_))) == 3;
    }
    [[nodiscard]] Box box() const {
        alignas(16) double low[2];
        alignas(16) double high[2];
        _mm_store_pd(low, low_);
        _mm_store_pd(high, high_);
        return {low[0], low[1], high[0], high[1]};
    }

private:
    __m128d low_, high_;
};

#else

class BoxLanes {
public:
    explicit BoxLanes(const Box& box) : box_(box) {}
    /// The box of two points.
    BoxLanes(const XY& p, const XY& q) {
        box_.add(p);
        box_.add(q);
    }
    void add(const XY& p) { box_.add(p); }
    /// True where the closed boxes share at least a point.
    [[nodiscard]] bool touches(const BoxLanes& b) const { return box_.touches(b.box_); }
    [[nodiscard]] Box box() const { return box_; }

private:
    Box box_;
};

#endif

/// The smallest box around points; empty where there are none.
[[nodiscard]] inline Box box_of(std::span<const XY> points) {
    BoxLanes box{Box{}};
    for (const XY& p : points)
        box.add(p);
    return box.box();
}

} // namespace corebelt::geo
