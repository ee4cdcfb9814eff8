#include "ogr_feature.hpp"

#include "corebelt/geo/error.hpp"

#include <cpl_conv.h>
#include <fmt/format.h>

#include <algorithm>
#include <charconv>

namespace corebelt::layers {

namespace {

constexpr const char* fixed_time = "2000-01-01T00:00:00.000Z";

void set_points(OGRSimpleCurve& curve, std::span<const geo::XY> ring) {
    std::vector<OGRRawPoint> points;
    points.reserve(ring.size());
    for (const auto& p : ring)
        points.emplace_back(p.x, p.y);
    curve.setPoints(static_cast<int>(points.size()), points.data());
}

OGRGeometryUniquePtr part_of(const geo::ShapeView& shape, std::size_t part) {
    const auto [first, last] = shape.rings_of_part(part);
    if (shape.dimension() == geo::Dimension::point) {
        const geo::XY p = shape.ring(first)[0];
        return OGRGeometryUniquePtr(new OGRPoint(p.x, p.y));
    }
    if (shape.dimension() == geo::Dimension::line) {
        auto line = std::make_unique<OGRLineString>();
        set_points(*line, shape.ring(first));
        return OGRGeometryUniquePtr(line.release());
    }
    auto polygon = std::make_unique<OGRPolygon>();
    for (std::size_t r = first; r < last; ++r) {
        auto ring = std::make_unique<OGRLinearRing>();
        set_points(*ring, shape.ring(r));
        polygon->addRingDirectly(ring.release());
    }
    return OGRGeometryUniquePtr(polygon.release());
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

} // namespace

WritingOptions::WritingOptions() {
    CPLSetThreadLocalConfigOption("OGR_CURRENT_DATE", fixed_time);
    CPLSetThreadLocalConfigOption("OGR_SQLITE_SYNCHRONOUS", "OFF");
}

WritingOptions::~WritingOptions() {
    CPLSetThreadLocalConfigOption("OGR_CURRENT_DATE", nullptr);
    CPLSetThreadLocalConfigOption("OGR_SQLITE_SYNCHRONOUS", nullptr);
}

void cannot_write(const std::string& path, const std::string& reason) {
    throw Error(ErrorKind::output, "cannot-write",
                {fmt::format("cannot write {}: {}", path, reason), fmt::format("无法写入 {}：{}", path, reason)});
}

OGRwkbGeometryType ogr_type(geo::Dimension dimension, bool multi) {
    switch (dimension) {
    case geo::Dimension::point:
        return multi ? wkbMultiPoint : wkbPoint;
    case geo::Dimension::line:
        return multi ? wkbMultiLineString : wkbLineString;
    case geo::Dimension::area:
        break;
    }
    return multi ? wkbMultiPolygon : wkbPolygon;
}

OGRGeometryUniquePtr ogr_geometry(const geo::ShapeView& shape, bool multi) {
    if (!multi)
        return part_of(shape, 0);
    OGRGeometryUniquePtr geometry(OGRGeometryFactory::createGeometry(ogr_type(shape.dimension(), true)));
    for (std::size_t part = 0; part < shape.part_count(); ++part)
        geometry->toGeometryCollection()->addGeometryDirectly(part_of(shape, part).release());
    return geometry;
}

bool has_time(const Column& column) {
    return std::any_of(column.dictionary.begin(), column.dictionary.end(),
                       [](const std::string& text) { return text.size() > 10; });
}

OGRFieldType ogr_type(const Column& column) {
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

void set_ogr_field(OGRFeature& feature, int index, const Column& column, std::size_t row, const std::string& path) {
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

std::string free_name(const char* wanted, const std::vector<Field>& fields) {
    std::string name = wanted;
    while (
        std::any_of(fields.begin(), fields.end(), [&](const Field& f) { return EQUAL(f.name.c_str(), name.c_str()); }))
        name.insert(0, 1, '_');
    return name;
}

} // namespace corebelt::layers
