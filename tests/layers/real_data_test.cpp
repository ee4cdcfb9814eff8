#include "support/catch.hpp"
#include "support/temp_dir.hpp"
#include "wkb.hpp"

#include "corebelt/geo/error.hpp"
#include "corebelt/geo/validity.hpp"
#include "corebelt/layers/dataset.hpp"

#include <gdal_priv.h>
#include <ogrsf_frmts.h>

#include <filesystem>
#include <set>

namespace corebelt::layers {
namespace {

namespace fs = std::filesystem;

struct Counted {
    std::uint64_t features = 0;
    std::uint64_t vertices = 0;     ///< of linear geometries
    std::set<std::int64_t> invalid; ///< FIDs, by GEOS through GDAL
};

std::uint64_t vertices_of(const OGRGeometry& geometry) {
    std::uint64_t count = 0;
    if (const auto* collection = dynamic_cast<const OGRGeometryCollection*>(&geometry)) {
        for (const auto* part : *collection)
            count += vertices_of(*part);
    } else if (const auto* polygon = dynamic_cast<const OGRPolygon*>(&geometry)) {
        for (const auto* ring : *polygon)
            count += static_cast<std::uint64_t>(ring->getNumPoints());
    } else if (const auto* line = dynamic_cast<const OGRSimpleCurve*>(&geometry)) {
        count += static_cast<std::uint64_t>(line->getNumPoints());
    } else if (dynamic_cast<const OGRPoint*>(&geometry) != nullptr) {
        count += geometry.IsEmpty() != 0 ? 0U : 1U;
    }
    return count;
}

/// Feature by feature, the way that shares nothing with ours but GDAL's driver.
Counted counted_by_gdal(const std::string& path, const std::string& layer_name, bool test_validity) {
    GDALAllRegister();
    Counted counted;
    const GDALDatasetUniquePtr dataset(GDALDataset::Open(path.c_str(), GDAL_OF_VECTOR));
    REQUIRE(dataset != nullptr);
    OGRLayer* layer = layer_name.empty() ? dataset->GetLayer(0) : dataset->GetLayerByName(layer_name.c_str());
    REQUIRE(layer != nullptr);
    CPLPushErrorHandler(CPLQuietErrorHandler);
    for (const auto& feature : *layer) {
        ++counted.features;
        OGRGeometry* geometry = feature->GetGeometryRef();
        if (geometry == nullptr)
            continue;
        counted.vertices += vertices_of(*geometry);
        if (test_validity && geometry->IsValid() == 0)
            counted.invalid.insert(feature->GetFID());
    }
    CPLPopErrorHandler();
    return counted;
}

std::optional<fs::path> data_folder() {
    const auto shared = test::shared_folder();
    if (!shared) {
        WARN("skipped: no real inputs beside the checkout");
        return std::nullopt;
    }
    return *shared / "data";
}

OpenOptions trusted() {
    OpenOptions options;
    options.trust_geometry = true;
    options.require_crs = false;
    return options;
}

TEST_CASE("real layers read as many features and vertices as GDAL counts", "[real]") {
    const auto data = data_folder();
    if (!data)
        return;
    struct Input {
        const char* path;
        const char* layer;
    };
    for (const Input& input : {Input{"thiene/thiene_belt.gpkg", "landuse"},
                               Input{"thiene/thiene_belt.gpkg", "derived_industrial_parks"},
                               Input{"thiene/thiene_belt.gpkg", "derived_eco_redline"},
                               Input{"thiene/thiene_belt.gpkg", "derived_permanent_farmland"},
                               Input{"thiene/thiene_belt.gpkg", "derived_urban_growth_boundary"},
                               Input{"yunnan/yunnan_prefectures.geojson", ""},
                               Input{"yunnan/yunnan_counties_hires.geojson", ""},
                               Input{"protected/coutwildrnp.shp", ""},
                               Input{"messy/china_shp/云南省.shp", ""},
                               Input{"messy/china_gbk/玉溪临沧区县.shp", ""},
                               Input{"messy/invalid/polys_overlapping.shp", ""},
                               Input{"messy/invalid/geometry_checker/polygon_layer.shp", ""},
                               Input{"messy/invalid/geometry_checker/line_layer.shp", ""},
                               Input{"messy/invalid/geometry_checker/missing_vertex.gpkg", ""},
                               Input{"messy/threed/buildings3d.shp", ""},
                               Input{"messy/mixed/mixed_types.TAB", ""},
                               Input{"messy/cad/parks_derived.dxf", ""},
                               Input{"messy/kml/yuxi_counties.kml", ""},
                               Input{"messy/gpkg/mixed_layers.gpkg", "lines"},
                               Input{"messy/encoding/bug_21100-wierd_field_names.gpkg", ""}}) {
        const std::string path = (*data / input.path).string();
        CAPTURE(path, input.layer);
        const Counted expected = counted_by_gdal(path, input.layer, false);
        DatasetRef ref{path, std::nullopt};
        if (*input.layer != '\0')
            ref.layer = input.layer;
        auto options = trusted();
        options.all_fields = true;
        const Table table = read_all(*open_layer(ref.to_string(), options));
        CHECK(table.counts.features == expected.features);
        CHECK(table.rows.size() == expected.features);
        CHECK(table.counts.vertices == expected.vertices);
        CHECK(table.counts.rejected == 0);
    }
}

TEST_CASE("every layer of a dataset with many layers reads", "[real]") {
    const auto data = data_folder();
    if (!data)
        return;
    for (const char* name :
         {"liechtenstein/liechtenstein.gpkg", "messy/gdb/testopenfilegdb.gdb.zip", "messy/gdb/attachments.gdb.zip",
          "messy/gdb/featuredataset.gdb.zip", "messy/kml/samples.kml", "messy/gpkg/mixed_layers.gpkg"}) {
        const std::string path = (*data / name).string();
        const auto layers = list_layers(path, {});
        CHECK_FALSE(layers.empty());
        for (const auto& layer : layers) {
            CAPTURE(path, layer.layer);
            const Counted expected = counted_by_gdal(path, layer.layer, false);
            auto options = trusted();
            options.trust_geometry = false;
            options.all_fields = true;
            const Table table = read_all(*open_layer(path + "|layer=" + layer.layer, options));
            CHECK(table.counts.features == expected.features);
            CHECK(table.rows.size() + table.counts.rejected == expected.features);
        }
    }
}

TEST_CASE("the invalid features of a real land use are those that GEOS names", "[real]") {
    const auto data = data_folder();
    if (!data)
        return;
    const std::string path = (*data / "thiene/thiene_belt.gpkg").string();
    const Counted raw = counted_by_gdal(path, "landuse", true);
    CHECK(raw.features == 12119);
    CHECK(raw.invalid.size() == 278);

    // Moving vertices onto the lattice (7.5 nm) heals crossings that are smaller still: ask GEOS about what we judge.
    const Table as_is = read_all(*open_layer(path + "|layer=landuse", trusted()));
    CHECK(as_is.counts.vertices == 620894);
    std::set<std::int64_t> expected;
    CPLPushErrorHandler(CPLQuietErrorHandler);
    for (std::size_t i = 0; i < as_is.rows.size(); ++i) {
        OGRMultiPolygon geometry;
        const auto shape = as_is.rows.shapes[i];
        for (std::size_t part = 0; part < shape.part_count(); ++part) {
            OGRPolygon polygon;
            const auto [first, last] = shape.rings_of_part(part);
            for (std::size_t r = first; r < last; ++r) {
                OGRLinearRing ring;
                for (const auto& p : shape.ring(r))
                    ring.addPoint(p.x, p.y);
                polygon.addRing(&ring);
            }
            geometry.addGeometry(&polygon);
        }
        if (geometry.IsValid() == 0)
            expected.insert(as_is.rows.fid[i]);
    }
    CPLPopErrorHandler();
    CHECK(expected.size() + 2 == raw.invalid.size());

    const Table judged = read_all(*open_layer(path + "|layer=landuse", {}));
    CHECK(judged.counts.repaired + judged.counts.rejected == expected.size());
    std::set<std::int64_t> found;
    for (const auto& issue : judged.issues.sorted())
        found.insert(std::stoll(issue.feature));
    CHECK(found == expected);
    CHECK(judged.rows.size() == 12119 - judged.counts.rejected);
    CHECK(judged.info.crs->label() == "EPSG:32632");
}

TEST_CASE("encodings of real shapefiles are found", "[real][encoding]") {
    const auto data = data_folder();
    if (!data)
        return;
    const auto info = [&](const std::string& name) {
        auto options = trusted();
        options.all_fields = true;
        return read_all(*open_layer((*data / name).string(), options));
    };
    const Table province = info("messy/china_shp/云南省.shp");
    CHECK(province.info.encoding == "UTF-8");
    CHECK(province.info.encoding_why == "utf8-valid");
    CHECK_FALSE(province.info.crs.has_value());
    CHECK(to_string(province.rows.find("prname")->value(0)) == "云南省");

    const Table gbk = info("messy/china_gbk/玉溪临沧区县.shp");
    CHECK(gbk.info.encoding == "GB18030");
    CHECK(gbk.info.encoding_why == "cpg");
    CHECK(gbk.info.crs->label() == "EPSG:4543");
    CHECK(gbk.issues.counts().at("crs-out-of-range") == 1);
    bool any_chinese = false;
    for (const auto& field : gbk.info.fields)
        any_chinese = any_chinese || static_cast<unsigned char>(field.name[0]) >= 0xE4;
    CHECK(any_chinese);

    struct Named {
        const char* file;
        const char* encoding;
        const char* why;
    };
    for (const Named& named : {Named{"iso-8859-1", "ISO-8859-1", "cpg"}, Named{"iso-8859-1_ldid", "ISO-8859-1", "ldid"},
                               Named{"latin1", "ISO-8859-1", "cpg"}, Named{"utf8", "UTF-8", "cpg"},
                               Named{"windows-1252", "CP1252", "cpg"}, Named{"windows-1252_ldid", "CP1252", "ldid"}}) {
        CAPTURE(named.file);
        const Table table = info(std::string("messy/encoding/qgis/") + named.file + ".shp");
        CHECK(table.info.encoding == named.encoding);
        CHECK(table.info.encoding_why == named.why);
        CHECK(to_string(table.rows.find("text")->value(0)).find("äöü") != std::string::npos);
    }
}

TEST_CASE("real curves, zipped shapefiles and undefined CRSs are handled", "[real]") {
    const auto data = data_folder();
    if (!data)
        return;
    const Table curves = read_all(*open_layer((*data / "messy/curves/curved_polys.gpkg").string(), {}));
    CHECK(curves.rows.size() == 4);
    CHECK(curves.counts.rejected == 0);
    CHECK(curves.issues.counts().at("curves-linearised") == 1);

    const Table boroughs = read_all(*open_layer((*data / "messy/nybb_16a.zip").string(), {}));
    CHECK(boroughs.rows.size() == 5);
    CHECK(boroughs.info.crs->metres_per_unit() == Approx(0.3048006).epsilon(0).margin(1e-6)); // US survey feet

    try {
        (void)open_layer((*data / "messy/gpkg/domains.gpkg").string(), {});
        FAIL("no error");
    } catch (const Error& error) {
        CHECK(error.code() == "no-crs");
    }
}

} // namespace
} // namespace corebelt::layers
