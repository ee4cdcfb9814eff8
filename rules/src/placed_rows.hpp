#pragma once
/// Features of a layer kept for later: in memory while they fit, else on disk in order of place.

#include "place_order.hpp"

#include "corebelt/layers/joined_rows.hpp"
#include "corebelt/layers/spill.hpp"
#include "corebelt/rules/held_memory.hpp"

#include <cstdint>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace corebelt::rules {

/// What areas take in memory when they are prepared, roughly: index and copy.
[[nodiscard]] std::uint64_t prepared_bytes(const geo::Shapes& shapes);

/// On disk the rows lie in runs, each sorted by size of box and place, cut into chunks of neighbours; only a line for
/// each chunk stays in memory.
class PlacedRows {
public:
    /// @param expected  rows in all, as far as known; else 0.
    PlacedRows(const geo::Crs& crs, HeldMemory memory, std::uint64_t expected = 0);

    /// Any number of threads; rows without geometry do not go to disk. @throws as layers::Spill.
    void add(layers::Batch rows);
    /// The same; in memory rows stand by number, as in layers::JoinedRows. Not to be mixed with the other. What `rows`
    /// holds afterwards has no meaning, but it may be memory for the next batch.
    void add(layers::Batch& rows, std::uint64_t number);
    /// Even what fits goes to disk: another layer needs the memory.
    void put_aside();
    /// No more rows. Writes what is left, where rows go to disk.
    void finish();

    [[nodiscard]] bool on_disk() const { return spill_ != nullptr; }
    [[nodiscard]] std::uint64_t size() const { return rows_; }
    /// All rows. @pre finished, not on disk.
    [[nodiscard]] const layers::Batch& held() const { return held_; }
    [[nodiscard]] layers::Batch take_held() { return std::exchange(held_, {}); }

    struct Chunk {
        layers::Spill::Place place;
        std::uint64_t first_code = 0, last_code = 0; ///< of its features' places
        geo::Box box;                                ///< around its features
        std::uint32_t rows = 0;
        std::uint32_t size_class = 0; ///< of all its features
        std::uint64_t prepared_bytes = 0;
    };
    /// By size class, then place. @pre finished, on disk.
    [[nodiscard]] const std::vector<Chunk>& chunks() const { return chunks_; }
    void read(const Chunk& chunk, layers::Batch& rows) const { spill_->read(chunk.place, rows); }

    [[nodiscard]] const PlaceOrder& order() const { return order_; }

private:
    struct Keyed {
        std::uint32_t size_class;
        std::uint64_t code;
        layers::RowOf row;
    };
    /// False where they go to disk.
    bool fit(const layers::Batch& rows);
    void keep_for_run(layers::Batch rows);
    void write_run();
    void write_chunk(const std::vector<Keyed>& rows, std::size_t first, std::size_t last, layers::Batch& chunk);

    PlaceOrder order_;
    HeldMemory memory_;
    std::mutex mutex_;
    layers::JoinedRows joined_;          ///< until rows go to disk
    std::vector<layers::Batch> waiting_; ///< for disk
    std::uint64_t joined_bytes_ = 0;     ///< as they lie and as they would be prepared
    std::uint64_t waiting_bytes_ = 0;
    std::uint64_t rows_ = 0;
    std::unique_ptr<layers::Spill> spill_;
    std::vector<Chunk> chunks_;
    layers::Batch held_;
};

} // namespace corebelt::rules
