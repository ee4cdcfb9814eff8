#include "province_file.hpp"

#include <cpl_string.h>
#include <gdal_priv.h>
#include <ogrsf_frmts.h>

#include <memory>
#include <stdexcept>

namespace corebelt::bench {
namespace {

void require(bool done, const std::string& what) {
    if (!done)
        throw std::runtime_error(what + ": " + CPLGetLastErrorMsg());
}

std::unique_ptr<OGRGeometry> geometry_of(const geo::ShapeView& shape) {
    auto result = std::make_unique<OGRMultiPolygon>();
    for (std::size_t part = 0; part < shape.part_count(); ++part) {
        auto polygon = std::make_unique<OGRPolygon>();
        const auto [first, last] = shape.rings_of_part(part);
        for (std::size_t r = first; r < last; ++r) {
            auto ring = std::make_unique<OGRLinearRing>();
            const auto vertices = shape.ring(r);
            ring->setNumPoints(static_cast<int>(vertices.size()), FALSE);
            for (std::size_t i = 0; i < vertices.size(); ++i)
                ring->setPoint(static_cast<int>(i), vertices[i].x, vertices[i].y);
            polygon->addRingDirectly(ring.release());
        }
        result->addGeometryDirectly(polygon.release());
    }
    return result;
}

class LayerWriter {
public:
    LayerWriter(const std::filesystem::path& path, const std::string& driver, const char* name, bool parcels,
                char** options = nullptr) {
        file_.path = path.string();
        std::filesystem::remove(path);
        GDALDriver* const found = GetGDALDriverManager()->GetDriverByName(driver.c_str());
        require(found != nullptr, "no driver " + driver);
        dataset_.reset(found->Create(file_.path.c_str(), 0, 0, 0, GDT_Unknown, nullptr));
        require(dataset_ != nullptr, "cannot create " + file_.path);
        OGRSpatialReference crs;
        crs.importFromEPSG(4522);
        crs.SetAxisMappingStrategy(OAMS_TRADITIONAL_GIS_ORDER);
        layer_ = dataset_->CreateLayer(name, &crs, wkbMultiPolygon, options);
        require(layer_ != nullptr, "cannot create a layer in " + file_.path);
        const auto add = [&](const char* field, OGRFieldType type) {
            OGRFieldDefn definition(field, type);
            require(layer_->CreateField(&definition) == OGRERR_NONE, "cannot create a field");
        };
        add("id", OFTInteger64);
        if (parcels) {
            add("dlbm", OFTString);
            add("qsdwmc", OFTString);
            add("tbmj", OFTReal);
        }
        require(dataset_->StartTransaction() == OGRERR_NONE || driver != "GPKG", "cannot begin");
    }
    void add(const geo::Shapes& shapes, const std::vector<std::string_view>& codes) {
        for (std::size_t i = 0; i < shapes.size(); ++i) {
            OGRFeature feature(layer_->GetLayerDefn());
            feature.SetField(0, static_cast<GIntBig>(++file_.features));
            if (!codes.empty()) {
                feature.SetField(1, std::string(codes[i]).c_str());
                feature.SetField(2, ("示例村" + std::to_string(file_.features / 400)).c_str());
                feature.SetField(3, static_cast<double>(shapes[i].vertices().size()));
            }
            feature.SetGeometryDirectly(geometry_of(shapes[i]).release());
            require(layer_->CreateFeature(&feature) == OGRERR_NONE, "cannot write " + file_.path);
        }
        file_.vertices += shapes.xy.size();
    }
    LayerFile finish() {
        dataset_->CommitTransaction();
        dataset_.reset();
        return file_;
    }

private:
    LayerFile file_;
    GDALDatasetUniquePtr dataset_;
    OGRLayer* layer_ = nullptr;
};

} // namespace

StreamedFiles write_streamed(const Province& province, const std::filesystem::path& folder) {
    GDALAllRegister();
    std::filesystem::create_directories(folder);
    CPLStringList in_order;
    in_order.SetNameValue("SPATIAL_INDEX", "NO"); // an index would be built in memory
    StreamedFiles files;
    LayerWriter controls(folder / "controls.fgb", "FlatGeobuf", "controls", false, in_order.List());
    controls.add(province.independent_controls(), {});
    files.controls = controls.finish();
    LayerWriter parcels(folder / "parcels.fgb", "FlatGeobuf", "parcels", true, in_order.List());
    geo::Shapes shapes;
    std::vector<std::string_view> codes;
    for (std::uint32_t tile = 0; tile < province.tiles(); ++tile) {
        shapes = {};
        codes.clear();
        province.append_tile(tile, shapes, codes);
        parcels.add(shapes, codes);
    }
    files.parcels = parcels.finish();
    return files;
}

ProvinceFiles write_province(const Province& province, const std::filesystem::path& folder, const std::string& driver) {
    GDALAllRegister();
    std::filesystem::create_directories(folder);
    const std::string extension = driver == "GPKG" ? ".gpkg" : ".fgb";
    ProvinceFiles files;
    LayerWriter parcels(folder / ("parcels" + extension), driver, "parcels", true);
    for (std::uint32_t tile = 0; tile < province.tiles(); ++tile) {
        geo::Shapes shapes;
        std::vector<std::string_view> codes;
        province.append_tile(tile, shapes, codes);
        parcels.add(shapes, codes);
    }
    files.parcels = parcels.finish();
    const auto controls = [&](const char* name, const geo::Shapes& shapes) {
        LayerWriter writer(folder / (name + extension), driver, name, false);
        writer.add(shapes, {});
        return writer.finish();
    };
    files.independent = controls("controls-independent", province.independent_controls());
    files.dissolved = controls("controls-of-parcels", province.controls_of_parcels());
    files.jittered = controls("controls-jittered", province.jittered_controls());
    files.parks = controls("parks", province.parks());
    return files;
}

} // namespace corebelt::bench
