#include "exact.hpp"

#include <cstddef>
#include <limits>
#include <numeric>
#include <vector>

namespace corebelt::geo::exact {

namespace {

/// x − y as an unevaluated sum of two doubles.
struct Difference {
    double value;
    double tail; ///< 0 where value is exact

    Difference(double x, double y) : value(x - y) {
        const double from_x = x - value;
        tail = (x - (value + from_x)) + (from_x - y);
    }
};

/// An exact sum of doubles, smallest first, without zeros (Shewchuk's grow-expansion).
class Expansion {
public:
    void add(double term) {
        double carry = term;
        std::size_t kept = 0;
        for (const double part : parts_) {
            const double sum = carry + part;
            const double part_share = sum - carry;
            const double carry_share = sum - part_share;
            const double lost = (carry - carry_share) + (part - part_share);
            if (lost != 0)
                parts_[kept++] = lost;
            carry = sum;
        }
        parts_.resize(kept);
        if (carry != 0)
            parts_.push_back(carry);
    }
    void add_product(double x, double y) {
        const double product = x * y;
        add(std::fma(x, y, -product));
        add(product);
    }
    /// p·q − r·s
    void add_cross(const Difference& p, const Difference& q, const Difference& r, const Difference& s) {
        add_product(p.tail, q.tail);
        add_product(-r.tail, s.tail);
        add_product(p.tail, q.value);
        add_product(p.value, q.tail);
        add_product(-r.tail, s.value);
        add_product(-r.value, s.tail);
        add_product(p.value, q.value);
        add_product(-r.value, s.value);
    }
    [[nodiscard]] int sign() const {
        if (parts_.empty())
            return 0;
        return parts_.back() > 0 ? 1 : -1;
    }
    [[nodiscard]] double value() const { return std::accumulate(parts_.begin(), parts_.end(), 0.0); }

private:
    std::vector<double> parts_;
};

/// p·q − r·s for differences that did not fit a double.
Expansion wide_cross(const Difference& p, const Difference& q, const Difference& r, const Difference& s) {
    Expansion sum;
    sum.add_cross(p, q, r, s);
    return sum;
}

bool all_exact(const Difference& p, const Difference& q, const Difference& r, const Difference& s) {
    return p.tail == 0 && q.tail == 0 && r.tail == 0 && s.tail == 0;
}

} // namespace

int orientation_of_near_collinear(XY a, XY b, XY p) {
    if (p == a || p == b) // neighbours share vertices: by far the most frequent reason to come here
        return 0;
    const Difference bx(b.x, a.x);
    const Difference py(p.y, a.y);
    const Difference by(b.y, a.y);
    const Difference px(p.x, a.x);
    if (!all_exact(bx, py, by, px))
        return wide_cross(bx, py, by, px).sign();
    const double left = bx.value * py.value;
    const double right = by.value * px.value;
    if (left != right) // rounding is monotonic
        return left > right ? 1 : -1;
    const double left_tail = std::fma(bx.value, py.value, -left);
    const double right_tail = std::fma(by.value, px.value, -right);
    return (left_tail > right_tail ? 1 : 0) - (left_tail < right_tail ? 1 : 0);
}

int sense_of(std::span<const XY> ring) {
    // Twice the area about the first vertex. A term's own error is below 4 · 2⁻⁵³ of its products (Shewchuk's first
    // bound), the sum's below the number of terms · 2⁻⁵³ of all products; twice that covers the bound's own rounding.
    double twice = 0;
    double products = 0;
    for (std::size_t i = 2; i < ring.size(); ++i) {
        const double left = (ring[i - 1].x - ring[0].x) * (ring[i].y - ring[0].y);
        const double right = (ring[i - 1].y - ring[0].y) * (ring[i].x - ring[0].x);
        twice += left - right;
        products += std::abs(left) + std::abs(right);
    }
    const double error = 0x1p-52 * (static_cast<double>(ring.size()) + 4) * products;
    if (std::abs(twice) > error)
        return twice > 0 ? 1 : -1;
    if (!(error <= std::numeric_limits<double>::max())) // not finite: no sign
        return 0;
    Expansion sum;
    for (std::size_t i = 2; i < ring.size(); ++i)
        sum.add_cross({ring[i - 1].x, ring[0].x}, {ring[i].y, ring[0].y}, {ring[i - 1].y, ring[0].y},
                      {ring[i].x, ring[0].x});
    return sum.sign();
}

double cross_of_differences(XY a, XY b, XY c, XY d) {
    const Difference p(b.x, a.x);
    const Difference q(d.y, c.y);
    const Difference r(b.y, a.y);
    const Difference s(d.x, c.x);
    if (!all_exact(p, q, r, s))
        return wide_cross(p, q, r, s).value();
    // Kahan's difference of products.
    const double right = r.value * s.value;
    const double right_tail = std::fma(-r.value, s.value, right);
    return std::fma(p.value, q.value, -right) + right_tail;
}

} // namespace corebelt::geo::exact
