#include "drawn_map.hpp"
#include "text_layout.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <tuple>
#include <utility>

namespace corebelt::styles {

namespace {

using geo::Box;
using geo::XY;

constexpr double note_pixels = 10.5; ///< style pixels: 8 pt

struct Wanted {
    std::string text;
    XY anchor;             ///< on the plane: where the label's middle should be
    double importance = 0; ///< box area of the feature on the plane
    std::uint32_t row = 0;
    double size = 0, halo_width = 0;
    bool bold = false;
    Colour colour, halo;
};

/// Labels that stand already, in cells of the plane so that a crowded map is not searched whole.
class TakenBoxes {
public:
    void add(const Box& box) {
        for_cells(box, [&](std::pair<std::int64_t, std::int64_t> cell) { cells_[cell].push_back(box); });
    }
    [[nodiscard]] bool hits(const Box& box) const {
        bool hit = false;
        for_cells(box, [&](std::pair<std::int64_t, std::int64_t> cell) {
            const auto found = cells_.find(cell);
            hit = hit || (found != cells_.end() && std::any_of(found->second.begin(), found->second.end(),
                                                               [&](const Box& b) { return b.touches(box); }));
        });
        return hit;
    }

private:
    static constexpr double cell_pixels = 128;
    template <class F>
    static void for_cells(const Box& box, F f) {
        const auto cell = [](double v) { return static_cast<std::int64_t>(std::floor(v / cell_pixels)); };
        for (std::int64_t y = cell(box.min_y); y <= cell(box.max_y); ++y)
            for (std::int64_t x = cell(box.min_x); x <= cell(box.max_x); ++x)
                f(std::pair{x, y});
    }
    std::map<std::pair<std::int64_t, std::int64_t>, std::vector<Box>> cells_;
};

/// True where the box of the plane lies inside the area: its middle does, and no edge comes into it.
bool fits_inside(const geo::ShapeView& area, const MapView& view, const Box& box) {
    const XY middle{(box.min_x + box.max_x) / 2, (box.min_y + box.max_y) / 2};
    bool inside = false;
    for (std::size_t r = 0; r < area.ring_count(); ++r) {
        const auto ring = area.ring(r);
        for (std::size_t i = 1; i < ring.size(); ++i) {
            const XY a = view.to_plane(ring[i - 1]), b = view.to_plane(ring[i]);
            if ((a.y > middle.y) != (b.y > middle.y) && middle.x < a.x + (middle.y - a.y) / (b.y - a.y) * (b.x - a.x))
                inside = !inside;
            // The part of the edge within the box, by clipping its parameter range.
            double low = 0, high = 1;
            const auto clip = [&](double start, double step, double from, double to) {
                if (step == 0) {
                    if (start < from || start > to)
                        high = -1;
                    return;
                }
                const double t0 = (from - start) / step, t1 = (to - start) / step;
                low = std::max(low, std::min(t0, t1));
                high = std::min(high, std::max(t0, t1));
            };
            clip(a.x, b.x - a.x, box.min_x, box.max_x);
            clip(a.y, b.y - a.y, box.min_y, box.max_y);
            if (low <= high)
                return false;
        }
    }
    return inside;
}

std::vector<Wanted> wanted_labels(const DrawnLayer& drawn, const StyleLayer& layer, const MapView& view,
                                  const Box& bounds) {
    std::vector<Wanted> wanted;
    for (std::uint32_t row = 0; row < drawn.shapes.size(); ++row) {
        const geo::ShapeView shape = drawn.shapes[row];
        if (shape.empty() || !view.to_plane(shape.box()).touches(bounds))
            continue;
        const StyleContext context{view.zoom, &drawn.rows(), row};
        if (layer.filter && layer.filter->evaluate(context) != StyleValue{true})
            continue;
        Wanted w;
        w.text = layer.text("text-field", context);
        if (w.text.empty())
            continue;
        w.row = row;
        w.anchor = view.to_plane(drawn.label_points[row]);
        const Box box = view.to_plane(shape.box());
        w.importance = (box.max_x - box.min_x) * (box.max_y - box.min_y);
        w.size = layer.number("text-size", context) * view.pixels_per_css;
        w.halo_width = layer.number("text-halo-width", context) * view.pixels_per_css;
        w.bold = layer.text("text-font", context).ends_with("Bold");
        w.colour = layer.colour("text-color", context);
        w.halo = layer.colour("text-halo-color", context);
        wanted.push_back(std::move(w));
    }
    std::sort(wanted.begin(), wanted.end(), [](const Wanted& a, const Wanted& b) {
        return std::tie(b.importance, a.text, a.anchor.y, a.anchor.x) <
               std::tie(a.importance, b.text, b.anchor.y, b.anchor.x);
    });
    return wanted;
}

/// Moves the box into the bounds, where it is not larger than they are.
Box moved_into(Box box, const Box& bounds) {
    const double dx = std::max(0.0, bounds.min_x - box.min_x) - std::max(0.0, box.max_x - bounds.max_x);
    const double dy = std::max(0.0, bounds.min_y - box.min_y) - std::max(0.0, box.max_y - bounds.max_y);
    return {box.min_x + dx, box.min_y + dy, box.max_x + dx, box.max_y + dy};
}

} // namespace

std::vector<PlacedLabel> place_labels(const DrawnMap& map, const Style& style, const MapView& view, const Box& bounds,
                                      std::span<const Box> obstacles) {
    Picture scratch(1, 1);
    const SurfacePtr surface = surface_over(scratch);
    const CairoPtr cairo = context_on(surface.get());
    TakenBoxes taken;
    for (const Box& obstacle : obstacles)
        taken.add(obstacle);

    std::vector<PlacedLabel> placed;
    for (std::size_t i = style.layers.size(); i-- > 0;) {
        const StyleLayer& layer = style.layers[i];
        if (layer.type != StyleLayerType::symbol || !layer.shown_at(view.zoom))
            continue;
        const DrawnLayer* drawn = map.find(layer.source);
        if (drawn == nullptr)
            continue;
        for (const Wanted& w : wanted_labels(*drawn, layer, view, bounds)) {
            const geo::ShapeView shape = drawn->shapes[w.row];
            const double guess = 0.4 * w.size; // no text is narrower and lower than this: spares laying it out
            if (layer.fit_inside && w.importance < guess * guess)
                continue;
            const TextLayout text(cairo.get(), w.text, {w.size, w.bold, true});
            const double half_width = text.width() / 2 + w.halo_width, half_height = text.height() / 2;
            // Tried in turn: on the point, a little above and below, further above and below.
            constexpr std::array<double, 5> shifts = {0, -1.1, 1.1, -2.2, 2.2};
            for (const double shift : shifts) {
                if (layer.fit_inside && shift != 0)
                    break;
                const double y = w.anchor.y + shift * text.height();
                Box box{w.anchor.x - half_width, y - half_height, w.anchor.x + half_width, y + half_height};
                if (layer.fit_inside) {
                    // Ink, not line height: ideographs and capitals fill about the middle 0.8 em.
                    const Box ink{box.min_x, y - 0.45 * w.size, box.max_x, y + 0.45 * w.size};
                    if (!bounds.contains(box) || !fits_inside(shape, view, ink))
                        break;
                    box = ink;
                } else {
                    box = moved_into(box, bounds);
                }
                if (!bounds.contains(box) || taken.hits(box))
                    continue;
                taken.add(box);
                PlacedLabel label;
                label.style_layer = i;
                const double middle_y = (box.min_y + box.max_y) / 2;
                label.at = {std::nearbyint(box.min_x + w.halo_width), std::nearbyint(middle_y - text.middle())};
                label.box = {label.at.x - w.halo_width - 1, label.at.y - w.halo_width - 1,
                             label.at.x + text.width() + w.halo_width + 1,
                             label.at.y + text.height() + w.halo_width + 1};
                cairo_new_path(cairo.get());
                text.add_path(0, 0);
                label.outline.reset(cairo_copy_path(cairo.get()));
                label.colour = w.colour;
                label.halo = w.halo;
                label.halo_width = w.halo_width;
                placed.push_back(std::move(label));
                break;
            }
        }
    }
    std::reverse(placed.begin(), placed.end());
    return placed;
}

void place_note(const DrawnMap& map, const Style& style, const MapView& view, const std::string& note,
                std::vector<PlacedLabel>& labels) {
    std::size_t top_layer = style.layers.size();
    for (std::size_t i = 0; i < style.layers.size(); ++i)
        if (style.layers[i].type == StyleLayerType::symbol && style.layers[i].shown_at(view.zoom))
            top_layer = i;
    if (note.empty() || top_layer == style.layers.size())
        return;
    Picture scratch(1, 1);
    const SurfacePtr surface = surface_over(scratch);
    const CairoPtr cairo = context_on(surface.get());
    const TextLayout text(cairo.get(), note, {note_pixels * view.pixels_per_css, false, true});
    TakenBoxes taken; // by names of zones and by notes; labels of parcels give way
    for (const PlacedLabel& label : labels)
        if (label.style_layer == top_layer)
            taken.add(label.box);

    struct Spot {
        double importance;
        XY at;
    };
    std::vector<Spot> spots;
    for (const DrawnLayer& layer : map.layers) {
        const std::string& theme = layer.scene->layer.theme;
        for (std::size_t row = 0; row < layer.shapes.size(); ++row) {
            if ((theme != "zone" && theme != "park") || layer.shapes[row].empty())
                continue;
            const Box box = view.to_plane(layer.shapes.box[row]);
            spots.push_back(
                {(box.max_x - box.min_x) * (box.max_y - box.min_y), view.to_plane(layer.label_points[row])});
        }
    }
    std::sort(spots.begin(), spots.end(), [](const Spot& a, const Spot& b) {
        return std::tie(b.importance, a.at.y, a.at.x) < std::tie(a.importance, b.at.y, b.at.x);
    });
    bool first = true;
    for (const Spot& spot : spots) {
        const double halo = 1.2 * view.pixels_per_css;
        // Below the zone's own name, where that stands on the same point.
        double top = spot.at.y + 0.9 * text.height();
        for (const PlacedLabel& name : labels)
            if (name.style_layer == top_layer && name.box.touches({spot.at.x, spot.at.y, spot.at.x, spot.at.y}))
                top = std::max(top, name.box.max_y + halo + 2);
        PlacedLabel label;
        label.style_layer = top_layer;
        label.at = {std::nearbyint(spot.at.x - text.width() / 2), std::nearbyint(top)};
        label.box = {label.at.x - halo - 1, label.at.y - halo - 1, label.at.x + text.width() + halo + 1,
                     label.at.y + text.height() + halo + 1};
        if (!std::exchange(first, false) && taken.hits(label.box))
            continue;
        taken.add(label.box);
        std::erase_if(labels, [&](const PlacedLabel& other) {
            return other.style_layer != top_layer && other.box.touches(label.box);
        });
        cairo_new_path(cairo.get());
        text.add_path(0, 0);
        label.outline.reset(cairo_copy_path(cairo.get()));
        label.colour = {192, 0, 0};
        label.halo = {255, 255, 255};
        label.halo_width = halo;
        labels.push_back(std::move(label));
    }
}

} // namespace corebelt::styles
