#pragma once
/// GeoJSON written byte for byte the same everywhere: whole millimetres in, three decimals out.

#include "lattice.hpp"

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace corebelt::samples {

/// Where a site's origin lies in the CRS of the file.
struct Frame {
    std::int64_t east_m = 0, north_m = 0;
};

/// A member of "properties": name and JSON text.
using Property = std::pair<std::string_view, std::string>;

[[nodiscard]] std::string quoted(std::string_view text);
/// `decimals` digits, trailing zeros dropped.
[[nodiscard]] std::string number(double value, int decimals);

/// One layer; features in the order given.
class GeoJson {
public:
    /// @param name  layer name; @param epsg  code of the CRS.
    GeoJson(std::string_view name, int epsg);
    void area(const std::vector<Property>& properties, const std::vector<Polygon>& parts, Frame frame);
    void line(const std::vector<Property>& properties, const std::vector<Point>& vertices, Frame frame);
    void point(const std::vector<Property>& properties, Point p, Frame frame);
    [[nodiscard]] std::string text() const;

private:
    void begin(const std::vector<Property>& properties, std::string_view type);
    void vertex(Point p, Frame frame);
    void polygon(const Polygon& polygon, Frame frame);
    std::string text_;
    bool first_ = true;
};

/// What every file of the samples says.
inline constexpr std::string_view fiction = "虚构示例，非真实边界";

} // namespace corebelt::samples
