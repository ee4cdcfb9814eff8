#pragma once
/// Types for tables whose format has none.

#include "corebelt/layers/source.hpp"

namespace corebelt::layers {

/// Turns text columns into integers or reals where every value reads as one and prints back unchanged in kind: codes
/// with leading zeros ("0703") stay texts. Empty texts become null in a number column. A column without any value
/// stays text.
void find_types(Table& table);

} // namespace corebelt::layers
