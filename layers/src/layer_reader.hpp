#pragma once
/// One layer as a run of batches, before the door: wanted columns, rows that pass the filter, decoded geometry.

#include "arrow_fields.hpp"
#include "arrow_stream.hpp"
#include "door.hpp"
#include "open_dataset.hpp"

#include "corebelt/layers/dataset.hpp"
#include "corebelt/layers/filter.hpp"

#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace corebelt::layers {

/// Fields that we hand out (binary ones are left out), with names in UTF-8.
[[nodiscard]] std::vector<Field> fields_of(OGRLayer& layer, const TextDecoder& decoder);

/// What can be said of a layer without reading it; the CRS is left to the caller.
[[nodiscard]] LayerInfo describe_layer(const std::string& source, const OpenDataset& dataset, OGRLayer& layer,
                                       const Encoding& encoding);

class LayerReader {
public:
    /// @throws Error{usage, "unknown-field"}, Error{usage, "bad-filter"}, Error{input, "cannot-read"}.
    LayerReader(OpenDataset dataset, OGRLayer& layer, const OpenOptions& options, const Encoding& encoding,
                std::string label, bool with_geometry);

    /// The fields handed out, in the order of the columns.
    [[nodiscard]] const std::vector<Field>& fields() const { return handed_out_; }

    struct Rows {
        Batch batch; ///< handed-out columns first, then the ones that only the filter or the id needs
        std::vector<Decoding> decoding;
    };
    /// Replaces `rows`; false at the end. Only rows that pass the filter; may be none of them.
    bool next(Rows& rows, IssueLog& issues);
    /// A feature's id for issues.
    [[nodiscard]] std::string name_of(const Rows& rows, std::size_t row) const;
    /// Takes off the columns that nobody asked for.
    void drop_helpers(Batch& batch) const { batch.columns.resize(handed_out_.size()); }

    /// Latitude or northing stands first in the driver's coordinates.
    void swap_axes(bool swap) { swap_axes_ = swap; }

private:
    struct Planned {
        Field field;
        std::size_t child = 0; ///< in the stream's struct
    };

    void plan_columns(const OpenOptions& options, const std::vector<Field>& all);
    void avoid_wrong_booleans();
    void ignore_other_fields(const std::vector<Field>& all, bool with_geometry);
    void bind_columns();
    [[nodiscard]] std::size_t rows_that_fit(std::size_t first) const;
    Decoding decode_geometry(std::size_t row, geo::Shapes& shapes) const;
    void report_bad_texts(const Rows& rows, const std::vector<BadText>& bad, IssueLog& issues) const;

    OpenDataset dataset_;
    OGRLayer* layer_;
    std::string label_;
    TextDecoder decoder_;
    std::uint32_t batch_features_;
    std::uint64_t batch_bytes_;
    bool swap_axes_ = false;
    std::vector<Field> handed_out_;
    std::vector<Planned> planned_;
    std::optional<std::size_t> id_column_;
    std::optional<Filter> filter_;
    std::optional<std::size_t> geometry_child_;
    std::unique_ptr<ArrowStream> stream_; ///< after dataset_: it must go first
    std::size_t next_row_ = 0;            ///< inside the current array
    bool at_end_ = false;
};

/// Removes rows where `mask` is 0; dictionaries keep to the order of first appearance.
void keep_rows(Batch& batch, const std::vector<std::uint8_t>& mask);
/// The same for identifiers and attributes only, where the shapes were never added.
void keep_columns(Batch& batch, const std::vector<std::uint8_t>& mask);

} // namespace corebelt::layers
