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
    std::optional<std::int64_t> feature_count; ///< as the driver states it, without reading
};

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

class BatchSource {
public:
    virtual ~BatchSource() = default;
    [[nodiscard]] virtual const LayerInfo& info() const = 0;
    /// Replaces `batch`; false at the end. Throws Error{input} where the driver fails midway.
    virtual bool next(Batch& batch) = 0;
    [[nodiscard]] virtual const DoorCounts& counts() const = 0;
    [[nodiscard]] virtual const IssueLog& issues() const = 0;
};

/// A whole layer in memory.
struct Table {
    LayerInfo info;
    Batch rows;
    DoorCounts counts;
    IssueLog issues;
};

/// Reads a source to its end.
[[nodiscard]] Table read_all(BatchSource& source);

/// Hands out a table again, in batches of `batch_size`; does not own it.
[[nodiscard]] std::unique_ptr<BatchSource> source_over(const Table& table, std::size_t batch_size = 4096);

} // namespace corebelt::layers
