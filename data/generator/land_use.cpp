#include "land_use.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <map>
#include <stdexcept>
#include <utility>

namespace corebelt::samples {
namespace {

constexpr std::array names{
    std::pair{"070102", "二类城镇住宅用地"},
    std::pair{"0801", "机关团体用地"},
    std::pair{"0802", "科研用地"},
    std::pair{"080302", "文化活动用地"},
    std::pair{"080403", "中小学用地"},
    std::pair{"080502", "体育训练用地"},
    std::pair{"080602", "基层医疗卫生设施用地"},
    std::pair{"0901", "商业用地"},
    std::pair{"0902", "商务金融用地"},
    std::pair{"100101", "一类工业用地"},
    std::pair{"100102", "二类工业用地"},
    std::pair{"100103", "三类工业用地"},
    std::pair{"110101", "一类物流仓储用地"},
    std::pair{"110102", "二类物流仓储用地"},
    std::pair{"1207", "城镇村道路用地"},
    std::pair{"120803", "社会停车场用地"},
    std::pair{"1301", "供水用地"},
    std::pair{"1302", "排水用地"},
    std::pair{"1303", "供电用地"},
    std::pair{"1306", "通信用地"},
    std::pair{"1309", "环卫用地"},
    std::pair{"1310", "消防用地"},
    std::pair{"1401", "公园绿地"},
    std::pair{"1402", "防护绿地"},
    std::pair{"1403", "广场用地"},
    std::pair{"1701", "河流水面"},
};

/// Gives every lot of a site its use, group by group; what is left over at the end is industry.
class Allocation {
public:
    Allocation(std::vector<Lot>& lots, const Anchors& anchors, Random& random);
    void utilities();
    void services();
    void parks();
    void logistics();
    void industry();

private:
    [[nodiscard]] std::vector<Lot*> free_lots(Vec from);
    double take(const char* code, Vec near, double low_m2, double high_m2);
    [[nodiscard]] Vec somewhere() { return lots_[random_.below(static_cast<std::uint32_t>(lots_.size()))].inner; }
    void serve(Lot& lot, const char* code, const char* instead);
    [[nodiscard]] bool near_homes(const Lot& lot) const;

    std::vector<Lot>& lots_;
    const Anchors& anchors_;
    const SiteSpec& spec_;
    Random& random_;
    double total_m2_ = 0, green_m2_ = 0, services_m2_ = 0;
};

Allocation::Allocation(std::vector<Lot>& lots, const Anchors& anchors, Random& random)
    : lots_(lots), anchors_(anchors), spec_(anchors.spec), random_(random) {
    for (Lot& lot : lots_) {
        total_m2_ += lot.area_m2;
        lot.code = lot.fixed_code;
        if (lot.code == "1401" || lot.code == "1402")
            green_m2_ += lot.area_m2;
    }
}

/// Lots without a use yet, nearest first.
std::vector<Lot*> Allocation::free_lots(Vec from) {
    std::vector<std::pair<double, Lot*>> order;
    for (Lot& lot : lots_)
        if (lot.code.empty())
            order.emplace_back(length(lot.inner - from), &lot);
    std::sort(order.begin(), order.end());
    std::vector<Lot*> result;
    result.reserve(order.size());
    for (const auto& [away, lot] : order)
        result.push_back(lot);
    return result;
}

/// The nearest free lot of such a size that has a street front; its area, 0 where there is none.
double Allocation::take(const char* code, Vec near, double low_m2, double high_m2) {
    for (Lot* lot : free_lots(near))
        if (lot->area_m2 >= low_m2 && lot->area_m2 <= high_m2 && lot->frontage_m >= 40) {
            lot->code = code;
            return lot->area_m2;
        }
    return 0;
}

/// Small lots at the places that they need.
void Allocation::utilities() {
    const double wanted_m2 = spec_.utilities * total_m2_;
    double sum = 0;
    if (spec_.sewage_plant)
        sum += take("1302", anchors_.river_mouth, 15000, 60000);
    sum += take("1303", anchors_.depot, 8000, 24000);
    sum += take("1301", anchors_.rim, 10000, 40000);
    sum += take("1310", anchors_.centre + Vec{350, -500}, 7000, 16000);
    const std::array<const char*, 4> more{"1303", "1309", "1306", "1302"};
    for (std::size_t i = 0; sum < wanted_m2 && i < 12; ++i)
        sum += take(more[i % (spec_.sewage_plant ? 4 : 3)], somewhere(), 6000,
                    std::clamp(1.25 * (wanted_m2 - sum), 9000.0, 26000.0));
}

void Allocation::serve(Lot& lot, const char* code, const char* instead) {
    const auto is_service = [](const char* c) { return c[0] == '0'; };
    if (!is_service(code) && green_m2_ + lot.area_m2 > spec_.green * total_m2_)
        code = instead;
    if (is_service(code) && services_m2_ + 0.5 * lot.area_m2 > spec_.services * total_m2_)
        return;
    lot.code = code;
    if (is_service(code))
        services_m2_ += lot.area_m2;
    else if (!lot.code.starts_with("12"))
        green_m2_ += lot.area_m2;
}

/// Round the centre, block by block: business in the middle, then homes, offices, research.
void Allocation::services() {
    const std::array<std::vector<const char*>, 4> themes{{
        {"0901", "0901", "1403", "0902", "0902", "0901", "1401", "120803"},
        {"070102", "080403", "070102", "070102", "1401", "070102", "0901", "080602"},
        {"0801", "1403", "0801", "080302", "1401", "080502", "0902"},
        {"0802", "0802", "1401", "0802", "0802"},
    }};
    std::map<int, std::pair<double, std::vector<Lot*>>> blocks; // by number: distance of the nearest lot, its lots
    for (Lot* lot : free_lots(anchors_.centre)) {
        auto& [away, inside_block] = blocks[lot->block];
        if (inside_block.empty())
            away = length(lot->inner - anchors_.centre);
        inside_block.push_back(lot);
    }
    std::vector<std::pair<double, int>> nearest_first;
    nearest_first.reserve(blocks.size());
    for (const auto& [number, block] : blocks)
        nearest_first.emplace_back(block.first, number);
    std::sort(nearest_first.begin(), nearest_first.end());
    for (std::size_t b = 0; b < nearest_first.size() && services_m2_ < 0.97 * spec_.services * total_m2_; ++b) {
        const auto& theme = themes[b % themes.size()];
        std::size_t turn = 0;
        for (Lot* lot : blocks[nearest_first[b].second].second)
            if (lot->area_m2 <= 60000)
                serve(*lot, theme[turn++ % theme.size()], theme[0]);
    }
}

/// Where the banks and belts do not suffice.
void Allocation::parks() {
    const double wanted_m2 = spec_.green * total_m2_;
    for (int i = 0; i < 40 && green_m2_ < wanted_m2 - 6000; ++i) {
        const Vec near = somewhere();
        const char* code = random_.chance(0.5) ? "1401" : "1402";
        green_m2_ += take(code, near, 5000, std::clamp(1.2 * (wanted_m2 - green_m2_), 12000.0, 60000.0));
    }
}

void Allocation::logistics() {
    const double wanted_m2 = spec_.warehouses * total_m2_;
    double sum = 0;
    for (Lot* lot : free_lots(anchors_.depot)) {
        if (sum + 0.5 * lot->area_m2 > wanted_m2)
            continue;
        lot->code = random_.chance(0.6) ? "110101" : "110102";
        sum += lot->area_m2;
        if (sum > 0.93 * wanted_m2)
            break;
    }
    take("120803", anchors_.depot, 6000, 22000);
}

bool Allocation::near_homes(const Lot& lot) const {
    return std::any_of(lots_.begin(), lots_.end(), [&](const Lot& other) {
        return (other.code == "070102" || other.code.starts_with("08")) && length(other.inner - lot.inner) < 1300;
    });
}

void Allocation::industry() {
    for (Lot& lot : lots_)
        if (lot.code.empty()) {
            const double away = length(lot.inner - anchors_.centre);
            if (spec_.heavy_industry && away > 1900 && !near_homes(lot) && random_.chance(0.5))
                lot.code = "100103";
            else
                lot.code = random_.chance(away < 1200 ? 0.75 : 0.2) ? "100101" : "100102";
        }
}

} // namespace

std::string_view land_use_name(std::string_view code) {
    for (const auto& [c, name] : names)
        if (code == c)
            return name;
    throw std::logic_error("no such land use: " + std::string(code));
}

void assign_land_use(std::vector<Lot>& lots, const Anchors& anchors, Random& random) {
    Allocation allocation(lots, anchors, random);
    allocation.utilities();
    allocation.services();
    allocation.parks();
    allocation.logistics();
    allocation.industry();
}

void set_indicators(Parcel& parcel, Random& random) {
    const auto tenths = [&](double low, double high) { return std::floor(random.between(low, high) * 10 + 0.5) / 10; };
    const auto fives = [&](double low, double high) { return std::floor(random.between(low, high) / 5 + 0.5) * 5; };
    const std::string_view code = parcel.code;
    if (code.starts_with("1001")) {
        parcel.far = code == "100101" ? tenths(1.2, 2.4) : code == "100102" ? tenths(1.0, 1.6) : tenths(0.7, 1.2);
        parcel.coverage_percent = fives(40, 60);
        parcel.green_percent = fives(10, 15);
    } else if (code.starts_with("11")) {
        parcel.far = tenths(1.0, 1.5);
        parcel.coverage_percent = fives(45, 60);
        parcel.green_percent = 10;
    } else if (code.starts_with("07")) {
        parcel.far = tenths(1.6, 2.4);
        parcel.coverage_percent = fives(20, 30);
        parcel.green_percent = 35;
    } else if (code.starts_with("08") || code.starts_with("09")) {
        parcel.far = tenths(1.2, 2.5);
        parcel.coverage_percent = fives(30, 45);
        parcel.green_percent = fives(25, 35);
    } else if (code.starts_with("13")) {
        parcel.far = tenths(0.4, 0.9);
        parcel.coverage_percent = fives(25, 35);
        parcel.green_percent = fives(20, 30);
    }
}

} // namespace corebelt::samples
