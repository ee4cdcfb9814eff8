#pragma once
/// Appending columns to columns: dictionaries are joined without searching them again for every batch.

#include "corebelt/layers/batch.hpp"

#include <cstdint>
#include <string>
#include <unordered_map>
#include <vector>

namespace corebelt::layers {

/// Appends rows of batches to one growing batch. Keeps a lookup of every dictionary between calls.
class BatchAppender {
public:
    explicit BatchAppender(Batch& target);

    /// Rows first…last−1 of `other`, which has the same columns in the same order.
    void append(const Batch& other, std::size_t first, std::size_t last);

private:
    struct Dictionary {
        std::unordered_map<std::string, std::uint32_t> code_of;
        std::vector<std::uint32_t> translated; ///< code in the other batch → code here, `unset` until needed
    };
    void append_codes(Column& to, Dictionary& dictionary, const Column& from, std::size_t first, std::size_t last);

    Batch& target_;
    std::vector<Dictionary> dictionaries_;
};

} // namespace corebelt::layers
