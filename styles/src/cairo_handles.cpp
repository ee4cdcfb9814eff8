#include "cairo_handles.hpp"

#include "corebelt/geo/error.hpp"

namespace corebelt::styles {

namespace {

void check_status(cairo_status_t status) {
    if (status != CAIRO_STATUS_SUCCESS)
        throw Error(ErrorKind::internal, "cairo",
                    {std::string("cairo: ") + cairo_status_to_string(status),
                     std::string("cairo 出错：") + cairo_status_to_string(status)});
}

} // namespace

SurfacePtr surface_over(Picture& picture) {
    // Premultiplied 0xAARRGGBB in host order is cairo's own format; a row of 4-byte pixels needs no padding.
    SurfacePtr surface(cairo_image_surface_create_for_data(reinterpret_cast<unsigned char*>(picture.data()),
                                                           CAIRO_FORMAT_ARGB32, picture.width(), picture.height(),
                                                           4 * picture.width()));
    check_status(cairo_surface_status(surface.get()));
    return surface;
}

CairoPtr context_on(cairo_surface_t* surface) {
    CairoPtr cairo(cairo_create(surface));
    check_status(cairo_status(cairo.get()));
    return cairo;
}

void check(cairo_t* cairo) {
    check_status(cairo_status(cairo));
}

} // namespace corebelt::styles
