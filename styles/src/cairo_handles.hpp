#pragma once
/// Owners of cairo and pango objects, and a surface over a Picture.

#include "corebelt/styles/picture.hpp"

#include <cairo.h>
#include <pango/pangocairo.h>

#include <memory>

namespace corebelt::styles {

struct FreeSurface {
    void operator()(cairo_surface_t* s) const { cairo_surface_destroy(s); }
};
struct FreeCairo {
    void operator()(cairo_t* c) const { cairo_destroy(c); }
};
struct FreePath {
    void operator()(cairo_path_t* p) const { cairo_path_destroy(p); }
};
struct FreeGObject {
    void operator()(void* object) const { g_object_unref(object); }
};
struct FreeFont {
    void operator()(PangoFontDescription* d) const { pango_font_description_free(d); }
};
struct FreeAttributes {
    void operator()(PangoAttrList* list) const { pango_attr_list_unref(list); }
};

using SurfacePtr = std::unique_ptr<cairo_surface_t, FreeSurface>;
using CairoPtr = std::unique_ptr<cairo_t, FreeCairo>;
using PathPtr = std::unique_ptr<cairo_path_t, FreePath>;
using LayoutPtr = std::unique_ptr<PangoLayout, FreeGObject>;
using PangoContextPtr = std::unique_ptr<PangoContext, FreeGObject>;
using FontPtr = std::unique_ptr<PangoFontDescription, FreeFont>;
using AttributesPtr = std::unique_ptr<PangoAttrList, FreeAttributes>;

/// A surface over the picture's pixels; the picture must outlive it and stay where it is.
/// @throws Error{internal, "cairo"} with cairo's reason.
[[nodiscard]] SurfacePtr surface_over(Picture& picture);

/// A drawing context on a surface. @throws Error{internal, "cairo"}.
[[nodiscard]] CairoPtr context_on(cairo_surface_t* surface);

/// @throws Error{internal, "cairo"} where something drawn so far went wrong.
void check(cairo_t* cairo);

} // namespace corebelt::styles
