#pragma once
/// What the formats that layers are written in can hold.

#include "corebelt/layers/vector_file.hpp"

#include <string>

namespace corebelt::layers {

/// What a format is called and what it can hold.
struct VectorTraits {
    VectorFormat format;
    const char* extension; ///< null: no file
    const char* driver;    ///< GDAL's short name; null: not written through GDAL
    bool layer_names;      ///< holds a layer name that is not the file's
    bool several;          ///< holds several layers
    bool mixed;            ///< holds points, lines and areas in one layer
    bool attributes;       ///< holds fields of one's own
    bool dates;            ///< holds days; else they become text
    bool times;            ///< holds days with a time; else they become text
    bool empty;            ///< holds features without geometry
    int integer_bits;      ///< 64, 53 (as a real number) or 32
    const char* companion; ///< extensions of further files that belong to it, separated by spaces
};

/// Longer names would be cut by the server without a word.
inline constexpr std::size_t postgres_name_bytes = 63;

/// @throws Error{usage, "unknown-format"}.
[[nodiscard]] const VectorTraits& traits_of(const std::string& path);

} // namespace corebelt::layers
