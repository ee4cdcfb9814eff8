#include "exact.hpp"

#include <array>
#include <cstddef>

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

/// An exact sum of doubles, smallest first (Shewchuk's grow-expansion).
class Expansion {
public:
    void add(double term) {
        double carry = term;
        for (std::size_t i = 0; i < size_; ++i) {
            const double sum = carry + parts_[i];
            const double part_share = sum - carry;
            const double carry_share = sum - part_share;
            parts_[i] = (carry - carry_share) + (parts_[i] - part_share);
            carry = sum;
        }
        parts_[size_++] = carry;
    }
    void add_product(double x, double y) {
        const double product = x * y;
        add(std::fma(x, y, -product));
        add(product);
    }
    [[nodiscard]] int sign() const {
        for (std::size_t i = size_; i-- > 0;)
            if (parts_[i] != 0)
                return parts_[i] > 0 ? 1 : -1;
        return 0;
    }
    [[nodiscard]] double value() const {
        double sum = 0;
        for (std::size_t i = 0; i < size_; ++i)
            sum += parts_[i];
        return sum;
    }

private:
    std::array<double, 16> parts_{};
    std::size_t size_ = 0;
};

/// p·q − r·s for differences that did not fit a double.
Expansion wide_cross(const Difference& p, const Difference& q, const Difference& r, const Difference& s) {
    Expansion sum;
    sum.add_product(p.tail, q.tail);
    sum.add_product(-r.tail, s.tail);
    sum.add_product(p.tail, q.value);
    sum.add_product(p.value, q.tail);
    sum.add_product(-r.tail, s.value);
    sum.add_product(-r.value, s.tail);
    sum.add_product(p.value, q.value);
    sum.add_product(-r.value, s.value);
    return sum;
}

bool all_exact(const Difference& p, const Difference& q, const Difference& r, const Difference& s) {
    return p.tail == 0 && q.tail == 0 && r.tail == 0 && s.tail == 0;
}

} // namespace

int orientation_of_near_collinear(XY a, XY b, XY p) {
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
