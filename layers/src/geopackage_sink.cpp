#include "gdal_errors.hpp"
#include "ogr_feature.hpp"
#include "temporary_name.hpp"

#include "corebelt/geo/expects.hpp"
#include "corebelt/layers/sink.hpp"

#include <cpl_string.h>
#include <gdal_priv.h>
#include <ogr_spatialref.h>
#include <ogrsf_frmts.h>

#include <filesystem>
#include <optional>
#include <utility>

namespace corebelt::layers {

namespace fs = std::filesystem;

struct GeoPackageSink::Writer {
    /// A layer that is begun; GDAL's is made with its first rows, which tell dates from times.
    struct Pending {
        std::string name;
        OGRSpatialReference crs;
        geo::Dimension dimension = geo::Dimension::area;
        std::vector<Field> fields;
    };

    std::string path;
    std::string temporary;
    GDALDatasetUniquePtr dataset;
    std::optional<Pending> pending;
    OGRLayer* layer = nullptr;

    [[noreturn]] void fail(const GdalErrors& errors) const { cannot_write(path, errors.reason()); }

    void make_layer(const Batch& rows, const GdalErrors& errors) {
        CPLStringList options;
        options.SetNameValue("FID", free_name("fid", pending->fields).c_str());
        options.SetNameValue("GEOMETRY_NAME", free_name("geom", pending->fields).c_str());
        layer = dataset->CreateLayer(pending->name.c_str(), pending->crs.IsEmpty() != 0 ? nullptr : &pending->crs,
                                     ogr_type(pending->dimension, true), options.List());
        if (layer == nullptr)
            fail(errors);
        for (const auto& column : rows.columns) {
            OGRFieldDefn field(column.field.name.c_str(), ogr_type(column));
            if (layer->CreateField(&field) != OGRERR_NONE)
                fail(errors);
        }
        if (layer->StartTransaction() != OGRERR_NONE)
            fail(errors);
        pending.reset();
    }

    void finish_layer(const GdalErrors& errors) {
        if (pending) {
            Batch none;
            for (const auto& field : pending->fields)
                none.columns.push_back({field, {}, {}, {}, {}, {}});
            make_layer(none, errors);
        }
        if (layer != nullptr && layer->CommitTransaction() != OGRERR_NONE)
            fail(errors);
        layer = nullptr;
    }

    void discard() noexcept {
        const GdalErrors quiet;
        dataset.reset();
        std::error_code ignored;
        for (const char* suffix : {"", "-journal", "-wal", "-shm"})
            fs::remove(temporary + suffix, ignored);
    }
};

GeoPackageSink::GeoPackageSink(const std::string& path) : writer_(std::make_unique<Writer>()) {
    register_drivers();
    const WritingOptions options;
    const GdalErrors errors;
    writer_->path = path;
    writer_->temporary = temporary_name_beside(path);
    GDALDriver* driver = GetGDALDriverManager()->GetDriverByName("GPKG");
    if (driver == nullptr)
        cannot_write(path, "GDAL was built without the GPKG driver");
    writer_->dataset.reset(driver->Create(writer_->temporary.c_str(), 0, 0, 0, GDT_Unknown, nullptr));
    if (!writer_->dataset) {
        const std::string reason = errors.reason();
        writer_->discard();
        cannot_write(path, reason);
    }
}

GeoPackageSink::~GeoPackageSink() {
    if (writer_->dataset)
        writer_->discard();
}

void GeoPackageSink::begin_layer(const std::string& name, const geo::Crs& crs, geo::Dimension dimension,
                                 const std::vector<Field>& fields) {
    COREBELT_EXPECTS(writer_->dataset != nullptr);
    const WritingOptions options;
    const GdalErrors errors;
    writer_->finish_layer(errors);
    Writer::Pending pending;
    pending.name = name;
    pending.dimension = dimension;
    pending.fields = fields;
    pending.crs.SetAxisMappingStrategy(OAMS_TRADITIONAL_GIS_ORDER);
    if (pending.crs.SetFromUserInput(crs.wkt().c_str()) != OGRERR_NONE)
        writer_->fail(errors);
    writer_->pending = std::move(pending);
}

void GeoPackageSink::write(const Batch& rows) {
    COREBELT_EXPECTS(writer_->dataset != nullptr && (writer_->pending || writer_->layer != nullptr));
    const WritingOptions options;
    const GdalErrors errors;
    if (writer_->pending)
        writer_->make_layer(rows, errors);
    OGRLayer& layer = *writer_->layer;
    COREBELT_EXPECTS(rows.columns.size() == static_cast<std::size_t>(layer.GetLayerDefn()->GetFieldCount()));
    OGRFeature feature(layer.GetLayerDefn());
    for (std::size_t row = 0; row < rows.size(); ++row) {
        feature.SetFID(OGRNullFID);
        for (std::size_t c = 0; c < rows.columns.size(); ++c)
            set_ogr_field(feature, static_cast<int>(c), rows.columns[c], row, writer_->path);
        feature.SetGeometryDirectly(rows.shapes[row].empty() ? nullptr
                                                             : ogr_geometry(rows.shapes[row], true).release());
        if (layer.CreateFeature(&feature) != OGRERR_NONE)
            writer_->fail(errors);
    }
}

void GeoPackageSink::commit() {
    COREBELT_EXPECTS(writer_->dataset != nullptr);
    const WritingOptions options;
    const GdalErrors errors;
    writer_->finish_layer(errors);
    writer_->dataset.reset(); // the last pages are written only now
    if (errors.failed()) {
        const std::string reason = errors.reason();
        writer_->discard();
        cannot_write(writer_->path, reason);
    }
    rename_into_place(writer_->temporary, writer_->path);
}

} // namespace corebelt::layers
