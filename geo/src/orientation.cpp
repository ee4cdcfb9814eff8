#include "orientation.hpp"

#include <array>
#include <cstddef>

namespace corebelt::geo {

namespace {

/// A number held as a sum of doubles that do not overlap, smallest first (Shewchuk 1997).
class Expansion {
public:
    void add(double term) {
        std::size_t kept = 0;
        for (std::size_t i = 0; i < size_; ++i) {
            const double sum = term + terms_[i];
            const double back = sum - term;
            const double rest = (term - (sum - back)) + (terms_[i] - back);
            term = sum;
            if (rest != 0)
                terms_[kept++] = rest;
        }
        if (term != 0)
            terms_[kept++] = term;
        size_ = kept;
    }
    void add_product(double a, double b) {
        const double product = a * b;
        add(std::fma(a, b, -product));
        add(product);
    }
    [[nodiscard]] int sign() const {
        if (size_ == 0)
            return 0;
        return terms_[size_ - 1] > 0 ? 1 : -1;
    }

private:
    std::array<double, 12> terms_{};
    std::size_t size_ = 0;
};

} // namespace

int orientation_by_expansion(XY a, XY b, XY c) {
    Expansion cross; // (b−a)×(c−a) = a×b + b×c + c×a
    cross.add_product(a.x, b.y);
    cross.add_product(-a.y, b.x);
    cross.add_product(b.x, c.y);
    cross.add_product(-b.y, c.x);
    cross.add_product(c.x, a.y);
    cross.add_product(-c.y, a.x);
    return cross.sign();
}

} // namespace corebelt::geo
