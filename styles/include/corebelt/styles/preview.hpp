#pragma once
/// A first look at layers: one small panel a layer, each in its own coordinates.

#include "corebelt/geo/shapes.hpp"
#include "corebelt/styles/colour.hpp"
#include "corebelt/styles/picture.hpp"

#include <span>
#include <string>
#include <vector>

namespace corebelt::styles {

struct PreviewLayer {
    std::string title;            ///< the first line below the panel
    std::string note;             ///< the second
    geo::Shapes shapes;           ///< coordinates of one CRS
    bool geographic = false;      ///< degrees: the panel is scaled so that it does not look stretched
    std::vector<Colour> fill;     ///< one a feature, or empty: one light colour for all
    std::vector<geo::XY> crosses; ///< places of issues, ringed in red
};

/// Panels from left to right, at most three a row; a layer without extent gets an empty one. Same layers, same pixels.
/// @throws Error{output, "missing-glyph"} for a title that the font cannot write. @pre not empty.
[[nodiscard]] Picture draw_preview(std::span<const PreviewLayer> layers);

} // namespace corebelt::styles
