#include "crs_statement.hpp"

#include "gauss_zones.hpp"

#include <fmt/format.h>

#include <cctype>
#include <cmath>
#include <string>
#include <string_view>

namespace corebelt::layers {

namespace {

std::string lower(std::string text) {
    for (char& c : text)
        c = static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
    return text;
}

/// A number of at most three digits after a word and at most one separator, and the letter behind it.
struct NumberInName {
    int value = 0;
    char behind = 0;
};

std::optional<NumberInName> number_after(std::string_view name, std::string_view word) {
    const auto digit = [&](std::size_t at) { return at < name.size() && name[at] >= '0' && name[at] <= '9'; };
    for (std::size_t at = name.find(word); at != std::string_view::npos; at = name.find(word, at + 1)) {
        std::size_t i = at + word.size();
        if (!digit(i))
            ++i;
        NumberInName found;
        std::size_t digits = 0;
        for (; digit(i) && digits < 3; ++i, ++digits)
            found.value = 10 * found.value + (name[i] - '0');
        found.behind = i < name.size() ? name[i] : '\0';
        if (digits > 0)
            return found;
    }
    return std::nullopt;
}

Text contradiction(const std::string& name, const Text& promised, const geo::GaussKrueger& system) {
    const std::string has = system.zone_prefix ? fmt::format("{} 500 000", *system.zone_prefix) : "500 000";
    return {fmt::format("the CRS is called \"{}\", so {}, but its false easting is {} m and its central meridian "
                        "{:g}°E: the parameters are used; correct the CRS definition",
                        name, promised.en, has, system.central_meridian_deg),
            fmt::format("坐标系名为“{}”，应{}，但其东伪偏移为 {} 米、中央经线为 {:g}°E：按参数处理，请改正坐标系定义",
                        name, promised.zh, has, system.central_meridian_deg)};
}

} // namespace

std::optional<Text> name_contradiction(const geo::Crs& crs) {
    const auto& system = crs.gauss_krueger();
    const std::string name = lower(crs.name());
    if (!system || (name.find("gk") == std::string::npos && name.find("gauss") == std::string::npos))
        return std::nullopt;
    const double meridian = system->central_meridian_deg;
    if (const auto zone = number_after(name, "zone"); zone && is_zone(zone->value)) {
        const bool prefixed = zone->behind != 'n'; // "Zone_18N": north, without prefix
        const bool true_prefix = prefixed ? system->zone_prefix == zone->value : !system->zone_prefix;
        if (!true_prefix || std::abs(meridian_of_zone_deg(zone->value) - meridian) > 1e-6)
            return contradiction(crs.name(),
                                 {fmt::format("it is of zone {} {} prefix", zone->value, prefixed ? "with" : "without"),
                                  fmt::format("为第 {} 带、横坐标{}带号", zone->value, prefixed ? "含" : "不含")},
                                 *system);
    } else if (const auto central = number_after(name, "cm"); central && central->behind == 'e') {
        if (system->zone_prefix || std::abs(central->value - meridian) > 1e-6)
            return contradiction(crs.name(),
                                 {fmt::format("it has the central meridian {}°E and no prefix", central->value),
                                  fmt::format("为中央经线 {}°E、横坐标不含带号", central->value)},
                                 *system);
    }
    return std::nullopt;
}

Text missing_crs(const geo::Box& extent) {
    const Text none{"the layer has no coordinate system", "图层没有坐标系"};
    const Text ask{": ask its supplier and declare it (crs = \"EPSG:…\", --source-crs)",
                   "，请向提供方确认后声明（crs = \"EPSG:…\"、--source-crs）"};
    const auto said = [&](const std::string& en, const std::string& zh) {
        return Text{none.en + en + ask.en, none.zh + zh + ask.zh};
    };
    if (extent.empty())
        return said("", "");
    const geo::Box world{-180, -90, 180, 90};
    if (world.contains(extent))
        return said("; its numbers look like degrees, but not whether of CGCS2000, WGS 84 or the offset GCJ-02",
                    "；数值似为经纬度，但无法据此区分 CGCS2000、WGS 84 或带偏移的 GCJ-02");
    const auto one_zone = [](double low, double high) {
        return is_zone(prefix_in(low)) && prefix_in(low) == prefix_in(high) ? prefix_in(low) : 0;
    };
    const auto of_china = [](double low, double high) {
        return is_northing_of_china(low) && is_northing_of_china(high);
    };
    int zone = one_zone(extent.min_x, extent.max_x);
    const bool turned = zone == 0;
    if (turned)
        zone = one_zone(extent.min_y, extent.max_y);
    if (zone != 0 && of_china(turned ? extent.min_x : extent.min_y, turned ? extent.max_x : extent.max_y)) {
        const std::string codes = fmt::format(
            "{} (CGCS2000), {} (Xian 1980), {} (Beijing 1954)", code_with_prefix(geo::Datum::cgcs2000, zone),
            code_with_prefix(geo::Datum::xian1980, zone), code_with_prefix(geo::Datum::beijing1954, zone));
        const int width = zone >= 25 ? 3 : 6;
        const double meridian = meridian_of_zone_deg(zone);
        return said(fmt::format("; {}its eastings begin with zone {} ({}° strip, central meridian {:g}°E), the datum "
                                "cannot be told from digits: one of {}",
                                turned ? "northing stands first, and " : "", zone, width, meridian, codes),
                    fmt::format("；{}横坐标带号为 {}（{} 度带，中央经线 {:g}°E），数字无法说明基准，可能是 {} 之一",
                                turned ? "纵坐标在前，" : "", zone, width, meridian, codes));
    }
    if (extent.min_x > 1e5 && extent.max_x < 9e5 && of_china(extent.min_y, extent.max_y))
        return said("; its eastings carry no zone prefix, so neither strip nor datum can be told from digits",
                    "；横坐标不带带号，仅凭数字无法确定投影带和基准");
    return said("", "");
}

} // namespace corebelt::layers
