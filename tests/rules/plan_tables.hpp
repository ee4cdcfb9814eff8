#pragma once
/// Layers in memory made of rectangles whose areas anyone can work out.

#include "corebelt/layers/source.hpp"

#include <cstdint>
#include <initializer_list>
#include <string>
#include <vector>

namespace corebelt::test {

/// x0 ≤ x ≤ x1, y0 ≤ y ≤ y1, in metres.
struct Rect {
    double x0, y0, x1, y1;
};

/// One feature: some rectangles (its parts), each perhaps with rectangular holes.
struct Plot {
    struct Part {
        Rect outer;
        std::vector<Rect> holes;
    };
    std::vector<Part> parts;

    Plot() = default;                        ///< no geometry
    Plot(Rect outer) : parts{{outer, {}}} {} // NOLINT: reads as a rectangle in the tests' tables
    Plot(Rect outer, std::vector<Rect> holes) : parts{{outer, std::move(holes)}} {}
    Plot(std::initializer_list<Part> several) : parts(several) {}
};

/// A layer that grows row by row. Coordinates are shifted by `origin` so that they are credible in the CRS.
class TableMaker {
public:
    TableMaker(std::string name, std::vector<layers::Field> fields, const std::string& crs = "EPSG:4543",
               geo::XY origin = {500000, 2700000});

    TableMaker& add(const Plot& plot, const std::vector<layers::Value>& values);
    TableMaker& add_point(double x, double y, const std::vector<layers::Value>& values);
    TableMaker& add_line(const std::vector<geo::XY>& vertices, const std::vector<layers::Value>& values);
    /// A ring as given (counter-clockwise, closed by this function).
    TableMaker& add_ring(const std::vector<geo::XY>& vertices, const std::vector<layers::Value>& values);

    [[nodiscard]] const layers::Table& table() const { return table_; }
    [[nodiscard]] layers::Table& table() { return table_; }

private:
    TableMaker& end(geo::Dimension dimension, const std::vector<layers::Value>& values);
    void add_rect(const Rect& rect, bool hole);
    layers::Table table_;
    geo::XY origin_;
};

/// The same features in another order (a fixed permutation for each seed); FIDs travel with their features.
[[nodiscard]] layers::Table shuffled(const layers::Table& table, std::uint32_t seed);

} // namespace corebelt::test
