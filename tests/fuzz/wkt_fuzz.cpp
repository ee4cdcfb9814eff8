/// Any bytes as WKT: refused with Error{input} in two languages, or read, judged and, where it is a faulty area,
/// repaired into one without a fault.

#include "corebelt/geo/error.hpp"
#include "corebelt/geo/evidence.hpp"
#include "corebelt/geo/utf8.hpp"
#include "corebelt/geo/validity.hpp"

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <cstdlib>
#include <string_view>

using corebelt::Error;
using corebelt::ErrorKind;
using corebelt::geo::Dimension;
using corebelt::geo::Fault;
using corebelt::geo::find_fault;
using corebelt::geo::rounded;
using corebelt::geo::Shapes;
using corebelt::geo::shapes_from_wkt;
using corebelt::geo::XY;

namespace {

void require(bool condition) {
    if (!condition)
        std::abort();
}

/// What the door of a dataset would let in: coordinates of this planet, on the lattice.
bool put_on_lattice(Shapes& shapes) {
    for (XY& p : shapes.xy) {
        if (!(std::abs(p.x) < 1e8 && std::abs(p.y) < 1e8))
            return false;
        p = rounded(p, false);
    }
    return true;
}

void judge(Shapes shapes) {
    const auto fault = find_fault(shapes[0]);
    if (!put_on_lattice(shapes))
        return;
    require(!fault || fault->fault != Fault::not_finite);
    const bool faulty = find_fault(shapes[0]).has_value();
    std::reverse(shapes.xy.begin(), shapes.xy.end()); // turns a single ring; of several it makes other rings
    if (shapes[0].ring_count() == 1)
        require(find_fault(shapes[0]).has_value() == faulty);
    try {
        const auto mended = corebelt::geo::repair(shapes[0]);
        require(!find_fault(mended.shape[0]));
    } catch (const Error& error) {
        require(error.kind() == ErrorKind::internal); // GEOS gave up and said so
    }
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    try {
        const Shapes shapes = shapes_from_wkt({reinterpret_cast<const char*>(data), size});
        require(shapes.size() == 1);
        if (shapes[0].dimension() == Dimension::area)
            judge(shapes);
        const bool finite = std::all_of(shapes.xy.begin(), shapes.xy.end(),
                                        [](XY p) { return std::abs(p.x) < 1e15 && std::abs(p.y) < 1e15; });
        if (finite) {
            const Shapes again = shapes_from_wkt(corebelt::geo::wkt(shapes[0], 3));
            require(again[0].ring_count() == shapes[0].ring_count());
        }
    } catch (const Error& error) {
        require(error.kind() == ErrorKind::input && error.code() == "bad-wkt");
        require(!error.text().en.empty() && corebelt::geo::is_utf8(error.text().en));
        require(!error.text().zh.empty() && corebelt::geo::is_utf8(error.text().zh));
    }
    return 0;
}
