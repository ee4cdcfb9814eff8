#include "corebelt/styles/sheet.hpp"

#include "furniture.hpp"
#include "legend.hpp"
#include "panels.hpp"

#include "corebelt/geo/area_form.hpp"
#include "corebelt/geo/error.hpp"
#include "corebelt/geo/expects.hpp"
#include "corebelt/layers/land_use.hpp"
#include "corebelt/layers/sink.hpp"
#include "corebelt/styles/style.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <optional>
#include <set>
#include <utility>

namespace corebelt::styles {

namespace {

using geo::Box;
using geo::XY;

constexpr double mm_per_inch = 25.4;
constexpr double label_inset_mm = 1.5; ///< labels keep this far from the neat line

// --- paper ---------------------------------------------------------------------------------------------------------

struct Paper {
    const char* name;
    double long_mm, short_mm;
    double column_mm; ///< right column with legend and title block
};

constexpr std::array<Paper, 5> papers = {
    {{"A0", 1189, 841, 130}, {"A1", 841, 594, 110}, {"A2", 594, 420, 98}, {"A3", 420, 297, 92}, {"A4", 297, 210, 86}}};

/// Where things stand on the sheet, mm.
struct Layout {
    Rect page, outer, inner, map, column;
    double title_y = 0, foot_y = 0;
};

constexpr double neat_gap = 5; ///< between outer and inner neat line; holds the grid's kilometres

Layout layout_of(const project::Sheet& sheet) {
    const auto paper =
        std::find_if(papers.begin(), papers.end(), [&](const Paper& p) { return sheet.paper == p.name; });
    if (paper == papers.end())
        throw Error(ErrorKind::usage, "unknown-paper",
                    {"sheet " + sheet.id + ": paper " + sheet.paper + " is not one of A0, A1, A2, A3, A4",
                     "图幅 " + sheet.id + "：图纸规格 " + sheet.paper + " 不在 A0、A1、A2、A3、A4 之列"});
    Layout l;
    l.page = {0, 0, sheet.landscape ? paper->long_mm : paper->short_mm,
              sheet.landscape ? paper->short_mm : paper->long_mm};
    constexpr double side = 9, head = 19, foot = 17;
    l.outer = {side, head, l.page.width - 2 * side, l.page.height - head - foot};
    l.inner = l.outer.inset(neat_gap);
    l.column = {l.inner.right() - paper->column_mm, l.inner.y, paper->column_mm, l.inner.height};
    l.map = {l.inner.x, l.inner.y, l.inner.width - paper->column_mm, l.inner.height};
    l.title_y = head / 2 + 0.5;
    l.foot_y = l.outer.bottom() + 4;
    return l;
}

// --- the map's CRS and scale ---------------------------------------------------------------------------------------

/// A sheet is drawn on a plane. Degrees go to the three-degree strip (CGCS2000) or the UTM zone (WGS 84) of their
/// middle; none where the CRS is projected already.
std::optional<geo::Crs> plane_for(const Scene& scene) {
    if (!scene.crs.is_geographic())
        return std::nullopt;
    Box box;
    for (const SceneLayer& layer : scene.layers)
        for (const Box& b : layer.table.rows.shapes.box)
            box.add(b);
    const double longitude = (box.min_x + box.max_x) / 2;
    if (scene.crs.datum() == geo::Datum::cgcs2000) {
        const double strip = std::clamp(std::round(longitude / 3), 25.0, 45.0); // meridians 75° to 135°
        return geo::Crs::parse("EPSG:" + std::to_string(4534 + static_cast<int>(strip) - 25));
    }
    if (scene.crs.datum() == geo::Datum::wgs84) {
        const int zone = std::clamp(static_cast<int>(std::floor((longitude + 180) / 6)) + 1, 1, 60);
        return geo::Crs::parse("EPSG:" + std::to_string((box.min_y + box.max_y < 0 ? 32700 : 32600) + zone));
    }
    throw Error(ErrorKind::usage, "sheet-needs-projected-crs",
                {"a sheet cannot be drawn in " + scene.crs.label() + "; state a projected crs in [project]",
                 "无法以 " + scene.crs.label() + " 制图，请在 [project] 中指定投影坐标系 crs"});
}

/// Ground metres per unit of the CRS about a place. Gauss–Krüger is taken at its grid (within 0.04 % inside a strip);
/// a projection that is off by more than 0.5 % is corrected, so that the scale bar is true.
double ground_metres_per_unit(const geo::Crs& crs, XY about) {
    if (crs.gauss_krueger())
        return crs.metres_per_unit();
    const double half = 500 / crs.metres_per_unit();
    const std::array<XY, 5> square = {XY{-half, -half}, {half, -half}, {half, half}, {-half, half}, {-half, -half}};
    const geo::LocalAreaForm ground = geo::AreaForm::ground(crs).local(about);
    double ground_m2 = 0;
    for (std::size_t i = 1; i < square.size(); ++i)
        ground_m2 += ground.segment_m2(square[i - 1], square[i]);
    const double factor = std::sqrt(ground_m2) / 1000;
    return std::abs(factor - 1) > 0.005 ? factor * crs.metres_per_unit() : crs.metres_per_unit();
}

/// Good to a degree or two, which is all that the zoom of a style needs.
double rough_latitude_deg(const geo::Crs& crs, XY p) {
    if (const auto& gk = crs.gauss_krueger())
        return std::clamp((p.y - gk->false_northing_m) * crs.metres_per_unit() / 111000 + gk->latitude_of_origin_deg,
                          -85.0, 85.0);
    return 0;
}

std::vector<Box> parts_to_show(const DrawnMap& map) {
    const auto boxes_of = [&](auto wanted) {
        std::vector<Box> boxes;
        for (const DrawnLayer& layer : map.layers)
            if (wanted(layer.scene->layer.theme))
                for (const Box& b : layer.shapes.box)
                    if (!b.empty())
                        boxes.push_back(b);
        return boxes;
    };
    auto boxes = boxes_of([](const std::string& theme) { return theme == "zone" || theme == "park"; });
    if (boxes.empty())
        boxes =
            boxes_of([](const std::string& theme) { return theme == "landuse-planned" || theme == "landuse-current"; });
    if (boxes.empty())
        boxes = boxes_of([](const std::string&) { return true; });
    if (boxes.empty())
        throw Error(ErrorKind::usage, "nothing-to-draw", {"the layers of the sheet are empty", "图幅所列图层均无要素"});
    // Many small parts (parcels) stand for the land as a whole.
    constexpr std::size_t most_parts = 64;
    if (boxes.size() > most_parts) {
        Box all;
        for (const Box& b : boxes)
            all.add(b);
        boxes = {all};
    }
    return boxes;
}

// --- words ---------------------------------------------------------------------------------------------------------

std::string year_and_month(const std::string& iso_date, Lang lang) {
    if (iso_date.size() < 7)
        return lang == Lang::zh ? "未注明" : "not stated";
    if (lang == Lang::en)
        return iso_date.substr(0, 7);
    const std::string month = iso_date[5] == '0' ? iso_date.substr(6, 1) : iso_date.substr(5, 2);
    return iso_date.substr(0, 4) + "年" + month + "月";
}

std::string area_note(geo::AreaMethod method, Lang lang) {
    std::string zh, en;
    switch (method) {
    case geo::AreaMethod::cn2008:
        zh = "图斑椭球面积（国土调查办发〔2008〕32号公式，CGCS2000参数）";
        en = "ellipsoidal parcel area by the formula of notice 32 (2008), CGCS2000 constants";
        break;
    case geo::AreaMethod::geodesic:
        zh = "测地线多边形椭球面积";
        en = "ellipsoidal area with geodesic edges";
        break;
    case geo::AreaMethod::planar:
        zh = "投影平面面积";
        en = "planar area on the map projection";
        break;
    }
    return lang == Lang::zh ? "面积为" + zh + "；各类修约后按最大余数法与合计平差。"
                            : "Areas: " + en + "; rounded parts reconciled to the rounded total (largest remainder).";
}

std::string scheme_note(const project::Layer& parcels, Lang lang) {
    static const std::array<std::array<const char*, 3>, 5> names = {
        {{"YDYH2023", "《国土空间调查、规划、用途管制用地用海分类指南》（2023年）",
          "land and sea use classification, 2023"},
         {"YDYH2020", "《国土空间调查、规划、用途管制用地用海分类指南（试行）》（2020年）",
          "land and sea use classification, trial edition 2020"},
         {"SD", "《第三次全国国土调查工作分类》", "working classes of the third national land survey"},
         {"GBT21010-2017", "《土地利用现状分类》GB/T 21010-2017", "GB/T 21010-2017 current land use classification"},
         {"GB50137-2011", "《城市用地分类与规划建设用地标准》GB 50137-2011", "GB 50137-2011 urban land use classes"}}};
    for (const auto& [code, zh, en] : names)
        if (parcels.scheme == code)
            return lang == Lang::zh ? std::string("用地分类执行") + zh + "。"
                                    : std::string("Land use by the ") + en + ".";
    return {};
}

std::string source_note(const Scene& scene, Lang lang) {
    std::vector<std::string> sources;
    for (const SceneLayer& layer : scene.layers)
        if (const auto& s = layer.layer.coverage_source;
            !s.empty() && std::find(sources.begin(), sources.end(), s) == sources.end())
            sources.push_back(s);
    if (sources.empty())
        return {};
    std::string joined;
    for (const std::string& s : sources)
        joined += (joined.empty() ? "" : lang == Lang::zh ? "；" : "; ") + s;
    return lang == Lang::zh ? "数据来源：" + joined + "。" : "Data: " + joined + ".";
}

// --- drawing -------------------------------------------------------------------------------------------------------

/// One sheet being drawn.
class SheetPainter {
public:
    SheetPainter(const Scene& scene, const project::Sheet& sheet, const SheetOptions& options, SheetSummary& summary)
        : scene_(scene),
          sheet_(sheet),
          options_(options),
          summary_(summary),
          target_(plane_for(scene)),
          crs_(target_.value_or(scene.crs)),
          map_(scene, target_),
          style_(parse_style(default_style_json(scene.project), "default")),
          layout_(layout_of(sheet)),
          per_mm_(options.dpi / mm_per_inch),
          picture_(pixels(layout_.page.width), pixels(layout_.page.height)),
          surface_(surface_over(picture_)),
          cairo_(context_on(surface_.get())),
          pen_(cairo_.get()) {
        cairo_scale(cairo_.get(), per_mm_, per_mm_);
    }

    Picture draw() {
        pen_.fill(layout_.page, {255, 255, 255});
        plan_map();
        for (const Panel& panel : plan_.panels)
            draw_panel(panel);
        draw_frame();
        draw_title();
        draw_column();
        draw_foot();
        check(cairo_.get());
        summarise();
        surface_.reset();
        return std::move(picture_);
    }

private:
    [[nodiscard]] int pixels(double mm) const { return static_cast<int>(std::lround(mm * options_.dpi / mm_per_inch)); }
    [[nodiscard]] bool zh() const { return options_.lang == Lang::zh; }
    [[nodiscard]] std::string in(const char* zh_text, const char* en_text) const { return zh() ? zh_text : en_text; }

    void plan_map() {
        const auto parts = parts_to_show(map_);
        Box all;
        for (const Box& b : parts)
            all.add(b);
        const XY middle{(all.min_x + all.max_x) / 2, (all.min_y + all.max_y) / 2};
        ground_m_ = ground_metres_per_unit(crs_, middle);
        plan_ = plan_panels(parts, layout_.map, ground_m_, sheet_.scale);
        units_per_mm_ = plan_.denominator / 1000 / ground_m_;
        zoom_ = zoom_of(css_pixel_mm * plan_.denominator / 1000, rough_latitude_deg(crs_, middle));
        for (const Panel& panel : plan_.panels)
            shown_.push_back(shown_box(panel));
        legend_ = make_legend(scene_, map_, style_, zoom_, shown_);
    }
    [[nodiscard]] Box shown_box(const Panel& panel) const {
        const double half_x = panel.rect.width / 2 * units_per_mm_, half_y = panel.rect.height / 2 * units_per_mm_;
        return {panel.centre.x - half_x, panel.centre.y - half_y, panel.centre.x + half_x, panel.centre.y + half_y};
    }

    void draw_panel(const Panel& panel) {
        // The plane is the sheet in pixels; the panel's window is its rectangle in whole pixels.
        const Box shown = shown_box(panel);
        const double per_unit = per_mm_ / units_per_mm_;
        const MapView view{{shown.min_x - panel.rect.x * units_per_mm_, shown.max_y + panel.rect.y * units_per_mm_},
                           per_unit,
                           zoom_,
                           options_.dpi / 96};
        const Window window{pixels(panel.rect.x), pixels(panel.rect.y),
                            pixels(panel.rect.right()) - pixels(panel.rect.x),
                            pixels(panel.rect.bottom()) - pixels(panel.rect.y)};
        std::vector<Box> obstacles;
        const auto keep_free = [&](const Rect& r) {
            obstacles.push_back({r.x * per_mm_, r.y * per_mm_, r.right() * per_mm_, r.bottom() * per_mm_});
        };
        const bool first = &panel == plan_.panels.data();
        const std::string& note = scene_.project.note;
        constexpr double note_mm = 4.6, note_off = 4;
        if (first && !note.empty())
            keep_free(stamp_rect(pen_, panel.rect.x + note_off, panel.rect.y + note_off, note, note_mm));
        const auto labels = place_labels(map_, style_, view, window.box().grown(-label_inset_mm * per_mm_), obstacles);
        Picture part(window.width, window.height);
        const DrawCounts counts = draw_map(part, window, map_, style_, view, {}, labels, true, options_.jobs);
        overfull_pixels_ += counts.overfull_pixels;
        cairo_surface_flush(surface_.get());
        lay_over(picture_, part, static_cast<int>(window.left), static_cast<int>(window.top), 1);
        cairo_surface_mark_dirty(surface_.get());

        const bool single = plan_.panels.size() == 1;
        draw_grid(pen_, panel.rect, panel.centre, crs_.metres_per_unit(), units_per_mm_, plan_.denominator,
                  single ? neat_gap : 0);
        if (!single)
            pen_.frame(panel.rect, 0.25);
        if (first && !note.empty())
            draw_stamp(pen_, panel.rect.x + note_off, panel.rect.y + note_off, note, note_mm);
    }

    void draw_frame() {
        pen_.frame(layout_.outer, 1.0);
        pen_.frame(layout_.inner, 0.25);
        pen_.line(layout_.column.x, layout_.column.y, layout_.column.x, layout_.column.bottom(), 0.25);
    }

    void draw_title() {
        // A sheet title that begins as the project's does names the project already.
        const std::string& project = scene_.project.title;
        const std::size_t two_characters = std::min<std::size_t>(6, project.size());
        const bool named = project.empty() || sheet_.title.starts_with(project.substr(0, two_characters));
        const std::string title = named ? sheet_.title : project + in("——", ": ") + sheet_.title;
        pen_.text(layout_.page.width / 2, layout_.title_y, title,
                  {9, true, Align::centre, {20, 20, 20}, layout_.outer.width - 10});
    }

    void draw_column() {
        const Rect column = layout_.column.inset(4);
        // North arrow and scale.
        draw_north_arrow(pen_, {column.x, column.y, 20, 26}, options_.lang);
        const double scale_x = column.x + 25, room = column.right() - scale_x - 8;
        bar_ = scale_bar(plan_.denominator, room);
        pen_.text(scale_x, column.y + 7, in("比例尺　", "Scale  ") + scale_text(plan_.denominator),
                  {4.2, true, Align::left, {26, 26, 26}, 0});
        draw_scale_bar(pen_, scale_x + 1, column.y + 13, bar_, options_.lang);
        double top = column.y + 29;
        pen_.line(layout_.column.x, top, layout_.column.right(), top, 0.25);
        top += 1;

        // From below: title block, key map, notes.
        const double block_height = 33;
        const Rect block{layout_.column.x, layout_.column.bottom() - block_height, layout_.column.width, block_height};
        draw_title_block(pen_, block,
                         {{in("项目名称", "Project"), scene_.project.title},
                          {in("图　　名", "Sheet"), sheet_.title},
                          {in("比 例 尺", "Scale"), scale_text(plan_.denominator)},
                          {in("制图日期", "Date"), year_and_month(scene_.project.as_of, options_.lang)},
                          {in("编制单位", "Prepared by"), ""},
                          {in("审 图 号", "Map approval no."), ""}});
        const double stamp_size = 2.7;
        const std::string stamp = in("内部资料　未经审核", "Internal, not reviewed");
        const Rect size = stamp_rect(pen_, 0, 0, stamp, stamp_size);
        draw_stamp(pen_, block.right() - size.width - 2, block.bottom() - size.height - 0.45, stamp, stamp_size);

        double bottom = block.y - 1.5;
        if (plan_.panels.size() > 1) {
            const double height = 31;
            draw_key_map({column.x, bottom - height, column.width, height});
            bottom -= height + 1.5;
        }
        draw_legend(pen_, {column.x, top, column.width, bottom - top}, legend_, style_, zoom_, options_.lang);
    }

    /// Where the panels lie to each other: outlines of the parts, frames of the panels.
    void draw_key_map(const Rect& rect) {
        pen_.text(rect.x, rect.y + 2.6, in("位置示意", "Key map"), {3.1, true, Align::left, {26, 26, 26}, 0});
        const Rect room{rect.x, rect.y + 5.4, rect.width, rect.height - 5.4};
        Box all;
        for (const Panel& panel : plan_.panels)
            all.add(panel.land);
        const double units_per_mm =
            std::max((all.max_x - all.min_x) / (room.width - 8), (all.max_y - all.min_y) / (room.height - 5));
        const XY centre{(all.min_x + all.max_x) / 2, (all.min_y + all.max_y) / 2};
        const auto on_paper = [&](XY p) {
            return XY{room.x + room.width / 2 + (p.x - centre.x) / units_per_mm,
                      room.y + room.height / 2 - (p.y - centre.y) / units_per_mm};
        };
        cairo_t* cairo = cairo_.get();
        cairo_new_path(cairo);
        for (const DrawnLayer& layer : map_.layers) {
            if (layer.scene->layer.theme != "zone" && layer.scene->layer.theme != "park")
                continue;
            for (std::size_t i = 0; i < layer.shapes.size(); ++i)
                for (std::size_t r = 0; r < layer.shapes[i].ring_count(); ++r) {
                    cairo_new_sub_path(cairo);
                    for (const XY p : layer.shapes[i].ring(r)) {
                        const XY at = on_paper(p);
                        cairo_line_to(cairo, at.x, at.y);
                    }
                    cairo_close_path(cairo);
                }
        }
        cairo_set_dash(cairo, nullptr, 0, 0);
        set_colour(cairo, {230, 0, 169, 70});
        cairo_fill_preserve(cairo);
        set_colour(cairo, {120, 0, 90});
        cairo_set_line_width(cairo, 0.15);
        cairo_stroke(cairo);
        name_parts(room, on_paper);
        pen_.frame(room, 0.15, {120, 120, 120});
    }

    /// Names of the parts on the key map, beside their outlines.
    template <class OnPaper>
    void name_parts(const Rect& room, const OnPaper& on_paper) const {
        std::vector<Box> taken;
        for (const DrawnLayer& layer : map_.layers)
            if (layer.scene->layer.theme == "zone" || layer.scene->layer.theme == "park")
                for (const Box& b : layer.shapes.box)
                    if (!b.empty()) {
                        const XY low = on_paper({b.min_x, b.max_y}), high = on_paper({b.max_x, b.min_y});
                        taken.push_back({low.x, low.y, high.x, high.y});
                    }
        const auto free = [&](const Rect& r) {
            const Box box{r.x, r.y, r.right(), r.bottom()};
            return r.x > room.x && r.right() < room.right() && r.y > room.y && r.bottom() < room.bottom() &&
                   std::none_of(taken.begin(), taken.end(), [&](const Box& b) { return b.touches(box); });
        };
        for (const DrawnLayer& layer : map_.layers) {
            const project::Layer& meta = layer.scene->layer;
            if (meta.theme != "zone" && meta.theme != "park")
                continue;
            const layers::Column* names = meta.name_field.empty() ? nullptr : layer.rows().find(meta.name_field);
            for (std::size_t i = 0; names != nullptr && i < layer.shapes.size(); ++i) {
                const Box& box = layer.shapes.box[i];
                if (box.empty())
                    continue;
                const std::string name = layers::to_string(names->value(i));
                const double width = pen_.width_of(name, smallest_text_mm, false),
                             middle_y = (box.min_y + box.max_y) / 2;
                const XY right = on_paper({box.max_x, middle_y}), left = on_paper({box.min_x, middle_y});
                const XY below = on_paper({(box.min_x + box.max_x) / 2, box.min_y});
                const std::array<XY, 3> starts = {XY{right.x + 0.8, right.y}, XY{left.x - 0.8 - width, left.y},
                                                  XY{below.x - width / 2, below.y + 0.7 * smallest_text_mm}};
                for (const XY start : starts) {
                    const Rect rect{start.x, start.y - smallest_text_mm / 2, width, smallest_text_mm};
                    if (!free(rect))
                        continue;
                    pen_.text(start.x, start.y, name, {smallest_text_mm, false, Align::left, {60, 60, 60}, 0});
                    taken.push_back({rect.x, rect.y, rect.right(), rect.bottom()});
                    break;
                }
            }
        }
    }

    /// What one must know to use the sheet, below the neat line: systems on the left, figures on the right.
    void draw_foot() {
        const Rect& outer = layout_.outer;
        std::vector<std::string> left{crs_note(crs_).in(options_.lang)}, right;
        const auto add = [](std::vector<std::string>& side, const std::string& text) {
            if (!text.empty())
                side.push_back(text);
        };
        add(left, source_note(scene_, options_.lang));
        add(left, in("示意图，不作为划界依据。", "Illustration; not a basis for delimiting boundaries.") +
                      (scene_.project.note.empty() ? "" : "　" + scene_.project.note));
        if (legend_.parcels != nullptr) {
            add(right, scheme_note(legend_.parcels->scene->layer, options_.lang));
            add(right, area_note(scene_.project.area, options_.lang));
        }
        for (const std::string& note : sheet_.notes)
            if (note != scene_.project.note) // stands on the map and on the left
                add(right, note);
        constexpr double pitch = 4.1;
        const double room = outer.width / 2 - 3;
        const auto lines = [&](const std::vector<std::string>& texts, double x, Align align) {
            for (std::size_t i = 0; i < texts.size() && i < 3; ++i)
                pen_.text(x, layout_.foot_y + pitch * static_cast<double>(i), texts[i],
                          {2.8, false, align, {26, 26, 26}, room});
        };
        lines(left, outer.x, Align::left);
        lines(right, outer.right(), Align::right);
    }

    void summarise() {
        summary_.denominator = plan_.denominator;
        summary_.panels = plan_.panels.size();
        summary_.scale_bar_m = bar_.length_m();
        summary_.scale_bar_mm = bar_.length_mm();
        summary_.pixels_per_metre = per_mm_ / units_per_mm_ / ground_m_;
        summary_.classes = legend_classes(legend_, zoom_, options_.lang);
        summary_.total_hectares_2 = legend_.balance.hectares_2;
        for (const LegendMark& mark : legend_.marks)
            (mark.group == LegendGroup::line ? summary_.lines : summary_.points)
                .push_back(mark.label.in(options_.lang));
        for (const SceneLayer& layer : scene_.layers)
            summary_.issues.merge(layer.table.issues);
        if (overfull_pixels_ > 0 && legend_.parcels != nullptr)
            summary_.issues.add(
                {"layer-overlap",
                 legend_.parcels->scene->layer.key,
                 "",
                 std::nullopt,
                 {"features of a coverage lie on each other: " + std::to_string(overfull_pixels_) +
                      " pixels of sheet " + sheet_.id,
                  "图层内要素相互重叠：图幅 " + sheet_.id + " 上共 " + std::to_string(overfull_pixels_) + " 个像素"}});
    }

    const Scene& scene_;
    const project::Sheet& sheet_;
    const SheetOptions& options_;
    SheetSummary& summary_;
    std::optional<geo::Crs> target_;
    geo::Crs crs_;
    DrawnMap map_;
    Style style_;
    Layout layout_;
    double per_mm_; ///< pixels
    Picture picture_;
    SurfacePtr surface_;
    CairoPtr cairo_;
    Pen pen_;
    PanelPlan plan_;
    std::vector<Box> shown_;
    Legend legend_;
    ScaleBar bar_;
    double ground_m_ = 1, units_per_mm_ = 1, zoom_ = 0;
    std::uint64_t overfull_pixels_ = 0;
};

} // namespace

Picture draw_sheet(const Scene& scene, const project::Sheet& sheet, const SheetOptions& options,
                   SheetSummary& summary) {
    COREBELT_EXPECTS(options.dpi >= 10 && options.dpi <= 1200);
    summary = {};
    return SheetPainter(scene, sheet, options, summary).draw();
}

SheetSummary draw_sheet_png(const project::Project& project, const project::Sheet& sheet, const std::string& path,
                            const SheetOptions& options) {
    const Scene scene = load_scene(project, sheet.layers);
    SheetSummary summary;
    const Picture picture = draw_sheet(scene, sheet, options, summary);
    layers::write_file(path, encode_png(picture, options.dpi));
    return summary;
}

std::vector<project::Sheet> sheets_of(const project::Project& project, Lang lang) {
    if (!project.sheets.empty())
        return project.sheets;
    project::Sheet sheet;
    sheet.id = "landuse";
    sheet.title = lang == Lang::zh ? "用地布局规划图" : "Land-use plan";
    return {sheet};
}

} // namespace corebelt::styles
