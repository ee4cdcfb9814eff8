#pragma once
/// Sums of many terms that nearly cancel.

namespace corebelt::geo {

/// Adds doubles and keeps what each addition rounds off (Neumaier), so the error is one rounding of the result.
class CompensatedSum {
public:
    void add(double term) {
        const double sum = value_ + term;
        const double term_share = sum - value_;
        rest_ += (value_ - (sum - term_share)) + (term - term_share);
        value_ = sum;
    }
    [[nodiscard]] double value() const { return value_ + rest_; }

private:
    double value_ = 0;
    double rest_ = 0;
};

} // namespace corebelt::geo
