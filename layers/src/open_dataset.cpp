#include "open_dataset.hpp"

#include "gdal_errors.hpp"

#include "corebelt/geo/error.hpp"
#include "corebelt/geo/nearest_name.hpp"
#include "corebelt/layers/connection.hpp"

#include <cpl_conv.h>
#include <cpl_string.h>
#include <cpl_vsi.h>
#include <fmt/format.h>
#include <ogr_spatialref.h>

#include <algorithm>
#include <array>
#include <cctype>
#include <filesystem>

namespace corebelt::layers {

namespace {

namespace fs = std::filesystem;

/// A path, as against "PG:dbname=…" or "/vsicurl/…".
bool is_plain_path(const std::string& name) {
    return name.rfind("/vsi", 0) != 0 && name.find(':') == std::string::npos;
}

bool exists(const std::string& path) {
    std::error_code ignored;
    return fs::exists(path, ignored);
}

/// Worth suggesting: the same extension, or the same beginning.
bool resembles(const fs::path& candidate, const fs::path& wanted) {
    constexpr std::size_t beginning = 3;
    const std::string name = candidate.filename().string();
    return EQUAL(candidate.extension().string().c_str(), wanted.extension().string().c_str()) ||
           name.substr(0, beginning) == wanted.filename().string().substr(0, beginning);
}

[[noreturn]] void not_found(const std::string& path) {
    const fs::path target(path);
    const fs::path folder = target.parent_path().empty() ? fs::path(".") : target.parent_path();
    std::error_code ignored;
    if (!fs::is_directory(folder, ignored))
        throw Error(ErrorKind::input, "not-found",
                    {fmt::format("{} does not exist: there is no folder {}", path, folder.string()),
                     fmt::format("{} 不存在：没有文件夹 {}", path, folder.string())});
    std::vector<std::string> names;
    for (const auto& entry : fs::directory_iterator(folder, ignored))
        names.push_back(entry.path().filename().string());
    std::sort(names.begin(), names.end());
    names.erase(std::remove_if(names.begin(), names.end(),
                               [&](const std::string& name) { return !resembles(fs::path(name), target); }),
                names.end());
    const auto nearest = geo::nearest_name(target.filename().string(), names);
    throw Error(ErrorKind::input, "not-found",
                {fmt::format("{} does not exist{}", path, nearest ? fmt::format("; did you mean {}?", *nearest) : ""),
                 fmt::format("{} 不存在{}", path, nearest ? fmt::format("，是否指 {}？", *nearest) : "")});
}

GDALDatasetUniquePtr open_with(const std::string& name, const CPLStringList& options) {
    return GDALDatasetUniquePtr(GDALDataset::Open(
        name.c_str(), GDAL_OF_VECTOR | GDAL_OF_READONLY | GDAL_OF_VERBOSE_ERROR, nullptr, options.List(), nullptr));
}

/// Formats that are not read: what to export instead.
struct Export {
    const char* extension;
    Text text;
};

const std::array<Export, 4>& exports() {
    static const std::array<Export, 4> list{{
        {"dwg",
         {"DWG is a closed format: save it as DXF (AutoCAD: SAVEAS, AutoCAD 2000 or later, polylines closed, arcs and "
          "blocks as they are)",
          "DWG 为不公开格式，请在 CAD 中另存为 DXF（2000 及以上版本，地块用闭合多段线）"}},
        {"mdb",
         {"a personal geodatabase needs Microsoft Access: export it to a file geodatabase (.gdb) or GeoPackage in "
          "ArcGIS",
          "个人地理数据库（.mdb）依赖 Access，请在 ArcGIS 中导出为文件地理数据库（.gdb）或 GeoPackage（.gpkg）"}},
        {"accdb",
         {"a personal geodatabase needs Microsoft Access: export it to a file geodatabase (.gdb) or GeoPackage in "
          "ArcGIS",
          "个人地理数据库（.accdb）依赖 Access，请在 ArcGIS 中导出为文件地理数据库（.gdb）或 GeoPackage（.gpkg）"}},
        {"vct",
         {"VCT exchange files (GB/T 17798) are not read: export a file geodatabase (.gdb), shapefile or GeoPackage "
          "with "
          "the tool that made it",
          "暂不读取 VCT 交换文件（GB/T 17798），请用生成该文件的软件导出为文件地理数据库（.gdb）、Shapefile 或 "
          "GeoPackage（.gpkg）"}},
    }};
    return list;
}

void refuse_closed_formats(const std::string& path) {
    const std::string extension = fs::path(path).extension().string();
    for (const Export& known : exports())
        if (extension.size() > 1 && EQUAL(extension.c_str() + 1, known.extension))
            throw Error(ErrorKind::input, "needs-export",
                        {fmt::format("cannot read {}: {}", path, known.text.en),
                         fmt::format("无法读取 {}：{}", path, known.text.zh)});
}

bool ends_with_zip(const std::string& path) {
    return path.size() > 4 && EQUAL(path.c_str() + path.size() - 4, ".zip");
}

std::string described(OGRLayer& layer) {
    const auto count = stated_count(layer);
    return fmt::format("{} ({}, {})", layer.GetName(), geometry_type_of(layer), count ? std::to_string(*count) : "?");
}

std::string list_of(const std::vector<OGRLayer*>& layers) {
    constexpr std::size_t listed_at_most = 40;
    std::string list;
    for (std::size_t i = 0; i < std::min(layers.size(), listed_at_most); ++i)
        list += (list.empty() ? "" : ", ") + described(*layers[i]);
    if (layers.size() > listed_at_most)
        list += fmt::format(", … ({})", layers.size());
    return list;
}

std::string dbf_path_of(const OpenDataset& dataset, OGRLayer& layer) {
    VSIStatBufL status;
    const bool is_folder = VSIStatL(dataset.name.c_str(), &status) == 0 && VSI_ISDIR(status.st_mode);
    const std::string stem = is_folder ? CPLFormFilename(dataset.name.c_str(), layer.GetName(), "dbf") : dataset.name;
    for (const char* extension : {"dbf", "DBF", "Dbf"}) {
        std::string path = CPLResetExtension(stem.c_str(), extension);
        if (VSIStatL(path.c_str(), &status) == 0)
            return path;
    }
    return CPLResetExtension(stem.c_str(), "dbf");
}

/// "table(geometry column)": a table of several geometry columns is so many layers.
std::vector<std::string> names_by_geometry(OGRLayer& layer) {
    std::vector<std::string> names;
    OGRFeatureDefn& definition = *layer.GetLayerDefn();
    names.reserve(static_cast<std::size_t>(definition.GetGeomFieldCount()));
    for (int i = 0; i < definition.GetGeomFieldCount(); ++i)
        names.push_back(fmt::format("{}({})", layer.GetName(), definition.GetGeomFieldDefn(i)->GetNameRef()));
    return names;
}

/// A table that the listing calls otherwise ("public.parcels"), or that it leaves out.
OGRLayer* unlisted_layer(const OpenDataset& dataset, const std::string& name) {
    const GdalErrors quiet;
    return dataset.is_database() ? dataset.handle->GetLayerByName(name.c_str()) : nullptr;
}

[[noreturn]] void several_geometries(const DatasetRef& ref, OGRLayer& layer) {
    std::string list;
    for (const std::string& name : names_by_geometry(layer))
        list += (list.empty() ? "" : ", ") + name;
    const std::string shown = without_password(ref.to_string());
    throw Error(ErrorKind::usage, "several-layers",
                {fmt::format("{} has several geometry columns, name one of them as the layer: {}", shown, list),
                 fmt::format("{} 含有多个几何字段，请以图层名指定其一：{}", shown, list)});
}

} // namespace

OpenDataset open_dataset(const std::string& path) {
    register_drivers();
    if (is_plain_path(path) && !exists(path))
        not_found(path);
    if (is_plain_path(path))
        refuse_closed_formats(path);
    const GdalErrors errors;
    OpenDataset opened{open_with(path, CPLStringList()), path, {}};
    if (!opened.handle && ends_with_zip(path) && is_plain_path(path)) {
        opened.name = "/vsizip/" + fs::absolute(path).string();
        opened.handle = open_with(opened.name, CPLStringList());
    }
    if (opened.handle && opened.handle->GetDriver() != nullptr) {
        opened.driver = opened.handle->GetDriver()->GetDescription();
        CPLStringList again;
        if (opened.driver == "ESRI Shapefile")
            again.SetNameValue("ENCODING", ""); // the bytes as they are: we decode, and say how
        if (again.Count() > 0)
            opened.handle = open_with(opened.name, again);
        if (opened.is_database()) // times with a zone come as UTC, not as the server's owner likes them
            opened.handle->ExecuteSQL("SET TIME ZONE 'UTC'", nullptr, nullptr);
    }
    if (!opened.handle) {
        const std::string reason = without_password(errors.reason(), path);
        const std::string shown = without_password(path);
        throw Error(ErrorKind::input, "cannot-open",
                    {fmt::format("cannot open {}: {}", shown, reason), fmt::format("无法打开 {}：{}", shown, reason)});
    }
    return opened;
}

std::vector<OGRLayer*> spatial_layers(const OpenDataset& dataset) {
    std::vector<OGRLayer*> layers;
    std::vector<OGRLayer*> wide; // of several geometry columns
    for (OGRLayer* layer : dataset.handle->GetLayers()) {
        if (layer->GetGeomType() == wkbNone || std::string_view(layer->GetName()) == "layer_styles")
            continue;
        if (dataset.is_database() && layer->GetLayerDefn()->GetGeomFieldCount() > 1)
            wide.push_back(layer);
        else
            layers.push_back(layer);
    }
    for (OGRLayer* layer : wide)
        for (const std::string& name : names_by_geometry(*layer))
            if (OGRLayer* one = dataset.handle->GetLayerByName(name.c_str()))
                layers.push_back(one);
    return layers;
}

std::vector<OGRLayer*> attribute_layers(const OpenDataset& dataset) {
    std::vector<OGRLayer*> layers;
    for (OGRLayer* layer : dataset.handle->GetLayers())
        if (layer->GetGeomType() == wkbNone && std::string_view(layer->GetName()) != "layer_styles")
            layers.push_back(layer);
    return layers;
}

OGRLayer& choose_layer(const OpenDataset& dataset, const DatasetRef& ref, const std::vector<OGRLayer*>& candidates) {
    const std::string shown = without_password(ref.dataset);
    if (ref.layer) {
        std::vector<std::string> names;
        for (OGRLayer* layer : candidates) {
            if (*ref.layer == layer->GetName())
                return *layer;
            names.emplace_back(layer->GetName());
        }
        if (OGRLayer* layer = unlisted_layer(dataset, *ref.layer)) {
            if (layer->GetLayerDefn()->GetGeomFieldCount() > 1)
                several_geometries(ref, *layer);
            return *layer;
        }
        const auto nearest = geo::nearest_name(*ref.layer, names);
        throw Error(ErrorKind::input, "no-such-layer",
                    {fmt::format("{} has no layer \"{}\"{}; there are: {}", shown, *ref.layer,
                                 nearest ? fmt::format(", did you mean \"{}\"?", *nearest) : "", list_of(candidates)),
                     fmt::format("{} 中没有图层“{}”{}；现有图层：{}", shown, *ref.layer,
                                 nearest ? fmt::format("，是否指“{}”？", *nearest) : "", list_of(candidates))});
    }
    if (candidates.empty())
        throw Error(ErrorKind::input, "no-spatial-layer",
                    {fmt::format("{} holds no layer with geometry (opened as {})", shown, dataset.driver),
                     fmt::format("{} 中没有带几何的图层（按 {} 格式打开）", shown, dataset.driver)});
    if (candidates.size() > 1)
        throw Error(
            ErrorKind::usage, "several-layers",
            {fmt::format("{} holds several layers, name one as {}|layer=NAME: {}", shown, shown, list_of(candidates)),
             fmt::format("{} 含有多个图层，请用 {}|layer=图层名 指定其一：{}", shown, shown, list_of(candidates))});
    return *candidates.front();
}

Encoding encoding_of(const OpenDataset& dataset, OGRLayer& layer, const std::optional<std::string>& declared) {
    if (!dataset.texts_are_raw())
        return {"UTF-8", "driver"};
    if (dataset.driver == "CSV")
        return find_text_encoding(dataset.name, declared);
    return find_dbf_encoding(dbf_path_of(dataset, layer), declared);
}

std::string geometry_type_of(OGRLayer& layer) {
    const OGRwkbGeometryType type = wkbFlatten(layer.GetGeomType());
    if (type == wkbUnknown)
        return "Mixed";
    if (type == wkbNone)
        return "None";
    std::string name = OGRGeometryTypeToName(type);
    name.erase(std::remove(name.begin(), name.end(), ' '), name.end());
    return name;
}

std::optional<std::int64_t> stated_count(OGRLayer& layer) {
    const GdalErrors quiet;
    const GIntBig count = layer.GetFeatureCount(FALSE);
    return count < 0 ? std::nullopt : std::optional<std::int64_t>(count);
}

geo::Box stated_extent(OGRLayer& layer) {
    const GdalErrors quiet;
    OGREnvelope box;
    if (layer.GetExtent(&box, FALSE) != OGRERR_NONE)
        return {};
    return {box.MinX, box.MinY, box.MaxX, box.MaxY};
}

LayerCrs crs_of(OGRLayer& layer) {
    LayerCrs found;
    const OGRSpatialReference* reference = layer.GetSpatialRef();
    if (reference == nullptr || reference->IsEmpty())
        return found;
    const GdalErrors errors;
    char* text = nullptr;
    const char* const options[] = {"FORMAT=WKT2_2019", nullptr};
    const bool exported = reference->exportToWkt(&text, options) == OGRERR_NONE && text != nullptr && *text != '\0';
    const std::string wkt = exported ? text : "";
    CPLFree(text);
    if (!exported) {
        found.unreadable = errors.reason();
        return found;
    }
    // GeoPackages say "undefined" by two CRSs of their own: the same as no CRS.
    const std::string_view name = reference->GetName() != nullptr ? reference->GetName() : "";
    if (reference->IsLocal() != 0 || name == "Undefined geographic SRS") {
        found.unreadable = fmt::format("\"{}\"", name);
        return found;
    }
    try {
        found.crs = geo::Crs::parse(wkt);
    } catch (const Error& error) {
        found.unreadable = error.text().en;
        return found;
    }
    OGRAxisOrientation first_axis = OAO_Other;
    reference->GetAxis(nullptr, 0, &first_axis);
    const bool authority_north_first = first_axis == OAO_North;
    const auto& mapping = reference->GetDataAxisToSRSAxisMapping();
    // mapping[i]: which ordinate of the data is axis i + 1 of the authority's definition.
    const bool data_in_authority_order = mapping.size() < 2 || mapping[0] == 1;
    found.north_first = authority_north_first == data_in_authority_order;
    return found;
}

} // namespace corebelt::layers
