#include "exact_pairs.hpp"

#include "geo/exact_oracle.hpp"
#include "stopwatch.hpp"

#include "corebelt/geo/control_set.hpp"
#include "corebelt/geo/crs.hpp"
#include "corebelt/geo/overlap.hpp"

#include <algorithm>
#include <atomic>
#include <cmath>
#include <ctime>
#include <limits>
#include <mutex>
#include <optional>
#include <stdexcept>
#include <thread>
#include <vector>

namespace corebelt::bench {
namespace {

__extension__ typedef __int128 Wide;
__extension__ typedef __float128 Quad;

constexpr double lattice = 0x1p27; // steps a metre

double on_lattice(double m) {
    return std::round(m * lattice) / lattice;
}

/// Steps from an origin: differences of coordinates are below 2⁴⁸, their products below 2⁹⁶.
struct Point {
    std::int64_t x, y;
};
struct Edge {
    Point a, b;
};
using Ring = std::vector<Point>;

std::vector<Ring> rings_of(const geo::ShapeView& shape, geo::XY origin) {
    std::vector<Ring> rings;
    for (std::size_t r = 0; r < shape.ring_count(); ++r) {
        Ring ring;
        for (const geo::XY p : shape.ring(r))
            ring.push_back({static_cast<std::int64_t>((p.x - origin.x) * lattice),
                            static_cast<std::int64_t>((p.y - origin.y) * lattice)});
        rings.push_back(std::move(ring));
    }
    return rings;
}

Wide cross(Point o, Point a, Point b) {
    return Wide{a.x - o.x} * (b.y - o.y) - Wide{a.y - o.y} * (b.x - o.x);
}

int sign(Wide value) {
    return value > 0 ? 1 : (value < 0 ? -1 : 0);
}

/// Have the closed segments a point in common?
bool meet(const Edge& e, const Edge& f) {
    if (std::max(e.a.x, e.b.x) < std::min(f.a.x, f.b.x) || std::max(f.a.x, f.b.x) < std::min(e.a.x, e.b.x) ||
        std::max(e.a.y, e.b.y) < std::min(f.a.y, f.b.y) || std::max(f.a.y, f.b.y) < std::min(e.a.y, e.b.y))
        return false;
    return sign(cross(e.a, e.b, f.a)) * sign(cross(e.a, e.b, f.b)) <= 0 &&
           sign(cross(f.a, f.b, e.a)) * sign(cross(f.a, f.b, e.b)) <= 0;
}

/// Winding number of all rings about a point that is on none of them.
int winding(const std::vector<Ring>& rings, Point p) {
    int w = 0;
    for (const Ring& ring : rings)
        for (std::size_t i = 0; i + 1 < ring.size(); ++i) {
            const bool below = ring[i].y <= p.y;
            if (below == (ring[i + 1].y <= p.y))
                continue;
            const Wide side = cross(ring[i], ring[i + 1], p);
            if (below && side > 0)
                ++w;
            else if (!below && side < 0)
                --w;
        }
    return w;
}

Wide twice_area(const Ring& ring) {
    Wide sum = 0;
    for (std::size_t i = 0; i + 1 < ring.size(); ++i)
        sum += cross(ring[0], ring[i], ring[i + 1]);
    return sum;
}

bool any_meet(const std::vector<Ring>& as, const std::vector<Ring>& bs, const geo::Box& a_box, geo::XY origin) {
    const auto step = [](double m) { return static_cast<std::int64_t>(m * lattice); };
    const Point low{step(a_box.min_x - origin.x), step(a_box.min_y - origin.y)};
    const Point high{step(a_box.max_x - origin.x), step(a_box.max_y - origin.y)};
    for (const Ring& b : bs)
        for (std::size_t j = 0; j + 1 < b.size(); ++j) {
            const Edge f{b[j], b[j + 1]};
            if (std::max(f.a.x, f.b.x) < low.x || std::min(f.a.x, f.b.x) > high.x || std::max(f.a.y, f.b.y) < low.y ||
                std::min(f.a.y, f.b.y) > high.y)
                continue;
            for (const Ring& a : as)
                for (std::size_t i = 0; i + 1 < a.size(); ++i)
                    if (meet({a[i], a[i + 1]}, f))
                        return true;
        }
    return false;
}

/// Area in common where no edges meet: a ring counts with the winding number of the other feature about it, which is
/// the same all along the ring. Twice the area, in squares of the lattice's step.
Wide twice_area_in_common(const std::vector<Ring>& as, const std::vector<Ring>& bs) {
    Wide twice = 0;
    for (const Ring& a : as)
        twice += winding(bs, a[0]) * twice_area(a);
    for (const Ring& b : bs)
        twice += winding(as, b[0]) * twice_area(b);
    return twice;
}

double thread_cpu_s() {
    timespec now{};
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
    return static_cast<double>(now.tv_sec) + static_cast<double>(now.tv_nsec) * 1e-9;
}

/// One thread's comparisons.
class Comparison {
public:
    Comparison(const geo::Shapes& parks, const geo::ControlSet& controls, double rational_s,
               std::uint64_t most_vertices)
        : parks_(parks),
          controls_(controls),
          rational_s_(rational_s),
          most_vertices_(most_vertices),
          kernel_(geo::AreaForm::planar(geo::Crs::parse("EPSG:4522")), nullptr) {}

    void add(const geo::ShapeView& parcel, std::atomic<std::int64_t>& left) {
        controls_.find(parcel.box(), found_);
        for (const std::uint32_t c : found_) {
            if (left.fetch_sub(1) <= 0)
                return;
            compare(parcel, c);
        }
    }
    [[nodiscard]] const ExactPairs& sums() const { return sums_; }

private:
    void compare(const geo::ShapeView& parcel, std::uint32_t c) {
        const geo::Overlap overlap = kernel_.overlap(parcel, controls_[c]);
        const geo::ShapeView park = parks_[c];
        ++sums_.pairs;
        const double began = thread_cpu_s();
        const geo::XY origin{parcel.box().min_x, parcel.box().min_y};
        const auto a = rings_of(parcel, origin);
        const auto b = rings_of(park, origin);
        if (!any_meet(a, b, parcel.box(), origin)) {
            if (overlap.cut())
                throw std::runtime_error("the kernel sees crossings where no edges meet");
            const Wide twice = twice_area_in_common(a, b);
            ++(twice == 0 ? sums_.apart : sums_.within);
            const Quad exact = static_cast<Quad>(twice) / (2 * Quad{lattice} * Quad{lattice});
            judge(overlap, static_cast<double>(Quad{overlap.planar_m2} - exact), static_cast<double>(exact));
            sums_.uncut_s += thread_cpu_s() - began;
            return;
        }
        if (parcel.vertices().size() + park.vertices().size() > most_vertices_) {
            ++sums_.left_out;
            sums_.uncut_s += thread_cpu_s() - began;
            return;
        }
        ++sums_.cut;
        const test::ExactArea exact = test::exact_overlap(parcel, park, test::Arithmetic::quad);
        judge(overlap, exact.error_of(overlap.planar_m2), exact.nearest);
        const double after = thread_cpu_s();
        sums_.cut_s += after - began;
        constexpr std::uint64_t every = 97;
        if (sums_.cut % every == 1 && sums_.rational_s < rational_s_) {
            const test::ExactArea rational = test::exact_overlap(parcel, park, test::Arithmetic::rational);
            ++sums_.rational;
            judge(overlap, rational.error_of(overlap.planar_m2), rational.nearest);
            sums_.quad_to_rational_m2 = std::max(
                sums_.quad_to_rational_m2, std::abs((exact.nearest - rational.nearest) + (exact.rest - rational.rest)));
            sums_.rational_s += thread_cpu_s() - after;
        }
    }

    void judge(const geo::Overlap& overlap, double error_m2, double exact_m2) {
        const double difference = std::abs(error_m2);
        sums_.greatest_m2 = std::max(sums_.greatest_m2, difference);
        constexpr double oracle_m2 = 1e-20; // what 113 bits may be off
        if (difference > oracle_m2)
            sums_.greatest_of_bound = std::max(sums_.greatest_of_bound, difference / overlap.bound_m2);
        sums_.greatest_of_equality =
            std::max(sums_.greatest_of_equality, difference / std::max(0.01, 1e-6 * std::abs(exact_m2)));
    }

    const geo::Shapes& parks_;
    const geo::ControlSet& controls_;
    double rational_s_;
    std::uint64_t most_vertices_;
    geo::OverlapKernel kernel_;
    std::vector<std::uint32_t> found_;
    ExactPairs sums_;
};

/// Two threads, each with a comparison of its own that `work` feeds until there is no more.
template <class Work>
ExactPairs on_two_threads(const geo::Shapes& controls, double rational_s, std::uint64_t most_vertices,
                          const Work& work) {
    const geo::ControlSet set(controls);
    std::mutex mutex;
    std::optional<std::string> failure;
    ExactPairs total;
    const auto run = [&] {
        try {
            Comparison comparison(controls, set, rational_s / 2, most_vertices);
            work(comparison);
            const std::lock_guard lock(mutex);
            total = together(total, comparison.sums());
        } catch (const std::exception& error) {
            const std::lock_guard lock(mutex);
            failure = error.what();
        }
    };
    std::thread second(run);
    run();
    second.join();
    if (failure)
        throw std::runtime_error(*failure);
    return total;
}

} // namespace

geo::Shapes displaced(const geo::Shapes& shapes, geo::XY by) {
    geo::Shapes moved;
    for (std::size_t i = 0; i < shapes.size(); ++i) {
        for (std::size_t part = 0; part < shapes[i].part_count(); ++part) {
            const auto [first, last] = shapes[i].rings_of_part(part);
            for (std::size_t r = first; r < last; ++r) {
                for (const geo::XY p : shapes[i].ring(r))
                    moved.add({on_lattice(p.x + by.x), on_lattice(p.y + by.y)});
                moved.end_ring();
            }
            moved.end_part();
        }
        moved.end_shape(geo::Dimension::area);
    }
    return moved;
}

ExactPairs together(const ExactPairs& a, const ExactPairs& b) {
    ExactPairs sum = a;
    sum.pairs += b.pairs;
    sum.apart += b.apart;
    sum.within += b.within;
    sum.cut += b.cut;
    sum.left_out += b.left_out;
    sum.rational += b.rational;
    sum.greatest_m2 = std::max(sum.greatest_m2, b.greatest_m2);
    sum.greatest_of_bound = std::max(sum.greatest_of_bound, b.greatest_of_bound);
    sum.greatest_of_equality = std::max(sum.greatest_of_equality, b.greatest_of_equality);
    sum.quad_to_rational_m2 = std::max(sum.quad_to_rational_m2, b.quad_to_rational_m2);
    sum.uncut_s += b.uncut_s;
    sum.cut_s += b.cut_s;
    sum.rational_s += b.rational_s;
    return sum;
}

ExactPairs compare_pairs(const Province& province, std::uint64_t pairs, double rational_s) {
    const geo::Shapes parks = displaced(province.parks(), {});
    std::atomic<std::int64_t> left{static_cast<std::int64_t>(pairs)};
    std::atomic<std::uint32_t> next_tile{0};
    return on_two_threads(parks, rational_s, std::numeric_limits<std::uint64_t>::max(), [&](Comparison& comparison) {
        while (left > 0) {
            const std::uint32_t tile = next_tile++;
            if (tile >= province.tiles())
                break;
            geo::Shapes parcels;
            std::vector<std::string_view> codes;
            province.append_tile(tile, parcels, codes);
            parcels = displaced(parcels, {});
            for (std::size_t i = 0; i < parcels.size(); ++i)
                comparison.add(parcels[i], left);
        }
    });
}

ExactPairs compare_pairs(const geo::Shapes& subjects, const geo::Shapes& controls, std::uint64_t most_vertices,
                         double rational_s) {
    std::atomic<std::int64_t> left{std::numeric_limits<std::int64_t>::max()};
    std::atomic<std::size_t> next{0};
    return on_two_threads(controls, rational_s, most_vertices, [&](Comparison& comparison) {
        for (std::size_t i = next++; i < subjects.size(); i = next++)
            if (subjects.dimension[i] == geo::Dimension::area && !subjects[i].empty())
                comparison.add(subjects[i], left);
    });
}

} // namespace corebelt::bench
