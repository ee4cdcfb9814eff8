#include "corebelt/geo/error.hpp"
#include "corebelt/layers/sink.hpp"
#include "corebelt/reports/report.hpp"

namespace corebelt::reports {

namespace {

struct Row {
    const rules::RuleResult* rule;
    const rules::Finding* finding;
};

std::vector<layers::Column> columns() {
    using layers::FieldType;
    std::vector<layers::Column> list(11);
    const char* names[] = {"rule", "title",  "verdict",  "clause",   "layer", "subject",
                           "name", "object", "measured", "expected", "unit"};
    for (std::size_t i = 0; i < list.size(); ++i)
        list[i].field = {names[i], i == 8 || i == 9 ? FieldType::real : FieldType::text};
    return list;
}

} // namespace

void check_gpkg(const rules::CheckResult& result, const std::string& path, Lang /*lang*/) {
    layers::GeoPackageSink sink(path);
    const geo::Crs crs = geo::Crs::parse(result.crs_wkt);
    const std::pair<geo::Dimension, const char*> kinds[] = {{geo::Dimension::area, "findings"},
                                                            {geo::Dimension::line, "findings_lines"},
                                                            {geo::Dimension::point, "findings_points"}};
    for (const auto& [dimension, layer_name] : kinds) {
        layers::Batch batch;
        batch.columns = columns();
        for (const rules::RuleResult& rule : result.rules)
            for (const rules::Finding& f : rule.findings) {
                if (f.geometry.size() == 0 || f.geometry.dimension[0] != dimension)
                    continue;
                batch.fid.push_back(static_cast<std::int64_t>(batch.fid.size()) + 1);
                batch.shapes.append(f.geometry[0]);
                const std::string verdict(rules::name_of(rule.verdict));
                const layers::Value cells[] = {
                    rule.id,         rule.title,
                    verdict,         rule.clause,
                    f.subject.layer, f.subject.id,
                    f.subject.name,  f.object ? layers::Value(f.object->id) : layers::Value(),
                    f.measured,      f.expected ? layers::Value(*f.expected) : layers::Value(),
                    f.unit};
                for (std::size_t c = 0; c < batch.columns.size(); ++c)
                    batch.columns[c].push_back(cells[c]);
            }
        // The area layer is always there, so that a clean plan gives a file that opens.
        if (batch.size() == 0 && dimension != geo::Dimension::area)
            continue;
        std::vector<layers::Field> fields;
        for (const layers::Column& c : batch.columns)
            fields.push_back(c.field);
        sink.begin_layer(layer_name, crs, dimension, fields);
        sink.write(batch);
    }
    sink.commit();
}

} // namespace corebelt::reports
