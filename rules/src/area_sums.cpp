#include "area_sums.hpp"

#include <algorithm>
#include <numeric>
#include <tuple>

namespace corebelt::rules {

void AreaSums::add(std::uint32_t zone, const std::vector<layers::Value>& key, const Cell& cell) {
    constexpr std::size_t worth_merging = 65536;
    entries_.push_back({zone, keys_.number_of(key), cell});
    if (entries_.size() >= std::max(worth_merging, 2 * merged_))
        merge();
}

void AreaSums::merge() {
    std::sort(entries_.begin(), entries_.end(),
              [](const Entry& a, const Entry& b) { return std::tie(a.zone, a.key) < std::tie(b.zone, b.key); });
    std::size_t kept = 0;
    for (std::size_t i = 0; i < entries_.size(); ++i) {
        if (kept > 0 && entries_[kept - 1].zone == entries_[i].zone && entries_[kept - 1].key == entries_[i].key) {
            entries_[kept - 1].cell.area += entries_[i].cell.area;
            entries_[kept - 1].cell.features += entries_[i].cell.features;
        } else {
            entries_[kept++] = entries_[i];
        }
    }
    entries_.resize(kept);
    merged_ = kept;
}

void AreaSums::each(const std::function<void(std::uint32_t, const std::vector<layers::Value>&, const Cell&)>& use) {
    merge();
    std::vector<std::uint32_t> by_key(keys_.size());
    std::iota(by_key.begin(), by_key.end(), 0U);
    std::sort(by_key.begin(), by_key.end(),
              [&](std::uint32_t a, std::uint32_t b) { return ValueLess()(keys_[a], keys_[b]); });
    std::vector<std::uint32_t> rank(by_key.size());
    for (std::uint32_t i = 0; i < by_key.size(); ++i)
        rank[by_key[i]] = i;
    std::sort(entries_.begin(), entries_.end(), [&](const Entry& a, const Entry& b) {
        return std::tie(a.zone, rank[a.key]) < std::tie(b.zone, rank[b.key]);
    });
    for (const Entry& entry : entries_)
        use(entry.zone, keys_[entry.key], entry.cell);
}

} // namespace corebelt::rules
