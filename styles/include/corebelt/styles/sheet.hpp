#pragma once
/// Pictures of a plan: a sheet as PNG, and raster tiles of the same style.

#include "corebelt/geo/text.hpp"
#include "corebelt/project/project.hpp"

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

namespace corebelt::styles {

struct SheetOptions {
    double dpi = 150;
    Lang lang = Lang::zh;
    unsigned jobs = 1;
};

/// Draws one sheet of the project and writes it as PNG: land use filled by the code table's colours, control
/// lines and boundaries on top, title, legend of the classes present with areas, scale bar, north arrow, CRS note,
/// the project's note. The areas are the ones that `tabulate` gives.
/// @throws Error{output, "missing-glyph"} naming the character; Error{output, "cannot-write"}.
void draw_sheet_png(const project::Project& project, const project::Sheet& sheet, const std::string& path,
                    const SheetOptions& options);

struct TileOptions {
    std::uint32_t min_zoom = 0, max_zoom = 0; ///< both 0: chosen from the extent
    std::uint32_t tile_pixels = 256;
    unsigned jobs = 1;
    std::function<void(std::uint64_t done, std::uint64_t total)> progress;
};

struct TileSummary {
    std::uint32_t min_zoom = 0, max_zoom = 0;
    std::uint64_t written = 0, empty = 0, bytes = 0;
};

/// Writes folder/z/x/y.png (EPSG:3857, XYZ) for the plan's extent, in the style of the land-use sheet; tiles that
/// show nothing are not written. The folder appears whole or not at all.
TileSummary write_tile_folder(const project::Project& project, const std::string& folder, const TileOptions& options);

/// The sheets a project gets where it names none: one land-use sheet.
[[nodiscard]] std::vector<project::Sheet> sheets_of(const project::Project& project, Lang lang);

} // namespace corebelt::styles
