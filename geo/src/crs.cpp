#include "corebelt/geo/crs.hpp"

#include "proj_handles.hpp"

#include "corebelt/geo/error.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdlib>
#include <string_view>
#include <utility>

namespace corebelt::geo {

ProjContext make_proj_context() {
    ProjContext context(proj_context_create());
    proj_context_set_enable_network(context.get(), 0);
    proj_log_level(context.get(), PJ_LOG_NONE);
    return context;
}

PJ_CONTEXT* proj_context() {
    thread_local const ProjContext context = make_proj_context();
    return context.get();
}

std::string proj_reason(PJ_CONTEXT* context) {
    const int code = proj_context_errno(context);
    const char* text = code == 0 ? nullptr : proj_context_errno_string(context, code);
    return text == nullptr || *text == '\0' ? "no reason given" : text;
}

ProjObject horizontal_part(PJ_CONTEXT* context, const PJ* crs) {
    ProjObject part(proj_clone(context, crs));
    while (part) {
        const PJ_TYPE type = proj_get_type(part.get());
        if (type == PJ_TYPE_COMPOUND_CRS)
            part.reset(proj_crs_get_sub_crs(context, part.get(), 0));
        else if (type == PJ_TYPE_BOUND_CRS)
            part.reset(proj_get_source_crs(context, part.get()));
        else
            break;
    }
    return part;
}

struct Crs::Facts {
    bool geographic = false;
    double metres_per_unit = 1;
    Datum datum = Datum::other;
    Ellipsoid ellipsoid;
    std::optional<GaussKrueger> gauss_krueger;
    std::string label;
    std::string name;
    std::string wkt;
    std::optional<Box> area_of_use_deg;
};

namespace {

bool is_near(double a, double b, double tolerance) {
    return std::abs(a - b) <= tolerance;
}

/// Lower-case letters and digits only, so that "D_China_2000" and "China 2000" compare alike.
std::string plain(std::string_view name) {
    std::string out;
    for (const char c : name) {
        if (c >= 'A' && c <= 'Z')
            out.push_back(static_cast<char>(c - 'A' + 'a'));
        else if ((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9'))
            out.push_back(c);
    }
    return out;
}

bool holds_one_of(std::string_view text, std::initializer_list<std::string_view> words) {
    return std::any_of(words.begin(), words.end(),
                       [&](std::string_view word) { return text.find(word) != std::string_view::npos; });
}

/// The ellipsoid alone does not name a datum (CGCS2000 has GRS 80's figure, Pulkovo has Krassowsky's), so
/// both must agree: a word in the datum's, the ellipsoid's or the CRS' name, and the figure. For WGS 84 the
/// datum's own name must say so: many a datum borrows its ellipsoid.
Datum datum_of(const std::string& frame, const std::string& names, const Ellipsoid& figure) {
    const auto has_figure = [&](double a, double rf) {
        return is_near(figure.semi_major_m, a, 1e-4) && is_near(figure.inverse_flattening, rf, 1e-6);
    };
    if (has_figure(6378137, 298.257222101) &&
        holds_one_of(names, {"china2000", "cgcs2000", "chinageodeticcoordinatesystem2000"}))
        return Datum::cgcs2000;
    if (has_figure(6378140, 298.257) && holds_one_of(names, {"xian1980", "xian80"}))
        return Datum::xian1980;
    if (has_figure(6378245, 298.3) && holds_one_of(names, {"beijing1954", "beijing54", "bj54"}) &&
        !holds_one_of(names, {"newbeijing"}))
        return Datum::beijing1954;
    if (has_figure(6378137, 298.257223563) && !frame.starts_with("unknown") &&
        holds_one_of(frame, {"wgs84", "wgs1984", "worldgeodeticsystem1984"}))
        return Datum::wgs84;
    return Datum::other;
}

std::string name_of(const PJ* object) {
    const char* name = object == nullptr ? nullptr : proj_get_name(object);
    return name == nullptr ? "" : name;
}

/// Strip width: a prefix tells it; without one a 6° meridian (6n − 3) could be either, and then the area of
/// use decides where it is known.
bool is_three_degree(const GaussKrueger& gk, const std::optional<Box>& area_of_use_deg) {
    if (!is_near(gk.scale, 1, 1e-12))
        return false; // UTM and its relatives
    const double meridian = gk.central_meridian_deg;
    if (gk.zone_prefix)
        return is_near(meridian, 3.0 * *gk.zone_prefix, 1e-9);
    const bool can_be_six = is_near(std::remainder(meridian - 3, 6), 0, 1e-9);
    const bool reaches_far =
        area_of_use_deg && (area_of_use_deg->min_x < meridian - 1.6 || area_of_use_deg->max_x > meridian + 1.6);
    return !(can_be_six && reaches_far);
}

std::optional<GaussKrueger> gauss_krueger_of(PJ_CONTEXT* context, const PJ* crs,
                                             const std::optional<Box>& area_of_use_deg) {
    const ProjObject conversion(proj_crs_get_coordoperation(context, crs));
    if (!conversion)
        return std::nullopt;
    const char* method = nullptr;
    if (proj_coordoperation_get_method_info(context, conversion.get(), &method, nullptr, nullptr) == 0 ||
        method == nullptr || std::string_view(method) != "Transverse Mercator")
        return std::nullopt;
    GaussKrueger gk;
    const int count = proj_coordoperation_get_param_count(context, conversion.get());
    for (int i = 0; i < count; ++i) {
        const char* code = nullptr;
        double value = 0;
        double to_si = 1; // radians, metres, unity
        if (proj_coordoperation_get_param(context, conversion.get(), i, nullptr, nullptr, &code, &value, nullptr,
                                          &to_si, nullptr, nullptr, nullptr, nullptr) == 0 ||
            code == nullptr)
            return std::nullopt;
        const double degrees = is_near(to_si, 0.0174532925199433, 1e-15) ? value : value * to_si * 57.29577951308232;
        switch (std::atoi(code)) {
        case 8801:
            gk.latitude_of_origin_deg = degrees;
            break;
        case 8802:
            gk.central_meridian_deg = degrees;
            break;
        case 8805:
            gk.scale = value * to_si;
            break;
        case 8806:
            gk.false_easting_m = value * to_si;
            break;
        case 8807:
            gk.false_northing_m = value * to_si;
            break;
        default:
            return std::nullopt;
        }
    }
    const double prefix = std::floor(gk.false_easting_m / 1e6);
    if (prefix >= 1 && prefix <= 120 && gk.false_easting_m == prefix * 1e6 + 500000)
        gk.zone_prefix = static_cast<int>(prefix);
    gk.three_degree = is_three_degree(gk, area_of_use_deg);
    return gk;
}

/// EPSG numbers its Chinese systems in runs: code = base + strip.
std::optional<int> chinese_epsg_code(Datum datum, const GaussKrueger& gk) {
    struct Family {
        Datum datum;
        int three_prefixed; ///< code of 3° strip 0, were there one
        int three_meridian; ///< code of CM 75°
        int six_prefixed;
        int six_meridian;
    };
    constexpr std::array families = {Family{Datum::cgcs2000, 4488, 4534, 4478, 4502},
                                     Family{Datum::xian1980, 2324, 2370, 2314, 2338},
                                     Family{Datum::beijing1954, 2376, 2422, 21400, 21453}};
    const auto* family =
        std::find_if(families.begin(), families.end(), [&](const Family& f) { return f.datum == datum; });
    if (family == families.end() || gk.scale != 1 || gk.latitude_of_origin_deg != 0 || gk.false_northing_m != 0)
        return std::nullopt;
    if (!gk.zone_prefix && gk.false_easting_m != 500000)
        return std::nullopt;
    const double meridian = gk.central_meridian_deg;
    if (meridian < 75 || meridian > 135)
        return std::nullopt;
    if (gk.three_degree) {
        const int strip = static_cast<int>(std::lround(meridian / 3));
        if (meridian != 3.0 * strip || (gk.zone_prefix && *gk.zone_prefix != strip))
            return std::nullopt;
        return gk.zone_prefix ? family->three_prefixed + strip : family->three_meridian + strip - 25;
    }
    const int strip = static_cast<int>(std::lround((meridian + 3) / 6));
    if (meridian != 6.0 * strip - 3 || (gk.zone_prefix && *gk.zone_prefix != strip))
        return std::nullopt;
    return gk.zone_prefix ? family->six_prefixed + strip : family->six_meridian + strip - 13;
}

std::optional<std::string> identified(PJ_CONTEXT* context, const PJ* crs) {
    const char* authority = proj_get_id_auth_name(crs, 0);
    const char* code = proj_get_id_code(crs, 0);
    if (authority != nullptr && code != nullptr)
        return std::string(authority) + ":" + code;
    int* confidences = nullptr;
    const ProjList found(proj_identify(context, crs, "EPSG", nullptr, &confidences));
    std::optional<std::string> label;
    if (found && proj_list_get_count(found.get()) > 0 && confidences != nullptr && confidences[0] == 100) {
        const ProjObject first(proj_list_get(context, found.get(), 0));
        const char* id = first ? proj_get_id_code(first.get(), 0) : nullptr;
        if (id != nullptr)
            label = std::string("EPSG:") + id;
    }
    proj_int_list_destroy(confidences);
    return label;
}

std::optional<Box> area_of_use_of(PJ_CONTEXT* context, const PJ* crs) {
    double west = 0;
    double south = 0;
    double east = 0;
    double north = 0;
    if (proj_get_area_of_use(context, crs, &west, &south, &east, &north, nullptr) == 0 || west < -999)
        return std::nullopt;
    if (east < west)
        east += 360; // across the date line
    return Box{west, south, east, north};
}

[[noreturn]] void throw_bad_crs(const std::string& definition, const std::string& reason) {
    constexpr std::size_t shown = 120;
    const std::string cut = definition.size() > shown ? definition.substr(0, shown) + "…" : definition;
    throw Error(ErrorKind::usage, "bad-crs",
                {"cannot understand the coordinate system \"" + cut + "\": " + reason +
                     "; give an EPSG code such as EPSG:4543, WKT or PROJJSON",
                 "无法识别坐标系“" + cut + "”：" + reason + "；请给出 EPSG 代码（如 EPSG:4543）、WKT 或 PROJJSON"});
}

} // namespace

Crs Crs::parse(const std::string& definition) {
    PJ_CONTEXT* context = proj_context();
    const ProjObject whole(proj_create(context, definition.c_str()));
    if (!whole)
        throw_bad_crs(definition, proj_reason(context));
    const ProjObject crs = horizontal_part(context, whole.get());
    const PJ_TYPE type = crs ? proj_get_type(crs.get()) : PJ_TYPE_UNKNOWN;
    auto facts = std::make_shared<Facts>();
    facts->geographic = type == PJ_TYPE_GEOGRAPHIC_2D_CRS || type == PJ_TYPE_GEOGRAPHIC_3D_CRS;
    if (!facts->geographic && type != PJ_TYPE_PROJECTED_CRS)
        throw_bad_crs(definition, "neither geographic nor projected");

    const ProjObject figure(proj_get_ellipsoid(context, crs.get()));
    if (!figure || proj_ellipsoid_get_parameters(context, figure.get(), &facts->ellipsoid.semi_major_m, nullptr,
                                                 nullptr, &facts->ellipsoid.inverse_flattening) == 0)
        throw_bad_crs(definition, "no ellipsoid");
    const ProjObject base(proj_crs_get_geodetic_crs(context, crs.get()));
    const ProjObject frame(proj_crs_get_datum_forced(context, base ? base.get() : crs.get()));
    facts->datum =
        datum_of(plain(name_of(frame.get())), plain(name_of(frame.get()) + name_of(figure.get()) + name_of(base.get())),
                 facts->ellipsoid);

    if (!facts->geographic) {
        const ProjObject axes(proj_crs_get_coordinate_system(context, crs.get()));
        double to_metres = 1;
        if (!axes || proj_cs_get_axis_info(context, axes.get(), 0, nullptr, nullptr, nullptr, &to_metres, nullptr,
                                           nullptr, nullptr) == 0)
            throw_bad_crs(definition, "no axes");
        facts->metres_per_unit = to_metres;
    }
    facts->area_of_use_deg = area_of_use_of(context, crs.get());
    if (!facts->geographic)
        facts->gauss_krueger = gauss_krueger_of(context, crs.get(), facts->area_of_use_deg);
    facts->name = name_of(crs.get());
    const char* wkt = proj_as_wkt(context, whole.get(), PJ_WKT2_2019, nullptr);
    if (wkt == nullptr)
        throw_bad_crs(definition, proj_reason(context));
    facts->wkt = wkt;

    std::optional<std::string> label = identified(context, crs.get());
    if (!label && facts->gauss_krueger)
        if (const auto code = chinese_epsg_code(facts->datum, *facts->gauss_krueger))
            label = "EPSG:" + std::to_string(*code);
    facts->label = label.value_or(facts->name);
    return Crs(std::move(facts));
}

bool Crs::is_geographic() const {
    return facts_->geographic;
}
bool Crs::is_projected() const {
    return !facts_->geographic;
}
double Crs::metres_per_unit() const {
    return facts_->metres_per_unit;
}
Datum Crs::datum() const {
    return facts_->datum;
}
Ellipsoid Crs::ellipsoid() const {
    return facts_->ellipsoid;
}
const std::optional<GaussKrueger>& Crs::gauss_krueger() const {
    return facts_->gauss_krueger;
}
const std::string& Crs::label() const {
    return facts_->label;
}
const std::string& Crs::name() const {
    return facts_->name;
}
const std::string& Crs::wkt() const {
    return facts_->wkt;
}
const std::optional<Box>& Crs::area_of_use_deg() const {
    return facts_->area_of_use_deg;
}

bool Crs::same_as(const Crs& other) const {
    if (facts_ == other.facts_)
        return true;
    const Facts& a = *facts_;
    const Facts& b = *other.facts_;
    if (a.geographic != b.geographic || a.datum != b.datum || !is_near(a.metres_per_unit, b.metres_per_unit, 1e-12) ||
        !is_near(a.ellipsoid.semi_major_m, b.ellipsoid.semi_major_m, 1e-4) ||
        !is_near(a.ellipsoid.inverse_flattening, b.ellipsoid.inverse_flattening, 1e-8))
        return false;
    if (a.datum != Datum::other) {
        if (a.geographic)
            return true;
        if (a.gauss_krueger.has_value() != b.gauss_krueger.has_value())
            return false;
        if (a.gauss_krueger) {
            const GaussKrueger& p = *a.gauss_krueger;
            const GaussKrueger& q = *b.gauss_krueger;
            return is_near(p.central_meridian_deg, q.central_meridian_deg, 1e-11) &&
                   is_near(p.latitude_of_origin_deg, q.latitude_of_origin_deg, 1e-11) &&
                   is_near(p.scale, q.scale, 1e-14) && is_near(p.false_easting_m, q.false_easting_m, 1e-6) &&
                   is_near(p.false_northing_m, q.false_northing_m, 1e-6);
        }
    }
    PJ_CONTEXT* context = proj_context();
    const ProjObject one(proj_create(context, a.wkt.c_str()));
    const ProjObject two(proj_create(context, b.wkt.c_str()));
    if (!one || !two)
        return false;
    const ProjObject first = horizontal_part(context, one.get());
    const ProjObject second = horizontal_part(context, two.get());
    return first && second &&
           proj_is_equivalent_to_with_ctx(context, first.get(), second.get(),
                                          PJ_COMP_EQUIVALENT_EXCEPT_AXIS_ORDER_GEOGCRS) != 0;
}

} // namespace corebelt::geo
