#include "parallel_rows.hpp"

#include "corebelt/geo/expects.hpp"
#include "corebelt/geo/parallel_blocks.hpp"

#include <algorithm>

namespace corebelt::rules {

void each_row(std::size_t rows, unsigned jobs, const std::function<void(unsigned thread, std::size_t row)>& use) {
    COREBELT_EXPECTS(jobs > 0);
    // Few rows may be much work each: then one by one, so that no thread waits long for the last.
    constexpr std::size_t shares = 8;
    const std::size_t at_once = std::clamp<std::size_t>(rows / (std::size_t{jobs} * shares), 1, 16);
    geo::parallel_blocks(rows, at_once, jobs, [&](unsigned thread, std::size_t first, std::size_t last) {
        for (std::size_t row = first; row < last; ++row)
            use(thread, row);
    });
}

} // namespace corebelt::rules
