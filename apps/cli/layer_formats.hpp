#pragma once
/// Formats in which results are layers for a map.

#include "corebelt/layers/vector_file.hpp"

#include <map>
#include <string>
#include <vector>

namespace corebelt::cli {

/// How each of these formats is written, by the name that format_of() gives. A file is replaced as by every -o; what is
/// more than a file, or may hold other people's data, only where the user says so.
using LayerFormats = std::map<std::string, layers::VectorFileOptions>;
[[nodiscard]] LayerFormats layer_formats(bool overwrite);

/// The names, as check_outputs() takes them.
[[nodiscard]] std::vector<std::string> names_of(const LayerFormats& formats);

/// Results must not take the place of what they were found in.
/// @param inputs  paths; what is no file is passed over. @throws Error{usage, "output-is-input"}.
void spare_inputs(const std::vector<std::string>& outputs, const std::vector<std::string>& inputs);

} // namespace corebelt::cli
