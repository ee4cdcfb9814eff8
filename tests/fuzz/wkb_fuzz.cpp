/// Any bytes as WKB: nothing read beyond them, and whatever is appended is one whole feature.

#include "wkb.hpp"

#include <cstdint>
#include <cstdlib>
#include <vector>

using corebelt::geo::Shapes;
using corebelt::layers::decode_wkb;
using corebelt::layers::WkbStatus;

namespace {

void require(bool condition) {
    if (!condition)
        std::abort();
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::vector<std::uint8_t> bytes(data, data + size); // of its own, so that a sanitizer sees every overrun
    Shapes shapes;
    shapes.add({1, 2}); // something is there already
    shapes.end_ring();
    shapes.end_part();
    shapes.end_shape(corebelt::geo::Dimension::point);
    const WkbStatus status = decode_wkb(bytes, shapes);
    const bool appended = status != WkbStatus::broken && status != WkbStatus::curve;
    require(shapes.size() == (appended ? 2U : 1U));
    require(shapes.ring_first.back() == shapes.xy.size());
    require(shapes.part_first.back() == shapes.ring_first.size() - 1);
    require(shapes.shape_first.back() == shapes.part_first.size() - 1);
    if (!appended)
        return 0;
    const auto shape = shapes[1];
    require(shape.empty() == (status == WkbStatus::empty));
    require(shape.vertices().size() * sizeof(double) <= 2 * size);
    for (std::size_t part = 0; part < shape.part_count(); ++part) {
        const auto [first, last] = shape.rings_of_part(part);
        require(first < last);
        for (std::size_t r = first; r < last; ++r)
            require(!shape.ring(r).empty());
    }
    return 0;
}
