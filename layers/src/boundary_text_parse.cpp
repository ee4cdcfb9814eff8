#include "text_decoder.hpp"

#include "corebelt/geo/error.hpp"
#include "corebelt/geo/utf8.hpp"
#include "corebelt/layers/boundary_text.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <map>

namespace corebelt::layers {

namespace {

constexpr double prefix_from = 1e7; ///< eastings from here on carry a zone prefix

struct Bytes {
    std::string text; ///< UTF-8
    std::string encoding, why;
    bool undecodable = false;
};

bool has_utf16_shape(std::string_view bytes, std::size_t zero_at) {
    std::size_t zeros = 0;
    std::size_t pairs = 0;
    for (std::size_t i = 0; i + 1 < std::min<std::size_t>(bytes.size(), 400); i += 2, ++pairs)
        zeros += bytes[i + zero_at] == '\0' ? 1 : 0;
    return pairs > 0 && zeros * 4 > pairs; // digits, commas and line ends of a UTF-16 file have one zero byte each
}

Bytes decoded(std::string_view bytes, const std::optional<std::string>& wanted) {
    Bytes result;
    const auto take = [&](const std::string& encoding, const char* why, std::size_t skip) {
        const TextDecoder::Decoded d = TextDecoder(encoding).decode(bytes.substr(skip));
        result = {d.text, encoding, why, d.undecodable};
    };
    if (wanted) {
        const auto known = encoding_called(*wanted);
        if (!known)
            throw Error(ErrorKind::usage, "unknown-encoding",
                        {fmt::format("no encoding is called {}; try GBK or UTF-8", *wanted),
                         fmt::format("未知编码 {}，可用 GBK、UTF-8 等", *wanted)});
        take(*known, "declared", 0);
    } else if (bytes.starts_with("\xEF\xBB\xBF")) {
        take("UTF-8", "bom", 3);
    } else if (bytes.starts_with("\xFF\xFE")) {
        take("UTF-16LE", "bom", 2);
    } else if (bytes.starts_with("\xFE\xFF")) {
        take("UTF-16BE", "bom", 2);
    } else if (has_utf16_shape(bytes, 1)) {
        take("UTF-16LE", "zero-bytes", 0);
    } else if (has_utf16_shape(bytes, 0)) {
        take("UTF-16BE", "zero-bytes", 0);
    } else if (geo::is_utf8(bytes)) {
        take("UTF-8", "utf8-valid", 0);
    } else {
        take("GB18030", "fallback", 0);
    }
    if (result.text.starts_with("\xEF\xBB\xBF"))
        result.text.erase(0, 3);
    return result;
}

/// Full-width forms of ASCII, and the brackets and blanks that stand for it, become ASCII. True where any did.
bool make_half_width(std::string& line) {
    bool changed = false;
    std::string out;
    for (std::size_t i = 0; i < line.size();) {
        const auto byte = [&](std::size_t k) { return static_cast<unsigned char>(line[i + k]); };
        const std::size_t length = byte(0) < 0x80 ? 1 : byte(0) >= 0xF0 ? 4 : byte(0) >= 0xE0 ? 3 : 2;
        if (length == 3 && i + 3 <= line.size()) {
            const unsigned code = ((byte(0) & 0x0FU) << 12U) | ((byte(1) & 0x3FU) << 6U) | (byte(2) & 0x3FU);
            char plain = 0;
            if (code >= 0xFF01 && code <= 0xFF5E)
                plain = static_cast<char>(code - 0xFF01 + 0x21);
            else if (code == 0x3000)
                plain = ' ';
            else if (code == 0x3010)
                plain = '[';
            else if (code == 0x3011)
                plain = ']';
            if (plain != 0) {
                out += plain;
                changed = true;
                i += 3;
                continue;
            }
        }
        out.append(line, i, length);
        i += length;
    }
    line = std::move(out);
    return changed;
}

std::string_view trimmed(std::string_view text) {
    const auto blank = [](char c) { return c == ' ' || c == '\t' || c == '\r'; };
    while (!text.empty() && blank(text.front()))
        text.remove_prefix(1);
    while (!text.empty() && blank(text.back()))
        text.remove_suffix(1);
    return text;
}

std::vector<std::string> split(std::string_view text) {
    std::vector<std::string> fields;
    for (;;) {
        const std::size_t comma = text.find(',');
        fields.emplace_back(trimmed(text.substr(0, comma)));
        if (comma == std::string_view::npos)
            return fields;
        text.remove_prefix(comma + 1);
    }
}

std::optional<double> number_at_start(std::string_view text, std::string_view* rest = nullptr) {
    double value = 0;
    const auto [end, failed] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (failed != std::errc{} || !std::isfinite(value))
        return std::nullopt;
    const std::string_view left = trimmed(text.substr(static_cast<std::size_t>(end - text.data())));
    if (rest != nullptr)
        *rest = left;
    else if (!left.empty())
        return std::nullopt;
    return value;
}

/// The whole part of a number that a file states, 0 where it is no count or zone that could be meant.
int stated_whole(double value) {
    return value >= 0 && value < 1e9 ? static_cast<int>(value) : 0;
}

/// The zone in front of an easting, 0 where there is none.
int prefix_of(double easting) {
    return easting >= prefix_from && easting < 1e9 ? static_cast<int>(easting / 1e6) : 0;
}

struct RawPoint {
    std::size_t line;
    std::string ring;
    double first, second; ///< columns 3 and 4 as they stand
};

struct RawPlot {
    BoundaryPlot plot;
    std::optional<double> stated_points;
    std::vector<RawPoint> points;
};

class Parser {
public:
    Parser(const std::string& label, IssueLog& issues) : label_(label), issues_(issues) {}

    void line(std::size_t number, std::string text) {
        if (make_half_width(text))
            note_once("full-width-punctuation", number,
                      {"full-width punctuation read as half-width", "全角标点已按半角读取"});
        const std::string_view t = trimmed(text);
        if (t.empty())
            return;
        if (t.front() == '[' && t.find(']') != std::string_view::npos) {
            section_ = std::string(trimmed(t.substr(1, t.find(']') - 1)));
            return;
        }
        if (section_ != "地块坐标")
            attribute(number, t);
        else if (t.back() == '@')
            header(number, t.substr(0, t.size() - 1));
        else
            point(number, t);
    }

    BoundaryText finish() {
        find_columns();
        find_crs();
        for (RawPlot& raw : raw_) {
            make_rings(raw);
            result_.plots.push_back(std::move(raw.plot));
        }
        return std::move(result_);
    }

private:
    void note(std::string_view code, std::size_t line, const std::string& feature, const Text& text) {
        issues_.add({std::string(code),
                     label_,
                     feature,
                     std::nullopt,
                     {fmt::format("line {}: {}", line, text.en), fmt::format("第 {} 行：{}", line, text.zh)}});
    }
    void note_once(const std::string& code, std::size_t line, const Text& text) {
        if (said_[code]++ == 0)
            note(code, line, "", text);
    }
    [[nodiscard]] std::string attribute_value(std::string_view key) const {
        for (const auto& [k, v] : result_.attributes)
            if (k == key)
                return v;
        return {};
    }

    void attribute(std::size_t number, std::string_view t) {
        const std::size_t equals = t.find('=');
        if (equals == std::string_view::npos) {
            note(
                "unreadable-line", number, "",
                {fmt::format("neither key=value nor a section: {}", t), fmt::format("既非“键=值”也非分节标题：{}", t)});
            return;
        }
        result_.attributes.emplace_back(trimmed(t.substr(0, equals)), trimmed(t.substr(equals + 1)));
    }

    void header(std::size_t number, std::string_view t) {
        RawPlot raw;
        raw.plot.line = number;
        std::vector<std::string> f = split(t);
        if (!f.empty() && f.back().empty())
            f.pop_back(); // the comma before @
        // The field that says 面, 线 or 点 tells how many stand before it: 4 in the national form, more in dialects
        // that put district and village first.
        const auto is_kind = [](const std::string& s) { return s == "面" || s == "线" || s == "点"; };
        const auto kind_at = std::find_if(f.begin(), f.end(), is_kind);
        std::size_t kind = 4;
        if (kind_at != f.end())
            kind = static_cast<std::size_t>(kind_at - f.begin());
        else
            note("header-without-kind", number, f.size() > 2 ? f[2] : "",
                 {"the header does not say 面, 线 or 点; read as 面 in the national order",
                  "地块表头未写明面、线、点，按国家格式读作面"});
        const auto field = [&](std::size_t i) { return i < f.size() ? f[i] : std::string(); };
        if (kind < 4) {
            note("header-too-short", number, "",
                 {fmt::format("the header has {} fields before 面; 4 are expected", kind),
                  fmt::format("表头在“面”之前仅 {} 项，应为 4 项", kind)});
        }
        const std::size_t before = std::max<std::size_t>(kind, 2);
        raw.stated_points = number_at_start(field(0));
        std::string_view unit;
        const std::string area_field = field(1);
        if (const auto area = number_at_start(area_field, &unit); area && kind >= 2)
            raw.plot.declared_ha = in_hectares(*area, unit, number);
        raw.plot.number = field(before - 2);
        raw.plot.name = field(before - 1);
        raw.plot.kind = kind_at != f.end() ? *kind_at : "面";
        raw.plot.sheet = field(kind + 1);
        raw.plot.use = field(kind + 2);
        raw.plot.land_class = field(kind + 3);
        const auto add_extra = [&](const std::string& text) {
            raw.plot.extra += (raw.plot.extra.empty() ? "" : ",") + text;
        };
        for (std::size_t i = 2; i + 2 < kind; ++i)
            add_extra(field(i));
        for (std::size_t i = kind + 4; i < f.size(); ++i)
            add_extra(f[i]);
        raw_.push_back(std::move(raw));
    }

    double in_hectares(double area, std::string_view unit, std::size_t number) {
        if (unit.empty() || unit == "公顷" || unit == "ha")
            return area;
        double factor = 0;
        if (unit == "平方米" || unit == "㎡" || unit == "m2" || unit == "m²")
            factor = 1e-4;
        else if (unit == "亩")
            factor = 1.0 / 15;
        note("area-unit", number, "",
             {fmt::format("the declared area says {}; hectares are the rule{}", unit,
                          factor == 0 ? ", read as hectares" : ""),
              fmt::format("申报面积标注为“{}”，规范单位为公顷{}", unit, factor == 0 ? "，按公顷读取" : "，已换算")});
        return factor == 0 ? area : area * factor;
    }

    void point(std::size_t number, std::string_view t) {
        const std::vector<std::string> f = split(t);
        if (raw_.empty()) {
            note("point-without-plot", number, "",
                 {"a point before the first plot header", "首个地块表头之前出现界址点"});
            return;
        }
        RawPlot& raw = raw_.back();
        const auto first = f.size() > 2 ? number_at_start(f[2]) : std::nullopt;
        const auto second = f.size() > 3 ? number_at_start(f[3]) : std::nullopt;
        if (!first || !second) {
            note("unreadable-point", number, raw.plot.number,
                 {fmt::format("expected label,ring,X,Y and found {}; the plot is set aside", t),
                  fmt::format("应为“点号,圈号,X,Y”，实为“{}”，该地块已剔除", t)});
            raw.plot.readable = false;
            return;
        }
        raw.points.push_back({number, f[1], *first, *second});
    }

    [[nodiscard]] bool in_degrees() const { return attribute_value("计量单位").starts_with("度"); }

    /// Is X (northing) in the third column, as it should be? By magnitude, a vote over all points.
    void find_columns() {
        std::size_t as_ruled = 0;
        std::size_t the_other_way = 0;
        std::size_t first_line = 0;
        for (const RawPlot& raw : raw_)
            for (const RawPoint& p : raw.points) {
                if (first_line == 0)
                    first_line = p.line;
                if (in_degrees()) {
                    as_ruled += p.second > 65 && p.first < 60 ? 1 : 0;
                    the_other_way += p.first > 65 && p.second < 60 ? 1 : 0;
                } else {
                    // Northings of China have 7 digits, eastings 6, or 8 with the zone in front.
                    as_ruled += p.second >= prefix_from || (p.second < 1e6 && p.first >= 1e6) ? 1 : 0;
                    the_other_way += p.first >= prefix_from || (p.first < 1e6 && p.second >= 1e6) ? 1 : 0;
                }
            }
        swapped_ = the_other_way > as_ruled;
        if (swapped_)
            note("axes-swapped", first_line, "",
                 {"columns X and Y are swapped: the third column holds eastings; read the other way round",
                  "X、Y 列写反：第三列为横坐标（东），已按交换后读取"});
    }

    [[nodiscard]] geo::XY easting_first(const RawPoint& p) const {
        return swapped_ ? geo::XY{p.first, p.second} : geo::XY{p.second, p.first};
    }

    void find_crs() {
        std::map<int, std::size_t> prefixes; // 0: none
        std::size_t first_line = 0;
        for (const RawPlot& raw : raw_)
            for (const RawPoint& p : raw.points) {
                if (first_line == 0)
                    first_line = p.line;
                const double easting = easting_first(p).x;
                ++prefixes[prefix_of(easting)];
            }
        if (prefixes.empty())
            return;
        const auto most = std::max_element(prefixes.begin(), prefixes.end(),
                                           [](const auto& a, const auto& b) { return a.second < b.second; });
        const std::string system = attribute_value("坐标系");
        const auto stated_zone = number_at_start(attribute_value("带号"));
        const auto stated_width = number_at_start(attribute_value("几度分带"));
        if (in_degrees()) {
            const int epsg = datum_of(system) == 'X'   ? 4610
                             : datum_of(system) == 'B' ? 4214
                             : datum_of(system) == 'C' ? 4490
                                                       : 0;
            if (epsg != 0)
                result_.crs = geo::Crs::parse(fmt::format("EPSG:{}", epsg));
            return;
        }
        const int prefix = most->first;
        if (prefixes.size() > 1)
            note("several-zones", first_line, "",
                 {fmt::format(
                      "eastings of {} kinds of zone prefix in one file; the CRS of most points (zone {}) is used",
                      prefixes.size(), prefix),
                  fmt::format("同一文件中横坐标带号前缀有 {} 种，按多数（{} 带）确定坐标系", prefixes.size(), prefix)});
        if (prefix != 0 && stated_zone && stated_whole(*stated_zone) != prefix)
            note("zone-mismatch", first_line, "",
                 {fmt::format("带号 says {}, the eastings begin with {}; the eastings are believed", *stated_zone,
                              prefix),
                  fmt::format("表头带号为 {}，横坐标前缀为 {}，以坐标前缀为准", *stated_zone, prefix)});
        const int zone = prefix != 0 ? prefix : stated_zone ? stated_whole(*stated_zone) : 0;
        if (zone == 0) {
            note("zone-unknown", first_line, "",
                 {"eastings carry no zone prefix and 带号 is empty: the strip cannot be known; declare a CRS",
                  "横坐标无带号前缀，且“带号”为空，无法确定投影带，请指定坐标系"});
            return;
        }
        const bool three = zone >= 25 && zone <= 45;
        const bool six = zone >= 13 && zone <= 23;
        if (!three && !six) {
            note("zone-unknown", first_line, "",
                 {fmt::format("zone {} is none of China's (3°: 25–45, 6°: 13–23)", zone),
                  fmt::format("带号 {} 不在我国范围内（3 度带 25–45，6 度带 13–23）", zone)});
            return;
        }
        if (stated_width && *stated_width != (three ? 3 : 6))
            note("strip-width-mismatch", first_line, "",
                 {fmt::format("几度分带 says {}, zone {} is a {}° zone", *stated_width, zone, three ? 3 : 6),
                  fmt::format("“几度分带”为 {}，但 {} 带是 {} 度带", *stated_width, zone, three ? 3 : 6)});
        const int epsg = epsg_of(datum_of(system), zone, three, prefix != 0);
        if (epsg == 0) {
            note("crs-unknown", first_line, "",
                 {fmt::format("坐标系={}: no known system; declare a CRS", system.empty() ? "(empty)" : system),
                  fmt::format("坐标系={}，无法识别，请指定坐标系", system.empty() ? "（空）" : system)});
            return;
        }
        result_.crs = geo::Crs::parse(fmt::format("EPSG:{}", epsg));
    }

    static char datum_of(std::string_view system) {
        if (system.find("2000") != std::string_view::npos)
            return 'C';
        if (system.find("80") != std::string_view::npos || system.find("西安") != std::string_view::npos)
            return 'X';
        if (system.find("54") != std::string_view::npos || system.find("北京") != std::string_view::npos)
            return 'B';
        return 0;
    }

    static int epsg_of(char datum, int zone, bool three, bool prefixed) {
        const int meridian = three ? 3 * zone : 6 * zone - 3;
        const int step = (meridian - 75) / (three ? 3 : 6);
        switch (datum) {
        case 'C':
            return prefixed ? (three ? 4488 : 4478) + zone : (three ? 4534 : 4502) + step;
        case 'X':
            return prefixed ? (three ? 2324 : 2314) + zone : (three ? 2370 : 2338) + step;
        case 'B':
            return prefixed ? (three ? 2376 : 21400) + zone : (three ? 2422 : 21453) + step;
        default:
            return 0;
        }
    }

    void make_rings(RawPlot& raw) {
        BoundaryPlot& plot = raw.plot;
        if (raw.stated_points && *raw.stated_points != static_cast<double>(raw.points.size()))
            note("point-count", plot.line, plot.number,
                 {fmt::format("the header says {} points, {} follow", *raw.stated_points, raw.points.size()),
                  fmt::format("表头点数为 {}，实际 {} 行", *raw.stated_points, raw.points.size())});
        std::string ring_number;
        bool closed = true;
        const auto end_ring = [&] {
            if (closed)
                return;
            BoundaryRing& ring = plot.rings.back();
            if (plot.kind == "面" && ring.points.front() != ring.points.back()) {
                note("ring-not-closed", ring.line, plot.number,
                     {"the ring does not repeat its first point; closed", "界址圈未以首点闭合，已自动闭合"});
                ring.points.push_back(ring.points.front());
            }
            closed = true;
        };
        for (const RawPoint& p : raw.points) {
            const geo::XY here = easting_first(p);
            if (closed || p.ring != ring_number) {
                end_ring();
                plot.rings.push_back({p.line, {}});
                ring_number = p.ring;
                closed = false;
            }
            BoundaryRing& ring = plot.rings.back();
            ring.points.push_back(here);
            // A ring ends where its first point comes again, also where the ring number does not change after it.
            if (plot.kind == "面" && ring.points.size() > 3 && here == ring.points.front())
                closed = true;
        }
        end_ring();
    }

    const std::string& label_;
    IssueLog& issues_;
    std::map<std::string, std::size_t> said_;
    std::string section_;
    bool swapped_ = false;
    std::vector<RawPlot> raw_;
    BoundaryText result_;
};

} // namespace

bool is_boundary_text(std::string_view bytes) {
    const Bytes text = decoded(bytes.substr(0, std::min<std::size_t>(bytes.size(), 65536)), std::nullopt);
    constexpr std::array<const char*, 3> titles{"[地块坐标]", "【地块坐标】", "［地块坐标］"};
    return std::any_of(titles.begin(), titles.end(),
                       [&](const char* title) { return text.text.find(title) != std::string::npos; });
}

BoundaryText parse_boundary_text(std::string_view bytes, const std::string& label,
                                 const std::optional<std::string>& encoding, IssueLog& issues) {
    const Bytes text = decoded(bytes, encoding);
    if (text.undecodable)
        issues.add({"undecodable-text",
                    label,
                    "",
                    std::nullopt,
                    {fmt::format("bytes that {} does not have; shown as �", text.encoding),
                     fmt::format("含有 {} 中不存在的字节，以 � 显示", text.encoding)}});
    Parser parser(label, issues);
    std::size_t number = 0;
    for (std::size_t at = 0; at < text.text.size();) {
        const std::size_t end = std::min(text.text.find_first_of("\r\n", at), text.text.size());
        parser.line(++number, text.text.substr(at, end - at));
        at = end + 1;
        if (end < text.text.size() && text.text[end] == '\r' && at < text.text.size() && text.text[at] == '\n')
            ++at;
    }
    BoundaryText result = parser.finish();
    result.encoding = text.encoding;
    result.encoding_why = text.why;
    return result;
}

} // namespace corebelt::layers
