#pragma once
/// 界址点坐标交换格式: the boundary-point text file (.txt) of land approval and survey deliveries, both ways.

#include "corebelt/layers/dataset.hpp"
#include "corebelt/layers/source.hpp"

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace corebelt::layers {

/// One ring as it stands in the file, closed, easting first.
struct BoundaryRing {
    std::size_t line = 0; ///< of its first point, from 1
    std::vector<geo::XY> points;
};

/// One parcel as it stands in the file.
struct BoundaryPlot {
    std::size_t line = 0; ///< of its header, from 1
    std::string number, name, kind, sheet, use, land_class;
    std::string extra; ///< further header fields, comma-separated
    std::optional<double> declared_ha;
    std::vector<BoundaryRing> rings;
    bool readable = true; ///< false: a point could not be read, the plot is set aside
};

/// A file taken apart: nothing judged about geometry, everything doubtful about the text said as an issue.
struct BoundaryText {
    std::vector<std::pair<std::string, std::string>> attributes; ///< [属性描述] and [项目信息], file order
    std::vector<BoundaryPlot> plots;
    std::optional<geo::Crs> crs; ///< from 坐标系, 几度分带, 带号 and the eastings' prefix; none where uncertain
    std::string encoding, encoding_why;
};

/// True where the bytes, in whatever encoding, hold a line [地块坐标] (full-width brackets too).
[[nodiscard]] bool is_boundary_text(std::string_view bytes);
/// The same of a file whose name ends in .txt; false where it cannot be read.
[[nodiscard]] bool is_boundary_text_file(const std::string& path);

/// Reads every dialect: header widths, zone prefix or none, swapped columns, unclosed rings, GBK, UTF-8 with or
/// without BOM, UTF-16, full-width punctuation. Issues carry the line number in their text.
/// @param encoding  overrides the finding. @throws Error{usage, "unknown-encoding"}.
[[nodiscard]] BoundaryText parse_boundary_text(std::string_view bytes, const std::string& label,
                                               const std::optional<std::string>& encoding, IssueLog& issues);

/// The file as a layer, through the door: rings become holes or parts by containment; the declared hectares are
/// compared with planar and ellipsoidal area. Fields: 地块编号 地块名称 图形属性 图幅号 地块用途 地类编码
/// 申报面积公顷 面积吻合 附加信息, then one for each attribute of the file.
/// @throws Error{input}: "not-found", "no-crs", "not-boundary-text".
[[nodiscard]] Table read_boundary_text(const std::string& path, const OpenOptions& options);

/// The same as a source, with the fields and the filter of the options; what open_layer() does with such a file.
[[nodiscard]] std::unique_ptr<BatchSource> open_boundary_text(const std::string& path, const OpenOptions& options);

struct BoundaryTextOptions {
    int decimals = 3;           ///< of coordinates, metres
    bool gb18030 = false;       ///< else UTF-8 without BOM
    std::string producer, date; ///< 数据产生单位, 数据产生日期
};

/// The national form: one plot a feature, X north, Y east with zone prefix, rings closed, labels J1, J2, …
/// Fields named as read_boundary_text() names them are written back; others are left out.
/// @throws Error{usage, "not-gauss-krueger"} where the table's CRS is none of the strips the format knows;
///         Error{output}.
void write_boundary_text(const std::string& path, const Table& table, const BoundaryTextOptions& options);

} // namespace corebelt::layers
