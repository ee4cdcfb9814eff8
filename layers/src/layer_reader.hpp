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

/// The integer primary key of a database table: GDAL takes it for the FID and hands it out as nothing else, but to its
/// owner it is a field. None for keys that are called as GDAL and we call them ("fid", "ogc_fid").
[[nodiscard]] std::optional<Field> key_field(const OpenDataset& dataset, OGRLayer& layer);

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

    /// A run of rows as the driver laid them out.
    struct Slice {
        std::shared_ptr<const ArrowRows> rows; ///< none: the end
        std::size_t first = 0, last = 0;       ///< half open
        std::uint64_t bytes = 0;               ///< of memory, roughly
    };
    /// The next run; one thread at a time.
    [[nodiscard]] Slice read();

    struct Rows {
        Batch batch; ///< handed-out columns first, then the ones that only the filter or the id needs
        std::vector<Decoding> decoding;
    };
    /// A decoder for decode(); each thread needs one of its own.
    [[nodiscard]] TextDecoder make_decoder() const { return TextDecoder(encoding_); }
    /// Replaces `rows` with those of a slice that pass the filter; may be none. Any number of threads.
    void decode(const Slice& slice, const TextDecoder& decoder, Rows& rows, IssueLog& issues) const;
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
    void filter_on_the_server();
    void bind_columns();
    void end_slice(Slice& slice) const;
    [[nodiscard]] std::uint64_t attribute_bytes(const Slice& slice) const;
    Decoding decode_geometry(const ArrowArray& array, std::size_t row, geo::Shapes& shapes) const;
    void report_bad_texts(const Rows& rows, const std::vector<BadText>& bad, IssueLog& issues) const;

    OpenDataset dataset_;
    OGRLayer* layer_;
    std::string label_;
    std::string encoding_;
    TextDecoder decoder_; ///< for the names of fields
    std::uint32_t batch_features_;
    std::uint64_t batch_bytes_;
    bool swap_axes_ = false;
    std::vector<Field> handed_out_;
    std::vector<Planned> planned_;
    std::optional<Field> key_; ///< planned columns of this name are the FID
    std::optional<std::size_t> id_column_;
    std::optional<Filter> filter_;
    std::optional<std::size_t> geometry_child_;
    std::unique_ptr<ArrowStream> stream_; ///< after dataset_: it must go first
    Slice last_;                          ///< handed out last
    bool at_end_ = false;
};

/// Removes rows where `mask` is 0; dictionaries keep to the order of first appearance.
void keep_rows(Batch& batch, const std::vector<std::uint8_t>& mask);
/// The same for identifiers and attributes only, where the shapes were never added.
void keep_columns(Batch& batch, const std::vector<std::uint8_t>& mask);

} // namespace corebelt::layers
