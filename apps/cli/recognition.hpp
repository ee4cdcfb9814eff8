#pragma once
/// What a layer is, judged by the standard schemas of planning and survey data: name, fields, geometry, codes.

#include "corebelt/geo/text.hpp"
#include "corebelt/layers/source.hpp"

#include <optional>
#include <string>

namespace corebelt::cli {

struct Recognised {
    std::string theme;               ///< "eco-redline", …
    std::string key;                 ///< a name for [layers.<key>]
    Text why;                        ///< "name STBHHX", "field YDYHFLDM"
    std::string class_field, scheme; ///< land use only
    std::string id_field, name_field;
};

/// None where nothing about the layer is known for sure. `stem` is the file's name without extension. Land-use codes
/// are read to tell their scheme.
/// @throws Error{input} where they cannot be read.
[[nodiscard]] std::optional<Recognised> recognise(const layers::LayerInfo& layer, const std::string& source,
                                                  const std::string& stem);

} // namespace corebelt::cli
