#include "corebelt/layers/vector_file.hpp"

#include "fitted_names.hpp"
#include "gdal_errors.hpp"
#include "ogr_feature.hpp"
#include "postgres_target.hpp"
#include "staged_files.hpp"
#include "text_decoder.hpp"

#include "corebelt/geo/error.hpp"
#include "corebelt/geo/stop.hpp"
#include "corebelt/geo/transform.hpp"
#include "corebelt/layers/boundary_text.hpp"
#include "corebelt/layers/connection.hpp"
#include "corebelt/layers/dataset.hpp"

#include <cpl_conv.h>
#include <cpl_string.h>
#include <cpl_vsi.h>
#include <fmt/format.h>
#include <gdal_priv.h>
#include <ogr_spatialref.h>

#include <algorithm>
#include <array>
#include <atomic>
#include <cerrno>
#include <cmath>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <limits>
#include <map>

namespace corebelt::layers {

namespace {

namespace fs = std::filesystem;

/// What a format is called and what it can hold.
struct Traits {
    VectorFormat format;
    const char* extension; ///< null: no file
    const char* driver;    ///< GDAL's short name; null: not written through GDAL
    bool layer_names;      ///< holds a layer name that is not the file's
    bool mixed;            ///< holds points, lines and areas in one layer
    bool attributes;       ///< holds fields of one's own
    bool dates;            ///< holds days; else they become text
    bool times;            ///< holds days with a time; else they become text
    bool empty;            ///< holds features without geometry
    int integer_bits;      ///< 64, 53 (as a real number) or 32
    const char* companion; ///< extensions of further files that belong to it, separated by spaces
};

constexpr std::array<Traits, 10> all_traits{{
    {VectorFormat::geopackage, "gpkg", "GPKG", true, true, true, true, true, true, 64, ""},
    {VectorFormat::shapefile, "shp", "ESRI Shapefile", false, false, true, true, false, true, 64,
     "shx dbf prj cpg qix sbn sbx qpj idx fix"},
    {VectorFormat::geojson, "geojson", "GeoJSON", true, true, true, true, true, true, 64, ""},
    {VectorFormat::flatgeobuf, "fgb", "FlatGeobuf", true, true, true, true, true, false, 64, ""},
    {VectorFormat::kml, "kml", "LIBKML", true, true, true, false, false, true, 32, ""},
    {VectorFormat::dxf, "dxf", "DXF", true, true, false, false, false, false, 32, ""},
    {VectorFormat::file_geodatabase, "gdb", "OpenFileGDB", true, false, true, true, true, true, 53, ""},
    {VectorFormat::csv, "csv", "CSV", false, true, true, true, true, true, 64, "csvt prj"},
    {VectorFormat::boundary_text, "txt", nullptr, false, false, false, false, false, false, 64, ""},
    {VectorFormat::postgis, nullptr, "PostgreSQL", true, true, true, true, true, true, 64, ""},
}};

/// Longer names would be cut by the server without a word.
constexpr std::size_t postgres_name_bytes = 63;

std::string extension_of(const std::string& path) {
    std::string extension = fs::path(path).extension().string();
    std::transform(extension.begin(), extension.end(), extension.begin(),
                   [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; });
    return extension.empty() ? extension : extension.substr(1);
}

const Traits& traits_of(const std::string& path) {
    if (is_database(path))
        return all_traits.back();
    std::string extension = extension_of(path);
    if (extension == "json")
        extension = "geojson";
    std::string known;
    for (const Traits& traits : all_traits) {
        if (traits.extension == nullptr)
            continue;
        if (extension == traits.extension)
            return traits;
        known += fmt::format("{}.{}", known.empty() ? "" : " ", traits.extension);
    }
    throw Error(
        ErrorKind::usage, "unknown-format",
        {fmt::format("{}: the extension chooses the format; there are {}, and PG:dbname=… for PostGIS", path, known),
         fmt::format("{}：输出格式由扩展名决定，可用的有 {}，写入 PostGIS 请用 PG:dbname=…", path, known)});
}

[[noreturn]] void bad_option(Text text) {
    throw Error(ErrorKind::usage, "bad-option", std::move(text));
}

/// The file and its companions.
std::vector<std::string> files_of(const std::string& path, const Traits& traits) {
    std::vector<std::string> files{path};
    const CPLStringList companions(CSLTokenizeString(traits.companion));
    for (int i = 0; i < companions.size(); ++i)
        files.push_back(fs::path(path).replace_extension(companions[i]).string());
    return files;
}

std::string stem_of(const std::string& path) {
    return fs::path(path).stem().string();
}

geo::Dimension dimension_named(const std::string& geometry_type) {
    if (geometry_type.find("Point") != std::string::npos)
        return geo::Dimension::point;
    return geometry_type.find("Line") != std::string::npos ? geo::Dimension::line : geo::Dimension::area;
}

/// Areas in DXF as closed polylines, not as hatches, for as long as the object lives.
class PolylineOption {
public:
    PolylineOption() { CPLSetThreadLocalConfigOption("DXF_WRITE_HATCH", "FALSE"); }
    ~PolylineOption() { CPLSetThreadLocalConfigOption("DXF_WRITE_HATCH", nullptr); }
    PolylineOption(const PolylineOption&) = delete;
    PolylineOption& operator=(const PolylineOption&) = delete;
};

/// Some drivers do not look whether a byte reached the disk (GeoJSON, KML, CSV) or fall over it (DXF): they write into
/// memory, and the copy is ours.
bool ignores_full_disks(VectorFormat format) {
    return format == VectorFormat::geojson || format == VectorFormat::kml || format == VectorFormat::csv ||
           format == VectorFormat::dxf;
}

/// A folder in GDAL's memory for as long as the object lives.
class MemoryFolder {
public:
    MemoryFolder() {
        static std::atomic<unsigned> made{0};
        folder_ = fmt::format("/vsimem/corebelt-{}", made++);
        VSIMkdir(folder_.c_str(), 0755);
    }
    ~MemoryFolder() { VSIRmdirRecursive(folder_.c_str()); }
    MemoryFolder(const MemoryFolder&) = delete;
    MemoryFolder& operator=(const MemoryFolder&) = delete;

    [[nodiscard]] std::string file(const std::string& name) const { return folder_ + "/" + name; }

    /// Every file into `folder` on disk. @throws Error{output, "cannot-write"} naming `path`.
    void copy_to(const fs::path& folder, const std::string& path) const {
        const CPLStringList names(VSIReadDir(folder_.c_str()));
        for (int i = 0; i < names.Count(); ++i) {
            if (std::string_view(names[i]).starts_with("."))
                continue;
            vsi_l_offset size = 0;
            const GByte* bytes = VSIGetMemFileBuffer(file(names[i]).c_str(), &size, FALSE);
            errno = 0;
            std::ofstream out(folder / names[i], std::ios::binary);
            out.write(reinterpret_cast<const char*>(bytes), static_cast<std::streamsize>(size));
            out.close();
            if (!out)
                cannot_write(path, std::generic_category().message(errno != 0 ? errno : EIO));
        }
    }

private:
    std::string folder_;
};

/// A whole layer written through GDAL.
class OgrFile {
public:
    OgrFile(std::string path, const Traits& traits, const Table& table, const VectorFileOptions& options,
            IssueLog& issues)
        : path_(std::move(path)),
          traits_(traits),
          table_(table),
          options_(options),
          issues_(issues),
          name_(traits.layer_names
                    ? (!options.layer_name.empty() ? options.layer_name
                                                   : (table.info.layer.empty() ? stem_of(path_) : table.info.layer))
                    : stem_of(path_)) {
        if (options.gbk)
            byte_size_ = [](const std::string& text) { return encoded_as(text, "GBK").size(); };
        else
            byte_size_ = [](const std::string& text) { return text.size(); };
    }

    /// Into a transaction that is begun; the rows have arrived when it returns.
    void write(PostgresTarget& target, const PostgresTableName& name) {
        const WritingOptions settings;
        const GdalErrors errors;
        find_geometry_type();
        target_ = &target.dataset();
        name_ = name.table;
        schema_ = name.schema;
        make_layer(table_.info.crs, errors);
        make_fields(errors);
        hand_reals_over_as_text();
        if (errors.failed())
            fail(errors);
        write_rows(table_.rows.shapes, errors);
        if (layer_->SyncToDisk() != OGRERR_NONE || errors.failed()) // ends the COPY
            fail(errors);
    }

    /// Into `file`, which becomes path_ later.
    void write(const std::string& file) {
        const WritingOptions settings;
        const PolylineOption polylines;
        const GdalErrors errors;
        find_geometry_type();
        const geo::Shapes* shapes = &table_.rows.shapes;
        geo::Shapes transformed;
        std::optional<geo::Crs> crs = table_.info.crs;
        if (traits_.format == VectorFormat::kml) {
            transformed = in_wgs84();
            shapes = &transformed;
            crs = geo::Crs::parse("EPSG:4326");
        }
        GDALDriver* driver = GetGDALDriverManager()->GetDriverByName(traits_.driver);
        if (driver == nullptr || driver->GetMetadataItem(GDAL_DCAP_CREATE) == nullptr)
            cannot_write(path_, fmt::format("this GDAL cannot write {}", traits_.driver));
        dataset_.reset(driver->Create(file.c_str(), 0, 0, 0, GDT_Unknown, nullptr));
        if (!dataset_)
            fail(errors);
        target_ = dataset_.get();
        try {
            make_layer(crs, errors);
            make_fields(errors);
            write_rows(*shapes, errors);
        } catch (...) {
            dataset_.reset(); // what GDAL says while it closes a broken file is caught here, too
            throw;
        }
        dataset_.reset(); // the last pages are written only now
        if (errors.failed())
            fail(errors);
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
                {fmt::format("{}: KML is WGS 84, the layer has no coordinate reference system to come from", path_),
                 fmt::format("{}：KML 须为 WGS84 坐标，而图层没有坐标系，无法转换", path_)});
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

    void make_layer(const std::optional<geo::Crs>& crs, const GdalErrors& errors) {
        OGRSpatialReference reference;
        reference.SetAxisMappingStrategy(OAMS_TRADITIONAL_GIS_ORDER);
        if (crs) {
            const bool has_code = crs->label().starts_with("EPSG:");
            if (traits_.format == VectorFormat::geojson && !has_code)
                throw Error(
                    ErrorKind::usage, "no-crs-code",
                    {fmt::format("{}: GeoJSON names its CRS by EPSG code and \"{}\" has none; give --crs EPSG:n, or "
                                 "write .gpkg",
                                 path_, crs->name()),
                     fmt::format("{}：GeoJSON 只能用 EPSG 代码注明坐标系，“{}”没有对应代码，请用 --crs EPSG:n "
                                 "指定，或改用 .gpkg",
                                 path_, crs->name())});
            if (reference.SetFromUserInput(has_code ? crs->label().c_str() : crs->wkt().c_str()) != OGRERR_NONE)
                fail(errors);
        }
        auto list = layer_options();
        layer_ =
            target_->CreateLayer(name_.c_str(), reference.IsEmpty() != 0 ? nullptr : &reference, type_, list.List());
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

    std::string path_;
    const Traits& traits_;
    const Table& table_;
    const VectorFileOptions& options_;
    IssueLog& issues_;
    std::string name_; ///< of the layer
    std::function<std::size_t(const std::string&)> byte_size_;
    std::string schema_; ///< of a table in PostGIS; empty: the current one
    GDALDatasetUniquePtr dataset_;
    GDALDataset* target_ = nullptr; ///< dataset_, or a database's
    OGRLayer* layer_ = nullptr;
    OGRwkbGeometryType type_ = wkbUnknown;
    bool multi_ = false;
    std::vector<Target> targets_; ///< one a field of the file
    std::uint64_t shortened_ = 0;
    std::string not_in_gbk_; ///< the first text
};

/// dBASE says its code page in a byte of the header: readers that know no .cpg look there.
void set_language_byte(const std::string& dbf, char language) {
    std::fstream file(dbf, std::ios::in | std::ios::out | std::ios::binary);
    constexpr std::streamoff place = 29;
    file.seekp(place);
    file.put(language);
    file.flush();
    if (!file)
        cannot_write(dbf, "the header of the .dbf could not be changed");
}

/// GDAL writes names in UTF-8 under a header that says Windows 1252: CAD would show Chinese layer names garbled.
void set_code_page_of_dxf(const std::string& path) {
    std::ifstream in(path, std::ios::binary);
    std::string text{std::istreambuf_iterator<char>(in), std::istreambuf_iterator<char>()};
    in.close();
    constexpr std::string_view western = "ANSI_1252";
    if (const std::size_t at = text.find(western); at != std::string::npos)
        text.replace(at, western.size(), "ANSI_936");
    std::ofstream out(path, std::ios::binary | std::ios::trunc);
    out << encoded_as(text, "GBK");
    out.close();
    if (!out)
        cannot_write(path, "the file could not be finished");
}

/// Attributes that the boundary-point text has no place for.
void report_fields_left_out(const std::string& path, const Table& table, IssueLog& issues) {
    constexpr std::array<std::string_view, 18> kept{
        "地块编号",     "地块名称", "图形属性",   "图幅号",       "地块用途",     "地类编码",
        "申报面积公顷", "面积吻合", "格式版本号", "数据产生单位", "数据产生日期", "坐标系",
        "几度分带",     "投影类型", "计量单位",   "带号",         "精度",         "转换参数"};
    const auto has_values = [](const Column& column) {
        return std::find(column.valid.begin(), column.valid.end(), std::uint8_t{1}) != column.valid.end();
    };
    std::string names;
    for (const Column& column : table.rows.columns)
        if (has_values(column) && std::find(kept.begin(), kept.end(), column.field.name) == kept.end())
            names += (names.empty() ? "" : ", ") + column.field.name;
    if (!names.empty())
        issues.add({"fields-left-out",
                    path,
                    {},
                    std::nullopt,
                    {fmt::format("boundary-point text has no place for: {}", names),
                     fmt::format("界址点文本没有对应的栏目，以下字段未写出：{}", names)}});
    if (table.counts.empty > 0)
        issues.add({"empty-left-out",
                    path,
                    {},
                    std::nullopt,
                    {fmt::format("{} features without geometry left out", table.counts.empty),
                     fmt::format("{} 个无几何的要素未写出", table.counts.empty)}});
}

/// None where neither the source nor an option names the table.
std::optional<PostgresTableName> stated_table(const DatasetRef& target, const VectorFileOptions& options) {
    if (target.layer && !options.layer_name.empty() && *target.layer != options.layer_name)
        bad_option({fmt::format("two names for the table: \"{}\" and \"{}\"", *target.layer, options.layer_name),
                    fmt::format("表名给了两个：“{}”和“{}”", *target.layer, options.layer_name)});
    const std::string name = target.layer.value_or(options.layer_name);
    if (name.empty())
        return std::nullopt;
    const PostgresTableName table = PostgresTableName::parse(name);
    if (table.table.empty() || std::max(table.table.size(), table.schema.size()) > postgres_name_bytes)
        bad_option(
            {fmt::format("\"{}\" cannot name a table: PostgreSQL keeps {} bytes of a name", name, postgres_name_bytes),
             fmt::format("“{}”不能作表名：PostgreSQL 的名称最多 {} 字节（约 21 个汉字）", name, postgres_name_bytes)});
    return table;
}

/// Named like the layer that is written: without the schema or the geometry column of the table it came from.
PostgresTableName table_like(const Table& table) {
    std::string name = table.info.layer.empty() ? "layer" : table.info.layer;
    if (table.info.driver == "PostgreSQL") {
        name = name.substr(0, name.rfind('('));
        if (const std::size_t dot = name.find('.'); dot != std::string::npos)
            name = name.substr(dot + 1);
    }
    return {"", cut_to(name, postgres_name_bytes, [](const std::string& text) { return text.size(); })};
}

/// @return Whether there is a table to be replaced.
bool check_table(PostgresTarget& target, const PostgresTableName& name, const std::string& shown, bool overwrite) {
    switch (target.find(name)) {
    case PostgresTarget::Found::nothing:
        return false;
    case PostgresTarget::Found::other:
        throw Error(
            ErrorKind::output, "already-exists",
            {fmt::format("{}: \"{}\" is a view or foreign table, which is not replaced", shown, name.to_string()),
             fmt::format("{}：“{}”是视图或外部表，不予覆盖", shown, name.to_string())});
    case PostgresTarget::Found::table:
        break;
    }
    if (!overwrite)
        throw Error(ErrorKind::output, "already-exists",
                    {fmt::format("{}: table \"{}\" exists already; --overwrite replaces it", shown, name.to_string()),
                     fmt::format("{}：表“{}”已存在；如需覆盖请加 --overwrite", shown, name.to_string())});
    return true;
}

void check_database(const std::string& path, const VectorFileOptions& options) {
    const DatasetRef ref = DatasetRef::parse(path);
    const auto name = stated_table(ref, options);
    PostgresTarget target(ref.dataset);
    if (name)
        check_table(target, *name, without_password(ref.dataset), options.overwrite);
}

IssueLog write_to_database(const std::string& path, const Traits& traits, const Table& table,
                           const VectorFileOptions& options) {
    IssueLog issues;
    const DatasetRef ref = DatasetRef::parse(path);
    const PostgresTableName name = stated_table(ref, options).value_or(table_like(table));
    PostgresTarget target(ref.dataset);
    const bool replace = check_table(target, name, without_password(ref.dataset), options.overwrite);
    target.begin();
    if (replace)
        target.drop(name);
    OgrFile(without_password(path), traits, table, options, issues).write(target, name);
    std::vector<Field> fields;
    for (const Column& column : table.rows.columns)
        fields.push_back(column.field);
    target.index(name, free_name("geom", fields));
    target.commit();
    return issues;
}

} // namespace

VectorFormat vector_format_of(const std::string& path) {
    return traits_of(path).format;
}

void check_vector_file(const std::string& path, const VectorFileOptions& options) {
    const Traits& traits = traits_of(path);
    if (options.gbk && traits.format != VectorFormat::shapefile && traits.format != VectorFormat::boundary_text)
        bad_option(
            {fmt::format("{}: {} is always UTF-8; GBK is for .shp and .txt", without_password(path), traits.driver),
             fmt::format("{}：{} 固定为 UTF-8 编码，GBK 仅适用于 .shp 和 .txt", without_password(path),
                         traits.driver)});
    if (!options.layer_name.empty() && !traits.layer_names)
        bad_option({fmt::format("{}: a .{} has no layer name but the file's own", path, traits.extension),
                    fmt::format("{}：.{} 的图层名就是文件名，不能另行指定", path, traits.extension)});
    if (traits.format == VectorFormat::postgis) {
        check_database(path, options);
        return;
    }
    const fs::path folder = fs::path(path).parent_path();
    std::error_code ignored;
    if (!folder.empty() && !fs::is_directory(folder, ignored))
        throw Error(ErrorKind::output, "no-folder",
                    {fmt::format("cannot write {}: there is no folder {}", path, folder.string()),
                     fmt::format("无法写入 {}：没有文件夹 {}", path, folder.string())});
    if (options.overwrite)
        return;
    for (const std::string& file : files_of(path, traits))
        if (fs::exists(fs::symlink_status(file, ignored)))
            throw Error(ErrorKind::output, "already-exists",
                        {fmt::format("{} exists already; --overwrite replaces it", file),
                         fmt::format("{} 已存在；如需覆盖请加 --overwrite", file)});
}

IssueLog write_vector_file(const std::string& path, const Table& table, const VectorFileOptions& options) {
    register_drivers();
    const Traits& traits = traits_of(path);
    if (traits.format == VectorFormat::postgis)
        return write_to_database(path, traits, table, options);
    check_vector_file(path, options);
    IssueLog issues;
    if (traits.format == VectorFormat::boundary_text) {
        report_fields_left_out(path, table, issues);
        BoundaryTextOptions text_options;
        text_options.gb18030 = options.gbk;
        write_boundary_text(path, table, text_options);
        return issues;
    }
    StagedFiles staged(path);
    OgrFile file(path, traits, table, options, issues);
    if (ignores_full_disks(traits.format)) {
        const MemoryFolder memory;
        file.write(memory.file(fs::path(path).filename().string()));
        memory.copy_to(fs::path(staged.file()).parent_path(), path);
    } else {
        file.write(staged.file());
    }
    if (traits.format == VectorFormat::shapefile && options.gbk) {
        constexpr char simplified_chinese = 0x4D;
        set_language_byte(fs::path(staged.file()).replace_extension("dbf").string(), simplified_chinese);
    }
    if (traits.format == VectorFormat::dxf)
        set_code_page_of_dxf(staged.file());
    staged.place(files_of(path, traits));
    return issues;
}

} // namespace corebelt::layers
