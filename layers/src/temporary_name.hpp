#pragma once
/// A name beside a file, for writing it whole before it appears.

#include <string>

namespace corebelt::layers {

/// A name in the same folder that no other writer uses, with the same extension (GDAL looks at it).
[[nodiscard]] std::string temporary_name_beside(const std::string& path);

/// Gives the finished file its name. @throws Error{output, "cannot-write"}; the temporary file is removed then.
void rename_into_place(const std::string& temporary, const std::string& path);

} // namespace corebelt::layers
