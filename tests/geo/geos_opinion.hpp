#pragma once
/// What GEOS says about polygons: a second opinion that shares no code with the kernel, and a reader of texts.

#include "corebelt/geo/shapes.hpp"

#include <geos_c.h>

#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace corebelt::test {

class GeosOpinion {
public:
    GeosOpinion();
    ~GeosOpinion();
    GeosOpinion(const GeosOpinion&) = delete;
    GeosOpinion& operator=(const GeosOpinion&) = delete;

    struct Deleter {
        GEOSContextHandle_t context;
        void operator()(GEOSGeometry* geometry) const { GEOSGeom_destroy_r(context, geometry); }
    };
    using Geometry = std::unique_ptr<GEOSGeometry, Deleter>;

    /// Null where GEOS cannot read the text.
    [[nodiscard]] Geometry from_wkt(const std::string& text) const;
    [[nodiscard]] Geometry from_geojson(const std::string& text) const;
    [[nodiscard]] Geometry from_shape(const geo::ShapeView& shape) const;

    /// One areal feature an element of the outermost collection, every vertex as read, rings oriented; none where
    /// something else than polygons occurs. Empty polygons give features without parts.
    [[nodiscard]] std::optional<geo::Shapes> areas(const GEOSGeometry& geometry, bool elements_are_features) const;

    [[nodiscard]] Geometry intersection(const GEOSGeometry& a, const GEOSGeometry& b) const;
    [[nodiscard]] Geometry union_of(const GEOSGeometry& a, const GEOSGeometry& b) const;
    /// Area, and boundary length of the polygons only.
    [[nodiscard]] double area(const GEOSGeometry& geometry) const;
    [[nodiscard]] double polygon_length(const GEOSGeometry& geometry) const;

private:
    [[nodiscard]] bool append_polygons(const GEOSGeometry& geometry, geo::Shapes& into) const;
    void append_ring(const GEOSGeometry& ring, geo::Shapes& into) const;

    GEOSContextHandle_t context_;
};

} // namespace corebelt::test
