#include "corebelt/geo/shapes.hpp"

#include "box_lanes.hpp"

#include <algorithm>

namespace corebelt::geo {

std::size_t Shapes::byte_size() const {
    return xy.size() * sizeof(XY) +
           (ring_first.size() + part_first.size() + shape_first.size()) * sizeof(std::uint32_t) +
           box.size() * sizeof(Box) + dimension.size();
}

void Shapes::end_shape(Dimension dim) {
    const std::size_t first = ring_first[part_first[shape_first.back()]];
    shape_first.push_back(static_cast<std::uint32_t>(part_first.size() - 1));
    box.push_back(box_of({xy.data() + first, xy.size() - first}));
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

void Shapes::append(const Shapes& other, std::size_t first, std::size_t last) {
    if (first == last)
        return;
    const auto copy = [](const auto& from, auto begin, auto end, auto& to) {
        to.insert(to.end(), from.data() + begin, from.data() + end);
    };
    // A row of ends: each moved by what the numbered things were before and are now.
    const auto copy_ends = [](const auto& from, auto begin, auto end, std::size_t origin, std::size_t now, auto& to) {
        to.reserve(std::max(to.capacity(), to.size() + (end - begin)));
        for (auto i = begin + 1; i <= end; ++i)
            to.push_back(static_cast<std::uint32_t>(from[i] - origin + now));
    };
    const std::size_t first_part = other.shape_first[first];
    const std::size_t last_part = other.shape_first[last];
    const std::size_t first_ring = other.part_first[first_part];
    const std::size_t last_ring = other.part_first[last_part];
    const std::size_t first_vertex = other.ring_first[first_ring];
    copy_ends(other.shape_first, first, last, first_part, part_first.size() - 1, shape_first);
    copy_ends(other.part_first, first_part, last_part, first_ring, ring_first.size() - 1, part_first);
    copy_ends(other.ring_first, first_ring, last_ring, first_vertex, xy.size(), ring_first);
    copy(other.xy, first_vertex, other.ring_first[last_ring], xy);
    copy(other.box, first, last, box);
    copy(other.dimension, first, last, dimension);
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
