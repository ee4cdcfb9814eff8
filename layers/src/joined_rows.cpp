#include "corebelt/layers/joined_rows.hpp"

#include "column_merge.hpp"

#include <algorithm>
#include <utility>

namespace corebelt::layers {

JoinedRows::JoinedRows(std::uint64_t expected)
    : appender_(std::make_unique<BatchAppender>(rows_)), expected_(expected) {}

JoinedRows::~JoinedRows() = default;

void JoinedRows::add(const Batch& rows) {
    const std::lock_guard lock(mutex_);
    append(rows);
}

void JoinedRows::add(Batch& rows, std::uint64_t number) {
    const std::lock_guard lock(mutex_);
    if (number != next_) {
        std::swap(early_[number], rows);
        return;
    }
    append(rows);
    for (auto at = early_.find(++next_); at != early_.end(); at = early_.find(++next_)) {
        append(at->second);
        early_.erase(at);
    }
}

Batch JoinedRows::take() {
    const std::lock_guard lock(mutex_);
    for (const auto& [number, rows] : early_)
        append(rows);
    early_.clear();
    next_ = 0;
    Batch all = std::exchange(rows_, {});
    appender_ = std::make_unique<BatchAppender>(rows_);
    return all;
}

void JoinedRows::append(const Batch& rows) {
    if (rows.size() == 0)
        return;
    make_room(rows.shapes.xy.size());
    appender_->append(rows, 0, rows.size());
}

/// Coordinates are most of a table: growing them by doubling would copy them, and touch memory, twice.
void JoinedRows::make_room(std::size_t vertices) {
    constexpr std::size_t most_growth = 64; // the number of rows is hearsay
    auto& xy = rows_.shapes.xy;
    if (xy.capacity() - xy.size() >= vertices || rows_.size() == 0)
        return;
    const double each = static_cast<double>(xy.size()) / static_cast<double>(rows_.size());
    const double all = 1.02 * each * static_cast<double>(expected_);
    const double most = static_cast<double>(most_growth) * static_cast<double>(xy.size());
    const auto room = static_cast<std::size_t>(std::min(all, most));
    if (room >= xy.size() + vertices)
        xy.reserve(room);
}

} // namespace corebelt::layers
