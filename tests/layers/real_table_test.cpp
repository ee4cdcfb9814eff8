// Every real input that lies beside the checkout: what is read of it and what is said about it.
#include "support/catch.hpp"
#include "support/temp_dir.hpp"

#include "corebelt/layers/dataset.hpp"

#include <fmt/format.h>
#include <gdal_priv.h>
#include <ogrsf_frmts.h>

#include <algorithm>
#include <map>
#include <set>
#include <string>

namespace corebelt::layers {
namespace {

struct Expected {
    const char* file;
    const char* layer;
    std::uint64_t features, vertices; ///< as they lie in the file
    const char* crs;                  ///< empty: none
    const char* encoding;
    const char* issues; ///< "code:count", sorted by code, of a judged reading
};

// Features and vertices are those that ogr2ogr 3.6.2 writes as WKT, counted tuple by tuple; of boundary-point texts the
// points of each ring as they stand in the file; of curves, which WKT keeps as arcs, our own chords; of OSM's
// other_relations, whose collections hold 4,591, those of the highest dimension. Feature counts
// and CRS were compared with ogrinfo's. Encodings of tables and texts: see `tables` below. Faults of geometry are
// compared, feature by feature, with those that GEOS finds in what GDAL reads. What is said about coordinate systems
// (crs-…, offset-…) and curves is this program's own reading.
const Expected table[] = {
    {"liechtenstein/liechtenstein-2021-05-05.osm.pbf", "points", 15286, 15286, "EPSG:4326", "UTF-8", ""},
    {"liechtenstein/liechtenstein-2021-05-05.osm.pbf", "lines", 8352, 106089, "EPSG:4326", "UTF-8", ""},
    {"liechtenstein/liechtenstein-2021-05-05.osm.pbf", "multilinestrings", 309, 158951, "EPSG:4326", "UTF-8", ""},
    {"liechtenstein/liechtenstein-2021-05-05.osm.pbf", "multipolygons", 19572, 262159, "EPSG:4326", "UTF-8",
     "rings-cross:15"},
    {"liechtenstein/liechtenstein-2021-05-05.osm.pbf", "other_relations", 256, 3302, "EPSG:4326", "UTF-8",
     "mixed-geometry:136 nested-rings:1 rings-cross:4"},
    {"liechtenstein/liechtenstein.gpkg", "landuse", 5074, 147010, "EPSG:4326", "UTF-8", "rings-cross:15"},
    {"liechtenstein/liechtenstein.gpkg", "industrial", 102, 1881, "EPSG:4326", "UTF-8", "rings-cross:1"},
    {"liechtenstein/liechtenstein.gpkg", "protected_areas", 6, 900, "EPSG:4326", "UTF-8", ""},
    {"liechtenstein/liechtenstein.gpkg", "farmland", 851, 16495, "EPSG:4326", "UTF-8", "rings-cross:1"},
    {"liechtenstein/liechtenstein.gpkg", "admin", 14, 12044, "EPSG:4326", "UTF-8", ""},
    {"liechtenstein/liechtenstein.gpkg", "buildings", 14035, 96953, "EPSG:4326", "UTF-8", ""},
    {"liechtenstein/liechtenstein.gpkg", "roads", 6954, 82067, "EPSG:4326", "UTF-8", ""},
    {"liechtenstein/liechtenstein.gpkg", "waterways", 454, 7857, "EPSG:4326", "UTF-8", ""},
    {"messy/cad/parks_derived.dxf", "entities", 51, 11752, "", "UTF-8", "crs-missing:1"},
    {"messy/cad/points_lines_3d.dxf", "entities", 13, 15, "", "UTF-8", "crs-missing:1"},
    {"messy/china_gbk/玉溪临沧区县.shp", "玉溪临沧区县", 17, 25889, "EPSG:4543", "GB18030",
     "crs-beyond-strip:1 crs-out-of-range:1"},
    {"messy/china_shp/云南省.shp", "云南省", 129, 216415, "", "UTF-8", "crs-missing:1"},
    {"messy/curves/curved_polys.gpkg", "polys", 4, 13542, "EPSG:4326", "UTF-8", "curves-linearised:1"},
    {"messy/curves/curves_line.csv", "curves_line", 9, 13320, "", "UTF-8", "crs-missing:1 curves-linearised:1"},
    {"messy/curves/multicurve.gml", "multicurve", 1, 3214, "", "UTF-8", "crs-missing:1 curves-linearised:1"},
    {"messy/encoding/bug_21100-wierd_field_names.gpkg", "prova2", 3, 3, "EPSG:4326", "UTF-8", ""},
    {"messy/encoding/qgis/iso-8859-1.shp", "iso-8859-1", 1, 1, "EPSG:4326", "ISO-8859-1", ""},
    {"messy/encoding/qgis/iso-8859-1_ldid.shp", "iso-8859-1_ldid", 1, 1, "EPSG:4326", "ISO-8859-1", ""},
    {"messy/encoding/qgis/latin1.shp", "latin1", 1, 1, "EPSG:4326", "ISO-8859-1", ""},
    {"messy/encoding/qgis/system_encoding.shp", "system_encoding", 1, 1, "EPSG:4326", "GB18030", "text-cut:1"},
    {"messy/encoding/qgis/utf8.shp", "utf8", 1, 1, "EPSG:4326", "UTF-8", ""},
    {"messy/encoding/qgis/windows-1252.shp", "windows-1252", 1, 1, "EPSG:4326", "CP1252", ""},
    {"messy/encoding/qgis/windows-1252_ldid.shp", "windows-1252_ldid", 1, 1, "EPSG:4326", "CP1252", ""},
    {"messy/gdb/attachments.gdb.zip", "points", 2, 2, "EPSG:3857", "UTF-8", ""},
    {"messy/gdb/featuredataset.gdb.zip", "fd1_lyr1", 0, 0, "EPSG:4326", "UTF-8", ""},
    {"messy/gdb/featuredataset.gdb.zip", "fd1_lyr2", 0, 0, "EPSG:4326", "UTF-8", ""},
    {"messy/gdb/featuredataset.gdb.zip", "standalone", 0, 0, "EPSG:32631", "UTF-8", ""},
    {"messy/gdb/featuredataset.gdb.zip", "fd2_lyr", 0, 0, "EPSG:32632", "UTF-8", ""},
    {"messy/gdb/field_alias.gdb.zip", "aliases", 0, 0, "", "UTF-8", "crs-missing:1"},
    {"messy/gdb/gdb_metadata.gdb.zip", "Test", 0, 0, "", "UTF-8", "crs-missing:1"},
    {"messy/gdb/test_gdb.gdb.zip", "polys", 2, 10, "EPSG:4326", "UTF-8", ""},
    {"messy/gdb/test_gdb.gdb.zip", "lines", 3, 13, "EPSG:4326", "UTF-8", ""},
    {"messy/gdb/test_gdb.gdb.zip", "points", 5, 5, "EPSG:4326", "UTF-8", ""},
    {"messy/gdb/testopenfilegdb.gdb.zip", "point", 5, 5, "EPSG:4326", "UTF-8", ""},
    {"messy/gdb/testopenfilegdb.gdb.zip", "multipoint", 5, 10, "EPSG:4326", "UTF-8", ""},
    {"messy/gdb/testopenfilegdb.gdb.zip", "linestring", 5, 10, "EPSG:4326", "UTF-8", ""},
    {"messy/gdb/testopenfilegdb.gdb.zip", "multilinestring", 5, 10, "EPSG:4326", "UTF-8", ""},
    {"messy/gdb/testopenfilegdb.gdb.zip", "multilinestring_multipart", 5, 20, "EPSG:4326", "UTF-8", ""},
    {"messy/gdb/testopenfilegdb.gdb.zip", "polygon", 5, 25, "EPSG:4326", "UTF-8", ""},
    {"messy/gdb/testopenfilegdb.gdb.zip", "multipolygon", 5, 75, "EPSG:4326", "UTF-8", ""},
    {"messy/gdb/testopenfilegdb.gdb.zip", "point25D", 5, 5, "EPSG:4326", "UTF-8", ""},
    {"messy/gdb/testopenfilegdb.gdb.zip", "multipoint25D", 5, 10, "EPSG:4326", "UTF-8", ""},
    {"messy/gdb/testopenfilegdb.gdb.zip", "linestring25D", 5, 10, "EPSG:4326", "UTF-8", ""},
    {"messy/gdb/testopenfilegdb.gdb.zip", "multilinestring25D", 5, 10, "EPSG:4326", "UTF-8", ""},
    {"messy/gdb/testopenfilegdb.gdb.zip", "multilinestring25D_multipart", 5, 20, "EPSG:4326", "UTF-8", ""},
    {"messy/gdb/testopenfilegdb.gdb.zip", "polygon25D", 5, 25, "EPSG:4326", "UTF-8", ""},
    {"messy/gdb/testopenfilegdb.gdb.zip", "multipolygon25D", 5, 25, "EPSG:4326", "UTF-8", ""},
    {"messy/gdb/testopenfilegdb.gdb.zip", "multipatch", 5, 150, "EPSG:4326", "UTF-8", "rings-cross:5"},
    {"messy/gdb/testopenfilegdb.gdb.zip", "null_polygon", 5, 0, "EPSG:4326", "UTF-8", "empty-geometry:5"},
    {"messy/gdb/testopenfilegdb.gdb.zip", "empty_polygon", 5, 0, "EPSG:4326", "UTF-8", "empty-geometry:5"},
    {"messy/gdb/testopenfilegdb.gdb.zip", "empty_multipoint", 5, 0, "EPSG:4326", "UTF-8", "empty-geometry:5"},
    {"messy/gdb/testopenfilegdb.gdb.zip", "hole", 12, 0, "", "UTF-8", "crs-missing:1 empty-geometry:12"},
    {"messy/gdb/testopenfilegdb.gdb.zip", "several_polygons", 9, 45, "", "UTF-8", "crs-missing:1"},
    {"messy/gdb/testopenfilegdb.gdb.zip", "testnotnullable", 0, 0, "", "UTF-8", "crs-missing:1"},
    {"messy/gdb/testopenfilegdb.gdb.zip", "pointm", 1, 1, "EPSG:4326", "UTF-8", ""},
    {"messy/gdb/testopenfilegdb.gdb.zip", "pointzm", 1, 1, "EPSG:4326", "UTF-8", ""},
    {"messy/gdb/testopenfilegdb.gdb.zip", "multipointm", 1, 2, "EPSG:4326", "UTF-8", ""},
    {"messy/gdb/testopenfilegdb.gdb.zip", "multipointzm", 1, 2, "EPSG:4326", "UTF-8", ""},
    {"messy/gdb/testopenfilegdb.gdb.zip", "linestringm", 1, 2, "EPSG:4326", "UTF-8", ""},
    {"messy/gdb/testopenfilegdb.gdb.zip", "linestringzm", 1, 2, "EPSG:4326", "UTF-8", ""},
    {"messy/gdb/testopenfilegdb.gdb.zip", "multilinestringm", 1, 2, "EPSG:4326", "UTF-8", ""},
    {"messy/gdb/testopenfilegdb.gdb.zip", "multilinestringzm", 1, 2, "EPSG:4326", "UTF-8", ""},
    {"messy/gdb/testopenfilegdb.gdb.zip", "polygonm", 1, 5, "EPSG:4326", "UTF-8", ""},
    {"messy/gdb/testopenfilegdb.gdb.zip", "polygonzm", 1, 5, "EPSG:4326", "UTF-8", ""},
    {"messy/gdb/testopenfilegdb.gdb.zip", "multipolygonm", 1, 5, "EPSG:4326", "UTF-8", ""},
    {"messy/gdb/testopenfilegdb.gdb.zip", "multipolygonzm", 1, 5, "EPSG:4326", "UTF-8", ""},
    {"messy/gdb/testopenfilegdb.gdb.zip", "empty_polygonm", 1, 0, "EPSG:4326", "UTF-8", "empty-geometry:1"},
    {"messy/gpkg/bug_17878.gpkg", "bug_17878", 0, 0, "EPSG:4326", "UTF-8", ""},
    {"messy/gpkg/domains.gpkg", "test", 0, 0, "", "UTF-8", "crs-missing:1"},
    {"messy/gpkg/mixed_layers.gpkg", "points", 0, 0, "EPSG:4283", "UTF-8", ""},
    {"messy/gpkg/mixed_layers.gpkg", "lines", 6, 278, "EPSG:4326", "UTF-8", ""},
    {"messy/invalid/geometry_checker/follow_ref.shp", "follow_ref", 132, 2330, "EPSG:21781", "UTF-8", ""},
    {"messy/invalid/geometry_checker/follow_subj.shp", "follow_subj", 4, 40, "EPSG:21781", "UTF-8", ""},
    {"messy/invalid/geometry_checker/gap_layer.shp", "gap_layer", 6, 36, "EPSG:4326", "UTF-8", ""},
    {"messy/invalid/geometry_checker/gap_layer_point_in_poly.shp", "gap_layer_point_in_poly", 4, 24, "EPSG:2056",
     "UTF-8", ""},
    {"messy/invalid/geometry_checker/line_layer.shp", "line_layer", 9, 48, "EPSG:4326", "UTF-8", ""},
    {"messy/invalid/geometry_checker/missing_vertex.gpkg", "missing_vertex", 6, 39, "EPSG:4326", "UTF-8", ""},
    {"messy/invalid/geometry_checker/overlap_layer_tolerance_bug.shp", "overlap_layer_tolerance_bug", 2, 11,
     "EPSG:2056", "UTF-8", ""},
    {"messy/invalid/geometry_checker/point_layer.shp", "point_layer", 7, 7, "EPSG:4326", "UTF-8", ""},
    {"messy/invalid/geometry_checker/polygon_layer.shp", "polygon_layer", 25, 158, "EPSG:4326", "UTF-8",
     "self-crossing:2 too-few-points:1"},
    {"messy/invalid/geometry_checker/polygon_layer_empty_geometries.geojson", "polygon_layer_empty_geometries", 4, 4,
     "EPSG:4326", "UTF-8", "empty-geometry:3"},
    {"messy/invalid/invalidgeometries.gml", "invalidgeometries", 1, 10, "EPSG:4326", "UTF-8", "self-crossing:1"},
    {"messy/invalid/polys_overlapping.shp", "polys_overlapping", 11, 641, "WGS 84", "UTF-8", ""},
    {"messy/kml/multilayer.kml", "Layer1", 1, 1, "EPSG:4326", "UTF-8", ""},
    {"messy/kml/multilayer.kml", "Layer2", 1, 1, "EPSG:4326", "UTF-8", ""},
    {"messy/kml/samples.kml", "Placemarks", 3, 3, "EPSG:4326", "UTF-8", ""},
    {"messy/kml/samples.kml", "Styles and Markup", 1, 0, "EPSG:4326", "UTF-8", "empty-geometry:1"},
    {"messy/kml/samples.kml", "Highlighted Icon", 1, 1, "EPSG:4326", "UTF-8", ""},
    {"messy/kml/samples.kml", "Ground Overlays", 1, 5, "EPSG:4326", "UTF-8", ""},
    {"messy/kml/samples.kml", "Screen Overlays", 0, 0, "EPSG:4326", "UTF-8", ""},
    {"messy/kml/samples.kml", "Paths", 6, 48, "EPSG:4326", "UTF-8", ""},
    {"messy/kml/samples.kml", "Polygons", 0, 0, "EPSG:4326", "UTF-8", ""},
    {"messy/kml/samples.kml", "Google Campus", 4, 90, "EPSG:4326", "UTF-8", ""},
    {"messy/kml/samples.kml", "Extruded Polygon", 1, 12, "EPSG:4326", "UTF-8", ""},
    {"messy/kml/samples.kml", "Absolute and Relative", 4, 28, "EPSG:4326", "UTF-8", ""},
    {"messy/kml/yuxi_counties.kml", "yunnan_counties_hires", 9, 17663, "EPSG:4326", "UTF-8", "offset-suspected:1"},
    {"messy/mixed/france_parts.shp", "france_parts", 4, 3072, "EPSG:4326", "ISO-8859-1", ""},
    {"messy/mixed/mixed_types.TAB", "mixed_types", 13, 27, "unnamed", "UTF-8", "empty-geometry:2"},
    {"messy/nybb_16a.zip", "nybb", 5, 76063, "EPSG:2263", "UTF-8", ""},
    {"messy/threed/buildings3d.shp", "buildings3d", 401, 2876, "EPSG:27700", "UTF-8", ""},
    {"messy/threed/multipatch.shp", "multipatch", 1, 16, "", "UTF-8", "crs-missing:1 rings-cross:1"},
    {"parcel_txt/44120000072.txt", "44120000072", 1, 6, "EPSG:4526", "UTF-8", ""},
    {"parcel_txt/44120000120.txt", "44120000120", 1, 9, "EPSG:4526", "UTF-8", ""},
    {"parcel_txt/bad_bowtie.txt", "bad_bowtie", 1, 5, "EPSG:4522", "UTF-8", "declared-area-differs:1 self-crossing:1"},
    {"parcel_txt/gbk_crlf.txt", "gbk_crlf", 1, 66, "EPSG:4528", "GB18030", ""},
    {"parcel_txt/hangzhou_pengbu_R14.txt", "hangzhou_pengbu_R14", 1, 66, "EPSG:4528", "UTF-8", ""},
    {"parcel_txt/plot_000_closing_label_J6.txt", "plot_000_closing_label_J6", 1, 6, "EPSG:4526", "UTF-8", ""},
    {"parcel_txt/yuxi_zone34_hole_and_two_parcels.txt", "yuxi_zone34_hole_and_two_parcels", 2, 15, "EPSG:4522", "UTF-8",
     ""},
    {"protected/coutwildrnp.shp", "coutwildrnp", 67, 6606, "EPSG:4326", "ISO-8859-1", ""},
    {"yunnan/yunnan_counties_hires.geojson", "yunnan_counties_hires", 129, 216415, "EPSG:4326", "UTF-8",
     "offset-suspected:1"},
    {"yunnan/yunnan_prefectures.geojson", "yunnan_prefectures", 16, 5234, "EPSG:4326", "UTF-8", "rings-cross:2"},
};

/// A dBASE table or a text file, as its bytes were read by Python: header byte 29 and the .cpg by hand, every text
/// field of every row by the strict decoders.
struct Texts {
    const char* file;
    const char* encoding;
    const char* why;
    std::size_t characters; ///< of all texts of all rows
    const char* sample;     ///< a text, or the name of a field, that is not ASCII; empty: there is none
};

// .cpg: CP936, 88591, latin1, 1252, UTF-8, ISO-8859-1 as they stand there. Language byte 0x58: Windows 1252; 0x57:
// "ANSI" of a page that is not named, once over UTF-8 (follow_ref), twice over ISO-8859-1. No statement: 云南省 has 516
// texts that are not ASCII, all of them UTF-8 and 482 no GB18030. system_encoding has three bytes, E4 F6 FC, and no
// statement: "äöü" of ISO-8859-1 to who knows; without a statement what is no UTF-8 counts as Chinese, and the issue
// text-cut says that it does not fit. The rest is ASCII.
const Texts tables[] = {
    {"messy/china_gbk/玉溪临沧区县.shp", "GB18030", "cpg", 346, "行政代码"},
    {"messy/china_shp/云南省.shp", "UTF-8", "utf8-valid", 10160, "绥江县"},
    {"messy/encoding/qgis/iso-8859-1.shp", "ISO-8859-1", "cpg", 3, "äöü"},
    {"messy/encoding/qgis/iso-8859-1_ldid.shp", "ISO-8859-1", "ldid", 3, "äöü"},
    {"messy/encoding/qgis/latin1.shp", "ISO-8859-1", "cpg", 3, "äöü"},
    {"messy/encoding/qgis/system_encoding.shp", "GB18030", "fallback", 1, "漩"},
    {"messy/encoding/qgis/utf8.shp", "UTF-8", "cpg", 3, "äöü"},
    {"messy/encoding/qgis/windows-1252.shp", "CP1252", "cpg", 3, "äöü"},
    {"messy/encoding/qgis/windows-1252_ldid.shp", "CP1252", "ldid", 3, "äöü"},
    {"messy/invalid/geometry_checker/follow_ref.shp", "UTF-8", "utf8-valid", 3, "éàü"},
    {"messy/invalid/geometry_checker/line_layer.shp", "UTF-8", "cpg", 0, ""},
    {"messy/invalid/geometry_checker/point_layer.shp", "UTF-8", "cpg", 0, ""},
    {"messy/invalid/polys_overlapping.shp", "UTF-8", "utf8-valid", 39, ""},
    {"messy/mixed/france_parts.shp", "ISO-8859-1", "ldid", 329, "Région"},
    {"messy/nybb_16a.zip", "UTF-8", "utf8-valid", 41, ""},
    {"messy/threed/buildings3d.shp", "UTF-8", "utf8-valid", 0, ""},
    {"protected/coutwildrnp.shp", "ISO-8859-1", "cpg", 8030, ""},
};

std::size_t characters_of(const std::string& utf8) {
    return static_cast<std::size_t>(std::count_if(
        utf8.begin(), utf8.end(), [](char c) { return (static_cast<unsigned char>(c) & 0xC0U) != 0x80U; }));
}

/// Faults of the geometry itself, as the door calls them.
bool is_fault(const std::string& code) {
    return code == "self-crossing" || code == "rings-cross" || code == "nested-rings" || code == "too-few-points" ||
           code == "hole-outside" || code == "disconnected-interior" || code == "broken-geometry" ||
           code == "not-finite";
}

void gather_polygons(const OGRGeometry& geometry, OGRMultiPolygon& into) {
    if (wkbFlatten(geometry.getGeometryType()) == wkbPolygon || wkbFlatten(geometry.getGeometryType()) == wkbTriangle) {
        OGRPolygon flat(*geometry.toPolygon());
        flat.flattenTo2D();
        flat.closeRings(); // unclosed is no fault here
        into.addGeometry(&flat);
    } else if (OGR_GT_IsSubClassOf(geometry.getGeometryType(), wkbPolyhedralSurface) != 0) {
        for (const auto* face : *geometry.toPolyhedralSurface())
            gather_polygons(*face, into);
    } else if (OGR_GT_IsSubClassOf(geometry.getGeometryType(), wkbGeometryCollection) != 0) {
        for (const auto* member : *geometry.toGeometryCollection())
            gather_polygons(*member, into);
    }
}

/// Layer → ids of the features whose areas GEOS holds for invalid, as a multipolygon of straight edges in plan view.
std::map<std::string, std::set<std::string>> invalid_by_geos(const std::string& path) {
    GDALAllRegister();
    const std::string name = path.ends_with(".zip") && !path.ends_with(".gdb.zip") ? "/vsizip/" + path : path;
    const char* const options[] = {path.ends_with(".csv") ? "GEOM_POSSIBLE_NAMES=WKT" : nullptr, nullptr};
    const GDALDatasetUniquePtr dataset(GDALDataset::Open(name.c_str(), GDAL_OF_VECTOR, nullptr, options));
    REQUIRE(dataset);
    std::map<std::string, std::set<std::string>> found;
    CPLPushErrorHandler(CPLQuietErrorHandler);
    OGRLayer* layer = nullptr;
    while (OGRFeature* raw = dataset->GetNextFeature(&layer, nullptr, nullptr, nullptr)) {
        const OGRFeatureUniquePtr feature(raw);
        const OGRGeometry* geometry = feature->GetGeometryRef();
        if (geometry == nullptr || geometry->IsEmpty())
            continue;
        const OGRGeometryUniquePtr straight(geometry->getLinearGeometry(0.1));
        OGRMultiPolygon areas;
        gather_polygons(*straight, areas);
        if (!areas.IsEmpty() && !areas.IsValid())
            found[layer->GetName()].insert(std::to_string(feature->GetFID()));
    }
    CPLPopErrorHandler();
    return found;
}

std::string counts_of(const IssueLog& issues) {
    std::string text;
    for (const auto& [code, count] : issues.counts())
        text += fmt::format("{}{}:{}", text.empty() ? "" : " ", code, count);
    return text;
}

TEST_CASE("every real input reads as it was read independently", "[real][table]") {
    const auto shared = test::shared_folder();
    if (!shared) {
        WARN("skipped: no real inputs beside the checkout");
        return;
    }
    for (const Expected& expected : table) {
        CAPTURE(expected.file, expected.layer);
        const std::string source = (*shared / "data" / expected.file).string() +
                                   (std::string(expected.file).ends_with(".txt") ? "" : "|layer=") +
                                   (std::string(expected.file).ends_with(".txt") ? "" : expected.layer);
        OpenOptions options;
        options.require_crs = false;
        options.all_fields = true;
        options.trust_geometry = true;
        const Table trusted = read_all(*open_layer(source, options));
        CHECK(trusted.info.layer == expected.layer);
        CHECK(trusted.counts.features == expected.features);
        CHECK(trusted.counts.vertices == expected.vertices);
        CHECK((trusted.info.crs ? trusted.info.crs->label() : "") == expected.crs);
        CHECK(trusted.info.encoding == expected.encoding);
        options.trust_geometry = false;
        const Table judged = read_all(*open_layer(source, options));
        CHECK(counts_of(judged.issues) == expected.issues);
        CHECK(judged.rows.size() + judged.counts.rejected == expected.features);
    }
}

TEST_CASE("every real table is read in the encoding that its bytes and its neighbours speak for", "[real][table]") {
    const auto shared = test::shared_folder();
    if (!shared) {
        WARN("skipped: no real inputs beside the checkout");
        return;
    }
    for (const Texts& expected : tables) {
        CAPTURE(expected.file);
        OpenOptions options;
        options.require_crs = false;
        options.all_fields = true;
        options.trust_geometry = true;
        const Table read = read_all(*open_layer((*shared / "data" / expected.file).string(), options));
        CHECK(read.info.encoding == expected.encoding);
        CHECK(read.info.encoding_why == expected.why);
        std::size_t characters = 0;
        bool seen = std::string(expected.sample).empty();
        for (const Column& column : read.rows.columns) {
            seen = seen || column.field.name == expected.sample;
            for (std::size_t row = 0; column.field.type == FieldType::text && row < read.rows.size(); ++row) {
                const std::string text = to_string(column.value(row));
                characters += characters_of(text);
                seen = seen || text == expected.sample;
            }
        }
        CHECK(characters == expected.characters);
        CHECK(seen);
    }
}

TEST_CASE("the faults found in the real inputs are those that GEOS finds, feature by feature", "[real][table]") {
    const auto shared = test::shared_folder();
    if (!shared) {
        WARN("skipped: no real inputs beside the checkout");
        return;
    }
    std::map<std::string, std::map<std::string, std::set<std::string>>> by_geos;
    std::size_t faults = 0;
    for (const Expected& expected : table) {
        const std::string file = expected.file;
        if (file.ends_with(".txt"))
            continue; // which GDAL does not read
        CAPTURE(file, expected.layer);
        const std::string path = (*shared / "data" / file).string();
        if (by_geos.count(file) == 0)
            by_geos[file] = invalid_by_geos(path);
        OpenOptions options;
        options.require_crs = false;
        const Table judged = read_all(*open_layer(path + "|layer=" + expected.layer, options));
        std::set<std::string> ours;
        for (const Issue& issue : judged.issues.sorted())
            if (is_fault(issue.code))
                ours.insert(issue.feature);
        CHECK(ours == by_geos[file][expected.layer]);
        faults += ours.size();
    }
    CHECK(faults == 49); // so that no layer drops out unseen
}

} // namespace
} // namespace corebelt::layers
