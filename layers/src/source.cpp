#include "corebelt/layers/source.hpp"

#include "column_merge.hpp"
#include "next_in_steps.hpp"

#include "corebelt/geo/expects.hpp"
#include "corebelt/layers/joined_rows.hpp"
#include "corebelt/layers/parallel_read.hpp"

#include <algorithm>
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

} // namespace

std::uint64_t expected_rows(const LayerInfo& info) {
    return static_cast<std::uint64_t>(std::max<std::int64_t>(info.feature_count.value_or(0), 0));
}

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
    JoinedRows rows(expected_rows(table.info));
    read_in_parallel(source, jobs, [&](unsigned, JudgedBatch& batch) { rows.add(batch.rows, batch.number); });
    table.rows = rows.take();
    if (table.rows.columns.empty())
        for (const auto& field : table.info.fields)
            table.rows.columns.push_back({field, {}, {}, {}, {}, {}});
    table.counts = source.counts();
    table.issues = source.issues();
    return table;
}

std::size_t batch_for_threads(std::uint64_t rows, unsigned jobs, std::size_t most) {
    constexpr std::uint64_t batches_a_thread = 16;
    return static_cast<std::size_t>(
        std::clamp<std::uint64_t>(rows / (batches_a_thread * jobs), 1, std::max<std::size_t>(most, 1)));
}

std::unique_ptr<BatchSource> source_over(const Table& table, std::size_t batch_size) {
    COREBELT_EXPECTS(batch_size > 0);
    return std::make_unique<TableSource>(table, batch_size);
}

} // namespace corebelt::layers
