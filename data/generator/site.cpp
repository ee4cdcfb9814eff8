#include "site.hpp"

#include "arrangement.hpp"
#include "cuts.hpp"
#include "faces.hpp"
#include "land_use.hpp"
#include "noise.hpp"
#include "random.hpp"
#include "strip.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <map>
#include <stdexcept>

namespace corebelt::samples {
namespace {

constexpr double main_width_m = 36;
constexpr double second_width_m = 24;
constexpr double local_width_m = 16;
constexpr double belt_m = 18;     ///< green belt outside a road that bounds the site
constexpr double river_m = 26;    ///< water
constexpr double bank_m = 30;     ///< green on either side of it
constexpr double sample_m = 30;   ///< vertex spacing along bent lines before they are thinned
constexpr double bend_m = 150;    ///< how far the street net leaves its axes
constexpr double overshoot_m = 1; ///< dividing lines run on so far, to meet what they end at; the rest is dropped

/// Corner of a block given to the carriageway for sight.
struct Chamfer {
    Vec a, b;      ///< ends of the cut, run on
    Ring triangle; ///< what it cuts off
};

class Planner {
public:
    explicit Planner(const SiteSpec& spec)
        : spec_(spec),
          random_(spec.seed),
          bend_u_(spec.seed * 7 + 1, 1700),
          bend_v_(spec.seed * 7 + 2, 1850),
          small_firms_(spec.seed * 7 + 6, 1300),
          cosine_((1 - spec.tilt * spec.tilt) / (1 + spec.tilt * spec.tilt)),
          sine_(2 * spec.tilt / (1 + spec.tilt * spec.tilt)) {}

    Site plan();

private:
    [[nodiscard]] double street(double number, const std::vector<double>& offsets) const;
    [[nodiscard]] Vec place(double u_m, double v_m) const;
    [[nodiscard]] Vec at(double u, double v) const { return place(street(u, jitter_u_), street(v, jitter_v_)); }
    [[nodiscard]] Vec main_direction(Vec near) const;
    [[nodiscard]] Ring outline() const;
    [[nodiscard]] std::vector<Vec> sampled(Vec from_uv, Vec to_uv) const;
    [[nodiscard]] Kind kind_at(Vec p) const;
    [[nodiscard]] std::vector<Polygon> blocks() const;
    void fit_outline();
    void lay_streets();
    void lay_river();
    void lay_local_streets();
    void cut_corners(const Polygon& block);
    void cut_along(const Ring& ring, Vec through, Vec along);
    void slice(const Ring& row, Vec along, double low_m2, double high_m2);
    void divide(const Ring& block, double low_m2, double high_m2);
    [[nodiscard]] bool small_parcels_at(Vec p) const;
    [[nodiscard]] std::vector<Segment> base_segments() const;
    void add_road(const std::string& rank, double width_m, std::vector<Vec> centre);
    void name_parcels(Site& site, const Arrangement& plan, const std::vector<int>& labels,
                      const std::vector<Polygon>& all_blocks);

    SiteSpec spec_;
    Random random_;
    Noise bend_u_, bend_v_, small_firms_;
    double cosine_, sine_;
    double scale_ = 1;
    std::vector<double> jitter_u_, jitter_v_;
    int streets_u_ = 0, streets_v_ = 0; ///< highest street numbers
    Ring outline_;
    std::vector<Strip> roads_, water_, banks_;
    std::vector<Chamfer> chamfers_;
    std::vector<Segment> cuts_;
    std::vector<Road> road_lines_;
};

/// Metres along the street axis of a street number; streets stand unevenly, numbers may be fractions or lie outside.
double Planner::street(double number, const std::vector<double>& offsets) const {
    const double floor = std::floor(number);
    const auto offset = [&](double n) {
        return n < 0 || n > static_cast<double>(offsets.size() - 1) ? 0.0 : offsets[static_cast<std::size_t>(n)];
    };
    const double low = floor + offset(floor);
    const double high = floor + 1 + offset(floor + 1);
    return (low + (number - floor) * (high - low)) * spec_.spacing_m * scale_;
}

/// From the straight street axes to the ground: a gentle bend, then the tilt.
Vec Planner::place(double u_m, double v_m) const {
    const double bent_u = u_m + bend_m * bend_u_.at(u_m, v_m);
    const double bent_v = v_m + bend_m * bend_v_.at(u_m, v_m);
    return {cosine_ * bent_u - sine_ * bent_v, sine_ * bent_u + cosine_ * bent_v};
}

Vec Planner::main_direction(Vec near) const {
    const double u = cosine_ * near.x + sine_ * near.y;
    const double v = -sine_ * near.x + cosine_ * near.y;
    return unit(place(u + 50, v) - place(u - 50, v));
}

std::vector<Vec> Planner::sampled(Vec from_uv, Vec to_uv) const {
    const Vec from{street(from_uv.x, jitter_u_), street(from_uv.y, jitter_v_)};
    const Vec to{street(to_uv.x, jitter_u_), street(to_uv.y, jitter_v_)};
    const int steps = std::max(1, static_cast<int>(std::floor(length(to - from) / sample_m + 0.5)));
    std::vector<Vec> line;
    for (int i = 0; i <= steps; ++i) {
        const Vec p = from + (static_cast<double>(i) / steps) * (to - from);
        line.push_back(place(p.x, p.y));
    }
    return thinned(line);
}

Ring Planner::outline() const {
    const std::size_t n = spec_.outline.size();
    const Noise broad(spec_.seed * 7 + 3, 520);
    const Noise fine(spec_.seed * 7 + 4, 150);
    const auto main_street = [](double number) { return static_cast<int>(number) % 2 == 0; };
    const auto reach = [&](double number) { // from a street's axis to the outer rim of its belt
        return number == std::floor(number) ? (main_street(number) ? main_width_m : second_width_m) / 2 + belt_m : 0;
    };
    std::vector<Vec> corners; // metres on the street axes
    for (std::size_t i = 0; i < n; ++i) {
        const Corner& here = spec_.outline[i];
        Vec out;
        for (const std::size_t from : {(i + n - 1) % n, i}) {
            const Corner& a = spec_.outline[from];
            const Corner& b = spec_.outline[(from + 1) % n];
            if (a.slope)
                continue;
            if (a.v == b.v)
                out.y = (b.u > a.u ? -1 : 1) * reach(a.v);
            if (a.u == b.u)
                out.x = (b.v > a.v ? 1 : -1) * reach(a.u);
        }
        corners.push_back(Vec{street(here.u, jitter_u_), street(here.v, jitter_v_)} + out);
    }
    Ring ring;
    for (std::size_t i = 0; i < n; ++i) {
        const Vec from = corners[i];
        const Vec to = corners[(i + 1) % n];
        const bool slope = spec_.outline[i].slope;
        const double step = slope ? 36 : 60;
        const int steps = std::max(1, static_cast<int>(std::floor(length(to - from) / step + 0.5)));
        const Vec outwards = -1.0 * left_of(unit(to - from));
        for (int k = 0; k < steps; ++k) {
            const double part = static_cast<double>(k) / steps;
            Vec p = from + part * (to - from);
            if (slope) {
                const double taper = std::min(1.0, 8 * std::min(part, 1 - part));
                p = p + (taper * (115 * broad.at(p.x, p.y) + 30 * fine.at(p.x, p.y))) * outwards;
            }
            ring.push_back(rounded(place(p.x, p.y)));
        }
    }
    return ring;
}

void Planner::fit_outline() {
    int low = 500000; // millionths
    int high = 1700000;
    while (high - low > 1) {
        const int middle = (low + high) / 2;
        scale_ = middle * 1e-6;
        const double area = ground_m2({outline(), {}}, static_cast<double>(spec_.east_m - 500000));
        (area < spec_.target_km2 * 1e6 ? low : high) = middle;
    }
    scale_ = high * 1e-6;
    outline_ = outline();
}

void Planner::add_road(const std::string& rank, double width_m, std::vector<Vec> centre) {
    roads_.push_back(strip(std::move(centre), width_m));
    for (const std::vector<Vec>& run : runs_inside(outline_, roads_.back().centre))
        if (length(run.back() - run.front()) > main_width_m) {
            Road road{rank, width_m, {}};
            for (const Vec& p : run)
                road.line.push_back(rounded(p));
            road_lines_.push_back(std::move(road));
        }
}

void Planner::lay_streets() {
    // Even streets are main roads. In each cell between four of them the middle streets may be left out, never both.
    std::map<std::pair<int, int>, int> left_out;
    for (int i = 0; i < streets_u_; i += 2)
        for (int j = 0; j < streets_v_; j += 2) {
            const double dice = random_.unit();
            left_out[{i, j}] = dice < 0.22 ? 1 : dice < 0.44 ? 2 : 0;
        }
    for (const bool along_v : {true, false}) {
        const int count = along_v ? streets_u_ : streets_v_;
        const int other = along_v ? streets_v_ : streets_u_;
        for (int i = 0; i <= count; ++i) {
            const bool main = i % 2 == 0;
            int begin = -1;
            const auto finish = [&](int end) {
                if (begin >= end)
                    return;
                const double from = begin == 0 ? -0.7 : begin;
                const double to = end >= other ? other + 0.7 : end;
                add_road(main ? "主干路" : "次干路", main ? main_width_m : second_width_m,
                         along_v ? sampled({double(i), from}, {double(i), to})
                                 : sampled({from, double(i)}, {to, double(i)}));
            };
            begin = 0;
            for (int j = 0; !main && j < other; j += 2)
                if (left_out[along_v ? std::pair(i - 1, j) : std::pair(j, i - 1)] == (along_v ? 1 : 2)) {
                    finish(j);
                    begin = j + 2;
                }
            finish(other);
        }
    }
}

void Planner::lay_river() {
    const Noise meander(spec_.seed * 7 + 5, 640);
    const double low = street(-0.8, jitter_v_);
    const double high = street(streets_v_ + 0.8, jitter_v_);
    const int steps = static_cast<int>((high - low) / 20);
    std::vector<Vec> line;
    for (int i = 0; i <= steps; ++i) {
        const double v = low + (high - low) * i / steps;
        line.push_back(place(street(spec_.river_u, jitter_u_) + 95 * meander.at(v, 0), v));
    }
    line = thinned(line);
    water_.push_back(strip(line, river_m));
    banks_.push_back(strip(line, river_m + 2 * bank_m));
}

Kind Planner::kind_at(Vec p) const {
    if (!inside(outline_, p))
        return Kind::outside;
    if (in_any(roads_, p))
        return Kind::road;
    for (const Chamfer& c : chamfers_)
        if (inside(c.triangle, p))
            return Kind::road;
    if (in_any(water_, p))
        return Kind::water;
    return in_any(banks_, p) ? Kind::bank : Kind::block;
}

std::vector<Segment> Planner::base_segments() const {
    std::vector<Segment> segments;
    add_ring(segments, outline_);
    for (const auto* strips : {&roads_, &water_, &banks_})
        for (const Strip& s : *strips)
            add_ring(segments, s.rim);
    return segments;
}

std::vector<Polygon> Planner::blocks() const {
    const Arrangement plan(base_segments());
    std::vector<int> labels;
    for (const auto& face : plan.faces())
        labels.push_back(kind_at(face.inner) == Kind::block ? 0 : -1);
    std::vector<Polygon> result;
    for (auto& [label, polygon] : plan.unions(labels))
        result.push_back(std::move(polygon));
    return result;
}

/// Round the centre, and here and there for small firms.
bool Planner::small_parcels_at(Vec p) const {
    return length(p - at(spec_.centre.x, spec_.centre.y)) < spec_.centre_radius_m || small_firms_.at(p.x, p.y) > 0.52;
}

void Planner::lay_local_streets() {
    for (int round = 0; round < 2; ++round)
        for (const Polygon& block : blocks()) {
            const double area = planar_m2(block);
            const Vec inner = inner_point({block.outer});
            const bool small = small_parcels_at(inner);
            const double dice = random_.unit();
            if (small ? area < 130000 : round > 0 || area < 190000 || dice > (area > 300000 ? 0.7 : 0.3))
                continue;
            const OrientedBox frame = box_along(block.outer, main_direction(inner));
            const Vec across = left_of(frame.longer);
            const Vec through = frame.middle + (frame.length_m * random_.between(-0.12, 0.12)) * frame.longer;
            for (const auto& [from, to] : spans(block.outer, through, across))
                if (length(to - from) > 150) {
                    const Vec middle = 0.5 * (from + to) + random_.between(-14, 14) * frame.longer;
                    add_road("支路", local_width_m, {from - 6.0 * across, middle, to + 6.0 * across});
                }
        }
}

void Planner::cut_corners(const Polygon& block) {
    const Ring& ring = block.outer;
    const std::size_t n = ring.size();
    for (std::size_t i = 0; i < n; ++i) {
        const Vec p = metres(ring[i]);
        const Vec back = metres(ring[(i + n - 1) % n]) - p;
        const Vec on = metres(ring[(i + 1) % n]) - p;
        if (length(back) < 16 || length(on) < 16)
            continue;
        const Vec to_back = unit(back);
        const Vec to_on = unit(on);
        const double cosine = dot(to_back, to_on);
        if (cosine > 0.6 || cosine < -0.6 || cross(to_on, to_back) <= 0)
            continue;
        const auto narrowest = [&](Vec q) {
            double width = 0;
            for (const Strip& s : roads_)
                if (inside(s.rim, q))
                    width = std::max(width, 2 * s.half_m);
            return width;
        };
        const double width = std::min(narrowest(p + 4.0 * to_back + 2.0 * left_of(to_back)),
                                      narrowest(p + 4.0 * to_on - 2.0 * left_of(to_on)));
        if (width == 0)
            continue;
        const double d = width > 30 ? 13 : width > 20 ? 10 : 7;
        const Vec a = p + d * to_back;
        const Vec b = p + d * to_on;
        const Vec along = unit(b - a);
        chamfers_.push_back(
            {a - overshoot_m * along,
             b + overshoot_m * along,
             {rounded(a - 0.05 * along), rounded(p - 0.05 * (to_back + to_on)), rounded(b + 0.05 * along)}});
    }
}

void Planner::cut_along(const Ring& ring, Vec through, Vec along) {
    for (const auto& [from, to] : spans(ring, through, along))
        if (length(to - from) > 5)
            cuts_.push_back({rounded(from - overshoot_m * along), rounded(to + overshoot_m * along)});
}

void Planner::slice(const Ring& row, Vec along, double low_m2, double high_m2) {
    const double area = static_cast<double>(twice_area_mm2(row)) / 2e6;
    const double wanted = random_.between(low_m2, high_m2);
    if (row.size() < 3 || area < std::min(1.5 * wanted, 150000.0))
        return;
    const OrientedBox frame = box_along(row, along);
    const double length_m = std::fabs(dot(frame.longer, along)) > 0.5 ? frame.length_m : frame.width_m;
    const double part = area < 3 * wanted ? random_.between(-0.08, 0.08) : random_.between(-0.16, 0.16);
    const Vec across = left_of(along);
    const Vec through = frame.middle + (part * length_m) * along;
    cut_along(row, through, across);
    slice(half_of(row, through, across), along, low_m2, high_m2);
    slice(half_of(row, through, -1.0 * across), along, low_m2, high_m2);
}

/// Two rows back to back where the block is deep enough, each cut across: every parcel keeps a street front.
void Planner::divide(const Ring& block, double low_m2, double high_m2) {
    const double area = static_cast<double>(twice_area_mm2(block)) / 2e6;
    const OrientedBox frame = box_along(block, main_direction(inner_point({block})));
    const double wanted = (low_m2 + high_m2) / 2;
    if (area < 2.4 * wanted || frame.width_m < 1.25 * std::sqrt(wanted)) {
        slice(block, frame.longer, low_m2, high_m2);
        return;
    }
    const Vec through = frame.middle + (random_.between(-0.07, 0.07) * frame.width_m) * left_of(frame.longer);
    cut_along(block, through, frame.longer);
    slice(half_of(block, through, frame.longer), frame.longer, low_m2, high_m2);
    slice(half_of(block, through, -1.0 * frame.longer), frame.longer, low_m2, high_m2);
}

void Planner::name_parcels(Site& site, const Arrangement& plan, const std::vector<int>& labels,
                           const std::vector<Polygon>& all_blocks) {
    std::map<int, double> frontage_m;
    for (const auto& [pair, shared] : plan.borders()) {
        const auto [low, high] = std::minmax({labels[pair.first], labels[pair.second]});
        if (low == static_cast<int>(Kind::road))
            frontage_m[high] += shared;
    }
    std::vector<Lot> lots;
    for (const auto& [label, polygon] : plan.unions(labels)) {
        Lot lot;
        lot.shape = polygon;
        std::vector<Ring> rings{polygon.outer};
        rings.insert(rings.end(), polygon.holes.begin(), polygon.holes.end());
        lot.inner = inner_point(rings);
        lot.area_m2 = planar_m2(polygon);
        lot.frontage_m = frontage_m[label];
        lot.kind_letter = label >= first_parcel ? '\0' : "LSBG"[label];
        lot.fixed_code =
            label >= first_parcel ? "" : std::array{"1207", "1701", "1401", "1402"}[static_cast<std::size_t>(label)];
        for (std::size_t b = 0; b < all_blocks.size(); ++b)
            if (inside(all_blocks[b].outer, lot.inner))
                lot.block = static_cast<int>(b);
        lots.push_back(std::move(lot));
    }
    assign_land_use(lots,
                    {at(spec_.centre.x, spec_.centre.y), at(spec_.depot.x, spec_.depot.y), at(spec_.river_u, -0.3),
                     metres(outline_[0]), spec_},
                    random_);
    std::map<std::string, int> numbers;
    for (Lot& lot : lots) {
        const auto three = [](int n) {
            const std::string digits = std::to_string(n);
            return std::string(digits.size() < 3 ? 3 - digits.size() : 0, '0') + digits;
        };
        const std::string block = lot.kind_letter != '\0' ? std::string(1, lot.kind_letter) : three(lot.block + 1);
        const std::string prefix = spec_.code + "-" + block;
        Parcel parcel{prefix + "-" + three(++numbers[prefix]).substr(1), lot.code, std::move(lot.shape), 0, 0, 0};
        set_indicators(parcel, random_);
        site.parcels.push_back(std::move(parcel));
    }
    std::sort(site.parcels.begin(), site.parcels.end(), [](const Parcel& p, const Parcel& q) { return p.id < q.id; });
}

Site Planner::plan() {
    for (const Corner& c : spec_.outline) {
        streets_u_ = std::max(streets_u_, static_cast<int>(std::ceil(c.u)));
        streets_v_ = std::max(streets_v_, static_cast<int>(std::ceil(c.v)));
    }
    for (int i = 0; i <= streets_u_; ++i)
        jitter_u_.push_back(random_.between(-0.13, 0.13));
    for (int j = 0; j <= streets_v_; ++j)
        jitter_v_.push_back(random_.between(-0.13, 0.13));
    fit_outline();
    lay_streets();
    lay_river();
    lay_local_streets();

    std::vector<Polygon> all_blocks = blocks();
    std::sort(all_blocks.begin(), all_blocks.end(), [](const Polygon& p, const Polygon& q) { // rows from north to south
        const Vec a = inner_point({p.outer});
        const Vec b = inner_point({q.outer});
        const double row_a = -std::floor(a.y / 500);
        const double row_b = -std::floor(b.y / 500);
        return row_a != row_b ? row_a < row_b : a.x < b.x;
    });
    for (const Polygon& block : all_blocks) {
        cut_corners(block);
        if (small_parcels_at(inner_point({block.outer})))
            divide(block.outer, 9000, 26000);
        else
            divide(block.outer, 36000, 110000);
    }

    std::vector<Segment> segments = base_segments();
    for (const Chamfer& c : chamfers_)
        segments.push_back({rounded(c.a), rounded(c.b)});
    segments.insert(segments.end(), cuts_.begin(), cuts_.end());
    const Arrangement plan(segments);
    std::vector<int> labels;
    for (std::size_t f = 0; f < plan.faces().size(); ++f) {
        const Kind kind = kind_at(plan.faces()[f].inner);
        labels.push_back(kind == Kind::block ? first_parcel + static_cast<int>(f) : static_cast<int>(kind));
    }
    tidy(plan, labels);

    Site site;
    site.spec = spec_;
    name_parcels(site, plan, labels, all_blocks);
    std::vector<int> whole;
    whole.reserve(labels.size());
    for (const int label : labels)
        whole.push_back(label >= 0 ? 0 : -1);
    auto outlines = plan.unions(whole);
    if (outlines.size() != 1 || !outlines[0].second.holes.empty())
        throw std::logic_error(spec_.code + ": the outline is not one piece");
    site.outline = std::move(outlines[0].second);
    std::int64_t sum = 0;
    for (const Parcel& p : site.parcels)
        sum += twice_area_mm2(p.shape);
    if (sum != twice_area_mm2(site.outline))
        throw std::logic_error(spec_.code + ": the parcels do not add up to the outline");
    const double area = ground_m2(site.outline, static_cast<double>(spec_.east_m - 500000));
    if (std::fabs(area - spec_.target_km2 * 1e6) > 1000)
        throw std::logic_error(spec_.code + ": the outline misses its area");
    site.roads = std::move(road_lines_);
    return site;
}

} // namespace

Site plan_site(const SiteSpec& spec) {
    return Planner(spec).plan();
}

} // namespace corebelt::samples
