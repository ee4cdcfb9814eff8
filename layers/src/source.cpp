#include "corebelt/layers/source.hpp"

#include "column_merge.hpp"

#include "corebelt/geo/expects.hpp"
#include "corebelt/geo/stop.hpp"

#include <algorithm>

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

} // namespace

Table read_all(BatchSource& source) {
    Table table;
    table.info = source.info();
    BatchAppender rows(table.rows);
    Batch batch;
    while (source.next(batch)) {
        throw_if_stopped();
        rows.append(batch, 0, batch.size());
    }
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
