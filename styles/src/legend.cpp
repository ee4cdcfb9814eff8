#include "legend.hpp"

#include "corebelt/geo/error.hpp"
#include "corebelt/layers/land_use.hpp"
#include "corebelt/styles/map_scale.hpp"

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <numbers>

namespace corebelt::styles {

namespace {

constexpr Colour ink{26, 26, 26};
constexpr double sample_width = 9, sample_height = 3.6; ///< of a class, mm
constexpr double mark_width = 13;                       ///< of a line or point: dashes repeat in it
constexpr double largest_text = 2.75, least_pitch = 3.5, best_pitch = 5.2;

/// 123456 → "1234.56".
std::string two_decimals(std::int64_t hundredths) {
    const std::string rest = std::to_string(hundredths % 100);
    return std::to_string(hundredths / 100) + "." + (rest.size() < 2 ? "0" : "") + rest;
}

const layers::LandUseClass* class_of(const project::Layer& layer, const std::string& code) {
    return layer.scheme.empty() ? nullptr : layers::LandUseScheme::get(layer.scheme).find(code);
}

std::string class_name(const project::Layer& layer, const std::string& code, Lang lang) {
    if (code.empty())
        return lang == Lang::zh ? "（未赋码）" : "(no code)";
    if (const auto* found = class_of(layer, code))
        return lang == Lang::zh || found->name_en.empty() ? found->name_zh : found->name_en;
    return lang == Lang::zh ? "（表外代码）" : "(code not in the table)";
}

/// The first row of the class, which stands for all of them.
std::size_t row_of(const DrawnLayer& parcels, const std::string& code) {
    const auto* column =
        parcels.scene->layer.class_field.empty() ? nullptr : parcels.rows().find(parcels.scene->layer.class_field);
    for (std::size_t row = 0; column != nullptr && row < parcels.rows().size(); ++row)
        if (layers::to_string(column->value(row)) == code)
            return row;
    return 0;
}

bool shows(const DrawnLayer& layer, std::span<const geo::Box> shown) {
    return std::any_of(layer.shapes.box.begin(), layer.shapes.box.end(), [&](const geo::Box& b) {
        return !b.empty() && std::any_of(shown.begin(), shown.end(), [&](const geo::Box& s) { return s.touches(b); });
    });
}

bool has_dimension(const DrawnLayer& layer, geo::Dimension dimension) {
    const auto& all = layer.shapes.dimension;
    return std::find(all.begin(), all.end(), dimension) != all.end();
}

/// Sample of a layer's symbols, as the style draws them: a box where something fills it, else a stretch of line.
void draw_sample(const Pen& pen, const Rect& rect, const DrawnLayer& drawn, const Style& style, double zoom) {
    cairo_t* cairo = pen.cairo();
    const StyleContext context{zoom, &drawn.rows(), 0};
    const std::string& source = drawn.scene->layer.key;
    const auto of_source = [&](const StyleLayer& l) { return l.source == source && l.shown_at(zoom); };
    const bool filled = has_dimension(drawn, geo::Dimension::area) &&
                        std::any_of(style.layers.begin(), style.layers.end(), [&](const StyleLayer& l) {
                            return of_source(l) && l.type == StyleLayerType::fill;
                        });
    const bool has_course = has_dimension(drawn, geo::Dimension::area) || has_dimension(drawn, geo::Dimension::line);
    const auto outline = [&] {
        cairo_new_path(cairo);
        if (filled) {
            cairo_rectangle(cairo, rect.x, rect.y, rect.width, rect.height);
        } else {
            cairo_move_to(cairo, rect.x, rect.y + rect.height / 2);
            cairo_line_to(cairo, rect.right(), rect.y + rect.height / 2);
        }
    };
    for (const StyleLayer& layer : style.layers) {
        if (!of_source(layer))
            continue;
        if (layer.type == StyleLayerType::fill && filled) {
            outline();
            const double opacity = layer.number("fill-opacity", context);
            if (!layer.has("fill-pattern")) {
                set_colour(cairo, layer.colour("fill-color", context), opacity);
                cairo_fill(cairo);
            } else if (const auto hatch = style.hatches.find(layer.text("fill-pattern", context));
                       hatch != style.hatches.end()) {
                cairo_save(cairo);
                cairo_clip(cairo);
                draw_hatch(cairo, hatch->second, {rect.x, rect.y}, css_pixel_mm, opacity);
                cairo_restore(cairo);
            }
        } else if (layer.type == StyleLayerType::line && has_course) {
            outline();
            stroke_line(cairo, layer, context, css_pixel_mm);
        } else if (layer.type == StyleLayerType::circle && has_dimension(drawn, geo::Dimension::point)) {
            cairo_new_path(cairo);
            cairo_arc(cairo, rect.x + rect.width / 2, rect.y + rect.height / 2,
                      layer.number("circle-radius", context) * css_pixel_mm, 0, 2 * std::numbers::pi);
            set_colour(cairo, layer.colour("circle-color", context), layer.number("circle-opacity", context));
            cairo_fill_preserve(cairo);
            set_colour(cairo, layer.colour("circle-stroke-color", context));
            cairo_set_line_width(cairo, layer.number("circle-stroke-width", context) * css_pixel_mm);
            cairo_stroke(cairo);
        }
    }
}

struct Headings {
    std::string land_use, line, point, code_name, hectares, share, total;
};

Headings headings(Lang lang) {
    if (lang == Lang::zh)
        return {"用地", "线", "点", "用地代码及名称", "面积（公顷）", "占比（%）", "合计"};
    return {"Land use", "Lines", "Points", "Code and name", "Area (ha)", "Share (%)", "Total"};
}

} // namespace

Legend make_legend(const Scene& scene, const DrawnMap& map, const Style& style, double zoom,
                   std::span<const geo::Box> shown) {
    Legend legend;
    for (const StyleLayer& layer : style.layers) {
        if (layer.legend_group == LegendGroup::none || !layer.shown_at(zoom))
            continue;
        const DrawnLayer* drawn = map.find(layer.source);
        if (drawn == nullptr || !shows(*drawn, shown))
            continue;
        if (layer.legend_group == LegendGroup::land_use) {
            if (legend.parcels != nullptr)
                continue;
            legend.parcels = drawn;
            legend.fill = &layer;
            legend.balance = land_balance(*drawn->scene, scene.crs, scene.project.area);
        } else {
            const bool point = layer.legend_group == LegendGroup::point;
            if (point != has_dimension(*drawn, geo::Dimension::point))
                continue;
            const auto same = [&](const LegendMark& m) { return m.label.zh == layer.legend.zh; };
            if (std::none_of(legend.marks.begin(), legend.marks.end(), same)) // two layers of a theme: one entry
                legend.marks.push_back({layer.legend_group, drawn, layer.legend});
        }
    }
    return legend;
}

std::vector<LegendClass> legend_classes(const Legend& legend, double zoom, Lang lang) {
    std::vector<LegendClass> classes;
    if (legend.parcels == nullptr)
        return classes;
    for (const BalanceRow& row : legend.balance.rows) {
        const StyleContext context{zoom, &legend.parcels->rows(), row_of(*legend.parcels, row.code)};
        classes.push_back({row.code, class_name(legend.parcels->scene->layer, row.code, lang),
                           legend.fill->colour("fill-color", context), row.hectares_2, row.share_2});
    }
    return classes;
}

double draw_legend(const Pen& pen, const Rect& rect, const Legend& legend, const Style& style, double zoom, Lang lang) {
    const Headings words = headings(lang);
    const auto classes = legend_classes(legend, zoom, lang);
    std::vector<const LegendMark*> lines, points;
    for (const LegendMark& mark : legend.marks)
        (mark.group == LegendGroup::line ? lines : points).push_back(&mark);

    constexpr double title_height = 7, heading_height = 5, group_gap = 1.2;
    const auto mark_rows = [](std::size_t count) {
        const std::size_t rows = (count + 1) / 2;
        return static_cast<double>(rows);
    };
    const double land_rows = classes.empty() ? 0 : static_cast<double>(classes.size()) + 2; // header and total
    const double rows = land_rows + mark_rows(lines.size()) + mark_rows(points.size());
    const double groups = static_cast<double>(!classes.empty()) + static_cast<double>(!lines.empty()) +
                          static_cast<double>(!points.empty());
    const double fixed = title_height + groups * (heading_height + group_gap);
    const double pitch = std::min(best_pitch, rows > 0 ? (rect.height - fixed) / rows : best_pitch);
    if (pitch < least_pitch)
        throw Error(ErrorKind::output, "legend-too-long",
                    {"the legend of " + std::to_string(classes.size()) +
                         " classes does not fit the sheet; choose a larger paper",
                     "图例共 " + std::to_string(classes.size()) + " 类用地，图幅容纳不下，请选用更大的图纸"});

    const double text_size = std::clamp(pitch * 0.68, smallest_text_mm, largest_text);
    double y = rect.y;
    pen.text(rect.x + rect.width / 2, y + title_height / 2, lang == Lang::zh ? "图　例" : "Legend",
             {4.6, true, Align::centre, ink, 0});
    y += title_height;
    const auto heading = [&](const std::string& text) {
        pen.text(rect.x, y + heading_height / 2, text, {3.1, true, Align::left, ink, 0});
        y += heading_height;
    };

    if (!classes.empty()) {
        heading(words.land_use);
        const double name_x = rect.x + sample_width + 1.8, share_x = rect.right(), hectares_x = rect.right() - 17;
        const double code_room = 11;
        pen.line(rect.x, y, rect.right(), y, 0.25);
        pen.text(name_x, y + pitch / 2, words.code_name, {smallest_text_mm, false, Align::left, ink, 0});
        pen.text(hectares_x, y + pitch / 2, words.hectares, {smallest_text_mm, false, Align::right, ink, 0});
        pen.text(share_x, y + pitch / 2, words.share, {smallest_text_mm, false, Align::right, ink, 0});
        y += pitch;
        pen.line(rect.x, y, rect.right(), y, 0.15);
        for (const LegendClass& c : classes) {
            const Rect sample{rect.x, y + (pitch - std::min(sample_height, pitch - 0.8)) / 2, sample_width,
                              std::min(sample_height, pitch - 0.8)};
            pen.fill(sample, c.colour);
            pen.frame(sample, 0.12, {102, 102, 102});
            const double middle = y + pitch / 2;
            pen.text(name_x, middle, c.code, {text_size, false, Align::left, ink, code_room});
            pen.text(name_x + code_room, middle, c.name,
                     {text_size, false, Align::left, ink, hectares_x - 14 - name_x - code_room});
            pen.text(hectares_x, middle, two_decimals(c.hectares_2), {text_size, false, Align::right, ink, 0});
            pen.text(share_x, middle, two_decimals(c.share_2), {text_size, false, Align::right, ink, 0});
            y += pitch;
        }
        pen.line(rect.x, y, rect.right(), y, 0.15);
        pen.text(name_x, y + pitch / 2, words.total, {text_size, true, Align::left, ink, 0});
        pen.text(hectares_x, y + pitch / 2, two_decimals(legend.balance.hectares_2),
                 {text_size, true, Align::right, ink, 0});
        pen.text(share_x, y + pitch / 2, "100.00", {text_size, true, Align::right, ink, 0});
        y += pitch;
        pen.line(rect.x, y, rect.right(), y, 0.25);
        y += group_gap;
    }
    const auto draw_marks = [&](const std::string& title, const std::vector<const LegendMark*>& marks) {
        if (marks.empty())
            return;
        heading(title);
        const double column = rect.width / 2;
        for (std::size_t i = 0; i < marks.size(); ++i) {
            const std::size_t row = i / 2;
            const double x = rect.x + static_cast<double>(i % 2) * column, top = y + static_cast<double>(row) * pitch;
            const double height = std::min(sample_height, pitch - 0.8);
            const Rect sample{x, top + (pitch - height) / 2, mark_width, height};
            draw_sample(pen, sample, *marks[i]->drawn, style, zoom);
            pen.text(x + mark_width + 2, top + pitch / 2, marks[i]->label.in(lang),
                     {text_size, false, Align::left, ink, column - mark_width - 3});
        }
        y += mark_rows(marks.size()) * pitch + group_gap;
    };
    draw_marks(words.line, lines);
    draw_marks(words.point, points);
    return y - rect.y;
}

} // namespace corebelt::styles
