#pragma once
/// One function a verb: runs it and returns the exit code.

#include "arguments.hpp"
#include "console.hpp"

namespace corebelt::cli {

int run_info(const InfoArguments& arguments, Console& console);
int run_tabulate(const TabulateArguments& arguments, Console& console);
int run_measure(const MeasureArguments& arguments, Console& console);
int run_check(const CheckArguments& arguments, Console& console);
int run_map(const MapArguments& arguments, Console& console);
int run_tiles(const TilesArguments& arguments, Console& console);
int run_convert(const ConvertArguments& arguments, Console& console);
int run_init(const InitArguments& arguments, Console& console);

} // namespace corebelt::cli
