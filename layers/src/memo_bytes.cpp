#include "corebelt/layers/memo_bytes.hpp"

#include <cstdint>
#include <cstring>

namespace corebelt::layers {

void MemoWriter::add(const geo::ShapeView& shape) {
    add(static_cast<std::uint64_t>(shape.dimension()));
    add(std::uint64_t{shape.part_count()});
    for (std::size_t part = 0; part < shape.part_count(); ++part) {
        const auto [first, last] = shape.rings_of_part(part);
        add(std::uint64_t{last - first});
        for (std::size_t r = first; r < last; ++r) {
            const auto ring = shape.ring(r);
            add(std::uint64_t{ring.size()});
            bytes_.append(reinterpret_cast<const char*>(ring.data()), ring.size_bytes());
        }
    }
}

void MemoReader::take(geo::Shapes& shapes) {
    const auto dimension = take<std::uint64_t>();
    const auto parts = take<std::uint64_t>();
    for (std::uint64_t part = 0; part < parts && whole_; ++part) {
        const auto rings = take<std::uint64_t>();
        for (std::uint64_t r = 0; r < rings && whole_; ++r) {
            const auto vertices = take<std::uint64_t>();
            if (vertices > rest_.size() / sizeof(geo::XY)) {
                whole_ = false;
                break;
            }
            const std::size_t at = shapes.xy.size();
            shapes.xy.resize(at + vertices);
            take_bytes(shapes.xy.data() + at, vertices * sizeof(geo::XY));
            shapes.end_ring();
        }
        shapes.end_part();
    }
    shapes.end_shape(dimension <= 2 ? static_cast<geo::Dimension>(dimension) : geo::Dimension::area);
}

void MemoReader::take_bytes(void* to, std::size_t size) {
    if (!whole_ || size > rest_.size()) {
        whole_ = false;
        return;
    }
    if (size > 0)
        std::memcpy(to, rest_.data(), size);
    rest_.remove_prefix(size);
}

} // namespace corebelt::layers
