#include "corebelt/reports/report.hpp"

#include <array>

namespace corebelt::reports {

namespace {

/// Names of fields have at most ten bytes, so that a shapefile keeps them.
std::vector<layers::Column> columns() {
    using layers::FieldType;
    std::vector<layers::Column> list(11);
    const char* names[] = {"rule", "title",  "verdict",  "clause",   "layer", "subject",
                           "name", "object", "measured", "expected", "unit"};
    for (std::size_t i = 0; i < list.size(); ++i)
        list[i].field = {names[i], i == 8 || i == 9 ? FieldType::real : FieldType::text};
    return list;
}

struct Kind {
    geo::Dimension dimension;
    const char* suffix;
    const char* geometry_type;
};

constexpr std::array<Kind, 3> kinds{{{geo::Dimension::area, "", "Polygon"},
                                     {geo::Dimension::line, "_lines", "LineString"},
                                     {geo::Dimension::point, "_points", "Point"}}};

layers::Table findings_of(const rules::CheckResult& result, const Kind& kind) {
    layers::Table table;
    table.info.layer = "findings";
    table.info.geometry_type = kind.geometry_type;
    table.info.crs = geo::Crs::parse(result.crs_wkt);
    layers::Batch& rows = table.rows;
    rows.columns = columns();
    for (const rules::RuleResult& rule : result.rules)
        for (const rules::Finding& f : rule.findings) {
            if (f.geometry.size() == 0 || f.geometry.dimension[0] != kind.dimension)
                continue;
            rows.fid.push_back(static_cast<std::int64_t>(rows.fid.size()) + 1);
            rows.shapes.append(f.geometry[0]);
            const std::string verdict(rules::name_of(rule.verdict));
            const layers::Value cells[] = {rule.id,         rule.title,
                                           verdict,         rule.clause,
                                           f.subject.layer, f.subject.id,
                                           f.subject.name,  f.object ? layers::Value(f.object->id) : layers::Value(),
                                           f.measured,      f.expected ? layers::Value(*f.expected) : layers::Value(),
                                           f.unit};
            for (std::size_t c = 0; c < rows.columns.size(); ++c)
                rows.columns[c].push_back(cells[c]);
        }
    return table;
}

} // namespace

void check_findings_place(const std::string& path, const layers::VectorFileOptions& options) {
    std::vector<std::string> suffixes;
    suffixes.reserve(kinds.size());
    for (const Kind& kind : kinds)
        suffixes.emplace_back(kind.suffix);
    layers::check_vector_layers(path, suffixes, options);
}

layers::IssueLog write_findings(const rules::CheckResult& result, const std::string& path,
                                const layers::VectorFileOptions& options) {
    std::vector<layers::Table> tables;
    tables.reserve(kinds.size());
    for (const Kind& kind : kinds)
        tables.push_back(findings_of(result, kind));
    std::vector<layers::VectorLayer> written;
    for (std::size_t i = 0; i < kinds.size(); ++i)
        written.push_back({kinds[i].suffix, &tables[i]});
    return layers::write_vector_layers(path, written, options);
}

} // namespace corebelt::reports
