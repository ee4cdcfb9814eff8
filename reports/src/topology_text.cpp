#include "topology_text.hpp"

#include "printed.hpp"
#include "topology_summary.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cstdint>
#include <optional>

namespace corebelt::reports {

namespace {

class Lines {
public:
    Lines(const LayerTopology& topology, const geo::Crs& crs, Lang lang)
        : topology_(topology), geographic_(crs.is_geographic()), zh_(lang == Lang::zh) {}

    std::vector<LabelledLine> all() {
        add({"topology", "拓扑"},
            fmt::format(fmt::runtime(zh_ ? "{}；容差 {:g} m，碎面宽度 {:g} m（宽度 = 2 × 面积 / 周长）"
                                         : "{}; tolerance {:g} m, slivers below {:g} m (width = 2 × area / perimeter)"),
                        geographic_ ? (zh_ ? "面积为椭球面积" : "areas on the ellipsoid")
                                    : (zh_ ? "面积为平面面积" : "areas planar"),
                        topology_.tolerance_m, topology_.sliver_width_m));
        misfits(false, {"overlaps", "重叠"});
        misfits(true, {"gaps", "缝隙"});
        unmatched();
        return std::move(lines_);
    }

private:
    void add(Text label, std::string text) { lines_.push_back({std::move(label), std::move(text)}); }

    [[nodiscard]] static std::string count(std::uint64_t n) { return grouped(static_cast<double>(n), 0); }
    [[nodiscard]] static std::string m2(double value) {
        return (value > 0 && value < 0.005 ? "< 0.01" : grouped(value, 2)) + " m²";
    }
    [[nodiscard]] static std::string metres(double value, int decimals) {
        return (value > 0 && value < 0.0005 ? "< 0.001" : grouped(value, decimals)) + " m";
    }
    [[nodiscard]] std::string at(geo::XY p) const {
        return geographic_ ? fmt::format("({:.7f}, {:.7f})", p.x, p.y) : fmt::format("({:.2f}, {:.2f})", p.x, p.y);
    }
    /// "12 × 45", at most four by name.
    [[nodiscard]] std::string fids_of(const geo::Misfit& misfit) const {
        constexpr std::size_t most = 4;
        std::string text;
        for (std::size_t i = 0; i < std::min(most, misfit.features.size()); ++i)
            text += (i == 0 ? "" : zh_ ? "、" : ", ") + std::to_string(topology_.fids[misfit.features[i]]);
        if (misfit.features.size() > most)
            text += fmt::format(fmt::runtime(zh_ ? " 等 {} 个" : " and {} more"),
                                count(zh_ ? misfit.features.size() : misfit.features.size() - most));
        return "FID " + text;
    }

    void misfits(bool gaps, Text label) {
        const MisfitSummary summary = summary_of(topology_, gaps);
        if (summary.all.count == 0) {
            add(std::move(label), zh_ ? "无" : "none");
            return;
        }
        std::string text = fmt::format(fmt::runtime(zh_ ? "{} 处，{}" : "{}, {}"), count(summary.all.count),
                                       m2(summary.all.m2.value()));
        struct Part {
            const MisfitSum& sum;
            std::string zh, en;
        };
        const Part parts[] = {
            {summary.wide, fmt::format("宽于 {:g} m", topology_.sliver_width_m),
             fmt::format("wider than {:g} m", topology_.sliver_width_m)},
            {summary.sliver, "碎面", summary.sliver.count == 1 ? "sliver" : "slivers"},
            {summary.hairline, "容差内", "within the tolerance"},
        };
        std::string split;
        for (const Part& part : parts)
            if (part.sum.count > 0)
                split += fmt::format(fmt::runtime(zh_ ? "{}{} {} 处（{}）" : "{}{} {} ({})"),
                                     split.empty() ? ""
                                     : zh_         ? "，"
                                                   : ", ",
                                     zh_ ? part.zh : count(part.sum.count), zh_ ? count(part.sum.count) : part.en,
                                     m2(part.sum.m2.value()));
        add(std::move(label), text + (zh_ ? "：" : ": ") + split);
        if (summary.holes.count > 0)
            add({}, fmt::format(fmt::runtime(zh_ ? "其中 {} 处（{}）为单个要素的内环，无要素填充"
                                                 : "{} of them ({}) in holes of one feature that nothing fills"),
                                count(summary.holes.count), m2(summary.holes.m2.value())));
        if (gaps && summary.wide.count > 0)
            add({},
                zh_ ? "宽缝隙可能是未划入的道路、院落或缺漏地块；碎面是边界未对齐"
                    : "a wide gap may be a road, a court or a missing parcel; slivers are borders that do not meet");
        example(summary, MisfitSize::wide, {"greatest", "最大"});
        example(summary, MisfitSize::sliver, {"greatest sliver", "最大碎面"});
        if (summary.wide.count + summary.sliver.count == 0)
            example(summary, MisfitSize::hairline, {"greatest", "最大"});
    }

    void example(const MisfitSummary& summary, MisfitSize size, const Text& title) {
        for (const std::size_t i : summary.greatest) {
            const geo::Misfit& misfit = topology_.found.misfits[i];
            if (size_of(misfit, topology_) != size)
                continue;
            std::string text =
                fmt::format(fmt::runtime(zh_ ? "{} {}，宽 {}，{}，位于 {}" : "{} {}, width {}, {}, at {}"),
                            title.in(zh_ ? Lang::zh : Lang::en), m2(misfit.m2), metres(misfit.width_m(), 3),
                            fids_of(misfit), at(place_of(topology_, i)));
            if (misfit.depth > 2)
                text += fmt::format(fmt::runtime(zh_ ? "，{} 重" : ", {}-fold"), misfit.depth);
            add({}, std::move(text));
            return;
        }
    }

    void unmatched() {
        const Text label{"unmatched", "边不吻合"};
        const auto& stretches = topology_.found.stretches;
        if (stretches.empty()) {
            add(label, zh_ ? "无" : "none");
            return;
        }
        geo::Amount length;
        double distance_m = 0;
        for (const geo::UnmatchedStretch& s : stretches) {
            length += geo::Amount(s.length_m);
            distance_m = std::max(distance_m, s.distance_m);
        }
        add(label, fmt::format(fmt::runtime(zh_                     ? "{} 段，共 {}，相距最大 {}"
                                            : stretches.size() == 1 ? "{} stretch, {}, up to {} apart"
                                                                    : "{} stretches, {}, up to {} apart"),
                               count(stretches.size()), metres(length.value(), 2), metres(distance_m, 4)));
        const geo::UnmatchedStretch& s = stretches[longest_stretches(topology_).front()];
        add({}, fmt::format(fmt::runtime(zh_ ? "最长 {}，相距最大 {}，FID {}、{}，位于 {}"
                                             : "longest {}, up to {} apart, FID {}, {}, at {}"),
                            metres(s.length_m, 2), metres(s.distance_m, 4), topology_.fids[s.feature],
                            topology_.fids[s.other], at(s.place)));
    }

    const LayerTopology& topology_;
    bool geographic_, zh_;
    std::vector<LabelledLine> lines_;
};

std::string not_measured(const std::string& why, bool zh) {
    if (why == "no-areas")
        return zh ? "未检查：图层无面要素" : "not measured: the layer has no areas";
    if (why == "no-crs")
        return zh ? "未检查：图层未声明坐标系，单位不明；可先用 convert --source-crs 赋予坐标系"
                  : "not measured: without a CRS the unit is unknown; give it one with convert --source-crs";
    return zh ? "未检查：图层超出 --memory 允许的内存" : "not measured: the layer is larger than --memory allows";
}

} // namespace

std::vector<LabelledLine> topology_lines(const LayerTopology& topology, const geo::Crs* crs, Lang lang) {
    if (!topology.not_measured.empty() || crs == nullptr)
        return {{{"topology", "拓扑"}, not_measured(topology.not_measured, lang == Lang::zh)}};
    return Lines(topology, *crs, lang).all();
}

} // namespace corebelt::reports
