#pragma once
/// The layers of a project while it is being checked: opened once, read once, held where rules ask across features.

#include "remembered.hpp"
#include "selection.hpp"

#include "corebelt/geo/control_set.hpp"
#include "corebelt/geo/distance.hpp"
#include "corebelt/layers/file_stamps.hpp"
#include "corebelt/layers/source.hpp"
#include "corebelt/rules/check.hpp"

#include <cstdint>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <set>
#include <string>
#include <vector>

namespace corebelt::rules {

/// Why a rule cannot be evaluated: an input that it rests on is not there. Thrown while a rule binds its layers,
/// caught by check(), which makes the rule undecided.
struct Unavailable {
    Text why;
};

struct PlanLayer {
    project::Layer layer;         ///< key, path and fields; of a coverage: key and path only
    std::uint32_t number = 0;     ///< file order
    layers::LayerInfo info;       ///< with all fields
    layers::FileStamps stamps;    ///< as first opened
    std::set<std::string> wanted; ///< fields that rules read, as the file calls them
    bool held = false;            ///< some rule needs the whole layer
    bool was_read = false;
    std::optional<layers::Table> table;
    layers::DoorCounts counts;
    std::optional<Text> unusable; ///< why verdicts that need it are undecided

    [[nodiscard]] const std::string& key() const { return layer.key; }
};

/// A selection bound to the layers that it means.
struct Chosen {
    std::vector<PlanLayer*> layers;   ///< never empty
    std::vector<RowChooser> choosers; ///< one a layer
    std::string label;                ///< equal for equal selections

    [[nodiscard]] const RowChooser* chooser_for(const PlanLayer& layer) const {
        for (std::size_t i = 0; i < layers.size(); ++i)
            if (layers[i] == &layer)
                return &choosers[i];
        return nullptr;
    }
};

/// Features that others are measured against.
struct Against {
    const geo::ControlSet& areas;
    const HeldKeys& keys;
};

/// Chosen features in memory, asked by box. Immutable once made; indexes are built when first asked for.
class Held {
public:
    Held(const Chosen& chosen, const std::string& group_field, const Remembered& remembered);

    struct Feature {
        const PlanLayer* layer;
        std::int64_t fid;
        layers::Value id, group;
        std::string name;
        bool doubtful; ///< changed so much by repair that verdicts on it are undecided
    };
    [[nodiscard]] const std::vector<Feature>& features() const { return features_; }
    /// Geometry, in the order of features().
    [[nodiscard]] const geo::Shapes& shapes() const { return *shapes_; }
    [[nodiscard]] const geo::ControlSet& areas() const;
    [[nodiscard]] const HeldKeys& keys() const;
    [[nodiscard]] Against against() const;
    [[nodiscard]] Asked asked(std::size_t i) const;
    [[nodiscard]] const geo::EdgeSet& edges() const;

private:
    std::vector<Feature> features_;
    geo::Shapes own_;
    const geo::Shapes* shapes_ = nullptr; ///< own_, or the table's where all of one table is meant
    const Remembered& remembered_;
    mutable std::once_flag areas_made_, edges_made_, keys_made_;
    mutable HeldKeys keys_;
    mutable std::unique_ptr<geo::ControlSet> areas_;
    mutable std::unique_ptr<geo::EdgeSet> edges_;
};

class PlanLayers {
public:
    /// Opens every layer of the project, reads none. @throws Error{input} where one cannot be opened.
    PlanLayers(const project::Project& project, const CheckOptions& options, const LayerAccess& access);

    [[nodiscard]] const geo::Crs& crs() const { return *crs_; }

    /// The layers of a selection, marked as held or to be streamed, with the fields it reads.
    /// @throws Unavailable where no layer has that theme or it cannot be used; Error{usage}.
    [[nodiscard]] Chosen bind(const project::Selection& selection, bool held);
    /// Polygons where a layer is complete; held. @pre layer.layer.coverage names a dataset.
    [[nodiscard]] Chosen bind_coverage(const PlanLayer& layer);
    /// A field that a rule reads of every layer. @throws Error{usage, "unknown-field"}.
    void want(const Chosen& chosen, const std::string& field);

    /// Reads the layers that are held.
    void read_held();
    /// Features of a selection; equal selections share them. @pre read_held() has run.
    [[nodiscard]] std::shared_ptr<const Held> hold(const Chosen& chosen);
    [[nodiscard]] const Remembered& remembered() const { return *remembered_; }

    /// A source over the layer: the held table, or the file. Call finish_reading() after its end.
    [[nodiscard]] std::unique_ptr<layers::BatchSource> stream(PlanLayer& layer);
    void finish_reading(PlanLayer& layer, const layers::BatchSource& source);

    [[nodiscard]] const std::vector<std::unique_ptr<PlanLayer>>& all() const { return layers_; }
    /// @throws Error{input, "changed-while-reading"} where a file is no longer what was read.
    [[nodiscard]] std::vector<InputRecord> records() const;
    [[nodiscard]] layers::IssueLog& issues() { return issues_; }
    /// Field that tells the parts of the structure, as rules call it; empty without a structure.
    [[nodiscard]] const std::string& group_field() const { return group_field_; }

private:
    PlanLayer& probe(const project::Layer& layer);
    void choose_crs();
    void judge_transform(PlanLayer& layer);
    void judge_zone(const PlanLayer& layer);
    [[nodiscard]] bool judge_offset(PlanLayer& layer);
    [[nodiscard]] layers::OpenOptions options_for(const PlanLayer& layer) const;
    void want_field(PlanLayer& layer, const std::string& file_field) const;

    const project::Project& project_;
    const CheckOptions& options_;
    const LayerAccess& access_;
    std::optional<geo::Crs> crs_;
    std::optional<Remembered> remembered_; ///< there once the CRS is
    std::vector<std::unique_ptr<PlanLayer>> layers_;
    std::map<std::string, std::shared_ptr<const Held>> held_;
    layers::IssueLog issues_;
    std::string group_field_;
};

/// Columns by which reports name a layer's features.
class FeatureNames {
public:
    FeatureNames(const PlanLayer& layer, const layers::Batch& batch, const std::string& group_field);
    [[nodiscard]] layers::Value id(std::size_t row) const;
    [[nodiscard]] std::string name(std::size_t row) const;
    [[nodiscard]] layers::Value group(std::size_t row) const;

private:
    const layers::Batch& batch_;
    const layers::Column* id_ = nullptr;
    const layers::Column* name_ = nullptr;
    const layers::Column* group_ = nullptr;
};

} // namespace corebelt::rules
