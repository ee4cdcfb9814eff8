#include "geos_handles.hpp"

#include "exact.hpp"

#include "corebelt/geo/error.hpp"
#include "corebelt/geo/validity.hpp"

#include <algorithm>
#include <cmath>
#include <string>
#include <utility>
#include <vector>

namespace corebelt::geo::geos {

namespace {

extern "C" void keep_geos_message(const char* text, void* where) {
    try {
        *static_cast<std::string*>(where) = text;
    } catch (...) { // out of memory: the message is lost, the NULL that follows is not
    }
}

class Context {
public:
    Context() : handle_(GEOS_init_r()) { GEOSContext_setErrorMessageHandler_r(handle_, keep_geos_message, &message_); }
    ~Context() { GEOS_finish_r(handle_); }
    Context(const Context&) = delete;
    Context& operator=(const Context&) = delete;

    [[nodiscard]] GEOSContextHandle_t handle() const { return handle_; }
    std::string message_;

private:
    GEOSContextHandle_t handle_;
};

Context& this_thread() {
    thread_local Context context;
    return context;
}

struct SequenceDeleter {
    void operator()(GEOSCoordSequence* sequence) const noexcept { GEOSCoordSeq_destroy_r(context(), sequence); }
};

Geometry linear_ring(std::span<const XY> ring, XY origin) {
    thread_local std::vector<XY> shifted;
    shifted.clear();
    for (const XY p : ring)
        shifted.push_back({p.x - origin.x, p.y - origin.y});
    if (!shifted.empty()) {
        if (shifted.front() != shifted.back())
            shifted.push_back(XY(shifted.front()));
        while (shifted.size() < 4)
            shifted.push_back(XY(shifted.back()));
    }
    static_assert(sizeof(XY) == 2 * sizeof(double));
    std::unique_ptr<GEOSCoordSequence, SequenceDeleter> sequence(GEOSCoordSeq_copyFromBuffer_r(
        context(), reinterpret_cast<const double*>(shifted.data()), static_cast<unsigned>(shifted.size()), 0, 0));
    if (sequence == nullptr)
        fail("coordinates");
    return checked(GEOSGeom_createLinearRing_r(context(), sequence.release()), "ring"); // takes the sequence always
}

/// Hands owned geometries to a GEOS function that takes over an array of pointers.
std::vector<GEOSGeometry*> released(std::vector<Geometry>& owned) {
    std::vector<GEOSGeometry*> raw;
    raw.reserve(owned.size());
    for (Geometry& g : owned)
        raw.push_back(g.release());
    return raw;
}

std::vector<XY> vertices_of(const GEOSGeometry& ring, XY origin) {
    const GEOSCoordSequence* sequence = GEOSGeom_getCoordSeq_r(context(), &ring);
    unsigned size = 0;
    if (sequence == nullptr || GEOSCoordSeq_getSize_r(context(), sequence, &size) == 0)
        fail("coordinates");
    std::vector<XY> vertices(size);
    if (size > 0 &&
        GEOSCoordSeq_copyToBuffer_r(context(), sequence, reinterpret_cast<double*>(vertices.data()), 0, 0) == 0)
        fail("coordinates");
    const bool geographic = std::abs(origin.x) <= 360 && std::abs(origin.y) <= 360;
    for (XY& p : vertices)
        p = rounded({p.x + origin.x, p.y + origin.y}, geographic);
    vertices.erase(std::unique(vertices.begin(), vertices.end()), vertices.end());
    return vertices;
}

/// Makes the ring run in the wanted direction from its smallest vertex on.
void normalise(std::vector<XY>& ring, bool counter_clockwise) {
    if ((exact::sense_of(ring) > 0) != counter_clockwise)
        std::reverse(ring.begin(), ring.end());
    ring.pop_back();
    const auto smallest =
        std::min_element(ring.begin(), ring.end(), [](XY a, XY b) { return a.x != b.x ? a.x < b.x : a.y < b.y; });
    std::rotate(ring.begin(), smallest, ring.end());
    ring.push_back(XY(ring.front()));
}

} // namespace

GEOSContextHandle_t context() {
    return this_thread().handle();
}

void GeometryDeleter::operator()(GEOSGeometry* geometry) const noexcept {
    GEOSGeom_destroy_r(context(), geometry);
}

std::string_view message() {
    return this_thread().message_;
}
void forget_message() {
    this_thread().message_.clear();
}

void fail(std::string_view operation) {
    const std::string what(operation);
    const std::string reason(message().empty() ? std::string_view("no reason given") : message());
    throw Error(ErrorKind::internal, "geometry-library",
                {"GEOS could not do '" + what + "': " + reason, "GEOS 运算“" + what + "”失败：" + reason});
}

Geometry checked(GEOSGeometry* made, std::string_view operation) {
    if (made == nullptr)
        fail(operation);
    return Geometry(made);
}

XY local_origin(const Box& box) {
    if (box.empty())
        return {};
    return {std::floor(0.5 * (box.min_x + box.max_x)), std::floor(0.5 * (box.min_y + box.max_y))};
}

Geometry multi_polygon(std::span<const ShapeView> shapes, XY origin) {
    forget_message();
    std::vector<Geometry> polygons;
    for (const ShapeView& shape : shapes) {
        for (std::size_t part = 0; part < shape.part_count(); ++part) {
            const auto [first, last] = shape.rings_of_part(part);
            if (first == last)
                continue;
            Geometry shell = linear_ring(shape.ring(first), origin);
            std::vector<Geometry> holes;
            for (std::size_t r = first + 1; r < last; ++r)
                holes.push_back(linear_ring(shape.ring(r), origin));
            std::vector<GEOSGeometry*> raw = released(holes);
            polygons.push_back(checked(
                GEOSGeom_createPolygon_r(context(), shell.release(), raw.data(), static_cast<unsigned>(raw.size())),
                "polygon"));
        }
    }
    std::vector<GEOSGeometry*> raw = released(polygons);
    return checked(
        GEOSGeom_createCollection_r(context(), GEOS_MULTIPOLYGON, raw.data(), static_cast<unsigned>(raw.size())),
        "multi-polygon");
}

void for_each_polygon(const GEOSGeometry& geometry, const std::function<void(const GEOSGeometry&)>& visit) {
    const int type = GEOSGeomTypeId_r(context(), &geometry);
    if (type == GEOS_POLYGON) {
        if (GEOSisEmpty_r(context(), &geometry) == 0)
            visit(geometry);
    } else if (type == GEOS_MULTIPOLYGON || type == GEOS_GEOMETRYCOLLECTION) {
        const int count = GEOSGetNumGeometries_r(context(), &geometry);
        for (int i = 0; i < count; ++i)
            for_each_polygon(*GEOSGetGeometryN_r(context(), &geometry, i), visit);
    }
}

void append_part(const GEOSGeometry& polygon, XY origin, Shapes& into) {
    const GEOSGeometry* shell = GEOSGetExteriorRing_r(context(), &polygon);
    const int hole_count = GEOSGetNumInteriorRings_r(context(), &polygon);
    if (shell == nullptr || hole_count < 0)
        fail("rings");
    std::vector<XY> outer = vertices_of(*shell, origin);
    if (outer.size() < 4 || exact::sense_of(outer) == 0)
        return; // thinner than the lattice
    normalise(outer, true);
    std::vector<std::vector<XY>> holes;
    for (int i = 0; i < hole_count; ++i) {
        const GEOSGeometry* hole = GEOSGetInteriorRingN_r(context(), &polygon, i);
        if (hole == nullptr)
            fail("rings");
        std::vector<XY> vertices = vertices_of(*hole, origin);
        if (vertices.size() < 4 || exact::sense_of(vertices) == 0)
            continue;
        normalise(vertices, false);
        holes.push_back(std::move(vertices));
    }
    std::sort(holes.begin(), holes.end(), [](const auto& a, const auto& b) {
        return std::lexicographical_compare(a.begin(), a.end(), b.begin(), b.end(),
                                            [](XY p, XY q) { return p.x != q.x ? p.x < q.x : p.y < q.y; });
    });
    into.xy.insert(into.xy.end(), outer.begin(), outer.end());
    into.end_ring();
    for (const auto& hole : holes) {
        into.xy.insert(into.xy.end(), hole.begin(), hole.end());
        into.end_ring();
    }
    into.end_part();
}

} // namespace corebelt::geo::geos
