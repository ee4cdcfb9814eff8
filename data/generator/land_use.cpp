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

/// Lots without a use yet, nearest first.
std::vector<Lot*> free_lots(std::vector<Lot>& lots, Vec from) {
    std::vector<std::pair<double, Lot*>> order;
    for (Lot& lot : lots)
        if (lot.code.empty())
            order.emplace_back(length(lot.inner - from), &lot);
    std::sort(order.begin(), order.end());
    std::vector<Lot*> result;
    for (const auto& [away, lot] : order)
        result.push_back(lot);
    return result;
}

} // namespace

std::string_view land_use_name(std::string_view code) {
    for (const auto& [c, name] : names)
        if (code == c)
            return name;
    throw std::logic_error("no such land use: " + std::string(code));
}

void assign_land_use(std::vector<Lot>& lots, const Anchors& anchors, Random& random) {
    const SiteSpec& spec = anchors.spec;
    double total = 0;
    double green = 0;
    for (Lot& lot : lots) {
        total += lot.area_m2;
        lot.code = lot.fixed_code;
        if (lot.code == "1401" || lot.code == "1402")
            green += lot.area_m2;
    }
    // Utilities: small lots at the places that they need.
    const auto take = [&](const char* code, Vec near, double low_m2, double high_m2) {
        for (Lot* lot : free_lots(lots, near))
            if (lot->area_m2 >= low_m2 && lot->area_m2 <= high_m2 && lot->frontage_m >= 40) {
                lot->code = code;
                return lot->area_m2;
            }
        return 0.0;
    };
    double utilities = 0;
    const double wanted = spec.utilities * total;
    if (spec.sewage_plant)
        utilities += take("1302", anchors.river_mouth, 15000, 60000);
    utilities += take("1303", anchors.depot, 8000, 24000);
    utilities += take("1301", anchors.rim, 10000, 40000);
    utilities += take("1310", anchors.centre + Vec{350, -500}, 7000, 16000);
    const std::array<const char*, 4> more{"1303", "1309", "1306", "1302"};
    for (std::size_t i = 0; utilities < wanted && i < 12; ++i) {
        const Lot& somewhere = lots[random.below(static_cast<std::uint32_t>(lots.size()))];
        const char* code = more[i % (spec.sewage_plant ? 4 : 3)];
        utilities +=
            take(code, somewhere.inner, 6000, std::max(9000.0, std::min(26000.0, 1.25 * (wanted - utilities))));
    }
    // Services round the centre, block by block: business in the middle, then homes, offices, research.
    const std::array<std::vector<const char*>, 4> themes{{
        {"0901", "0901", "1403", "0902", "0902", "0901", "1401", "120803"},
        {"070102", "080403", "070102", "070102", "1401", "070102", "0901", "080602"},
        {"0801", "1403", "0801", "080302", "1401", "080502", "0902"},
        {"0802", "0802", "1401", "0802", "0802"},
    }};
    std::map<int, std::pair<double, std::vector<Lot*>>> blocks; // by number: distance of the nearest lot, its lots
    for (Lot* lot : free_lots(lots, anchors.centre)) {
        auto& [away, inside_block] = blocks[lot->block];
        if (inside_block.empty())
            away = length(lot->inner - anchors.centre);
        inside_block.push_back(lot);
    }
    std::vector<std::pair<double, int>> nearest_first;
    for (const auto& [number, block] : blocks)
        nearest_first.emplace_back(block.first, number);
    std::sort(nearest_first.begin(), nearest_first.end());
    double services = 0;
    for (std::size_t b = 0; b < nearest_first.size() && services < 0.97 * spec.services * total; ++b) {
        const auto& theme = themes[b % themes.size()];
        std::size_t turn = 0;
        for (Lot* lot : blocks[nearest_first[b].second].second) {
            if (lot->area_m2 > 60000)
                continue;
            const char* code = theme[turn % theme.size()];
            ++turn;
            const bool open_space = code[0] == '1';
            if (open_space && green + lot->area_m2 > spec.green * total)
                code = theme[0];
            double& sum = code[0] == '1' ? green : services;
            if (code[0] != '1' && services + 0.5 * lot->area_m2 > spec.services * total)
                continue;
            lot->code = code;
            if (!lot->code.starts_with("12"))
                sum += lot->area_m2;
        }
    }
    // More parks where the banks and belts do not suffice.
    for (int i = 0; i < 40 && green < spec.green * total - 6000; ++i) {
        const Lot& somewhere = lots[random.below(static_cast<std::uint32_t>(lots.size()))];
        const double got = take(random.chance(0.5) ? "1401" : "1402", somewhere.inner, 5000,
                                std::clamp(1.2 * (spec.green * total - green), 12000.0, 60000.0));
        green += got;
    }
    // Logistics.
    double warehouses = 0;
    for (Lot* lot : free_lots(lots, anchors.depot)) {
        if (warehouses + 0.5 * lot->area_m2 > spec.warehouses * total)
            continue;
        lot->code = random.chance(0.6) ? "110101" : "110102";
        warehouses += lot->area_m2;
        if (warehouses > 0.93 * spec.warehouses * total)
            break;
    }
    take("120803", anchors.depot, 6000, 22000);
    // The rest works.
    const auto near_homes = [&](const Lot& lot) {
        return std::any_of(lots.begin(), lots.end(), [&](const Lot& other) {
            return (other.code == "070102" || other.code.starts_with("08")) && length(other.inner - lot.inner) < 1300;
        });
    };
    for (Lot& lot : lots)
        if (lot.code.empty()) {
            const double away = length(lot.inner - anchors.centre);
            if (spec.heavy_industry && away > 1900 && !near_homes(lot) && random.chance(0.5))
                lot.code = "100103";
            else
                lot.code = random.chance(away < 1200 ? 0.75 : 0.2) ? "100101" : "100102";
        }
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
