#include "corebelt/geo/shapes.hpp"

namespace corebelt::geo {

std::size_t Shapes::byte_size() const {
    return xy.size() * sizeof(XY) +
           (ring_first.size() + part_first.size() + shape_first.size()) * sizeof(std::uint32_t) +
           box.size() * sizeof(Box) + dimension.size();
}

void Shapes::end_shape(Dimension dim) {
    const std::size_t first = ring_first[part_first[shape_first.back()]];
    shape_first.push_back(static_cast<std::uint32_t>(part_first.size() - 1));
    Box b;
    for (std::size_t i = first; i < xy.size(); ++i)
        b.add(xy[i]);
    box.push_back(b);
    dimension.push_back(dim);
}

void Shapes::append(const ShapeView& shape) {
    for (std::size_t part = 0; part < shape.part_count(); ++part) {
        const auto [first, last] = shape.rings_of_part(part);
        for (std::size_t r = first; r < last; ++r) {
            const auto ring = shape.ring(r);
            xy.insert(xy.end(), ring.begin(), ring.end());
            end_ring();
        }
        end_part();
    }
    shape_first.push_back(static_cast<std::uint32_t>(part_first.size() - 1));
    box.push_back(shape.box());
    dimension.push_back(shape.dimension());
}

void Shapes::clear() {
    xy.clear();
    ring_first.assign(1, 0);
    part_first.assign(1, 0);
    shape_first.assign(1, 0);
    box.clear();
    dimension.clear();
}

} // namespace corebelt::geo
