#include "topology_summary.hpp"

#include "corebelt/geo/evidence.hpp"

#include <algorithm>
#include <numeric>

namespace corebelt::reports {

MisfitSize size_of(const geo::Misfit& misfit, const LayerTopology& topology) {
    if (misfit.width_m() <= topology.tolerance_m)
        return MisfitSize::hairline;
    return misfit.width_m() < topology.sliver_width_m ? MisfitSize::sliver : MisfitSize::wide;
}

std::string_view name_of(MisfitSize size) {
    switch (size) {
    case MisfitSize::wide:
        return "wide";
    case MisfitSize::sliver:
        return "sliver";
    case MisfitSize::hairline:
        break;
    }
    return "hairline";
}

MisfitSummary summary_of(const LayerTopology& topology, bool gaps) {
    MisfitSummary summary;
    for (std::size_t i = 0; i < topology.found.misfits.size(); ++i) {
        const geo::Misfit& misfit = topology.found.misfits[i];
        if (misfit.is_gap() != gaps)
            continue;
        const MisfitSize size = size_of(misfit, topology);
        MisfitSum& part = size == MisfitSize::wide     ? summary.wide
                          : size == MisfitSize::sliver ? summary.sliver
                                                       : summary.hairline;
        for (MisfitSum* sum : {&summary.all, &part}) {
            ++sum->count;
            sum->m2 += geo::Amount(misfit.m2);
        }
        if (gaps && misfit.features.size() == 1) {
            ++summary.holes.count;
            summary.holes.m2 += geo::Amount(misfit.m2);
        }
        summary.bound_m2 += misfit.bound_m2;
        summary.greatest.push_back(i); // they come by area
    }
    return summary;
}

std::vector<std::size_t> longest_stretches(const LayerTopology& topology) {
    std::vector<std::size_t> order(topology.found.stretches.size());
    std::iota(order.begin(), order.end(), std::size_t{0});
    std::stable_sort(order.begin(), order.end(), [&](std::size_t i, std::size_t j) {
        return topology.found.stretches[i].length_m > topology.found.stretches[j].length_m;
    });
    return order;
}

geo::XY place_of(const LayerTopology& topology, std::size_t misfit) {
    return geo::label_point(topology.found.areas[misfit]);
}

} // namespace corebelt::reports
