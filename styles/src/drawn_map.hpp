#pragma once
/// Layers made ready for drawing, and drawing them in a style onto a window of the picture plane. The same for sheets
/// and tiles.

#include "cairo_handles.hpp"

#include "corebelt/geo/transform.hpp"
#include "corebelt/styles/scene.hpp"
#include "corebelt/styles/style.hpp"

#include <cstdint>
#include <optional>
#include <span>
#include <vector>

namespace corebelt::styles {

/// A layer in the CRS of the map.
struct DrawnLayer {
    const SceneLayer* scene = nullptr;
    geo::Shapes shapes;                ///< one a row of the table
    geo::Shapes boundaries;            ///< of areal features, shared stretches once
    std::vector<geo::XY> label_points; ///< one a row; of empty features (0, 0)

    [[nodiscard]] const layers::Batch& rows() const { return scene->table.rows; }
};

/// Everything that a map shows; immutable once made, safe from any thread.
struct DrawnMap {
    std::vector<DrawnLayer> layers;

    /// @param target  none: the CRS of the scene.
    DrawnMap(const Scene& scene, const std::optional<geo::Crs>& target);

    [[nodiscard]] const DrawnLayer* find(const std::string& source) const;
    [[nodiscard]] geo::Box extent() const; ///< of all features
};

/// Where the map lies on the picture plane, whose pixels run right and down.
struct MapView {
    geo::XY origin;             ///< CRS coordinates of the plane's point (0, 0)
    double pixels_per_unit = 1; ///< of the CRS
    double zoom = 0;            ///< that the style is evaluated at
    double pixels_per_css = 1;  ///< how many pixels a pixel of the style has

    [[nodiscard]] geo::XY to_plane(geo::XY p) const {
        return {(p.x - origin.x) * pixels_per_unit, (origin.y - p.y) * pixels_per_unit};
    }
    [[nodiscard]] geo::Box to_plane(const geo::Box& b) const {
        const geo::XY low = to_plane(geo::XY{b.min_x, b.max_y}), high = to_plane(geo::XY{b.max_x, b.min_y});
        return {low.x, low.y, high.x, high.y};
    }
};

/// A rectangle of whole pixels of the plane that is drawn.
struct Window {
    std::int64_t left = 0, top = 0;
    int width = 0, height = 0;

    [[nodiscard]] geo::Box box() const {
        return {static_cast<double>(left), static_cast<double>(top), static_cast<double>(left + width),
                static_cast<double>(top + height)};
    }
};

/// Which rows of a layer may touch the window: shapes and boundaries.
struct Candidates {
    std::vector<std::uint32_t> shapes, boundaries;
};

/// A label where it will be drawn; the outline is relative to `at`.
struct PlacedLabel {
    std::size_t style_layer = 0;
    geo::XY at;   ///< upper left corner on the plane, whole pixels
    geo::Box box; ///< on the plane, halo included
    PathPtr outline;
    Colour colour, halo;
    double halo_width = 0; ///< pixels
};

/// Labels of all symbol layers shown at the view's zoom, placed without overlap: later style layers first, in each
/// the larger features first. Labels stay inside `bounds` and off `obstacles` (plane).
[[nodiscard]] std::vector<PlacedLabel> place_labels(const DrawnMap& map, const Style& style, const MapView& view,
                                                    const geo::Box& bounds, std::span<const geo::Box> obstacles);

/// The project's note under the name of each zone and park where there is room, at least once: a tile that is looked
/// at alone must say it too. Appended to `labels`, drawn with the topmost symbol layer.
void place_note(const DrawnMap& map, const Style& style, const MapView& view, const std::string& note,
                std::vector<PlacedLabel>& labels);

struct DrawCounts {
    std::uint64_t overfull_pixels = 0; ///< of coverages: land lies on land
};

/// Draws the style's layers onto `picture`, whose pixel (0, 0) is the window's upper left; what is there stays
/// below. Candidates stand for map.layers one by one; empty span: all rows. `labels` are drawn where they touch.
DrawCounts draw_map(Picture& picture, const Window& window, const DrawnMap& map, const Style& style,
                    const MapView& view, std::span<const Candidates> candidates, std::span<const PlacedLabel> labels,
                    bool with_background, unsigned jobs);

/// Lays a picture onto another by source-over, its upper left at (x, y), all of it dimmed by `opacity`.
void lay_over(Picture& below, const Picture& above, int x, int y, double opacity);

/// Sets cairo's source to the colour, its alpha times `opacity`.
void set_colour(cairo_t* cairo, Colour colour, double opacity = 1);

/// Parallel lines over the current clip; `origin` is where the plane's (0, 0) lies in user space, `scale` user units
/// a CSS pixel.
void draw_hatch(cairo_t* cairo, const Hatch& hatch, geo::XY origin, double scale, double opacity);

/// Strokes the current path as a line layer says. `scale`: user units a CSS pixel.
void stroke_line(cairo_t* cairo, const StyleLayer& layer, const StyleContext& context, double scale);

} // namespace corebelt::styles
