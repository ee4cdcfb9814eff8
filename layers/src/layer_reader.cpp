#include "layer_reader.hpp"

#include "postgres_catalog.hpp"
#include "postgres_filter.hpp"
#include "unknown_field.hpp"
#include "wkb.hpp"

#include "corebelt/geo/error.hpp"
#include "corebelt/geo/nearest_name.hpp"
#include "corebelt/geo/stop.hpp"
#include "corebelt/layers/connection.hpp"

#include <cpl_conv.h>
#include <cpl_string.h>
#include <cpl_vsi.h>
#include <fmt/format.h>

#include <algorithm>
#include <cstdlib>
#include <cstring>
#include <limits>

namespace corebelt::layers {

namespace {

std::optional<FieldType> type_of(const OGRFieldDefn& field) {
    switch (field.GetType()) {
    case OFTInteger:
    case OFTInteger64:
        return FieldType::integer;
    case OFTReal:
        return FieldType::real;
    case OFTDate:
    case OFTDateTime:
        return FieldType::date;
    case OFTBinary:
        return std::nullopt;
    default:
        return FieldType::text; // texts, times, lists
    }
}

/// 0 where it is not known.
std::uint64_t file_size(const std::string& file) {
    VSIStatBufL status;
    return VSIStatL(file.c_str(), &status) != 0 || status.st_size <= 0 ? 0 : static_cast<std::uint64_t>(status.st_size);
}

/// How many features GDAL should lay out at once so that they keep to about batch_bytes: it does not look itself.
/// `bytes`: size of the whole layer.
std::uint32_t features_at_once(std::uint64_t bytes, const OpenOptions& options, OGRLayer& layer) {
    const auto count = stated_count(layer);
    if (!count || *count <= 0 || bytes == 0)
        return options.batch_features;
    const double each = static_cast<double>(bytes) / static_cast<double>(*count);
    const double fit = static_cast<double>(options.batch_bytes) / each;
    return fit < options.batch_features ? static_cast<std::uint32_t>(std::max(fit, 1.0)) : options.batch_features;
}

bool is_wkb(const ArrowSchema& child) {
    constexpr std::string_view key = "ARROW:extension:name";
    constexpr std::string_view value = "ogc.wkb";
    const char* at = child.metadata;
    if (at == nullptr)
        return false;
    const auto take = [&at] {
        std::int32_t size = 0;
        std::memcpy(&size, at, sizeof size);
        at += sizeof size;
        return size;
    };
    for (std::int32_t pairs = take(); pairs > 0; --pairs) {
        const auto key_size = static_cast<std::size_t>(take());
        const std::string_view found_key(at, key_size);
        at += key_size;
        const auto value_size = static_cast<std::size_t>(take());
        const std::string_view found_value(at, value_size);
        at += value_size;
        if (found_key == key && found_value == value)
            return true;
    }
    return false;
}

/// Arcs become chords of 0.1°: areas change by less than 5.1e-7 of the arc's disc.
bool linearise(std::span<const std::uint8_t> wkb, geo::Shapes& shapes) {
    constexpr double step_deg = 0.1;
    const GdalErrors quiet;
    OGRGeometry* made = nullptr;
    if (OGRGeometryFactory::createFromWkb(wkb.data(), nullptr, &made, wkb.size()) != OGRERR_NONE || made == nullptr)
        return false;
    const OGRGeometryUniquePtr curved(made);
    const OGRGeometryUniquePtr linear(curved->getLinearGeometry(step_deg));
    if (!linear)
        return false;
    std::vector<std::uint8_t> bytes(linear->WkbSize());
    if (linear->exportToWkb(wkbNDR, bytes.data(), wkbVariantIso) != OGRERR_NONE)
        return false;
    const WkbStatus status = decode_wkb(bytes, shapes);
    return status != WkbStatus::broken && status != WkbStatus::curve;
}

/// DXF knows no areas but hatches: a parcel is a closed polyline. The last feature of `shapes` becomes an area where it
/// is lines that all end where they begin, by flag or by coordinates, and enclose something.
void close_lines(geo::Shapes& shapes) {
    const geo::ShapeView shape = shapes[shapes.size() - 1];
    if (shape.dimension() != geo::Dimension::line || shape.empty())
        return;
    constexpr std::size_t triangle = 4; // the first vertex again at the end
    for (std::size_t r = 0; r < shape.ring_count(); ++r)
        if (shape.ring(r).size() < triangle || shape.ring(r).front() != shape.ring(r).back())
            return;
    shapes.dimension.back() = geo::Dimension::area;
}

template <typename T>
void keep(std::vector<T>& values, const std::vector<std::uint8_t>& mask) {
    if (values.empty())
        return;
    std::size_t to = 0;
    for (std::size_t from = 0; from < mask.size(); ++from)
        if (mask[from] != 0)
            values[to++] = values[from];
    values.resize(to);
}

/// Codes again in order of first appearance, after rows have gone.
void renumber(Column& column) {
    constexpr std::uint32_t unset = std::numeric_limits<std::uint32_t>::max();
    std::vector<std::uint32_t> new_code(column.dictionary.size(), unset);
    std::vector<std::string> dictionary;
    for (std::size_t row = 0; row < column.code.size(); ++row) {
        if (column.valid[row] == 0)
            continue;
        std::uint32_t& code = new_code[column.code[row]];
        if (code == unset) {
            code = static_cast<std::uint32_t>(dictionary.size());
            dictionary.push_back(std::move(column.dictionary[column.code[row]]));
        }
        column.code[row] = code;
    }
    column.dictionary = std::move(dictionary);
}

} // namespace

std::vector<Field> fields_of(OGRLayer& layer, const TextDecoder& decoder) {
    std::vector<Field> fields;
    const OGRFeatureDefn& definition = *layer.GetLayerDefn();
    for (int i = 0; i < definition.GetFieldCount(); ++i) {
        const OGRFieldDefn& field = *definition.GetFieldDefn(i);
        if (const auto type = type_of(field))
            fields.push_back({decoder.decode(field.GetNameRef()).text, *type});
    }
    return fields;
}

std::optional<Field> key_field(const OpenDataset& dataset, OGRLayer& layer) {
    const std::string name = dataset.is_database() ? layer.GetFIDColumn() : "";
    if (name.empty() || name == "fid" || name == "ogc_fid")
        return std::nullopt;
    return Field{name, FieldType::integer};
}

LayerInfo describe_layer(const std::string& source, const OpenDataset& dataset, OGRLayer& layer,
                         const Encoding& encoding) {
    LayerInfo info;
    info.source = without_password(source);
    info.layer = layer.GetName();
    info.driver = dataset.driver;
    info.encoding = encoding.name;
    info.encoding_why = encoding.why;
    info.geometry_type = geometry_type_of(layer);
    info.fields = fields_of(layer, TextDecoder(encoding.name));
    if (const auto key = key_field(dataset, layer))
        info.fields.push_back(*key);
    info.feature_count = stated_count(layer);
    return info;
}

LayerReader::LayerReader(OpenDataset dataset, OGRLayer& layer, const OpenOptions& options, const Encoding& encoding,
                         std::string label, bool with_geometry)
    : dataset_(std::move(dataset)),
      layer_(&layer),
      label_(std::move(label)),
      encoding_(encoding.name),
      decoder_(encoding.name),
      batch_features_(std::max(1U, options.batch_features)),
      batch_bytes_(options.batch_bytes) {
    auto all = fields_of(layer, decoder_);
    key_ = key_field(dataset_, layer);
    if (key_)
        all.push_back(*key_);
    if (!options.where.empty())
        filter_ = Filter::parse(options.where, all);
    plan_columns(options, all);
    const std::uint64_t bytes =
        dataset_.is_database() ? postgres_table(*dataset_.handle, layer.GetName()).bytes : file_size(dataset_.name);
    const std::uint32_t at_once = features_at_once(bytes, options, layer);
    avoid_wrong_booleans();
    ignore_other_fields(all, with_geometry);
    filter_on_the_server();
    const Text advice = dataset_.is_database()
                            ? Text{"Run it again when the server answers", "请确认数据库服务可用后重新运行"}
                            : Text{"The file may be damaged or incomplete; copy or export it again",
                                   "文件可能损坏或不完整，请重新拷贝或导出"};
    stream_ = std::make_unique<ArrowStream>(
        *layer_, std::max(1U, at_once), without_password(fmt::format("{}|layer={}", dataset_.name, layer_->GetName())),
        advice);
    bind_columns();
}

/// Only to read less: every row is put to our own filter again.
void LayerReader::filter_on_the_server() {
    if (!filter_ || dataset_.texts_are_raw())
        return;
    const auto condition =
        dataset_.is_database()
            ? postgres_condition(filter_->root(), postgres_table(*dataset_.handle, layer_->GetName()))
            : filter_->ogr_sql();
    if (!condition)
        return;
    const GdalErrors quiet; // a driver's refusal costs nothing but time
    if (layer_->SetAttributeFilter(condition->c_str()) != OGRERR_NONE)
        layer_->SetAttributeFilter(nullptr);
}

void LayerReader::plan_columns(const OpenOptions& options, const std::vector<Field>& all) {
    const auto plan = [&](const std::string& name) {
        const auto planned =
            std::find_if(planned_.begin(), planned_.end(), [&](const Planned& p) { return p.field.name == name; });
        if (planned != planned_.end())
            return static_cast<std::size_t>(planned - planned_.begin());
        const auto field = std::find_if(all.begin(), all.end(), [&](const Field& f) { return f.name == name; });
        if (field == all.end())
            unknown_field(label_, name, all);
        planned_.push_back({*field, 0});
        return planned_.size() - 1;
    };
    if (options.all_fields)
        for (const auto& field : all)
            plan(field.name);
    for (const auto& name : options.fields)
        plan(name);
    for (const auto& column : planned_)
        handed_out_.push_back(column.field);
    if (filter_)
        for (const auto& name : filter_->fields())
            plan(name);
    if (!options.id_field.empty())
        id_column_ = plan(options.id_field);
}

/// Before GDAL 3.8.3 the drivers with a stream of their own set the wrong bits of boolean columns
/// (github.com/OSGeo/gdal/issues/8998). GeoPackage hands them out as whole integers where it does not know that they
/// are booleans; FlatGeobuf is read through a virtual layer, which has GDAL's own, slower and right, stream.
void LayerReader::avoid_wrong_booleans() {
    constexpr int first_right_version = 3080300;
    if (std::atoi(GDALVersionInfo("VERSION_NUM")) >= first_right_version)
        return;
    bool any = false;
    OGRFeatureDefn& definition = *layer_->GetLayerDefn();
    for (int i = 0; i < definition.GetFieldCount(); ++i) {
        OGRFieldDefn& field = *definition.GetFieldDefn(i);
        if (field.GetSubType() != OFSTBoolean)
            continue;
        const std::string name = decoder_.decode(field.GetNameRef()).text;
        any = any || std::any_of(planned_.begin(), planned_.end(),
                                 [&](const Planned& planned) { return planned.field.name == name; });
        if (dataset_.driver == "GPKG")
            field.SetSubType(OFSTNone);
    }
    if (!any || dataset_.driver != "FlatGeobuf")
        return;
    const auto xml = [](const char* text) {
        char* escaped = CPLEscapeString(text, -1, CPLES_XML);
        std::string result = escaped;
        CPLFree(escaped);
        return result;
    };
    const std::string virtual_layer =
        fmt::format("<OGRVRTDataSource><OGRVRTLayer name=\"{0}\"><SrcDataSource relativeToVRT=\"0\">{1}"
                    "</SrcDataSource><SrcLayer>{0}</SrcLayer></OGRVRTLayer></OGRVRTDataSource>",
                    xml(layer_->GetName()), xml(dataset_.name.c_str()));
    const GdalErrors errors;
    GDALDatasetUniquePtr wrapped(GDALDataset::Open(virtual_layer.c_str(), GDAL_OF_VECTOR | GDAL_OF_VERBOSE_ERROR));
    OGRLayer* inner = wrapped ? wrapped->GetLayer(0) : nullptr;
    if (inner == nullptr)
        throw Error(ErrorKind::input, "cannot-read",
                    {fmt::format("{}: {}", label_, errors.reason()), fmt::format("{}：{}", label_, errors.reason())});
    dataset_.handle = std::move(wrapped);
    layer_ = inner;
}

void LayerReader::ignore_other_fields(const std::vector<Field>& all, bool with_geometry) {
    if (layer_->TestCapability(OLCIgnoreFields) == 0)
        return;
    const GdalErrors quiet;
    CPLStringList ignored;
    const OGRFeatureDefn& definition = *layer_->GetLayerDefn();
    std::size_t next = 0;
    for (int i = 0; i < definition.GetFieldCount(); ++i) {
        const OGRFieldDefn& field = *definition.GetFieldDefn(i);
        bool wanted = false;
        if (type_of(field)) {
            const std::string& name = all[next++].name;
            wanted = std::any_of(planned_.begin(), planned_.end(),
                                 [&](const Planned& planned) { return planned.field.name == name; });
        }
        if (!wanted)
            ignored.AddString(field.GetNameRef());
    }
    ignored.AddString("OGR_STYLE");
    if (!with_geometry)
        ignored.AddString("OGR_GEOMETRY");
    layer_->SetIgnoredFields(const_cast<const char**>(ignored.List()));
}

/// The stream's children are the FID, then the fields that are not ignored in the layer's order, then geometries:
/// matched in that order, because a field may be called like the FID or the geometry.
void LayerReader::bind_columns() {
    const ArrowSchema& schema = stream_->schema();
    const OGRFeatureDefn& definition = *layer_->GetLayerDefn();
    const auto children = static_cast<std::size_t>(schema.n_children);
    std::vector<bool> bound(planned_.size(), false);
    for (std::size_t p = 0; p < planned_.size(); ++p)
        bound[p] = key_ && planned_[p].field.name == key_->name; // child 0, the FID
    std::size_t child = 1;
    for (int i = 0; i < definition.GetFieldCount() && child < children; ++i) {
        const OGRFieldDefn& field = *definition.GetFieldDefn(i);
        if (std::string_view(schema.children[child]->name) != field.GetNameRef())
            continue; // ignored
        const std::string name = decoder_.decode(field.GetNameRef()).text;
        for (std::size_t p = 0; p < planned_.size(); ++p) {
            if (planned_[p].field.name == name && !bound[p] && type_of(field)) {
                planned_[p].child = child;
                bound[p] = true;
            }
        }
        ++child;
    }
    for (std::size_t c = child; c < children && !geometry_child_; ++c)
        if (is_wkb(*schema.children[c]))
            geometry_child_ = c;
    const auto missing = std::find(bound.begin(), bound.end(), false);
    if (missing != bound.end() || children == 0)
        throw Error(
            ErrorKind::input, "cannot-read",
            {fmt::format("{}: the driver {} does not hand out the field \"{}\"", label_, dataset_.driver,
                         children == 0 ? "fid"
                                       : planned_[static_cast<std::size_t>(missing - bound.begin())].field.name),
             fmt::format("{}：驱动 {} 未提供字段“{}”", label_, dataset_.driver,
                         children == 0 ? "fid"
                                       : planned_[static_cast<std::size_t>(missing - bound.begin())].field.name)});
}

/// As many rows from the slice's first as a batch may hold; fewer than GDAL lays out at once, so that a batch stays in
/// a processor's cache from decoding to its last use, and a small layer spreads over all threads.
void LayerReader::end_slice(Slice& slice) const {
    constexpr std::size_t most_rows = 1024;
    constexpr std::uint64_t most_bytes = 512U << 10U;
    slice.last = std::min(slice.rows->size(), slice.first + std::min<std::size_t>(batch_features_, most_rows));
    slice.bytes = 0;
    if (geometry_child_) {
        const ArrowColumn geometry(slice.rows->array(), *geometry_child_);
        for (std::size_t row = slice.first; row < slice.last; ++row) {
            const std::uint64_t more = geometry.valid(row) ? geometry.bytes<std::int32_t>(row).size() : 0;
            if (slice.bytes + more > std::min(batch_bytes_, most_bytes) && row > slice.first) {
                slice.last = row;
                break;
            }
            slice.bytes += more;
        }
    }
    slice.bytes += attribute_bytes(slice);
}

std::uint64_t LayerReader::attribute_bytes(const Slice& slice) const {
    constexpr std::uint64_t number_bytes = 8;
    const std::uint64_t rows = slice.last - slice.first;
    std::uint64_t bytes = rows * number_bytes; // the FID
    for (const auto& planned : planned_) {
        bytes += rows * number_bytes;
        if (std::string_view(stream_->schema().children[planned.child]->format) != "u")
            continue;
        const ArrowColumn texts(slice.rows->array(), planned.child);
        const auto last = texts.bytes<std::int32_t>(slice.last - 1);
        bytes += static_cast<std::uint64_t>(last.data() + last.size() - texts.bytes<std::int32_t>(slice.first).data());
    }
    return bytes;
}

LayerReader::Slice LayerReader::read() {
    throw_if_stopped();
    if (at_end_)
        return {};
    if (!last_.rows || last_.last == last_.rows->size()) {
        last_ = {};
        last_.rows = stream_->next();
        at_end_ = last_.rows == nullptr;
        if (at_end_)
            return {};
    }
    last_.first = last_.last;
    end_slice(last_);
    Slice slice = last_;
    if (last_.last == last_.rows->size())
        last_ = {}; // its memory goes with the slices
    return slice;
}

Decoding LayerReader::decode_geometry(const ArrowArray& array, std::size_t row, geo::Shapes& shapes) const {
    const auto nothing = [&shapes](Decoding why) {
        shapes.end_shape(geo::Dimension::area);
        return why;
    };
    if (!geometry_child_)
        return nothing(Decoding::empty);
    const ArrowColumn geometry(array, *geometry_child_);
    if (!geometry.valid(row))
        return nothing(Decoding::empty);
    const auto wkb = geometry.bytes<std::int32_t>(row);
    if (wkb.empty())
        return nothing(Decoding::empty);
    switch (decode_wkb(wkb, shapes)) {
    case WkbStatus::ok:
        if (dataset_.driver == "DXF")
            close_lines(shapes);
        return Decoding::ok;
    case WkbStatus::mixed:
        return Decoding::mixed;
    case WkbStatus::empty:
        return Decoding::empty;
    case WkbStatus::curve:
        return linearise(wkb, shapes) ? Decoding::curve : nothing(Decoding::broken);
    case WkbStatus::broken:
        break;
    }
    return nothing(Decoding::broken);
}

void LayerReader::decode(const Slice& slice, const TextDecoder& decoder, Rows& rows, IssueLog& issues) const {
    rows.batch.clear();
    rows.decoding.clear();
    const ArrowArray& array = slice.rows->array();
    const std::size_t first = slice.first;
    const std::size_t last = slice.last;
    Batch& batch = rows.batch;
    const ArrowColumn fid(array, 0);
    for (std::size_t row = first; row < last; ++row)
        batch.fid.push_back(fid.number<std::int64_t>(row));
    std::vector<BadText> bad;
    for (std::size_t c = 0; c < planned_.size(); ++c) {
        batch.columns.push_back({planned_[c].field, {}, {}, {}, {}, {}});
        read_rows(*stream_->schema().children[planned_[c].child], ArrowColumn(array, planned_[c].child), first, last,
                  decoder, c, batch.columns.back(), bad);
    }

    std::vector<std::uint8_t> pass(last - first, 1);
    if (filter_)
        filter_->select(batch, pass);
    if (!bad.empty()) {
        bad.erase(std::remove_if(bad.begin(), bad.end(), [&](const BadText& text) { return pass[text.row] == 0; }),
                  bad.end());
        report_bad_texts(rows, bad, issues);
    }
    for (std::size_t row = first; row < last; ++row)
        if (pass[row - first] != 0)
            rows.decoding.push_back(decode_geometry(array, row, batch.shapes));
    if (swap_axes_) {
        for (auto& p : batch.shapes.xy)
            std::swap(p.x, p.y);
        for (auto& box : batch.shapes.box)
            box = {box.min_y, box.min_x, box.max_y, box.max_x};
    }
    if (std::find(pass.begin(), pass.end(), std::uint8_t{0}) != pass.end())
        keep_columns(batch, pass);
}

std::string LayerReader::name_of(const Rows& rows, std::size_t row) const {
    if (id_column_ && rows.batch.columns[*id_column_].valid[row] != 0)
        return to_string(rows.batch.columns[*id_column_].value(row));
    return std::to_string(rows.batch.fid[row]);
}

void LayerReader::report_bad_texts(const Rows& rows, const std::vector<BadText>& bad, IssueLog& issues) const {
    for (const auto& text : bad) {
        const std::string& field = planned_[text.column].field.name;
        if (text.cut)
            issues.add({"text-cut",
                        label_,
                        name_of(rows, text.row),
                        std::nullopt,
                        {fmt::format("the text in \"{}\" ends in half a character, which is dropped", field),
                         fmt::format("字段“{}”的文本末尾被截断半个字符，已舍去", field)}});
        else
            issues.add({"text-undecodable",
                        label_,
                        name_of(rows, text.row),
                        std::nullopt,
                        {fmt::format("the text in \"{}\" holds bytes that its encoding does not have", field),
                         fmt::format("字段“{}”含有该编码无法识别的字节", field)}});
    }
}

void keep_columns(Batch& batch, const std::vector<std::uint8_t>& mask) {
    keep(batch.fid, mask);
    for (auto& column : batch.columns) {
        keep(column.valid, mask);
        keep(column.integers, mask);
        keep(column.reals, mask);
        keep(column.code, mask);
        renumber(column);
    }
}

void keep_rows(Batch& batch, const std::vector<std::uint8_t>& mask) {
    geo::Shapes shapes;
    for (std::size_t i = 0; i < mask.size(); ++i)
        if (mask[i] != 0)
            shapes.append(batch.shapes[i]);
    batch.shapes = std::move(shapes);
    keep_columns(batch, mask);
}

} // namespace corebelt::layers
