#include "rules/plan_tables.hpp"

#include <array>
#include <numeric>
#include <utility>

namespace corebelt::test {

TableMaker::TableMaker(std::string name, std::vector<layers::Field> fields, const std::string& crs, geo::XY origin)
    : origin_(origin) {
    table_.info.source = name;
    table_.info.layer = std::move(name);
    table_.info.driver = "memory";
    table_.info.encoding = "UTF-8";
    table_.info.crs = geo::Crs::parse(crs);
    for (auto& field : fields) {
        layers::Column column;
        column.field = field;
        table_.rows.columns.push_back(column);
    }
    table_.info.fields = std::move(fields);
}

void TableMaker::add_rect(const Rect& rect, bool hole) {
    std::array<geo::XY, 5> ring{{{rect.x0, rect.y0}, {rect.x1, rect.y0}, {rect.x1, rect.y1}, {rect.x0, rect.y1}, {}}};
    if (hole)
        std::swap(ring[1], ring[3]);
    ring[4] = ring[0];
    for (const auto p : ring)
        table_.rows.shapes.add({p.x + origin_.x, p.y + origin_.y});
    table_.rows.shapes.end_ring();
}

TableMaker& TableMaker::end(geo::Dimension dimension, const std::vector<layers::Value>& values) {
    table_.rows.shapes.end_shape(dimension);
    table_.rows.fid.push_back(static_cast<std::int64_t>(table_.rows.fid.size()) + 1);
    for (std::size_t i = 0; i < table_.rows.columns.size(); ++i)
        table_.rows.columns[i].push_back(values.at(i));
    table_.info.feature_count = static_cast<std::int64_t>(table_.rows.fid.size());
    return *this;
}

TableMaker& TableMaker::add(const Plot& plot, const std::vector<layers::Value>& values) {
    for (const auto& part : plot.parts) {
        add_rect(part.outer, false);
        for (const auto& hole : part.holes)
            add_rect(hole, true);
        table_.rows.shapes.end_part();
    }
    return end(geo::Dimension::area, values);
}

TableMaker& TableMaker::add_point(double x, double y, const std::vector<layers::Value>& values) {
    table_.rows.shapes.add({x + origin_.x, y + origin_.y});
    table_.rows.shapes.end_ring();
    table_.rows.shapes.end_part();
    return end(geo::Dimension::point, values);
}

TableMaker& TableMaker::add_line(const std::vector<geo::XY>& vertices, const std::vector<layers::Value>& values) {
    for (const auto p : vertices)
        table_.rows.shapes.add({p.x + origin_.x, p.y + origin_.y});
    table_.rows.shapes.end_ring();
    table_.rows.shapes.end_part();
    return end(geo::Dimension::line, values);
}

TableMaker& TableMaker::add_ring(const std::vector<geo::XY>& vertices, const std::vector<layers::Value>& values) {
    for (const auto p : vertices)
        table_.rows.shapes.add({p.x + origin_.x, p.y + origin_.y});
    table_.rows.shapes.add({vertices.front().x + origin_.x, vertices.front().y + origin_.y});
    table_.rows.shapes.end_ring();
    table_.rows.shapes.end_part();
    return end(geo::Dimension::area, values);
}

layers::Table shuffled(const layers::Table& table, std::uint32_t seed) {
    std::vector<std::size_t> order(table.rows.size());
    std::iota(order.begin(), order.end(), std::size_t{0});
    std::uint64_t state = seed;
    for (std::size_t i = order.size(); i > 1; --i) { // Fisher–Yates over a linear congruential generator
        state = state * 6364136223846793005ULL + 1442695040888963407ULL;
        std::swap(order[i - 1], order[(state >> 33U) % i]);
    }
    layers::Table out;
    out.info = table.info;
    out.counts = table.counts;
    out.issues = table.issues;
    for (const auto& column : table.rows.columns) {
        layers::Column copy;
        copy.field = column.field;
        out.rows.columns.push_back(copy);
    }
    for (const std::size_t row : order) {
        out.rows.shapes.append(table.rows.shapes[row]);
        out.rows.fid.push_back(table.rows.fid[row]);
        for (std::size_t c = 0; c < out.rows.columns.size(); ++c)
            out.rows.columns[c].push_back(table.rows.columns[c].value(row));
    }
    return out;
}

} // namespace corebelt::test
