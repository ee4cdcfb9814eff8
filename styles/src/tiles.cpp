#include "drawn_map.hpp"

#include "corebelt/geo/error.hpp"
#include "corebelt/geo/expects.hpp"
#include "corebelt/geo/stop.hpp"
#include "corebelt/geo/tile.hpp"
#include "corebelt/layers/sink.hpp"
#include "corebelt/styles/sheet.hpp"

#include <algorithm>
#include <atomic>
#include <cmath>
#include <exception>
#include <filesystem>
#include <map>
#include <mutex>
#include <system_error>
#include <thread>
#include <tuple>
#include <utility>

namespace corebelt::styles {

namespace {

namespace fs = std::filesystem;
using geo::Box;

constexpr std::uint32_t highest_zoom = 22;
constexpr double reach_pixels =
    16; ///< how far a symbol reaches beyond its feature, style pixels; wide lines and casings
constexpr double fullest_tile_px = 128;  ///< automatic least zoom: the plan is at least this large
constexpr std::uint32_t zooms_below = 6; ///< automatic range

/// A folder that takes its name only when everything is in it.
class PendingFolder {
public:
    explicit PendingFolder(const std::string& name) : name_(name), temporary_(name + ".part") {
        std::error_code error;
        if (fs::exists(name_, error) && !(fs::is_directory(name_, error) && fs::is_empty(name_, error)))
            throw Error(ErrorKind::output, "exists",
                        {name + ": there is something already; remove it or choose another name",
                         name + "：目标已存在，请删除或更换名称"});
        fs::remove_all(temporary_, error);
        fs::create_directories(temporary_, error);
        fail_on(error, temporary_);
    }
    ~PendingFolder() {
        std::error_code ignored;
        if (!committed_)
            fs::remove_all(temporary_, ignored);
    }
    PendingFolder(const PendingFolder&) = delete;
    PendingFolder& operator=(const PendingFolder&) = delete;

    [[nodiscard]] const fs::path& path() const { return temporary_; }
    void commit() {
        std::error_code error;
        if (fs::exists(name_, error))
            fs::remove(name_, error); // empty folder
        fs::rename(temporary_, name_, error);
        fail_on(error, name_);
        committed_ = true;
    }
    static void fail_on(const std::error_code& error, const fs::path& path) {
        if (error)
            throw Error(ErrorKind::output, "cannot-write",
                        {path.string() + ": cannot be written: " + error.message(),
                         path.string() + "：无法写入：" + error.message()});
    }

private:
    fs::path name_, temporary_;
    bool committed_ = false;
};

/// Which rows of the map's layers touch which tile of a zoom.
class TileContents {
public:
    TileContents(const DrawnMap& map, const Style& style, const MapView& view, std::uint32_t zoom, double tile_pixels) {
        std::vector<std::uint8_t> shown(map.layers.size(), 0); // layers without a symbol at this zoom make no tile
        for (const StyleLayer& layer : style.layers)
            if (layer.shown_at(view.zoom))
                if (const DrawnLayer* drawn = map.find(layer.source))
                    shown[static_cast<std::size_t>(drawn - map.layers.data())] = 1;
        const double reach = reach_pixels * view.pixels_per_css;
        const double last = std::ldexp(1.0, static_cast<int>(zoom)) - 1;
        const auto for_tiles = [&](const Box& box, auto f) {
            if (box.empty())
                return;
            const Box pixels = view.to_plane(box).grown(reach);
            const auto index = [&](double v) {
                return static_cast<std::uint32_t>(std::clamp(std::floor(v / tile_pixels), 0.0, last));
            };
            for (std::uint32_t y = index(pixels.min_y); y <= index(pixels.max_y); ++y)
                for (std::uint32_t x = index(pixels.min_x); x <= index(pixels.max_x); ++x) {
                    auto& tile = tiles_[{x, y}];
                    if (tile.empty())
                        tile.resize(map.layers.size());
                    f(tile);
                }
        };
        for (std::size_t l = 0; l < map.layers.size(); ++l) {
            if (shown[l] == 0)
                continue;
            const DrawnLayer& layer = map.layers[l];
            for (std::uint32_t i = 0; i < layer.shapes.size(); ++i)
                for_tiles(layer.shapes.box[i], [&](auto& tile) { tile[l].shapes.push_back(i); });
            for (std::uint32_t i = 0; i < layer.boundaries.size(); ++i)
                for_tiles(layer.boundaries.box[i], [&](auto& tile) { tile[l].boundaries.push_back(i); });
        }
    }
    [[nodiscard]] const std::map<std::pair<std::uint32_t, std::uint32_t>, std::vector<Candidates>>& tiles() const {
        return tiles_;
    }

private:
    std::map<std::pair<std::uint32_t, std::uint32_t>, std::vector<Candidates>> tiles_; ///< by (x, y)
};

MapView view_at(std::uint32_t zoom, std::uint32_t tile_pixels) {
    MapView view;
    view.origin = {-geo::mercator_half_m, geo::mercator_half_m};
    view.pixels_per_unit = std::ldexp(tile_pixels, static_cast<int>(zoom)) / (2 * geo::mercator_half_m);
    view.zoom = static_cast<double>(zoom) - 1; // tiles of 256 style pixels; styles count tiles of 512
    view.pixels_per_css = tile_pixels / 256.0;
    return view;
}

/// Labels are placed once for the whole zoom, so that a label on a border is the same in both tiles.
std::vector<PlacedLabel> labels_of(const DrawnMap& map, const Style& style, const MapView& view, std::uint32_t zoom,
                                   std::uint32_t tile_pixels, const std::string& note) {
    const double side = std::ldexp(tile_pixels, static_cast<int>(zoom));
    std::vector<PlacedLabel> labels = place_labels(map, style, view, {0, 0, side, side}, {});
    place_note(map, style, view, note, labels);
    return labels;
}

std::pair<std::uint32_t, std::uint32_t> zoom_range(const TileOptions& options, const Box& extent) {
    if (options.min_zoom != 0 || options.max_zoom != 0)
        return {options.min_zoom, options.max_zoom};
    const double side = std::max({extent.max_x - extent.min_x, extent.max_y - extent.min_y, 1.0});
    const double zoom = std::log2(2 * geo::mercator_half_m / side * fullest_tile_px / 256);
    const auto low = static_cast<std::uint32_t>(std::clamp(std::ceil(zoom), 0.0, 16.0));
    return {low, std::min(low + zooms_below, highest_zoom)};
}

/// All tiles of one zoom, by several threads; the bytes of a tile depend on nothing but the tile.
class ZoomWriter {
public:
    ZoomWriter(const DrawnMap& map, const Style& style, std::uint32_t zoom, const TileOptions& options,
               const std::string& note, fs::path folder)
        : map_(map),
          style_(style),
          options_(options),
          folder_(std::move(folder)),
          view_(view_at(zoom, options.tile_pixels)),
          contents_(map, style, view_, zoom, options.tile_pixels) {
        labels_ = labels_of(map, style, view_, zoom, options.tile_pixels, note);
        for (const auto& [tile, candidates] : contents_.tiles())
            work_.emplace_back(tile, &candidates);
    }
    [[nodiscard]] std::uint64_t count() const { return work_.size(); }

    void write(TileSummary& summary, const std::function<void(std::uint64_t)>& done) {
        std::atomic<std::size_t> next = 0;
        std::atomic<std::uint64_t> written = 0, empty = 0, bytes = 0;
        std::exception_ptr failure;
        std::mutex mutex;
        std::uint64_t finished = 0;
        const auto work = [&] {
            try {
                for (std::size_t i = next++; i < work_.size(); i = next++) {
                    throw_if_stopped();
                    const std::string png = tile_png(work_[i].first, *work_[i].second);
                    if (png.empty()) {
                        ++empty;
                    } else {
                        store(work_[i].first, png);
                        ++written;
                        bytes += png.size();
                    }
                    const std::lock_guard lock(mutex);
                    done(++finished);
                }
            } catch (...) {
                next = work_.size();
                const std::lock_guard lock(mutex);
                if (!failure)
                    failure = std::current_exception();
            }
        };
        {
            std::vector<std::jthread> threads;
            for (unsigned t = 1; t < options_.jobs; ++t)
                threads.emplace_back(work);
            work();
        }
        if (failure)
            std::rethrow_exception(failure);
        summary.written += written;
        summary.empty += empty;
        summary.bytes += bytes;
    }

private:
    using TileIndex = std::pair<std::uint32_t, std::uint32_t>;

    /// Empty where the tile shows nothing.
    [[nodiscard]] std::string tile_png(TileIndex tile, const std::vector<Candidates>& candidates) const {
        const auto side = static_cast<int>(options_.tile_pixels);
        const Window window{std::int64_t{tile.first} * side, std::int64_t{tile.second} * side, side, side};
        Picture picture(side, side);
        draw_map(picture, window, map_, style_, view_, candidates, labels_, false, 1);
        return picture.is_blank() ? std::string() : encode_png(picture);
    }
    void store(TileIndex tile, const std::string& png) const {
        const fs::path column = folder_ / std::to_string(tile.first);
        std::error_code error;
        fs::create_directories(column, error);
        PendingFolder::fail_on(error, column);
        layers::write_file((column / (std::to_string(tile.second) + ".png")).string(), png);
    }

    const DrawnMap& map_;
    const Style& style_;
    const TileOptions& options_;
    fs::path folder_;
    MapView view_;
    TileContents contents_;
    std::vector<PlacedLabel> labels_;
    std::vector<std::pair<TileIndex, const std::vector<Candidates>*>> work_;
};

} // namespace

TileSummary write_tile_folder(const Scene& scene, const std::string& folder, const TileOptions& options) {
    COREBELT_EXPECTS(options.min_zoom <= options.max_zoom && options.max_zoom <= highest_zoom);
    COREBELT_EXPECTS(options.tile_pixels >= 64 && options.tile_pixels <= 2048);
    const Style style = parse_style(default_style_json(scene.project), "default");
    PendingFolder pending(folder);
    const DrawnMap map(scene, geo::Crs::parse("EPSG:3857"));
    TileSummary summary;
    const Box extent = map.extent();
    if (extent.empty())
        throw Error(ErrorKind::usage, "nothing-to-draw", {"the layers of the plan are empty", "规划图层均无要素"});
    std::tie(summary.min_zoom, summary.max_zoom) = zoom_range(options, extent);

    // The total is known from each zoom's range before it is drawn, so that progress does not jump.
    std::uint64_t total = 0, before = 0;
    for (std::uint32_t z = summary.min_zoom; z <= summary.max_zoom; ++z) {
        const geo::TileRange range = geo::tiles_over(extent, z);
        total += (std::uint64_t{range.max_x} - range.min_x + 1) * (std::uint64_t{range.max_y} - range.min_y + 1);
    }
    for (std::uint32_t z = summary.min_zoom; z <= summary.max_zoom; ++z) {
        ZoomWriter writer(map, style, z, options, scene.project.note, pending.path() / std::to_string(z));
        writer.write(summary, [&](std::uint64_t done) {
            if (options.progress)
                options.progress(std::min(before + done, total), total);
        });
        before += writer.count();
    }
    if (options.progress)
        options.progress(total, total);
    pending.commit();
    return summary;
}

TileSummary write_tile_folder(const project::Project& project, const std::string& folder, const TileOptions& options) {
    return write_tile_folder(load_scene(project, {}), folder, options);
}

Picture draw_tile_block(const Scene& scene, const geo::TileRange& block, std::uint32_t tile_pixels) {
    COREBELT_EXPECTS(block.min_x <= block.max_x && block.min_y <= block.max_y);
    COREBELT_EXPECTS(block.max_x - block.min_x < 64 && block.max_y - block.min_y < 64);
    const Style style = parse_style(default_style_json(scene.project), "default");
    const DrawnMap map(scene, geo::Crs::parse("EPSG:3857"));
    const MapView view = view_at(block.z, tile_pixels);
    const std::vector<PlacedLabel> labels = labels_of(map, style, view, block.z, tile_pixels, scene.project.note);
    const auto pixels = [&](std::uint32_t tiles) { return std::int64_t{tiles} * tile_pixels; };
    const Window window{pixels(block.min_x), pixels(block.min_y),
                        static_cast<int>(pixels(block.max_x - block.min_x + 1)),
                        static_cast<int>(pixels(block.max_y - block.min_y + 1))};
    Picture picture(window.width, window.height);
    draw_map(picture, window, map, style, view, {}, labels, false, 1);
    return picture;
}

} // namespace corebelt::styles
