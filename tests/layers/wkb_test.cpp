#include "support/catch.hpp"
#include "wkb.hpp"

#include <ogr_geometry.h>

#include <bit>
#include <cstring>
#include <initializer_list>
#include <limits>
#include <random>
#include <string>
#include <vector>

namespace corebelt::layers {
namespace {

using Bytes = std::vector<std::uint8_t>;

/// Writes WKB by hand, in either byte order.
class Writer {
public:
    explicit Writer(bool little) : little_(little) {}

    Writer& begin(std::uint32_t code) {
        bytes_.push_back(little_ ? 1 : 0);
        return count(code);
    }
    Writer& count(std::uint32_t value) { return put(&value, sizeof value); }
    Writer& numbers(std::initializer_list<double> values) {
        for (const double value : values)
            put(&value, sizeof value);
        return *this;
    }
    [[nodiscard]] const Bytes& bytes() const { return bytes_; }

private:
    Writer& put(const void* value, std::size_t size) {
        Bytes raw(size);
        std::memcpy(raw.data(), value, size);
        if (little_ != (std::endian::native == std::endian::little))
            std::reverse(raw.begin(), raw.end());
        bytes_.insert(bytes_.end(), raw.begin(), raw.end());
        return *this;
    }
    bool little_;
    Bytes bytes_;
};

Bytes wkb_of(const char* wkt, OGRwkbByteOrder order, OGRwkbVariant variant) {
    OGRGeometry* made = nullptr;
    REQUIRE(OGRGeometryFactory::createFromWkt(wkt, nullptr, &made) == OGRERR_NONE);
    const OGRGeometryUniquePtr geometry(made);
    Bytes bytes(geometry->WkbSize());
    REQUIRE(geometry->exportToWkb(order, bytes.data(), variant) == OGRERR_NONE);
    return bytes;
}

/// "area [(0 0,1 0,1 1,0 0)(…)] […]": a part in brackets, a ring in parentheses.
std::string described(const geo::ShapeView& shape) {
    const char* names[] = {"point", "line", "area"};
    std::string text = names[static_cast<std::size_t>(shape.dimension())];
    for (std::size_t part = 0; part < shape.part_count(); ++part) {
        text += " [";
        const auto [first, last] = shape.rings_of_part(part);
        for (std::size_t r = first; r < last; ++r) {
            text += "(";
            for (const auto& p : shape.ring(r))
                text += std::to_string(static_cast<int>(p.x)) + " " + std::to_string(static_cast<int>(p.y)) + ",";
            text.back() = ')';
        }
        text += "]";
    }
    return text;
}

struct Decoded {
    WkbStatus status;
    std::string text;
};

Decoded decode(const Bytes& bytes) {
    geo::Shapes shapes;
    const WkbStatus status = decode_wkb(bytes, shapes);
    const bool appended = status == WkbStatus::ok || status == WkbStatus::mixed || status == WkbStatus::empty;
    REQUIRE(shapes.size() == (appended ? 1U : 0U));
    return {status, appended ? described(shapes[0]) : ""};
}

TEST_CASE("every geometry type decodes in both byte orders and all code families", "[wkb]") {
    struct Case {
        const char* wkt;
        const char* expected;
    };
    const auto item = GENERATE(
        Case{"POINT(3 4)", "point [(3 4)]"}, Case{"POINT Z(3 4 5)", "point [(3 4)]"},
        Case{"POINT ZM(3 4 5 6)", "point [(3 4)]"}, Case{"LINESTRING M(0 0 9,1 2 9)", "line [(0 0,1 2)]"},
        Case{"MULTIPOINT(1 2,3 4)", "point [(1 2)] [(3 4)]"},
        Case{"MULTILINESTRING Z((0 0 7,1 1 7),(5 5 7,6 6 7))", "line [(0 0,1 1)] [(5 5,6 6)]"},
        Case{"POLYGON((0 0,9 0,9 9,0 0),(2 1,3 1,3 2,2 1))", "area [(0 0,9 0,9 9,0 0)(2 1,3 1,3 2,2 1)]"},
        Case{"POLYGON Z((0 0 1,9 0 1,9 9 1,0 0 1))", "area [(0 0,9 0,9 9,0 0)]"},
        Case{"POLYGON M((0 0 1,9 0 1,9 9 1,0 0 1))", "area [(0 0,9 0,9 9,0 0)]"},
        Case{"MULTIPOLYGON ZM(((0 0 1 2,9 0 1 2,9 9 1 2,0 0 1 2)),((20 0 1 2,21 0 1 2,21 1 1 2,20 0 1 2)))",
             "area [(0 0,9 0,9 9,0 0)] [(20 0,21 0,21 1,20 0)]"},
        Case{"TIN(((0 0,1 0,0 1,0 0)),((1 0,1 1,0 1,1 0)))", "area [(0 0,1 0,0 1,0 0)] [(1 0,1 1,0 1,1 0)]"},
        Case{"TRIANGLE((0 0,1 0,0 1,0 0))", "area [(0 0,1 0,0 1,0 0)]"},
        Case{"POLYHEDRALSURFACE Z(((0 0 0,1 0 0,0 1 5,0 0 0)))", "area [(0 0,1 0,0 1,0 0)]"},
        Case{"GEOMETRYCOLLECTION(MULTIPOLYGON(((0 0,1 0,0 1,0 0))),GEOMETRYCOLLECTION(POLYGON((5 5,6 5,5 6,5 5))))",
             "area [(0 0,1 0,0 1,0 0)] [(5 5,6 5,5 6,5 5)]"});
    const auto order = GENERATE(wkbNDR, wkbXDR);
    const auto variant = GENERATE(wkbVariantOldOgc, wkbVariantIso, wkbVariantPostGIS1);
    CAPTURE(item.wkt, order, variant);
    const auto decoded = decode(wkb_of(item.wkt, order, variant));
    CHECK(decoded.status == WkbStatus::ok);
    CHECK(decoded.text == item.expected);
}

TEST_CASE("of a mixed collection only the parts of the highest dimension are kept", "[wkb]") {
    const auto decoded =
        decode(wkb_of("GEOMETRYCOLLECTION(POINT(1 1),LINESTRING(0 0,5 5),POLYGON((0 0,1 0,0 1,0 0)),POINT(7 7))",
                      wkbNDR, wkbVariantIso));
    CHECK(decoded.status == WkbStatus::mixed);
    CHECK(decoded.text == "area [(0 0,1 0,0 1,0 0)]");
    const auto lines = decode(wkb_of("GEOMETRYCOLLECTION(POINT(1 1),LINESTRING(0 0,5 5))", wkbNDR, wkbVariantIso));
    CHECK(lines.status == WkbStatus::mixed);
    CHECK(lines.text == "line [(0 0,5 5)]");
}

TEST_CASE("empty geometries of every kind have no parts", "[wkb]") {
    const std::string wkt =
        GENERATE("POINT EMPTY", "LINESTRING EMPTY", "POLYGON EMPTY", "MULTIPOLYGON EMPTY", "GEOMETRYCOLLECTION EMPTY",
                 "MULTIPOLYGON(EMPTY)", "GEOMETRYCOLLECTION(POLYGON EMPTY,POINT EMPTY)");
    CAPTURE(wkt);
    const auto decoded = decode(wkb_of(wkt.c_str(), wkbNDR, wkbVariantIso));
    CHECK(decoded.status == WkbStatus::empty);
    CHECK(decoded.text == "area");
}

TEST_CASE("EWKB with an embedded SRID and byte orders mixed inside one geometry decode", "[wkb]") {
    Writer part(false);
    part.begin(3).count(1).count(4).numbers({0, 0, 1, 0, 0, 1, 0, 0});
    Writer whole(true);
    whole.begin(6U | 0x20000000U).count(4543).count(1);
    Bytes bytes = whole.bytes();
    bytes.insert(bytes.end(), part.bytes().begin(), part.bytes().end());
    const auto decoded = decode(bytes);
    CHECK(decoded.status == WkbStatus::ok);
    CHECK(decoded.text == "area [(0 0,1 0,0 1,0 0)]");
}

TEST_CASE("an open ring is closed and a hole without outer ring is dropped", "[wkb]") {
    Writer open(true);
    open.begin(3).count(1).count(3).numbers({0, 0, 1, 0, 0, 1});
    CHECK(decode(open.bytes()).text == "area [(0 0,1 0,0 1,0 0)]");
    Writer hole(true);
    hole.begin(3).count(2).count(0).count(4).numbers({0, 0, 1, 0, 0, 1, 0, 0});
    CHECK(decode(hole.bytes()).status == WkbStatus::empty);
}

TEST_CASE("curves are left to be linearised, wherever they are inside", "[wkb]") {
    const std::string wkt =
        GENERATE("CIRCULARSTRING(0 0,1 1,2 0)", "CURVEPOLYGON(CIRCULARSTRING(0 0,1 1,2 0,1 -1,0 0))",
                 "GEOMETRYCOLLECTION(POINT(0 0),CURVEPOLYGON(CIRCULARSTRING(0 0,1 1,2 0,1 -1,0 0)))");
    CHECK(decode(wkb_of(wkt.c_str(), wkbNDR, wkbVariantIso)).status == WkbStatus::curve);
}

TEST_CASE("every truncation of a valid geometry is broken and appends nothing", "[wkb][error]") {
    const auto bytes = wkb_of("GEOMETRYCOLLECTION(MULTIPOLYGON(((0 0,9 0,9 9,0 0),(2 1,3 1,3 2,2 1))),POINT(1 1))",
                              GENERATE(wkbNDR, wkbXDR), wkbVariantIso);
    for (std::size_t size = 0; size < bytes.size(); ++size) {
        CAPTURE(size);
        CHECK(decode(Bytes(bytes.begin(), bytes.begin() + static_cast<std::ptrdiff_t>(size))).status ==
              WkbStatus::broken);
    }
    CHECK(decode(bytes).status == WkbStatus::mixed);
}

TEST_CASE("counts that the bytes cannot hold and unknown codes are broken", "[wkb][error]") {
    CHECK(decode(Writer(true).begin(2).count(0xFFFFFFFFU).numbers({0, 0}).bytes()).status == WkbStatus::broken);
    CHECK(decode(Writer(true).begin(3).count(0x7FFFFFFFU).bytes()).status == WkbStatus::broken);
    CHECK(decode(Writer(true).begin(6).count(1000).bytes()).status == WkbStatus::broken);
    CHECK(decode(Writer(true).begin(99).count(0).bytes()).status == WkbStatus::broken);
    CHECK(decode(Writer(true).begin(4001).numbers({0, 0}).bytes()).status == WkbStatus::broken);
    CHECK(decode(Bytes{7, 1, 0, 0, 0}).status == WkbStatus::broken);
}

TEST_CASE("collections nested without end are broken, not a crash", "[wkb][error]") {
    Writer deep(true);
    for (int i = 0; i < 100000; ++i)
        deep.begin(7).count(1);
    CHECK(decode(deep.bytes()).status == WkbStatus::broken);
    Writer fine(true);
    for (int i = 0; i < 20; ++i)
        fine.begin(7).count(1);
    fine.begin(1).numbers({3, 4});
    CHECK(decode(fine.bytes()).text == "point [(3 4)]");
}

TEST_CASE("bytes changed at random never read out of bounds", "[wkb][error]") {
    const auto seed = GENERATE(1U, 2U, 3U);
    CAPTURE(seed);
    std::mt19937 random(seed);
    const auto good =
        wkb_of("GEOMETRYCOLLECTION(MULTIPOLYGON(((0 0,9 0,9 9,0 0),(2 1,3 1,3 2,2 1))),LINESTRING(1 1,2 2))", wkbNDR,
               wkbVariantIso);
    std::uniform_int_distribution<std::size_t> place(0, good.size() - 1);
    std::uniform_int_distribution<int> byte(0, 255);
    for (int round = 0; round < 5000; ++round) {
        Bytes bytes = good;
        for (int change = 0; change < 3; ++change)
            bytes[place(random)] = static_cast<std::uint8_t>(byte(random));
        geo::Shapes shapes;
        const auto status = decode_wkb(bytes, shapes);
        const bool appended = status != WkbStatus::broken && status != WkbStatus::curve;
        REQUIRE(shapes.size() == (appended ? 1U : 0U));
        REQUIRE(shapes.xy.size() * sizeof(geo::XY) <= 2 * bytes.size());
    }
}

} // namespace
} // namespace corebelt::layers
