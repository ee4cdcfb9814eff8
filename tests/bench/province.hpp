#pragma once
/// An invented province of any size: a planar coverage of parcels that share their edges vertex for vertex, parks of
/// several parts, control polygons with holes. Every vertex is a function of the seed and its place, so tiles can be
/// made one by one, in any order, without remembering their neighbours.

#include "corebelt/geo/shapes.hpp"

#include <cstdint>
#include <string_view>
#include <utility>
#include <vector>

namespace corebelt::bench {

struct ProvinceSpec {
    std::uint64_t seed = 1;
    std::uint32_t parcels = 200'000; ///< about so many
    std::uint32_t controls = 800;
    std::uint32_t control_vertices = 6'900; ///< of each of the independent ones
    std::uint32_t parks = 89;
    double cell_m = 173;                       ///< mean side of a parcel: 3 ha
    std::uint32_t edge_segments = 10;          ///< of one side of a cell
    geo::XY south_west{34'400'000, 2'600'000}; ///< EPSG:4522
};

class Province {
public:
    explicit Province(const ProvinceSpec& spec);

    [[nodiscard]] const ProvinceSpec& spec() const { return spec_; }
    [[nodiscard]] double side_m() const { return spec_.cell_m * cells_; }

    /// Parcels of one tile appended to `shapes`, their land-use codes (三调) to `codes`.
    void append_tile(std::uint32_t tile, geo::Shapes& shapes, std::vector<std::string_view>& codes) const;
    [[nodiscard]] std::uint32_t tiles() const { return tiles_across_ * tiles_across_; }

    /// Fractal outlines that know nothing of the parcels; three holes each, every fourth with an island.
    [[nodiscard]] geo::Shapes independent_controls() const;
    /// The parcels that lie in those outlines, dissolved: every edge is a parcel's edge.
    [[nodiscard]] geo::Shapes controls_of_parcels() const;
    /// The same with every vertex moved by up to 1 mm either way.
    [[nodiscard]] geo::Shapes jittered_controls() const;
    /// One to four parts each, about 300 vertices.
    [[nodiscard]] geo::Shapes parks() const;

private:
    [[nodiscard]] geo::XY node(std::uint32_t i, std::uint32_t j) const;
    void append_edge(std::uint32_t i, std::uint32_t j, bool upright, bool backwards, geo::Shapes& shapes) const;
    [[nodiscard]] bool merged(std::uint32_t i, std::uint32_t j) const;
    [[nodiscard]] geo::Shapes dissolved(bool jitter) const;
    struct Blob;
    [[nodiscard]] Blob blob(std::uint64_t salt, geo::XY centre, double radius_m) const;
    void append_ring(const Blob& blob, std::uint32_t vertices, bool hole, geo::Shapes& shapes) const;
    [[nodiscard]] std::pair<geo::XY, double> place(std::uint32_t control) const;

    ProvinceSpec spec_;
    std::uint32_t cells_ = 0, tiles_across_ = 0, controls_across_ = 0;
};

} // namespace corebelt::bench
