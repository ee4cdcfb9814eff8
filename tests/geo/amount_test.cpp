#include "support/catch.hpp"

#include "corebelt/geo/amount.hpp"

#include <cmath>
#include <vector>

using corebelt::geo::Amount;

TEST_CASE("a sum of amounts does not depend on the order of its terms", "[amount]") {
    const std::vector<double> terms = {1e15, 1e-9, -1e15, 0.1, 3.25e-17, -0.1};
    Amount forward;
    Amount backward;
    for (std::size_t i = 0; i < terms.size(); ++i) {
        forward += Amount(terms[i]);
        backward += Amount(terms[terms.size() - 1 - i]);
    }
    CHECK(forward == backward);
    CHECK(forward.value() == Approx(1e-9).epsilon(0).margin(1e-15)); // 1e-9 + 3e-17
}

TEST_CASE("ten thousandths are rounded half away from zero", "[amount]") {
    CHECK(Amount(0.000051).ten_thousandths() == 1);
    CHECK(Amount(0.000049).ten_thousandths() == 0);
    CHECK(Amount(std::ldexp(1.0, -15)).ten_thousandths() == 0);
    CHECK(Amount(1234567.000151).ten_thousandths() == 12345670002);
    CHECK((Amount(0.0) - Amount(0.03125)).ten_thousandths() == -313); // 312.5 away from zero
    CHECK(Amount(0.03125).ten_thousandths() == 313);
    CHECK(Amount(5.1e14).ten_thousandths() == 5'100'000'000'000'000'000); // the whole ellipsoid in 1e-4 m²
}
