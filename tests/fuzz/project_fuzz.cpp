/// Any bytes as a project file: refused with Error{usage} that names file and line in two languages, or a project
/// whose names can be resolved.

#include "corebelt/geo/error.hpp"
#include "corebelt/geo/utf8.hpp"
#include "corebelt/project/project.hpp"

#include <cstdint>
#include <cstdlib>
#include <string>

namespace {

void require(bool condition) {
    if (!condition)
        std::abort();
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using corebelt::Error;
    try {
        const auto project = corebelt::project::parse_project(std::string(data, data + size), "plan.toml");
        require(!project.title.empty());
        for (const auto& layer : project.layers)
            require(project.resolve(layer.key).size() == 1);
        for (const auto& rule : project.rules)
            require(!rule.id.empty() && !rule.origin.empty());
    } catch (const Error& error) {
        require(error.kind() == corebelt::ErrorKind::usage);
        require(corebelt::geo::is_utf8(error.text().en) && corebelt::geo::is_utf8(error.text().zh));
        require(error.text().en.find(':') != std::string::npos && !error.text().zh.empty());
    }
    return 0;
}
