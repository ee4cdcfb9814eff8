#pragma once
/// Batches of one layer joined to one, as they come.

#include "corebelt/layers/batch.hpp"

#include <cstdint>
#include <map>
#include <memory>
#include <mutex>

namespace corebelt::layers {

class BatchAppender;

/// Any number of threads may add.
class JoinedRows {
public:
    /// @param expected  rows in all, as far as the driver knows; else 0.
    explicit JoinedRows(std::uint64_t expected = 0);
    ~JoinedRows();
    JoinedRows(const JoinedRows&) = delete;
    JoinedRows& operator=(const JoinedRows&) = delete;

    /// Copies the rows behind those that are there: `rows` keeps its memory for the next batch.
    void add(const Batch& rows);
    /// The same, but rows stand in the order of their numbers: 0, 1, 2 …, each once, batches without rows too. What
    /// comes before its turn waits, and `rows` is taken. Not to be mixed with the other.
    void add(Batch& rows, std::uint64_t number);

    /// All rows, and begins anew. Where numbers are missing, the later ones follow all the same.
    [[nodiscard]] Batch take();

private:
    void append(const Batch& rows);
    void make_room(std::size_t vertices);

    std::mutex mutex_;
    Batch rows_;
    std::unique_ptr<BatchAppender> appender_;
    std::uint64_t expected_;
    std::uint64_t next_ = 0;
    std::map<std::uint64_t, Batch> early_;
};

} // namespace corebelt::layers
