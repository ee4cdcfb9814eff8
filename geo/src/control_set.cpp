#include "corebelt/geo/control_set.hpp"

#include "box_tree.hpp"

#include "corebelt/geo/expects.hpp"

#include <algorithm>
#include <cmath>
#include <mutex>
#include <numeric>
#include <optional>
#include <tuple>
#include <utility>

namespace corebelt::geo {

struct ControlSet::Tree {
    std::vector<std::optional<PreparedArea>> areas; ///< one a feature of the store
    std::vector<std::uint8_t> areal;                ///< one a feature: 1 where there is an area
    const Shapes* unprepared = nullptr;             ///< where areas are prepared when they are asked for
    std::vector<std::once_flag> asked;              ///< then one a feature
    std::vector<std::uint32_t> canonical;           ///< feature by canonical rank
    std::vector<std::uint32_t> rank_of_leaf;
    BoxTree boxes;
    Box box;

    /// Everything but the areas.
    void find_places(const Shapes& shapes);
};

namespace {

bool canonically_before(const ShapeView& a, const ShapeView& b) {
    const auto key = [](const ShapeView& s) {
        const Box& box = s.box();
        return std::tuple(box.min_x, box.min_y, box.max_x, box.max_y, s.vertices().size());
    };
    const auto key_a = key(a);
    const auto key_b = key(b);
    if (key_a != key_b)
        return key_a < key_b;
    const auto before = [](XY p, XY q) { return p.x != q.x ? p.x < q.x : p.y < q.y; };
    return std::lexicographical_compare(a.vertices().begin(), a.vertices().end(), b.vertices().begin(),
                                        b.vertices().end(), before);
}

/// Order in which neighbours in space come near each other: slices by x, within a slice by y (sort-tile-recursive).
void sort_by_tiles(std::vector<std::uint32_t>& ranks, const std::vector<Box>& boxes) {
    const auto by = [&](auto middle) {
        return [&boxes, middle](std::uint32_t i, std::uint32_t j) {
            const double a = middle(boxes[i]);
            const double b = middle(boxes[j]);
            return a != b ? a < b : i < j;
        };
    };
    const auto by_x = by([](const Box& b) { return b.min_x + b.max_x; });
    const auto by_y = by([](const Box& b) { return b.min_y + b.max_y; });
    std::sort(ranks.begin(), ranks.end(), by_x);
    const double groups = std::ceil(static_cast<double>(ranks.size()) / BoxTree::fan_out);
    const auto slice = static_cast<std::size_t>(std::ceil(std::sqrt(groups))) * BoxTree::fan_out;
    for (std::size_t first = 0; first < ranks.size(); first += slice)
        std::sort(ranks.begin() + static_cast<std::ptrdiff_t>(first),
                  ranks.begin() + static_cast<std::ptrdiff_t>(std::min(first + slice, ranks.size())), by_y);
}

} // namespace

void ControlSet::Tree::find_places(const Shapes& shapes) {
    areas.resize(shapes.size());
    areal.assign(shapes.size(), 0);
    for (std::uint32_t i = 0; i < shapes.size(); ++i) {
        if (shapes.dimension[i] != Dimension::area || shapes[i].empty())
            continue;
        areal[i] = 1;
        canonical.push_back(i);
    }
    std::stable_sort(canonical.begin(), canonical.end(),
                     [&](std::uint32_t a, std::uint32_t b) { return canonically_before(shapes[a], shapes[b]); });
    std::vector<Box> sorted;
    for (const std::uint32_t i : canonical) {
        sorted.push_back(shapes.box[i]);
        box.add(shapes.box[i]);
    }
    rank_of_leaf.resize(canonical.size());
    std::iota(rank_of_leaf.begin(), rank_of_leaf.end(), 0U);
    sort_by_tiles(rank_of_leaf, sorted);
    for (const std::uint32_t rank : rank_of_leaf)
        boxes.append(sorted[rank]);
    boxes.finish();
}

ControlSet::ControlSet(const Shapes& shapes) : ControlSet(std::make_unique<Tree>()) {
    tree_->find_places(shapes);
    for (const std::uint32_t feature : tree_->canonical)
        tree_->areas[feature].emplace(shapes[feature], Keep::copy);
}

ControlSet::ControlSet(std::unique_ptr<Tree> tree) : tree_(std::move(tree)) {}

ControlSet ControlSet::prepared_when_asked(const Shapes& shapes) {
    auto tree = std::make_unique<Tree>();
    tree->find_places(shapes);
    tree->unprepared = &shapes;
    tree->asked = std::vector<std::once_flag>(shapes.size());
    return ControlSet(std::move(tree));
}

ControlSet::~ControlSet() = default;
ControlSet::ControlSet(ControlSet&&) noexcept = default;
ControlSet& ControlSet::operator=(ControlSet&&) noexcept = default;

std::size_t ControlSet::size() const {
    return tree_->areas.size();
}

const PreparedArea& ControlSet::operator[](std::size_t i) const {
    COREBELT_EXPECTS(has(i));
    auto& area = tree_->areas[i];
    if (tree_->unprepared != nullptr)
        std::call_once(tree_->asked[i], [&] { area.emplace((*tree_->unprepared)[i], Keep::reference); });
    return *area;
}

bool ControlSet::has(std::size_t i) const {
    return i < size() && tree_->areal[i] != 0;
}

const Box& ControlSet::box() const {
    return tree_->box;
}

void ControlSet::find(const Box& box, std::vector<std::uint32_t>& found) const {
    found.clear();
    tree_->boxes.each_touching(box, [&](std::uint32_t leaf) { found.push_back(tree_->rank_of_leaf[leaf]); });
    std::sort(found.begin(), found.end());
    for (std::uint32_t& rank : found)
        rank = tree_->canonical[rank];
}

} // namespace corebelt::geo
