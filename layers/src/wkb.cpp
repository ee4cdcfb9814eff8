#include "wkb.hpp"

#include <algorithm>
#include <bit>
#include <cmath>
#include <cstring>
#include <optional>

namespace corebelt::layers {

namespace {

enum class Kind : std::uint8_t { point, line, polygon, multi, surface, curve };

struct Header {
    Kind kind = Kind::point;
    bool swapped = false;      ///< the other byte order than this machine's
    std::size_t ordinates = 2; ///< a vertex: 2, 3 or 4 doubles
};

/// A collection inside a collection inside …: deeper than this is an attack, not a plan.
constexpr int max_depth = 32;

std::optional<Kind> kind_of(std::uint32_t code) {
    switch (code) {
    case 1:
        return Kind::point;
    case 2:
        return Kind::line;
    case 3:
    case 17: // triangle
        return Kind::polygon;
    case 4:
    case 5:
    case 6:
    case 7: // geometry collection
        return Kind::multi;
    case 15: // polyhedral surface
    case 16: // TIN
        return Kind::surface;
    case 8:  // circular string
    case 9:  // compound curve
    case 10: // curve polygon
    case 11: // multi curve
    case 12: // multi surface
        return Kind::curve;
    default:
        return std::nullopt;
    }
}

class Decoder {
public:
    Decoder(std::span<const std::uint8_t> bytes, geo::Shapes& to)
        : at_(bytes.data()), end_(bytes.data() + bytes.size()), to_(to) {}

    /// Highest dimension of non-empty parts; sets `curve`, `broken`, `dimensions`. Moves to the end of the geometry.
    void survey(int depth) {
        const auto header = read_header();
        if (!header || depth > max_depth) {
            broken = true;
            return;
        }
        switch (header->kind) {
        case Kind::curve:
            curve = true;
            return;
        case Kind::point:
            survey_point(*header);
            return;
        case Kind::line:
            survey_vertices(*header, geo::Dimension::line);
            return;
        case Kind::polygon:
            survey_rings(*header);
            return;
        case Kind::multi:
        case Kind::surface:
            break;
        }
        const auto count = read_count(*header, 5);
        for (std::uint32_t i = 0; i < count && !broken && !curve; ++i)
            survey(depth + 1);
    }

    /// Appends the parts of one dimension. Only after a survey that found the bytes whole.
    void append(geo::Dimension wanted) {
        const auto header = read_header();
        if (!header)
            return;
        switch (header->kind) {
        case Kind::point:
            append_point(*header, wanted == geo::Dimension::point);
            return;
        case Kind::line:
            append_line(*header, wanted == geo::Dimension::line);
            return;
        case Kind::polygon:
            append_polygon(*header, wanted == geo::Dimension::area);
            return;
        case Kind::multi:
        case Kind::surface:
            break;
        case Kind::curve:
            return;
        }
        for (std::uint32_t count = read_count(*header, 5); count > 0; --count)
            append(wanted);
    }

    bool curve = false;
    bool broken = false;
    bool found[3] = {false, false, false}; ///< by dimension: a part that is not empty

private:
    [[nodiscard]] std::size_t left() const { return static_cast<std::size_t>(end_ - at_); }

    std::uint32_t take_u32(bool swapped) {
        std::uint32_t value = 0;
        std::memcpy(&value, at_, sizeof value);
        at_ += sizeof value;
        return swapped ? __builtin_bswap32(value) : value;
    }

    std::optional<Header> read_header() {
        if (left() < 5 || *at_ > 1)
            return std::nullopt;
        Header header;
        const bool little = *at_ == 1;
        header.swapped = little != (std::endian::native == std::endian::little);
        ++at_;
        std::uint32_t code = take_u32(header.swapped);
        constexpr std::uint32_t ewkb_z = 0x80000000U;
        constexpr std::uint32_t ewkb_m = 0x40000000U;
        constexpr std::uint32_t ewkb_srid = 0x20000000U;
        bool has_z = (code & ewkb_z) != 0;
        bool has_m = (code & ewkb_m) != 0;
        if ((code & ewkb_srid) != 0) {
            if (left() < 4)
                return std::nullopt;
            at_ += 4;
        }
        code &= 0x0FFFFFFFU;
        const std::uint32_t thousands = code / 1000;
        if (thousands > 3)
            return std::nullopt;
        has_z = has_z || thousands == 1 || thousands == 3;
        has_m = has_m || thousands == 2 || thousands == 3;
        header.ordinates = 2U + (has_z ? 1U : 0U) + (has_m ? 1U : 0U);
        const auto kind = kind_of(code % 1000);
        if (!kind)
            return std::nullopt;
        header.kind = *kind;
        return header;
    }

    /// A count of things of at least `size` bytes each; 0 and broken where they cannot be there.
    std::uint32_t read_count(const Header& header, std::size_t size) {
        if (left() < 4) {
            broken = true;
            return 0;
        }
        const std::uint32_t count = take_u32(header.swapped);
        if (count > left() / size) {
            broken = true;
            return 0;
        }
        return count;
    }

    [[nodiscard]] static std::size_t vertex_size(const Header& header) { return header.ordinates * sizeof(double); }

    [[nodiscard]] geo::XY vertex(const Header& header, std::size_t index) const {
        std::uint64_t bits[2];
        std::memcpy(bits, at_ + index * vertex_size(header), sizeof bits);
        if (header.swapped) {
            bits[0] = __builtin_bswap64(bits[0]);
            bits[1] = __builtin_bswap64(bits[1]);
        }
        return {std::bit_cast<double>(bits[0]), std::bit_cast<double>(bits[1])};
    }

    void survey_point(const Header& header) {
        if (left() < vertex_size(header)) {
            broken = true;
            return;
        }
        const geo::XY p = vertex(header, 0);
        at_ += vertex_size(header);
        // POINT EMPTY has no code of its own: it is written with nan.
        found[0] = found[0] || !(std::isnan(p.x) && std::isnan(p.y));
    }

    std::uint32_t survey_vertices(const Header& header, geo::Dimension dimension) {
        const std::uint32_t count = read_count(header, vertex_size(header));
        at_ += count * vertex_size(header);
        if (count > 0)
            found[static_cast<std::size_t>(dimension)] = true;
        return count;
    }

    void survey_rings(const Header& header) {
        const std::uint32_t rings = read_count(header, 4);
        bool outer_is_empty = false;
        for (std::uint32_t r = 0; r < rings && !broken; ++r) {
            const std::uint32_t count = read_count(header, vertex_size(header));
            at_ += count * vertex_size(header);
            outer_is_empty = outer_is_empty || (r == 0 && count == 0);
        }
        if (rings > 0 && !outer_is_empty)
            found[2] = true;
    }

    void append_vertices(const Header& header, std::uint32_t count) {
        const std::size_t first = to_.xy.size();
        to_.xy.resize(first + count);
        if (!header.swapped && header.ordinates == 2) {
            static_assert(sizeof(geo::XY) == 2 * sizeof(double));
            std::memcpy(to_.xy.data() + first, at_, count * sizeof(geo::XY));
        } else {
            for (std::uint32_t i = 0; i < count; ++i)
                to_.xy[first + i] = vertex(header, i);
        }
    }

    void append_point(const Header& header, bool wanted) {
        const geo::XY p = vertex(header, 0);
        at_ += vertex_size(header);
        if (!wanted || (std::isnan(p.x) && std::isnan(p.y)))
            return;
        to_.add(p);
        to_.end_ring();
        to_.end_part();
    }

    void append_line(const Header& header, bool wanted) {
        const std::uint32_t count = read_count(header, vertex_size(header));
        if (wanted && count > 0) {
            append_vertices(header, count);
            to_.end_ring();
            to_.end_part();
        }
        at_ += count * vertex_size(header);
    }

    /// A polygon whose outer ring is empty encloses nothing: its holes go with it.
    void append_polygon(const Header& header, bool wanted) {
        const std::uint32_t rings = read_count(header, 4);
        bool any = false;
        for (std::uint32_t r = 0; r < rings; ++r) {
            const std::uint32_t count = read_count(header, vertex_size(header));
            if (wanted && count > 0 && (r == 0 || any)) {
                const std::size_t first = to_.xy.size();
                append_vertices(header, count);
                if (to_.xy[first] != to_.xy.back())
                    to_.add(to_.xy[first]);
                to_.end_ring();
                any = true;
            }
            at_ += count * vertex_size(header);
        }
        if (any)
            to_.end_part();
    }

    const std::uint8_t* at_;
    const std::uint8_t* end_;
    geo::Shapes& to_;
};

} // namespace

WkbStatus decode_wkb(std::span<const std::uint8_t> bytes, geo::Shapes& to) {
    Decoder look(bytes, to);
    look.survey(0);
    if (look.broken)
        return WkbStatus::broken;
    if (look.curve)
        return WkbStatus::curve;
    const auto& found = look.found;
    if (!found[0] && !found[1] && !found[2]) {
        to.end_shape(geo::Dimension::area);
        return WkbStatus::empty;
    }
    const auto wanted = found[2] ? geo::Dimension::area : found[1] ? geo::Dimension::line : geo::Dimension::point;
    Decoder(bytes, to).append(wanted);
    to.end_shape(wanted);
    const int kinds = int{found[0]} + int{found[1]} + int{found[2]};
    return kinds > 1 ? WkbStatus::mixed : WkbStatus::ok;
}

} // namespace corebelt::layers
