#pragma once
/// Sources that are connections to a server, not files.

#include <string>

namespace corebelt::layers {

/// "PG:dbname=…" or "postgresql://…", with or without "|layer=".
[[nodiscard]] bool is_database(const std::string& source);

/// A source as it may be printed: the value of `password=` (also `passwd=`, `pwd=`, `sslpassword=`) and the password in
/// "scheme://user:password@host" become ***; everything else stays. A message may be given as well.
[[nodiscard]] std::string without_password(const std::string& source);

/// What a library said about `source`, without the words of its password: it may cite them where it could not parse
/// the connection string.
[[nodiscard]] std::string without_password(std::string message, const std::string& source);

} // namespace corebelt::layers
