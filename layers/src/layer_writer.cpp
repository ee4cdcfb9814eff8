#include "layer_writer.hpp"

#include "fitted_names.hpp"
#include "ogr_feature.hpp"
#include "text_decoder.hpp"

#include "corebelt/geo/error.hpp"
#include "corebelt/geo/stop.hpp"
#include "corebelt/geo/transform.hpp"

#include <cpl_string.h>
#include <fmt/format.h>
#include <gdal_priv.h>
#include <ogr_spatialref.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <filesystem>
#include <functional>
#include <limits>

namespace corebelt::layers {

namespace {

namespace fs = std::filesystem;

geo::Dimension dimension_named(const std::string& geometry_type) {
    if (geometry_type.find("Point") != std::string::npos)
        return geo::Dimension::point;
    return geometry_type.find("Line") != std::string::npos ? geo::Dimension::line : geo::Dimension::area;
}

class LayerWriter {
public:
    explicit LayerWriter(const LayerToWrite& layer)
        : path_(layer.path),
          traits_(layer.traits),
          table_(layer.table),
          options_(layer.options),
          issues_(layer.issues),
          name_(layer.name) {
        if (options_.gbk)
            byte_size_ = [](const std::string& text) { return encoded_as(text, "GBK").size(); };
        else
            byte_size_ = [](const std::string& text) { return text.size(); };
        find_geometry_type();
    }

    void write(PostgresTarget& target, const std::string& schema) {
        const WritingOptions settings;
        const GdalErrors errors;
        schema_ = schema;
        make_layer(target.dataset(), table_.info.crs, errors);
        make_fields(errors);
        hand_reals_over_as_text();
        if (errors.failed())
            fail(errors);
        write_rows(table_.rows.shapes, errors);
        if (layer_->SyncToDisk() != OGRERR_NONE || errors.failed()) // ends the COPY
            fail(errors);
    }

    void write(GDALDataset& target, const GdalErrors& errors) {
        if (traits_.format == VectorFormat::kml) {
            const geo::Shapes transformed = in_wgs84();
            make_layer(target, geo::Crs::parse("EPSG:4326"), errors);
            make_fields(errors);
            write_rows(transformed, errors);
            return;
        }
        make_layer(target, table_.info.crs, errors);
        make_fields(errors);
        write_rows(table_.rows.shapes, errors);
    }

    void report_left_out() {
        if (table_.rows.columns.empty())
            return;
        std::string names;
        for (const Column& column : table_.rows.columns)
            names += (names.empty() ? "" : ", ") + column.field.name;
        report("fields-left-out", {fmt::format("{} holds no attributes, left out: {}", traits_.driver, names),
                                   fmt::format("{} 格式不带属性字段，以下字段未写出：{}", traits_.driver, names)});
    }

private:
    struct Target {
        std::size_t column = 0;
        OGRFieldType type = OFTString;
    };

    [[noreturn]] void fail(const GdalErrors& errors) const { cannot_write(path_, errors.reason()); }

    void report(const char* code, Text text) { issues_.add({code, path_, {}, std::nullopt, std::move(text)}); }

    void find_geometry_type() {
        const geo::Shapes& shapes = table_.rows.shapes;
        std::array<std::uint64_t, 3> count{};
        for (std::size_t i = 0; i < shapes.size(); ++i) {
            if (shapes[i].empty())
                continue;
            ++count[static_cast<std::size_t>(shapes[i].dimension())];
            multi_ = multi_ || shapes[i].part_count() > 1;
        }
        const auto kinds = std::count_if(count.begin(), count.end(), [](std::uint64_t n) { return n > 0; });
        if (kinds > 1 && !traits_.mixed)
            throw Error(
                ErrorKind::usage, "mixed-geometry",
                {fmt::format("{}: the layer holds {} points, {} lines and {} areas, the format only one of them; write "
                             ".gpkg or .geojson",
                             path_, count[0], count[1], count[2]),
                 fmt::format("{}：图层同时含有点 {} 个、线 {} 个、面 {} 个，该格式一个图层只能存放一种几何类型，请改用 "
                             ".gpkg 或 .geojson",
                             path_, count[0], count[1], count[2])});
        if (kinds > 1)
            type_ = wkbUnknown;
        else if (kinds == 0)
            type_ = ogr_type(dimension_named(table_.info.geometry_type), false);
        else
            type_ = ogr_type(
                static_cast<geo::Dimension>(
                    std::find_if(count.begin(), count.end(), [](std::uint64_t n) { return n > 0; }) - count.begin()),
                multi_);
    }

    [[nodiscard]] geo::Shapes in_wgs84() const {
        if (!table_.info.crs)
            throw Error(
                ErrorKind::input, "no-crs",
                {fmt::format("{}: KML is WGS 84, the layer has no coordinate reference system to come from; give it "
                             "one (--source-crs EPSG:n)",
                             path_),
                 fmt::format("{}：KML 须为 WGS84 坐标，而图层没有坐标系，无法转换，请用 --source-crs EPSG:n 指定",
                             path_)});
        geo::Shapes shapes = table_.rows.shapes;
        const geo::Transform transform(*table_.info.crs, geo::Crs::parse("EPSG:4326"));
        if (!transform.is_identity())
            transform.apply(shapes);
        return shapes;
    }

    [[nodiscard]] bool is_degrees() const { return table_.info.crs && table_.info.crs->is_geographic(); }

    CPLStringList layer_options() const {
        CPLStringList list;
        std::vector<Field> fields;
        for (const Column& column : table_.rows.columns)
            fields.push_back(column.field);
        switch (traits_.format) {
        case VectorFormat::geopackage:
            list.SetNameValue("FID", free_name("fid", fields).c_str());
            list.SetNameValue("GEOMETRY_NAME", free_name("geom", fields).c_str());
            break;
        case VectorFormat::postgis:
            list.SetNameValue("FID", free_name("fid", fields).c_str());
            list.SetNameValue("GEOMETRY_NAME", free_name("geom", fields).c_str());
            list.SetNameValue("LAUNDER", "NO"); // names as they are
            list.SetNameValue("EXTRACT_SCHEMA_FROM_LAYER_NAME", "NO");
            list.SetNameValue("SPATIAL_INDEX", "NONE"); // made after the rows
            list.SetNameValue("DIM", "2");
            if (!schema_.empty())
                list.SetNameValue("SCHEMA", schema_.c_str());
            break;
        case VectorFormat::shapefile:
            list.SetNameValue("ENCODING", options_.gbk ? "GBK" : "UTF-8");
            break;
        case VectorFormat::geojson:
            // 1e-11° are a micrometre; 1e-9 m are finer than the lattice of coordinates.
            list.SetNameValue("COORDINATE_PRECISION", is_degrees() ? "11" : "9");
            break;
        case VectorFormat::flatgeobuf:
            list.SetNameValue("TEMPORARY_DIR", fs::path(path_).parent_path().string().c_str());
            break;
        case VectorFormat::file_geodatabase:
            // Steps of 1e-8 m (1e-12°) instead of the usual tenth of a millimetre.
            list.SetNameValue("XYSCALE", is_degrees() ? "1000000000000" : "100000000");
            list.SetNameValue("XORIGIN", is_degrees() ? "-400" : "-5120900");
            list.SetNameValue("YORIGIN", is_degrees() ? "-400" : "-9998100");
            break;
        case VectorFormat::csv:
            list.SetNameValue("GEOMETRY", "AS_WKT");
            list.SetNameValue("CREATE_CSVT", "YES");
            list.SetNameValue("WRITE_BOM", "YES"); // spreadsheets take it for the local code page otherwise
            break;
        default:
            break;
        }
        return list;
    }

    void make_layer(GDALDataset& target, const std::optional<geo::Crs>& crs, const GdalErrors& errors) {
        OGRSpatialReference reference;
        reference.SetAxisMappingStrategy(OAMS_TRADITIONAL_GIS_ORDER);
        if (crs) {
            const bool has_code = crs->label().starts_with("EPSG:");
            if (traits_.format == VectorFormat::geojson && !has_code)
                throw Error(
                    ErrorKind::usage, "no-crs-code",
                    {fmt::format("{}: GeoJSON names its CRS by EPSG code and \"{}\" has none; write .gpkg, or convert "
                                 "to a CRS that has one (--crs EPSG:n)",
                                 path_, crs->name()),
                     fmt::format("{}：GeoJSON 只能用 EPSG 代码注明坐标系，“{}”没有对应代码，请改用 .gpkg，或转换到 "
                                 "有代码的坐标系（--crs EPSG:n）",
                                 path_, crs->name())});
            if (reference.SetFromUserInput(has_code ? crs->label().c_str() : crs->wkt().c_str()) != OGRERR_NONE)
                fail(errors);
        }
        auto list = layer_options();
        layer_ = target.CreateLayer(name_.c_str(), reference.IsEmpty() != 0 ? nullptr : &reference, type_, list.List());
        if (layer_ == nullptr)
            fail(errors);
    }

    /// GDAL's type for a column in this format.
    OGRFieldType stored_type(const Column& column) const {
        const OGRFieldType full = ogr_type(column);
        if ((full == OFTDate && !traits_.dates) || (full == OFTDateTime && !traits_.times))
            return OFTString;
        if (full != OFTInteger64 || traits_.integer_bits == 64)
            return full;
        std::int64_t largest = 0;
        for (std::size_t row = 0; row < column.valid.size(); ++row)
            if (column.valid[row] != 0)
                largest =
                    std::max(largest, column.integers[row] < 0 ? -(column.integers[row] + 1) : column.integers[row]);
        if (largest <= std::numeric_limits<std::int32_t>::max())
            return OFTInteger;
        return traits_.integer_bits == 53 && largest < (std::int64_t{1} << 53U) ? OFTReal : OFTString;
    }

    /// Width of a dBASE column: its longest value, so that nothing is padded to no purpose.
    int dbf_width(const Column& column, OGRFieldType type) {
        std::size_t width = 1;
        if (type == OFTInteger64) {
            for (std::size_t row = 0; row < column.valid.size(); ++row)
                if (column.valid[row] != 0)
                    width = std::max(width, std::to_string(column.integers[row]).size());
            if (width > 18)
                report("types-changed",
                       {fmt::format("field \"{}\" has integers of {} digits, which readers of dBASE take for real "
                                    "numbers",
                                    column.field.name, width),
                        fmt::format("字段“{}”的整数达 {} 位，读取 dBASE 时将按实数处理", column.field.name, width)});
        } else {
            for (const auto& text : column.dictionary)
                width = std::max(width, byte_size_(text));
        }
        return static_cast<int>(std::min<std::size_t>(width, 254));
    }

    void make_fields(const GdalErrors& errors) {
        if (!traits_.attributes) {
            report_left_out();
            return;
        }
        NameLimits limits{0, byte_size_, {}};
        if (traits_.format == VectorFormat::shapefile)
            limits.max_bytes = 10;
        if (traits_.format == VectorFormat::postgis) {
            limits.max_bytes = postgres_name_bytes;
            limits.reserved = {"ctid", "xmin", "xmax", "cmin", "cmax", "tableoid"};
        }
        if (traits_.format == VectorFormat::file_geodatabase)
            limits.reserved = {"OBJECTID", "SHAPE", "SHAPE_Length", "SHAPE_Area"};
        if (traits_.format == VectorFormat::csv)
            limits.reserved = {"WKT"};
        std::vector<std::string> names;
        for (const Column& column : table_.rows.columns)
            names.push_back(column.field.name);
        const auto fitted = fitted_names(names, limits);
        std::string renamed;
        std::string changed;
        for (std::size_t c = 0; c < names.size(); ++c) {
            const Column& column = table_.rows.columns[c];
            const OGRFieldType type = stored_type(column);
            OGRFieldDefn field(fitted[c].c_str(), type);
            if (traits_.format == VectorFormat::shapefile && (type == OFTString || type == OFTInteger64))
                field.SetWidth(dbf_width(column, type));
            if (layer_->CreateField(&field) != OGRERR_NONE)
                fail(errors);
            targets_.push_back({c, type});
            const std::string given =
                layer_->GetLayerDefn()->GetFieldDefn(layer_->GetLayerDefn()->GetFieldCount() - 1)->GetNameRef();
            if (given != names[c])
                renamed += fmt::format("{}{} → {}", renamed.empty() ? "" : ", ", names[c], given);
            if (type == OFTString && column.field.type != FieldType::text)
                changed += (changed.empty() ? "" : ", ") + names[c];
        }
        if (!renamed.empty())
            report("fields-renamed", {fmt::format("names of fields that the format cannot hold: {}", renamed),
                                      fmt::format("以下字段名超出格式限制，已改名：{}", renamed)});
        if (!changed.empty())
            report("types-changed", {fmt::format("written as text, the format has no such type: {}", changed),
                                     fmt::format("以下字段的类型格式不支持，已按文本写出：{}", changed)});
    }

    /// GDAL's COPY prints 15 digits of a real; the text of all its digits goes through as it is.
    void hand_reals_over_as_text() {
        static_cast<void>(layer_->GetFeatureCount(FALSE)); // makes the table, whose columns are real
        OGRFeatureDefn& definition = *layer_->GetLayerDefn();
        for (int i = 0; i < definition.GetFieldCount(); ++i)
            if (definition.GetFieldDefn(i)->GetType() == OFTReal)
                definition.GetFieldDefn(i)->SetType(OFTString);
    }

    void set_field(OGRFeature& feature, int index, std::size_t row) {
        const auto& target = targets_[static_cast<std::size_t>(index)];
        const Column& column = table_.rows.columns[target.column];
        if (column.valid[row] == 0 || target.type != OFTString) {
            if (column.valid[row] != 0 && column.field.type == FieldType::real && !std::isfinite(column.reals[row]) &&
                (traits_.format == VectorFormat::geojson || traits_.format == VectorFormat::shapefile))
                feature.SetFieldNull(index); // neither has a way to write "not a number"
            else if (column.valid[row] != 0 && traits_.format == VectorFormat::postgis && target.type == OFTReal)
                feature.SetField(index, fmt::format("{}", column.reals[row]).c_str());
            else
                set_ogr_field(feature, index, column, row, path_);
            return;
        }
        std::string text = to_string(column.value(row));
        if (traits_.format == VectorFormat::shapefile) {
            if (options_.gbk && TextDecoder("GB18030").decode(encoded_as(text, "GBK")).text != text &&
                not_in_gbk_.empty())
                not_in_gbk_ = text;
            if (byte_size_(text) > 254) {
                text = cut_to(std::move(text), 254, byte_size_);
                ++shortened_;
            }
        }
        feature.SetField(index, text.c_str());
    }

    void write_rows(const geo::Shapes& shapes, const GdalErrors& errors) {
        const bool transaction =
            traits_.format != VectorFormat::postgis && layer_->TestCapability(OLCTransactions) != 0;
        if (transaction && layer_->StartTransaction() != OGRERR_NONE)
            fail(errors);
        OGRFeature feature(layer_->GetLayerDefn());
        const int dxf_layer = traits_.format == VectorFormat::dxf ? layer_->GetLayerDefn()->GetFieldIndex("Layer") : -1;
        std::uint64_t empty = 0;
        for (std::size_t row = 0; row < table_.rows.size(); ++row) {
            if (row % 256 == 0)
                throw_if_stopped();
            if (shapes[row].empty() && !traits_.empty) {
                ++empty;
                continue;
            }
            feature.SetFID(OGRNullFID);
            for (std::size_t i = 0; i < targets_.size(); ++i)
                set_field(feature, static_cast<int>(i), row);
            if (dxf_layer >= 0)
                feature.SetField(dxf_layer, name_.c_str());
            const bool multi = type_ == wkbUnknown ? shapes[row].part_count() > 1 : multi_;
            feature.SetGeometryDirectly(shapes[row].empty() ? nullptr : ogr_geometry(shapes[row], multi).release());
            if (layer_->CreateFeature(&feature) != OGRERR_NONE)
                fail(errors);
        }
        if (transaction && layer_->CommitTransaction() != OGRERR_NONE)
            fail(errors);
        if (empty > 0)
            report("empty-left-out", {fmt::format("{} features without geometry left out", empty),
                                      fmt::format("{} 个无几何的要素未写出", empty)});
        if (shortened_ > 0)
            report("texts-shortened", {fmt::format("{} texts cut to the 254 bytes that dBASE holds", shortened_),
                                       fmt::format("{} 个文本超过 dBASE 的 254 字节上限，已截短", shortened_)});
        if (!not_in_gbk_.empty())
            report("not-in-gbk",
                   {fmt::format("GBK lacks characters of \"{}\"; they became ?, write UTF-8 to keep them", not_in_gbk_),
                    fmt::format("“{}”中有 GBK 以外的字符，已写成 ?；如需保留请用 UTF-8", not_in_gbk_)});
    }

    const std::string& path_;
    const VectorTraits& traits_;
    const Table& table_;
    const VectorFileOptions& options_;
    IssueLog& issues_;
    std::string name_; ///< of the layer
    std::function<std::size_t(const std::string&)> byte_size_;
    std::string schema_; ///< of a table in PostGIS; empty: the current one
    OGRLayer* layer_ = nullptr;
    OGRwkbGeometryType type_ = wkbUnknown;
    bool multi_ = false;
    std::vector<Target> targets_; ///< one a field of the file
    std::uint64_t shortened_ = 0;
    std::string not_in_gbk_; ///< the first text
};

} // namespace

void write_layer(const LayerToWrite& layer, GDALDataset& target, const GdalErrors& errors) {
    LayerWriter(layer).write(target, errors);
}

void write_layer(const LayerToWrite& layer, PostgresTarget& target, const std::string& schema) {
    LayerWriter(layer).write(target, schema);
}

} // namespace corebelt::layers
