#pragma once
/// Areas by zone and class while they are being added up.

#include "attribute.hpp"

#include "corebelt/geo/amount.hpp"

#include <cstdint>
#include <functional>
#include <map>
#include <vector>

namespace corebelt::rules {

/// Numbers for class keys in order of first appearance.
class ClassKeys {
public:
    [[nodiscard]] std::uint32_t number_of(const std::vector<layers::Value>& key) {
        const auto [at, added] = numbers_.emplace(key, static_cast<std::uint32_t>(keys_.size()));
        if (added)
            keys_.push_back(key);
        return at->second;
    }
    [[nodiscard]] const std::vector<layers::Value>& operator[](std::uint32_t number) const { return keys_[number]; }
    [[nodiscard]] std::uint32_t size() const { return static_cast<std::uint32_t>(keys_.size()); }

private:
    std::map<std::vector<layers::Value>, std::uint32_t, ValueLess> numbers_;
    std::vector<std::vector<layers::Value>> keys_;
};

struct Cell {
    geo::Amount area;
    std::uint64_t features = 0;
};

/// The sums of a whole run, merged from those of its threads and partitions. 48 bytes for each zone and class.
class AreaSums {
public:
    void add(std::uint32_t zone, const std::vector<layers::Value>& key, const Cell& cell);
    /// Calls use(zone, key, cell) by zone, then key.
    void each(const std::function<void(std::uint32_t, const std::vector<layers::Value>&, const Cell&)>& use);

private:
    struct Entry {
        std::uint32_t zone, key;
        Cell cell;
    };
    void merge();
    ClassKeys keys_;
    std::vector<Entry> entries_;
    std::size_t merged_ = 0; ///< entries of the last merge
};

} // namespace corebelt::rules
