/// Any bytes as a filter: refused with Error{usage} in two languages, or parsed, applied and renamed.

#include "corebelt/geo/error.hpp"
#include "corebelt/geo/utf8.hpp"
#include "corebelt/layers/filter.hpp"

#include <cstdint>
#include <cstdlib>
#include <limits>
#include <string>
#include <vector>

using corebelt::Error;
using corebelt::layers::Batch;
using corebelt::layers::Field;
using corebelt::layers::FieldType;
using corebelt::layers::Filter;
using corebelt::layers::IsoDate;
using corebelt::layers::Value;

namespace {

void require(bool condition) {
    if (!condition)
        std::abort();
}

Batch rows() {
    Batch batch;
    const std::vector<Field> fields = {
        {"a", FieldType::text}, {"b", FieldType::integer}, {"c", FieldType::real}, {"d", FieldType::date}};
    const std::vector<std::vector<Value>> values = {
        {std::string("1001"), std::string("工业_%"), std::string(), Value{}},
        {std::int64_t{0}, std::numeric_limits<std::int64_t>::max(), std::numeric_limits<std::int64_t>::min(), Value{}},
        {0.0, std::numeric_limits<double>::quiet_NaN(), -1e300, Value{}},
        {IsoDate{"2026-11-22"}, IsoDate{""}, IsoDate{"2026-11-22T08:00:00"}, Value{}}};
    for (std::size_t c = 0; c < fields.size(); ++c) {
        batch.columns.emplace_back();
        batch.columns.back().field = fields[c];
        for (const Value& value : values[c])
            batch.columns.back().push_back(value);
    }
    batch.fid = {1, 2, 3, 4};
    return batch;
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    static const Batch batch = rows();
    const std::string text(data, data + size);
    try {
        std::vector<Field> fields;
        for (const auto& column : batch.columns)
            fields.push_back(column.field);
        const Filter filter = Filter::parse(text, fields);
        std::vector<std::uint8_t> pass;
        filter.select(batch, pass);
        require(Filter::fields_of(text) == filter.fields());
        // Renaming there and back, with names that need quotes, does not change what the filter selects.
        const std::string renamed = Filter::rename_fields(text, {{"a", "x \"y"}, {"b", "in"}});
        const std::string back = Filter::rename_fields(renamed, {{"x \"y", "a"}, {"in", "b"}});
        std::vector<std::uint8_t> again;
        Filter::parse(back, fields).select(batch, again);
        require(again == pass);
    } catch (const Error& error) {
        require(error.kind() == corebelt::ErrorKind::usage);
        require(!error.text().en.empty() && corebelt::geo::is_utf8(error.text().en));
        require(!error.text().zh.empty() && corebelt::geo::is_utf8(error.text().zh));
    }
    return 0;
}
