#include "text_layout.hpp"

#include "corebelt/geo/error.hpp"

#include <array>
#include <cmath>
#include <cstdio>
#include <string_view>

namespace corebelt::styles {

namespace {

constexpr double ideograph_middle_em = 0.36; ///< optical middle of capitals and ideographs above the baseline

PangoContextPtr make_context(cairo_t* cairo) {
    PangoContextPtr context(pango_cairo_create_context(cairo));
    cairo_font_options_t* options = cairo_font_options_create();
    // No hinting: layout must not depend on the resolution.
    cairo_font_options_set_hint_style(options, CAIRO_HINT_STYLE_NONE);
    cairo_font_options_set_hint_metrics(options, CAIRO_HINT_METRICS_OFF);
    cairo_font_options_set_antialias(options, CAIRO_ANTIALIAS_GRAY);
    pango_cairo_context_set_font_options(context.get(), options);
    cairo_font_options_destroy(options);
    pango_context_set_round_glyph_positions(context.get(), FALSE);
    pango_context_set_language(context.get(), pango_language_from_string("zh-cn"));
    return context;
}

FontPtr make_font(const TextFace& face) {
    FontPtr font(pango_font_description_new());
    pango_font_description_set_family(font.get(), font_family);
    pango_font_description_set_weight(font.get(), face.bold ? PANGO_WEIGHT_BOLD : PANGO_WEIGHT_NORMAL);
    pango_font_description_set_absolute_size(font.get(), face.size * PANGO_SCALE);
    return font;
}

void check_font(PangoContext* context, const PangoFontDescription* wanted) {
    const std::unique_ptr<PangoFont, FreeGObject> font(pango_context_load_font(context, wanted));
    std::string found = "none";
    if (font) {
        const FontPtr description(pango_font_describe(font.get()));
        if (const char* family = pango_font_description_get_family(description.get()); family != nullptr)
            found = family;
    }
    if (found != font_family)
        throw Error(
            ErrorKind::output, "missing-font",
            {std::string("the font ") + font_family + " is not installed (found: " + found +
                 "); install the package fonts-noto-cjk",
             std::string("未安装字体 ") + font_family + "（系统给出的是 " + found + "），请安装 fonts-noto-cjk"});
}

LayoutPtr make_layout(PangoContext* context, const PangoFontDescription* font, std::string_view text) {
    LayoutPtr layout(pango_layout_new(context));
    pango_layout_set_font_description(layout.get(), font);
    // Without fallback a character that the font lacks shows up here and not as another machine's other font.
    const AttributesPtr attributes(pango_attr_list_new());
    pango_attr_list_insert(attributes.get(), pango_attr_fallback_new(FALSE));
    pango_layout_set_attributes(layout.get(), attributes.get());
    pango_layout_set_text(layout.get(), text.data(), static_cast<int>(text.size()));
    return layout;
}

[[noreturn]] void missing_glyph(PangoContext* context, const PangoFontDescription* font, const std::string& text) {
    std::string character = text;
    for (const char* p = text.c_str(); *p != '\0'; p = g_utf8_next_char(p)) {
        const std::string one(p, static_cast<std::size_t>(g_utf8_next_char(p) - p));
        if (pango_layout_get_unknown_glyphs_count(make_layout(context, font, one).get()) > 0) {
            character = one;
            break;
        }
    }
    std::array<char, 16> number{};
    std::snprintf(number.data(), number.size(), "U+%04X", g_utf8_get_char(character.c_str()));
    throw Error(ErrorKind::output, "missing-glyph",
                {std::string("the font ") + font_family + " has no glyph for \"" + character + "\" (" + number.data() +
                     ") in \"" + text + "\"; change the text or the name in the data",
                 std::string("字体 ") + font_family + " 缺少字符“" + character + "”（" + number.data() +
                     "），见于文字“" + text + "”，请修改文字或数据中的名称"});
}

} // namespace

TextLayout::TextLayout(cairo_t* cairo, const std::string& text, const TextFace& face) : cairo_(cairo) {
    if (g_utf8_validate(text.data(), static_cast<gssize>(text.size()), nullptr) == FALSE)
        throw Error(ErrorKind::output, "bad-text", {"a text to be drawn is not UTF-8", "待绘制的文字不是有效的 UTF-8"});
    const PangoContextPtr context = make_context(cairo);
    const FontPtr font = make_font(face);
    check_font(context.get(), font.get());
    layout_ = make_layout(context.get(), font.get(), text);
    if (face.centred)
        pango_layout_set_alignment(layout_.get(), PANGO_ALIGN_CENTER);
    if (pango_layout_get_unknown_glyphs_count(layout_.get()) > 0)
        missing_glyph(context.get(), font.get(), text);
    PangoRectangle logical;
    pango_layout_get_extents(layout_.get(), nullptr, &logical);
    width_ = static_cast<double>(logical.width) / PANGO_SCALE;
    height_ = static_cast<double>(logical.height) / PANGO_SCALE;
    baseline_ = static_cast<double>(pango_layout_get_baseline(layout_.get())) / PANGO_SCALE;
    middle_ = baseline_ - ideograph_middle_em * face.size;
}

void TextLayout::add_path(double x, double y) const {
    cairo_move_to(cairo_, x, y);
    pango_cairo_layout_path(cairo_, layout_.get());
}

void TextLayout::show(double x, double y) const {
    cairo_new_path(cairo_);
    add_path(x, y);
    cairo_fill(cairo_);
}

} // namespace corebelt::styles
