#pragma once
/// In which encoding the texts of a shapefile's table are written.

#include <optional>
#include <string>

namespace corebelt::layers {

struct Encoding {
    std::string name; ///< as TextDecoder takes it
    std::string why;  ///< "declared", "cpg", "ldid", "utf8-valid", "fallback", "driver"
};

/// Override, else .cpg beside the table, else its language byte, else a strict UTF-8 test over its texts, else
/// GB18030. The byte 0x57 says "ANSI" without saying which page: it counts (as ISO-8859-1) only where the texts are no
/// GB18030 either, or read like words of letters with accents rather than like Chinese. A table that is absent holds no
/// text: UTF-8.
/// @param dbf_path  as GDAL's virtual file system reads it
/// @throws Error{usage, "unknown-encoding"} for an override that nobody knows.
[[nodiscard]] Encoding find_dbf_encoding(const std::string& dbf_path, const std::optional<std::string>& declared);

/// The same for a text file: override, else strict UTF-8 over its bytes, else GB18030.
[[nodiscard]] Encoding find_text_encoding(const std::string& path, const std::optional<std::string>& declared);

/// @throws Error{usage, "unknown-encoding"}
[[nodiscard]] Encoding declared_encoding(const std::string& declared);

} // namespace corebelt::layers
