#include "attribute.hpp"

#include "corebelt/geo/error.hpp"
#include "corebelt/geo/nearest_name.hpp"

#include <algorithm>
#include <cmath>
#include <utility>

namespace corebelt::rules {

const layers::Column& column_of(const layers::Batch& batch, const std::string& field, const layers::LayerInfo& info) {
    if (const auto* column = batch.find(field))
        return *column;
    std::vector<std::string> names;
    for (const auto& known : info.fields)
        names.push_back(known.name);
    Text text{info.source + " has no field \"" + field + "\"", info.source + " 中没有字段“" + field + "”"};
    if (const auto nearest = geo::nearest_name(field, names)) {
        text.en += "; did you mean \"" + *nearest + "\"?";
        text.zh += "，是否为“" + *nearest + "”？";
    }
    throw Error(ErrorKind::usage, "unknown-field", std::move(text));
}

layers::Value key_of(const layers::Batch& batch, const layers::Column* column, std::size_t row) {
    if (column == nullptr)
        return batch.fid[row];
    layers::Value value = column->value(row);
    if (const auto* number = std::get_if<double>(&value); number != nullptr && std::isnan(*number))
        return {};
    return value;
}

bool ValueLess::operator()(const std::vector<layers::Value>& a, const std::vector<layers::Value>& b) const {
    return std::lexicographical_compare(a.begin(), a.end(), b.begin(), b.end(), layers::value_less);
}

std::string shown(const layers::Value& value, bool chinese) {
    if (layers::is_null(value))
        return chinese ? "(空值)" : "(null)";
    return layers::to_string(value);
}

} // namespace corebelt::rules
