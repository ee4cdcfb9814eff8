#include "rules/listing.hpp"

#include <sstream>

namespace corebelt::test {

std::string dump(const rules::TabulateResult& result) {
    std::ostringstream out;
    for (const auto& zone : result.zones) {
        out << layers::to_string(zone.zone) << ' ' << zone.area << ' ' << zone.covered << ' '
            << zone.union_covered.value_or(-1) << '\n';
        for (const auto& c : zone.classes) {
            for (const auto& key : c.key)
                out << "  " << key.index() << ':' << layers::to_string(key);
            out << ' ' << c.area << ' ' << c.features << '\n';
        }
    }
    out << result.kernel.pairs << ' ' << result.kernel.cut << ' ' << result.kernel.parity_violations << '\n';
    for (const auto& issue : result.issues)
        out << issue.code << ' ' << issue.layer << ' ' << issue.feature << ' ' << issue.text.en << '\n';
    return out.str();
}

} // namespace corebelt::test
