#include "two_layers.hpp"

#include "layer_formats.hpp"

#include "corebelt/layers/parallel_read.hpp"

#include <utility>

namespace corebelt::cli {

namespace {

/// Before anything is read, an option that cannot be met ends the run.
const Common& checked(const Common& common) {
    check_outputs(common, {"text", "json", "csv"});
    return common;
}

} // namespace

TwoLayers::TwoLayers(const Common& common, bool trust_geometry, Console& console)
    : common_(checked(common)),
      trust_geometry_(trust_geometry),
      console_(console),
      remembered_(common, console),
      jobs_(jobs_of(common)) {}

std::unique_ptr<layers::BatchSource> TwoLayers::open(const std::string& source, const std::string& where,
                                                     const std::vector<std::string>& fields,
                                                     const std::optional<geo::Crs>& crs) {
    spare_inputs(common_.outputs, {layers::DatasetRef::parse(source).dataset});
    layers::OpenOptions options;
    options.trust_geometry = trust_geometry_;
    options.where = where;
    options.memo = remembered_.memo();
    options.target_crs = crs;
    for (const std::string& field : fields)
        if (!field.empty())
            options.fields.push_back(field);
    return layers::open_layer(source, options);
}

std::unique_ptr<layers::BatchSource> TwoLayers::streamed(std::unique_ptr<layers::BatchSource> source) const {
    return jobs_ > 1 ? layers::read_ahead(std::move(source)) : std::move(source);
}

void TwoLayers::write(const std::function<std::string()>& text, const std::function<std::string()>& json,
                      const std::function<std::string()>& csv) {
    write_outputs(common_, {{"text", text, {}}, {"json", json, {}}, {"csv", csv, {}}}, console_);
    remembered_.save();
}

void TwoLayers::go_on(const std::string& step, std::uint64_t done, std::uint64_t total) {
    keep_within_memory(common_.memory_bytes);
    console_.progress(step, done, total);
}

} // namespace corebelt::cli
