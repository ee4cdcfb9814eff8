#include "geojson.hpp"

#include <cmath>

namespace corebelt::samples {
namespace {

std::string decimal(std::int64_t value, int decimals, bool trim) {
    const bool negative = value < 0;
    std::string digits = std::to_string(negative ? -value : value);
    const auto places = static_cast<std::size_t>(decimals);
    if (digits.size() <= places)
        digits.insert(0, places + 1 - digits.size(), '0');
    digits.insert(digits.size() - places, ".");
    while (trim && digits.back() == '0')
        digits.pop_back();
    if (digits.back() == '.')
        digits.pop_back();
    return negative ? "-" + digits : digits;
}

} // namespace

std::string quoted(std::string_view text) {
    std::string result = "\"";
    for (const char c : text) {
        if (c == '"' || c == '\\')
            result += '\\';
        result += c;
    }
    return result + "\"";
}

std::string number(double value, int decimals) {
    double unit = 1;
    for (int i = 0; i < decimals; ++i)
        unit *= 10;
    return decimal(static_cast<std::int64_t>(std::floor(value * unit + 0.5)), decimals, true);
}

GeoJson::GeoJson(std::string_view name, int epsg) {
    text_ = "{\n\"type\": \"FeatureCollection\",\n\"name\": " + quoted(name) +
            ",\n\"description\": " + quoted(fiction) +
            ",\n\"crs\": {\"type\":\"name\",\"properties\":{\"name\":\"urn:ogc:def:crs:EPSG::" + std::to_string(epsg) +
            "\"}},\n\"features\": [\n";
}

void GeoJson::begin(const std::vector<Property>& properties, std::string_view type) {
    if (!first_)
        text_ += ",\n";
    first_ = false;
    text_ += "{\"type\":\"Feature\",\"properties\":{";
    for (std::size_t i = 0; i < properties.size(); ++i) {
        if (i > 0)
            text_ += ',';
        text_ += quoted(properties[i].first);
        text_ += ':';
        text_ += properties[i].second;
    }
    text_ += "},\"geometry\":{\"type\":";
    text_ += quoted(type);
    text_ += ",\"coordinates\":";
}

void GeoJson::vertex(Point p, Frame frame) {
    text_ += '[';
    text_ += decimal(frame.east_m * 1000 + p.x, 3, true);
    text_ += ',';
    text_ += decimal(frame.north_m * 1000 + p.y, 3, true);
    text_ += ']';
}

void GeoJson::polygon(const Polygon& polygon, Frame frame) {
    const auto ring = [&](const Ring& r) {
        text_ += '[';
        for (const Point& p : r) {
            vertex(p, frame);
            text_ += ',';
        }
        vertex(r.front(), frame);
        text_ += ']';
    };
    text_ += '[';
    ring(polygon.outer);
    for (const Ring& hole : polygon.holes) {
        text_ += ',';
        ring(hole);
    }
    text_ += ']';
}

void GeoJson::area(const std::vector<Property>& properties, const std::vector<Polygon>& parts, Frame frame) {
    begin(properties, parts.size() == 1 ? "Polygon" : "MultiPolygon");
    if (parts.size() == 1) {
        polygon(parts.front(), frame);
    } else {
        text_ += '[';
        for (std::size_t i = 0; i < parts.size(); ++i) {
            if (i > 0)
                text_ += ',';
            polygon(parts[i], frame);
        }
        text_ += ']';
    }
    text_ += "}}";
}

void GeoJson::line(const std::vector<Property>& properties, const std::vector<Point>& vertices, Frame frame) {
    begin(properties, "LineString");
    for (std::size_t i = 0; i < vertices.size(); ++i) {
        text_ += i == 0 ? '[' : ',';
        vertex(vertices[i], frame);
    }
    text_ += "]}}";
}

void GeoJson::point(const std::vector<Property>& properties, Point p, Frame frame) {
    begin(properties, "Point");
    vertex(p, frame);
    text_ += "}}";
}

std::string GeoJson::text() const {
    return text_ + "\n]\n}\n";
}

} // namespace corebelt::samples
