#include "arrow_stream.hpp"

#include "corebelt/geo/error.hpp"

#include <cpl_string.h>
#include <fmt/format.h>
#include <ogrsf_frmts.h>

#include <utility>

namespace corebelt::layers {

ArrowStream::ArrowStream(OGRLayer& layer, std::uint32_t batch_features, std::string place, Text advice)
    : place_(std::move(place)), advice_(std::move(advice)) {
    const GdalErrors errors;
    CPLStringList options;
    options.SetNameValue("INCLUDE_FID", "YES");
    options.SetNameValue("MAX_FEATURES_IN_BATCH", std::to_string(batch_features).c_str());
    if (!layer.GetArrowStream(&stream_, options.List()))
        fail(errors, nullptr);
    if (stream_.get_schema(&stream_, &schema_) != 0) {
        const char* reason = stream_.get_last_error(&stream_);
        const std::string kept = reason != nullptr ? reason : "";
        stream_.release(&stream_);
        fail(errors, kept.c_str());
    }
}

ArrowStream::~ArrowStream() {
    const GdalErrors quiet;
    if (schema_.release != nullptr)
        schema_.release(&schema_);
    if (stream_.release != nullptr)
        stream_.release(&stream_);
}

std::shared_ptr<const ArrowRows> ArrowStream::next() {
    const GdalErrors errors;
    for (;;) {
        ArrowArray array{};
        if (stream_.get_next(&stream_, &array) != 0)
            fail(errors, stream_.get_last_error(&stream_));
        std::shared_ptr<const ArrowRows> rows;
        if (array.release != nullptr)
            rows = std::make_shared<const ArrowRows>(array);
        // A driver that stops in the middle may still say "end of stream"; then only its message tells.
        if (errors.failed())
            fail(errors, nullptr);
        if (!rows || rows->size() > 0) {
            rows_before_ += rows ? rows->size() : 0;
            return rows;
        }
    }
}

void ArrowStream::fail(const GdalErrors& errors, const char* stream_error) const {
    const std::string reason =
        errors.reason(stream_error != nullptr && *stream_error != '\0' ? stream_error : "GDAL gives no reason");
    throw Error(ErrorKind::input, "cannot-read",
                {fmt::format("{}: reading stopped after {} features: {}. {}", place_, rows_before_, reason, advice_.en),
                 fmt::format("{}：读取 {} 个要素后中断：{}。{}", place_, rows_before_, reason, advice_.zh)});
}

ArrowColumn::ArrowColumn(const ArrowArray& parent, std::size_t child)
    : array_(parent.children[child]),
      validity_(array_->null_count == 0 ? nullptr : static_cast<const std::uint8_t*>(array_->buffers[0])),
      offset_(static_cast<std::size_t>(array_->offset + parent.offset)) {}

} // namespace corebelt::layers
