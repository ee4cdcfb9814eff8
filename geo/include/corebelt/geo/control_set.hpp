#pragma once
/// Areal features held in memory, prepared and found by box: zones, red lines, farmland, boundaries.

#include "corebelt/geo/prepared_area.hpp"

#include <cstdint>
#include <memory>
#include <vector>

namespace corebelt::geo {

/// Safe from any number of threads after construction.
class ControlSet {
public:
    /// Prepares every areal feature of the store that is not empty, and copies it.
    explicit ControlSet(const Shapes& shapes);
    /// Prepares each feature when it is first asked for, so that threads share the work and what nobody asks for costs
    /// nothing. The store must outlive the set and stay as it is.
    [[nodiscard]] static ControlSet prepared_when_asked(const Shapes& shapes);
    ~ControlSet();
    ControlSet(ControlSet&&) noexcept;
    ControlSet& operator=(ControlSet&&) noexcept;

    [[nodiscard]] std::size_t size() const; ///< features of the store, empty ones included
    /// @pre i < size() and the feature is areal and not empty.
    [[nodiscard]] const PreparedArea& operator[](std::size_t i) const;
    [[nodiscard]] bool has(std::size_t i) const; ///< areal and not empty
    [[nodiscard]] const Box& box() const;

    /// Indices of features whose boxes touch `box`, in canonical order: by box, then vertex count, then
    /// coordinates, so that the order depends on the geometry and not on the file. Replaces `found`.
    void find(const Box& box, std::vector<std::uint32_t>& found) const;

    struct Tree;

private:
    explicit ControlSet(std::unique_ptr<Tree> tree);
    std::unique_ptr<Tree> tree_;
};

} // namespace corebelt::geo
