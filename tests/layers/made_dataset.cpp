#include "made_dataset.hpp"

#include <cpl_error.h>
#include <cpl_string.h>
#include <gdal_priv.h>
#include <ogr_spatialref.h>
#include <ogrsf_frmts.h>

#include <cmath>
#include <sstream>
#include <stdexcept>

namespace corebelt::layers::test_data {

namespace {

constexpr double stands_for_nan = -987654321;

/// GDAL's WKT reader knows no nan: a number stands for it and is replaced in the geometry.
class PutNan final : public OGRDefaultGeometryVisitor {
public:
    using OGRDefaultGeometryVisitor::visit;
    void visit(OGRPoint* point) override {
        if (point->getX() == stands_for_nan)
            point->setX(std::nan(""));
        if (point->getY() == stands_for_nan)
            point->setY(std::nan(""));
    }
};

std::string replaced(std::string text, const std::string& from, const std::string& to) {
    for (std::size_t at = text.find(from); at != std::string::npos; at = text.find(from, at + to.size()))
        text.replace(at, from.size(), to);
    return text;
}

OGRGeometryUniquePtr geometry_from(const std::string& wkt) {
    OGRGeometry* geometry = nullptr;
    const std::string readable = replaced(wkt, "nan", "-987654321");
    if (OGRGeometryFactory::createFromWkt(readable.c_str(), nullptr, &geometry) != OGRERR_NONE)
        throw std::runtime_error("bad WKT in test: " + wkt);
    OGRGeometryUniquePtr owned(geometry);
    PutNan put_nan;
    owned->accept(&put_nan);
    return owned;
}

void require(bool done, const std::string& what) {
    if (!done)
        throw std::runtime_error(what + ": " + CPLGetLastErrorMsg());
}

std::pair<OGRFieldType, OGRFieldSubType> type_of(Kind kind) {
    switch (kind) {
    case Kind::integer:
        return {OFTInteger, OFSTNone};
    case Kind::long_integer:
        return {OFTInteger64, OFSTNone};
    case Kind::short_integer:
        return {OFTInteger, OFSTInt16};
    case Kind::boolean:
        return {OFTInteger, OFSTBoolean};
    case Kind::real:
        return {OFTReal, OFSTNone};
    case Kind::short_real:
        return {OFTReal, OFSTFloat32};
    case Kind::date:
        return {OFTDate, OFSTNone};
    case Kind::time:
        return {OFTDateTime, OFSTNone};
    case Kind::text:
        break;
    }
    return {OFTString, OFSTNone};
}

void add_fields(OGRLayer& layer, const Layer& wanted) {
    for (const auto& [name, kind] : wanted.fields) {
        const auto [type, subtype] = type_of(kind);
        OGRFieldDefn field(name.c_str(), type);
        field.SetSubType(subtype);
        require(layer.CreateField(&field) == OGRERR_NONE, "field " + name);
    }
}

} // namespace

void make_dataset(const std::string& path, const std::string& driver_name, const std::vector<Layer>& layers) {
    GDALAllRegister();
    GDALDriver* driver = GetGDALDriverManager()->GetDriverByName(driver_name.c_str());
    require(driver != nullptr, "driver " + driver_name);
    const GDALDatasetUniquePtr dataset(driver->Create(path.c_str(), 0, 0, 0, GDT_Unknown, nullptr));
    require(dataset != nullptr, "create " + path);
    for (const auto& wanted : layers) {
        OGRSpatialReference crs;
        crs.SetAxisMappingStrategy(OAMS_TRADITIONAL_GIS_ORDER);
        if (wanted.epsg != 0)
            require(crs.importFromEPSG(wanted.epsg) == OGRERR_NONE, "EPSG");
        CPLStringList options;
        for (const auto& option : wanted.options)
            options.AddString(option.c_str());
        const OGRwkbGeometryType type = wanted.geometry == "None"      ? wkbNone
                                        : wanted.geometry == "Unknown" ? wkbUnknown
                                                                       : OGRFromOGCGeomType(wanted.geometry.c_str());
        OGRLayer* layer =
            dataset->CreateLayer(wanted.name.c_str(), wanted.epsg != 0 ? &crs : nullptr, type, options.List());
        require(layer != nullptr, "layer " + wanted.name);
        add_fields(*layer, wanted);
        for (const auto& row : wanted.features) {
            OGRFeature feature(layer->GetLayerDefn());
            for (std::size_t i = 0; i < row.values.size(); ++i)
                if (row.values[i] != nullptr)
                    feature.SetField(static_cast<int>(i), row.values[i]);
            if (!row.wkt.empty())
                feature.SetGeometryDirectly(geometry_from(row.wkt).release());
            require(layer->CreateFeature(&feature) == OGRERR_NONE, "feature");
        }
    }
}

std::string rectangle(double x, double y, double w, double h) {
    std::ostringstream wkt;
    wkt.precision(17);
    wkt << "POLYGON((" << x << ' ' << y << ',' << x + w << ' ' << y << ',' << x + w << ' ' << y + h << ',' << x << ' '
        << y + h << ',' << x << ' ' << y << "))";
    return wkt.str();
}

} // namespace corebelt::layers::test_data
