#pragma once
/// The only door to GEOS: one reentrant context a thread, owning handles, and every NULL turned into an Error.
/// A handle never leaves the thread that made it.

#include "corebelt/geo/shapes.hpp"

#include <geos_c.h>

#include <cstddef>
#include <functional>
#include <memory>
#include <span>
#include <string_view>

namespace corebelt::geo::geos {

/// The calling thread's context; made on first use, closed when the thread ends.
[[nodiscard]] GEOSContextHandle_t context();

struct GeometryDeleter {
    void operator()(GEOSGeometry* geometry) const noexcept;
};
using Geometry = std::unique_ptr<GEOSGeometry, GeometryDeleter>;

/// What GEOS last said in this thread; empty where it said nothing since the last call of forget_message().
[[nodiscard]] std::string_view message();
void forget_message();

/// @throws Error{internal, "geometry-library"} with GEOS' own reason.
[[noreturn]] void fail(std::string_view operation);

/// Takes over what a GEOS function returned. @throws as fail() where it is NULL.
[[nodiscard]] Geometry checked(GEOSGeometry* made, std::string_view operation);

/// A point near the middle of the box with whole coordinates: subtracting it from coordinates on the lattice is
/// exact, and the tolerances that GEOS derives from the coordinates' magnitude (it snaps within 1e-12 of it where
/// floating noding fails) then follow the feature's size, not its easting.
[[nodiscard]] XY local_origin(const Box& box);

/// The features' parts as one multi-polygon (not a valid one where features overlap), shifted by −origin. Rings
/// that GEOS would refuse for their vertex count are padded with their last vertex.
[[nodiscard]] Geometry multi_polygon(std::span<const ShapeView> shapes, XY origin);

/// Calls `visit` for each polygon inside a geometry or collection, empty ones left out. Lines and points are skipped.
void for_each_polygon(const GEOSGeometry& geometry, const std::function<void(const GEOSGeometry&)>& visit);

/// Adds a polygon to `into` as one part: shifted back, on the coordinate lattice, outer ring counter-clockwise
/// and holes clockwise, rings from their smallest vertex on, holes in the order of their first vertices.
void append_part(const GEOSGeometry& polygon, XY origin, Shapes& into);

} // namespace corebelt::geo::geos
