#pragma once
/// Writing files, and telling them apart. A file appears under its name only when it is whole.

#include <string>
#include <string_view>

namespace corebelt::layers {

/// Text or bytes to a file by temporary name and rename; to a device or pipe directly.
/// @throws Error{output, "cannot-write"} with the system's reason; nothing is left behind.
void write_file(const std::string& path, std::string_view bytes);

/// SHA-256 of a file in lower-case hex. Of a folder (.gdb) and of a shapefile (.shp .shx .dbf .prj .cpg): over name,
/// size and content of each file, by name. Empty where the source is no file (a database, a connection string).
[[nodiscard]] std::string sha256_of(const std::string& path);

} // namespace corebelt::layers
