#pragma once
/// GDAL's Arrow stream of one layer: batches of columns as the driver lays them out.

#include "gdal_errors.hpp"

#include "corebelt/geo/text.hpp"

#include <ogr_recordbatch.h>

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <vector>

class OGRLayer;

namespace corebelt::layers {

/// Columns of some rows. Independent of the stream that made it: any thread may read and release it.
class ArrowRows {
public:
    explicit ArrowRows(const ArrowArray& array) : array_(array) {}
    ~ArrowRows() { array_.release(&array_); }
    ArrowRows(const ArrowRows&) = delete;
    ArrowRows& operator=(const ArrowRows&) = delete;

    [[nodiscard]] const ArrowArray& array() const { return array_; }
    [[nodiscard]] std::size_t size() const { return static_cast<std::size_t>(array_.length); }

private:
    ArrowArray array_; ///< has a release function
};

/// Owns stream and schema. The layer's dataset must outlive it and must not be used for anything else meanwhile.
class ArrowStream {
public:
    /// @throws Error{input, "cannot-read"}; `place` names file and layer in its text, `advice` says what to do.
    ArrowStream(OGRLayer& layer, std::uint32_t batch_features, std::string place, Text advice);
    ~ArrowStream();
    ArrowStream(const ArrowStream&) = delete;
    ArrowStream& operator=(const ArrowStream&) = delete;

    /// The next rows, null at the end. @throws Error{input, "cannot-read"} with GDAL's reason.
    [[nodiscard]] std::shared_ptr<const ArrowRows> next();

    [[nodiscard]] const ArrowSchema& schema() const { return schema_; }

private:
    [[noreturn]] void fail(const GdalErrors& errors, const char* stream_error) const;

    std::string place_;
    Text advice_;
    std::uint64_t rows_before_ = 0;
    ArrowArrayStream stream_{};
    ArrowSchema schema_{};
};

/// One child of the stream's struct, with the struct's offset applied. Row numbers are those of the struct.
class ArrowColumn {
public:
    ArrowColumn(const ArrowArray& parent, std::size_t child);

    [[nodiscard]] bool valid(std::size_t row) const {
        const std::size_t i = row + offset_;
        return validity_ == nullptr || ((validity_[i / 8] >> (i % 8)) & 1U) != 0;
    }
    template <typename T>
    [[nodiscard]] T number(std::size_t row) const {
        return static_cast<const T*>(array_->buffers[1])[row + offset_];
    }
    [[nodiscard]] bool bit(std::size_t row) const {
        const std::size_t i = row + offset_;
        return ((static_cast<const std::uint8_t*>(array_->buffers[1])[i / 8] >> (i % 8)) & 1U) != 0;
    }
    /// Bytes of a text or binary value with 32-bit or 64-bit offsets.
    template <typename Offset>
    [[nodiscard]] std::span<const std::uint8_t> bytes(std::size_t row) const {
        const auto* ends = static_cast<const Offset*>(array_->buffers[1]) + row + offset_;
        const auto* data = static_cast<const std::uint8_t*>(array_->buffers[2]);
        return {data + ends[0], static_cast<std::size_t>(ends[1] - ends[0])};
    }
    [[nodiscard]] const ArrowArray& array() const { return *array_; }
    [[nodiscard]] std::size_t offset() const { return offset_; }

private:
    const ArrowArray* array_;
    const std::uint8_t* validity_;
    std::size_t offset_;
};

} // namespace corebelt::layers
