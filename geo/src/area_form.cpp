#include "corebelt/geo/area_form.hpp"

#include "krueger.hpp"
#include "portable_math.hpp"
#include "proj_handles.hpp"

#include "corebelt/geo/crs.hpp"
#include "corebelt/geo/error.hpp"

#include <cmath>
#include <cstddef>
#include <map>
#include <mutex>
#include <optional>
#include <string>
#include <utility>

namespace corebelt::geo {

namespace {

// ---- what a local series holds -----------------------------------------------------------------------------
//
// by_easting: ρ = Σ ρ_ji yʲ xⁱ over the exponents below. Stored is R = ∫₀ˣ ρ dx, that is ρ_ji/(i+1), row after
// row; a segment gives ∫R dy. Rows shrink because ρ varies with the northing only through the ellipsoid's
// flattening, 150 times less than with the easting.
// by_northing: ρ depends on y alone. Stored is Q = ∫₀ʸ ρ dy by rising power; a segment gives −∫Q dx.

constexpr std::array<std::size_t, 5> row_length = {7, 5, 4, 3, 1};
constexpr std::array<std::size_t, 5> row_start = {0, 7, 12, 16, 19};
constexpr std::size_t northing_terms = 7;

/// Two doubles side by side; each is rounded as it would be alone.
using TwoLanes = double __attribute__((vector_size(16)));

template <std::size_t first, std::size_t length>
TwoLanes horner(const std::array<double, 20>& c, TwoLanes x) {
    TwoLanes sum{c[first + length - 1], c[first + length - 1]};
    for (std::size_t i = length - 1; i-- > 0;)
        sum = sum * x + c[first + i];
    return sum;
}

TwoLanes antiderivative_in_x(const std::array<double, 20>& c, TwoLanes x, TwoLanes y) {
    TwoLanes sum = horner<row_start[4], row_length[4]>(c, x);
    sum = sum * y + horner<row_start[3], row_length[3]>(c, x);
    sum = sum * y + horner<row_start[2], row_length[2]>(c, x);
    sum = sum * y + horner<row_start[1], row_length[1]>(c, x);
    sum = sum * y + horner<row_start[0], row_length[0]>(c, x);
    return sum * x;
}

TwoLanes antiderivative_in_y(const std::array<double, 20>& c, TwoLanes y) {
    return horner<0, northing_terms>(c, y) * y;
}

/// Mean of f over −1…1, exact for polynomials up to degree 7 (3 for a short edge). The nodes come in pairs so
/// that running the edge backwards adds the same numbers.
template <typename Function>
double gauss_legendre_mean(bool short_edge, const Function& f) {
    const auto pair = [&f](double node) {
        const TwoLanes both = f(TwoLanes{-node, node});
        return both[0] + both[1];
    };
    if (short_edge) {
        constexpr double node = 0.57735026918962576451;
        return 0.5 * pair(node);
    }
    constexpr double inner = 0.33998104358485626480;
    constexpr double outer = 0.86113631159405257522;
    constexpr double inner_weight = 0.32607257743127307131;
    constexpr double outer_weight = 0.17392742256872692869;
    return inner_weight * pair(inner) + outer_weight * pair(outer);
}

constexpr auto binomial_table = [] {
    std::array<std::array<double, 13>, 13> table{};
    for (std::size_t n = 0; n < table.size(); ++n) {
        table[n][0] = 1;
        for (std::size_t k = 1; k <= n; ++k)
            table[n][k] = table[n - 1][k - 1] + table[n - 1][k];
    }
    return table;
}();

constexpr double binomial(std::size_t n, std::size_t k) {
    return binomial_table[n][k];
}

// ---- truncated power series in one variable, for ρ that depends on the northing alone ------------------------

using Series = std::array<double, northing_terms>;

Series product(const Series& a, const Series& b) {
    Series c{};
    for (std::size_t i = 0; i < c.size(); ++i)
        for (std::size_t j = 0; i + j < c.size(); ++j)
            c[i + j] += a[i] * b[j];
    return c;
}

Series quotient(const Series& a, const Series& b) {
    Series c{};
    for (std::size_t i = 0; i < c.size(); ++i) {
        double rest = a[i];
        for (std::size_t j = 1; j <= i; ++j)
            rest -= b[j] * c[i - j];
        c[i] = rest / b[0];
    }
    return c;
}

struct SineCosineSeries {
    Series sine{};
    Series cosine{};
};

SineCosineSeries sine_and_cosine_about(double angle) {
    const portable::SinCos at = portable::sin_cos(angle);
    SineCosineSeries s;
    const std::array<double, 4> sines = {at.sin, at.cos, -at.sin, -at.cos};
    double factorial = 1;
    for (std::size_t k = 0; k < northing_terms; ++k) {
        if (k > 0)
            factorial *= static_cast<double>(k);
        s.sine[k] = sines[k % 4] / factorial;
        s.cosine[k] = sines[(k + 1) % 4] / factorial;
    }
    return s;
}

} // namespace

/// What local() needs, prepared once a layer.
struct AreaForm::Model {
    Model() = default;
    Model(const Model&) = delete;
    Model& operator=(const Model&) = delete;
    Model(Model&&) = delete;
    Model& operator=(Model&&) = delete;
    virtual ~Model() = default;
    [[nodiscard]] virtual LocalAreaForm local(XY origin) const = 0;

protected:
    /// Builders of the three kinds; only AreaForm's own nested types may fill a LocalAreaForm.
    static LocalAreaForm planar(double m2_per_unit2) {
        LocalAreaForm form;
        form.scale_ = m2_per_unit2;
        return form;
    }
    static LocalAreaForm by_easting(const std::array<double, 20>& series, double short_edge) {
        LocalAreaForm form;
        form.kind_ = LocalAreaForm::Kind::by_easting;
        form.series_ = series;
        form.short_edge_ = short_edge;
        return form;
    }
    /// `rho` by rising power of the northing about the origin, m² per squared unit.
    static LocalAreaForm by_northing(const Series& rho, double short_edge) {
        LocalAreaForm form;
        form.kind_ = LocalAreaForm::Kind::by_northing;
        for (std::size_t i = 0; i < northing_terms; ++i)
            form.series_[i] = rho[i] / static_cast<double>(i + 1);
        form.short_edge_ = short_edge;
        return form;
    }
};

namespace {

// Two nodes leave h⁴R⁗/4320 of an edge of length h; below these lengths that is less than the rounding of the
// planar formula for a feature of the same size.
constexpr double short_edge_m = 256;
constexpr double short_edge_deg = 0.002;

class PlanarModel final : public AreaForm::Model {
public:
    explicit PlanarModel(double metres_per_unit) : m2_per_unit2_(metres_per_unit * metres_per_unit) {}
    [[nodiscard]] LocalAreaForm local(XY /*origin*/) const override { return planar(m2_per_unit2_); }

private:
    double m2_per_unit2_;
};

/// 1/k² of the transverse Mercator projection: with ξ the rectifying latitude (northing over the rectifying
/// radius A) and η = easting/A from the central meridian,
///   k0²/k² = 1 + Σ_j η²ʲ Σ_m cos 2mξ Σ_i T[j][m][i] nⁱ,   n the third flattening.
/// The sphere's part (m = i = 0) is sech²η. The rest follows from Krüger's series ζ' = ζ − Σβ sin 2jζ and
/// k² = |dζ/dζ'|² cosh²η' · (A cosχ / r)², r the radius of the parallel; all in exact rationals, terms below
/// 3e-13 at η = 0.1 (6° from the meridian) left out.
struct Term {
    std::size_t j;
    std::size_t m;
    std::array<double, 5> by_n;
};
constexpr std::array<Term, 17> transverse_mercator_terms = {{
    {1, 0, {-1, 2, -7.0 / 2, 5, -211.0 / 32}},
    {1, 1, {0, -4, 8, -41.0 / 4, 25.0 / 2}},
    {1, 2, {0, 0, -8, 16, -40.0 / 3}},
    {1, 3, {0, 0, 0, -63.0 / 4, 63.0 / 2}},
    {1, 4, {0, 0, 0, 0, -92.0 / 3}},
    {2, 0, {2.0 / 3, -10.0 / 3, 49.0 / 3, -154.0 / 3, 0}},
    {2, 1, {0, 14.0 / 3, -76.0 / 3, 2351.0 / 24, 0}},
    {2, 2, {0, 0, 25.0 / 3, -194.0 / 3, 0}},
    {2, 3, {0, 0, 0, 113.0 / 24, 0}},
    {3, 0, {-17.0 / 45, 154.0 / 45, -2429.0 / 90, 0, 0}},
    {3, 1, {0, -188.0 / 45, 1816.0 / 45, 0, 0}},
    {3, 2, {0, 0, -616.0 / 45, 0, 0}},
    {4, 0, {62.0 / 315, -176.0 / 63, 0, 0, 0}},
    {4, 1, {0, 1004.0 / 315, 0, 0, 0}},
    {5, 0, {-1382.0 / 14175, 28204.0 / 14175, 0, 0, 0}},
    {5, 1, {0, -4424.0 / 2025, 0, 0, 0}},
    {6, 0, {21844.0 / 467775, 0, 0, 0, 0}},
}};
constexpr std::size_t easting_powers = 6; ///< of η²
constexpr std::size_t harmonics = 5;      ///< cos 0ξ … cos 8ξ

class TransverseMercatorModel final : public AreaForm::Model {
public:
    TransverseMercatorModel(const GaussKrueger& gk, const Ellipsoid& figure, double metres_per_unit)
        : frame_(gk, figure, metres_per_unit),
          m2_per_unit2_(metres_per_unit * metres_per_unit / (gk.scale * gk.scale)),
          short_edge_(short_edge_m / metres_per_unit) {
        for (std::size_t t = 0; t < transverse_mercator_terms.size(); ++t) {
            const Term& term = transverse_mercator_terms[t];
            double value = 0;
            for (std::size_t i = term.by_n.size(); i-- > 0;)
                value = value * frame_.n + term.by_n[i];
            // The cosine's derivatives: −sin, −cos, sin, cos and so on.
            for (std::size_t row = 0; row < row_length.size(); ++row) {
                derivative_[row][t] = row % 4 == 1 || row % 4 == 2 ? -value : value;
                value *= 2 * static_cast<double>(term.m);
            }
        }
    }

    [[nodiscard]] LocalAreaForm local(XY origin) const override {
        const double xi = frame_.xi(origin.y);
        const double eta = frame_.eta(origin.x);

        // cos 2mξ and sin 2mξ by recurrence.
        std::array<double, harmonics> cosine{1};
        std::array<double, harmonics> sine{0};
        const portable::SinCos two = portable::sin_cos(2 * xi);
        for (std::size_t m = 1; m < harmonics; ++m) {
            cosine[m] = cosine[m - 1] * two.cos - sine[m - 1] * two.sin;
            sine[m] = sine[m - 1] * two.cos + cosine[m - 1] * two.sin;
        }
        std::array<double, 2 * easting_powers + 1> eta_power{1};
        for (std::size_t i = 1; i < eta_power.size(); ++i)
            eta_power[i] = eta_power[i - 1] * eta;

        std::array<double, 20> series{};
        double northing_scale = m2_per_unit2_; // of row `row`: unitʳᵒʷ/row!
        for (std::size_t row = 0; row < row_length.size(); ++row) {
            // Each power's coefficient, derived `row` times along ξ.
            const std::array<double, harmonics>& wave = row % 2 == 0 ? cosine : sine;
            std::array<double, easting_powers + 1> along{row == 0 ? 1.0 : 0.0};
            for (std::size_t t = 0; t < transverse_mercator_terms.size(); ++t) {
                const Term& term = transverse_mercator_terms[t];
                along[term.j] += derivative_[row][t] * wave[term.m];
            }
            // η²ʲ about the origin's η: binomials.
            double easting_scale = northing_scale;
            for (std::size_t i = 0; i < row_length[row]; ++i) {
                double sum = 0;
                for (std::size_t j = (i + 1) / 2; j <= easting_powers; ++j)
                    sum += along[j] * (binomial(2 * j, i) * eta_power[2 * j - i]);
                series[row_start[row] + i] = sum * easting_scale / static_cast<double>(i + 1);
                easting_scale *= frame_.per_unit;
            }
            northing_scale *= frame_.per_unit / static_cast<double>(row + 1);
        }
        return by_easting(series, short_edge_);
    }

private:
    RectifyingFrame frame_;
    double m2_per_unit2_;
    double short_edge_;
    std::array<std::array<double, transverse_mercator_terms.size()>, row_length.size()> derivative_{}; ///< along ξ
};

/// ρ = M·N·cosB, in m² per square degree: M·N = a²(1−e²)/(1−e² sin²B)².
class GeographicModel final : public AreaForm::Model {
public:
    explicit GeographicModel(const Ellipsoid& figure) {
        const double f = flattening(figure);
        e2_ = f * (2 - f);
        polar_ = figure.semi_major_m * figure.semi_major_m * (1 - e2_);
    }

    [[nodiscard]] LocalAreaForm local(XY origin) const override {
        const SineCosineSeries b = sine_and_cosine_about(origin.y * portable::radians_per_degree);
        Series w2 = product(b.sine, b.sine);
        for (double& c : w2)
            c *= -e2_;
        w2[0] += 1;
        Series rho = quotient(b.cosine, product(w2, w2));
        double scale = polar_ * portable::radians_per_degree * portable::radians_per_degree;
        for (double& c : rho) {
            c *= scale;
            scale *= portable::radians_per_degree;
        }
        return by_northing(rho, short_edge_deg);
    }

private:
    double e2_ = 0;
    double polar_ = 0;
};

/// EPSG:3857 and its like use the sphere's formulas with geodetic latitudes: with t = tanh(y/a) = sinB,
/// ρ = (1−e²)(1−t²)/(1−e²t²)².
class WebMercatorModel final : public AreaForm::Model {
public:
    WebMercatorModel(const Ellipsoid& figure, double false_northing_m, double metres_per_unit)
        : northing_0_(false_northing_m / metres_per_unit),
          unit_(metres_per_unit / figure.semi_major_m),
          m2_per_unit2_(metres_per_unit * metres_per_unit),
          short_edge_(short_edge_m / metres_per_unit) {
        const double f = flattening(figure);
        e2_ = f * (2 - f);
    }

    [[nodiscard]] LocalAreaForm local(XY origin) const override {
        const portable::SinhCosh at = portable::sinh_cosh((origin.y - northing_0_) * unit_);
        Series t{at.sinh / at.cosh};
        Series complement{1 / (at.cosh * at.cosh)}; // 1 − t² = dt/dψ
        for (std::size_t k = 1; k < t.size(); ++k) {
            t[k] = complement[k - 1] / static_cast<double>(k);
            complement[k] = -product(t, t)[k];
        }
        Series w2 = product(t, t);
        for (double& c : w2)
            c *= -e2_;
        w2[0] += 1;
        Series rho = quotient(complement, product(w2, w2));
        double scale = m2_per_unit2_ * (1 - e2_);
        for (double& c : rho) {
            c *= scale;
            scale *= unit_;
        }
        return by_northing(rho, short_edge_);
    }

private:
    double northing_0_;
    double unit_;
    double m2_per_unit2_;
    double short_edge_;
    double e2_ = 0;
};

/// Any other projection: ρ from PROJ's areal factor at 25 Chebyshev nodes of a square tile, as a polynomial of
/// total degree 4, moved to the origin. Tiles lie on a fixed grid, so the numbers do not depend on which
/// feature comes first; each is computed once.
class SampledModel final : public AreaForm::Model {
public:
    explicit SampledModel(const Crs& crs)
        : name_(crs.name()),
          metres_per_unit_(crs.metres_per_unit()),
          half_side_(tile_side_m / 2 / metres_per_unit_),
          context_(make_proj_context()) {
        const ProjObject whole(proj_create(context_.get(), crs.wkt().c_str()));
        const ProjObject projected = horizontal_part(context_.get(), whole.get());
        const ProjObject geodetic(proj_crs_get_geodetic_crs(context_.get(), projected.get()));
        const ProjObject raw(
            proj_create_crs_to_crs_from_pj(context_.get(), geodetic.get(), projected.get(), nullptr, nullptr));
        // proj_factors() understands systems with the easting first only.
        projected_.reset(proj_normalize_for_visualization(context_.get(), projected.get()));
        to_map_.reset(raw ? proj_normalize_for_visualization(context_.get(), raw.get()) : nullptr);
    }

    [[nodiscard]] LocalAreaForm local(XY origin) const override {
        const auto column = static_cast<std::int64_t>(std::floor(origin.x / (2 * half_side_)));
        const auto row = static_cast<std::int64_t>(std::floor(origin.y / (2 * half_side_)));
        const XY centre{(2 * static_cast<double>(column) + 1) * half_side_,
                        (2 * static_cast<double>(row) + 1) * half_side_};
        const Tile tile = tile_at(column, row, centre);
        const double u = (origin.x - centre.x) / half_side_;
        const double v = (origin.y - centre.y) / half_side_;
        std::array<double, 20> series{};
        const double m2_per_unit2 = metres_per_unit_ * metres_per_unit_;
        for (std::size_t j = 0; j < degrees; ++j)
            for (std::size_t i = 0; i + j < degrees; ++i) {
                double sum = 0;
                for (std::size_t l = degrees; l-- > j;)
                    for (std::size_t k = degrees - l; k-- > i;)
                        sum += tile[l][k] * binomial(l, j) * binomial(k, i) * power(v, l - j) * power(u, k - i);
                series[row_start[j] + i] = sum * m2_per_unit2 / static_cast<double>(i + 1) / power(half_side_, i + j);
            }
        return by_easting(series, short_edge_m / metres_per_unit_);
    }

private:
    static constexpr double tile_side_m = 262144; // small against the Earth, large against PROJ's noise of 1e-10
    static constexpr std::size_t degrees = 5;     // powers 0…4
    using Tile = std::array<std::array<double, degrees>, degrees>; ///< ρ by powers of v, then u, both −1…1

    static double power(double x, std::size_t n) {
        double value = 1;
        for (; n > 0; --n)
            value *= x;
        return value;
    }

    Tile tile_at(std::int64_t column, std::int64_t row, XY centre) const {
        const std::lock_guard lock(mutex_);
        const auto known = tiles_.find({column, row});
        if (known != tiles_.end())
            return known->second;
        return tiles_.emplace(std::pair{column, row}, sample(centre)).first->second;
    }

    double rho_at(XY p) const {
        const PJ_COORD degrees_at = to_map_ ? proj_trans(to_map_.get(), PJ_INV, proj_coord(p.x, p.y, 0, 0))
                                            : proj_coord(HUGE_VAL, HUGE_VAL, 0, 0);
        double areal = 0;
        if (std::isfinite(degrees_at.xy.x) && std::isfinite(degrees_at.xy.y))
            areal = proj_factors(projected_.get(), proj_coord(degrees_at.xy.x * portable::radians_per_degree,
                                                              degrees_at.xy.y * portable::radians_per_degree, 0, 0))
                        .areal_scale;
        if (!(areal > 0 && std::isfinite(areal))) {
            const std::string at = std::to_string(p.x) + " " + std::to_string(p.y);
            throw Error(ErrorKind::input, "no-ground-area",
                        {"no areal scale of \"" + name_ + "\" near " + at + ": " + proj_reason(context_.get()) +
                             "; the coordinates may lie outside the system, or name another with --crs",
                         "“" + name_ + "”在 " + at + " 附近无法求得面积变形：" + proj_reason(context_.get()) +
                             "；请检查坐标是否超出该坐标系的适用范围，或用 --crs 指定其他坐标系"});
        }
        return 1 / areal;
    }

    Tile sample(XY centre) const {
        // Interpolation in Chebyshev polynomials; their monomial coefficients to degree 4.
        constexpr double step = portable::pi / degrees;
        constexpr Tile monomials = {
            {{1, 0, 0, 0, 0}, {0, 1, 0, 0, 0}, {-1, 0, 2, 0, 0}, {0, -3, 0, 4, 0}, {1, 0, -8, 0, 8}}};
        std::array<double, degrees> node{};
        Tile weight{}; // of node n in coefficient k
        for (std::size_t n = 0; n < degrees; ++n) {
            const double angle = step * (static_cast<double>(n) + 0.5);
            node[n] = portable::sin_cos(angle).cos;
            for (std::size_t k = 0; k < degrees; ++k)
                weight[k][n] = (k == 0 ? 1.0 : 2.0) / degrees * portable::sin_cos(static_cast<double>(k) * angle).cos;
        }
        Tile value{};
        for (std::size_t b = 0; b < degrees; ++b)
            for (std::size_t a = 0; a < degrees; ++a)
                value[b][a] = rho_at({centre.x + node[a] * half_side_, centre.y + node[b] * half_side_});
        Tile tile{};
        for (std::size_t l = 0; l < degrees; ++l)
            for (std::size_t k = 0; k + l < degrees; ++k) {
                double chebyshev = 0;
                for (std::size_t b = 0; b < degrees; ++b)
                    for (std::size_t a = 0; a < degrees; ++a)
                        chebyshev += weight[l][b] * weight[k][a] * value[b][a];
                for (std::size_t j = 0; j <= l; ++j)
                    for (std::size_t i = 0; i <= k; ++i)
                        tile[j][i] += chebyshev * monomials[l][j] * monomials[k][i];
            }
        return tile;
    }

    std::string name_;
    double metres_per_unit_;
    double half_side_; ///< of a tile, units of the CRS
    ProjContext context_;
    ProjObject projected_;
    ProjObject to_map_;        ///< degrees, longitude first, to the map
    mutable std::mutex mutex_; ///< guards the tiles and PROJ's objects
    mutable std::map<std::pair<std::int64_t, std::int64_t>, Tile> tiles_;
};

/// The false northing where the CRS is a "pseudo" Mercator, else none.
std::optional<double> pseudo_mercator_northing_m(const Crs& crs) {
    PJ_CONTEXT* context = proj_context();
    const ProjObject whole(proj_create(context, crs.wkt().c_str()));
    const ProjObject projected = horizontal_part(context, whole.get());
    const ProjObject conversion(projected ? proj_crs_get_coordoperation(context, projected.get()) : nullptr);
    const char* code = nullptr;
    if (!conversion || proj_coordoperation_get_method_info(context, conversion.get(), nullptr, nullptr, &code) == 0 ||
        code == nullptr || std::string(code) != "1024")
        return std::nullopt;
    double northing = 0;
    double to_metres = 1;
    const int index = proj_coordoperation_get_param_index(context, conversion.get(), "False northing");
    if (index >= 0)
        proj_coordoperation_get_param(context, conversion.get(), index, nullptr, nullptr, nullptr, &northing, nullptr,
                                      &to_metres, nullptr, nullptr, nullptr, nullptr);
    return northing * to_metres;
}

} // namespace

double LocalAreaForm::curved_segment_m2(XY p, XY q) const {
    const XY middle{0.5 * (p.x + q.x), 0.5 * (p.y + q.y)};
    const XY half{0.5 * (q.x - p.x), 0.5 * (q.y - p.y)};
    const bool is_short = std::abs(half.x) <= 0.5 * short_edge_ && std::abs(half.y) <= 0.5 * short_edge_;
    if (kind_ == Kind::by_easting)
        return 2 * half.y * gauss_legendre_mean(is_short, [&](TwoLanes t) {
                   return antiderivative_in_x(series_, middle.x + t * half.x, middle.y + t * half.y);
               });
    return -2 * half.x * gauss_legendre_mean(is_short, [&](TwoLanes t) {
        return antiderivative_in_y(series_, middle.y + t * half.y);
    });
}

AreaForm AreaForm::planar(const Crs& crs) {
    return AreaForm(std::make_shared<const PlanarModel>(crs.metres_per_unit()));
}

AreaForm AreaForm::ground(const Crs& crs) {
    if (crs.is_geographic())
        return AreaForm(std::make_shared<const GeographicModel>(crs.ellipsoid()));
    if (const auto& gk = crs.gauss_krueger())
        return AreaForm(std::make_shared<const TransverseMercatorModel>(*gk, crs.ellipsoid(), crs.metres_per_unit()));
    if (const auto northing_m = pseudo_mercator_northing_m(crs))
        return AreaForm(std::make_shared<const WebMercatorModel>(crs.ellipsoid(), *northing_m, crs.metres_per_unit()));
    return AreaForm(std::make_shared<const SampledModel>(crs));
}

LocalAreaForm AreaForm::local(XY origin) const {
    return model_->local(origin);
}

} // namespace corebelt::geo
