#pragma once
/// Where batches come from. Rules and statistics know this port only; tests feed tables in memory.

#include "corebelt/geo/crs.hpp"
#include "corebelt/layers/batch.hpp"
#include "corebelt/layers/issue.hpp"

#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace corebelt::layers {

struct LayerInfo {
    std::string source;          ///< as the user named it
    std::string layer;           ///< layer name inside the dataset
    std::string driver;          ///< GDAL's short name; "memory" in tests
    std::optional<geo::Crs> crs; ///< of the coordinates handed out; none where unknown
    std::string encoding;        ///< "UTF-8", "GB18030", …
    std::string encoding_why;    ///< "declared", "cpg", "ldid", "utf8-valid", "fallback", "driver"
    std::string geometry_type;   ///< "Polygon", "MultiPolygon", "Point", "Mixed", "None"
    std::vector<Field> fields;   ///< those handed out, in the order of the columns; all of them from list_layers()
    /// "GCJ-02" or "BD-09" where the coordinates are offset ones, by declaration, CRS name or file name; empty
    /// elsewhere. They are hundreds of metres from the truth, by an amount that varies: fit for a picture, not for a
    /// verdict.
    std::string offset;
    Text offset_why;                           ///< "file name 边界_gcj02"; empty where `offset` is
    std::optional<std::int64_t> feature_count; ///< as the driver states it, without reading
};

/// As the driver states it; 0 where it does not.
[[nodiscard]] std::uint64_t expected_rows(const LayerInfo& info);

/// What the door did, counted over all batches handed out.
struct DoorCounts {
    std::uint64_t features = 0; ///< read
    std::uint64_t empty = 0;    ///< null or empty geometry; handed out without parts
    std::uint64_t repaired = 0;
    std::uint64_t rejected = 0; ///< set aside: handed out nowhere, counted and listed
    std::uint64_t vertices = 0;
    std::uint64_t largest_vertices = 0; ///< of one feature
    geo::Box extent;
    /// Repaired features that changed by more than 1 m² and 1e-6: verdicts on them are undecided.
    std::vector<std::int64_t> doubtful_fids;
};

/// Rows as they leave the file: neither decoded nor judged yet.
class RawRows {
public:
    RawRows(std::size_t rows, std::uint64_t bytes) : rows_(rows), bytes_(bytes) {}
    virtual ~RawRows() = default;
    RawRows(const RawRows&) = delete;
    RawRows& operator=(const RawRows&) = delete;

    [[nodiscard]] std::size_t size() const { return rows_; }     ///< before any filter
    [[nodiscard]] std::uint64_t bytes() const { return bytes_; } ///< of memory, roughly

private:
    std::size_t rows_;
    std::uint64_t bytes_;
};

class BatchSource {
public:
    virtual ~BatchSource() = default;
    [[nodiscard]] virtual const LayerInfo& info() const = 0;
    /// Replaces `batch`; false at the end. Throws Error{input} where the driver fails midway.
    virtual bool next(Batch& batch) = 0;
    /// After the end: of the whole layer.
    [[nodiscard]] virtual const DoorCounts& counts() const = 0;
    [[nodiscard]] virtual const IssueLog& issues() const = 0;

    /// The same as next(), in steps for several threads: one thread at a time reads, any number of them decode and
    /// judge what was read, and after the last rows one finishes. Not to be mixed with next().
    /// Null at the end. Throws as next().
    [[nodiscard]] virtual std::unique_ptr<RawRows> read();
    /// Replaces `batch`, which may stay without rows, and `doubtful_fids`, sorted: all of this batch, as in DoorCounts.
    /// @pre `rows` came from read() of this source and were not judged before.
    virtual void judge(RawRows& rows, Batch& batch, std::vector<std::int64_t>& doubtful_fids);
    /// @pre all that was read is judged. Afterwards read() gives null.
    virtual void finish() {}
};

/// A whole layer in memory.
struct Table {
    LayerInfo info;
    Batch rows;
    DoorCounts counts;
    IssueLog issues;
};

/// Reads a source to its end; `jobs` threads, the rows in the order of the file for any number of them.
[[nodiscard]] Table read_all(BatchSource& source, unsigned jobs = 1);

/// Rows of a batch so that a layer of `rows` spreads over `jobs` threads, few of which may be much work; at most
/// `most`.
[[nodiscard]] std::size_t batch_for_threads(std::uint64_t rows, unsigned jobs, std::size_t most);

/// Hands out a table again, in batches of `batch_size`; does not own it.
[[nodiscard]] std::unique_ptr<BatchSource> source_over(const Table& table, std::size_t batch_size = 4096);

} // namespace corebelt::layers
