#include "corebelt/layers/source.hpp"

#include "column_merge.hpp"
#include "next_in_steps.hpp"

#include "corebelt/geo/expects.hpp"
#include "corebelt/layers/parallel_read.hpp"

#include <algorithm>
#include <map>
#include <mutex>
#include <utility>

namespace corebelt::layers {

namespace {

class TableSource final : public BatchSource {
public:
    TableSource(const Table& table, std::size_t batch_size)
        : table_(table), batch_size_(batch_size), counts_(table.counts) {
        if (counts_.features > 0)
            return;
        // A table made by hand: nothing was judged at a door, so count what it holds.
        counts_.features = table.rows.size();
        counts_.vertices = table.rows.shapes.xy.size();
        for (std::size_t i = 0; i < table.rows.size(); ++i) {
            counts_.empty += table.rows.shapes[i].empty() ? 1U : 0U;
            counts_.extent.add(table.rows.shapes.box[i]);
        }
    }

    [[nodiscard]] const LayerInfo& info() const override { return table_.info; }
    [[nodiscard]] const DoorCounts& counts() const override { return counts_; }
    [[nodiscard]] const IssueLog& issues() const override { return table_.issues; }

    bool next(Batch& batch) override {
        batch.clear();
        if (next_row_ >= table_.rows.size())
            return false;
        const std::size_t last = std::min(table_.rows.size(), next_row_ + batch_size_);
        BatchAppender(batch).append(table_.rows, next_row_, last);
        next_row_ = last;
        return true;
    }

private:
    const Table& table_;
    std::size_t batch_size_;
    std::size_t next_row_ = 0;
    DoorCounts counts_;
};

/// Rows of a source that does not read in steps: judged already.
class JudgedRows final : public RawRows {
public:
    JudgedRows(Batch rows, std::vector<std::int64_t> doubtful)
        : RawRows(rows.size(), rows.shapes.byte_size()), batch(std::move(rows)), doubtful_fids(std::move(doubtful)) {}
    Batch batch;
    std::vector<std::int64_t> doubtful_fids;
};

/// Puts batches that were judged in any order back into the order of the file.
class InOrder {
public:
    /// @param expected  rows in all, as far as the driver knows; else 0.
    InOrder(Batch& target, std::uint64_t expected) : target_(target), rows_(target), expected_(expected) {}
    void add(JudgedBatch& batch) {
        const std::lock_guard lock(mutex_);
        if (batch.number != next_) {
            std::swap(early_[batch.number], batch.rows);
            return;
        }
        append(batch.rows);
        for (auto at = early_.find(++next_); at != early_.end(); at = early_.find(++next_)) {
            append(at->second);
            early_.erase(at);
        }
    }

private:
    void append(const Batch& batch) {
        make_room(batch.shapes.xy.size());
        rows_.append(batch, 0, batch.size());
    }
    /// Coordinates are most of a table: growing them by doubling would copy them, and touch memory, twice.
    void make_room(std::size_t more) {
        constexpr std::size_t most_growth = 8; // the number of rows is hearsay
        auto& xy = target_.shapes.xy;
        if (xy.capacity() - xy.size() >= more || target_.size() == 0)
            return;
        const double each = static_cast<double>(xy.size()) / static_cast<double>(target_.size());
        const double all = 1.02 * each * static_cast<double>(expected_);
        const double most = static_cast<double>(most_growth) * static_cast<double>(xy.size());
        const auto room = static_cast<std::size_t>(std::min(all, most));
        if (room >= xy.size() + more)
            xy.reserve(room);
    }

    std::mutex mutex_;
    Batch& target_;
    BatchAppender rows_;
    std::uint64_t expected_;
    std::uint64_t next_ = 0;
    std::map<std::uint64_t, Batch> early_;
};

} // namespace

std::unique_ptr<RawRows> BatchSource::read() {
    Batch batch;
    if (!next(batch))
        return nullptr;
    auto doubtful = counts().doubtful_fids;
    std::sort(doubtful.begin(), doubtful.end());
    return std::make_unique<JudgedRows>(std::move(batch), std::move(doubtful));
}

void BatchSource::judge(RawRows& rows, Batch& batch, std::vector<std::int64_t>& doubtful_fids) {
    auto& judged = dynamic_cast<JudgedRows&>(rows);
    std::swap(batch, judged.batch);
    std::swap(doubtful_fids, judged.doubtful_fids);
}

bool next_in_steps(BatchSource& source, bool& at_end, Batch& batch) {
    batch.clear();
    std::vector<std::int64_t> doubtful_fids;
    while (!at_end && batch.size() == 0) {
        if (const auto rows = source.read()) {
            source.judge(*rows, batch, doubtful_fids);
        } else {
            at_end = true;
            source.finish();
        }
    }
    return !at_end;
}

Table read_all(BatchSource& source, unsigned jobs) {
    Table table;
    table.info = source.info();
    InOrder rows(table.rows,
                 static_cast<std::uint64_t>(std::max<std::int64_t>(table.info.feature_count.value_or(0), 0)));
    read_in_parallel(source, jobs, [&](unsigned, JudgedBatch& batch) { rows.add(batch); });
    if (table.rows.columns.empty())
        for (const auto& field : table.info.fields)
            table.rows.columns.push_back({field, {}, {}, {}, {}, {}});
    table.counts = source.counts();
    table.issues = source.issues();
    return table;
}

std::unique_ptr<BatchSource> source_over(const Table& table, std::size_t batch_size) {
    COREBELT_EXPECTS(batch_size > 0);
    return std::make_unique<TableSource>(table, batch_size);
}

} // namespace corebelt::layers
