#include "geos_opinion.hpp"

#include "corebelt/geo/validity.hpp"

namespace corebelt::test {

using geo::Dimension;
using geo::Shapes;
using geo::ShapeView;
using geo::XY;

GeosOpinion::GeosOpinion() : context_(GEOS_init_r()) {}
GeosOpinion::~GeosOpinion() {
    GEOS_finish_r(context_);
}

GeosOpinion::Geometry GeosOpinion::from_wkt(const std::string& text) const {
    GEOSWKTReader* const reader = GEOSWKTReader_create_r(context_);
    GEOSGeometry* const geometry = GEOSWKTReader_read_r(context_, reader, text.c_str());
    GEOSWKTReader_destroy_r(context_, reader);
    return {geometry, {context_}};
}

GeosOpinion::Geometry GeosOpinion::from_geojson(const std::string& text) const {
    GEOSGeoJSONReader* const reader = GEOSGeoJSONReader_create_r(context_);
    GEOSGeometry* const geometry = GEOSGeoJSONReader_readGeometry_r(context_, reader, text.c_str());
    GEOSGeoJSONReader_destroy_r(context_, reader);
    return {geometry, {context_}};
}

GeosOpinion::Geometry GeosOpinion::from_shape(const ShapeView& shape) const {
    std::vector<GEOSGeometry*> polygons;
    for (std::size_t part = 0; part < shape.part_count(); ++part) {
        const auto [first, last] = shape.rings_of_part(part);
        std::vector<GEOSGeometry*> rings;
        for (std::size_t r = first; r < last; ++r) {
            const auto ring = shape.ring(r);
            GEOSCoordSequence* const sequence = GEOSCoordSeq_create_r(context_, static_cast<unsigned>(ring.size()), 2);
            for (unsigned i = 0; i < ring.size(); ++i)
                GEOSCoordSeq_setXY_r(context_, sequence, i, ring[i].x, ring[i].y);
            rings.push_back(GEOSGeom_createLinearRing_r(context_, sequence));
        }
        polygons.push_back(
            GEOSGeom_createPolygon_r(context_, rings[0], rings.data() + 1, static_cast<unsigned>(rings.size() - 1)));
    }
    return {GEOSGeom_createCollection_r(context_, GEOS_MULTIPOLYGON, polygons.data(),
                                        static_cast<unsigned>(polygons.size())),
            {context_}};
}

void GeosOpinion::append_ring(const GEOSGeometry& ring, Shapes& into) const {
    const GEOSCoordSequence* const sequence = GEOSGeom_getCoordSeq_r(context_, &ring);
    unsigned size = 0;
    GEOSCoordSeq_getSize_r(context_, sequence, &size);
    for (unsigned i = 0; i < size; ++i) {
        XY p;
        GEOSCoordSeq_getXY_r(context_, sequence, i, &p.x, &p.y);
        into.add(p);
    }
    into.end_ring();
}

bool GeosOpinion::append_polygons(const GEOSGeometry& geometry, Shapes& into) const {
    if (GEOSisEmpty_r(context_, &geometry) == 1)
        return true;
    const int type = GEOSGeomTypeId_r(context_, &geometry);
    if (type == GEOS_POLYGON) {
        append_ring(*GEOSGetExteriorRing_r(context_, &geometry), into);
        for (int i = 0; i < GEOSGetNumInteriorRings_r(context_, &geometry); ++i)
            append_ring(*GEOSGetInteriorRingN_r(context_, &geometry, i), into);
        into.end_part();
        return true;
    }
    if (type != GEOS_MULTIPOLYGON)
        return false;
    for (int i = 0; i < GEOSGetNumGeometries_r(context_, &geometry); ++i)
        if (!append_polygons(*GEOSGetGeometryN_r(context_, &geometry, i), into))
            return false;
    return true;
}

std::optional<Shapes> GeosOpinion::areas(const GEOSGeometry& geometry, bool elements_are_features) const {
    Shapes shapes;
    const int count = elements_are_features ? GEOSGetNumGeometries_r(context_, &geometry) : 1;
    for (int i = 0; i < count; ++i) {
        const GEOSGeometry& feature = elements_are_features ? *GEOSGetGeometryN_r(context_, &geometry, i) : geometry;
        if (!append_polygons(feature, shapes))
            return std::nullopt;
        shapes.end_shape(Dimension::area);
        geo::orient(shapes, shapes.size() - 1);
    }
    return shapes;
}

GeosOpinion::Geometry GeosOpinion::intersection(const GEOSGeometry& a, const GEOSGeometry& b) const {
    return {GEOSIntersection_r(context_, &a, &b), {context_}};
}

GeosOpinion::Geometry GeosOpinion::union_of(const GEOSGeometry& a, const GEOSGeometry& b) const {
    return {GEOSUnion_r(context_, &a, &b), {context_}};
}

double GeosOpinion::area(const GEOSGeometry& geometry) const {
    double value = 0;
    GEOSArea_r(context_, &geometry, &value);
    return value;
}

double GeosOpinion::polygon_length(const GEOSGeometry& geometry) const {
    double sum = 0;
    for (int i = 0; i < GEOSGetNumGeometries_r(context_, &geometry); ++i) {
        const GEOSGeometry& part = *GEOSGetGeometryN_r(context_, &geometry, i);
        const int type = GEOSGeomTypeId_r(context_, &part);
        double length = 0;
        if (type == GEOS_POLYGON || type == GEOS_MULTIPOLYGON)
            GEOSLength_r(context_, &part, &length);
        sum += length;
    }
    return sum;
}

} // namespace corebelt::test
