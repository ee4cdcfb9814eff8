/// Any bytes as a boundary-point text: taken apart without a crash, every doubt in two languages, every ring closed.

#include "corebelt/geo/error.hpp"
#include "corebelt/geo/utf8.hpp"
#include "corebelt/layers/boundary_text.hpp"

#include <cmath>
#include <cstdint>
#include <cstdlib>
#include <string_view>

namespace {

void require(bool condition) {
    if (!condition)
        std::abort();
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace corebelt::layers;
    const std::string_view bytes(reinterpret_cast<const char*>(data), size);
    (void)is_boundary_text(bytes);
    IssueLog issues;
    const BoundaryText text = parse_boundary_text(bytes, "fuzz", std::nullopt, issues);
    require(!text.encoding.empty() && !text.encoding_why.empty());
    for (const Issue& issue : issues.sorted()) {
        require(!issue.code.empty());
        require(!issue.text.en.empty() && corebelt::geo::is_utf8(issue.text.en));
        require(!issue.text.zh.empty() && corebelt::geo::is_utf8(issue.text.zh));
        require(corebelt::geo::is_utf8(issue.feature));
    }
    for (const auto& [key, value] : text.attributes)
        require(corebelt::geo::is_utf8(key) && corebelt::geo::is_utf8(value));
    for (const BoundaryPlot& plot : text.plots) {
        require(plot.line > 0);
        require(corebelt::geo::is_utf8(plot.number) && corebelt::geo::is_utf8(plot.name));
        require(!plot.declared_ha || std::isfinite(*plot.declared_ha));
        for (const BoundaryRing& ring : plot.rings) {
            require(ring.line > plot.line && !ring.points.empty());
            require(plot.kind != "面" || ring.points.front() == ring.points.back());
            for (const corebelt::geo::XY& p : ring.points)
                require(std::isfinite(p.x) && std::isfinite(p.y));
        }
    }
    return 0;
}
