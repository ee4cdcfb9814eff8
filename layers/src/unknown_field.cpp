#include "unknown_field.hpp"

#include "corebelt/geo/error.hpp"
#include "corebelt/geo/nearest_name.hpp"

#include <fmt/format.h>

namespace corebelt::layers {

void unknown_field(const std::string& label, const std::string& name, const std::vector<Field>& fields) {
    std::vector<std::string> names;
    names.reserve(fields.size());
    for (const auto& field : fields)
        names.push_back(field.name);
    const auto nearest = geo::nearest_name(name, names);
    throw Error(
        ErrorKind::usage, "unknown-field",
        {fmt::format("{} has no field \"{}\"{}", label, name,
                     nearest ? fmt::format("; did you mean \"{}\"?", *nearest) : ""),
         fmt::format("{} 中没有字段“{}”{}", label, name, nearest ? fmt::format("，是否指“{}”？", *nearest) : "")});
}

} // namespace corebelt::layers
