#pragma once
/// Something wrong with the data that does not stop the run: counted by code, with examples.

#include "corebelt/geo/coord.hpp"
#include "corebelt/geo/text.hpp"

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

namespace corebelt::layers {

struct Issue {
    std::string code;             ///< stable English word: "self-crossing", "crs-prefix-mismatch", …
    std::string layer;            ///< layer name as the user gave it
    std::string feature;          ///< id of the feature, empty where the whole layer is meant
    std::optional<geo::XY> place; ///< in the CRS of the layer
    Text text;

    friend bool operator<(const Issue& a, const Issue& b); ///< layer, code, feature (numbers by value), text
};

/// Collects issues; keeps every one of them (they are few) and counts by code. Not thread-safe: one a thread,
/// merged. Listing order does not depend on the order of adding.
class IssueLog {
public:
    void add(Issue issue);
    void merge(const IssueLog& other);
    [[nodiscard]] std::vector<Issue> sorted() const;
    [[nodiscard]] std::map<std::string, std::uint64_t> counts() const; ///< by code
    [[nodiscard]] bool empty() const { return issues_.empty(); }
    [[nodiscard]] std::size_t size() const { return issues_.size(); }

private:
    std::vector<Issue> issues_;
};

} // namespace corebelt::layers
