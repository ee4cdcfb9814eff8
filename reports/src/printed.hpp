#pragma once
/// Numbers and words as people read them; private to reports.

#include "corebelt/geo/crs.hpp"
#include "corebelt/reports/report.hpp"
#include "corebelt/reports/text_table.hpp"
#include "corebelt/rules/verdict.hpp"

#include <cstdint>
#include <string>
#include <string_view>

namespace corebelt::reports {

/// "1,234.50": digits grouped by three, fixed decimals, nearest to the double.
[[nodiscard]] std::string grouped(double value, int decimals);
/// Value in the unit of a rule: "71.23 %", "22,139.80 m²", "3".
[[nodiscard]] std::string printed_value(double value, std::string_view unit);
[[nodiscard]] std::string printed_threshold(const rules::Threshold& threshold);
[[nodiscard]] std::string verdict_word(rules::Verdict verdict, Lang lang);
[[nodiscard]] Ink verdict_ink(rules::Verdict verdict);
/// "cn2008" → the printed name of the method.
[[nodiscard]] std::string method_name(geo::AreaMethod method, Lang lang);
/// A class or zone value; null as (空值) / (null), several joined by " / ".
[[nodiscard]] std::string printed_key(const std::vector<layers::Value>& key, Lang lang);
[[nodiscard]] std::string printed_key(const layers::Value& key, Lang lang);
/// Issues counted by code with the first example of each; empty where there are none.
[[nodiscard]] std::string issues_text(const std::vector<layers::Issue>& issues, const TextStyle& style);
/// Text broken into lines of at most `width` cells, later lines indented.
[[nodiscard]] std::string wrapped(std::string_view text, std::size_t width, std::size_t indent);
/// What a transverse Mercator system is one of, by its parameters.
struct ProjectionZone {
    int strip_deg = 0; ///< 3 or 6; 0: no zone of any series, only a meridian
    int number = 0; ///< 34 of the 3° strip with the central meridian 102°E, 18 of the 6° strip with 105°E, 32 of UTM
    char hemisphere = 0; ///< 'N' or 'S' of UTM; 0: a Gauss–Krüger strip
};
[[nodiscard]] ProjectionZone projection_zone(const geo::GaussKrueger& system);
/// A CSV field, quoted where needed (RFC 4180).
[[nodiscard]] std::string csv_field(std::string_view text);

} // namespace corebelt::reports
