#include "corebelt/layers/vector_file.hpp"

#include "fitted_names.hpp"
#include "gdal_errors.hpp"
#include "layer_writer.hpp"
#include "ogr_feature.hpp"
#include "postgres_target.hpp"
#include "staged_files.hpp"
#include "text_decoder.hpp"
#include "vector_traits.hpp"

#include "corebelt/geo/error.hpp"
#include "corebelt/geo/expects.hpp"
#include "corebelt/layers/boundary_text.hpp"
#include "corebelt/layers/connection.hpp"
#include "corebelt/layers/dataset.hpp"

#include <cpl_conv.h>
#include <cpl_string.h>
#include <cpl_vsi.h>
#include <fmt/format.h>
#include <gdal_priv.h>

#include <algorithm>
#include <array>
#include <atomic>
#include <cerrno>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <optional>

namespace corebelt::layers {

namespace {

namespace fs = std::filesystem;

[[noreturn]] void bad_option(Text text) {
    throw Error(ErrorKind::usage, "bad-option", std::move(text));
}

/// The file and its companions.
std::vector<std::string> files_of(const std::string& path, const VectorTraits& traits) {
    std::vector<std::string> files{path};
    const CPLStringList companions(CSLTokenizeString(traits.companion));
    for (int i = 0; i < companions.size(); ++i)
        files.push_back(fs::path(path).replace_extension(companions[i]).string());
    return files;
}

std::string stem_of(const std::string& path) {
    return fs::path(path).stem().string();
}

/// The file of a further layer where a file holds only one: "findings.shp" with "_lines" is "findings_lines.shp".
std::string file_of_layer(const std::string& path, const std::string& suffix) {
    fs::path file(path);
    return suffix.empty() ? path : file.replace_filename(stem_of(path) + suffix + file.extension().string()).string();
}

/// Every further layer has a file of its own.
bool is_divided(const VectorTraits& traits) {
    return !traits.several && !traits.mixed;
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

[[noreturn]] void already_there(const std::string& file) {
    throw Error(ErrorKind::output, "already-exists",
                {fmt::format("{} exists already; --overwrite replaces it", file),
                 fmt::format("{} 已存在；如需覆盖请加 --overwrite", file)});
}

/// None where neither the source nor an option names the table.
std::optional<PostgresTableName> stated_table(const DatasetRef& target, const VectorFileOptions& options) {
    if (target.layer && !options.layer_name.empty() && *target.layer != options.layer_name)
        bad_option({fmt::format("two names for the table: \"{}\" and \"{}\"", *target.layer, options.layer_name),
                    fmt::format("表名给了两个：“{}”和“{}”", *target.layer, options.layer_name)});
    const std::string name = target.layer.value_or(options.layer_name);
    if (name.empty())
        return std::nullopt;
    return PostgresTableName::parse(name);
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

/// The table of a layer. @throws Error{usage, "bad-option"} where the server would cut its name.
PostgresTableName table_of_layer(PostgresTableName name, const std::string& suffix) {
    name.table += suffix;
    if (name.table.empty() || std::max(name.table.size(), name.schema.size()) > postgres_name_bytes)
        bad_option({fmt::format("\"{}\" cannot name a table: PostgreSQL keeps {} bytes of a name", name.to_string(),
                                postgres_name_bytes),
                    fmt::format("“{}”不能作表名：PostgreSQL 的名称最多 {} 字节（约 21 个汉字）", name.to_string(),
                                postgres_name_bytes)});
    return name;
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

void check_database(const std::string& path, const VectorFileOptions& options, std::span<const std::string> suffixes) {
    const DatasetRef ref = DatasetRef::parse(path);
    const auto name = stated_table(ref, options);
    std::vector<PostgresTableName> names;
    if (name)
        for (const std::string& suffix : suffixes)
            names.push_back(table_of_layer(*name, suffix));
    PostgresTarget target(ref.dataset);
    for (const PostgresTableName& table : names)
        check_table(target, table, without_password(ref.dataset), options.overwrite);
}

/// All tables in one transaction.
IssueLog write_to_database(const std::string& path, const VectorTraits& traits, std::span<const VectorLayer> layers,
                           const VectorFileOptions& options) {
    IssueLog issues;
    const DatasetRef ref = DatasetRef::parse(path);
    const PostgresTableName stated = stated_table(ref, options).value_or(table_like(*layers.front().table));
    PostgresTarget target(ref.dataset);
    target.begin();
    // All are dropped before one is made: GDAL lists the tables that there are with the first that it makes.
    for (const VectorLayer& layer : layers) {
        const PostgresTableName name = table_of_layer(stated, layer.suffix);
        if (check_table(target, name, without_password(ref.dataset), options.overwrite))
            target.drop(name);
    }
    for (const VectorLayer& layer : layers) {
        const PostgresTableName name = table_of_layer(stated, layer.suffix);
        write_layer({without_password(path), name.table, traits, *layer.table, options, issues}, target, name.schema);
        std::vector<Field> fields;
        for (const Column& column : layer.table->rows.columns)
            fields.push_back(column.field);
        target.index(name, free_name("geom", fields));
    }
    target.commit();
    return issues;
}

std::string layer_name(const std::string& path, const VectorTraits& traits, const VectorLayer& layer,
                       const VectorFileOptions& options) {
    if (!traits.layer_names)
        return stem_of(path);
    const std::string& own = layer.table->info.layer;
    const std::string name = !options.layer_name.empty() ? options.layer_name : own.empty() ? stem_of(path) : own;
    return name + layer.suffix;
}

/// One dataset made as `file`, which becomes `path` later.
void write_dataset(const std::string& file, const std::string& path, const VectorTraits& traits,
                   std::span<const VectorLayer> layers, const VectorFileOptions& options, IssueLog& issues) {
    const WritingOptions settings;
    const PolylineOption polylines;
    const GdalErrors errors;
    GDALDriver* driver = GetGDALDriverManager()->GetDriverByName(traits.driver);
    if (driver == nullptr || driver->GetMetadataItem(GDAL_DCAP_CREATE) == nullptr)
        cannot_write(path, fmt::format("this GDAL cannot write {}", traits.driver));
    GDALDatasetUniquePtr dataset(driver->Create(file.c_str(), 0, 0, 0, GDT_Unknown, nullptr));
    if (!dataset)
        cannot_write(path, errors.reason());
    try {
        for (const VectorLayer& layer : layers)
            write_layer({path, layer_name(path, traits, layer, options), traits, *layer.table, options, issues},
                        *dataset, errors);
    } catch (...) {
        dataset.reset(); // what GDAL says while it closes a broken file is caught here, too
        throw;
    }
    dataset.reset(); // the last pages are written only now
    if (errors.failed())
        cannot_write(path, errors.reason());
}

/// One file, and what belongs to it, whole in the folder of `staged`.
void stage(const StagedFiles& staged, const std::string& path, const VectorTraits& traits,
           std::span<const VectorLayer> layers, const VectorFileOptions& options, IssueLog& issues) {
    const std::string file = (fs::path(staged.file()).parent_path() / fs::path(path).filename()).string();
    if (ignores_full_disks(traits.format)) {
        const MemoryFolder memory;
        write_dataset(memory.file(fs::path(path).filename().string()), path, traits, layers, options, issues);
        memory.copy_to(fs::path(file).parent_path(), path);
    } else {
        write_dataset(file, path, traits, layers, options, issues);
    }
    if (traits.format == VectorFormat::shapefile && options.gbk) {
        constexpr char simplified_chinese = 0x4D;
        set_language_byte(fs::path(file).replace_extension("dbf").string(), simplified_chinese);
    }
    if (traits.format == VectorFormat::dxf)
        set_code_page_of_dxf(file);
}

/// The rows of all layers in one.
Table joined(std::span<const VectorLayer> layers) {
    Table all = *layers.front().table;
    for (const VectorLayer& layer : layers.subspan(1))
        all.rows.append(layer.table->rows);
    return all;
}

IssueLog write_files(const std::string& path, const VectorTraits& traits, std::span<const VectorLayer> layers,
                     const VectorFileOptions& options) {
    IssueLog issues;
    StagedFiles staged(path);
    std::vector<std::string> replaced;
    const auto stage_as = [&](const std::string& file, std::span<const VectorLayer> of_file) {
        stage(staged, file, traits, of_file, options, issues);
        for (std::string& belonging : files_of(file, traits))
            replaced.push_back(std::move(belonging));
    };
    if (traits.several) {
        std::vector<VectorLayer> made;
        for (const VectorLayer& layer : layers)
            if (made.empty() || layer.table->rows.size() > 0)
                made.push_back(layer);
        stage_as(path, made);
    } else if (traits.mixed && layers.size() > 1) {
        const Table all = joined(layers);
        stage_as(path, std::vector<VectorLayer>{{"", &all}});
    } else {
        for (const VectorLayer& layer : layers)
            stage_as(file_of_layer(path, layer.suffix), std::vector<VectorLayer>{{"", layer.table}});
    }
    staged.place(replaced);
    return issues;
}

} // namespace

VectorFormat vector_format_of(const std::string& path) {
    return traits_of(path).format;
}

void check_vector_layers(const std::string& path, std::span<const std::string> suffixes,
                         const VectorFileOptions& options) {
    const VectorTraits& traits = traits_of(path);
    if (options.gbk && traits.format != VectorFormat::shapefile && traits.format != VectorFormat::boundary_text)
        bad_option(
            {fmt::format("{}: {} is always UTF-8; GBK is for .shp and .txt", without_password(path), traits.driver),
             fmt::format("{}：{} 固定为 UTF-8 编码，GBK 仅适用于 .shp 和 .txt", without_password(path),
                         traits.driver)});
    if (!options.layer_name.empty() && !traits.layer_names)
        bad_option({fmt::format("{}: a .{} has no layer name but the file's own", path, traits.extension),
                    fmt::format("{}：.{} 的图层名就是文件名，不能另行指定", path, traits.extension)});
    if (traits.format == VectorFormat::postgis) {
        check_database(path, options, suffixes);
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
    for (const std::string& suffix : suffixes)
        for (const std::string& file : files_of(is_divided(traits) ? file_of_layer(path, suffix) : path, traits))
            if (fs::exists(fs::symlink_status(file, ignored)))
                already_there(file);
}

void check_vector_file(const std::string& path, const VectorFileOptions& options) {
    const std::string only;
    check_vector_layers(path, {&only, 1}, options);
}

IssueLog write_vector_file(const std::string& path, const Table& table, const VectorFileOptions& options) {
    const VectorLayer only{"", &table};
    return write_vector_layers(path, {&only, 1}, options);
}

IssueLog write_vector_layers(const std::string& path, std::span<const VectorLayer> layers,
                             const VectorFileOptions& options) {
    COREBELT_EXPECTS(!layers.empty());
    register_drivers();
    const VectorTraits& traits = traits_of(path);
    if (traits.format == VectorFormat::postgis)
        return write_to_database(path, traits, layers, options);
    std::vector<std::string> suffixes;
    for (const VectorLayer& layer : layers)
        suffixes.push_back(layer.suffix);
    check_vector_layers(path, suffixes, options);
    if (traits.format != VectorFormat::boundary_text)
        return write_files(path, traits, layers, options);
    COREBELT_EXPECTS(layers.size() == 1);
    IssueLog issues;
    report_fields_left_out(path, *layers.front().table, issues);
    BoundaryTextOptions text_options;
    text_options.gb18030 = options.gbk;
    write_boundary_text(path, *layers.front().table, text_options);
    return issues;
}

} // namespace corebelt::layers
