#include "corebelt/layers/batch.hpp"

#include "column_merge.hpp"

#include "corebelt/geo/expects.hpp"

#include <algorithm>
#include <iterator>
#include <limits>

namespace corebelt::layers {

namespace {

constexpr std::uint32_t unset = std::numeric_limits<std::uint32_t>::max();

bool is_coded(FieldType type) {
    return type == FieldType::text || type == FieldType::date;
}

template <typename T>
void insert_range(std::vector<T>& to, const std::vector<T>& from, std::size_t first, std::size_t last) {
    using Step = typename std::vector<T>::difference_type;
    to.insert(to.end(), from.begin() + static_cast<Step>(first), from.begin() + static_cast<Step>(last));
}

} // namespace

Value Column::value(std::size_t row) const {
    COREBELT_EXPECTS(row < valid.size());
    if (valid[row] == 0)
        return {};
    switch (field.type) {
    case FieldType::integer:
        return integers[row];
    case FieldType::real:
        return reals[row];
    case FieldType::text:
        return dictionary[code[row]];
    case FieldType::date:
        break;
    }
    return IsoDate{dictionary[code[row]]};
}

void Column::push_back(const Value& value) {
    const bool present = !is_null(value);
    switch (field.type) {
    case FieldType::integer:
        COREBELT_EXPECTS(!present || std::holds_alternative<std::int64_t>(value));
        integers.push_back(present ? std::get<std::int64_t>(value) : 0);
        break;
    case FieldType::real:
        COREBELT_EXPECTS(!present || std::holds_alternative<double>(value));
        reals.push_back(present ? std::get<double>(value) : 0);
        break;
    case FieldType::text:
    case FieldType::date: {
        const bool is_text = std::holds_alternative<std::string>(value);
        COREBELT_EXPECTS(!present ||
                         (field.type == FieldType::text ? is_text : std::holds_alternative<IsoDate>(value)));
        std::uint32_t found = 0;
        if (present) {
            const std::string& text = is_text ? std::get<std::string>(value) : std::get<IsoDate>(value).text;
            const auto place = std::find(dictionary.begin(), dictionary.end(), text);
            found = static_cast<std::uint32_t>(place - dictionary.begin());
            if (place == dictionary.end())
                dictionary.push_back(text);
        }
        code.push_back(found);
        break;
    }
    }
    valid.push_back(present ? 1 : 0);
}

const Column* Batch::find(std::string_view field) const {
    const auto found =
        std::find_if(columns.begin(), columns.end(), [&](const Column& column) { return column.field.name == field; });
    return found == columns.end() ? nullptr : &*found;
}

void Batch::append(const Batch& other) {
    COREBELT_EXPECTS(&other != this);
    BatchAppender(*this).append(other, 0, other.size());
}

void Batch::clear() {
    shapes.clear();
    fid.clear();
    columns.clear();
}

BatchAppender::BatchAppender(Batch& target) : target_(target), dictionaries_(target.columns.size()) {
    for (std::size_t c = 0; c < target.columns.size(); ++c)
        for (const auto& text : target.columns[c].dictionary)
            dictionaries_[c].code_of.emplace(text, static_cast<std::uint32_t>(dictionaries_[c].code_of.size()));
}

void BatchAppender::append(const Batch& other, std::size_t first, std::size_t last) {
    COREBELT_EXPECTS(first <= last && last <= other.size() && other.shapes.size() == other.size());
    if (target_.columns.empty() && target_.size() == 0) {
        for (const auto& column : other.columns)
            target_.columns.push_back({column.field, {}, {}, {}, {}, {}});
        dictionaries_.resize(target_.columns.size());
    }
    COREBELT_EXPECTS(target_.columns.size() == other.columns.size());
    target_.shapes.append(other.shapes, first, last);
    insert_range(target_.fid, other.fid, first, last);
    for (std::size_t c = 0; c < target_.columns.size(); ++c) {
        Column& to = target_.columns[c];
        const Column& from = other.columns[c];
        COREBELT_EXPECTS(to.field.name == from.field.name && to.field.type == from.field.type);
        insert_range(to.valid, from.valid, first, last);
        if (from.field.type == FieldType::integer)
            insert_range(to.integers, from.integers, first, last);
        else if (from.field.type == FieldType::real)
            insert_range(to.reals, from.reals, first, last);
        else if (is_coded(from.field.type))
            append_codes(to, dictionaries_[c], from, first, last);
    }
}

void BatchAppender::append_codes(Column& to, Dictionary& dictionary, const Column& from, std::size_t first,
                                 std::size_t last) {
    dictionary.translated.assign(from.dictionary.size(), unset);
    to.code.reserve(to.code.size() + (last - first));
    for (std::size_t row = first; row < last; ++row) {
        if (from.valid[row] == 0) {
            to.code.push_back(0);
            continue;
        }
        std::uint32_t& code = dictionary.translated[from.code[row]];
        if (code == unset) {
            const auto next = static_cast<std::uint32_t>(to.dictionary.size());
            const auto [place, is_new] = dictionary.code_of.emplace(from.dictionary[from.code[row]], next);
            if (is_new)
                to.dictionary.push_back(place->first);
            code = place->second;
        }
        to.code.push_back(code);
    }
}

} // namespace corebelt::layers
