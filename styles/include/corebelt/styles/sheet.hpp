#pragma once
/// Pictures of a plan: a sheet as PNG, and raster tiles of the same style.

#include "corebelt/geo/text.hpp"
#include "corebelt/geo/tile.hpp"
#include "corebelt/layers/issue.hpp"
#include "corebelt/project/project.hpp"
#include "corebelt/styles/colour.hpp"
#include "corebelt/styles/picture.hpp"
#include "corebelt/styles/scene.hpp"

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

/// One land-use row of a sheet's legend.
struct LegendClass {
    std::string code, name;
    Colour colour;
    std::int64_t hectares_2 = 0; ///< hundredths of a hectare, as printed
    std::int64_t share_2 = 0;    ///< hundredths of a percent, as printed
};

/// What a sheet shows, for tests, tables of contents and reports.
struct SheetSummary {
    double denominator = 0; ///< of the scale
    std::size_t panels = 0; ///< parts far apart are shown side by side at one scale
    double scale_bar_m = 0, scale_bar_mm = 0;
    double pixels_per_metre = 0; ///< of ground, on the map
    std::vector<LegendClass> classes;
    std::int64_t total_hectares_2 = 0;
    std::vector<std::string> lines, points; ///< legend entries
    layers::IssueLog issues;                ///< of the layers read, and "layer-overlap" where parcels lie on each other
};

/// Draws one sheet of the project and writes it as PNG: land use filled by the code table's colours, control
/// lines and boundaries on top, title, legend of the classes present with areas, scale bar, north arrow, CRS note,
/// the project's note. The areas are the ones that `tabulate` gives.
/// @throws Error{output, "missing-glyph"} naming the character; Error{output, "cannot-write"};
///         Error{usage, "scale-does-not-fit"}, Error{usage, "unknown-paper"}; Error{output, "legend-too-long"}.
SheetSummary draw_sheet_png(const project::Project& project, const project::Sheet& sheet, const std::string& path,
                            const SheetOptions& options);

/// The same of layers already read, into memory.
[[nodiscard]] Picture draw_sheet(const Scene& scene, const project::Sheet& sheet, const SheetOptions& options,
                                 SheetSummary& summary);

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
/// show nothing are not written. Tiles are transparent where the plan shows nothing. The folder appears whole or not
/// at all: it is written under a temporary name and renamed.
/// @throws Error{output, "exists"} where `folder` is there already and not empty; Error{output, "cannot-write"}.
TileSummary write_tile_folder(const project::Project& project, const std::string& folder, const TileOptions& options);

/// The same of layers already read.
TileSummary write_tile_folder(const Scene& scene, const std::string& folder, const TileOptions& options);

/// A block of neighbouring tiles as one picture, each pixel as in the tiles themselves.
/// @pre the block has at most 64 × 64 tiles.
[[nodiscard]] Picture draw_tile_block(const Scene& scene, const geo::TileRange& block, std::uint32_t tile_pixels);

/// The sheets a project gets where it names none: one land-use sheet.
[[nodiscard]] std::vector<project::Sheet> sheets_of(const project::Project& project, Lang lang);

} // namespace corebelt::styles
