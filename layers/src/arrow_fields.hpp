#pragma once
/// Arrow columns into ours.

#include "arrow_stream.hpp"
#include "text_decoder.hpp"

#include "corebelt/layers/batch.hpp"

#include <optional>
#include <string_view>
#include <vector>

namespace corebelt::layers {

/// A row whose text was not what its encoding promises.
struct BadText {
    std::size_t row;
    std::size_t column;
    bool cut; ///< the last character was cut in half, else undecodable bytes
};

/// Appends rows first…last−1 to `column`, whose field is set. Texts are decoded once for each distinct value;
/// lists become "[a, b]".
void read_rows(const ArrowSchema& schema, const ArrowColumn& from, std::size_t first, std::size_t last,
               const TextDecoder& decoder, std::size_t column_number, Column& column, std::vector<BadText>& bad);

} // namespace corebelt::layers
