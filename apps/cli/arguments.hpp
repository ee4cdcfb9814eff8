#pragma once
/// What the command line says, parsed and checked, one record a verb.

#include "corebelt/geo/area.hpp"
#include "corebelt/geo/text.hpp"
#include "corebelt/reports/report.hpp"
#include "corebelt/rules/measure.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <variant>
#include <vector>

namespace corebelt::cli {

/// Options that every verb has.
struct Common {
    unsigned jobs = 0;              ///< 0: as many as there are cores
    std::uint64_t memory_bytes = 0; ///< 0: no limit
    bool quiet = false;
    std::optional<Lang> lang;
    std::vector<std::string> outputs; ///< -o FILE…
    std::string format;               ///< --format for stdout; empty: text
    std::string remember;             ///< --remember FILE; empty: nothing is remembered
};

struct InfoArguments {
    std::vector<std::string> datasets;
    bool fast = false; ///< --trust-geometry
    std::string encoding;
    std::string preview; ///< PNG to write; empty: none
    bool topology = false;
    double topology_tolerance_m = 0.01;
    double sliver_width_m = 0.05; ///< what `check` takes for a sliver unless told otherwise
    bool overwrite = false;       ///< of misfits
    Common common;
};
struct TabulateArguments {
    std::string zones, layer, zone_field, where, zone_where;
    std::vector<std::string> by;
    geo::AreaMethod area = geo::AreaMethod::cn2008;
    reports::AreaUnit unit = reports::AreaUnit::m2;
    bool coverage = false, trust_geometry = false;
    Common common;
};
struct MeasureArguments {
    std::string a, b, id_field, other_id_field, where, other_where;
    rules::Amounts what = rules::Amounts::overlap;
    bool counting_union = false, nearest = false, trust_geometry = false;
    double gap_m = 0;
    geo::AreaMethod area = geo::AreaMethod::cn2008;
    reports::AreaUnit unit = reports::AreaUnit::m2;
    Common common;
};
struct CheckArguments {
    std::string project;
    std::vector<std::string> rules;
    bool fail_on_warn = false, trust_geometry = false;
    bool overwrite = false; ///< of findings
    std::uint32_t batch_features = 4096;
    Common common;
};
struct MapArguments {
    std::string project;
    std::vector<std::string> sheets;
    std::string folder, picture = "png";
    double dpi = 150;
    Common common;
};
struct TilesArguments {
    std::string project, target, picture;
    std::uint32_t min_zoom = 0, max_zoom = 0;
    bool zooms_given = false;
    Common common;
};

struct ConvertArguments {
    std::string input, output, crs, source_crs, layer_name, source_encoding, where;
    bool gbk = false, overwrite = false, trust_geometry = false;
    Common common;
};

struct InitArguments {
    std::string folder;
    Common common;
};

/// Help or version was asked for, or nothing was said: text for stdout.
struct ShowText {
    std::string text;
};

using Command = std::variant<ShowText, InfoArguments, TabulateArguments, MeasureArguments, CheckArguments, MapArguments,
                             TilesArguments, ConvertArguments, InitArguments>;

/// @throws Error{usage, "usage"} naming the option and, for an unknown one, the nearest.
[[nodiscard]] Command parse_arguments(int argc, const char* const* argv);

/// The language of messages before a project file is read: --lang, else LC_ALL, LC_MESSAGES, LANG.
[[nodiscard]] Lang early_lang(int argc, const char* const* argv);

} // namespace corebelt::cli
