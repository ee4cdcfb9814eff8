#pragma once
/// Coordinates from one CRS to another, in batches, failing loudly.

#include "corebelt/geo/crs.hpp"
#include "corebelt/geo/shapes.hpp"

#include <memory>
#include <span>

namespace corebelt::geo {

/// One PROJ pipeline. Not for use by two threads at once; make one a thread.
class Transform {
public:
    /// @throws Error{input, "no-transform"} where PROJ has no operation;
    ///         Error{input, "ballpark-transform"} where only a ballpark (null datum) operation exists.
    Transform(const Crs& from, const Crs& to);
    ~Transform();
    Transform(Transform&&) noexcept;
    Transform& operator=(Transform&&) noexcept;

    /// True where source and target agree, so that apply() does nothing.
    [[nodiscard]] bool is_identity() const;

    /// Transforms in place. @throws Error{input, "transform-failed"} naming the first coordinate that PROJ
    /// could not transform (never leaves an inf or nan behind silently).
    void apply(std::span<XY> points) const;

    /// Transforms every vertex and recomputes the boxes. With `max_chord_error_m` > 0, edges longer than 100 m
    /// get extra vertices first so that the transformed edge keeps within that distance of the curve.
    void apply(Shapes& shapes, double max_chord_error_m = 0) const;

private:
    struct Pipeline;
    std::unique_ptr<Pipeline> pipeline_;
};

} // namespace corebelt::geo
