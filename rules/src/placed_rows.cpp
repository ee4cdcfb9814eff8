#include "placed_rows.hpp"

#include "corebelt/geo/expects.hpp"
#include "corebelt/geo/stop.hpp"

#include <algorithm>
#include <tuple>
#include <utility>

namespace corebelt::rules {

namespace {

/// Of coordinates: small enough that a partition reads little beside what it needs, large enough that ten million
/// parcels make some hundred thousand chunks.
constexpr std::uint64_t least_chunk_bytes = 1U << 10U;
constexpr std::uint64_t most_chunk_bytes = 64U << 10U;
/// A chunk of several features covers no more than this share of its run: stragglers do not stretch it.
constexpr double largest_share = 1.0 / 256;
/// What waits to be sorted: a quarter of what may be held, within bounds.
constexpr std::uint64_t least_run_bytes = 64U << 10U;
constexpr std::uint64_t most_run_bytes = 256U << 20U;

std::uint64_t bytes_of(const layers::Batch& rows) {
    std::uint64_t bytes = rows.shapes.byte_size() + rows.size() * sizeof(std::int64_t);
    for (const auto& column : rows.columns) {
        bytes += column.valid.size() + 8 * (column.integers.size() + column.reals.size()) + 4 * column.code.size();
        for (const auto& text : column.dictionary)
            bytes += sizeof(std::string) + text.capacity();
    }
    return bytes;
}

double area_of(const geo::Box& box) {
    return (box.max_x - box.min_x) * (box.max_y - box.min_y);
}

} // namespace

std::uint64_t prepared_bytes(const geo::Shapes& shapes) {
    return 1000 * shapes.size() + 36 * shapes.xy.size();
}

PlacedRows::PlacedRows(const geo::Crs& crs, HeldMemory memory, std::uint64_t expected)
    : order_(crs), memory_(std::move(memory)), joined_(expected) {
    if (memory_.folder.empty())
        memory_.folder = layers::spill_folder();
}

void PlacedRows::add(layers::Batch rows) {
    const std::lock_guard lock(mutex_);
    if (fit(rows))
        joined_.add(rows);
    else
        keep_for_run(std::move(rows));
}

void PlacedRows::add(layers::Batch& rows, std::uint64_t number) {
    const std::lock_guard lock(mutex_);
    if (fit(rows))
        joined_.add(rows, number);
    else
        keep_for_run(std::exchange(rows, {}));
}

bool PlacedRows::fit(const layers::Batch& rows) {
    rows_ += rows.size();
    if (spill_)
        return false;
    joined_bytes_ += bytes_of(rows) + prepared_bytes(rows.shapes);
    if (memory_.bytes > 0 && joined_bytes_ > memory_.bytes)
        put_aside();
    return !spill_;
}

void PlacedRows::keep_for_run(layers::Batch rows) {
    if (rows.size() == 0)
        return;
    waiting_bytes_ += bytes_of(rows);
    waiting_.push_back(std::move(rows));
    if (waiting_bytes_ >= std::clamp(memory_.bytes / 4, least_run_bytes, most_run_bytes))
        write_run();
}

void PlacedRows::put_aside() {
    if (spill_)
        return;
    spill_ = std::make_unique<layers::Spill>(memory_.folder);
    keep_for_run(joined_.take());
}

void PlacedRows::finish() {
    if (!spill_) {
        held_ = joined_.take();
        return;
    }
    write_run();
    waiting_.shrink_to_fit();
    std::sort(chunks_.begin(), chunks_.end(), [](const Chunk& a, const Chunk& b) {
        return std::tie(a.size_class, a.first_code, a.place.offset) <
               std::tie(b.size_class, b.first_code, b.place.offset);
    });
}

void PlacedRows::write_run() {
    std::vector<Keyed> rows;
    geo::Box extent;
    for (const auto& batch : waiting_)
        for (std::uint32_t row = 0; row < batch.size(); ++row) {
            const auto shape = batch.shapes[row];
            if (shape.empty())
                continue;
            rows.push_back({order_.size_class(shape.box()), order_.code_of(shape.box()), {&batch, row}});
            extent.add(shape.box());
        }
    std::sort(rows.begin(), rows.end(), [](const Keyed& a, const Keyed& b) {
        return std::tie(a.size_class, a.code) < std::tie(b.size_class, b.code);
    });

    const std::uint64_t chunk_bytes = std::clamp(memory_.bytes / 256, least_chunk_bytes, most_chunk_bytes);
    layers::Batch chunk;
    geo::Box box;
    std::uint64_t bytes = 0;
    std::size_t first = 0;
    for (std::size_t i = 0; i < rows.size(); ++i) {
        const auto shape = rows[i].row.batch->shapes[rows[i].row.row];
        geo::Box with = box;
        with.add(shape.box());
        if (i > first && (rows[i].size_class != rows[first].size_class || bytes >= chunk_bytes ||
                          area_of(with) > largest_share * area_of(extent))) {
            write_chunk(rows, first, i, chunk);
            first = i;
            bytes = 0;
            with = shape.box();
        }
        box = with;
        bytes += shape.vertices().size() * sizeof(geo::XY);
    }
    if (first < rows.size())
        write_chunk(rows, first, rows.size(), chunk);
    waiting_.clear();
    waiting_bytes_ = 0;
}

void PlacedRows::write_chunk(const std::vector<Keyed>& rows, std::size_t first, std::size_t last,
                             layers::Batch& chunk) {
    throw_if_stopped();
    std::vector<layers::RowOf> chosen;
    for (std::size_t i = first; i < last; ++i)
        chosen.push_back(rows[i].row);
    layers::gather(chosen, chunk);
    Chunk line;
    line.place = spill_->write(chunk);
    line.first_code = rows[first].code;
    line.last_code = rows[last - 1].code;
    for (const auto& box : chunk.shapes.box)
        line.box.add(box);
    line.rows = static_cast<std::uint32_t>(chunk.size());
    line.size_class = rows[first].size_class;
    line.prepared_bytes = prepared_bytes(chunk.shapes);
    chunks_.push_back(line);
}

} // namespace corebelt::rules
