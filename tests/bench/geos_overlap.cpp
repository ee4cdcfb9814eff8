#include "geos_overlap.hpp"

#include "stopwatch.hpp"

#include <geos_c.h>

#include <stdexcept>
#include <string>

namespace corebelt::bench {
namespace {

/// Owns a context and everything made with it; frees in reverse order of need.
class Geos {
public:
    Geos() : context_(GEOS_init_r()) { GEOSContext_setErrorMessageHandler_r(context_, keep, &reason_); }
    ~Geos() {
        for (const GEOSPreparedGeometry* p : prepared_)
            GEOSPreparedGeom_destroy_r(context_, p);
        if (tree_ != nullptr)
            GEOSSTRtree_destroy_r(context_, tree_);
        for (GEOSGeometry* g : geometries_)
            GEOSGeom_destroy_r(context_, g);
        GEOS_finish_r(context_);
    }
    Geos(const Geos&) = delete;
    Geos& operator=(const Geos&) = delete;

    GEOSContextHandle_t context() const { return context_; }
    template <typename T>
    T* checked(T* made) {
        if (made == nullptr)
            throw std::runtime_error("GEOS: " + reason_);
        return made;
    }
    bool answered(char answer) {
        if (answer == 2)
            throw std::runtime_error("GEOS: " + reason_);
        return answer == 1;
    }
    GEOSGeometry* polygon(const geo::ShapeView& shape) {
        std::vector<GEOSGeometry*> parts;
        for (std::size_t part = 0; part < shape.part_count(); ++part) {
            const auto [first, last] = shape.rings_of_part(part);
            std::vector<GEOSGeometry*> rings;
            for (std::size_t r = first; r < last; ++r) {
                const auto vertices = shape.ring(r);
                GEOSCoordSequence* const sequence = checked(GEOSCoordSeq_copyFromBuffer_r(
                    context_, &vertices.data()->x, static_cast<unsigned>(vertices.size()), 0, 0));
                rings.push_back(checked(GEOSGeom_createLinearRing_r(context_, sequence)));
            }
            parts.push_back(checked(GEOSGeom_createPolygon_r(context_, rings[0], rings.data() + 1,
                                                             static_cast<unsigned>(rings.size() - 1))));
        }
        GEOSGeometry* const result =
            parts.size() == 1 ? parts[0]
                              : checked(GEOSGeom_createCollection_r(context_, GEOS_MULTIPOLYGON, parts.data(),
                                                                    static_cast<unsigned>(parts.size())));
        geometries_.push_back(result);
        return result;
    }
    const GEOSPreparedGeometry* prepare(const GEOSGeometry* g) {
        prepared_.push_back(checked(GEOSPrepare_r(context_, g)));
        return prepared_.back();
    }
    GEOSSTRtree* tree() {
        if (tree_ == nullptr)
            tree_ = checked(GEOSSTRtree_create_r(context_, 10));
        return tree_;
    }

private:
    static void keep(const char* message, void* reason) { *static_cast<std::string*>(reason) = message; }
    std::string reason_;
    GEOSContextHandle_t context_;
    GEOSSTRtree* tree_ = nullptr;
    std::vector<GEOSGeometry*> geometries_;
    std::vector<const GEOSPreparedGeometry*> prepared_;
};

struct Control {
    const GEOSGeometry* shape;
    const GEOSPreparedGeometry* prepared;
};

} // namespace

GeosSum geos_overlap(const geo::Shapes& parcels, const geo::Shapes& controls, std::size_t first, std::size_t stride) {
    Geos geos;
    const GEOSContextHandle_t context = geos.context();
    std::vector<Control> held;
    held.reserve(controls.size()); // the tree keeps addresses
    for (std::size_t i = 0; i < controls.size(); ++i) {
        const GEOSGeometry* const shape = geos.polygon(controls[i]);
        held.push_back({shape, geos.prepare(shape)});
        GEOSSTRtree_insert_r(context, geos.tree(), shape, &held.back());
    }
    std::vector<GEOSGeometry*> asked;
    for (std::size_t i = first; i < parcels.size(); i += stride)
        asked.push_back(geos.polygon(parcels[i]));
    // The index inside a prepared geometry is built on first use; that is preparation, not work.
    for (const Control& control : held)
        geos.answered(GEOSPreparedCovers_r(context, control.prepared, asked.front()));

    GeosSum sum;
    const Stopwatch watch;
    std::vector<const Control*> found;
    for (const GEOSGeometry* const parcel : asked) {
        found.clear();
        GEOSSTRtree_query_r(
            context, geos.tree(), parcel,
            [](void* item, void* list) {
                static_cast<std::vector<const Control*>*>(list)->push_back(static_cast<const Control*>(item));
            },
            &found);
        sum.pairs += found.size();
        for (const Control* const control : found) {
            double area = 0;
            if (geos.answered(GEOSPreparedCovers_r(context, control->prepared, parcel))) {
                GEOSArea_r(context, parcel, &area);
            } else if (geos.answered(GEOSPreparedIntersects_r(context, control->prepared, parcel))) {
                ++sum.overlays;
                GEOSGeometry* const piece = geos.checked(GEOSIntersection_r(context, parcel, control->shape));
                GEOSArea_r(context, piece, &area);
                GEOSGeom_destroy_r(context, piece);
            }
            sum.area_m2 += area;
        }
    }
    sum.cpu_seconds = watch.cpu_seconds();
    return sum;
}

} // namespace corebelt::bench
