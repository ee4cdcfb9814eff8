#include "gdal_errors.hpp"
#include "temporary_name.hpp"

#include "corebelt/geo/error.hpp"
#include "corebelt/geo/expects.hpp"
#include "corebelt/layers/sink.hpp"

#include <cpl_conv.h>
#include <cpl_string.h>
#include <fmt/format.h>
#include <gdal_priv.h>
#include <ogr_spatialref.h>
#include <ogrsf_frmts.h>

#include <algorithm>
#include <cctype>
#include <charconv>
#include <filesystem>
#include <optional>
#include <utility>

namespace corebelt::layers {

namespace {

namespace fs = std::filesystem;

/// The same rows give the same bytes only where no clock is asked.
constexpr const char* fixed_time = "2000-01-01T00:00:00.000Z";

/// Settings of this thread for as long as the object lives.
class WritingOptions {
public:
    WritingOptions() {
        CPLSetThreadLocalConfigOption("OGR_CURRENT_DATE", fixed_time);
        // The file has a temporary name until it is whole: a crash leaves nothing that anyone would take for it.
        CPLSetThreadLocalConfigOption("OGR_SQLITE_SYNCHRONOUS", "OFF");
    }
    ~WritingOptions() {
        CPLSetThreadLocalConfigOption("OGR_CURRENT_DATE", nullptr);
        CPLSetThreadLocalConfigOption("OGR_SQLITE_SYNCHRONOUS", nullptr);
    }
    WritingOptions(const WritingOptions&) = delete;
    WritingOptions& operator=(const WritingOptions&) = delete;
};

[[noreturn]] void cannot_write(const std::string& path, const std::string& reason) {
    throw Error(ErrorKind::output, "cannot-write",
                {fmt::format("cannot write {}: {}", path, reason), fmt::format("无法写入文件 {}：{}", path, reason)});
}

OGRwkbGeometryType type_of(geo::Dimension dimension) {
    switch (dimension) {
    case geo::Dimension::point:
        return wkbMultiPoint;
    case geo::Dimension::line:
        return wkbMultiLineString;
    case geo::Dimension::area:
        break;
    }
    return wkbMultiPolygon;
}

std::vector<OGRRawPoint> raw_points(std::span<const geo::XY> ring) {
    std::vector<OGRRawPoint> points;
    points.reserve(ring.size());
    for (const auto& p : ring)
        points.emplace_back(p.x, p.y);
    return points;
}

void set_points(OGRSimpleCurve& curve, std::span<const geo::XY> ring) {
    const auto points = raw_points(ring);
    curve.setPoints(static_cast<int>(points.size()), points.data());
}

OGRGeometryUniquePtr geometry_of(const geo::ShapeView& shape) {
    OGRGeometryUniquePtr geometry(OGRGeometryFactory::createGeometry(type_of(shape.dimension())));
    auto& collection = *geometry->toGeometryCollection();
    for (std::size_t part = 0; part < shape.part_count(); ++part) {
        const auto [first, last] = shape.rings_of_part(part);
        if (shape.dimension() == geo::Dimension::point) {
            const geo::XY p = shape.ring(first)[0];
            collection.addGeometryDirectly(new OGRPoint(p.x, p.y));
        } else if (shape.dimension() == geo::Dimension::line) {
            auto line = std::make_unique<OGRLineString>();
            set_points(*line, shape.ring(first));
            collection.addGeometryDirectly(line.release());
        } else {
            auto polygon = std::make_unique<OGRPolygon>();
            for (std::size_t r = first; r < last; ++r) {
                auto ring = std::make_unique<OGRLinearRing>();
                set_points(*ring, shape.ring(r));
                polygon->addRingDirectly(ring.release());
            }
            collection.addGeometryDirectly(polygon.release());
        }
    }
    return geometry;
}

bool same_name(const std::string& a, const char* b) {
    return EQUAL(a.c_str(), b);
}

/// A column name that no field has.
std::string free_name(const char* wanted, const std::vector<Field>& fields) {
    std::string name = wanted;
    while (std::any_of(fields.begin(), fields.end(), [&](const Field& f) { return same_name(f.name, name.c_str()); }))
        name = "_" + name;
    return name;
}

struct DateParts {
    int year = 0, month = 0, day = 0, hour = 0, minute = 0;
    float second = 0;
};

/// "2026-11-22" or "2026-11-22T08:30:00.5".
std::optional<DateParts> parse_date(const std::string& text) {
    const auto integer = [&text](std::size_t at, std::size_t size) {
        int value = -1;
        if (at + size <= text.size())
            std::from_chars(text.data() + at, text.data() + at + size, value);
        return value;
    };
    DateParts parts{integer(0, 4), integer(5, 2), integer(8, 2)};
    if (parts.year < 0 || parts.month < 1 || parts.day < 1)
        return std::nullopt;
    if (text.size() > 10) {
        parts.hour = integer(11, 2);
        parts.minute = integer(14, 2);
        if (parts.hour < 0 || parts.minute < 0)
            return std::nullopt;
        if (text.size() > 17)
            std::from_chars(text.data() + 17, text.data() + text.size(), parts.second);
    }
    return parts;
}

bool has_time(const Column& column) {
    return std::any_of(column.dictionary.begin(), column.dictionary.end(),
                       [](const std::string& text) { return text.size() > 10; });
}

OGRFieldType type_of(const Column& column) {
    switch (column.field.type) {
    case FieldType::integer:
        return OFTInteger64;
    case FieldType::real:
        return OFTReal;
    case FieldType::date:
        return has_time(column) ? OFTDateTime : OFTDate;
    case FieldType::text:
        break;
    }
    return OFTString;
}

} // namespace

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
                                     type_of(pending->dimension), options.List());
        if (layer == nullptr)
            fail(errors);
        for (const auto& column : rows.columns) {
            OGRFieldDefn field(column.field.name.c_str(), type_of(column));
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

    void set_field(OGRFeature& feature, int index, const Column& column, std::size_t row) const {
        if (column.valid[row] == 0) {
            feature.SetFieldNull(index);
            return;
        }
        switch (column.field.type) {
        case FieldType::integer:
            feature.SetField(index, static_cast<GIntBig>(column.integers[row]));
            return;
        case FieldType::real:
            feature.SetField(index, column.reals[row]);
            return;
        case FieldType::text:
            feature.SetField(index, column.dictionary[column.code[row]].c_str());
            return;
        case FieldType::date:
            break;
        }
        const std::string& text = column.dictionary[column.code[row]];
        const auto date = parse_date(text);
        const bool fits = text.size() <= 10 || feature.GetFieldDefnRef(index)->GetType() == OFTDateTime;
        if (!date || !fits)
            cannot_write(path, fmt::format("\"{}\" in field \"{}\" is no {}", text, column.field.name,
                                           date ? "date without time, as the rows before it" : "date"));
        feature.SetField(index, date->year, date->month, date->day, date->hour, date->minute, date->second, 100);
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
            writer_->set_field(feature, static_cast<int>(c), rows.columns[c], row);
        feature.SetGeometryDirectly(rows.shapes[row].empty() ? nullptr : geometry_of(rows.shapes[row]).release());
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
