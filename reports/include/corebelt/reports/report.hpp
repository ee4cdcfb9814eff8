#pragma once
/// One result written as text for people, JSON and CSV for machines, layers for maps.

#include "corebelt/geo/area.hpp"
#include "corebelt/geo/text.hpp"
#include "corebelt/geo/topology.hpp"
#include "corebelt/layers/source.hpp"
#include "corebelt/layers/vector_file.hpp"
#include "corebelt/project/recognition.hpp"
#include "corebelt/rules/check.hpp"
#include "corebelt/rules/measure.hpp"
#include "corebelt/rules/tabulate.hpp"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace corebelt::reports {

enum class AreaUnit { m2, ha, km2, mu };

struct TextStyle {
    Lang lang = Lang::zh;
    std::size_t width = 80; ///< cells
    bool colour = false;
};

[[nodiscard]] std::string check_text(const rules::CheckResult& result, const TextStyle& style);
[[nodiscard]] std::string check_json(const rules::CheckResult& result, Lang lang);
[[nodiscard]] std::string check_csv(const rules::CheckResult& result, Lang lang); ///< one row a subject
/// Findings that have a geometry, as layers "findings", "findings_lines" and "findings_points" in any format but text,
/// or as tables of a database: layers::write_vector_layers(). Returned: what the format changed.
/// @throws as that function.
layers::IssueLog write_findings(const rules::CheckResult& result, const std::string& path,
                                const layers::VectorFileOptions& options);
/// What can be known before there are findings. @throws as layers::check_vector_layers().
void check_findings_place(const std::string& path, const layers::VectorFileOptions& options);

[[nodiscard]] std::string tabulate_text(const rules::TabulateResult& result, AreaUnit unit, const TextStyle& style);
[[nodiscard]] std::string tabulate_json(const rules::TabulateResult& result, AreaUnit unit, Lang lang);
[[nodiscard]] std::string tabulate_csv(const rules::TabulateResult& result, AreaUnit unit, Lang lang);

[[nodiscard]] std::string measure_text(const rules::MeasureResult& result, AreaUnit unit, const TextStyle& style);
[[nodiscard]] std::string measure_json(const rules::MeasureResult& result, AreaUnit unit, Lang lang);
[[nodiscard]] std::string measure_csv(const rules::MeasureResult& result, AreaUnit unit, Lang lang);

/// "overlap", "shared-boundary", … as in --what.
[[nodiscard]] std::string what_code(rules::Amounts what);
/// "integer", "real", "text", "date".
[[nodiscard]] std::string field_type_code(layers::FieldType type);

/// How the areas of a layer fit together.
struct LayerTopology {
    /// "no-areas", "no-crs", "memory"; empty where it was measured.
    std::string not_measured;
    double tolerance_m = 0;
    double sliver_width_m = 0;      ///< what is narrower is a sliver
    std::vector<std::int64_t> fids; ///< of the features that `found` numbers
    geo::Topology found;
};

/// What `info` found in one dataset.
struct DatasetInfo {
    std::string source;
    std::string sha256;
    struct Layer {
        layers::Table table; ///< rows empty: info, counts and issues only
        std::optional<project::Recognised> recognised;
        std::optional<project::SchemeVote::Winner> scheme; ///< of the land-use codes
        std::optional<LayerTopology> topology;             ///< where it was asked for
    };
    std::vector<Layer> layers;
};
[[nodiscard]] std::string info_text(const std::vector<DatasetInfo>& datasets, const TextStyle& style);
[[nodiscard]] std::string info_json(const std::vector<DatasetInfo>& datasets, Lang lang);
/// Gaps and overlaps of all layers measured as layer "misfits", unmatched edges as "misfits_lines", in any format but
/// text, or as tables of a database: layers::write_vector_layers(). Returned: what the format changed.
/// @throws as that function; Error{usage, "several-crs"} where the layers measured differ in CRS.
layers::IssueLog write_misfits(const std::vector<DatasetInfo>& datasets, const std::string& path,
                               const layers::VectorFileOptions& options);
/// What can be known before there are any. @throws as layers::check_vector_layers().
void check_misfits_place(const std::string& path, const layers::VectorFileOptions& options);

/// "12.34" from a count of 1e-4 m², half up, in the unit, with `decimals` digits; for text and spreadsheets.
[[nodiscard]] std::string printed_area(std::int64_t ten_thousandths_m2, AreaUnit unit);
/// "公顷" / "ha".
[[nodiscard]] std::string unit_name(AreaUnit unit, Lang lang);

} // namespace corebelt::reports
