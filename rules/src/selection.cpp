#include "selection.hpp"

#include "corebelt/geo/error.hpp"
#include "corebelt/layers/land_use.hpp"

#include <algorithm>

namespace corebelt::rules {

namespace {

bool begins_name(char c) {
    const auto byte = static_cast<unsigned char>(c);
    return (byte >= 'A' && byte <= 'Z') || (byte >= 'a' && byte <= 'z') || byte == '_' || byte >= 0x80;
}

bool continues_name(char c) {
    return begins_name(c) || (c >= '0' && c <= '9');
}

std::string quoted(const std::string& field) {
    std::string text = "\"";
    for (const char c : field)
        text += c == '"' ? std::string("\"\"") : std::string(1, c);
    return text + '"';
}

/// End of the quoted run that begins at `at`; a doubled quote belongs to it.
std::size_t end_of_quotes(const std::string& text, std::size_t at) {
    const char quote = text[at];
    for (++at; at < text.size(); ++at) {
        if (text[at] != quote)
            continue;
        if (at + 1 < text.size() && text[at + 1] == quote)
            ++at;
        else
            return at + 1;
    }
    return at;
}

std::string unquoted(const std::string& text) {
    std::string name;
    for (std::size_t i = 1; i + 1 < text.size(); ++i) {
        name += text[i];
        if (text[i] == '"')
            ++i;
    }
    return name;
}

} // namespace

std::string in_file_names(const std::string& where, const std::map<std::string, std::string>& fields) {
    std::string out;
    for (std::size_t at = 0; at < where.size();) {
        std::size_t end = at + 1;
        std::string name;
        if (where[at] == '\'' || where[at] == '"') {
            end = end_of_quotes(where, at);
            if (where[at] == '"')
                name = unquoted(where.substr(at, end - at));
        } else if (begins_name(where[at])) {
            while (end < where.size() && continues_name(where[end]))
                ++end;
            name = where.substr(at, end - at);
        } else {
            while (end < where.size() && where[at] >= '0' && where[at] <= '9' && continues_name(where[end]))
                ++end; // 1e5 is a number, not a field e5
        }
        const auto mapped = fields.find(name);
        out += name.empty() || mapped == fields.end() ? where.substr(at, end - at) : quoted(mapped->second);
        at = end;
    }
    return out;
}

RowChooser::RowChooser(const project::Layer& layer, const project::Selection& selection,
                       const std::vector<layers::Field>& file_fields)
    : scheme_(layer.scheme), class_field_(layer.file_field(layer.class_field)), classes_(selection.classes) {
    if (!selection.where.empty()) {
        filter_ = layers::Filter::parse(in_file_names(selection.where, layer.fields), file_fields);
        fields_ = filter_->fields();
    }
    if (classes_.empty())
        return;
    if (scheme_.empty())
        throw Error(ErrorKind::usage, "no-scheme",
                    {"[layers." + layer.key +
                         "] has no scheme, so land-use codes cannot be told apart; add scheme = "
                         "\"YDYH2023\" or the one that the plan uses",
                     "[layers." + layer.key +
                         "] 未声明用地分类标准 scheme，无法解释用地代码；请补充，例如 scheme = "
                         "\"YDYH2023\""});
    if (class_field_.empty())
        throw Error(ErrorKind::usage, "no-class-field",
                    {"[layers." + layer.key + "] has no class_field: say which field holds the land-use code",
                     "[layers." + layer.key + "] 未声明 class_field：请指明用地代码所在字段"});
    (void)layers::LandUseScheme::get(scheme_);
    if (std::none_of(file_fields.begin(), file_fields.end(), [&](const auto& f) { return f.name == class_field_; }))
        throw Error(ErrorKind::usage, "unknown-field",
                    {"layer " + layer.key + " has no field \"" + class_field_ + "\" (its class_field)",
                     "图层 " + layer.key + " 中没有字段“" + class_field_ + "”（class_field）"});
    fields_.push_back(class_field_);
}

bool RowChooser::has_class(const std::string& code) const {
    const auto& scheme = layers::LandUseScheme::get(scheme_);
    return std::any_of(classes_.begin(), classes_.end(),
                       [&](const std::string& wanted) { return scheme.is_within(code, wanted); });
}

void RowChooser::keep_classes(const layers::Batch& batch, std::vector<std::uint8_t>& chosen) const {
    const layers::Column* column = batch.find(class_field_);
    if (column == nullptr) {
        chosen.assign(batch.size(), 0);
        return;
    }
    std::vector<std::uint8_t> wanted; // one a dictionary entry
    if (column->field.type == layers::FieldType::text)
        for (const auto& code : column->dictionary)
            wanted.push_back(has_class(code) ? 1 : 0);
    for (std::size_t row = 0; row < batch.size(); ++row) {
        if (chosen[row] == 0)
            continue;
        if (column->valid[row] == 0)
            chosen[row] = 0;
        else if (column->field.type == layers::FieldType::text)
            chosen[row] = wanted[column->code[row]];
        else
            chosen[row] = has_class(layers::to_string(column->value(row))) ? 1 : 0;
    }
}

void RowChooser::choose(const layers::Batch& batch, std::vector<std::uint8_t>& chosen) const {
    if (filter_)
        filter_->select(batch, chosen);
    else
        chosen.assign(batch.size(), 1);
    if (!classes_.empty())
        keep_classes(batch, chosen);
}

} // namespace corebelt::rules
