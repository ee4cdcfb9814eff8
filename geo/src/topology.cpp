#include "corebelt/geo/topology.hpp"

#include "border_edges.hpp"
#include "edge_faces.hpp"
#include "exact.hpp"
#include "metre_scale.hpp"
#include "ring_measures.hpp"
#include "sum.hpp"
#include "unmatched_edges.hpp"

#include "corebelt/geo/area_form.hpp"
#include "corebelt/geo/control_set.hpp"
#include "corebelt/geo/expects.hpp"
#include "corebelt/geo/overlap.hpp"
#include "corebelt/geo/parallel_blocks.hpp"

#include <algorithm>
#include <cmath>
#include <map>
#include <numeric>
#include <optional>
#include <tuple>
#include <utility>

namespace corebelt::geo {

namespace {

/// Closed rings of one face, the outer one first, each from its first vertex on, holes in the order of these.
class FaceRings {
public:
    void read(const EdgeFaces& faces, std::size_t face) {
        rings_.clear();
        for (const std::uint32_t start : faces.walks_of(face)) {
            path_.clear();
            std::uint32_t h = start;
            do {
                path_.push_back(faces.from(h));
                h = faces.next(h);
            } while (h != start);
            split();
        }
        for (std::vector<XY>& ring : rings_) {
            std::rotate(ring.begin(), std::min_element(ring.begin(), ring.end(), before), ring.end());
            ring.push_back(ring.front());
        }
        const auto outer = std::find_if(rings_.begin(), rings_.end(),
                                        [](const std::vector<XY>& ring) { return exact::sense_of(ring) > 0; });
        if (outer != rings_.end())
            std::iter_swap(rings_.begin(), outer);
        if (rings_.size() > 1)
            std::sort(rings_.begin() + 1, rings_.end(), [](const std::vector<XY>& p, const std::vector<XY>& q) {
                return std::lexicographical_compare(p.begin(), p.end(), q.begin(), q.end(), before);
            });
    }
    [[nodiscard]] const std::vector<std::vector<XY>>& rings() const { return rings_; }

private:
    /// A walk that comes through a vertex twice is several rings that touch there.
    void split() {
        std::map<std::pair<double, double>, std::size_t> at; // where the open path has a vertex
        std::vector<XY> open;
        for (const XY p : path_) {
            const auto [found, fresh] = at.try_emplace({p.x, p.y}, open.size());
            if (!fresh) {
                const std::size_t first = found->second;
                rings_.emplace_back(open.begin() + static_cast<std::ptrdiff_t>(first), open.end());
                for (std::size_t k = first + 1; k < open.size(); ++k)
                    at.erase({open[k].x, open[k].y});
                open.resize(first);
            }
            open.push_back(p);
        }
        rings_.push_back(std::move(open));
    }

    std::vector<XY> path_;
    std::vector<std::vector<XY>> rings_;
};

/// Areas and perimeters of faces.
class FaceMeasure {
public:
    explicit FaceMeasure(const Crs& crs)
        : form_(crs.is_geographic() ? AreaForm::ground(crs) : AreaForm::planar(crs)), scale_(crs) {}

    void measure(const std::vector<std::vector<XY>>& rings, double position_error_m, Misfit& misfit) const {
        Box box;
        for (const XY p : rings.front())
            box.add(p);
        const double diameter_m = scale_.length_m({box.min_x, box.min_y}, {box.max_x, box.max_y});
        const XY origin = rings.front().front();
        const LocalAreaForm local = form_.local(origin);
        CompensatedSum area;
        CompensatedSum perimeter;
        for (const std::vector<XY>& ring : rings)
            for (std::size_t i = 1; i < ring.size(); ++i) {
                area.add(local.segment_m2({ring[i - 1].x - origin.x, ring[i - 1].y - origin.y},
                                          {ring[i].x - origin.x, ring[i].y - origin.y}));
                perimeter.add(scale_.length_m(ring[i - 1], ring[i]));
            }
        misfit.m2 = std::max(0.0, area.value());
        misfit.perimeter_m = perimeter.value();
        // Moved borders, the rounding of each edge's term, and the form of ground areas.
        misfit.bound_m2 = misfit.perimeter_m * (position_error_m + 0x1p-51 * diameter_m) +
                          (scale_.is_geographic() ? form_error(diameter_m) * misfit.m2 : 0);
    }
    [[nodiscard]] const MetreScale& scale() const { return scale_; }

private:
    /// Of AreaForm::ground(), which says nothing of more than 500 km.
    static double form_error(double diameter_m) {
        if (diameter_m <= 500e3)
            return diameter_m <= 50e3 ? 1e-12 : 1e-8;
        return 1e-4;
    }

    AreaForm form_;
    MetreScale scale_;
};

/// Gaps and overlaps of a layer, in one order whatever the order of the faces.
class MisfitFinder {
public:
    MisfitFinder(const Shapes& shapes, std::span<const std::int64_t> ids, const Crs& crs, const BorderEdges& noded,
                 const EdgeFaces& faces, const FaceMeasure& measure, const TopologyOptions& options)
        : shapes_(shapes), ids_(ids), crs_(crs), noded_(noded), faces_(faces), measure_(measure), options_(options) {}

    void find(Topology& into) {
        FaceRings rings;
        for (std::size_t face = 1; face < faces_.size(); ++face) {
            if (face % 4096 == 0)
                throw_if_stopped();
            const std::int32_t depth = faces_.depth(face);
            if (depth == 1 || depth < 0)
                continue;
            rings.read(faces_, face);
            Misfit misfit;
            misfit.depth = static_cast<std::uint32_t>(depth);
            measure_.measure(rings.rings(), into.position_error_m, misfit);
            if (misfit.width_m() <= into.resolution_m)
                continue;
            misfit.features = features_along(face, misfit.is_gap() ? -1 : 1);
            misfits_.push_back(std::move(misfit));
            for (const std::vector<XY>& ring : rings.rings()) {
                areas_.xy.insert(areas_.xy.end(), ring.begin(), ring.end());
                areas_.end_ring();
            }
            areas_.end_part();
            areas_.end_shape(Dimension::area);
        }
        add_covering_features();
        std::vector<std::uint32_t> order(misfits_.size());
        std::iota(order.begin(), order.end(), 0U);
        std::sort(order.begin(), order.end(), [&](std::uint32_t i, std::uint32_t j) {
            const auto key = [&](std::uint32_t k) {
                const Box& box = areas_.box[k];
                return std::tuple(-misfits_[k].m2, box.min_x, box.min_y, box.max_x, box.max_y, misfits_[k].depth,
                                  misfits_[k].perimeter_m);
            };
            return key(i) < key(j);
        });
        for (const std::uint32_t i : order) {
            into.misfits.push_back(std::move(misfits_[i]));
            into.areas.append(areas_[i]);
        }
    }

private:
    /// Features whose borders run along the face, with the face on their inner side (+1) or outer (−1).
    [[nodiscard]] std::vector<std::uint32_t> features_along(std::size_t face, std::int32_t side) const {
        std::vector<std::uint32_t> found;
        for (const std::uint32_t start : faces_.walks_of(face)) {
            std::uint32_t h = start;
            do {
                const std::int32_t direction = h % 2 == 0 ? 1 : -1;
                for (const Border& border : noded_.of(h / 2))
                    if (border.turn * direction == side)
                        found.push_back(border.feature);
                h = faces_.next(h);
            } while (h != start);
        }
        sort_by_id(found);
        return found;
    }
    void sort_by_id(std::vector<std::uint32_t>& features) const {
        std::sort(features.begin(), features.end(),
                  [&](std::uint32_t i, std::uint32_t j) { return ids_[i] < ids_[j]; });
        features.erase(std::unique(features.begin(), features.end()), features.end());
    }

    /// Features over an overlap whose own borders are all shared, or lie elsewhere, are found by the area that they
    /// have in common with it. Narrow strips lie between the borders of those over them.
    void add_covering_features() {
        const auto asked = [&](const Misfit& m) {
            return !m.is_gap() && (m.width_m() > options_.tolerance_m || m.features.size() < m.depth);
        };
        if (std::none_of(misfits_.begin(), misfits_.end(), asked))
            return;
        const ControlSet set = ControlSet::prepared_when_asked(shapes_);
        const AreaForm planar = AreaForm::planar(crs_);
        parallel_blocks(misfits_.size(), 16, options_.jobs, [&](unsigned, std::size_t first, std::size_t last) {
            OverlapKernel kernel(planar, nullptr);
            std::vector<std::uint32_t> near;
            std::vector<std::tuple<double, std::int64_t, std::uint32_t>> common;
            for (std::size_t i = first; i < last; ++i) {
                Misfit& misfit = misfits_[i];
                if (!asked(misfit))
                    continue;
                const ShapeView face = areas_[i];
                set.find(face.box(), near);
                // Many features: ask each about the face, which is prepared once; few: the other way round.
                std::optional<PreparedArea> prepared;
                if (near.size() > 16)
                    prepared.emplace(face, Keep::reference);
                common.clear();
                for (const std::uint32_t feature : near) {
                    const Overlap overlap =
                        prepared ? kernel.overlap(shapes_[feature], *prepared) : kernel.overlap(face, set[feature]);
                    common.emplace_back(-overlap.planar_m2, ids_[feature], feature);
                    if (overlap.planar_m2 > 2 * overlap.bound_m2 + rounding_m2(overlap.length))
                        misfit.features.push_back(feature);
                }
                // Those over a place that is hardly wider than the rounding have most of it.
                std::sort(common.begin(), common.end());
                sort_by_id(misfit.features);
                for (std::size_t k = 0; k < common.size() && misfit.features.size() < misfit.depth; ++k) {
                    misfit.features.push_back(std::get<2>(common[k]));
                    sort_by_id(misfit.features);
                }
            }
        });
    }
    /// The face's own vertices were rounded.
    [[nodiscard]] double rounding_m2(double length) const {
        return length * (crs_.is_geographic() ? 0x1p-40 : 0x1p-22);
    }

    const Shapes& shapes_;
    std::span<const std::int64_t> ids_;
    const Crs& crs_;
    const BorderEdges& noded_;
    const EdgeFaces& faces_;
    const FaceMeasure& measure_;
    const TopologyOptions& options_;
    std::vector<Misfit> misfits_;
    Shapes areas_;
};

constexpr double metres_per_degree = 111'700; // nowhere more

} // namespace

Topology find_topology(const Shapes& shapes, std::span<const std::int64_t> ids, const Crs& crs,
                       const TopologyOptions& options) {
    COREBELT_EXPECTS(ids.size() == shapes.size() && options.tolerance_m >= 0);
    Topology topology;
    for (std::size_t i = 0; i < shapes.size(); ++i)
        topology.features += shapes.dimension[i] == Dimension::area && !shapes[i].empty() ? 1 : 0;
    double moved_by = 0;
    const BorderEdges edges = [&] {
        const BorderEdges unshared = unshared_edges(shapes, ids, options.jobs, topology.edges);
        topology.unshared = unshared.borders.size();
        return noded(unshared, crs.is_geographic(), ids, options.jobs, moved_by);
    }();
    const FaceMeasure measure(crs);
    const double unit_m = crs.is_geographic() ? metres_per_degree : crs.metres_per_unit();
    topology.position_error_m = moved_by * unit_m;
    topology.resolution_m = 2 * lattice_step(crs.is_geographic()) * unit_m + topology.position_error_m;
    {
        const EdgeFaces faces(edges);
        MisfitFinder(shapes, ids, crs, edges, faces, measure, options).find(topology);
    }
    topology.stretches = unmatched_stretches(edges, ids, measure.scale(), options.tolerance_m, topology.resolution_m,
                                             options.jobs, topology.lines);
    return topology;
}

} // namespace corebelt::geo
