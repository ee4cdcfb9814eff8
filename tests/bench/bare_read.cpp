#include "bare_read.hpp"

#include "stopwatch.hpp"

#include <gdal_priv.h>
#include <ogr_recordbatch.h>
#include <ogrsf_frmts.h>

#include <algorithm>
#include <stdexcept>

namespace corebelt::bench {

ReadCost bare_read(const std::string& path, const std::vector<std::string>& fields, std::uint32_t batch) {
    GDALAllRegister();
    const Stopwatch watch;
    const GDALDatasetUniquePtr dataset(GDALDataset::Open(path.c_str(), GDAL_OF_VECTOR));
    if (!dataset)
        throw std::runtime_error(CPLGetLastErrorMsg());
    OGRLayer* const layer = dataset->GetLayer(0);
    std::vector<const char*> ignored;
    const OGRFeatureDefn* const definition = layer->GetLayerDefn();
    for (int i = 0; i < definition->GetFieldCount(); ++i)
        if (const char* const name = definition->GetFieldDefn(i)->GetNameRef();
            std::find(fields.begin(), fields.end(), name) == fields.end())
            ignored.push_back(name);
    ignored.push_back(nullptr);
    layer->SetIgnoredFields(ignored.data());
    const std::string option = "MAX_FEATURES_IN_BATCH=" + std::to_string(batch);
    std::vector<char*> options{const_cast<char*>(option.c_str()), nullptr}; // GDAL takes char** and only reads it
    ArrowArrayStream stream{};
    if (!layer->GetArrowStream(&stream, options.data()))
        throw std::runtime_error(CPLGetLastErrorMsg());
    for (;;) {
        ArrowArray array{};
        if (stream.get_next(&stream, &array) != 0)
            throw std::runtime_error(CPLGetLastErrorMsg());
        if (array.release == nullptr)
            break;
        array.release(&array);
    }
    stream.release(&stream);
    return {watch.seconds(), watch.cpu_seconds()};
}

} // namespace corebelt::bench
