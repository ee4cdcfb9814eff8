#pragma once
/// The known name that an unknown one was probably meant to be.

#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace corebelt::geo {

/// The name with the smallest edit distance in characters (insert, delete, replace, swap of neighbours), ASCII case
/// ignored first and counted only among equals; the earlier name wins a tie. None where `names` is empty.
/// Only the first 64 characters of each name are looked at.
[[nodiscard]] std::optional<std::string> nearest_name(std::string_view name, std::span<const std::string> names);

} // namespace corebelt::geo
