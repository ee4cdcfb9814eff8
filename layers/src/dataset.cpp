#include "corebelt/layers/dataset.hpp"

#include "column_merge.hpp"
#include "column_types.hpp"
#include "crs_statement.hpp"
#include "door.hpp"
#include "gdal_errors.hpp"
#include "layer_reader.hpp"
#include "next_in_steps.hpp"
#include "offset_coordinates.hpp"
#include "open_dataset.hpp"

#include "corebelt/geo/error.hpp"
#include "corebelt/layers/boundary_text.hpp"
#include "corebelt/layers/connection.hpp"
#include "corebelt/layers/file_stamps.hpp"

#include <fmt/format.h>
#include <gdal.h>

#include <algorithm>
#include <memory>
#include <mutex>
#include <utility>

namespace corebelt::layers {

namespace {

/// A layer through the door.
class DatasetSource final : public BatchSource {
public:
    DatasetSource(LayerInfo info, std::unique_ptr<LayerReader> reader, Door::Rules rules, FileStamps stamps)
        : info_(std::move(info)),
          reader_(std::move(reader)),
          stamps_(std::move(stamps)),
          rules_(std::move(rules)),
          main_(std::make_unique<Desk>(reader_->make_decoder(), rules_)) {
        free_.push_back(main_.get());
    }

    [[nodiscard]] const LayerInfo& info() const override { return info_; }
    [[nodiscard]] const DoorCounts& counts() const override { return main_->door.counts(); }
    [[nodiscard]] const IssueLog& issues() const override { return main_->door.issues(); }
    [[nodiscard]] Door& door() { return main_->door; }

    bool next(Batch& batch) override { return next_in_steps(*this, at_end_, batch); }

    [[nodiscard]] std::unique_ptr<RawRows> read() override {
        if (!reader_)
            return nullptr; // finished
        auto slice = reader_->read();
        return slice.rows ? std::make_unique<RawSlice>(std::move(slice)) : nullptr;
    }

    void judge(RawRows& raw, Batch& batch, std::vector<std::int64_t>& doubtful_fids) override {
        auto& slice = dynamic_cast<RawSlice&>(raw).slice;
        const LentDesk lent(*this);
        Desk& desk = lent.desk;
        LayerReader::Rows& rows = desk.rows;
        std::swap(batch, rows.batch);
        const auto& all_doubtful = desk.door.counts().doubtful_fids;
        const auto before = static_cast<std::ptrdiff_t>(all_doubtful.size());
        reader_->decode(slice, desk.decoder, rows, desk.door.issues());
        slice = {}; // as soon as it can be spared
        desk.door.judge(
            rows.batch.shapes, rows.decoding, rows.batch.fid,
            [&](std::size_t row) { return reader_->name_of(rows, row); }, desk.rejected);
        doubtful_fids.assign(all_doubtful.begin() + before, all_doubtful.end());
        std::sort(doubtful_fids.begin(), doubtful_fids.end());
        reader_->drop_helpers(rows.batch);
        if (std::find(desk.rejected.begin(), desk.rejected.end(), std::uint8_t{1}) != desk.rejected.end()) {
            for (auto& flag : desk.rejected)
                flag ^= 1U;
            keep_rows(rows.batch, desk.rejected);
        }
        std::swap(batch, rows.batch);
    }

    void finish() override {
        if (!reader_)
            return;
        for (const auto& desk : others_)
            main_->door.absorb(desk->door);
        others_.clear();
        reader_.reset(); // closes the file
        stamps_.require_unchanged();
        main_->door.finish();
    }

private:
    struct RawSlice final : RawRows {
        explicit RawSlice(LayerReader::Slice read)
            : RawRows(read.last - read.first, read.bytes), slice(std::move(read)) {}
        LayerReader::Slice slice;
    };

    /// What one thread decodes and judges with.
    struct Desk {
        Desk(TextDecoder own_decoder, const Door::Rules& rules) : decoder(std::move(own_decoder)), door(rules) {}
        TextDecoder decoder;
        Door door;
        LayerReader::Rows rows;
        std::vector<std::uint8_t> rejected;
    };

    Desk& lend() {
        const std::lock_guard lock(mutex_);
        if (free_.empty()) {
            others_.push_back(std::make_unique<Desk>(reader_->make_decoder(), rules_));
            return *others_.back();
        }
        Desk& desk = *free_.back();
        free_.pop_back();
        return desk;
    }
    void give_back(Desk& desk) {
        const std::lock_guard lock(mutex_);
        free_.push_back(&desk);
    }
    struct LentDesk {
        explicit LentDesk(DatasetSource& lender) : source(lender), desk(lender.lend()) {}
        ~LentDesk() { source.give_back(desk); }
        LentDesk(const LentDesk&) = delete;
        LentDesk& operator=(const LentDesk&) = delete;
        DatasetSource& source;
        Desk& desk;
    };

    LayerInfo info_;
    std::unique_ptr<LayerReader> reader_;
    FileStamps stamps_;
    Door::Rules rules_;
    std::unique_ptr<Desk> main_; ///< has everything after finish()
    bool at_end_ = false;
    std::mutex mutex_;
    std::vector<std::unique_ptr<Desk>> others_; ///< as many as threads judged at once
    std::vector<Desk*> free_;
};

/// A database table that is named may be one without geometry.
[[noreturn]] void no_geometry(const std::string& label) {
    throw Error(ErrorKind::input, "no-spatial-layer",
                {fmt::format("{} has no geometry column", label), fmt::format("{} 没有几何字段", label)});
}

[[noreturn]] void no_crs(const std::string& label, const std::string& unreadable, const geo::Box& extent) {
    if (unreadable.empty())
        throw Error(ErrorKind::input, "no-crs",
                    {label + ": " + missing_crs(extent).en, label + "：" + missing_crs(extent).zh});
    throw Error(
        ErrorKind::input, "no-crs",
        {fmt::format("{} has no usable coordinate reference system ({}): declare it (crs = \"EPSG:…\" in the "
                     "project file, --source-crs EPSG:… of convert) or add it to the data",
                     label, unreadable),
         fmt::format(
             "{} 没有可用的坐标系（{}）：请声明（项目文件中 crs = \"EPSG:…\"，convert 用 --source-crs EPSG:…），"
             "或为数据补上坐标系定义",
             label, unreadable)});
}

/// What names say that coordinates cannot.
void report_statements(const LayerInfo& info, const std::string& label, IssueLog& issues) {
    const auto add = [&](const char* code, Text text) { issues.add({code, label, {}, std::nullopt, std::move(text)}); };
    if (info.crs)
        if (auto text = name_contradiction(*info.crs))
            add("crs-name-mismatch", std::move(*text));
    if (!info.offset.empty()) {
        add("offset-coordinates", offset_text(info));
        return;
    }
    if (const std::string field = field_of_offset(info); !field.empty())
        add("offset-suspected",
            {"the field \"" + field +
                 "\" speaks of offset coordinates (GCJ-02, BD-09): if the geometry was made from it, it is hundreds of "
                 "metres off; ask, and declare offset in the project file",
             "字段“" + field +
                 "”涉及偏移坐标（GCJ-02、BD-09）：若几何由其生成，则偏差达数百米，请核实并在项目文件中声明 offset"});
}

/// The layer's own CRS, else the declared one; where both are there and differ, the layer's and an issue.
std::optional<geo::Crs> decided_crs(const LayerCrs& found, const geo::Box& extent, const OpenOptions& options,
                                    const std::string& label, IssueLog& issues) {
    if (!found.crs) {
        if (!options.declared_crs && options.require_crs)
            no_crs(label, found.unreadable, extent);
        return options.declared_crs;
    }
    if (options.declared_crs && !options.declared_crs->same_as(*found.crs)) {
        const std::string& own = found.crs->label();
        const std::string& declared = options.declared_crs->label();
        issues.add({"crs-declared-differs",
                    label,
                    {},
                    std::nullopt,
                    {fmt::format("the layer says {}, the project declares {}: the layer's own is used", own, declared),
                     fmt::format("图层自带坐标系 {}，与声明的 {} 不一致：按图层自带的处理", own, declared)}});
    }
    return found.crs;
}

} // namespace

DatasetRef DatasetRef::parse(const std::string& text) {
    constexpr std::string_view mark = "|layer=";
    const std::size_t at = text.rfind(mark);
    if (at == std::string::npos)
        return {text, std::nullopt};
    return {text.substr(0, at), text.substr(at + mark.size())};
}

std::string DatasetRef::to_string() const {
    return layer ? dataset + "|layer=" + *layer : dataset;
}

std::unique_ptr<BatchSource> open_layer(const std::string& source, const OpenOptions& options) {
    const DatasetRef ref = DatasetRef::parse(source);
    const std::string label = without_password(options.label.empty() ? source : options.label);
    if (is_boundary_text_file(ref.dataset))
        return open_boundary_text(ref.dataset, options);
    OpenDataset dataset = open_dataset(ref.dataset);
    FileStamps stamps(ref.dataset);
    OGRLayer& layer = choose_layer(dataset, ref, spatial_layers(dataset));
    if (layer.GetGeomType() == wkbNone)
        no_geometry(label);
    const Encoding encoding = encoding_of(dataset, layer, options.encoding);
    LayerInfo info = describe_layer(source, dataset, layer, encoding);
    const LayerCrs found = crs_of(layer);
    IssueLog issues;
    const auto crs = decided_crs(found, found.crs ? geo::Box{} : stated_extent(layer), options, label, issues);
    info.crs = crs;
    find_offset(info, options.declared_offset);
    report_statements(info, label, issues);
    if (crs && options.target_crs)
        info.crs = options.target_crs;
    auto reader = std::make_unique<LayerReader>(std::move(dataset), layer, options, encoding, label, true);
    reader->swap_axes(found.north_first);
    info.fields = reader->fields();
    auto opened = std::make_unique<DatasetSource>(
        std::move(info), std::move(reader),
        Door::Rules{label, crs, options.target_crs, options.max_chord_error_m, options.trust_geometry, options.memo},
        std::move(stamps));
    opened->door().issues().merge(issues);
    return opened;
}

std::vector<LayerInfo> list_layers(const std::string& source, const OpenOptions& options) {
    const DatasetRef ref = DatasetRef::parse(source);
    if (is_boundary_text_file(ref.dataset))
        return {open_boundary_text(ref.dataset, options)->info()};
    const OpenDataset dataset = open_dataset(ref.dataset);
    auto layers = spatial_layers(dataset);
    if (ref.layer)
        layers = {&choose_layer(dataset, ref, layers)};
    std::vector<LayerInfo> infos;
    for (OGRLayer* layer : layers) {
        infos.push_back(describe_layer(source, dataset, *layer, encoding_of(dataset, *layer, options.encoding)));
        infos.back().crs = crs_of(*layer).crs;
        find_offset(infos.back(), options.declared_offset);
    }
    return infos;
}

Table read_attribute_table(const std::string& source, const OpenOptions& options) {
    const DatasetRef ref = DatasetRef::parse(source);
    const std::string label = without_password(options.label.empty() ? source : options.label);
    OpenDataset dataset = open_dataset(ref.dataset);
    auto candidates = attribute_layers(dataset);
    const auto spatial = spatial_layers(dataset);
    if (ref.layer || candidates.empty())
        candidates.insert(candidates.end(), spatial.begin(), spatial.end());
    OGRLayer& layer = choose_layer(dataset, ref, candidates);
    const Encoding encoding = encoding_of(dataset, layer, options.encoding);
    Table table;
    table.info = describe_layer(source, dataset, layer, encoding);
    OpenOptions wanted = options;
    wanted.all_fields = options.all_fields || options.fields.empty();
    LayerReader reader(std::move(dataset), layer, wanted, encoding, label, false);
    table.info.fields = reader.fields();
    table.info.geometry_type = "None";
    for (const auto& field : reader.fields())
        table.rows.columns.push_back({field, {}, {}, {}, {}, {}});
    BatchAppender appender(table.rows);
    LayerReader::Rows rows;
    const TextDecoder decoder = reader.make_decoder();
    for (auto slice = reader.read(); slice.rows; slice = reader.read()) {
        reader.decode(slice, decoder, rows, table.issues);
        reader.drop_helpers(rows.batch);
        appender.append(rows.batch, 0, rows.batch.size());
    }
    if (table.info.driver == "CSV")
        find_types(table);
    table.counts.features = table.rows.size();
    return table;
}

std::string gdal_version() {
    return GDALVersionInfo("RELEASE_NAME");
}

} // namespace corebelt::layers
