#pragma once
/// One layer written through GDAL, into a file or a database.

#include "gdal_errors.hpp"
#include "postgres_target.hpp"
#include "vector_traits.hpp"

#include <string>

namespace corebelt::layers {

struct LayerToWrite {
    std::string path; ///< what messages name
    std::string name;
    const VectorTraits& traits;
    const Table& table;
    const VectorFileOptions& options;
    IssueLog& issues; ///< gets what the format changed
};

/// @throws Error{usage, "mixed-geometry"} and the like, as write_vector_file(); Error{output, "cannot-write"}.
void write_layer(const LayerToWrite& layer, GDALDataset& target, const GdalErrors& errors);
/// Into a transaction that is begun; the rows have arrived when it returns. `schema` empty: the current one.
void write_layer(const LayerToWrite& layer, PostgresTarget& target, const std::string& schema);

} // namespace corebelt::layers
