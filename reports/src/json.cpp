// The only file of this room that knows the JSON library.
#include "printed.hpp"
#include "topology_summary.hpp"

#include "corebelt/geo/versions.hpp"
#include "corebelt/layers/dataset.hpp"
#include "corebelt/reports/report.hpp"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <cmath>
#include <iterator>
#include <map>

namespace corebelt::reports {

namespace {

using Json = nlohmann::ordered_json;

bool is_leaf(const Json& j) {
    if (!j.is_structured())
        return true;
    // Arrays of numbers (coordinates, boxes) stay on one line however deep.
    if (j.is_array())
        return std::all_of(j.begin(), j.end(), [](const Json& item) { return !item.is_object() && is_leaf(item); });
    return j.empty();
}

void append_number(double value, std::string& out) {
    if (std::isfinite(value))
        fmt::format_to(std::back_inserter(out), "{}", value == 0 ? 0.0 : value);
    else
        out += "null";
}

/// Like dump(1), but doubles in shortest round-trip form and coordinate arrays on one line. Bytes are text already.
void write(const Json& j, std::size_t depth, std::string& out) {
    const auto newline = [&](std::size_t levels) { out += "\n" + std::string(levels, ' '); };
    if (j.is_number_float()) {
        append_number(j.get<double>(), out);
    } else if (j.is_binary()) {
        out.append(j.get_binary().begin(), j.get_binary().end());
    } else if (j.is_array()) {
        const bool flat = is_leaf(j);
        out += '[';
        for (std::size_t i = 0; i < j.size(); ++i) {
            if (i > 0)
                out += flat ? ", " : ",";
            if (!flat)
                newline(depth + 1);
            write(j[i], depth + 1, out);
        }
        if (!flat && !j.empty())
            newline(depth);
        out += ']';
    } else if (j.is_object()) {
        out += '{';
        bool first = true;
        for (const auto& [key, value] : j.items()) {
            if (!first)
                out += ',';
            first = false;
            newline(depth + 1);
            out += Json(key).dump() + ": ";
            write(value, depth + 1, out);
        }
        if (!j.empty())
            newline(depth);
        out += '}';
    } else {
        out += j.dump(-1, ' ', false, Json::error_handler_t::replace);
    }
}

std::string to_text(const Json& j) {
    std::string out;
    write(j, 0, out);
    out += '\n';
    return out;
}

Json to_json(const layers::Value& value) {
    if (const auto* i = std::get_if<std::int64_t>(&value))
        return *i;
    if (const auto* d = std::get_if<double>(&value))
        return *d;
    if (const auto* s = std::get_if<std::string>(&value))
        return *s;
    if (const auto* t = std::get_if<layers::IsoDate>(&value))
        return t->text;
    return nullptr;
}

Json key_json(const std::vector<layers::Value>& key) {
    if (key.empty())
        return nullptr;
    if (key.size() == 1)
        return to_json(key.front());
    Json j = Json::array();
    for (const layers::Value& part : key)
        j.push_back(to_json(part));
    return j;
}

/// A number in the unit from the integer count of 1e-4 m²: one correctly rounded division.
double in_unit(std::int64_t ten_thousandths, AreaUnit unit) {
    const auto count = static_cast<double>(ten_thousandths);
    switch (unit) {
    case AreaUnit::m2:
        return count / 1e4;
    case AreaUnit::ha:
        return count / 1e8;
    case AreaUnit::km2:
        return count / 1e10;
    case AreaUnit::mu:
        return count * 3 / 2e7;
    }
    return 0;
}

std::string unit_code(AreaUnit unit) {
    switch (unit) {
    case AreaUnit::m2:
        return "m2";
    case AreaUnit::ha:
        return "ha";
    case AreaUnit::km2:
        return "km2";
    case AreaUnit::mu:
        return "mu";
    }
    return {};
}

Json issues_json(const std::vector<layers::Issue>& issues, Lang lang) {
    Json list = Json::array();
    for (const layers::Issue& issue : issues)
        list.push_back({{"code", issue.code},
                        {"layer", issue.layer},
                        {"feature", issue.feature.empty() ? Json(nullptr) : Json(issue.feature)},
                        {"place", issue.place ? Json({issue.place->x, issue.place->y}) : Json(nullptr)},
                        {"text", issue.text.in(lang)}});
    return list;
}

template <class T>
Json or_null(const std::optional<T>& value) {
    return value ? Json(*value) : Json(nullptr);
}

Json threshold_json(const std::optional<rules::Threshold>& t) {
    if (!t)
        return nullptr;
    return {{"op", t->op}, {"value", t->value}, {"unit", t->unit}};
}

Json subject_json(const rules::SubjectName& s) {
    return {{"layer", s.layer}, {"id", s.id}, {"name", s.name}};
}

/// Rounded to a number of decimals: 0.1 mm (projected) or 1e-9 degrees keeps evidence readable.
double decimal(double value, int decimals) {
    const double factor = std::pow(10.0, decimals);
    return std::round(value * factor) / factor;
}

Json point_json(geo::XY p, int decimals) {
    return {decimal(p.x, decimals), decimal(p.y, decimals)};
}

/// Coordinates as they are written. A report may hold a million of them, and each would be a value of three allocations
/// in the document; it keeps their text as bytes, which write() puts out as they are.
class CoordinateText {
public:
    explicit CoordinateText(int decimals) : factor_(std::pow(10.0, decimals)) {}

    void point(geo::XY p) {
        text_ += '[';
        number(p.x);
        text_ += ", ";
        number(p.y);
        text_ += ']';
    }
    void line(std::span<const geo::XY> line) {
        list(line.size(), [&](std::size_t i) { point(line[i]); });
    }
    template <class Item>
    void list(std::size_t size, const Item& item) {
        text_ += '[';
        for (std::size_t i = 0; i < size; ++i) {
            if (i > 0)
                text_ += ", ";
            item(i);
        }
        text_ += ']';
    }
    [[nodiscard]] Json json() const { return Json::binary({text_.begin(), text_.end()}); }

private:
    void number(double value) { append_number(std::round(value * factor_) / factor_, text_); }

    double factor_;
    std::string text_;
};

Json geometry_json(const geo::Shapes& shapes, int decimals) {
    if (shapes.size() == 0 || shapes[0].empty())
        return nullptr;
    const geo::ShapeView shape = shapes[0];
    CoordinateText text(decimals);
    const auto write_part = [&](std::size_t part) {
        const auto [first, last] = shape.rings_of_part(part);
        if (shape.dimension() == geo::Dimension::area)
            text.list(last - first, [&, begin = first](std::size_t r) { text.line(shape.ring(begin + r)); });
        else if (shape.dimension() == geo::Dimension::line)
            text.line(shape.ring(first));
        else
            text.point(shape.ring(first)[0]);
    };
    const std::string single = shape.dimension() == geo::Dimension::area   ? "Polygon"
                               : shape.dimension() == geo::Dimension::line ? "LineString"
                                                                           : "Point";
    if (shape.part_count() == 1) {
        write_part(0);
        return {{"type", single}, {"coordinates", text.json()}};
    }
    text.list(shape.part_count(), write_part);
    return {{"type", "Multi" + single}, {"coordinates", text.json()}};
}

Json engine_json() {
    return {{"name", "corebelt"},
            {"version", geo::engine_version()},
            {"gdal", layers::gdal_version()},
            {"geos", geo::geos_version()},
            {"proj", geo::proj_version()}};
}

Json subject_result_json(const rules::SubjectResult& s, Lang lang) {
    Json j = subject_json(s.subject);
    j["verdict"] = rules::name_of(s.verdict);
    j["measured"] = or_null(s.measured);
    j["unit"] = s.unit;
    j["error_bound"] = s.error_bound;
    j["sensitivity"] = or_null(s.sensitivity);
    j["near_limit"] = s.near_limit;
    j["sliver_area"] = s.sliver_area_m2;
    j["sliver_count"] = s.sliver_count;
    j["planar_m2"] = or_null(s.planar_m2);
    j["ellipsoidal_m2"] = or_null(s.ellipsoidal_m2);
    j["union_m2"] = or_null(s.union_m2);
    j["each_m2"] = or_null(s.each_m2);
    j["note"] = s.note.in(lang);
    return j;
}

Json finding_json(const rules::Finding& f, int decimals) {
    Json j = {{"subject", subject_json(f.subject)},
              {"object", f.object ? subject_json(*f.object) : Json(nullptr)},
              {"measured", f.measured},
              {"expected", or_null(f.expected)},
              {"unit", f.unit}};
    j["bbox"] = f.bbox.empty() ? Json(nullptr)
                               : Json({decimal(f.bbox.min_x, decimals), decimal(f.bbox.min_y, decimals),
                                       decimal(f.bbox.max_x, decimals), decimal(f.bbox.max_y, decimals)});
    j["geometry"] = geometry_json(f.geometry, decimals);
    return j;
}

Json rule_json(const rules::RuleResult& r, Lang lang, int decimals) {
    Json j = {{"id", r.id},
              {"title", r.title},
              {"clause", r.clause},
              {"source", r.source},
              {"edition", r.edition},
              {"kind", r.kind},
              {"origin", r.origin},
              {"binding", r.binding},
              {"verified", r.verified},
              {"expired", r.expired},
              {"verdict", rules::name_of(r.verdict)},
              {"threshold", threshold_json(r.threshold)}};
    if (r.threshold_max)
        j["threshold_max"] = threshold_json(r.threshold_max);
    j["measured"] = or_null(r.measured);
    j["unit"] = r.unit;
    j["error_bound"] = r.error_bound;
    j["method"] = r.method;
    Json readings = Json::array();
    for (const rules::ReadingResult& reading : r.readings)
        readings.push_back({{"id", reading.id},
                            {"title", reading.title},
                            {"subject", subject_json(reading.subject)},
                            {"measured", or_null(reading.measured)},
                            {"verdict", rules::name_of(reading.verdict)}});
    j["readings"] = std::move(readings);
    j["counts"] = {{"subjects", r.counts.subjects}, {"pass", r.counts.pass},           {"fail", r.counts.fail},
                   {"warn", r.counts.warn},         {"undecided", r.counts.undecided}, {"waived", r.counts.waived}};
    Json subjects = Json::array();
    for (const rules::SubjectResult& s : r.subjects)
        subjects.push_back(subject_result_json(s, lang));
    j["subjects"] = std::move(subjects);
    Json findings = Json::array();
    for (const rules::Finding& f : r.findings)
        findings.push_back(finding_json(f, decimals));
    j["findings"] = std::move(findings);
    Json waivers = Json::array();
    for (const rules::WaiverRecord& w : r.waivers)
        waivers.push_back({{"subject", w.subject}, {"reason", w.reason}, {"by", w.by}, {"until", w.until}});
    j["waiver"] = r.waivers.empty() ? Json(nullptr) : std::move(waivers);
    j["note"] = r.note.in(lang);
    return j;
}

} // namespace

std::string check_json(const rules::CheckResult& result, Lang lang) {
    const int decimals = result.crs_geographic ? 9 : 4;
    Json j = {{"schema", "corebelt.report/1"},
              {"verdict", rules::name_of(result.verdict)},
              {"engine", engine_json()},
              {"project",
               {{"title", result.project_title},
                {"file", result.project_path},
                {"as_of", result.as_of.empty() ? Json(nullptr) : Json(result.as_of)},
                {"note", result.note},
                {"area", geo::name_of(result.area)}}},
              {"crs", {{"id", result.crs_label}, {"name", result.crs_name}}}};
    Json inputs = Json::array();
    for (const rules::InputRecord& in : result.inputs)
        inputs.push_back({{"name", in.name},
                          {"source", in.source},
                          {"sha256", in.sha256},
                          {"features", in.features},
                          {"crs", in.crs},
                          {"encoding", in.encoding},
                          {"encoding_why", in.encoding_why},
                          {"repaired", in.repaired},
                          {"rejected", in.rejected}});
    j["inputs"] = std::move(inputs);
    Json rules_list = Json::array();
    std::map<std::string, std::uint64_t> verdicts;
    for (const rules::RuleResult& r : result.rules) {
        rules_list.push_back(rule_json(r, lang, decimals));
        ++verdicts[std::string(rules::name_of(r.verdict))];
    }
    j["rules"] = std::move(rules_list);
    j["issues"] = issues_json(result.issues, lang);
    Json by_verdict = Json::object();
    for (const char* name : {"pass", "warn", "fail", "undecided", "not_applicable", "info"})
        by_verdict[name] = verdicts[name];
    std::map<std::string, std::uint64_t> codes;
    for (const layers::Issue& issue : result.issues)
        ++codes[issue.code];
    Json by_code = Json::object();
    for (const auto& [code, count] : codes)
        by_code[code] = count;
    j["summary"] = {{"rules", by_verdict},
                    {"issues", by_code},
                    {"kernel",
                     {{"pairs", result.kernel_pairs},
                      {"cut", result.kernel_cut},
                      {"fallbacks", 0},
                      {"parity_violations", result.parity_violations}}}};
    return to_text(j);
}

std::string tabulate_json(const rules::TabulateResult& result, AreaUnit unit, Lang lang) {
    Json j = {{"schema", "corebelt.tabulate/1"},
              {"method", geo::name_of(result.method)},
              {"unit", unit_code(unit)},
              {"crs", result.crs_label}};
    Json zones = Json::array();
    for (const rules::ZoneArea& zone : result.zones) {
        Json z = {
            {"zone", to_json(zone.zone)}, {"area", in_unit(zone.area, unit)}, {"covered", in_unit(zone.covered, unit)}};
        const bool has = zone.union_covered.has_value();
        z["union_covered"] = has ? Json(in_unit(*zone.union_covered, unit)) : Json(nullptr);
        z["doubled"] = has ? Json(in_unit(zone.covered - *zone.union_covered, unit)) : Json(nullptr);
        z["uncovered"] = has ? Json(in_unit(zone.area - *zone.union_covered, unit)) : Json(nullptr);
        Json classes = Json::array();
        for (const rules::ClassArea& c : zone.classes)
            classes.push_back(
                {{"class", key_json(c.key)},
                 {"area", in_unit(c.area, unit)},
                 {"share",
                  zone.area == 0 ? Json(nullptr) : Json(static_cast<double>(c.area) / static_cast<double>(zone.area))},
                 {"features", c.features}});
        z["classes"] = std::move(classes);
        zones.push_back(std::move(z));
    }
    j["zones"] = std::move(zones);
    j["kernel"] = {{"pairs", result.kernel.pairs},
                   {"cut", result.kernel.cut},
                   {"fallbacks", 0},
                   {"parity_violations", result.kernel.parity_violations}};
    j["issues"] = issues_json(result.issues, lang);
    return to_text(j);
}

std::string measure_json(const rules::MeasureResult& result, AreaUnit unit, Lang lang) {
    const bool area = result.what == rules::Amounts::overlap || result.what == rules::Amounts::outside;
    Json j = {{"schema", "corebelt.measure/1"},
              {"what", what_code(result.what)},
              {"method", area ? std::string(geo::name_of(result.method)) : "planar"},
              {"unit", area ? unit_code(unit) : "m"},
              {"crs", result.crs_label}};
    Json rows = Json::array();
    for (const rules::MeasureRow& row : result.rows)
        rows.push_back({{"a", to_json(row.a)},
                        {"b", to_json(row.b)},
                        {"value", area ? in_unit(row.value, unit) : static_cast<double>(row.value) / 1e4}});
    j["rows"] = std::move(rows);
    j["issues"] = issues_json(result.issues, lang);
    return to_text(j);
}

namespace {

Json crs_json(const geo::Crs& crs) {
    const auto& system = crs.gauss_krueger();
    const ProjectionZone zone = system ? projection_zone(*system) : ProjectionZone{};
    const bool is_utm = zone.hemisphere != 0;
    return {{"id", crs.label()},
            {"name", crs.name()},
            {"central_meridian", system ? Json(system->central_meridian_deg) : Json(nullptr)},
            {"strip_deg", zone.strip_deg != 0 ? Json(zone.strip_deg) : Json(nullptr)},
            {"zone", zone.strip_deg != 0 ? Json(zone.number) : Json(nullptr)},
            {"utm", is_utm ? Json(std::to_string(zone.number) + zone.hemisphere) : Json(nullptr)},
            {"prefixed", system ? Json(system->zone_prefix.has_value()) : Json(nullptr)}};
}

Json recognised_json(const DatasetInfo::Layer& layer) {
    if (!layer.recognised)
        return nullptr;
    const project::Recognised& what = *layer.recognised;
    const auto or_null = [](const std::string& text) { return text.empty() ? Json(nullptr) : Json(text); };
    return {{"theme", what.theme},
            {"standard", or_null(what.schema)},
            {"class_field", or_null(what.class_field)},
            {"scheme", layer.scheme ? Json(layer.scheme->scheme) : Json(nullptr)},
            {"scheme_known", layer.scheme ? Json(layer.scheme->known) : Json(nullptr)}};
}

} // namespace

namespace {

constexpr std::size_t topology_examples = 10;

Json misfits_json(const LayerTopology& topology, bool gaps, bool geographic) {
    const MisfitSummary summary = summary_of(topology, gaps);
    const auto sum = [](const MisfitSum& part) {
        return Json{{"count", part.count}, {"m2", decimal(part.m2.value(), 4)}};
    };
    Json greatest = Json::array();
    const int decimals = geographic ? 9 : 4;
    for (std::size_t k = 0; k < std::min(topology_examples, summary.greatest.size()); ++k) {
        const std::size_t i = summary.greatest[k];
        const geo::Misfit& misfit = topology.found.misfits[i];
        Json features = Json::array();
        for (std::size_t f = 0; f < std::min<std::size_t>(50, misfit.features.size()); ++f)
            features.push_back(topology.fids[misfit.features[f]]);
        const geo::Box& box = topology.found.areas.box[i];
        greatest.push_back({{"m2", decimal(misfit.m2, 4)},
                            {"width_m", decimal(misfit.width_m(), 6)},
                            {"perimeter_m", decimal(misfit.perimeter_m, 4)},
                            {"size", name_of(size_of(misfit, topology))},
                            {"depth", misfit.depth},
                            {"features", std::move(features)},
                            {"feature_count", misfit.features.size()},
                            {"place", point_json(place_of(topology, i), decimals)},
                            {"bbox",
                             {decimal(box.min_x, decimals), decimal(box.min_y, decimals), decimal(box.max_x, decimals),
                              decimal(box.max_y, decimals)}}});
    }
    Json json = {{"count", summary.all.count},         {"m2", decimal(summary.all.m2.value(), 4)},
                 {"error_bound_m2", summary.bound_m2}, {"wide", sum(summary.wide)},
                 {"slivers", sum(summary.sliver)},     {"hairlines", sum(summary.hairline)},
                 {"greatest", std::move(greatest)}};
    if (gaps)
        json["holes"] = sum(summary.holes);
    return json;
}

Json unmatched_json(const LayerTopology& topology, bool geographic) {
    geo::Amount length;
    double distance_m = 0;
    for (const geo::UnmatchedStretch& s : topology.found.stretches) {
        length += geo::Amount(s.length_m);
        distance_m = std::max(distance_m, s.distance_m);
    }
    Json longest = Json::array();
    for (const std::size_t i : longest_stretches(topology)) {
        if (longest.size() == topology_examples)
            break;
        const geo::UnmatchedStretch& s = topology.found.stretches[i];
        longest.push_back({{"feature", topology.fids[s.feature]},
                           {"other", topology.fids[s.other]},
                           {"length_m", decimal(s.length_m, 4)},
                           {"distance_m", decimal(s.distance_m, 6)},
                           {"place", point_json(s.place, geographic ? 9 : 4)}});
    }
    return {{"stretches", topology.found.stretches.size()},
            {"length_m", decimal(length.value(), 4)},
            {"distance_m", decimal(distance_m, 6)},
            {"longest", std::move(longest)}};
}

Json topology_json(const LayerTopology& topology, bool geographic) {
    if (!topology.not_measured.empty())
        return {{"not_measured", topology.not_measured}};
    return {{"tolerance_m", topology.tolerance_m},
            {"sliver_width_m", topology.sliver_width_m},
            {"area", geographic ? "ground" : "planar"},
            {"features", topology.found.features},
            {"edges", topology.found.edges},
            {"unshared_edges", topology.found.unshared},
            {"resolution_m", topology.found.resolution_m},
            {"overlaps", misfits_json(topology, false, geographic)},
            {"gaps", misfits_json(topology, true, geographic)},
            {"unmatched", unmatched_json(topology, geographic)}};
}

} // namespace

std::string info_json(const std::vector<DatasetInfo>& datasets, Lang lang) {
    Json list = Json::array();
    for (const DatasetInfo& dataset : datasets) {
        Json layer_list = Json::array();
        for (const DatasetInfo::Layer& layer : dataset.layers) {
            const layers::Table& t = layer.table;
            Json fields = Json::array();
            for (const layers::Field& f : t.info.fields)
                fields.push_back({{"name", f.name}, {"type", field_type_code(f.type)}});
            Json counts = Json::object();
            for (const auto& [code, count] : t.issues.counts())
                counts[code] = count;
            const bool geographic = t.info.crs && t.info.crs->is_geographic();
            const int decimals = geographic ? 9 : 4;
            const geo::Box& e = t.counts.extent;
            Json one = {{"layer", t.info.layer},
                        {"driver", t.info.driver},
                        {"geometry", t.info.geometry_type},
                        {"features", t.counts.features},
                        {"vertices", t.counts.vertices},
                        {"largest_vertices", t.counts.largest_vertices},
                        {"empty", t.counts.empty},
                        {"repaired", t.counts.repaired},
                        {"rejected", t.counts.rejected},
                        {"crs", t.info.crs ? crs_json(*t.info.crs) : Json(nullptr)},
                        {"extent", e.empty() ? Json(nullptr)
                                             : Json({decimal(e.min_x, decimals), decimal(e.min_y, decimals),
                                                     decimal(e.max_x, decimals), decimal(e.max_y, decimals)})},
                        {"encoding", t.info.encoding},
                        {"encoding_why", t.info.encoding_why},
                        {"fields", std::move(fields)},
                        {"recognised", recognised_json(layer)},
                        {"issue_counts", std::move(counts)},
                        {"issues", issues_json(t.issues.sorted(), lang)}};
            if (layer.topology)
                one["topology"] = topology_json(*layer.topology, geographic);
            layer_list.push_back(std::move(one));
        }
        list.push_back({{"source", dataset.source}, {"sha256", dataset.sha256}, {"layers", std::move(layer_list)}});
    }
    return to_text({{"schema", "corebelt.info/1"}, {"engine", engine_json()}, {"datasets", std::move(list)}});
}

} // namespace corebelt::reports
