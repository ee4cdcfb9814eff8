#pragma once
/// Which features of a layer a rule means: a filter over rules' names of fields, and land-use classes.

#include "corebelt/layers/batch.hpp"
#include "corebelt/layers/filter.hpp"
#include "corebelt/project/project.hpp"

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

namespace corebelt::rules {

/// A CQL2 text with rules' names of fields replaced by the file's. Strings in single quotes stay as they are.
[[nodiscard]] std::string in_file_names(const std::string& where, const std::map<std::string, std::string>& fields);

/// A selection made ready for one layer. Immutable, shared by threads.
class RowChooser {
public:
    /// @throws Error{usage}: "bad-filter", "unknown-field", "no-scheme" where classes are asked of a layer whose
    ///         codes belong to no scheme, "no-class-field".
    RowChooser(const project::Layer& layer, const project::Selection& selection,
               const std::vector<layers::Field>& file_fields);

    /// One byte a row, 1 where the row is meant.
    void choose(const layers::Batch& batch, std::vector<std::uint8_t>& chosen) const;
    /// Fields that are read, as the file calls them.
    [[nodiscard]] const std::vector<std::string>& fields() const { return fields_; }

private:
    [[nodiscard]] bool has_class(const std::string& code) const;
    void keep_classes(const layers::Batch& batch, std::vector<std::uint8_t>& chosen) const;

    std::optional<layers::Filter> filter_;
    std::string scheme_, class_field_;
    std::vector<std::string> classes_;
    std::vector<std::string> fields_;
};

} // namespace corebelt::rules
