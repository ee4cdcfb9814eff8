#pragma once
/// Batches put aside on disk where memory does not hold them, in a file that nobody else sees.

#include "corebelt/layers/batch.hpp"

#include <atomic>
#include <cstdint>
#include <span>
#include <string>
#include <vector>

namespace corebelt::layers {

/// Where spill files lie: $TMPDIR, else /tmp.
[[nodiscard]] std::string spill_folder();

/// One file without a name: it takes room on the disk of its folder as long as this lives, and a killed process leaves
/// nothing behind. Batches come back as they went in, bit for bit.
class Spill {
public:
    /// @throws Error{output, "spill-folder"} where no file can be made there.
    explicit Spill(std::string folder = spill_folder());
    ~Spill();
    Spill(const Spill&) = delete;
    Spill& operator=(const Spill&) = delete;

    struct Place {
        std::uint64_t offset = 0, bytes = 0;
    };
    /// Any number of threads. @throws Error{output, "spill-full"} with what the folder still holds;
    /// Error{output, "spill-failed"} with the system's reason.
    Place write(const Batch& rows);
    /// Replaces `rows`. Any number of threads. @pre `place` came from write() of this spill.
    void read(const Place& place, Batch& rows) const;

    [[nodiscard]] std::uint64_t byte_size() const { return end_; }
    [[nodiscard]] const std::string& folder() const { return folder_; }

private:
    std::string folder_;
    int file_ = -1;
    std::atomic<std::uint64_t> end_{0};
};

/// A row of a batch that stays where it is.
struct RowOf {
    const Batch* batch;
    std::uint32_t row;
};

/// Replaces `out` with these rows of batches that have the same columns; dictionaries hold what the rows use, in order
/// of first appearance.
void gather(std::span<const RowOf> rows, Batch& out);

/// Replaces `out` with the rows of all batches, which have the same columns and are gone one by one on the way, so that
/// they are not in memory twice.
void join(std::vector<Batch> batches, Batch& out);

} // namespace corebelt::layers
